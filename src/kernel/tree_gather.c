/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/tree_gather.h"
#include "kernel/tree_node.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* Not optimised, the intrinsics are macros that convert signs in our lines. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#define INLINE static inline __attribute__((always_inline)) TARGET

enum {
    LANES = 16,
    VECTORS = BRN_GATHER_ROWS / LANES,
    STEPS_AT_ONCE = 4, /* between looks at whether all walks have ended */
    TOP_STEPS = 4,
    TOP_NODES = 1 << TOP_STEPS, /* with node 0 */
};

bool brn_gather_is_there(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
}

/* The rows under way: where each stands in the tree, and where each begins in the values. */
struct walk {
    __m512i at[VECTORS], row[VECTORS];
};

/* Sixteen nodes, of as many rows. */
struct nodes {
    __m512i threshold, link;
};

INLINE struct nodes gather(const struct brn_narrow_node *nodes, __m512i at)
{
    const char *links = (const char *)nodes + offsetof(struct brn_narrow_node, link);
    return (struct nodes){_mm512_i32gather_epi32(at, nodes, sizeof *nodes),
                          _mm512_i32gather_epi32(at, links, sizeof *nodes)};
}

INLINE __m512i step(struct nodes nodes, const float *values, __m512i row, bool has_missing)
{
    __m512i feature = _mm512_and_si512(nodes.link, _mm512_set1_epi32(NARROW_FEATURE));
    __m512 x = _mm512_i32gather_ps(_mm512_add_epi32(row, feature), values, sizeof *values);
    __m512 threshold = _mm512_castsi512_ps(nodes.threshold);
    __mmask16 right = _mm512_cmp_ps_mask(x, threshold, _CMP_NLE_UQ);
    if (has_missing) {
        __mmask16 missing = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
        __mmask16 left = _mm512_test_epi32_mask(nodes.link, _mm512_set1_epi32(NARROW_MISSING_LEFT));
        right &= (__mmask16) ~(missing & left);
    }
    __m512i child = _mm512_srli_epi32(nodes.link, NARROW_LEFT_SHIFT);
    return _mm512_mask_add_epi32(child, right, child, _mm512_set1_epi32(1));
}

/* Breadth-first numbers of the first TOP_STEPS levels are below 16: those nodes stay in two
 * registers. */
INLINE void walk_top(const struct brn_narrow_node *nodes, const float *values, bool has_missing,
                     struct walk *walk)
{
    __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    __m512i low = _mm512_loadu_si512(nodes), high = _mm512_loadu_si512(nodes + TOP_NODES / 2);
    __m512i thresholds = _mm512_permutex2var_epi32(low, even, high);
    __m512i links = _mm512_permutex2var_epi32(low, odd, high);
    for (uint32_t n = 0; n < TOP_STEPS; n++)
        for (size_t v = 0; v < VECTORS; v++) {
            struct nodes top = {_mm512_permutexvar_epi32(walk->at[v], thresholds),
                                _mm512_permutexvar_epi32(walk->at[v], links)};
            walk->at[v] = step(top, values, walk->row[v], has_missing);
        }
}

INLINE void walk_on(const struct brn_narrow_node *nodes, uint32_t depth, const float *values,
                    bool has_missing, struct walk *walk)
{
    while (depth > 0) {
        __mmask16 moved = 0;
        uint32_t steps = depth < STEPS_AT_ONCE ? depth : STEPS_AT_ONCE;
        for (uint32_t n = 1; n < steps; n++)
            for (size_t v = 0; v < VECTORS; v++)
                walk->at[v] = step(gather(nodes, walk->at[v]), values, walk->row[v], has_missing);
        for (size_t v = 0; v < VECTORS; v++) {
            __m512i to = step(gather(nodes, walk->at[v]), values, walk->row[v], has_missing);
            moved |= _mm512_cmpneq_epi32_mask(to, walk->at[v]);
            walk->at[v] = to;
        }
        depth = moved ? depth - steps : 0;
    }
}

INLINE void walk_down(const struct brn_narrow_node *nodes, const struct brn_tree *tree,
                      const float *values, bool has_missing, struct walk *walk)
{
    uint32_t depth = tree->depth;
    for (size_t v = 0; v < VECTORS; v++)
        walk->at[v] = _mm512_set1_epi32(1);
    if (depth >= TOP_STEPS && tree->node_count >= TOP_NODES - 1) {
        walk_top(nodes, values, has_missing, walk);
        depth -= TOP_STEPS;
    }
    walk_on(nodes, depth, values, has_missing, walk);
}

INLINE void store_leaves(const struct brn_narrow_node *nodes, const struct walk *walk,
                         uint32_t leaves[BRN_GATHER_ROWS])
{
    for (size_t v = 0; v < VECTORS; v++) {
        __m512i bits = _mm512_i32gather_epi32(walk->at[v], nodes, sizeof *nodes);
        __m512i low = _mm512_and_si512(bits, _mm512_set1_epi32(NARROW_PAYLOAD));
        __m512i high = _mm512_slli_epi32(_mm512_srli_epi32(bits, 31), NARROW_PAYLOAD_BITS);
        _mm512_storeu_si512(leaves + v * LANES, _mm512_or_si512(low, high));
    }
}

INLINE void add_leaves(const struct brn_forest *forest, const uint32_t *leaves, double *sums,
                       size_t sum_stride)
{
    size_t width = forest->leaf_width;
    for (size_t r = 0; r < BRN_GATHER_ROWS; r++) {
        const double *values = forest->leaves + leaves[r] * width;
        double *to = sums + r * sum_stride;
        to[0] = brn_leaf_sum(to[0], values[0], forest->single);
        for (size_t k = 1; k < width; k++)
            to[k] = brn_leaf_sum(to[k], values[k], forest->single);
    }
}

/* Where each of the rows under way begins in the values. */
INLINE void begin_rows(size_t stride, struct walk *walk)
{
    __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (size_t v = 0; v < VECTORS; v++) {
        __m512i number = _mm512_add_epi32(lane, _mm512_set1_epi32((int)(v * LANES)));
        walk->row[v] = _mm512_mullo_epi32(number, _mm512_set1_epi32((int)stride));
    }
}

INLINE const struct brn_narrow_node *nodes_of(const struct brn_forest *forest, size_t tree)
{
    return (const struct brn_narrow_node *)forest->nodes + forest->trees[tree].first;
}

INLINE void add_all(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                    bool has_missing, double *sums, size_t sum_stride)
{
    struct walk walk;
    uint32_t leaves[BRN_GATHER_ROWS];
    begin_rows(rows->stride, &walk);
    for (size_t t = 0; t < forest->tree_count; t++) {
        const struct brn_tree *tree = &forest->trees[t];
        const struct brn_narrow_node *nodes = nodes_of(forest, t);
        for (size_t r = 0; r < rows->count; r += BRN_GATHER_ROWS) {
            const float *values = (const float *)rows->values + r * rows->stride;
            walk_down(nodes, tree, values, has_missing, &walk);
            store_leaves(nodes, &walk, leaves);
            add_leaves(forest, leaves, sums + r * sum_stride + tree->column, sum_stride);
        }
    }
}

TARGET void brn_forest_add_gathering(const struct brn_forest *forest,
                                     const struct brn_forest_rows *rows, double *sums,
                                     size_t sum_stride)
{
    if (rows->has_missing)
        add_all(forest, rows, true, sums, sum_stride);
    else
        add_all(forest, rows, false, sums, sum_stride);
}

INLINE void find_leaves(const struct brn_forest *forest, size_t tree,
                        const struct brn_forest_rows *rows, bool has_missing, uint32_t *ret_leaves)
{
    struct walk walk;
    const struct brn_narrow_node *nodes = nodes_of(forest, tree);
    begin_rows(rows->stride, &walk);
    for (size_t r = 0; r < rows->count; r += BRN_GATHER_ROWS) {
        const float *values = (const float *)rows->values + r * rows->stride;
        walk_down(nodes, &forest->trees[tree], values, has_missing, &walk);
        store_leaves(nodes, &walk, ret_leaves + r);
    }
}

TARGET void brn_tree_leaves_gathering(const struct brn_forest *forest, size_t tree,
                                      const struct brn_forest_rows *rows, uint32_t *ret_leaves)
{
    if (rows->has_missing)
        find_leaves(forest, tree, rows, true, ret_leaves);
    else
        find_leaves(forest, tree, rows, false, ret_leaves);
}

#else

bool brn_gather_is_there(void)
{
    return false;
}

void brn_forest_add_gathering(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                              double *sums, size_t sum_stride)
{
    brn_forest_add(forest, rows, sums, sum_stride);
}

void brn_tree_leaves_gathering(const struct brn_forest *forest, size_t tree,
                               const struct brn_forest_rows *rows, uint32_t *ret_leaves)
{
    brn_tree_leaves(forest, tree, rows, ret_leaves);
}

#endif
