/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_ranks.h"

#include "kernel/tree_node.h"
#include "kernel/tree_ranks.h"

#include <math.h>

/* ---- nodes of either layout ---- */

struct node {
    uint32_t left, feature, leaf;
    uint32_t set;
    double threshold;
    bool is_leaf, is_categorical, missing_left;
};

static struct node read_narrow(struct brn_narrow_node n)
{
    return (struct node){.left = n.link >> NARROW_LEFT_SHIFT,
                         .feature = n.link & NARROW_FEATURE,
                         .threshold = (double)n.threshold,
                         .is_leaf = isnan(n.threshold),
                         .leaf = brn_narrow_leaf_of(n),
                         .missing_left = (n.link & NARROW_MISSING_LEFT) != 0};
}

static struct node read_wide(struct brn_wide_node n)
{
    struct node node = {.left = n.left,
                        .feature = n.test & WIDE_FEATURE,
                        .threshold = n.threshold,
                        .is_leaf = isnan(n.threshold),
                        .is_categorical = (n.test & WIDE_CATEGORICAL) != 0,
                        .missing_left = (n.test & WIDE_MISSING_LEFT) != 0};
    if (node.is_leaf)
        node.leaf = brn_wide_leaf_of(n);
    else if (node.is_categorical)
        node.set = (uint32_t)n.threshold;
    return node;
}

static struct node read_node(const struct brn_forest *forest, size_t at)
{
    if (forest->layout == BRN_TREE_NARROW)
        return read_narrow(((const struct brn_narrow_node *)forest->nodes)[at]);
    return read_wide(((const struct brn_wide_node *)forest->nodes)[at]);
}

/* ---- scales ---- */

struct ranking {
    struct brn_build *build;
    const struct brn_forest *forest;
    size_t split_count, leaf_count;
    struct brn_rank_forest *made;
    struct brn_rank_scale *scales;
    size_t *threshold_counts; /* by scale */
    uint16_t *columns;        /* by feature: number of its scale, and 1 more; 0: none yet */
};

static bool are_small(struct ranking *r)
{
    const struct brn_forest *forest = r->forest;
    if (forest->category_limit >= BRN_RANK_MISSING)
        return false;
    for (size_t t = 0; t < forest->tree_count; t++) {
        uint32_t leaves = forest->trees[t].node_count / 2 + 1;
        if (leaves > BRN_RANK_MOST_LEAVES)
            return false;
        r->leaf_count += leaves;
        r->split_count += leaves - 1;
    }
    return r->split_count > 0;
}

/* The number of the feature's scale, new or old; false when there are too many. */
static bool find_scale(struct ranking *r, const struct node *n, size_t *ret_scale)
{
    uint16_t *column = &r->columns[n->feature];
    if (*column == 0) {
        if (r->made->scale_count == BRN_RANK_MOST_SCALES)
            return false;
        struct brn_rank_scale *scale = &r->scales[r->made->scale_count++];
        scale->feature = n->feature;
        scale->is_categorical = n->is_categorical;
        for (size_t i = 0; i < sizeof scale->thresholds / sizeof scale->thresholds[0]; i++)
            scale->thresholds[i] = (double)INFINITY;
        *column = (uint16_t)r->made->scale_count;
    }
    *ret_scale = (size_t)(*column - 1);
    return r->scales[*ret_scale].is_categorical == n->is_categorical;
}

/* Keeps the order; a threshold that is there already, as +inf always is, stays alone. */
static bool add_threshold(struct brn_rank_scale *scale, size_t *count, double threshold)
{
    size_t at = 0;
    for (size_t above = *count; at < above;) {
        size_t middle = at + (above - at) / 2;
        if (scale->thresholds[middle] < threshold)
            at = middle + 1;
        else
            above = middle;
    }
    if (scale->thresholds[at] == threshold)
        return true;
    if (*count == BRN_RANK_MOST_THRESHOLDS)
        return false;
    memmove(scale->thresholds + at + 1, scale->thresholds + at, (*count - at) * sizeof threshold);
    scale->thresholds[at] = threshold;
    ++*count;
    return true;
}

/* A byte of 255 is a missing value, or that category: they must go the same way. */
static bool is_byte_enough(const struct ranking *r, const struct node *n)
{
    return (r->forest->sets[n->set].words[7] >> 31) == n->missing_left;
}

static bool add_node(struct ranking *r, const struct node *n)
{
    size_t scale;
    if (n->is_leaf)
        return true;
    if (!find_scale(r, n, &scale))
        return false;
    if (n->is_categorical)
        return is_byte_enough(r, n);
    return add_threshold(&r->scales[scale], &r->threshold_counts[scale], n->threshold);
}

static bool make_scales(struct ranking *r)
{
    for (size_t t = 0; t < r->forest->tree_count; t++)
        for (uint32_t i = 1; i <= r->forest->trees[t].node_count; i++) {
            struct node n = read_node(r->forest, r->forest->trees[t].first + i);
            if (!add_node(r, &n))
                return false;
        }
    for (size_t i = 0; i < r->made->scale_count; i++)
        for (r->scales[i].first_step = 1; 2 * r->scales[i].first_step <= r->threshold_counts[i];)
            r->scales[i].first_step *= 2;
    return true;
}

/* The threshold's own number: that of the thresholds below it. */
static int8_t rank_of(const struct brn_rank_scale *scale, double threshold)
{
    uint32_t rank = 0;
    for (uint32_t step = scale->first_step; step > 0; step /= 2)
        rank += scale->thresholds[rank + step - 1] < threshold ? step : 0;
    return brn_rank_byte(rank);
}

/* ---- trees ---- */

struct room {
    struct brn_rank_tree *trees;
    struct brn_rank_split *splits;
    uint16_t *leaves;
    double *values;
};

static struct brn_rank_split make_split(const struct ranking *r, const struct node *n,
                                        uint32_t self)
{
    size_t column = (size_t)(r->columns[n->feature] - 1);
    return (struct brn_rank_split){
        .column = (uint16_t)(column * BRN_RANK_ROWS),
        .node = (uint16_t)(self * BRN_RANK_ROWS),
        .left = (uint16_t)(n->left * BRN_RANK_ROWS),
        .rank = n->is_categorical ? 0 : rank_of(&r->scales[column], n->threshold),
        .missing_left = n->missing_left ? -1 : 0,
        .is_categorical = n->is_categorical,
        .set = n->set,
    };
}

static void make_tree(const struct ranking *r, size_t t, struct room *room)
{
    const struct brn_tree *from = &r->forest->trees[t];
    size_t width = r->forest->leaf_width;
    struct brn_rank_tree *tree = &room->trees[t];
    *tree = (struct brn_rank_tree){.splits = room->splits,
                                   .leaves = room->leaves,
                                   .values = room->values,
                                   .column = from->column};
    for (uint32_t i = 1; i <= from->node_count; i++) {
        struct node n = read_node(r->forest, from->first + i);
        if (!n.is_leaf) {
            room->splits[tree->split_count++] = make_split(r, &n, i);
            continue;
        }
        memcpy(room->values + tree->leaf_count * width, r->forest->leaves + n.leaf * width,
               width * sizeof(double));
        room->leaves[tree->leaf_count++] = (uint16_t)(i * BRN_RANK_ROWS);
    }
    room->splits += tree->split_count;
    room->leaves += tree->leaf_count;
    room->values += tree->leaf_count * width;
}

static brine_status make_trees(struct ranking *r)
{
    struct brn_arena *arena = r->build->arena;
    struct room room = {
        .trees = BRN_NEW(arena, struct brn_rank_tree, r->forest->tree_count),
        .splits = BRN_NEW(arena, struct brn_rank_split, r->split_count),
        .leaves = BRN_NEW(arena, uint16_t, r->leaf_count),
        .values = BRN_NEW(arena, double, r->leaf_count * r->forest->leaf_width),
    };
    if (!room.trees || !room.splits || !room.leaves || !room.values)
        return brn_fail_memory(r->build->err);
    r->made->trees = room.trees;
    r->made->tree_count = r->forest->tree_count;
    r->made->leaf_width = r->forest->leaf_width;
    r->made->layout = r->forest->layout;
    r->made->sets = r->forest->sets;
    r->made->category_limit = r->forest->category_limit;
    r->made->single = r->forest->single;
    r->made->scales = r->scales;
    for (size_t t = 0; t < r->forest->tree_count; t++)
        make_tree(r, t, &room);
    return BRINE_OK;
}

brine_status brn_forest_rank(struct brn_build *build, struct brn_forest *forest,
                             size_t feature_count)
{
    struct ranking r = {.build = build, .forest = forest};
    size_t most = feature_count < BRN_RANK_MOST_SCALES ? feature_count : BRN_RANK_MOST_SCALES;
    if (!are_small(&r))
        return BRINE_OK;
    r.columns = BRN_NEW(build->scratch, uint16_t, feature_count);
    r.threshold_counts = BRN_NEW(build->scratch, size_t, most);
    r.made = BRN_NEW(build->arena, struct brn_rank_forest, 1);
    r.scales = BRN_NEW(build->arena, struct brn_rank_scale, most);
    if (!r.columns || !r.threshold_counts || !r.made || !r.scales)
        return brn_fail_memory(build->err);
    if (!make_scales(&r))
        return BRINE_OK;
    BRN_TRY(make_trees(&r));
    forest->ranks = r.made;
    return BRINE_OK;
}
