/* SPDX-License-Identifier: Apache-2.0
 *
 * coupling.h - class probabilities from the scores of pairs of classes, as libsvm makes them
 * (svm.cpp sigmoid_predict, predict_probability and multiclass_probability). */
#ifndef BRN_KERNEL_COUPLING_H
#define BRN_KERNEL_COUPLING_H

#include <stddef.h>

/* Platt's probability of the first class of a pair, kept 1e-7 away from 0 and 1. */
double brn_platt(double decision, double a, double b);

/* Wu, Lin and Weng's second method: rates[i * k + j] is the probability of i where it is i or j,
 * and p[i] that of i.  It stops early, which is part of the answer, so each operation stands where
 * libsvm has it. */
void brn_couple(const double *rates, size_t k, double *room, double *p);

/* Values of room. */
static inline size_t brn_couple_room(size_t k)
{
    return k * k + k;
}

#endif
