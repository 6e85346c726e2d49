/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_neighbors.h - training rows that are searched for those near to a row of input: the common
 * part of everything in sklearn.neighbors.
 *
 * scikit-learn searches with the tree that the file holds, or with all rows ("brute").  A tree is
 * searched here in the same order with the same sums, so that distances are bit-equal and so is the
 * choice among equally far rows.  With all rows scikit-learn takes Euclidean distances from matrix
 * products, whose last digits depend on the machine: here they are the plain sums; of equally far
 * rows the first stay, as there since 1.1 (before, and for cosine and hamming, numpy's argpartition
 * leaves it open: shared_neighbor_ties.h). */
#ifndef BRN_ESTIMATORS_SHARED_NEIGHBORS_H
#define BRN_ESTIMATORS_SHARED_NEIGHBORS_H

#include "kernel/space_tree.h"
#include "model/estimator.h"

struct brn_neighbors {
    const struct brn_node *rows, *tree_node, *metric_name, *metric_params, *weights;
    const char *method; /* kd_tree, ball_tree or brute */
    int64_t k;          /* n_neighbors; 0: None */
    double radius;
    const struct brn_node *radius_node, *k_node;

    struct brn_metric metric;
    struct brn_space_tree tree; /* of brute: metric, count and panels alone */
    bool has_tree, by_distance;
    bool first_stays; /* of rows exactly as far, where input and training rows have one type */
    bool is_single;   /* the training rows are float32 */
    double largest;   /* of all rows searched: the sum of a row's squares */
    enum brn_nearest_sort sort;
    double farthest; /* that the heap starts with */
    int32_t *columns;
};

/* Rows of a struct that has a struct brn_neighbors as its first member. */
extern const struct brn_field brn_neighbors_fields[];

/* The rows, the tree and the metric; me->feature_count. */
brine_status brn_neighbors_prepare(struct brn_neighbors *m, struct brn_instance *me,
                                   struct brn_build *build);

/* The same with n_neighbors; with it, or the radius, and weights, for those that need them. */
brine_status brn_neighbors_prepare_count(struct brn_neighbors *m, struct brn_instance *me,
                                         struct brn_build *build);
brine_status brn_neighbors_prepare_k(struct brn_neighbors *m, struct brn_instance *me,
                                     struct brn_build *build);
brine_status brn_neighbors_prepare_radius(struct brn_neighbors *m, struct brn_instance *me,
                                          struct brn_build *build);

/* The rows of a tile, found finite and contiguous (of COSINE: divided by their length). */
brine_status brn_neighbors_rows(const struct brn_neighbors *m, const struct brn_tile *in,
                                struct brn_work *work, const double **ret_x, size_t *ret_stride);

/* The m->k nearest of each row of the tile, by rising distance: distances and indices have k a row.
 */
struct brn_found {
    double *distances;
    uint32_t *indices;

    /* Of all rows searched. */
    struct brn_edge *edges; /* of each row */
    const double *x;        /* the rows, stride apart */
    size_t stride;
};

/* Reduced distances of the k-th, and of the nearest that is not among them. */
struct brn_edge {
    double last, next;
};
brine_status brn_neighbors_nearest(const struct brn_neighbors *m, const struct brn_tile *in,
                                   struct brn_work *work, struct brn_found *ret_found);

/* Reduced distances of x and the panel that training row first begins; BRN_PANEL of them. */
void brn_neighbors_panel(const struct brn_neighbors *m, size_t first, const double *x,
                         double *distances);

/* Rows within m->radius of one row, in scikit-learn's order: their count.  found has room for all.
 */
size_t brn_neighbors_within(const struct brn_neighbors *m, const double *x,
                            const struct brn_found *found);

/* From n distances to weights, in place: 1 / distance, or 1 for those at distance 0, if there are
 * any.  zero_only: what is so near that 1 / distance is infinite is not taken for that. */
void brn_neighbors_weigh(double *distances, size_t n, bool zero_only);

/* How close distances are to the writer's. */
enum brn_equality brn_neighbors_equality(const struct brn_neighbors *m);

#endif
