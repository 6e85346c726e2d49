/* SPDX-License-Identifier: Apache-2.0
 *
 * link.h - from scores to probabilities and back, as scikit-learn computes them. */
#ifndef BRN_KERNEL_LINK_H
#define BRN_KERNEL_LINK_H

#include <stddef.h>

/* scipy.special.expit: 1 / (1 + exp(-x)). */
double brn_expit(double x);

/* sklearn.utils.extmath.softmax of one row in place: the maximum is subtracted first, and the sum
 * is numpy's of a contiguous row. */
void brn_softmax(double *row, size_t n);

#endif
