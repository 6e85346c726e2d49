/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/rectify.h"

#include "kernel/clones.h"

#include <stdint.h>
#include <string.h>

typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

BRN_CLONES static void rectify(double *values, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        lanes v;
        memcpy(&v, values + i, sizeof v);
        v = (lanes)((lane_bits)v & ~(lane_bits)(v < 0));
        memcpy(values + i, &v, sizeof v);
    }
    for (; i < n; i++)
        values[i] = values[i] < 0 ? 0 : values[i];
}

void brn_rectify(double *values, size_t n)
{
    rectify(values, n);
}
