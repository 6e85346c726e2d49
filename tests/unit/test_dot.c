/* SPDX-License-Identifier: Apache-2.0
 *
 * Dot products: of weights by output and by feature, of dense and of compressed rows. */
#include "kernel/dot.h"
#include "kernel/finite.h"
#include "test.h"

#include <math.h>
#include <string.h>

enum { ROWS = 7, FEATURES = 21, MOST_OUTPUTS = 19 };

static double weights[MOST_OUTPUTS * FEATURES], by_feature[MOST_OUTPUTS * FEATURES + BRN_DOT_SPARE];
static double rows[ROWS * FEATURES], bias[MOST_OUTPUTS];

static void fill(void)
{
    uint32_t state = 12345;
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        weights[i] = (double)(int32_t)(state = state * 1664525u + 1013904223u) / 1e9;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        state = state * 1664525u + 1013904223u;
        rows[i] = state >> 30 ? (double)(int32_t)state / 1e9 : 0; /* a quarter is 0 */
    }
    for (size_t k = 0; k < MOST_OUTPUTS; k++)
        bias[k] = (double)k - 3.25;
}

/* One by one in the order of the features. */
static double in_order(size_t r, size_t k, bool fused)
{
    double sum = 0;
    for (size_t i = 0; i < FEATURES; i++) {
        double x = rows[r * FEATURES + i], w = weights[k * FEATURES + i];
        sum = fused ? fma(x, w, sum) : sum + x * w;
    }
    return sum + bias[k];
}

static void compress(size_t *starts, uint32_t *columns, double *values)
{
    size_t count = 0;
    for (size_t r = 0; r < ROWS; r++) {
        starts[r] = count;
        for (size_t i = 0; i < FEATURES; i++)
            if (rows[r * FEATURES + i] != 0) {
                columns[count] = (uint32_t)i;
                values[count++] = rows[r * FEATURES + i];
            }
    }
    starts[ROWS] = count;
}

TEST(dot_of_layers_and_of_compressed_rows_is_in_the_order_of_features)
{
    static const size_t outputs[] = {1, 2, 7, 8, 9, 19};
    size_t starts[ROWS + 1];
    uint32_t columns[ROWS * FEATURES];
    double values[ROWS * FEATURES], dense[ROWS * 20], sparse[ROWS * 20];
    fill();
    compress(starts, columns, values);
    for (size_t t = 0; t < sizeof outputs / sizeof *outputs; t++) {
        size_t n = outputs[t];
        brn_dot_by_feature(weights, n, FEATURES, by_feature);
        brn_dot_compressed(starts, columns, values, ROWS, by_feature, n, bias, sparse, 20);
        if (n > 1)
            brn_dot_layer(rows, ROWS, FEATURES, by_feature, n, FEATURES, bias, dense, 20);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t k = 0; k < n; k++) {
                CHECK(sparse[r * 20 + k] == in_order(r, k, false));
                CHECK(n == 1 || dense[r * 20 + k] == in_order(r, k, true));
            }
    }
}

/* The result of a row depends on nothing but the row. */
TEST(dot_does_not_depend_on_the_batch)
{
    double together[ROWS * 20], alone[20];
    fill();
    brn_dot_by_feature(weights, 19, FEATURES, by_feature);
    brn_dot_layer(rows, ROWS, FEATURES, by_feature, 19, FEATURES, bias, together, 20);
    for (size_t r = 0; r < ROWS; r++) {
        brn_dot_layer(rows + r * FEATURES, 1, FEATURES, by_feature, 19, FEATURES, bias, alone, 20);
        CHECK(memcmp(alone, together + r * 20, 19 * sizeof *alone) == 0);
    }
}

TEST(dot_by_output_is_near_the_one_in_order)
{
    double out[ROWS * MOST_OUTPUTS];
    fill();
    brn_dot_rows(rows, ROWS, FEATURES, weights, MOST_OUTPUTS, FEATURES, bias, out, MOST_OUTPUTS);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t k = 0; k < MOST_OUTPUTS; k++)
            CHECK(fabs(out[r * MOST_OUTPUTS + k] - in_order(r, k, true)) < 1e-12);
}

TEST(finite_finds_what_is_none)
{
    double values[21] = {0};
    for (size_t n = 0; n <= 21; n++) {
        for (size_t i = 0; i < n; i++)
            values[i] = i % 2 ? 1e308 : -1e308;
        CHECK(brn_all_finite(values, n));
        for (size_t i = 0; i < n; i++) {
            double kept = values[i];
            values[i] = i % 3 ? (double)INFINITY : (double)NAN;
            CHECK(!brn_all_finite(values, n));
            values[i] = kept;
        }
    }
}
