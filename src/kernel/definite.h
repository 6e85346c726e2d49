/* SPDX-License-Identifier: Apache-2.0
 *
 * definite.h - symmetric positive definite matrices. */
#ifndef BRN_KERNEL_DEFINITE_H
#define BRN_KERNEL_DEFINITE_H

#include <stdbool.h>
#include <stddef.h>

/* The inverse of the n x n matrix a, whose lower half becomes its Cholesky factor.  False: it is
 * not positive definite. */
bool brn_invert_definite(double *a, size_t n, double *inverse);

#endif
