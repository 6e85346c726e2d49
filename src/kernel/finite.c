/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/finite.h"

#include "kernel/clones.h"

#include <string.h>

typedef double lanes __attribute__((vector_size(64)));

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
