/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_forest.c - lowering: each source is read and checked in its own order, because a large one
 * comes from memory at its full speed only so, and then laid out breadth-first. */
#include "estimators/shared_tree.h"
#include "estimators/shared_walk.h"
#include "kernel/tree_node.h"

#include <math.h>

enum { RECENT_LEAVES = 1024 };

/* A node that is made, but not placed. */
struct brn_tree_draft {
    union {
        struct brn_narrow_node narrow;
        struct brn_wide_node wide;
    } node;
    uint32_t left, right; /* the source's numbers; a leaf links to itself */
    bool has_parent;
};

/* A node as its writer gave it. */
struct record {
    int64_t left, right, feature;
    double threshold, value;
    uint64_t set;
    bool missing_left, is_leaf, is_categorical;
};

/* Any width and byte order. */
static __attribute__((noinline)) uint64_t assemble_bits(const uint8_t *p,
                                                        const struct brn_tree_field *f)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < f->itemsize; i++)
        bits |= (uint64_t)p[f->swapped ? f->itemsize - 1 - i : i] << (8 * i);
    return bits;
}

/* What today's machines write is read at once: a large forest has millions of these. */
static inline uint64_t read_bits(const uint8_t *record, const struct brn_tree_field *f)
{
    const uint8_t *p = record + f->offset;
    uint64_t bits;
    if (f->itemsize == 1)
        return *p;
    if (f->itemsize != 8 || f->swapped)
        return assemble_bits(p, f);
    memcpy(&bits, p, sizeof bits);
    return bits;
}

static inline int64_t read_integer(const uint8_t *record, const struct brn_tree_field *f)
{
    uint64_t bits = read_bits(record, f);
    if (f->itemsize == 8)
        return (int64_t)bits;
    uint64_t sign = f->kind == 'i' ? UINT64_C(1) << (8 * f->itemsize - 1) : 0;
    return (int64_t)((bits ^ sign) - sign);
}

static inline double read_double(const uint8_t *record, const struct brn_tree_field *f)
{
    double value;
    uint64_t bits = read_bits(record, f);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* What only a TreePredictor has; a Tree's leaf is the node without a left child. */
static void read_predictor_fields(const struct brn_tree_source *s, const uint8_t *p,
                                  struct record *node)
{
    node->is_leaf = read_integer(p, &s->is_leaf) != 0;
    node->is_categorical = read_integer(p, &s->is_categorical) != 0;
    node->set = read_bits(p, &s->set);
    node->value = read_double(p, &s->value);
}

static inline void read_record(const struct brn_tree_source *s, uint32_t i, struct record *node)
{
    const uint8_t *p = s->nodes.data.p + i * s->nodes.strides[0];
    node->left = read_integer(p, &s->left);
    node->is_leaf = node->left == -1;
    node->is_categorical = false;
    node->value = 0;
    if (s->is_leaf.itemsize)
        read_predictor_fields(s, p, node);
    if (node->is_leaf)
        return;
    node->right = read_integer(p, &s->right);
    node->feature = read_integer(p, &s->feature);
    node->threshold = read_double(p, &s->threshold);
    node->missing_left = s->missing_left.itemsize && read_integer(p, &s->missing_left) != 0;
}

int64_t brn_tree_integer(const struct brn_tree_source *source, uint32_t node,
                         const struct brn_tree_field *field)
{
    return read_integer(source->nodes.data.p + node * source->nodes.strides[0], field);
}

static brine_status bad_link(const struct brn_build *build, uint32_t node, int64_t link)
{
    return brn_ill_formed(build, "nodes", "node %u links to node %lld, which is not behind it",
                          node, (long long)link);
}

brine_status brn_tree_depths(struct brn_build *build, const struct brn_tree_source *source,
                             const uint32_t **ret_depths)
{
    uint32_t *depths = BRN_NEW(build->scratch, uint32_t, source->node_count);
    if (!depths)
        return brn_fail_memory(build->err);
    depths[0] = 1;
    for (uint32_t node = 0; node < source->node_count; node++) {
        int64_t links[2] = {brn_tree_integer(source, node, &source->left),
                            brn_tree_integer(source, node, &source->right)};
        for (size_t k = 0; links[0] != -1 && k < 2; k++) {
            if (links[k] <= node || links[k] >= source->node_count)
                return bad_link(build, node, links[k]);
            depths[links[k]] = depths[node] + 1;
        }
    }
    *ret_depths = depths;
    return BRINE_OK;
}

/* ---- leaves ---- */

static uint32_t hash_values(const double *values, size_t count)
{
    uint64_t hash = 0;
    for (size_t k = 0; k < count; k++) {
        uint64_t bits;
        memcpy(&bits, &values[k], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash % RECENT_LEAVES);
}

/* The number of plan->leaf among the forest's leaves: that of a recent one with the same bits, or a
 * new one. */
static brine_status leaf_number(struct brn_forest_plan *plan, uint32_t *ret_number)
{
    size_t width = plan->forest->leaf_width;
    uint32_t *recent = &plan->recent[hash_values(plan->leaf, width)];
    if (*recent &&
        memcmp(plan->leaves + (*recent - 1) * width, plan->leaf, width * sizeof(double)) == 0) {
        *ret_number = *recent - 1;
        return BRINE_OK;
    }
    if (plan->leaf_count == plan->leaf_capacity) {
        size_t wanted = plan->leaf_capacity * 2;
        plan->leaves = brn_arena_grow(plan->build->arena, plan->leaves, plan->leaf_capacity, wanted,
                                      width * sizeof(double), sizeof(double));
        if (!plan->leaves)
            return brn_fail_memory(plan->build->err);
        plan->leaf_capacity = wanted;
    }
    memcpy(plan->leaves + plan->leaf_count * width, plan->leaf, width * sizeof(double));
    *ret_number = (uint32_t)plan->leaf_count++;
    *recent = *ret_number + 1;
    return BRINE_OK;
}

static brine_status bad_values(const struct brn_forest_plan *plan, uint32_t node)
{
    return brn_ill_formed(plan->build, "values", "node %u is a leaf with impossible values", node);
}

static brine_status draft_leaf(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                               uint32_t node, const struct record *record)
{
    const uint8_t *raw = (const uint8_t *)source->values;
    const double *values = &record->value;
    size_t bytes = source->value_count * sizeof(double);
    uint32_t number = 0;
    if (raw) { /* the file's bytes may lie anywhere */
        memcpy(plan->leaf + plan->forest->leaf_width, raw + node * bytes, bytes);
        values = plan->leaf + plan->forest->leaf_width;
    }
    for (size_t k = 0; k < source->value_count; k++)
        if (!isfinite(values[k]))
            return bad_values(plan, node);
    if (!plan->leaf_values(plan->context, values, plan->leaf))
        return bad_values(plan, node);
    BRN_TRY(leaf_number(plan, &number));
    struct brn_tree_draft *draft = &plan->draft[node];
    draft->left = draft->right = node;
    if (plan->forest->layout == BRN_TREE_NARROW)
        draft->node.narrow = brn_narrow_leaf(number);
    else
        draft->node.wide = brn_wide_leaf(number);
    return BRINE_OK;
}

/* ---- splits ---- */

/* Sets that need no more than copying.  A missing value is that of byte 255 when ranked. */
static brine_status copy_sets(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                              const struct record *record, uint32_t *ret_set)
{
    size_t blocks = brn_category_blocks(plan->categories.limit);
    if (source->left_set_count < blocks || record->set > source->left_set_count - blocks)
        return brn_ill_formed(plan->build, "nodes", "there is no set of categories number %llu",
                              (unsigned long long)record->set);
    *ret_set = (uint32_t)plan->set_count;
    for (size_t b = 0; b < blocks; b++) {
        if (!BRN_ARENA_RESERVE(plan->build->arena, plan->sets, plan->set_count, plan->set_capacity))
            return brn_fail_memory(plan->build->err);
        plan->sets[plan->set_count] = source->left_sets[record->set + b];
        if (blocks == 1 && plan->categories.limit < 255 && record->missing_left)
            plan->sets[plan->set_count].words[7] |= UINT32_C(1) << 31;
        plan->set_count++;
    }
    return BRINE_OK;
}

/* Which categories go left: those of the node's set, and those that nobody knows when missing goes
 * left
 * (_predictor.pyx looks into the set first). */
static brine_status add_set(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                            const struct record *record, uint32_t *ret_set)
{
    if (source->left_sets)
        return copy_sets(plan, source, record, ret_set);
    if (!plan->categories.known || !plan->categories.is_categorical[record->feature])
        return brn_ill_formed(plan->build, "nodes",
                              "a categorical split of feature %lld, which is none",
                              (long long)record->feature);
    if (record->set >= (source->sets.count ? source->sets.shape[0] : 0))
        return brn_ill_formed(plan->build, "nodes", "there is no set of categories number %llu",
                              (unsigned long long)record->set);
    if (!BRN_ARENA_RESERVE(plan->build->arena, plan->sets, plan->set_count, plan->set_capacity))
        return brn_fail_memory(plan->build->err);
    struct brn_category_set *set = &plan->sets[plan->set_count];
    for (size_t w = 0; w < 8; w++) {
        const uint8_t *p = brn_array_element(&source->sets, record->set * 8 + w);
        uint32_t unknown = ~plan->categories.known[record->feature].words[w];
        set->words[w] = (uint32_t)brn_dtype_number(&source->sets.dtype, p) |
                        (record->missing_left ? unknown : 0);
    }
    *ret_set = (uint32_t)plan->set_count++;
    return BRINE_OK;
}

static brine_status check_split(const struct brn_forest_plan *plan,
                                const struct brn_tree_source *source, uint32_t node,
                                const struct record *record)
{
    int64_t links[2] = {record->left, record->right};
    for (size_t k = 0; k < 2; k++) {
        if (links[k] < 0 || links[k] >= source->node_count)
            return brn_ill_formed(plan->build, "nodes", "node %u links to node %lld of %u", node,
                                  (long long)links[k], source->node_count);
        if (links[k] == 0 || plan->draft[links[k]].has_parent)
            return brn_ill_formed(plan->build, "nodes",
                                  "node %lld is reached twice: this is no tree",
                                  (long long)links[k]);
        plan->draft[links[k]].has_parent = true;
    }
    if (record->feature < 0 ||
        (uint64_t)record->feature >= (plan->features ? plan->tree_features : plan->feature_count))
        return brn_ill_formed(plan->build, "nodes", "node %u asks for feature %lld of %zu", node,
                              (long long)record->feature, plan->feature_count);
    if (isnan(record->threshold) && !record->is_categorical)
        return brn_ill_formed(plan->build, "nodes", "node %u has a threshold of NaN", node);
    return BRINE_OK;
}

/* Of the rows. */
static uint32_t feature_of(const struct brn_forest_plan *plan, const struct record *record)
{
    return (uint32_t)(plan->features ? plan->features[record->feature] : (size_t)record->feature);
}

static brine_status draft_split(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                                uint32_t node, const struct record *record)
{
    struct brn_tree_draft *draft = &plan->draft[node];
    BRN_TRY(check_split(plan, source, node, record));
    uint32_t feature = feature_of(plan, record), set = 0;
    draft->left = (uint32_t)record->left;
    draft->right = (uint32_t)record->right;
    if (plan->forest->layout == BRN_TREE_NARROW) {
        draft->node.narrow = brn_narrow_split(feature, record->threshold, record->missing_left);
    } else if (record->is_categorical) {
        BRN_TRY(add_set(plan, source, record, &set));
        draft->node.wide = brn_wide_category_split(feature, set, record->missing_left);
    } else {
        draft->node.wide = brn_wide_split(feature, record->threshold, record->missing_left);
    }
    return BRINE_OK;
}

/* ---- trees ---- */

static brine_status reserve_draft(struct brn_forest_plan *plan, size_t count)
{
    if (count > plan->draft_capacity) {
        size_t wanted = count + count / 2;
        plan->draft = BRN_NEW(plan->build->scratch, struct brn_tree_draft, wanted);
        plan->order = BRN_NEW(plan->build->scratch, uint32_t, wanted);
        if (!plan->draft || !plan->order)
            return brn_fail_memory(plan->build->err);
        plan->draft_capacity = wanted;
    }
    memset(plan->draft, 0, count * sizeof *plan->draft);
    return BRINE_OK;
}

static brine_status draft_tree(struct brn_forest_plan *plan, const struct brn_tree_source *source)
{
    BRN_TRY(reserve_draft(plan, (size_t)source->node_count + 2));
    for (uint32_t node = 0; node < source->node_count; node++) {
        struct record record;
        read_record(source, node, &record);
        BRN_TRY(record.is_leaf ? draft_leaf(plan, source, node, &record)
                               : draft_split(plan, source, node, &record));
    }
    return BRINE_OK;
}

static void place(struct brn_forest_plan *plan, uint32_t self, const struct brn_tree_draft *draft,
                  uint32_t left)
{
    size_t at = plan->node_count + self;
    if (plan->forest->layout == BRN_TREE_NARROW)
        ((struct brn_narrow_node *)plan->nodes)[at] = brn_narrow_placed(draft->node.narrow, left);
    else
        ((struct brn_wide_node *)plan->nodes)[at] = brn_wide_placed(draft->node.wide, left);
}

/* Breadth-first from the root, new number 1.  Every node has one parent at most, so that none is
 * met twice and next stays <= count + 1.  Returns the number of nodes that were reached. */
static uint32_t place_tree(struct brn_forest_plan *plan, uint32_t *ret_depth)
{
    uint32_t next = 2, level_end = 1, depth = 0;
    plan->order[1] = 0;
    for (uint32_t self = 1; self < next; self++) {
        const struct brn_tree_draft *draft = &plan->draft[plan->order[self]];
        if (self > level_end) {
            depth++;
            level_end = next - 1;
        }
        if (draft->left == draft->right) {
            place(plan, self, draft, self - 1);
            continue;
        }
        plan->order[next] = draft->left;
        plan->order[next + 1] = draft->right;
        place(plan, self, draft, next);
        next += 2;
    }
    *ret_depth = depth;
    return next - 1;
}

brine_status brn_forest_add_tree(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                                 size_t column)
{
    struct brn_tree *tree = &plan->trees[plan->forest->tree_count];
    *tree = (struct brn_tree){.first = plan->node_count, .column = (uint32_t)column};
    BRN_TRY(draft_tree(plan, source));
    uint32_t reached = place_tree(plan, &tree->depth);
    if (reached != source->node_count)
        return brn_ill_formed(plan->build, "nodes", "%u of %u nodes are not reached from the root",
                              source->node_count - reached, source->node_count);
    tree->node_count = source->node_count;
    plan->node_count += (size_t)source->node_count + 1;
    plan->forest->tree_count++;
    return BRINE_OK;
}

/* ---- the whole ---- */

struct extent {
    size_t nodes, leaves, largest, values;
};

static struct extent measure(const struct brn_tree_source *const *sources, size_t count)
{
    struct extent e = {0, 0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct brn_tree_source *s = sources[i];
        e.nodes += (size_t)s->node_count + 1;
        e.leaves += (size_t)s->node_count / 2 + 1;
        e.largest = s->node_count > e.largest ? s->node_count : e.largest;
        e.values = s->value_count > e.values ? s->value_count : e.values;
    }
    return e;
}

static bool fits_narrow(const struct extent *extent, size_t feature_count)
{
    return feature_count <= BRN_NARROW_MAX_FEATURES && extent->largest < BRN_NARROW_MAX_NODES - 2 &&
           extent->leaves <= BRN_NARROW_MAX_LEAVES;
}

brine_status brn_forest_begin(struct brn_forest_plan *plan, struct brn_build *build,
                              const struct brn_tree_source *const *sources, size_t count,
                              size_t feature_count, size_t leaf_width, bool wide)
{
    struct extent extent = measure(sources, count);
    struct brn_forest *forest = BRN_BUILD_NEW(build, struct brn_forest, 1);
    bool narrow = !wide && fits_narrow(&extent, feature_count);
    size_t node_size = narrow ? sizeof(struct brn_narrow_node) : sizeof(struct brn_wide_node);
    if (feature_count == 0 || feature_count > BRN_WIDE_MAX_FEATURES || extent.leaves >= UINT32_MAX)
        return brn_fail(build->err, BRINE_UNSUPPORTED, "%zu features and %zu leaves", feature_count,
                        extent.leaves);
    *plan = (struct brn_forest_plan){
        .build = build,
        .forest = forest,
        .feature_count = feature_count,
        .nodes = brn_arena_alloc(build->arena, extent.nodes, node_size, 64),
        .trees = BRN_BUILD_NEW(build, struct brn_tree, count),
        .leaf_capacity = 64,
        .leaves = brn_arena_alloc(build->arena, 64 * leaf_width, sizeof(double), sizeof(double)),
        .leaf = BRN_NEW(build->scratch, double, leaf_width + extent.values),
        .recent = BRN_NEW(build->scratch, uint32_t, RECENT_LEAVES),
    };
    if (!forest || !plan->nodes || !plan->trees || !plan->leaves || !plan->leaf || !plan->recent)
        return brn_fail_memory(build->err);
    forest->layout = narrow ? BRN_TREE_NARROW : BRN_TREE_WIDE;
    forest->leaf_width = leaf_width;
    return BRINE_OK;
}

struct brn_forest *brn_forest_end(struct brn_forest_plan *plan)
{
    struct brn_forest *forest = plan->forest;
    forest->nodes = plan->nodes;
    forest->trees = plan->trees;
    forest->leaves = plan->leaves;
    forest->sets = plan->sets;
    forest->category_limit = plan->categories.limit;
    forest->single = plan->single;
    /* a row's place among those under way must fit the gathers' 32 bits; features <= 256 see to
     * that */
    forest->gathers = forest->layout == BRN_TREE_NARROW && brn_gather_wins();
    return forest;
}
