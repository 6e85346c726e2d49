/* SPDX-License-Identifier: Apache-2.0
 *
 * space_tree.h - searching the KDTree or BallTree that a model holds, in scikit-learn's order
 * (sklearn/neighbors/_binary_tree.pxi, _kd_tree.pyx, _ball_tree.pyx). */
#ifndef BRN_KERNEL_SPACE_TREE_H
#define BRN_KERNEL_SPACE_TREE_H

#include "kernel/metric.h"
#include "kernel/nearest.h"

#include <stdbool.h>

struct brn_space_node {
    size_t start, end; /* of its rows, in the tree's order */
    double radius;     /* of a ball */
    bool is_leaf;
};

/* Children of node i are 2 i + 1 and 2 i + 2; a node that is no leaf has both. */
struct brn_space_tree {
    struct brn_metric metric;
    size_t count;
    const double *panels;  /* rows in the tree's order */
    const uint32_t *order; /* the training row of each */
    const struct brn_space_node *nodes;
    size_t node_count;
    bool is_ball;
    const double *low;  /* node_count x columns: the least of each feature; of a ball its centre */
    const double *high; /* the largest; of a ball NULL */
};

/* Pushes what may be among the nearest of x, as reduced distances. */
void brn_space_tree_nearest(const struct brn_space_tree *tree, const double *x,
                            const struct brn_nearest *nearest);

/* Rows within the radius, in the tree's order; both arrays have room for tree->count.  Distances
 * are not reduced. */
size_t brn_space_tree_within(const struct brn_space_tree *tree, const double *x, double radius,
                             uint32_t *indices, double *distances);

#endif
