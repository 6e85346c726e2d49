/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/tree_ranks.h"
#include "kernel/clones.h"
#include "kernel/tree_node.h"

#define INLINE static inline __attribute__((always_inline))

/* A byte a row. */
typedef int8_t lanes __attribute__((vector_size(BRN_RANK_ROWS)));

/* ---- ranks ---- */

/* Nothing is above the +inf that fill the scale up, so that the search stays inside. */
INLINE int8_t rank_of(const struct brn_rank_scale *scale, double x)
{
    uint32_t rank = 0;
    for (uint32_t step = scale->first_step; step > 0; step /= 2)
        rank += scale->thresholds[rank + step - 1] < x ? step : 0;
    return brn_rank_byte(x == x ? rank : BRN_RANK_MISSING);
}

INLINE int8_t category_byte(double x, uint32_t limit)
{
    return brn_rank_byte(x >= 0 ? brn_category_below(x, limit) : BRN_RANK_MISSING);
}

INLINE void find_ranks(enum brn_tree_layout layout, const struct brn_rank_scale *scale,
                       uint32_t limit, const void *values, size_t rows, size_t stride,
                       int8_t *bytes)
{
    for (size_t r = 0; r < rows; r++) {
        size_t at = r * stride + scale->feature;
        double x = layout == BRN_TREE_NARROW ? (double)((const float *)values)[at]
                                             : ((const double *)values)[at];
        bytes[r] = scale->is_categorical ? category_byte(x, limit) : rank_of(scale, x);
    }
    memset(bytes + rows, 0, BRN_RANK_ROWS - rows); /* lanes without a row are computed, not read */
}

/* ---- masks ---- */

INLINE void decide_category(const struct brn_category_set *set, const int8_t *bytes, lanes *right)
{
    int8_t mask[BRN_RANK_ROWS];
    for (size_t r = 0; r < BRN_RANK_ROWS; r++) {
        uint32_t category = (uint32_t)(bytes[r] + 128);
        mask[r] = (int8_t)((set->words[category / 32] >> (category % 32) & 1) - 1);
    }
    memcpy(right, mask, sizeof *right);
}

/* Which rows go right at a split, were they to reach it. */
INLINE void decide(const struct brn_rank_forest *forest, const struct brn_rank_split *split,
                   const int8_t *bytes, bool has_missing, lanes *right)
{
    lanes x;
    const int8_t *column = bytes + split->column;
    if (forest->sets && split->is_categorical) {
        decide_category(&forest->sets[split->set], column, right);
        return;
    }
    memcpy(&x, column, sizeof x);
    *right = x > split->rank;
    if (has_missing)
        *right &= ~((x == brn_rank_byte(BRN_RANK_MISSING)) & split->missing_left);
}

INLINE lanes *mask_at(lanes *masks, uint32_t offset)
{
    return (lanes *)(void *)((int8_t *)masks + offset);
}

/* Every row's leaf. */
INLINE void find_leaves(const struct brn_rank_forest *forest, const struct brn_rank_tree *tree,
                        const int8_t *bytes, bool has_missing, uint8_t *leaves)
{
    lanes reached[BRN_RANK_MOST_NODES], right, found = {0};
    reached[1] = ~found;
    for (uint32_t i = 0; i < tree->split_count; i++) {
        const struct brn_rank_split *split = &tree->splits[i];
        lanes *here = mask_at(reached, split->node), *left = mask_at(reached, split->left);
        decide(forest, split, bytes, has_missing, &right);
        left[0] = *here & ~right;
        left[1] = *here & right;
    }
    for (uint32_t i = 1; i < tree->leaf_count; i++)
        found |= *mask_at(reached, tree->leaves[i]) & (int8_t)i;
    memcpy(leaves, &found, sizeof found);
}

INLINE void add_one(const double *values, const uint8_t *leaves, size_t rows, double *sums,
                    size_t sum_stride, bool single)
{
    for (size_t r = 0; r < rows; r++)
        sums[r * sum_stride] = brn_leaf_sum(sums[r * sum_stride], values[leaves[r]], single);
}

INLINE void add_several(const struct brn_rank_forest *forest, const double *values,
                        const uint8_t *leaves, size_t rows, double *sums, size_t sum_stride)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < forest->leaf_width; k++) {
            double *to = &sums[r * sum_stride + k];
            *to = brn_leaf_sum(*to, values[leaves[r] * forest->leaf_width + k], forest->single);
        }
}

INLINE void add_trees(const struct brn_rank_forest *forest, const int8_t *bytes, bool has_missing,
                      size_t rows, double *sums, size_t sum_stride)
{
    uint8_t leaves[BRN_RANK_ROWS];
    for (size_t t = 0; t < forest->tree_count; t++) {
        const struct brn_rank_tree *tree = &forest->trees[t];
        double *to = sums + tree->column;
        find_leaves(forest, tree, bytes, has_missing, leaves);
        if (forest->leaf_width > 1)
            add_several(forest, tree->values, leaves, rows, to, sum_stride);
        else if (forest->single)
            add_one(tree->values, leaves, rows, to, sum_stride, true);
        else
            add_one(tree->values, leaves, rows, to, sum_stride, false);
    }
}

/* At most BRN_RANK_ROWS rows. */
INLINE void add_block(enum brn_tree_layout layout, const struct brn_rank_forest *forest,
                      const void *values, size_t rows, size_t stride, bool has_missing,
                      double *sums, size_t sum_stride)
{
    _Alignas(BRN_RANK_ROWS) int8_t bytes[BRN_RANK_MOST_SCALES * BRN_RANK_ROWS];
    for (size_t i = 0; i < forest->scale_count; i++)
        find_ranks(layout, &forest->scales[i], forest->category_limit, values, rows, stride,
                   bytes + i * BRN_RANK_ROWS);
    if (has_missing)
        add_trees(forest, bytes, true, rows, sums, sum_stride);
    else
        add_trees(forest, bytes, false, rows, sums, sum_stride);
}

BRN_CLONES
static void add_all(const struct brn_rank_forest *forest, const struct brn_forest_rows *rows,
                    double *sums, size_t sum_stride)
{
    for (size_t first = 0; first < rows->count; first += BRN_RANK_ROWS) {
        size_t left = rows->count - first, count = left < BRN_RANK_ROWS ? left : BRN_RANK_ROWS;
        size_t at = first * rows->stride;
        double *to = sums + first * sum_stride;
        if (forest->layout == BRN_TREE_NARROW)
            add_block(BRN_TREE_NARROW, forest, (const float *)rows->values + at, count,
                      rows->stride, rows->has_missing, to, sum_stride);
        else
            add_block(BRN_TREE_WIDE, forest, (const double *)rows->values + at, count, rows->stride,
                      rows->has_missing, to, sum_stride);
    }
}

/* The compiler exports what it clones, unless that is static. */
void brn_rank_forest_add(const struct brn_rank_forest *forest, const struct brn_forest_rows *rows,
                         double *sums, size_t sum_stride)
{
    add_all(forest, rows, sums, sum_stride);
}
