/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h - the data rules of a contract, compiled once, checked on tables.
 *
 * One implementation for brine validate, brine predict --contract and brine serve.  Offline, a
 * whole partition is a table, and every rule counts.  Online, a table is one request: only the
 * columns that the model uses are required; labels, late columns, rowCount and uniqueness do not
 * apply, and a rule that tolerates a share of bad values tolerates each one. */
#ifndef BRN_CONTRACT_ROWS_H
#define BRN_CONTRACT_ROWS_H

#include "contract/contract.h"
#include "model/model.h"
#include "table/table.h"

enum brn_rows_mode { BRN_ROWS_OFFLINE, BRN_ROWS_ONLINE };

/* What a rule is about: the first word of the check that it belongs to. */
enum brn_rule_kind {
    BRN_RULE_COLUMN,  /* contract.schema: the column is not there, or is not in the contract */
    BRN_RULE_TYPE,    /* contract.schema: a value of another type */
    BRN_RULE_NULL,    /* contract.null: a required value is missing, or a rule of nullValues */
    BRN_RULE_MINIMUM, /* contract.range, and so on */
    BRN_RULE_MAXIMUM,
    BRN_RULE_MULTIPLE,
    BRN_RULE_LENGTH,
    BRN_RULE_PATTERN,
    BRN_RULE_VALUES,  /* contract.category: not among validValues */
    BRN_RULE_UNKNOWN, /* contract.category: a category that the model does not know */
    BRN_RULE_UNIQUE,  /* contract.unique */
    BRN_RULE_COUNT,   /* contract.schema: rowCount */
    BRN_RULE_KINDS
};

/* "contract.range"… */
const char *brn_rule_check(enum brn_rule_kind kind);

struct brn_rule {
    const char *id;     /* of the quality rule, or made: "sched_minute.minimum" */
    const char *column; /* NULL: of the whole table */
    enum brn_rule_kind kind;
    bool is_warning;
    const struct brn_quality *quality; /* with its mustBe…, or NULL: no violation is allowed */
};

struct brn_rules;

/* features are the model's (brn_model_features), or NULL with 0: then every feature of the contract
 * counts as used and no category as unknown.  They and the contract must outlive the rules, which
 * are immutable. End: brn_rules_free(). */
brine_status brn_rows_compile(const struct brn_contract *contract,
                              const struct brn_feature *features, size_t feature_count,
                              enum brn_rows_mode mode, struct brn_rules **ret_rules,
                              brine_error *err);
void brn_rules_free(struct brn_rules *rules);

size_t brn_rules_count(const struct brn_rules *rules);
const struct brn_rule *brn_rules_at(const struct brn_rules *rules, size_t index);

struct brn_violation {
    uint64_t row;   /* of the input, from 0; BRINE_NOWHERE: of no row */
    size_t rule;    /* brn_rules_at() */
    char value[48]; /* as it was written, cut to fit, or "" */
};

/* The caller's memory; all zero but the first two members is a fresh one.  Counts add up over
 * calls. */
struct brn_rows_result {
    struct brn_violation *list; /* the first ones, capacity of them; may be NULL */
    size_t capacity;
    size_t count;      /* in list */
    uint64_t *by_rule; /* brn_rules_count() of them, or NULL */
    uint64_t total;    /* violations of rules that are no warnings */
    uint64_t warnings;
    uint64_t rows;
};

/* Checks every row; first_row is added to rows in violations.  Violations are no error: BRINE_OK
 * unless memory is out.  Any number of threads. */
brine_status brn_rows_check(const struct brn_rules *rules, const struct brn_table *table,
                            uint64_t first_row, struct brn_rows_result *result, brine_error *err);

/* One sentence on a violation, for people: "sched_minute is 1500, more than 1439 (row 3)". */
void brn_violation_text(const struct brn_rules *rules, const struct brn_violation *violation,
                        char *out, size_t size);

/* The table with categories that the model does not know made missing where the contract says
 * as-missing. Other columns are shared with the table; new memory comes from the arena. */
brine_status brn_rows_apply(const struct brn_rules *rules, const struct brn_table *table,
                            struct brn_arena *arena, struct brn_table *ret_table, brine_error *err);

/* Whether the counts of a rule keep what it allows (offline): *ret_value is the count, or the
 * percentage of rows when the rule's unit is percent. */
bool brn_rule_holds(const struct brn_rules *rules, size_t rule,
                    const struct brn_rows_result *result, double *ret_value);

#endif
