/* SPDX-License-Identifier: Apache-2.0
 *
 * model_private.h - the model's inside, for the files of this folder. */
#ifndef BRN_MODEL_PRIVATE_H
#define BRN_MODEL_PRIVATE_H

#include "model/decode.h"
#include "model/model.h"

#include <stdatomic.h>

/* Immutable once returned; shared by any number of threads. */
struct brine_model {
    atomic_size_t references;
    struct brn_arena arena;
    struct brn_instance *root;
    struct brn_instance_list instances;

    struct brn_schema *input;
    size_t feature_count;
    bool has_names;
    struct brn_feature *features;
    const char **number_names, **code_names, **document_names; /* by place in the input tile */

    const struct brn_schema *results[BRINE_METHOD_COUNT]; /* the root's, never compressed */
    struct brn_outputs outputs[BRINE_METHOD_COUNT];
    bool is_proved;
    brine_error unproved_why;
};

/* Fills rows [first, first + tile->rows) of the table into the input tile. */
brine_status brn_source_fill(const struct brine_model *model, const struct brn_table *table,
                             const struct brn_matching *matching, int64_t first,
                             struct brn_tile *tile, const struct brn_work *work);

/* The table's first row, when its columns are those of one matrix of doubles, in the input tile's
 * order (*ret_stride apart): a tile may then stand over it.  Otherwise NULL. */
const double *brn_source_matrix(const struct brine_model *model, const struct brn_table *table,
                                const struct brn_matching *matching, size_t *ret_stride);

/* Whether scikit-learn would see the used columns as a float32 array. */
bool brn_source_is_single(const struct brine_model *model, const struct brn_table *table,
                          const struct brn_matching *matching);

#endif
