/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_neighbor_votes.h - what the neighbours of one row say: classes, shares and means, each sum
 * in the order in which numpy adds. */
#ifndef BRN_ESTIMATORS_SHARED_NEIGHBOR_VOTES_H
#define BRN_ESTIMATORS_SHARED_NEIGHBOR_VOTES_H

#include "estimators/shared_class_outputs.h"
#include "estimators/shared_neighbors.h"

struct brn_neighbor_model {
    struct brn_neighbors neighbors; /* first: brn_neighbors_fields */
    const struct brn_node *classes, *targets_node, *outlier_node;
    bool several;

    size_t outputs;
    struct brn_class_outputs labels; /* of classifiers */
    int32_t *codes;                  /* rows x outputs: the class of each training row */
    double *targets;                 /* of regressors: rows x outputs */
    bool one_dimension, whole_targets;
    int32_t *outliers; /* of each output: the class of a row without neighbours, -1 for none, or
                          NULL: such rows are refused */
};

struct brn_near {
    const struct brn_neighbor_model *m;
    const uint32_t *indices;
    double *weights; /* NULL: uniform */
    double *room;    /* for n numbers */
    size_t n;
};

/* Each class's share, the outputs one behind the other.  zero_stays: where all weights are 0 so are
 * the shares; else they are NaN. */
void brn_near_shares(const struct brn_near *near, bool zero_stays, double *out);

/* The class with most votes, the first of these; votes is room for a number a class. */
int32_t brn_near_mode(const struct brn_near *near, size_t output, double *votes);

double brn_near_mean(const struct brn_near *near, size_t output);

/* one_by_one: the products are added in their order, not by numpy's tree. */
double brn_near_weighted_mean(const struct brn_near *near, size_t output, bool one_by_one);

#endif
