/* SPDX-License-Identifier: Apache-2.0
 *
 * test_tree.c - hand-made trees: what is lowered and walked equals a plain walk over the records.
 */
#include "faults.h"
#include "kernel/tree_gather.h"
#include "kernel/tree_node.h"
#include "unit/tree_bench.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- trees as scikit-learn writes them ---- */

struct tree_record { /* tree/_tree.pyx: Node since 1.3 */
    int64_t left, right, feature;
    double threshold, impurity;
    int64_t samples;
    double weight;
    uint8_t missing_left, padding[7];
};

enum { MOST_NODES = 4001, CLASSES = 3 };

struct sample_tree {
    struct tree_record nodes[MOST_NODES];
    double values[MOST_NODES][CLASSES];
    struct brn_tree_source source;
};

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static double draw_number(void)
{
    static const double odd[] = {0,    -0.0,     0.1,       -0.1,  1e-45,   16777217, FLT_MAX,
                                 -1e9, INFINITY, -INFINITY, 1e300, -1e-300, 0.3f,     1};
    return draw(4) ? (double)draw(2000) / 1000 - 1 : odd[draw(sizeof odd / sizeof odd[0])];
}

static void describe(struct sample_tree *t, uint32_t count)
{
    t->source = (struct brn_tree_source){
        .node_count = count,
        .left = FIELD_OF(struct tree_record, left, 'i'),
        .right = FIELD_OF(struct tree_record, right, 'i'),
        .feature = FIELD_OF(struct tree_record, feature, 'i'),
        .threshold = FIELD_OF(struct tree_record, threshold, 'f'),
        .missing_left = FIELD_OF(struct tree_record, missing_left, 'u'),
        .values = &t->values[0][0],
        .value_count = CLASSES,
        .outputs = 1,
        .classes = CLASSES,
    };
    t->source.nodes.data = (struct brn_slice){(const uint8_t *)t->nodes, sizeof t->nodes};
    t->source.nodes.strides[0] = sizeof t->nodes[0];
}

/* A random tree of splits internal nodes; chain: each split hangs on the last. */
static void grow(struct sample_tree *t, uint32_t splits, uint32_t features, bool chain)
{
    uint32_t count = 1, leaves[MOST_NODES] = {0}, leaf_count = 1;
    for (uint32_t s = 0; s < splits; s++) {
        uint32_t at = chain ? leaf_count - 1 : draw(leaf_count), node = leaves[at];
        t->nodes[node] = (struct tree_record){.left = count + 1,
                                              .right = count,
                                              .feature = draw(features),
                                              .threshold = draw_number(),
                                              .missing_left = (uint8_t)draw(2)};
        leaves[at] = count++;
        leaves[leaf_count++] = count++;
    }
    for (uint32_t i = 0; i < leaf_count; i++)
        t->nodes[leaves[i]] = (struct tree_record){.left = -1, .right = -1, .feature = -2};
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < CLASSES; k++)
            t->values[i][k] = (double)draw(1000) / 7;
    describe(t, count);
}

/* ---- the plain walk ---- */

static const double *walk(const struct sample_tree *t, const double *row)
{
    size_t at = 0;
    while (t->nodes[at].left >= 0) {
        const struct tree_record *n = &t->nodes[at];
        float x = (float)row[n->feature];
        bool left = isnan(x) ? n->missing_left : (double)x <= n->threshold;
        at = (size_t)(left ? n->left : n->right);
    }
    return t->values[at];
}

static bool copy_values(const void *context, const double *values, double *ret_leaf)
{
    (void)context;
    memcpy(ret_leaf, values, CLASSES * sizeof *values);
    return true;
}

static brine_status lower(struct bench *b, struct sample_tree *const *trees, size_t count,
                          size_t features, struct brn_forest **ret_forest)
{
    const struct brn_tree_source *sources[32];
    struct brn_forest_plan plan;
    for (size_t i = 0; i < count; i++)
        sources[i] = &trees[i]->source;
    BRN_TRY(brn_forest_begin(&plan, &b->build, sources, count, features, CLASSES, false));
    plan.leaf_values = copy_values;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(brn_forest_add_tree(&plan, sources[i], 0));
    *ret_forest = brn_forest_end(&plan);
    return BRINE_OK;
}

/* Rows in the form that the forest takes. */
static struct brn_forest_rows rows_for(const struct brn_forest *forest, const double *values,
                                       size_t count, size_t features, bool has_missing, void *store)
{
    for (size_t i = 0; i < count * features; i++) {
        if (forest->layout == BRN_TREE_NARROW)
            ((float *)store)[i] = (float)values[i];
        else
            ((double *)store)[i] = (double)(float)values[i];
    }
    return (struct brn_forest_rows){store, count, features, has_missing};
}

static void check_sums(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                       const double *want)
{
    double *sums = calloc(rows->count * CLASSES, sizeof *sums);
    brn_forest_add(forest, rows, sums, CLASSES);
    CHECK(memcmp(sums, want, rows->count * CLASSES * sizeof *sums) == 0);
    free(sums);
}

static void check_forest(uint32_t tree_count, uint32_t splits, uint32_t features, bool missing,
                         bool chain)
{
    enum { ROWS = 153 };
    struct bench bench;
    struct sample_tree *trees[32];
    struct brn_forest *forest = NULL;
    double *rows = calloc((size_t)ROWS * features, sizeof *rows);
    void *store = calloc((size_t)ROWS * features, sizeof *rows);
    double want[ROWS][CLASSES] = {0}, alone[CLASSES];
    open_bench(&bench);
    for (uint32_t t = 0; t < tree_count; t++) {
        trees[t] = calloc(1, sizeof *trees[t]);
        grow(trees[t], splits, features, chain);
    }
    for (size_t i = 0; i < (size_t)ROWS * features; i++)
        rows[i] =
            missing && draw(5) == 0 ? (double)NAN : fmax(fmin(draw_number(), FLT_MAX), -FLT_MAX);
    CHECK_STATUS(lower(&bench, trees, tree_count, features, &forest), BRINE_OK, &bench.err);
    for (size_t r = 0; r < ROWS; r++)
        for (uint32_t t = 0; t < tree_count; t++)
            for (size_t k = 0; k < CLASSES; k++)
                want[r][k] += walk(trees[t], rows + r * features)[k];
    struct brn_forest_rows all = rows_for(forest, rows, ROWS, features, missing, store);
    forest->gathers = false;
    check_sums(forest, &all, &want[0][0]);
    forest->gathers = forest->layout == BRN_TREE_NARROW && brn_gather_is_there();
    check_sums(forest, &all, &want[0][0]);
    CHECK_STATUS(brn_forest_rank(&bench.build, forest, features), BRINE_OK, &bench.err);
    CHECK((forest->ranks != NULL) == (splits > 0 && splits < 64));
    check_sums(forest, &all, &want[0][0]);
    for (size_t r = 0; r < ROWS; r++) {
        struct brn_forest_rows one =
            rows_for(forest, rows + r * features, 1, features, missing, store);
        memset(alone, 0, sizeof alone);
        brn_forest_add(forest, &one, alone, CLASSES);
        CHECK(memcmp(alone, want[r], sizeof alone) == 0);
        uint32_t leaf;
        brn_tree_leaves(forest, tree_count - 1, &one, &leaf);
        const double *values = walk(trees[tree_count - 1], rows + r * features);
        CHECK(memcmp(forest->leaves + leaf * CLASSES, values, sizeof alone) == 0);
    }
    for (uint32_t t = 0; t < tree_count; t++)
        free(trees[t]);
    free(rows);
    free(store);
    close_bench(&bench);
}

TEST(tree_walks_equal_the_plain_walk)
{
    static const uint32_t tree_counts[] = {1, 3, 8, 13}, splits[] = {0, 1, 6, 40, 500};
    seed = 1;
    for (size_t t = 0; t < 4; t++)
        for (size_t s = 0; s < 5; s++)
            for (int missing = 0; missing < 2; missing++)
                for (int chain = 0; chain < 2; chain++)
                    check_forest(tree_counts[t], splits[s] > 40 && chain ? 60 : splits[s], 5,
                                 missing, chain);
}

TEST(tree_walks_with_many_features_are_wide)
{
    seed = 2;
    for (int missing = 0; missing < 2; missing++) {
        check_forest(9, 60, 256, missing, false);
        check_forest(9, 60, 257, missing, false);
    }
}

TEST(tree_threshold_in_single_precision_changes_no_comparison)
{
    seed = 3;
    for (int i = 0; i < 20000; i++) {
        double t = i % 2 ? draw_number()
                         : ((double)draw(1u << 30) - (1 << 29)) * exp2((double)draw(300) - 170);
        float single = brn_threshold_single(t);
        float near[] = {single, nextafterf(single, INFINITY), nextafterf(single, -INFINITY), 0,
                        -0.0f};
        CHECK((double)single <= t);
        for (size_t k = 0; k < sizeof near / sizeof near[0]; k++)
            CHECK(((double)near[k] <= t) == (near[k] <= single));
    }
}

TEST(tree_leaves_with_like_values_are_shared)
{
    struct bench bench;
    struct sample_tree *tree = calloc(1, sizeof *tree);
    struct brn_forest *forest = NULL;
    seed = 4;
    grow(tree, 300, 4, false);
    for (size_t i = 0; i < MOST_NODES; i++)
        for (size_t k = 0; k < CLASSES; k++)
            tree->values[i][k] = k == i % CLASSES;
    open_bench(&bench);
    CHECK_STATUS(lower(&bench, &tree, 1, 4, &forest), BRINE_OK, &bench.err);
    double row[4] = {0, 1, 0, 1}, store[4], sums[CLASSES] = {0};
    struct brn_forest_rows rows = rows_for(forest, row, 1, 4, false, store);
    brn_forest_add(forest, &rows, sums, CLASSES);
    CHECK(memcmp(sums, walk(tree, row), sizeof sums) == 0);
    uint32_t leaf;
    brn_tree_leaves(forest, 0, &rows, &leaf);
    CHECK(leaf < CLASSES);
    close_bench(&bench);
    free(tree);
}

/* ---- what must be refused ---- */

static void check_refused(void (*spoil)(struct sample_tree *), const char *what)
{
    struct bench bench;
    struct sample_tree *tree = calloc(1, sizeof *tree);
    struct brn_forest *forest;
    seed = 5;
    grow(tree, 20, 4, false);
    spoil(tree);
    open_bench(&bench);
    CHECK_STATUS(lower(&bench, &tree, 1, 4, &forest), BRINE_MODEL, &bench.err);
    brn_test_check(strstr(bench.err.message, what) != NULL, __FILE__, __LINE__,
                   "\"%s\" has no \"%s\"", bench.err.message, what);
    CHECK(strcmp(bench.err.path, "nodes") == 0 || strcmp(bench.err.path, "values") == 0);
    close_bench(&bench);
    free(tree);
}

static void child_out_of_range(struct sample_tree *t)
{
    t->nodes[0].left = 41;
}

static void child_negative(struct sample_tree *t)
{
    t->nodes[0].right = -7;
}

static void child_huge(struct sample_tree *t)
{
    t->nodes[0].right = INT64_MAX;
}

static void links_to_itself(struct sample_tree *t)
{
    t->nodes[0].left = 0;
}

static void same_child_twice(struct sample_tree *t)
{
    t->nodes[0].left = t->nodes[0].right;
}

static void split_is_cut_off(struct sample_tree *t)
{
    t->nodes[0] = (struct tree_record){.left = -1};
}

/* Two nodes that have each other for parents, away from the root. */
static void circle(struct sample_tree *t)
{
    t->nodes[0] = (struct tree_record){.left = -1};
    for (size_t i = 1; i < 41; i++)
        t->nodes[i] = (struct tree_record){.left = -1};
    t->nodes[1] = (struct tree_record){.left = 2, .right = 3};
    t->nodes[2] = (struct tree_record){.left = 1, .right = 4};
}

static void feature_out_of_range(struct sample_tree *t)
{
    t->nodes[0].feature = 4;
}

static void feature_negative(struct sample_tree *t)
{
    t->nodes[0].feature = -2;
}

static void threshold_nan(struct sample_tree *t)
{
    t->nodes[0].threshold = NAN;
}

static void value_infinite(struct sample_tree *t)
{
    t->values[40][1] = INFINITY;
}

TEST(tree_structure_is_validated)
{
    check_refused(child_out_of_range, "links to node 41 of 41");
    check_refused(child_negative, "links to node -7 of 41");
    check_refused(child_huge, "links to node");
    check_refused(links_to_itself, "reached twice");
    check_refused(same_child_twice, "reached twice");
    check_refused(split_is_cut_off, "not reached");
    check_refused(circle, "not reached");
    check_refused(feature_out_of_range, "feature 4 of 4");
    check_refused(feature_negative, "feature -2 of 4");
    check_refused(threshold_nan, "NaN");
    check_refused(value_infinite, "impossible values");
}

TEST(tree_lowering_survives_failing_allocations)
{
    struct sample_tree *trees[2];
    seed = 6;
    for (size_t i = 0; i < 2; i++) {
        trees[i] = calloc(1, sizeof *trees[i]);
        grow(trees[i], 1000, 4, false);
    }
    for (long n = 1;; n++) {
        struct bench bench;
        struct brn_forest *forest;
        open_bench(&bench);
        brn_faults_after(n);
        brine_status status = lower(&bench, trees, 2, 4, &forest);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        close_bench(&bench);
        CHECK_STATUS(status, hit ? BRINE_NOMEM : BRINE_OK, &bench.err);
        if (!hit)
            break;
    }
    for (size_t i = 0; i < 2; i++)
        free(trees[i]);
}
