/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/digamma.h"

#include <math.h>
#include <stddef.h>

/* Upwards by psi(x) = psi(x + 1) - 1 / x, then the asymptotic series; its next term is below 1e-17
 * from 12 on. */
double brn_digamma(double x)
{
    static const double series[] = {1.0 / 12,  -1.0 / 120,       1.0 / 252, -1.0 / 240,
                                    1.0 / 132, -691.0 / 32760.0, 1.0 / 12};
    double below = 0, sum = 0;
    if (!(x > 0))
        return (double)NAN;
    while (x < 12) {
        below += 1 / x;
        x += 1;
    }
    double z = 1 / (x * x);
    for (size_t i = sizeof series / sizeof series[0]; i > 0; i--)
        sum = series[i - 1] + z * sum;
    return log(x) - 0.5 / x - z * sum - below;
}
