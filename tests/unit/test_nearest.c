/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernels of models that keep training rows: exponentials, distances, the heap of the nearest
 * and its two sorts. */
#include "kernel/coupling.h"
#include "kernel/digamma.h"
#include "kernel/exponential.h"
#include "kernel/nearest.h"
#include "kernel/panel.h"
#include "test.h"

#include <math.h>
#include <string.h>

enum { MANY = 1000 };

TEST(exponential_is_within_an_ulp)
{
    double values[MANY], at[MANY];
    size_t far = 0;
    for (size_t i = 0; i < MANY; i++)
        values[i] = at[i] = ((double)i - 500) * 1.4 + 1e-3;
    brn_exp_each(values, MANY, 1);
    for (size_t i = 0; i < MANY; i++) {
        double want = exp(at[i]);
        far += fabs(values[i] - want) > nextafter(want, (double)INFINITY) - want;
    }
    CHECK(far == 0);
}

TEST(exponential_of_special_values)
{
    double values[] = {0, -0.0, (double)INFINITY, -(double)INFINITY, 710, -746, (double)NAN, -744};
    brn_exp_each(values, 8, 1);
    CHECK(values[0] == 1 && values[1] == 1);
    CHECK(isinf(values[2]) && values[3] == 0 && isinf(values[4]) && values[5] == 0);
    CHECK(isnan(values[6]));
    CHECK(values[7] == exp(-744.0));
}

TEST(panels_add_in_the_order_of_the_features)
{
    _Alignas(64) double panels[2 * 3 * BRN_PANEL];
    double rows[33 * 3], x[3] = {0.1, 0.2, 0.3}, out[BRN_PANEL];
    for (size_t i = 0; i < 33 * 3; i++)
        rows[i] = 1.0 / (double)(i + 1);
    brn_panel_fill(rows, 33, 3, panels);
    brn_panel_dot(panels + 3 * BRN_PANEL, x, 3, 0, out);
    CHECK(out[0] == x[0] * rows[96] + x[1] * rows[97] + x[2] * rows[98]);
    CHECK(out[1] == 0);
    brn_panel_chebyshev(panels, x, 3, 0, out);
    CHECK(out[0] == fmax(fmax(fabs(x[0] - rows[0]), fabs(x[1] - rows[1])), fabs(x[2] - rows[2])));
}

/* sklearn.neighbors: NearestNeighbors(3).fit([[0], [1], [1], [1], [1], [2], [1]]).kneighbors([[0]])
 * is [[0, 2, 1]] for a tree of one leaf. */
TEST(nearest_of_equally_far_rows)
{
    static const double distances[] = {0, 1, 1, 1, 1, 2, 1};
    double kept[3];
    uint32_t indices[3];
    struct brn_nearest nearest = {kept, indices, 3};
    brn_nearest_start(&nearest, (double)INFINITY);
    for (uint32_t i = 0; i < 7; i++)
        brn_nearest_push(&nearest, distances[i], i);
    brn_nearest_sort(&nearest, BRN_SORT_QUICK);
    CHECK(indices[0] == 0 && indices[1] == 2 && indices[2] == 1);
    CHECK(kept[0] == 0 && kept[1] == 1 && kept[2] == 1);
}

static bool sorts(size_t n, enum brn_nearest_sort sort, bool falling)
{
    double values[MANY];
    uint32_t indices[MANY];
    for (size_t i = 0; i < n; i++) {
        values[i] = falling ? (double)(n - i) : (double)(i * 7919 % 101);
        indices[i] = (uint32_t)values[i];
    }
    brn_nearest_sort(&(struct brn_nearest){values, indices, n}, sort);
    for (size_t i = 0; i < n; i++)
        if ((i > 0 && values[i] < values[i - 1]) || (double)indices[i] != values[i])
            return false;
    return true;
}

TEST(nearest_are_sorted_in_both_ways)
{
    for (size_t n = 1; n <= MANY; n = n < 40 ? n + 1 : n * 2) {
        CHECK(sorts(n, BRN_SORT_QUICK, false) && sorts(n, BRN_SORT_QUICK, true));
        CHECK(sorts(n, BRN_SORT_INTRO, false) && sorts(n, BRN_SORT_INTRO, true));
    }
}

TEST(digamma_values)
{
    CHECK(fabs(brn_digamma(1) + 0.5772156649015329) < 1e-15);
    CHECK(fabs(brn_digamma(0.1) + 10.423754940411076) < 2e-14);
    CHECK(fabs(brn_digamma(50) - 3.9019896734278925) < 1e-14);
    CHECK(isnan(brn_digamma(-1)));
}

TEST(coupling_of_two_classes_is_the_rate)
{
    double rates[4] = {0, 0.8, 0.2, 0}, room[6], p[2];
    brn_couple(rates, 2, room, p);
    CHECK(fabs(p[0] - 0.8) < 0.005 && fabs(p[0] + p[1] - 1) < 1e-12);
    CHECK(brn_platt(1000, -1, 0) == 1 - 1e-7 && brn_platt(-1000, -1, 0) == 1e-7);
}
