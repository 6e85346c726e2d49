/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_walk.h"

#include "kernel/tree_gather.h"
#include "kernel/tree_node.h"

#include <stdatomic.h>
#include <time.h>

/* As large as a forest that is worth it, and still cheap: 4 trees of depth 8, 128 rows of 16
 * features. */
enum { TREES = 4, DEPTH = 8, NODES = 2 << DEPTH, ROWS = 128, FEATURES = 16, REPEATS = 5 };

struct trial {
    struct brn_narrow_node nodes[TREES * NODES];
    struct brn_tree trees[TREES];
    float values[ROWS * FEATURES];
    double sums[ROWS], leaves[1];
};

static uint32_t draw(uint32_t *seed)
{
    *seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
    return *seed >> 16;
}

static struct brn_narrow_node make_node(uint32_t self, uint32_t *seed)
{
    if (self >= NODES / 2)
        return brn_narrow_placed(brn_narrow_leaf(0), self - 1);
    double threshold = draw(seed) % 1000;
    return brn_narrow_placed(brn_narrow_split(draw(seed) % FEATURES, threshold, false), 2 * self);
}

static void make_trial(struct trial *trial)
{
    uint32_t seed = 1;
    for (uint32_t t = 0; t < TREES; t++) {
        trial->trees[t] =
            (struct brn_tree){.first = (size_t)t * NODES, .node_count = NODES - 1, .depth = DEPTH};
        for (uint32_t i = 1; i < NODES; i++)
            trial->nodes[t * NODES + i] = make_node(i, &seed);
    }
    for (size_t i = 0; i < ROWS * FEATURES; i++)
        trial->values[i] = (float)(draw(&seed) % 1000);
}

static double nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The best of a few runs: the one least disturbed. */
static double time_walks(struct trial *trial, bool gathers)
{
    struct brn_forest forest = {.layout = BRN_TREE_NARROW,
                                .nodes = trial->nodes,
                                .trees = trial->trees,
                                .tree_count = TREES,
                                .leaves = trial->leaves,
                                .leaf_width = 1,
                                .gathers = gathers};
    struct brn_forest_rows rows = {trial->values, ROWS, FEATURES, false};
    double best = 1e30;
    for (int k = 0; k < REPEATS; k++) {
        double start = nanoseconds();
        brn_forest_add(&forest, &rows, trial->sums, 1);
        double took = nanoseconds() - start;
        best = took < best ? took : best;
    }
    return best;
}

bool brn_gather_wins(void)
{
    enum { UNKNOWN, SCALAR, GATHERS };
    static _Atomic int winner = UNKNOWN; /* two threads may both measure; either answer is right */
    int known = atomic_load_explicit(&winner, memory_order_relaxed);
    if (known == UNKNOWN) {
        struct trial trial = {0};
        make_trial(&trial);
        bool faster = brn_gather_is_there() && time_walks(&trial, true) < time_walks(&trial, false);
        known = faster ? GATHERS : SCALAR;
        atomic_store_explicit(&winner, known, memory_order_relaxed);
    }
    return known == GATHERS;
}
