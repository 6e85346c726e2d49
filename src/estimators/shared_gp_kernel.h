/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_gp_kernel.h - the kernels of Gaussian processes: a tree of small objects, compiled to
 * steps that work on a stack of rows of kernel values.  sklearn/gaussian_process/kernels.py. */
#ifndef BRN_ESTIMATORS_SHARED_GP_KERNEL_H
#define BRN_ESTIMATORS_SHARED_GP_KERNEL_H

#include "model/estimator.h"

enum { BRN_GP_MOST_STEPS = 64 };

enum brn_gp_operation {
    BRN_GP_RBF,
    BRN_GP_MATERN_1, /* nu = 0.5 */
    BRN_GP_MATERN_3, /* 1.5 */
    BRN_GP_MATERN_5, /* 2.5 */
    BRN_GP_RATIONAL,
    BRN_GP_PERIODIC, /* ExpSineSquared */
    BRN_GP_DOT,
    BRN_GP_CONSTANT,
    BRN_GP_WHITE, /* 0 between different sets of rows */
    BRN_GP_SUM,
    BRN_GP_PRODUCT,
    BRN_GP_POWER,
};

struct brn_gp_step {
    enum brn_gp_operation operation;
    double a, b;          /* its parameters */
    bool one_scale;       /* for all features: scikit-learn divides float32 rows as float32 */
    const double *scales; /* RBF and Matern: what each feature is divided by */
    const double *panels; /* training rows, divided so; of those that look at them */
};

struct brn_gp_kernel {
    size_t count, columns, stride; /* training rows; their features; values of a row of the stack */
    struct brn_gp_step *steps;     /* operands first */
    size_t step_count, depth;      /* rows of the stack that it needs */
};

/* What numpy of the release's time makes of float32 / one float64. */
extern const struct brn_era brn_gp_single_eras[];

/* rows: the training rows. */
brine_status brn_gp_kernel_read(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_node *node, const struct brn_matrix *rows,
                                struct brn_gp_kernel *ret_kernel);

/* The kernel of x and every training row, in the first kernel->count values of stack, which has
 * brn_gp_kernel_room and is aligned to 64 bytes.  single: x is float32, and is divided so. */
void brn_gp_kernel_values(const struct brn_gp_kernel *kernel, const double *x, bool single,
                          double *stack);

/* The kernel of x and x itself; stack as before.  single_x: sums of x are float32. */
double brn_gp_kernel_own(const struct brn_gp_kernel *kernel, const double *x, bool single_x,
                         double *stack);

static inline size_t brn_gp_kernel_room(const struct brn_gp_kernel *kernel)
{
    return kernel->depth * kernel->stride + kernel->columns;
}

#endif
