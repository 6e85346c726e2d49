/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/calendar.h"
#include "contract/pattern.h"
#include "contract/rows.h"
#include "faults.h"
#include "test.h"

#include <stdlib.h>

/* ---- a table of texts, as CSV gives it: NULL is missing ---- */

enum { MAX_COLUMNS = 8, MAX_ROWS = 8 };

struct fixture {
    struct brn_slice slices[MAX_COLUMNS][MAX_ROWS];
    uint8_t validity[MAX_COLUMNS];
    struct brn_column columns[MAX_COLUMNS];
    struct brn_table table;
};

/* names and cells row by row, ended by NULL names; "" is missing. */
static struct brn_table *make_table(struct fixture *f, const char *const *names, int rows,
                                    const char *const *cells)
{
    int width = 0;
    *f = (struct fixture){0};
    while (names[width])
        width++;
    for (int c = 0; c < width; c++) {
        for (int r = 0; r < rows; r++) {
            f->slices[c][r] = brn_slice_of(cells[r * width + c]);
            f->validity[c] |= (uint8_t)((cells[r * width + c][0] != '\0') << r);
        }
        f->columns[c] = (struct brn_column){.name = names[c],
                                            .type = BRN_TYPE_LITERAL,
                                            .length = rows,
                                            .validity = &f->validity[c],
                                            .slices = f->slices[c]};
    }
    f->table = (struct brn_table){rows, (size_t)width, f->columns};
    return &f->table;
}

static const char contract_text[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
    "schema:\n- name: t\n  properties:\n"
    "  - {name: id, logicalType: integer, required: true, primaryKey: true, tags: [role:id]}\n"
    "  - {name: color, logicalType: string, required: true, tags: [role:feature], quality: [{id: "
    "domain, metric: invalidValues, arguments: {validValues: [red, blue, NO]}, mustBe: 0}]}\n"
    "  - {name: code, logicalType: string, logicalTypeOptions: {pattern: \"^[A-Z]{3}$\"}, tags: "
    "[role:feature]}\n"
    "  - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, exclusiveMaximum: "
    "120}, "
    "tags: [role:feature], customProperties: [{property: missingCodes, value: [-99]}], quality: "
    "[{id: age_nulls, metric: nullValues, unit: percent, mustBeLessThan: 50}]}\n"
    "  - {name: day, logicalType: date, logicalTypeOptions: {minimum: 2013-01-01}}\n"
    "  - {name: label, logicalType: boolean, required: true, tags: [role:label]}\n"
    "  quality:\n  - {id: many, metric: rowCount, mustBeGreaterOrEqualTo: 3}\n"
    "customProperties:\n- property: brine\n  value: {extra-columns: reject, unknown-category: "
    "{color: reject, code: as-missing}}\n";

static const char *const names[] = {"id", "color", "code", "age", "day", "label", NULL};

struct checked {
    struct brn_contract *contract;
    struct brn_rules *rules;
    struct brn_violation list[16];
    uint64_t by_rule[64];
    struct brn_rows_result result;
};

static bool start(struct checked *c, enum brn_rows_mode mode, const struct brn_feature *features,
                  size_t count)
{
    brine_error err = {0};
    *c = (struct checked){0};
    brine_status status =
        brn_contract_parse(brn_slice_of(contract_text), "c.yaml", &c->contract, &err);
    if (status == BRINE_OK)
        status = brn_rows_compile(c->contract, features, count, mode, &c->rules, &err);
    c->result = (struct brn_rows_result){.list = c->list, .capacity = 16, .by_rule = c->by_rule};
    return brn_test_check(status == BRINE_OK, __FILE__, __LINE__, "%s", err.message);
}

static void stop(struct checked *c)
{
    brn_rules_free(c->rules);
    brn_contract_free(c->contract);
}

/* Violation number i is of this rule, row and value. */
static void expect(const struct checked *c, size_t i, const char *id, uint64_t row,
                   const char *value)
{
    REQUIRE(i < c->result.count);
    const struct brn_violation *v = &c->list[i];
    CHECK_TEXT(brn_rules_at(c->rules, v->rule)->id, id);
    CHECK(v->row == row);
    CHECK_TEXT(v->value, value);
}

TEST(rows_that_keep_the_contract)
{
    struct fixture f;
    struct checked c;
    if (!start(&c, BRN_ROWS_OFFLINE, NULL, 0))
        return;
    struct brn_table *t =
        make_table(&f, names, 3,
                   (const char *[]){"1", "red", "ABC", "30", "2013-01-01", "true", "2", "NO", "",
                                    "-99", "2014-02-28", "0", "3", "blue", "XYZ", "119", "", "1"});
    CHECK_STATUS(brn_rows_check(c.rules, t, 0, &c.result, NULL), BRINE_OK, &(brine_error){0});
    CHECK(c.result.total == 1 && c.result.rows == 3); /* one missing age of three is allowed */
    double value;
    for (size_t i = 0; i < brn_rules_count(c.rules); i++)
        brn_test_check(brn_rule_holds(c.rules, i, &c.result, &value), __FILE__, __LINE__, "%s",
                       brn_rules_at(c.rules, i)->id);
    stop(&c);
}

TEST(rows_that_break_each_rule)
{
    struct fixture f;
    struct checked c;
    if (!start(&c, BRN_ROWS_OFFLINE, NULL, 0))
        return;
    struct brn_table *t = make_table(
        &f, names, 4, (const char *[]){"1",     "green", "ABCD", "120", "2012-12-31",
                                       "2", /**/
                                       "1.5",   "",      "abc",  "-1",  "2013-02-30",
                                       "maybe", /**/
                                       "3",     "red",   "ABC",  "old", "2013-01-01T00:00:00Z",
                                       "", /**/
                                       "3",     "red",   "ABC",  "",    "",
                                       "1"});
    brine_error err;
    REQUIRE_OK(brn_rows_check(c.rules, t, 100, &c.result, &err), &err);
    expect(&c, 0, "id.type", 101, "1.5");
    expect(&c, 1, "color.required", 101, "");
    expect(&c, 2, "domain", 100, "green");
    expect(&c, 3, "code.pattern", 100, "ABCD");
    expect(&c, 4, "code.pattern", 101, "abc");
    expect(&c, 5, "age.type", 102, "old");
    expect(&c, 6, "age.minimum", 101, "-1");
    expect(&c, 7, "age.maximum", 100, "120");
    expect(&c, 8, "age_nulls", 103, "");
    expect(&c, 9, "day.type", 101, "2013-02-30");
    expect(&c, 10, "day.type", 102, "2013-01-01T00:00:00Z");
    expect(&c, 11, "day.minimum", 100, "2012-12-31");
    expect(&c, 12, "label.required", 102, "");
    expect(&c, 13, "label.type", 100, "2");
    expect(&c, 14, "label.type", 101, "maybe");
    expect(&c, 15, "primaryKey", 103, "3");
    CHECK(c.result.total == 16);
    char text[200];
    brn_violation_text(c.rules, &c.list[7], text, sizeof text);
    CHECK_TEXT(text, "age 120 is above the maximum 120 (row 101)");
    brn_violation_text(c.rules, &c.list[5], text, sizeof text);
    CHECK_TEXT(text, "age old is not of the type integer (row 103)");
    stop(&c);
}

TEST(rows_share_of_missing_is_a_percentage)
{
    struct fixture f;
    struct checked c;
    if (!start(&c, BRN_ROWS_OFFLINE, NULL, 0))
        return;
    struct brn_table *t = make_table(&f, names, 2,
                                     (const char *[]){"1", "red", "ABC", "", "2013-01-01", "1", "2",
                                                      "red", "ABC", "5", "2013-01-01", "1"});
    brine_error err;
    REQUIRE_OK(brn_rows_check(c.rules, t, 0, &c.result, &err), &err);
    for (size_t i = 0; i < brn_rules_count(c.rules); i++) {
        double value;
        bool holds = brn_rule_holds(c.rules, i, &c.result, &value);
        if (strcmp(brn_rules_at(c.rules, i)->id, "age_nulls") == 0)
            CHECK(!holds && value == 50);
        if (strcmp(brn_rules_at(c.rules, i)->id, "many") == 0)
            CHECK(!holds && value == 2);
    }
    stop(&c);
}

TEST(rows_online_need_only_what_the_model_uses)
{
    struct fixture f;
    struct checked c;
    struct brn_feature features[] = {{.name = "color", .is_used = true, .as_text = true},
                                     {.name = "age", .is_used = true, .as_number = true},
                                     {.name = "spare", .is_used = false}};
    if (!start(&c, BRN_ROWS_ONLINE, features, 3))
        return;
    static const char *const few[] = {"color", "age", NULL};
    brine_error err;
    struct brn_table *t = make_table(&f, few, 2, (const char *[]){"red", "5", "blue", ""});
    REQUIRE_OK(brn_rows_check(c.rules, t, 0, &c.result, &err), &err);
    CHECK(c.result.total == 0);
    static const char *const wrong[] = {"color", "colour", NULL};
    t = make_table(&f, wrong, 1, (const char *[]){"pink", "pink"});
    REQUIRE_OK(brn_rows_check(c.rules, t, 0, &c.result, &err), &err);
    REQUIRE(c.result.total == 3);
    expect(&c, 0, "domain", 0, "pink");
    expect(&c, 1, "age.column", BRINE_NOWHERE, "");
    expect(&c, 2, "extra-columns", BRINE_NOWHERE, "colour");
    char text[200];
    brn_violation_text(c.rules, &c.list[1], text, sizeof text);
    CHECK_TEXT(text, "age is not there");
    brn_violation_text(c.rules, &c.list[2], text, sizeof text);
    CHECK_TEXT(text, "column colour is not in the contract");
    stop(&c);
}

static struct brn_value text_value(const char *text)
{
    return (struct brn_value){.kind = BRN_VALUE_TEXT, .as.text = brn_slice_of(text)};
}

TEST(rows_unknown_categories_are_refused_or_made_missing)
{
    struct fixture f;
    struct checked c;
    struct brn_arena arena;
    struct brn_dictionary colors, codes;
    brine_error err;
    brn_arena_init(&arena, 0);
    brn_dictionary_init(&colors, &arena);
    brn_dictionary_init(&codes, &arena);
    brn_dictionary_add(&colors, text_value("red"));
    brn_dictionary_add(&codes, text_value("ABC"));
    struct brn_feature features[] = {
        {.name = "color", .is_used = true, .as_text = true, .categories = &colors},
        {.name = "code", .is_used = true, .as_text = true, .categories = &codes}};
    if (!start(&c, BRN_ROWS_ONLINE, features, 2))
        return;
    static const char *const two[] = {"color", "code", NULL};
    struct brn_table applied,
        *t = make_table(&f, two, 3, (const char *[]){"red", "ABC", "blue", "NEW", "red", ""});
    REQUIRE_OK(brn_rows_check(c.rules, t, 0, &c.result, &err), &err);
    REQUIRE(c.result.total == 1);
    expect(&c, 0, "color.unknown-category", 1, "blue");
    REQUIRE_OK(brn_rows_apply(c.rules, t, &arena, &applied, &err), &err);
    CHECK(brn_column_is_valid(&applied.columns[1], 0));
    CHECK(!brn_column_is_valid(&applied.columns[1], 1) &&
          !brn_column_is_valid(&applied.columns[1], 2));
    CHECK(brn_column_is_valid(&t->columns[1], 1)); /* the table itself is as it was */
    CHECK(brn_column_is_valid(&applied.columns[0], 1));
    brn_arena_free(&arena);
    stop(&c);
}

TEST(rows_patterns_are_limited)
{
    struct brn_pattern *p;
    brine_error err;
    REQUIRE_OK(brn_pattern_compile("^(a+)+$", &p, &err), &err);
    CHECK(brn_pattern_matches(p, brn_slice_of("aaaa")));
    CHECK(!brn_pattern_matches(
        p, brn_slice_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
    CHECK(!brn_pattern_matches(p, (struct brn_slice){(const uint8_t *)"\xff\xfe", 2}));
    brn_pattern_free(p);
    CHECK_STATUS(brn_pattern_compile("(", &p, &err), BRINE_FORMAT, &err);
    CHECK(strstr(err.message, "at character 2") != NULL);
}

TEST(rows_calendar)
{
    double s;
    CHECK(brn_parse_time(brn_slice_of("1970-01-01"), &s) && s == 0);
    CHECK(brn_parse_time(brn_slice_of("2013-10-01T05:15:00Z"), &s) && s == 1380604500);
    CHECK(brn_parse_time(brn_slice_of("2013-10-01 05:15:00.5+01:00"), &s) && s == 1380600900.5);
    CHECK(brn_parse_time(brn_slice_of("1899-12-31"), &s) && brn_time_month(s) == 12);
    CHECK(brn_parse_time(brn_slice_of("2000-02-29"), &s) && brn_time_month(s) == 2);
    static const char *const wrong[] = {
        "2013-02-29", "1900-02-29",          "2013-13-01",           "2013-1-1",
        "",           "2013-10-01T25:00:00", "2013-10-01T05:15:00X", "20131001"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!brn_parse_time(brn_slice_of(wrong[i]), &s));
}

TEST(rows_survive_every_failing_allocation)
{
    for (long n = 1;; n++) {
        struct brn_contract *c = NULL;
        struct brn_rules *rules = NULL;
        REQUIRE(brn_contract_parse(brn_slice_of(contract_text), "c", &c, NULL) == BRINE_OK);
        brn_faults_after(n);
        brine_status status = brn_rows_compile(c, NULL, 0, BRN_ROWS_OFFLINE, &rules, NULL);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        brn_rules_free(rules);
        brn_contract_free(c);
        if (!hit)
            break;
        CHECK(status == BRINE_NOMEM);
        REQUIRE(n < 1000);
    }
}
