/* SPDX-License-Identifier: Apache-2.0
 *
 * test_tree_categories.c - a TreePredictor with categories, and numpy's order of sums. */
#include "kernel/sum.h"
#include "unit/tree_bench.h"

#include <math.h>

struct predictor_record { /* fields enough for a TreePredictor */
    double value, threshold;
    int64_t feature;
    uint32_t left, right, set;
    uint8_t missing_left, is_leaf, is_categorical, padding;
};

enum { PREDICTOR_NODES = 7 };

/* Feature 0 is a category of 0, 2, 4 and 200, feature 1 a number.  Set 0: 2 and 200 go left. */
static const struct predictor_record predictor[PREDICTOR_NODES] = {
    {.left = 1, .right = 2, .feature = 0, .is_categorical = 1, .set = 0, .missing_left = 1},
    {.left = 3, .right = 4, .feature = 1, .threshold = 0.1, .missing_left = 0},
    {.left = 5, .right = 6, .feature = 0, .is_categorical = 1, .set = 1, .missing_left = 0},
    {.value = 1, .is_leaf = 1},
    {.value = 2, .is_leaf = 1},
    {.value = 3, .is_leaf = 1},
    {.value = 4, .is_leaf = 1},
};

static const uint32_t predictor_sets[2][8] = {{4, 0, 0, 0, 0, 0, 256, 0}, {16}};

static struct brn_tree_source predictor_source(const struct predictor_record *records)
{
    struct brn_tree_source source = {
        .node_count = PREDICTOR_NODES,
        .left = FIELD_OF(struct predictor_record, left, 'u'),
        .right = FIELD_OF(struct predictor_record, right, 'u'),
        .feature = FIELD_OF(struct predictor_record, feature, 'i'),
        .threshold = FIELD_OF(struct predictor_record, threshold, 'f'),
        .missing_left = FIELD_OF(struct predictor_record, missing_left, 'u'),
        .is_leaf = FIELD_OF(struct predictor_record, is_leaf, 'u'),
        .is_categorical = FIELD_OF(struct predictor_record, is_categorical, 'u'),
        .set = FIELD_OF(struct predictor_record, set, 'u'),
        .value = FIELD_OF(struct predictor_record, value, 'f'),
        .value_count = 1,
    };
    source.nodes.data = (struct brn_slice){(const uint8_t *)records, sizeof predictor};
    source.nodes.strides[0] = sizeof records[0];
    source.sets =
        (struct brn_array){.dtype = {.kind = 'u', .itemsize = 4},
                           .dimensions = 2,
                           .shape = {2, 8},
                           .strides = {32, 4},
                           .count = 16,
                           .data = {(const uint8_t *)predictor_sets, sizeof predictor_sets}};
    return source;
}

static bool copy_value(const void *context, const double *values, double *ret_leaf)
{
    (void)context;
    *ret_leaf = *values;
    return true;
}

static brine_status lower_predictor(struct bench *b, const struct predictor_record *records,
                                    struct brn_forest **ret_forest)
{
    static const struct brn_category_set known[2] = {{{0x15, 0, 0, 0, 0, 0, 256, 0}}, {{0}}};
    static const uint8_t is_categorical[2] = {1, 0};
    struct brn_tree_source source = predictor_source(records);
    const struct brn_tree_source *sources[1] = {&source};
    struct brn_forest_plan plan;
    BRN_TRY(brn_forest_begin(&plan, &b->build, sources, 1, 2, 1, true));
    plan.leaf_values = copy_value;
    plan.categories =
        (struct brn_tree_categories){.known = known, .is_categorical = is_categorical};
    BRN_TRY(brn_forest_add_tree(&plan, &source, 0));
    *ret_forest = brn_forest_end(&plan);
    return BRINE_OK;
}

TEST(tree_categories_go_as_in_predictor_pyx)
{
    static const struct {
        double row[2], value;
    } cases[] = {
        {{2, 0.1}, 1},
        {{200, 0.2}, 2},
        {{2.9, 0}, 1},
        {{4, 0}, 3},
        {{0, 0}, 4},
        {{7, 0.05}, 1},
        {{7, 1}, 2},
        {{-1, 0}, 1},
        {{-0.0, 0}, 4},
        {{(double)NAN, 5}, 2},
        {{258, 0}, 1},
        {{2, (double)NAN}, 2},
        {{1e10, 0}, 4},
        {{INFINITY, 0}, 4},
        {{2, INFINITY}, 2},
        {{2, -INFINITY}, 1},
        {{2, 0x1.999999999999bp-4}, 2}, /* just above 0.1 */
        {{2, 0x1.9999999999999p-4}, 1}, /* just below */
    };
    struct bench bench;
    struct brn_forest *forest;
    open_bench(&bench);
    REQUIRE_OK(lower_predictor(&bench, predictor, &forest), &bench.err);
    REQUIRE_OK(brn_forest_rank(&bench.build, forest, 2), &bench.err);
    CHECK(forest->ranks != NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t count = 1; count < 80; count += 13) { /* by row, by tree, by rank */
            double many[80][2], sums[80] = {0};
            for (size_t r = 0; r < count; r++)
                memcpy(many[r], cases[i].row, sizeof many[r]);
            struct brn_forest_rows rows = {many, count, 2, true};
            brn_forest_add(forest, &rows, sums, 1);
            for (size_t r = 0; r < count; r++)
                brn_test_check(sums[r] == cases[i].value, __FILE__, __LINE__,
                               "row %zu of %zu, case %zu: %g", r, count, i, sums[r]);
        }
    close_bench(&bench);
}

TEST(tree_categories_are_validated)
{
    struct predictor_record records[PREDICTOR_NODES];
    struct bench bench;
    struct brn_forest *forest;
    open_bench(&bench);
    memcpy(records, predictor, sizeof records);
    records[2].set = 2;
    CHECK_STATUS(lower_predictor(&bench, records, &forest), BRINE_MODEL, &bench.err);
    CHECK_TEXT(bench.err.message, "there is no set of categories number 2");
    records[2].set = 1;
    records[2].feature = 1;
    CHECK_STATUS(lower_predictor(&bench, records, &forest), BRINE_MODEL, &bench.err);
    CHECK_TEXT(bench.err.message, "a categorical split of feature 1, which is none");
    close_bench(&bench);
}

/* ---- sums ---- */

TEST(sum_follows_numpy)
{
    double values[300];
    for (size_t i = 0; i < 300; i++)
        values[i] = i % 8 == 0 ? 1e16 : 1;
    CHECK(brn_sum_numpy(values, 0) == 0);
    CHECK(brn_sum_numpy(values, 3) == 1e16 + 1 + 1);
    double lanes = ((1e16 + 1) + (1.0 + 1)) + ((1.0 + 1) + (1.0 + 1));
    CHECK(brn_sum_numpy(values, 8) == lanes);
    CHECK(brn_sum_numpy(values, 9) == lanes + 1e16);
    CHECK(brn_sum_numpy(values, 256) == 2 * brn_sum_numpy(values, 128));
    CHECK(brn_sum_numpy(values, 300) ==
          brn_sum_numpy(values, 144) + brn_sum_numpy(values + 144, 156));
}
