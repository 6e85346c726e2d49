/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.h - the compiled form of a contract's data rules; of rows_compile.c, rows_check.c and
 * rows_apply.c. */
#ifndef BRN_CONTRACT_RULES_H
#define BRN_CONTRACT_RULES_H

#include "base/map.h"
#include "contract/pattern.h"
#include "contract/rows.h"

/* A value of a column, taken as the contract's type says. */
enum brn_cell_state {
    BRN_CELL_VALUE,
    BRN_CELL_MISSING,
    BRN_CELL_WRONG,    /* of another type */
    BRN_CELL_UNLISTED, /* a value that is not among validValues: said once */
};

struct brn_cell {
    enum brn_cell_state state;
    double number;         /* of numbers, bools, dates and timestamps (seconds) */
    struct brn_slice text; /* of strings */
};

/* Texts and numbers that a contract lists. */
struct brn_value_set {
    struct brn_map texts;
    const double *numbers;
    size_t number_count;
};

bool brn_value_set_has(const struct brn_value_set *set, const struct brn_cell *cell, bool as_text);

struct brn_compiled_rule {
    struct brn_rule rule;
    bool exclusive; /* MINIMUM, MAXIMUM */
    bool as_text;   /* VALUES: compare texts */
    double number;  /* the bound, or the multiple */
    double min_length, max_length;
    struct brn_pattern *pattern; /* owned */
    struct brn_value_set values;
    const struct brn_dictionary *known; /* UNKNOWN */
    const char **key;                   /* UNIQUE: names of the columns */
    size_t key_count;
};

struct brn_compiled_column {
    const char *name;
    const struct brn_contract_column
        *column;                       /* NULL: the model takes it, the contract says nothing */
    const struct brn_feature *feature; /* NULL: the model does not take it */
    bool must_be_there;
    size_t presence;               /* its rule of kind COLUMN */
    size_t first_rule, rule_count; /* its rules on values */
    struct brn_value_set missing_codes;
    bool to_missing; /* unknown categories become missing */
};

struct brn_rules {
    struct brn_arena arena;
    const struct brn_contract *contract;
    enum brn_rows_mode mode;
    struct brn_compiled_column *columns;
    size_t column_count, column_capacity;
    struct brn_compiled_rule *rules;
    size_t count, capacity;
    size_t extra_column; /* the rule that refuses columns that nobody named, or SIZE_MAX */
};

#endif
