/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.c - the walks.  Each is written once, for a kind of walk that is a constant where it is
 * inlined: the compiler makes one loop a kind. */
#include "kernel/clones.h"
#include "kernel/tree_gather.h"
#include "kernel/tree_node.h"
#include "kernel/tree_ranks.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    TREES_ABREAST = 8,
    ROWS_ABREAST = 16,
    ROWS_TO_RANK = 24,  /* fewer are walked */
    STEPS_OF_TREES = 2, /* between looks at whether all walks have ended */
    STEPS_OF_ROWS = 4,
};

enum kind { NARROW, NARROW_MISSING, WIDE, WIDE_MISSING, WIDE_CATEGORIES };

/* ---- one step ---- */

INLINE uint32_t step_narrow(enum kind kind, const struct brn_narrow_node *nodes, uint32_t at,
                            const float *row)
{
    struct brn_narrow_node node = nodes[at];
    float x = row[node.link & NARROW_FEATURE];
    bool left = x <= node.threshold;
    if (kind == NARROW_MISSING)
        left |= (x != x) & ((node.link & NARROW_MISSING_LEFT) != 0);
    return (node.link >> NARROW_LEFT_SHIFT) + !left;
}

/* ---- nodes of either layout ---- */

struct place {
    const void *nodes;
    const struct brn_category_set *sets;
    uint32_t category_limit;
};

INLINE bool category_goes_left(struct place tree, struct brn_wide_node node, double x)
{
    if (!(x >= 0))
        return (node.test & WIDE_MISSING_LEFT) != 0;
    uint32_t category = brn_category_below(x, tree.category_limit);
    const struct brn_category_set *set = &tree.sets[(uint32_t)node.threshold + category / 256];
    return set->words[category / 32 % 8] >> (category % 32) & 1;
}

INLINE uint32_t step_wide(enum kind kind, struct place tree, uint32_t at, const double *row)
{
    struct brn_wide_node node = ((const struct brn_wide_node *)tree.nodes)[at];
    double x = row[node.test & WIDE_FEATURE];
    bool left = x <= node.threshold;
    if (kind != WIDE)
        left |= (x != x) & ((node.test & WIDE_MISSING_LEFT) != 0);
    if (kind == WIDE_CATEGORIES && node.test & WIDE_CATEGORICAL)
        left = category_goes_left(tree, node, x);
    return node.left + !left;
}

INLINE bool is_narrow(enum kind kind)
{
    return kind == NARROW || kind == NARROW_MISSING;
}

INLINE struct place place_of(enum kind kind, const struct brn_forest *forest, size_t tree)
{
    size_t first = forest->trees[tree].first;
    if (is_narrow(kind))
        return (struct place){(const struct brn_narrow_node *)forest->nodes + first, NULL, 0};
    return (struct place){(const struct brn_wide_node *)forest->nodes + first, forest->sets,
                          forest->category_limit};
}

INLINE uint32_t step(enum kind kind, struct place tree, uint32_t at, const void *row)
{
    if (is_narrow(kind))
        return step_narrow(kind, tree.nodes, at, row);
    return step_wide(kind, tree, at, row);
}

INLINE uint32_t leaf_of(enum kind kind, struct place tree, uint32_t at)
{
    if (is_narrow(kind))
        return brn_narrow_leaf_of(((const struct brn_narrow_node *)tree.nodes)[at]);
    return brn_wide_leaf_of(((const struct brn_wide_node *)tree.nodes)[at]);
}

INLINE const void *row_of(enum kind kind, const struct brn_forest_rows *rows, size_t r)
{
    if (is_narrow(kind))
        return (const float *)rows->values + r * rows->stride;
    return (const double *)rows->values + r * rows->stride;
}

INLINE void add_leaf(const struct brn_forest *forest, const struct brn_tree *tree, uint32_t leaf,
                     double *sums)
{
    size_t width = forest->leaf_width;
    const double *values = forest->leaves + leaf * width;
    double *to = sums + tree->column;
    to[0] = brn_leaf_sum(to[0], values[0], forest->single);
    for (size_t k = 1; k < width; k++)
        to[k] = brn_leaf_sum(to[k], values[k], forest->single);
}

/* ---- one row, eight trees abreast ---- */

/* The last trees may be fewer: the last one is then walked again, and not added. */
INLINE void add_trees(enum kind kind, const struct brn_forest *forest, size_t first,
                      const void *row, double *sums)
{
    struct place trees[TREES_ABREAST];
    uint32_t at[TREES_ABREAST];
    size_t last = forest->tree_count - 1;
    uint32_t depth = 0;
    BRN_UNROLL
    for (size_t j = 0; j < TREES_ABREAST; j++) {
        size_t tree = first + j < last ? first + j : last;
        trees[j] = place_of(kind, forest, tree);
        at[j] = 1;
        depth = forest->trees[tree].depth > depth ? forest->trees[tree].depth : depth;
    }
    while (depth > 0) {
        uint32_t moved = 0;
        for (uint32_t n = depth < STEPS_OF_TREES ? depth : STEPS_OF_TREES; n > 0; n--, depth--) {
            moved = 0;
            BRN_UNROLL
            for (size_t j = 0; j < TREES_ABREAST; j++) {
                uint32_t to = step(kind, trees[j], at[j], row);
                moved |= to ^ at[j];
                at[j] = to;
            }
        }
        depth = moved ? depth : 0;
    }
    for (size_t j = 0; j < TREES_ABREAST && first + j <= last; j++)
        add_leaf(forest, &forest->trees[first + j], leaf_of(kind, trees[j], at[j]), sums);
}

INLINE void add_row(enum kind kind, const struct brn_forest *forest, const void *row, double *sums)
{
    for (size_t first = 0; first < forest->tree_count; first += TREES_ABREAST)
        add_trees(kind, forest, first, row, sums);
}

/* ---- one tree, sixteen rows abreast ---- */

INLINE void walk_rows(enum kind kind, struct place tree, uint32_t depth, const void *const *rows,
                      uint32_t *at)
{
    BRN_UNROLL
    for (size_t j = 0; j < ROWS_ABREAST; j++)
        at[j] = 1;
    while (depth > 0) {
        uint32_t moved = 0;
        for (uint32_t n = depth < STEPS_OF_ROWS ? depth : STEPS_OF_ROWS; n > 1; n--, depth--) {
            BRN_UNROLL
            for (size_t j = 0; j < ROWS_ABREAST; j++)
                at[j] = step(kind, tree, at[j], rows[j]);
        }
        BRN_UNROLL
        for (size_t j = 0; j < ROWS_ABREAST; j++) {
            uint32_t to = step(kind, tree, at[j], rows[j]);
            moved |= to ^ at[j];
            at[j] = to;
        }
        depth = moved ? depth - 1 : 0;
    }
}

INLINE void add_tree(enum kind kind, const struct brn_forest *forest, size_t tree,
                     const void *const *rows, double *sums, size_t sum_stride)
{
    struct place place = place_of(kind, forest, tree);
    uint32_t at[ROWS_ABREAST];
    walk_rows(kind, place, forest->trees[tree].depth, rows, at);
    for (size_t j = 0; j < ROWS_ABREAST; j++)
        add_leaf(forest, &forest->trees[tree], leaf_of(kind, place, at[j]), sums + j * sum_stride);
}

INLINE void rows_from(enum kind kind, const struct brn_forest_rows *rows, size_t first,
                      const void **ret_rows)
{
    for (size_t j = 0; j < ROWS_ABREAST; j++)
        ret_rows[j] = row_of(kind, rows, first + j);
}

/* All trees over the rows before them: a tree stays in the first-level cache while rows pass. */
INLINE void add_all(enum kind kind, const struct brn_forest *forest,
                    const struct brn_forest_rows *rows, double *sums, size_t sum_stride)
{
    size_t abreast = rows->count / ROWS_ABREAST * ROWS_ABREAST;
    for (size_t tree = 0; abreast && tree < forest->tree_count; tree++) {
        for (size_t r = 0; r < abreast; r += ROWS_ABREAST) {
            const void *at[ROWS_ABREAST];
            rows_from(kind, rows, r, at);
            add_tree(kind, forest, tree, at, sums + r * sum_stride, sum_stride);
        }
    }
    for (size_t r = abreast; r < rows->count; r++)
        add_row(kind, forest, row_of(kind, rows, r), sums + r * sum_stride);
}

INLINE void find_leaves(enum kind kind, const struct brn_forest *forest, size_t tree,
                        const struct brn_forest_rows *rows, uint32_t *ret_leaves)
{
    struct place place = place_of(kind, forest, tree);
    uint32_t depth = forest->trees[tree].depth;
    size_t r = 0;
    for (; r + ROWS_ABREAST <= rows->count; r += ROWS_ABREAST) {
        const void *at[ROWS_ABREAST];
        rows_from(kind, rows, r, at);
        walk_rows(kind, place, depth, at, ret_leaves + r);
        for (size_t j = 0; j < ROWS_ABREAST; j++)
            ret_leaves[r + j] = leaf_of(kind, place, ret_leaves[r + j]);
    }
    for (; r < rows->count; r++) {
        uint32_t at = 1;
        for (uint32_t level = 0; level < depth; level++)
            at = step(kind, place, at, row_of(kind, rows, r));
        ret_leaves[r] = leaf_of(kind, place, at);
    }
}

/* ---- choosing ---- */

static enum kind kind_of(const struct brn_forest *forest, const struct brn_forest_rows *rows)
{
    if (forest->layout == BRN_TREE_NARROW)
        return rows->has_missing ? NARROW_MISSING : NARROW;
    if (forest->sets)
        return WIDE_CATEGORIES;
    return rows->has_missing ? WIDE_MISSING : WIDE;
}

static void add_by_walks(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                         double *sums, size_t sum_stride)
{
    switch (kind_of(forest, rows)) {
    case NARROW:
        add_all(NARROW, forest, rows, sums, sum_stride);
        break;
    case NARROW_MISSING:
        add_all(NARROW_MISSING, forest, rows, sums, sum_stride);
        break;
    case WIDE:
        add_all(WIDE, forest, rows, sums, sum_stride);
        break;
    case WIDE_MISSING:
        add_all(WIDE_MISSING, forest, rows, sums, sum_stride);
        break;
    case WIDE_CATEGORIES:
        add_all(WIDE_CATEGORIES, forest, rows, sums, sum_stride);
        break;
    }
}

static void leaves_by_walks(const struct brn_forest *forest, size_t tree,
                            const struct brn_forest_rows *rows, uint32_t *ret_leaves)
{
    switch (kind_of(forest, rows)) {
    case NARROW:
        find_leaves(NARROW, forest, tree, rows, ret_leaves);
        break;
    case NARROW_MISSING:
        find_leaves(NARROW_MISSING, forest, tree, rows, ret_leaves);
        break;
    case WIDE:
        find_leaves(WIDE, forest, tree, rows, ret_leaves);
        break;
    case WIDE_MISSING:
        find_leaves(WIDE_MISSING, forest, tree, rows, ret_leaves);
        break;
    case WIDE_CATEGORIES:
        find_leaves(WIDE_CATEGORIES, forest, tree, rows, ret_leaves);
        break;
    }
}

/* As many rows as gathers take at once, and the rest. */
static struct brn_forest_rows split_rows(const struct brn_forest *forest,
                                         const struct brn_forest_rows *rows,
                                         struct brn_forest_rows *ret_rest)
{
    struct brn_forest_rows part = *rows;
    *ret_rest = *rows;
    part.count -= forest->gathers ? part.count % BRN_GATHER_ROWS : part.count;
    ret_rest->count -= part.count;
    if (part.count) /* rows of the narrow layout */
        ret_rest->values = (const float *)rows->values + part.count * rows->stride;
    return part;
}

void brn_forest_add(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                    double *sums, size_t sum_stride)
{
    if (forest->ranks && rows->count >= ROWS_TO_RANK) {
        brn_rank_forest_add(forest->ranks, rows, sums, sum_stride);
        return;
    }
    struct brn_forest_rows rest, part = split_rows(forest, rows, &rest);
    if (part.count)
        brn_forest_add_gathering(forest, &part, sums, sum_stride);
    add_by_walks(forest, &rest, sums + part.count * sum_stride, sum_stride);
}

void brn_tree_leaves(const struct brn_forest *forest, size_t tree,
                     const struct brn_forest_rows *rows, uint32_t *ret_leaves)
{
    struct brn_forest_rows rest, part = split_rows(forest, rows, &rest);
    if (part.count)
        brn_tree_leaves_gathering(forest, tree, &part, ret_leaves);
    leaves_by_walks(forest, tree, &rest, ret_leaves + part.count);
}
