/* SPDX-License-Identifier: Apache-2.0
 *
 * served.h - a model as clients see it: its name, its columns, its outputs, and how rows go through
 * it. Immutable once made, shared by all threads; what changes is the caller's. */
#ifndef BRN_SERVE_SERVED_H
#define BRN_SERVE_SERVED_H

#include "model/model.h"
#include "serve/oip.h"

enum brn_served_kind {
    BRN_SERVED_METHOD,      /* all columns of a method */
    BRN_SERVED_PROBABILITY, /* predict_proba's column of the positive class */
    BRN_SERVED_DECISION,    /* the class that the threshold decides for */
};

struct brn_served_output {
    const char *name;
    enum brn_served_kind kind;
    brine_method method;
    const struct brn_datatype *datatype;
    size_t width;
    bool is_vector, is_default;
    const struct brn_label_set *labels; /* by column, or NULL */
};

enum { BRN_SERVED_OUTPUTS = BRINE_METHOD_COUNT + 2 };

struct brn_served {
    struct brn_arena arena;
    const char *name, *version; /* version: of the served name, not of brine */
    char digest[65];            /* SHA-256 of the file, "" when unknown */
    brine_model *model;
    const struct brn_feature *features;
    size_t feature_count;
    const char *const *names; /* of the features: the model's, or the contract's when it has none */
    bool has_names;
    struct brn_map by_name; /* names, to features */
    struct brn_served_output outputs[BRN_SERVED_OUTPUTS];
    size_t output_count;
    /* Of the contract, when there is one. */
    const char *contract;
    size_t positive, negative; /* classes, by code; negative is used by DECISION only */
    double threshold;
};

/* What a contract adds. */
struct brn_served_terms {
    const char *contract;        /* its name and version, for people */
    const char *const *features; /* names in the model's order, for models without; NULL: none */
    size_t feature_count;
    struct brn_slice
        positive;     /* the class that "probability" is of, as str() writes it; p NULL: none */
    double threshold; /* NaN: none */
};

/* Takes a reference to the model.  name and version are copied; terms may be NULL, what they point
 * to lives as long.  End: brn_served_free(). */
brine_status brn_served_init(struct brn_served *served, brine_model *model, const char *name,
                             const char *version, const struct brn_served_terms *terms,
                             brine_error *err);
void brn_served_free(struct brn_served *served);

/* NULL: the model has no such output.  "output-0" is the first default one (KServe's
 * sklearnserver). */
const struct brn_served_output *brn_served_find(const struct brn_served *served,
                                                struct brn_slice name);

/* How a feature's column is sent: BYTES for texts, else FP64. */
const char *brn_feature_datatype(const struct brn_feature *feature);

/* ---- rows ---- */

/* The tensors of a request as columns, in the work memory: either one tensor [rows, features], or
 * one a column of shape [rows] or [rows, 1]. */
brine_status brn_served_columns(const struct brn_served *served,
                                const struct brn_oip_request *request, struct brn_work *work,
                                struct brn_table *ret_table, brine_error *err);

/* Gives columns that have no names those of the features, when there are as many; the names matter
 * to the contract. */
void brn_served_name_columns(const struct brn_served *served, struct brn_table *table);

/* Which column is which feature: by name when model and table have names, by position when not.
 * What the model does not read may lack; extra columns are passed over by name and refused by
 * position. */
brine_status brn_served_match(const struct brn_served *served, const struct brn_table *table,
                              struct brn_work *work, struct brn_matching *ret_matching,
                              brine_error *err);

/* JSON has strings and numbers: a string where the model takes a number is a client's mistake, and
 * is not read as the number that it spells.  BRINE_FORMAT with row and column. */
brine_status brn_served_check_kinds(const struct brn_served *served, const struct brn_table *table,
                                    const struct brn_matching *matching, brine_error *err);

struct brn_deadline {
    uint64_t at; /* of brn_now_ns(); 0: none */
    bool is_passed;
};

/* Sets deadline->is_passed, for good, once it is. */
bool brn_deadline_is_passed(struct brn_deadline *deadline);

/* Long work goes in pieces of so many rows, between which the deadline is looked at. */
enum { BRN_PIECE_ROWS = 4096 };

/* Rows from first on, a piece of them at most: the same columns, further on.  columns: memory for
 * as many as the table has. */
struct brn_table brn_table_piece(const struct brn_table *table, int64_t first,
                                 struct brn_column *columns);

/* Runs the methods that the outputs need, once each, and fills one brn_output for each.  The rows
 * are run in pieces, between which the deadline is looked at: BRINE_LIMIT and deadline->is_passed.
 */
brine_status brn_served_run(const struct brn_served *served, const struct brn_table *table,
                            const struct brn_matching *matching,
                            const struct brn_served_output *const *wanted, size_t count,
                            struct brn_deadline *deadline, struct brn_work *work,
                            struct brn_output *ret_outputs, brine_error *err);

uint64_t brn_now_ns(void); /* CLOCK_MONOTONIC */

#endif
