/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_kernel_rows.h - training rows that a model keeps, and a kernel function between them and a
 * row of input: support vector machines, kernel ridge regression, label propagation. */
#ifndef BRN_ESTIMATORS_SHARED_KERNEL_ROWS_H
#define BRN_ESTIMATORS_SHARED_KERNEL_ROWS_H

#include "estimators/shared_csr.h"
#include "kernel/panel.h"

enum brn_kernel_kind {
    BRN_KERNEL_LINEAR,    /* x y */
    BRN_KERNEL_POLY,      /* (gamma x y + coef0)^degree, by repeated squaring as libsvm has it */
    BRN_KERNEL_POWER,     /* the same by pow, as sklearn.metrics.pairwise has it */
    BRN_KERNEL_RBF,       /* exp(-gamma |x - y|^2) */
    BRN_KERNEL_SIGMOID,   /* tanh(gamma x y + coef0) */
    BRN_KERNEL_LAPLACIAN, /* exp(-gamma sum |x - y|) */
    BRN_KERNEL_COSINE,    /* x y / (|x| |y|) */
};

struct brn_kernel_rows {
    enum brn_kernel_kind kind;
    double gamma, coef0, degree;

    size_t count, columns;
    double *panels;     /* of dense rows; or */
    struct brn_csr csr; /* of rows that are mostly 0 */
    double *norms;      /* of COSINE: of each row */
    size_t stride;      /* values that a row of input takes: count, and room behind them */
};

/* The rows at a node: an array, or a sparse matrix of rows.  Checks nothing but that it is one. */
brine_status brn_kernel_rows_read(struct brn_build *build, const struct brn_node *node,
                                  struct brn_kernel_rows *rows);

/* values[r * rows->stride + i] is the kernel of row r of x and training row i. */
void brn_kernel_rows_values(const struct brn_kernel_rows *rows, const double *x, size_t x_rows,
                            size_t x_stride, double *values);

/* How many rows of input go at once, so that their values stay in cache; at least 1. */
size_t brn_kernel_rows_block(const struct brn_kernel_rows *rows);

#endif
