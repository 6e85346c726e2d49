/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/definite.h"

#include <math.h>

bool brn_invert_definite(double *a, size_t n, double *inverse)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    for (size_t c = 0; c < n; c++) {
        double *x = inverse + c * n; /* symmetric: a row is a column */
        for (size_t i = 0; i < n; i++) {
            double sum = i == c ? 1 : 0;
            for (size_t k = 0; k < i; k++)
                sum -= a[i * n + k] * x[k];
            x[i] = sum / a[i * n + i];
        }
        for (size_t i = n; i-- > 0;) {
            double sum = x[i];
            for (size_t k = i + 1; k < n; k++)
                sum -= a[k * n + i] * x[k];
            x[i] = sum / a[i * n + i];
        }
    }
    return true;
}
