/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/link.h"
#include "kernel/sum.h"

#include <math.h>

double brn_expit(double x)
{
    return 1 / (1 + exp(-x));
}

void brn_softmax(double *row, size_t n)
{
    double most = row[0];
    for (size_t i = 1; i < n; i++)
        most = row[i] > most ? row[i] : most;
    for (size_t i = 0; i < n; i++)
        row[i] = exp(row[i] - most);
    double sum = brn_sum_numpy(row, n);
    for (size_t i = 0; i < n; i++)
        row[i] /= sum;
}
