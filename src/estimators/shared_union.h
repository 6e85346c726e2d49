/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_union.h - transformers side by side: what ColumnTransformer and FeatureUnion share. */
#ifndef BRN_ESTIMATORS_SHARED_UNION_H
#define BRN_ESTIMATORS_SHARED_UNION_H

#include "model/estimator.h"

/* One transformer and the part of the output that is its. */
struct brn_union_part {
    const char *name;
    struct brn_instance *transformer; /* NULL: columns are passed on as they are */
    const struct brn_schema *in;      /* the columns that it sees */
    const struct brn_schema *out;     /* what it gives; of a passed part the slots of the union */
    double weight;                    /* transformer_weights; 1 for none */
    int32_t first_number, first_code, first_document; /* of its outputs in the union's tile */
    size_t count;
};

struct brn_union {
    struct brn_union_part *parts;
    size_t count;
    bool prefix_names;  /* verbose_feature_names_out: "name__feature" */
    bool is_sparse;     /* the result is a sparse matrix: zeros lose their sign */
    bool may_compress;  /* its result may be compressed rows */
    bool is_compressed; /* and is */
};

/* "passthrough", the FunctionTransformer without function that newer ColumnTransformers hold for
 * it, or the one with which HistGradientBoosting* check that columns are numbers. */
bool brn_is_passthrough(const struct brn_node *node);

/* transformer_weights[name], or 1. */
brine_status brn_union_weight(struct brn_build *build, const struct brn_node *weights,
                              struct brn_slice name, double *ret_weight);

/* Binds every part to its ->in, and makes the schema of all side by side.  is_sparse stays as it
 * was set, or is what the parts make it when any_sparse. */
brine_status brn_union_bind(struct brn_union *u, bool any_sparse, struct brn_build *build,
                            struct brn_schema **ret_out);

brine_status brn_union_run(const struct brn_union *u, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work);

/* The same of a union whose result is compressed: shared_union_compressed.c. */
brine_status brn_union_bind_compressed(struct brn_union *u, const char *const *names, size_t count,
                                       struct brn_build *build, struct brn_schema **ret_out);
brine_status brn_union_run_compressed(const struct brn_union *u, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work);

/* The weakest equality of its transformers. */
enum brn_equality brn_union_equality(const struct brn_union *u);

#endif
