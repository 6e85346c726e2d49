/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/sum.h"

enum { LANES = 8, BLOCK = 128 };

static double sum_few(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

static double sum_block(const double *values, size_t n)
{
    double r[LANES];
    size_t whole = n - n % LANES;
    for (size_t k = 0; k < LANES; k++)
        r[k] = values[k];
    for (size_t i = LANES; i < whole; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            r[k] += values[i + k];
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (size_t i = whole; i < n; i++)
        sum += values[i];
    return sum;
}

/* Halves are split at a multiple of the lanes; the depth is the logarithm of n. */
double brn_sum_numpy(const double *values, size_t n)
{
    if (n < LANES)
        return sum_few(values, n);
    if (n <= BLOCK)
        return sum_block(values, n);
    size_t half = n / 2 - n / 2 % LANES;
    return brn_sum_numpy(values, half) + brn_sum_numpy(values + half, n - half);
}
