/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/interpolate.h"

#include <math.h>

/* The last i with xs[i] <= x, of xs[0] <= x. */
static size_t segment_of(double x, const double *xs, size_t count)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (x >= xs[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Exact hits first: an infinite slope times 0 is no number. */
static double within(double x, const double *xs, const double *ys, size_t i)
{
    if (x <= xs[i] && x >= xs[i])
        return ys[i];
    double slope = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]);
    double y = slope * (x - xs[i]) + ys[i];
    if (!isnan(y))
        return y;
    y = slope * (x - xs[i + 1]) + ys[i + 1];
    return isnan(y) && ys[i] >= ys[i + 1] && ys[i] <= ys[i + 1] ? ys[i] : y;
}

double brn_interpolate(double x, const double *xs, const double *ys, size_t count)
{
    if (isnan(x))
        return x;
    if (x < xs[0])
        return ys[0];
    if (x > xs[count - 1])
        return ys[count - 1];
    size_t i = segment_of(x, xs, count);
    return i == count - 1 ? ys[i] : within(x, xs, ys, i);
}
