/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_booster_tree.h"

#include <math.h>

/* ---- compacting ---- */

struct compacting {
    struct brn_build *build;
    struct brn_booster_tree *tree;
    uint32_t *order;   /* the old number of each new node */
    uint32_t *numbers; /* the new number of each old node, and 1 more; 0: not reached */
    size_t count;
};

static brine_status reach(struct compacting *c, int64_t node, int64_t from)
{
    if (node < 0 || (uint64_t)node >= c->tree->count)
        return brn_fail(c->build->err, BRINE_MODEL, "node %lld links to node %lld of %zu",
                        (long long)from, (long long)node, c->tree->count);
    if (c->numbers[node])
        return brn_fail(c->build->err, BRINE_MODEL, "node %lld is reached twice: this is no tree",
                        (long long)node);
    c->order[c->count++] = (uint32_t)node;
    c->numbers[node] = (uint32_t)c->count;
    return BRINE_OK;
}

/* Breadth-first: the list of what was reached is the queue. */
static brine_status reach_all(struct compacting *c)
{
    BRN_TRY(reach(c, 0, 0));
    for (size_t i = 0; i < c->count; i++) {
        const struct brn_booster_node *n = &c->tree->nodes[c->order[i]];
        if (n->is_leaf)
            continue;
        BRN_TRY(reach(c, n->left, c->order[i]));
        BRN_TRY(reach(c, n->right, c->order[i]));
    }
    return BRINE_OK;
}

static brine_status renumber(const struct compacting *c)
{
    struct brn_booster_tree *tree = c->tree;
    struct brn_booster_node *nodes = BRN_NEW(c->build->scratch, struct brn_booster_node, c->count);
    double *vectors =
        BRN_NEW(c->build->scratch, double, tree->vectors ? c->count * tree->width : 0);
    if (!nodes || !vectors)
        return brn_fail_memory(c->build->err);
    for (size_t i = 0; i < c->count; i++) {
        nodes[i] = tree->nodes[c->order[i]];
        if (!nodes[i].is_leaf) {
            nodes[i].left = c->numbers[nodes[i].left] - 1;
            nodes[i].right = c->numbers[nodes[i].right] - 1;
        }
        if (tree->vectors)
            memcpy(vectors + i * tree->width, tree->vectors + c->order[i] * tree->width,
                   tree->width * sizeof *vectors);
    }
    tree->nodes = nodes;
    tree->count = c->count;
    tree->vectors = tree->vectors ? vectors : NULL;
    return BRINE_OK;
}

brine_status brn_booster_tree_compact(struct brn_build *build, struct brn_booster_tree *tree)
{
    struct compacting c = {.build = build, .tree = tree};
    if (tree->count == 0 || tree->count > INT32_MAX)
        return brn_fail(build->err, BRINE_MODEL, "is a tree of %zu nodes", tree->count);
    c.order = BRN_NEW(build->scratch, uint32_t, tree->count);
    c.numbers = BRN_NEW(build->scratch, uint32_t, tree->count);
    if (!c.order || !c.numbers)
        return brn_fail_memory(build->err);
    BRN_TRY(reach_all(&c));
    return c.count == tree->count ? BRINE_OK : renumber(&c);
}

/* ---- as a source ---- */

#define FIELD(member, kind)                                                                        \
    {                                                                                              \
        offsetof(struct brn_booster_node, member), sizeof(((struct brn_booster_node *)0)->member), \
            kind, false                                                                            \
    }

brine_status brn_booster_tree_source(struct brn_build *build, const struct brn_booster_tree *tree,
                                     const struct brn_tree_source **ret_source)
{
    struct brn_tree_source *source = BRN_NEW(build->scratch, struct brn_tree_source, 1);
    if (!source)
        return brn_fail_memory(build->err);
    *source = (struct brn_tree_source){
        .node_count = (uint32_t)tree->count,
        .left = FIELD(left, 'i'),
        .right = FIELD(right, 'i'),
        .feature = FIELD(feature, 'i'),
        .threshold = FIELD(threshold, 'f'),
        .missing_left = FIELD(missing_left, 'u'),
        .is_leaf = FIELD(is_leaf, 'u'),
        .is_categorical = FIELD(is_categorical, 'u'),
        .set = FIELD(set, 'u'),
        .value = FIELD(value, 'f'),
        .left_sets = tree->sets,
        .left_set_count = tree->set_count,
        .values = tree->vectors,
        .value_count = tree->vectors ? tree->width : 1,
    };
    source->nodes.data =
        (struct brn_slice){(const uint8_t *)tree->nodes, tree->count * sizeof *tree->nodes};
    source->nodes.count = tree->count;
    source->nodes.strides[0] = sizeof *tree->nodes;
    *ret_source = source;
    return BRINE_OK;
}

bool brn_threshold_below(float threshold, double *ret_threshold)
{
    if (!(threshold > -INFINITY))
        return false;
    *ret_threshold = (double)nextafterf(threshold, -INFINITY);
    return true;
}

bool brn_booster_leaf(const void *context, const double *values, double *ret_leaf)
{
    const size_t *count = context;
    memcpy(ret_leaf, values, *count * sizeof *values);
    return true;
}

bool brn_booster_has_missing(const struct brn_forest_rows *rows, size_t columns,
                             enum brn_tree_layout layout)
{
    bool found = false;
    for (size_t r = 0; r < rows->count && !found; r++)
        for (size_t c = 0; c < columns; c++) {
            size_t at = r * rows->stride + c;
            found |= layout == BRN_TREE_NARROW ? isnan(((const float *)rows->values)[at])
                                               : isnan(((const double *)rows->values)[at]);
        }
    return found;
}
