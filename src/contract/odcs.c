/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of ODCS 3.1, and where their values go. */
#include "contract/reading.h"

#define TEXT(type, member, word, doc) BRN_ROW(type, member, word, TEXT, false, doc)
#define IGNORED(word) BRN_IGNORED(word)

static const char *const logical_types[] = {"integer", "number",    "string", "boolean",
                                            "date",    "timestamp", NULL};
static const char *const severities[] = {"error", "warning", NULL};
static const char *const quality_types[] = {"library", "text", "sql", "custom", NULL};
static const char *const quality_metrics[] = {"nullValues", "invalidValues", "duplicateValues",
                                              "rowCount", NULL};
static const char *const quality_units[] = {"rows", "percent", NULL};

/* ---- quality ---- */

static const struct brn_word arguments_rows[] = {
    BRN_ROW(struct brn_quality, valid_values, "validValues", VALUES, false,
            "invalidValues: every value that is allowed"),
    TEXT(struct brn_quality, pattern, "pattern",
         "invalidValues: regular expression (PCRE2) that a value must hold a match of"),
    BRN_ROW(
        struct brn_quality, properties, "properties", TEXTS, false,
        "duplicateValues: the columns that together must be unique; default: the column itself"),
    {0},
};

static const struct brn_words arguments_words = {"arguments", sizeof(struct brn_quality),
                                                 arguments_rows, NULL};

static brine_status keep_value(const struct brn_reading *reading,
                               const struct brn_json_value *value, void *member)
{
    (void)reading;
    *(const struct brn_json_value **)member = value;
    return BRINE_OK;
}

static brine_status finish_quality(const struct brn_reading *reading,
                                   const struct brn_json_value *value, void *self)
{
    struct brn_quality *q = self;
    bool custom = q->type == BRN_QUALITY_CUSTOM;
    if (custom && (!q->engine || !q->implementation))
        return brn_words_fail(reading, value, "a custom rule needs engine and implementation");
    if (q->type <= BRN_QUALITY_LIBRARY && q->metric == BRN_METRIC_NONE)
        return brn_words_fail(reading, value, "a quality rule needs \"metric\"");
    if (q->metric == BRN_METRIC_INVALID_VALUES && !q->valid_values.count && !q->pattern)
        return brn_words_fail(reading, value, "invalidValues needs validValues or pattern");
    if ((q->between.at && q->between.count != 2) ||
        (q->not_between.at && q->not_between.count != 2))
        return brn_words_fail(reading, value, "mustBeBetween needs two numbers");
    if (custom && strcmp(q->engine, "brine") == 0)
        return brn_read_check(reading, q->implementation, &q->check);
    return BRINE_OK;
}

static const struct brn_word quality_rows[] = {
    TEXT(struct brn_quality, id, "id", "name of the rule in reports; default: the metric"),
    TEXT(struct brn_quality, name, "name", "for people"),
    TEXT(struct brn_quality, description, "description", "for people"),
    BRN_CHOICES(struct brn_quality, type, "type", quality_types, "default library"),
    BRN_CHOICES(struct brn_quality, metric, "metric", quality_metrics,
                "what is counted, over the rows of a table"),
    BRN_CHOICES(struct brn_quality, metric, "rule", quality_metrics, "the old word for metric"),
    BRN_CHOICES(struct brn_quality, unit, "unit", quality_units,
                "of the count that mustBe… bounds; default rows"),
    BRN_CHOICES(struct brn_quality, severity, "severity", severities,
                "error fails, warning warns; default error"),
    BRN_OBJECT(struct brn_quality, source, "arguments", arguments_words,
               "validValues, pattern or properties"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_IS], "mustBe", NUMBER, false,
            "the count must be this; without any mustBe… it must be 0"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_IS_NOT], "mustNotBe", NUMBER, false, "≠"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_GREATER], "mustBeGreaterThan", NUMBER, false, ">"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_GREATER_OR_EQUAL], "mustBeGreaterOrEqualTo",
            NUMBER, false, "≥"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_LESS], "mustBeLessThan", NUMBER, false, "<"),
    BRN_ROW(struct brn_quality, bounds[BRN_BOUND_LESS_OR_EQUAL], "mustBeLessOrEqualTo", NUMBER,
            false, "≤"),
    BRN_ROW(struct brn_quality, between, "mustBeBetween", VALUES, false,
            "two numbers; the count lies strictly between them"),
    BRN_ROW(struct brn_quality, not_between, "mustNotBeBetween", VALUES, false,
            "two numbers; the count does not lie strictly between them"),
    TEXT(struct brn_quality, engine, "engine",
         "of a custom rule; brine runs its own and reports the others as not run"),
    BRN_SPECIAL(struct brn_quality, implementation, "implementation", keep_value,
                "of a custom rule: check and its words"),
    IGNORED("authoritativeDefinitions"),
    IGNORED("businessImpact"),
    IGNORED("customProperties"),
    IGNORED("dimension"),
    IGNORED("method"),
    IGNORED("schedule"),
    IGNORED("scheduler"),
    IGNORED("tags"),
    IGNORED("query"),
    {0},
};

const struct brn_words brn_words_quality = {"a quality rule", sizeof(struct brn_quality),
                                            quality_rows, finish_quality};

/* ---- columns ---- */

static const struct brn_word options_rows[] = {
    BRN_ROW(struct brn_type_options, minimum, "minimum", SCALAR, false,
            "smallest value allowed: a number, or a date as text"),
    BRN_ROW(struct brn_type_options, maximum, "maximum", SCALAR, false, "largest value allowed"),
    BRN_ROW(struct brn_type_options, exclusive_minimum, "exclusiveMinimum", SCALAR, false,
            "values must be greater"),
    BRN_ROW(struct brn_type_options, exclusive_maximum, "exclusiveMaximum", SCALAR, false,
            "values must be less"),
    BRN_ROW(struct brn_type_options, multiple_of, "multipleOf", NUMBER, false,
            "values must be a whole multiple of it"),
    BRN_ROW(struct brn_type_options, min_length, "minLength", COUNT, false,
            "of a string, in characters"),
    BRN_ROW(struct brn_type_options, max_length, "maxLength", COUNT, false,
            "of a string, in characters"),
    TEXT(
        struct brn_type_options, pattern, "pattern",
        "regular expression (PCRE2) that a string must hold a match of; use ^ and $ for the whole"),
    TEXT(struct brn_type_options, format, "format",
         "of a date: yyyy-MM-dd; of a timestamp: ISO 8601; of numbers: a size, not checked"),
    IGNORED("timezone"),
    IGNORED("defaultTimezone"),
    {0},
};

const struct brn_words brn_words_options = {"logicalTypeOptions", sizeof(struct brn_type_options),
                                            options_rows, NULL};

static const struct brn_word column_custom_rows[] = {
    TEXT(struct brn_contract_column, available_at, "availableAt",
         "when a value is known: decision, decision_time, schedule, \"with the label\", \"after "
         "…\", "
         "\"N d after COLUMN\"; anything but the first three is later than the decision"),
    TEXT(struct brn_contract_column, unit, "unit", "of the values, for people"),
    BRN_ROW(struct brn_contract_column, missing_codes, "missingCodes", VALUES, false,
            "values that mean missing; they break no type and no range"),
    {0},
};

const struct brn_words brn_words_column_custom = {
    "a column's customProperties", sizeof(struct brn_contract_column), column_custom_rows, NULL};

static brine_status read_column_custom(const struct brn_reading *reading,
                                       const struct brn_json_value *value, void *member)
{
    struct brn_json_value *as_object = BRN_NEW(reading->arena, struct brn_json_value, 1);
    if (!as_object)
        return brn_fail_memory(reading->err);
    BRN_TRY(brn_properties_object(reading, value, as_object));
    return brn_words_read(reading, &brn_words_column_custom, as_object, member);
}

static const struct {
    const char *tag;
    enum brn_role role;
} role_tags[] = {
    {"role:feature", BRN_ROLE_FEATURE},
    {"role:label", BRN_ROLE_LABEL},
    {"role:id", BRN_ROLE_ID},
    {"role:time", BRN_ROLE_TIME},
    {"role:decision-time", BRN_ROLE_DECISION_TIME},
    {"role:group", BRN_ROLE_GROUP},
    {"role:cluster", BRN_ROLE_CLUSTER},
    {"role:slice", BRN_ROLE_SLICE},
    {"role:context", BRN_ROLE_CONTEXT},
    {"role:late", BRN_ROLE_LATE},
    {"role:sensitive", BRN_ROLE_SENSITIVE},
};

static brine_status read_role(const struct brn_reading *reading, const struct brn_json_value *tag,
                              unsigned *roles)
{
    for (size_t i = 0; i < sizeof role_tags / sizeof role_tags[0]; i++)
        if (brn_slice_is(tag->text, role_tags[i].tag)) {
            *roles |= (unsigned)role_tags[i].role;
            return BRINE_OK;
        }
    if (tag->text.n > 5 && memcmp(tag->text.p, "role:", 5) == 0)
        return brn_words_fail(reading, tag, "there is no %.*s", BRN_S(tag->text));
    return BRINE_OK; /* a tag of somebody else */
}

static brine_status read_tags(const struct brn_reading *reading, const struct brn_json_value *value,
                              void *member)
{
    if (value->kind != BRN_JSON_ARRAY)
        return brn_words_fail(reading, value, "a list of tags is needed here");
    for (size_t i = 0; i < value->count; i++)
        BRN_TRY(read_role(reading, &value->items[i], member));
    return BRINE_OK;
}

static const struct brn_word column_rows[] = {
    BRN_ROW(struct brn_contract_column, name, "name", TEXT, true,
            "as the header of the data has it"),
    TEXT(struct brn_contract_column, description, "description", "for people"),
    BRN_CHOICES(struct brn_contract_column, type, "logicalType", logical_types,
                "default: anything goes"),
    BRN_OBJECT(struct brn_contract_column, options, "logicalTypeOptions", brn_words_options,
               "ranges, lengths, pattern"),
    BRN_ROW(struct brn_contract_column, required, "required", BOOL, false,
            "no value may be missing; default false"),
    BRN_ROW(struct brn_contract_column, unique, "unique", BOOL, false,
            "no value may come twice; default false"),
    BRN_ROW(struct brn_contract_column, primary_key, "primaryKey", BOOL, false,
            "part of the key, which must be unique; default false"),
    BRN_ROW(struct brn_contract_column, primary_key_position, "primaryKeyPosition", COUNT, false,
            "order within the key, from 1"),
    BRN_SPECIAL(struct brn_contract_column, roles, "tags", read_tags,
                "role:feature, role:label, role:id, role:time, role:decision-time, role:group, "
                "role:cluster, role:slice, role:context, role:late, role:sensitive; other tags are "
                "left alone"),
    BRN_SPECIAL(struct brn_contract_column, source, "customProperties", read_column_custom,
                "availableAt, unit, missingCodes"),
    BRN_LISTED(struct brn_contract_column, quality, "quality", brn_words_quality,
               "rules over the column's values"),
    IGNORED("id"),
    IGNORED("physicalType"),
    IGNORED("physicalName"),
    IGNORED("businessName"),
    IGNORED("authoritativeDefinitions"),
    IGNORED("partitioned"),
    IGNORED("partitionKeyPosition"),
    IGNORED("classification"),
    IGNORED("encryptedName"),
    IGNORED("transformSourceObjects"),
    IGNORED("transformLogic"),
    IGNORED("transformDescription"),
    IGNORED("examples"),
    IGNORED("criticalDataElement"),
    IGNORED("relationships"),
    {0},
};

const struct brn_words brn_words_column = {"a column", sizeof(struct brn_contract_column),
                                           column_rows, NULL};

/* ---- tables ---- */

static brine_status finish_table(const struct brn_reading *reading,
                                 const struct brn_json_value *value, void *self)
{
    const struct brn_contract_table *t = self;
    const struct brn_contract_column *columns = t->columns.at;
    (void)value;
    for (size_t i = 0; i < t->columns.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(columns[i].name, columns[j].name) == 0)
                return brn_words_fail(reading, columns[i].source, "a second column \"%s\"",
                                      columns[i].name);
    return BRINE_OK;
}

static const struct brn_word table_rows[] = {
    BRN_ROW(struct brn_contract_table, name, "name", TEXT, true, "of the table"),
    TEXT(struct brn_contract_table, description, "description", "for people"),
    TEXT(struct brn_contract_table, physical_type, "physicalType",
         "\"response\" is what the model answers; anything else is data"),
    TEXT(struct brn_contract_table, granularity, "dataGranularityDescription",
         "the unit of observation, for people"),
    BRN_LISTED(struct brn_contract_table, columns, "properties", brn_words_column, "the columns"),
    BRN_LISTED(struct brn_contract_table, quality, "quality", brn_words_quality,
               "rules over the whole table, and brine's checks"),
    IGNORED("id"),
    IGNORED("logicalType"),
    IGNORED("physicalName"),
    IGNORED("businessName"),
    IGNORED("authoritativeDefinitions"),
    IGNORED("tags"),
    IGNORED("customProperties"),
    IGNORED("relationships"),
    {0},
};

const struct brn_words brn_words_table = {"a table", sizeof(struct brn_contract_table), table_rows,
                                          finish_table};

/* ---- document ---- */

static const struct brn_word description_rows[] = {
    TEXT(struct brn_description_part, purpose, "purpose", "what is predicted, and for whom"),
    TEXT(struct brn_description_part, usage, "usage", "how it is used"),
    TEXT(struct brn_description_part, limitations, "limitations", "where it is not valid"),
    IGNORED("authoritativeDefinitions"),
    IGNORED("customProperties"),
    {0},
};

static const struct brn_words description_words = {
    "description", sizeof(struct brn_description_part), description_rows, NULL};

static const struct brn_word member_rows[] = {
    BRN_ROW(struct brn_member_part, username, "username", TEXT, true, "who"),
    TEXT(struct brn_member_part, role, "role", "owner, decision owner, or another"),
    IGNORED("id"),
    IGNORED("name"),
    IGNORED("description"),
    IGNORED("dateIn"),
    IGNORED("dateOut"),
    IGNORED("replacedByUsername"),
    IGNORED("tags"),
    IGNORED("customProperties"),
    IGNORED("authoritativeDefinitions"),
    {0},
};

static const struct brn_words member_words = {"a member of the team",
                                              sizeof(struct brn_member_part), member_rows, NULL};

static const struct brn_word team_rows[] = {
    TEXT(struct brn_team_part, name, "name", "of the team"),
    BRN_LISTED(struct brn_team_part, members, "members", member_words,
               "an owner and a decision owner are expected"),
    IGNORED("id"),
    IGNORED("description"),
    IGNORED("tags"),
    IGNORED("customProperties"),
    IGNORED("authoritativeDefinitions"),
    {0},
};

static const struct brn_words team_words = {"team", sizeof(struct brn_team_part), team_rows, NULL};

static const struct brn_word sla_rows[] = {
    TEXT(struct brn_sla_part, id, "id", "name of the promise"),
    BRN_ROW(struct brn_sla_part, property, "property", TEXT, true,
            "responseTimeP99 (ms), availability, errorRate (percent), throughput (rows/s), "
            "timeToDetect (d), or another"),
    BRN_ROW(struct brn_sla_part, value, "value", SCALAR, true, "in unit"),
    TEXT(struct brn_sla_part, unit, "unit", "ms, s, percent, rows/s, d"),
    TEXT(struct brn_sla_part, element, "element", "the table that it is about"),
    TEXT(struct brn_sla_part, description, "description", "for people"),
    IGNORED("valueExt"),
    IGNORED("driver"),
    IGNORED("scheduler"),
    IGNORED("schedule"),
    {0},
};

static const struct brn_words sla_words = {"a promise of slaProperties",
                                           sizeof(struct brn_sla_part), sla_rows, NULL};

/* Entries of others are left alone: only brine's is ours to judge. */
static brine_status read_document_custom(const struct brn_reading *reading,
                                         const struct brn_json_value *value, void *member)
{
    struct brn_contract *contract = member;
    struct brn_json_value as_object;
    BRN_TRY(brn_properties_object(reading, value, &as_object));
    const struct brn_json_value *part = brn_json_get(&as_object, "brine");
    return part ? brn_words_read(reading, &brn_words_brine, part, &contract->brine) : BRINE_OK;
}

static brine_status finish_document(const struct brn_reading *reading,
                                    const struct brn_json_value *value, void *self)
{
    const struct brn_contract *c = self;
    if (strncmp(c->api_version, "v3.", 3) != 0)
        return brn_words_fail(reading, value, "apiVersion %s: this reads v3.0 and v3.1",
                              c->api_version);
    if (strcmp(c->kind, "DataContract") != 0)
        return brn_words_fail(reading, value, "kind is %s, not DataContract", c->kind);
    return BRINE_OK;
}

static const struct brn_word document_rows[] = {
    BRN_ROW(struct brn_contract, api_version, "apiVersion", TEXT, true, "v3.1.0"),
    BRN_ROW(struct brn_contract, kind, "kind", TEXT, true, "DataContract"),
    BRN_ROW(struct brn_contract, id, "id", TEXT, true, "of the contract, a UUID"),
    TEXT(struct brn_contract, name, "name", "of the contract"),
    BRN_ROW(struct brn_contract, version, "version", TEXT, true, "of the contract"),
    BRN_ROW(struct brn_contract, status, "status", TEXT, true, "proposed, draft, active, …"),
    BRN_OBJECT(struct brn_contract, description, "description", description_words,
               "purpose, usage, limitations"),
    BRN_OBJECT(struct brn_contract, team, "team", team_words, "who answers for it"),
    BRN_LISTED(struct brn_contract, tables, "schema", brn_words_table,
               "the table of the data, and the model's response"),
    BRN_LISTED(struct brn_contract, sla, "slaProperties", sla_words,
               "latency, availability, error rate"),
    BRN_SPECIAL(struct brn_contract, source, "customProperties", read_document_custom,
                "the entry named brine is the model's part; others are left alone"),
    IGNORED("tenant"),
    IGNORED("tags"),
    IGNORED("servers"),
    IGNORED("dataProduct"),
    IGNORED("domain"),
    IGNORED("support"),
    IGNORED("price"),
    IGNORED("roles"),
    IGNORED("slaDefaultElement"),
    IGNORED("authoritativeDefinitions"),
    IGNORED("contractCreatedTs"),
    {0},
};

const struct brn_words brn_words_document = {"a contract", sizeof(struct brn_contract),
                                             document_rows, finish_document};
