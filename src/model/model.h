/* SPDX-License-Identifier: Apache-2.0
 *
 * model.h - a whole model: decoded, checked, bound; and its way over a table, tile by tile. */
#ifndef BRN_MODEL_MODEL_H
#define BRN_MODEL_MODEL_H

#include "model/estimator.h"
#include "table/table.h"

/* A column that the model takes. */
struct brn_feature {
    const char *name;                        /* feature_names_in_'s, or "x0", "x1"… */
    bool is_used;                            /* some step reads it: it must be there */
    bool as_number, as_text, as_document;    /* how; several when steps ask differently */
    bool is_raw;                             /* by numpy's own rules for its dtype */
    const struct brn_dictionary *categories; /* known texts when as_text, in order of the steps */
    int32_t number, code, document;          /* its places in the input tile, or -1 */
};

struct brine_model;

/* Decodes the root of the graph under the registry's classes.  The graph may be freed afterwards.
 */
brine_status brn_model_decode(const struct brn_graph *graph, const struct brn_registry *registry,
                              const brine_model_options *options, struct brine_model **ret_model,
                              brine_error *err);

struct brine_model *brn_model_retain(struct brine_model *model);
void brn_model_release(struct brine_model *model);

/* What was decoded; owned by the model. */
const struct brn_instance *brn_model_root(const struct brine_model *model);
const struct brn_feature *brn_model_features(const struct brine_model *model, size_t *ret_count);
bool brn_model_has_names(const struct brine_model *model); /* columns are matched by name */

/* Whether anything needs --allow-unproved; *ret_why, when given, says what and where. */
bool brn_model_is_proved(const struct brine_model *model, brine_error *ret_why);

/* The weakest equality class of any step on the method's way; the model must have it. */
enum brn_equality brn_model_equality(const struct brine_model *model, brine_method method);

/* Every estimator in the model, in the order in which they were met. */
const struct brn_instance *const *brn_model_instances(const struct brine_model *model,
                                                      size_t *ret_count);

/* ---- outputs ---- */

/* How the outputs of a method are named and shaped. */
struct brn_outputs {
    size_t width;             /* columns */
    const char *const *names; /* "predict", "predict_proba[CLASS]", feature names of transform… */
    bool is_vector;           /* scikit-learn's array has one dimension */
    bool is_integer;          /* labels are integers and so is scikit-learn's array */
    uint8_t integer_bytes;    /* numbers are integers of so many bytes; 0: floats */
    const struct brn_dictionary *const
        *labels;           /* by column: codes stand for these; NULL: numbers */
    size_t numbers, codes; /* how many numbers and codes a row of results has */
    const int32_t
        *places; /* by column: its place among the row's numbers, or codes; -1: only an echo */
    const int32_t
        *echoes; /* by column: the feature that it gives back, or whose texts it has; or -1 */
};

/* NULL when the model does not have the method. */
const struct brn_outputs *brn_model_outputs(const struct brine_model *model, brine_method method);

/* ---- running ---- */

/* Which column of a table is which feature. */
struct brn_matching {
    int32_t *columns; /* by feature; -1: not used by the model and not there */
};

/* By name when the model knows names and the table has them, by position otherwise; extra columns
 * are ignored when matched by name, refused when by position.  In the arena. */
brine_status brn_model_match(const struct brine_model *model, const struct brn_table *table,
                             struct brn_arena *arena, struct brn_matching *ret_matching,
                             brine_error *err);

/* Caller's memory for the results of all rows; what a method does not yield stays untouched. */
struct brn_results {
    double *numbers; /* rows x outputs->numbers */
    int32_t *codes;  /* rows x outputs->codes */
    uint8_t
        *refused;    /* by row, 1: the model refuses it.  NULL: the first refused row is an error */
    bool *is_single; /* set: scikit-learn's array would be float32, and all numbers are; may be NULL
                      */
};

/* Runs every row of the table.  work is the calling thread's.  first_row is added to rows in
 * errors. The result depends on nothing but model and row: not on the batch, the thread or the
 * locale. */
brine_status brn_model_run(const struct brine_model *model, brine_method method,
                           const struct brn_table *table, const struct brn_matching *matching,
                           uint64_t first_row, struct brn_work *work,
                           const struct brn_results *results, brine_error *err);

/* All of it: matches, runs, and gives the predictions as a table (labels as DICTIONARY columns,
 * refused rows as missing when null_refused), in the arena. */
brine_status brn_model_predict(const struct brine_model *model, brine_method method,
                               const struct brn_table *rows, uint64_t first_row, bool null_refused,
                               struct brn_work *work, struct brn_arena *arena,
                               struct brn_table *ret_predictions, brine_error *err);

#endif
