/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/finite.h"

#include "kernel/clones.h"

#include <string.h>

typedef double lanes __attribute__((vector_size(64)));
typedef float singles __attribute__((vector_size(32)));

/* 0 x is 0 for numbers, and NaN for NaN and infinities: the sum tells. */
BRN_CLONES static bool are_finite(const double *values, size_t n)
{
    lanes sums = {0}, v;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        memcpy(&v, values + i, sizeof v);
        sums += v * 0;
    }
    double sum = 0;
    for (size_t k = 0; k < 8; k++)
        sum += sums[k];
    for (; i < n; i++)
        sum += values[i] * 0;
    return sum == 0;
}

bool brn_all_finite(const double *values, size_t n)
{
    return are_finite(values, n);
}

BRN_CLONES static bool round_to_single(const double *values, size_t n, float *ret)
{
    singles sums = {0}, single;
    lanes v;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        memcpy(&v, values + i, sizeof v);
        single = __builtin_convertvector(v, singles);
        sums += single * 0;
        memcpy(ret + i, &single, sizeof single);
    }
    float sum = 0;
    for (size_t k = 0; k < 8; k++)
        sum += sums[k];
    for (; i < n; i++) {
        ret[i] = (float)values[i];
        sum += ret[i] * 0;
    }
    return sum == 0;
}

bool brn_round_to_single(const double *values, size_t n, float *ret)
{
    return round_to_single(values, n, ret);
}
