/* SPDX-License-Identifier: Apache-2.0
 *
 * contract.h - an ODCS 3.1 document as structs: what the data must be, what the model must show.
 *
 * The standard part is read as github.com/bitol-io/open-data-contract-standard (schema v3.1.0)
 * gives it; the model's part stands in one customProperties entry named "brine".  docs/contract.md,
 * made from the tables of odcs.c and brine_part.c, defines every word.  A contract is immutable
 * once loaded. */
#ifndef BRN_CONTRACT_CONTRACT_H
#define BRN_CONTRACT_CONTRACT_H

#include "base/digest.h"
#include "contract/words.h"

#include <stddef.h>

enum brn_logical {
    BRN_LOGICAL_ANY, /* the contract says no type */
    BRN_LOGICAL_INTEGER,
    BRN_LOGICAL_NUMBER,
    BRN_LOGICAL_STRING,
    BRN_LOGICAL_BOOLEAN,
    BRN_LOGICAL_DATE,
    BRN_LOGICAL_TIMESTAMP,
};

/* Bits, from the tags "role:…" of a column. */
enum brn_role {
    BRN_ROLE_FEATURE = 1 << 0,
    BRN_ROLE_LABEL = 1 << 1,
    BRN_ROLE_ID = 1 << 2,
    BRN_ROLE_TIME = 1 << 3,
    BRN_ROLE_DECISION_TIME = 1 << 4,
    BRN_ROLE_GROUP = 1 << 5,
    BRN_ROLE_CLUSTER = 1 << 6,
    BRN_ROLE_SLICE = 1 << 7,
    BRN_ROLE_CONTEXT = 1 << 8,
    BRN_ROLE_LATE = 1 << 9,
    BRN_ROLE_SENSITIVE = 1 << 10,
};

enum brn_severity { BRN_SEVERITY_DEFAULT, BRN_SEVERITY_ERROR, BRN_SEVERITY_WARNING };

/* ---- quality rules ---- */

enum brn_quality_type {
    BRN_QUALITY_DEFAULT, /* library */
    BRN_QUALITY_LIBRARY,
    BRN_QUALITY_TEXT,
    BRN_QUALITY_SQL,
    BRN_QUALITY_CUSTOM,
};

enum brn_quality_metric {
    BRN_METRIC_NONE,
    BRN_METRIC_NULL_VALUES,
    BRN_METRIC_INVALID_VALUES,
    BRN_METRIC_DUPLICATE_VALUES,
    BRN_METRIC_ROW_COUNT,
};

enum brn_quality_unit { BRN_UNIT_DEFAULT, BRN_UNIT_ROWS, BRN_UNIT_PERCENT };

enum brn_custom_check {
    BRN_CHECK_NONE,
    BRN_CHECK_TIME_ORDER,
    BRN_CHECK_GROUP_OVERLAP,
    BRN_CHECK_DUPLICATE_ROWS,
    BRN_CHECK_FIT_SCOPE,
    BRN_CHECK_AVAILABILITY,
    BRN_CHECK_DRIFT,
};

enum brn_rows_over { BRN_OVER_DEFAULT, BRN_OVER_FEATURES, BRN_OVER_FEATURES_AND_LABEL };

/* implementation of a rule with engine brine; which members count depends on check. */
struct brn_check_spec {
    const struct brn_json_value *source;
    int check;        /* enum brn_custom_check */
    const char *time; /* time-order */
    struct brn_optional gap_days;
    const char *key;         /* group-overlap */
    struct brn_optional max; /* rows of the test whose group is in train too */
    int over;                /* duplicate-rows: enum brn_rows_over */
    struct brn_optional max_fraction;
    int declared;                       /* fit-scope: 1 train */
    const char *train, *test;           /* its partitions, paths beside the contract; or NULL */
    const char *decision;               /* availability: the column of the decision's time */
    int features_from;                  /* 1 model */
    int statistic;                      /* drift: 1 psi */
    int reference;                      /* 1 train */
    int bins_from;                      /* 1 reference-quantiles */
    struct brn_optional bin_count;      /* default 10 */
    struct brn_optional floor;          /* of a bin's share; default 0.0001 */
    struct brn_optional alarm_above;    /* default 0.2 */
    struct brn_optional alarm_quantile; /* of the null distribution; default 0.999 */
    struct brn_optional window_rows;
};

enum brn_bound_kind {
    BRN_BOUND_IS,
    BRN_BOUND_IS_NOT,
    BRN_BOUND_GREATER,
    BRN_BOUND_GREATER_OR_EQUAL,
    BRN_BOUND_LESS,
    BRN_BOUND_LESS_OR_EQUAL,
    BRN_BOUND_COUNT
};

struct brn_quality {
    const struct brn_json_value *source;
    const char *id, *name, *description;
    int type;     /* enum brn_quality_type */
    int metric;   /* enum brn_quality_metric */
    int unit;     /* enum brn_quality_unit */
    int severity; /* enum brn_severity */
    struct brn_value_list valid_values;
    const char *pattern;
    struct brn_texts properties;
    struct brn_optional bounds[BRN_BOUND_COUNT]; /* mustBe… */
    struct brn_value_list between, not_between;  /* two numbers each, exclusive as ODCS says */
    const char *engine;
    const struct brn_json_value *implementation;
    struct brn_check_spec check; /* when engine is brine */
};

/* Whether a count (or percentage) satisfies the rule's mustBe…; without any it must be 0. */
bool brn_quality_holds(const struct brn_quality *rule, double value);

/* "<= 0.5", for people. */
void brn_quality_bounds_text(const struct brn_quality *rule, char *out, size_t size);

/* ---- columns ---- */

struct brn_type_options {
    const struct brn_json_value *source;
    const struct brn_json_value *minimum, *maximum, *exclusive_minimum, *exclusive_maximum;
    struct brn_optional multiple_of, min_length, max_length;
    const char *pattern, *format;
};

struct brn_contract_column {
    const struct brn_json_value *source;
    const char *name, *description;
    int type; /* enum brn_logical */
    bool required, unique, primary_key;
    struct brn_optional primary_key_position;
    unsigned roles; /* enum brn_role */
    struct brn_type_options options;
    const char *available_at, *unit; /* NULL: not said */
    struct brn_value_list missing_codes;
    struct brn_list quality; /* struct brn_quality */
};

/* Whether availableAt is later than the decision: anything but "decision", "decision_time" and
 * "schedule".  Not said is not late, unless the column has role:late or is the label. */
bool brn_column_is_late(const struct brn_contract_column *column);

/* One table of the data (schema[] with physicalType other than "response"), or the response. */
struct brn_contract_table {
    const struct brn_json_value *source;
    const char *name, *physical_type, *granularity, *description;
    struct brn_list columns; /* struct brn_contract_column */
    struct brn_list quality; /* struct brn_quality */
};

/* ---- the model's part ---- */

enum brn_task { BRN_TASK_UNSAID, BRN_TASK_BINARY, BRN_TASK_MULTICLASS, BRN_TASK_REGRESSION };

struct brn_model_part {
    const struct brn_json_value *source;
    const char *file, *twin, *sha256;
    int task; /* enum brn_task */
    const struct brn_json_value *positive;
    struct brn_texts features;
    struct brn_value_list classes;
    struct brn_optional decision_threshold;
};

struct brn_data_part {
    const struct brn_json_value *source;
    const char *train, *test, *serving;
};

enum brn_unknown {
    BRN_UNKNOWN_DEFAULT,
    BRN_UNKNOWN_REJECT,
    BRN_UNKNOWN_AS_MISSING,
    BRN_UNKNOWN_IGNORE
};

struct brn_column_policy {
    const char *column;
    int policy;
};

/* One policy for all, or by column. */
struct brn_policy {
    int all;
    struct brn_column_policy *columns;
    size_t count;
};

enum brn_extra { BRN_EXTRA_DEFAULT, BRN_EXTRA_IGNORE, BRN_EXTRA_REJECT };
enum brn_missing_policy { BRN_MISSING_DEFAULT, BRN_MISSING_BY_MODEL, BRN_MISSING_REJECT };

struct brn_versions_part {
    const struct brn_json_value *source;
    const char *scikit_learn, *numpy, *joblib;
};

enum brn_strategy {
    BRN_SPLIT_UNSAID,
    BRN_SPLIT_RANDOM,
    BRN_SPLIT_STRATIFIED,
    BRN_SPLIT_TIME,
    BRN_SPLIT_GROUP,
    BRN_SPLIT_PREDEFINED,
};

struct brn_split_part {
    const struct brn_json_value *source;
    int strategy; /* enum brn_strategy */
    const char *time, *cutoff, *group;
    struct brn_optional gap_days;
};

struct brn_ci_part {
    const struct brn_json_value *source;
    int method;       /* 1 bootstrap, 2 bca, 3 delong, 4 wilson */
    const char *unit; /* "row" or a column */
    struct brn_optional resamples, level;
};

struct brn_metric_part {
    const struct brn_json_value *source;
    const char *name, *average;
    int direction; /* 1 max, 2 min */
    const struct brn_json_value *positive;
    struct brn_optional bins;
    int binning; /* 1 equal-mass, 2 equal-width */
    struct brn_ci_part ci;
};

struct brn_baseline_part {
    const struct brn_json_value *source;
    const char *name, *column, *file;
    struct brn_texts columns;
    const struct brn_json_value *bins; /* a number of 1 to 1000, or the text "none"; NULL: 8 */
    struct brn_optional smoothing;
};

struct brn_evaluation_part {
    const struct brn_json_value *source;
    struct brn_split_part split;
    int fit_scope; /* 1 train */
    struct brn_optional seed;
    struct brn_metric_part metric;
    struct brn_list guard_metrics; /* struct brn_metric_part */
    struct brn_list baselines;     /* struct brn_baseline_part */
    struct brn_texts slices, robustness;
};

enum brn_else { BRN_ELSE_DEFAULT, BRN_ELSE_HOLD, BRN_ELSE_WARN };

struct brn_gate_part {
    const struct brn_json_value *source;
    const char *id, *require;
    int otherwise; /* enum brn_else */
};

struct brn_brine_part {
    const struct brn_json_value *source; /* NULL: the contract has no such part */
    struct brn_model_part model;
    struct brn_data_part data;
    struct brn_policy unknown_category;
    int extra_columns; /* enum brn_extra */
    int missing;       /* enum brn_missing_policy */
    struct brn_versions_part versions;
    struct brn_evaluation_part evaluation;
    struct brn_list gates; /* struct brn_gate_part */
};

/* ---- the document ---- */

struct brn_sla_part {
    const struct brn_json_value *source;
    const char *id, *property, *unit, *element, *description;
    const struct brn_json_value *value;
};

struct brn_member_part {
    const struct brn_json_value *source;
    const char *username, *role;
};

struct brn_description_part {
    const struct brn_json_value *source;
    const char *purpose, *usage, *limitations;
};

struct brn_team_part {
    const struct brn_json_value *source;
    const char *name;
    struct brn_list members; /* struct brn_member_part */
};

struct brn_contract {
    const struct brn_json_value *source;
    const char *api_version, *kind, *id, *name, *version, *status;
    struct brn_description_part description;
    struct brn_team_part team;
    struct brn_list tables; /* struct brn_contract_table */
    struct brn_list sla;    /* struct brn_sla_part */
    struct brn_brine_part brine;
    const struct brn_contract_table *data;     /* the first table that is no response */
    const struct brn_contract_table *response; /* or NULL */
    char *path;                                /* as given to brn_contract_load */
    struct brn_digest digest;                  /* SHA-256 of the document's bytes */
    struct brn_arena arena;
};

/* Reads a contract from a file, YAML or JSON.  End: brn_contract_free(). */
brine_status brn_contract_load(const char *path, struct brn_contract **ret_contract,
                               brine_error *err);

/* The same from memory; the document may go afterwards.  path is kept for messages and for what
 * stands beside it. */
brine_status brn_contract_parse(struct brn_slice document, const char *path,
                                struct brn_contract **ret_contract, brine_error *err);
void brn_contract_free(struct brn_contract *contract);

/* The column of the data's table with this name, or NULL. */
const struct brn_contract_column *brn_contract_column(const struct brn_contract *contract,
                                                      const char *name);

/* The first column with the role, or NULL. */
const struct brn_contract_column *brn_contract_role(const struct brn_contract *contract,
                                                    enum brn_role role);

/* What the contract says about an unknown category of the column: reject when it says nothing. */
enum brn_unknown brn_contract_unknown(const struct brn_contract *contract, const char *column);

/* A path of the contract: relative ones stand beside the contract's file.  In the arena; NULL:
 * memory. */
char *brn_contract_beside(const struct brn_contract *contract, const char *path,
                          struct brn_arena *arena);

/* The tables, for docs/contract.md; those of engine brine's checks are ended by a title of NULL. */
extern const struct brn_words brn_words_document, brn_words_table, brn_words_column,
    brn_words_options, brn_words_column_custom, brn_words_quality, brn_words_brine;
extern const struct brn_words brn_words_checks[];

#endif
