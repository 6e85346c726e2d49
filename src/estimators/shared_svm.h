/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_svm.h - a support vector machine and its scores, as libsvm has them (predict_values in
 * sklearn/svm/src/libsvm/svm.cpp). */
#ifndef BRN_ESTIMATORS_SHARED_SVM_H
#define BRN_ESTIMATORS_SHARED_SVM_H

#include "estimators/shared_kernel_rows.h"

struct brn_svm {
    const struct brn_node *kernel_name, *vectors, *dual, *shape, *probability;
    int64_t degree;
    double gamma, coef0;
    struct brn_matrix support_counts, intercept, prob_a, prob_b, offset;
    struct brn_values classes;
    const char *decision_shape;
    bool break_ties;

    struct brn_kernel_rows rows;
    struct brn_dictionary *labels;
    size_t class_count; /* 0: one score */
    size_t pair_count;
    size_t *starts; /* of each class among the vectors, and their count */
    double *coefs;  /* of class c: (class_count - 1) x its vectors, from starts[c] * (class_count -
                       1) on; or one a vector */
    int32_t *columns;
};

/* libsvm's decision values of all rows of a tile: pair_count a row, or 1.  A pair's is positive
 * where its first class wins. */
brine_status brn_svm_decide(const struct brn_svm *m, const struct brn_tile *in,
                            struct brn_work *work, double **ret_pairs);

/* The class with most votes of its pairs, the first of those.  votes is room for a number a class.
 */
int32_t brn_svm_elect(const struct brn_svm *m, const double *pairs, int32_t *votes);

/* Votes, and what breaks their ties: utils/multiclass.py _ovr_decision_function.  confidences is
 * room for a number a class, as out is. */
void brn_svm_against_rest(const struct brn_svm *m, const double *pairs, double *confidences,
                          double *out);

#endif
