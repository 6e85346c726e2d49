/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_catboost.h"

#include "base/json.h"
#include "estimators/boosters/shared_flatbuffer.h"

#include <math.h>

enum { MOST_FEATURES = 1 << 24, MOST_DIMENSION = 1 << 16, MOST_DEPTH = 16 };

/* Numbers of the fields, in the order of the schema. */
enum { CORE_VERSION, CORE_TREES, CORE_INFO, CORE_PARTS };
enum {
    TREES_DIMENSION,
    TREES_SPLITS,
    TREES_SIZES,
    TREES_OFFSETS,
    TREES_CATEGORICAL,
    TREES_FLOATS,
    TREES_ONE_HOT,
    TREES_CTR,
    TREES_LEAVES,
    TREES_WEIGHTS,
    TREES_STEPS,
    TREES_NODE_LEAVES,
    TREES_TEXTS,
    TREES_ESTIMATED,
    TREES_SCALE,
    TREES_BIAS,
    TREES_BIASES,
    TREES_BINS,
    TREES_EMBEDDINGS
};
enum { FLOAT_HAS_NANS, FLOAT_INDEX, FLOAT_FLAT_INDEX, FLOAT_BORDERS, FLOAT_NAME, FLOAT_NAN };
enum { OTHER_INDEX, OTHER_FLAT_INDEX, OTHER_NAME };
enum { INFO_KEY, INFO_VALUE };

enum { NAN_AS_IS, NAN_BELOW, NAN_ABOVE };

struct cbm {
    struct brn_build *build;
    struct brn_catboost *model;
    struct brn_flatbuffer flat;
    struct brn_flat_table core, trees;
};

static brine_status check(const struct cbm *c)
{
    const brine_error *e = &c->flat.error;
    if (e->status == BRINE_OK)
        return BRINE_OK;
    return brn_fail_at(c->build->err, e->status, 8 + e->offset, "%s", e->message);
}

static int32_t int_at(struct brn_flat_vector v, size_t i)
{
    return (int32_t)(uint32_t)brn_load_le(v.p + 4 * i, 4);
}

static float float_at(struct brn_flat_vector v, size_t i)
{
    uint32_t bits = (uint32_t)brn_load_le(v.p + 4 * i, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double double_at(struct brn_flat_vector v, size_t i)
{
    uint64_t bits = brn_load_le(v.p + 8 * i, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- features ---- */

static struct brn_flat_vector vector_of(struct cbm *c, uint32_t field, size_t size)
{
    return brn_flat_vector(&c->flat, c->trees, field, size);
}

static brine_status refuse_features(struct cbm *c)
{
    static const struct {
        uint32_t field;
        const char *what;
    } kinds[] = {
        {TREES_ONE_HOT, "one-hot splits of categorical features"},
        {TREES_CTR, "target statistics (CTR) of categorical features"},
        {TREES_ESTIMATED, "features estimated from texts or embeddings"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (vector_of(c, kinds[i].field, 4).count)
            return brn_unsupported(c->build, "__model", "%s", kinds[i].what);
    return check(c);
}

/* The columns of the input are numbered through all kinds of features. */
static brine_status count_features(struct cbm *c, struct brn_flat_vector features,
                                   uint32_t flat_index)
{
    struct brn_catboost *m = c->model;
    for (size_t i = 0; i < features.count; i++) {
        int32_t place =
            brn_flat_int(&c->flat, brn_flat_item(&c->flat, features, i), flat_index, -1);
        if (place < 0 || place >= MOST_FEATURES)
            return brn_ill_formed(c->build, "__model", "a feature is column %d", place);
        m->feature_count = (size_t)place >= m->feature_count ? (size_t)place + 1 : m->feature_count;
    }
    return check(c);
}

static bool is_unused(struct cbm *c, struct brn_flat_vector floats)
{
    bool unused = true;
    for (size_t i = 0; i < floats.count; i++)
        unused =
            unused &&
            brn_flat_vector(&c->flat, brn_flat_item(&c->flat, floats, i), FLOAT_BORDERS, 4).count ==
                0;
    return unused;
}

static brine_status take_borders(struct cbm *c, struct brn_flat_table feature)
{
    struct brn_catboost *m = c->model;
    struct brn_flat_vector borders = brn_flat_vector(&c->flat, feature, FLOAT_BORDERS, 4);
    uint8_t nan = brn_flat_byte(&c->flat, feature, FLOAT_NAN, NAN_AS_IS);
    if (nan > NAN_ABOVE)
        return brn_ill_formed(c->build, "__model", "NaN is treated in way %u", nan);
    for (size_t b = 0; b < borders.count; b++)
        m->splits[m->split_count++] = (struct brn_catboost_split){
            (uint32_t)brn_flat_int(&c->flat, feature, FLOAT_FLAT_INDEX, -1), float_at(borders, b),
            nan == NAN_ABOVE};
    return BRINE_OK;
}

/* Splits are numbered by feature and border. */
static brine_status read_splits(struct cbm *c, struct brn_flat_vector floats)
{
    struct brn_catboost *m = c->model;
    size_t count = 0;
    for (size_t i = 0; i < floats.count; i++)
        count +=
            brn_flat_vector(&c->flat, brn_flat_item(&c->flat, floats, i), FLOAT_BORDERS, 4).count;
    BRN_TRY(check(c));
    if (count > c->flat.bytes.n) /* hostile: the same borders again and again */
        return brn_ill_formed(c->build, "__model", "has %zu borders", count);
    m->splits = BRN_NEW(c->build->scratch, struct brn_catboost_split, count);
    if (!m->splits)
        return brn_fail_memory(c->build->err);
    for (size_t i = 0; i < floats.count; i++)
        BRN_TRY(take_borders(c, brn_flat_item(&c->flat, floats, i)));
    return check(c);
}

/* All of them or none. */
static brine_status read_names(struct cbm *c, struct brn_flat_vector floats)
{
    struct brn_catboost *m = c->model;
    struct brn_slice *names = BRN_NEW(c->build->scratch, struct brn_slice, m->feature_count);
    if (!names)
        return brn_fail_memory(c->build->err);
    for (size_t i = 0; i < floats.count; i++) {
        struct brn_flat_table feature = brn_flat_item(&c->flat, floats, i);
        int32_t place = brn_flat_int(&c->flat, feature, FLOAT_FLAT_INDEX, -1);
        if (place >= 0 && (size_t)place < m->feature_count)
            names[place] = brn_flat_text(&c->flat, feature, FLOAT_NAME);
    }
    for (size_t i = 0; i < m->feature_count; i++)
        if (names[i].n == 0)
            return check(c);
    m->names = names;
    return check(c);
}

static brine_status read_features(struct cbm *c)
{
    struct brn_flat_vector floats = vector_of(c, TREES_FLOATS, 4);
    BRN_TRY(refuse_features(c));
    BRN_TRY(count_features(c, floats, FLOAT_FLAT_INDEX));
    BRN_TRY(count_features(c, vector_of(c, TREES_CATEGORICAL, 4), OTHER_FLAT_INDEX));
    BRN_TRY(count_features(c, vector_of(c, TREES_TEXTS, 4), OTHER_FLAT_INDEX));
    BRN_TRY(count_features(c, vector_of(c, TREES_EMBEDDINGS, 4), OTHER_FLAT_INDEX));
    if (vector_of(c, TREES_CATEGORICAL, 4).count || vector_of(c, TREES_TEXTS, 4).count ||
        vector_of(c, TREES_EMBEDDINGS, 4).count)
        return brn_unsupported(c->build, "__model", "features that are no numbers");
    if (c->model->feature_count == 0)
        return brn_ill_formed(c->build, "__model", "has no features");
    BRN_TRY(read_splits(c, floats));
    return is_unused(c, floats) ? check(c) : read_names(c, floats);
}

/* ---- trees ---- */

struct trees {
    struct brn_flat_vector splits, sizes, leaves, steps, node_leaves;
    size_t first_split, first_leaf; /* of the tree under way */
};

static brine_status split_node(const struct cbm *c, const struct trees *t, size_t at,
                               struct brn_booster_node *node)
{
    int32_t number = int_at(t->splits, at);
    if (number < 0 || (size_t)number >= c->model->split_count)
        return brn_ill_formed(c->build, "__model", "split %d of %zu", number,
                              c->model->split_count);
    const struct brn_catboost_split *split = &c->model->splits[number];
    *node = (struct brn_booster_node){.feature = split->column,
                                      .threshold = (double)split->border,
                                      .missing_left = !split->missing_above};
    return BRINE_OK;
}

/* All nodes of a level ask the same; the k-th question is bit k of the leaf's number. */
static brine_status fill_symmetric(const struct cbm *c, const struct trees *t, size_t depth,
                                   struct brn_booster_tree *tree)
{
    size_t width = c->model->dimension;
    for (size_t level = 0; level < depth; level++) {
        size_t first = ((size_t)1 << level) - 1;
        BRN_TRY(split_node(c, t, t->first_split + level, &tree->nodes[first]));
        for (size_t k = 0; k < (size_t)1 << level; k++) {
            tree->nodes[first + k] = tree->nodes[first];
            tree->nodes[first + k].left = (int64_t)(2 * (first + k) + 1);
            tree->nodes[first + k].right = (int64_t)(2 * (first + k) + 2);
        }
    }
    size_t first = ((size_t)1 << depth) - 1;
    for (size_t k = 0; k < (size_t)1 << depth; k++) {
        size_t leaf = 0;
        for (size_t level = 0; level < depth; level++) /* the first question is k's highest bit */
            leaf |= (k >> (depth - 1 - level) & 1) << level;
        tree->nodes[first + k].is_leaf = 1;
        for (size_t d = 0; d < width; d++)
            tree->vectors[(first + k) * width + d] =
                double_at(t->leaves, t->first_leaf + leaf * width + d);
    }
    return BRINE_OK;
}

static brine_status make_tree(const struct cbm *c, size_t count, struct brn_booster_tree *tree)
{
    *tree = (struct brn_booster_tree){.count = count, .width = c->model->dimension};
    tree->nodes = BRN_NEW(c->build->scratch, struct brn_booster_node, count);
    tree->vectors = BRN_NEW(c->build->scratch, double, count * tree->width);
    return tree->nodes && tree->vectors ? BRINE_OK : brn_fail_memory(c->build->err);
}

static brine_status read_symmetric(const struct cbm *c, struct trees *t, size_t i,
                                   struct brn_booster_tree *tree)
{
    int32_t depth = int_at(t->sizes, i);
    if (depth < 0 || depth > MOST_DEPTH || (size_t)depth > t->splits.count - t->first_split)
        return brn_ill_formed(c->build, "__model", "tree %zu is %d deep", i, depth);
    size_t values = ((size_t)1 << depth) * c->model->dimension;
    if (values > t->leaves.count - t->first_leaf)
        return brn_ill_formed(c->build, "__model", "tree %zu has no values for its leaves", i);
    BRN_TRY(make_tree(c, ((size_t)2 << depth) - 1, tree));
    BRN_TRY(fill_symmetric(c, t, (size_t)depth, tree));
    t->first_split += (size_t)depth;
    t->first_leaf += values;
    return BRINE_OK;
}

/* ---- trees of any shape ---- */

/* Where a node's step is 0 it is a leaf itself: such a leaf is node size + k. */
static brine_status leaf_node(const struct cbm *c, const struct trees *t, size_t size, size_t k,
                              struct brn_booster_tree *tree)
{
    size_t width = c->model->dimension;
    uint32_t place = (uint32_t)int_at(t->node_leaves, t->first_split + k);
    struct brn_booster_node *leaf = &tree->nodes[size + k];
    if (place > t->leaves.count || width > t->leaves.count - place)
        return brn_ill_formed(c->build, "__model", "a leaf's values stand at %u of %zu", place,
                              t->leaves.count);
    leaf->is_leaf = 1;
    for (size_t d = 0; d < width; d++)
        tree->vectors[(size + k) * width + d] = double_at(t->leaves, place + d);
    return BRINE_OK;
}

static brine_status step_node(const struct cbm *c, const struct trees *t, size_t size, size_t k,
                              struct brn_booster_tree *tree)
{
    const uint8_t *steps = t->steps.p + 4 * (t->first_split + k);
    size_t left = (size_t)brn_load_le(steps, 2), right = (size_t)brn_load_le(steps + 2, 2);
    struct brn_booster_node *node = &tree->nodes[k];
    if (left == 0 || right == 0)
        BRN_TRY(leaf_node(c, t, size, k, tree));
    if (left == 0 && right == 0) {
        *node = tree->nodes[size + k];
        memcpy(tree->vectors + k * tree->width, tree->vectors + (size + k) * tree->width,
               tree->width * sizeof *tree->vectors);
        return BRINE_OK;
    }
    BRN_TRY(split_node(c, t, t->first_split + k, node));
    node->left = (int64_t)(left ? k + left : size + k);
    node->right = (int64_t)(right ? k + right : size + k);
    return BRINE_OK;
}

static brine_status read_stepping(const struct cbm *c, struct trees *t, size_t i,
                                  struct brn_booster_tree *tree)
{
    int32_t size = int_at(t->sizes, i);
    if (size < 1 || (size_t)size > t->splits.count - t->first_split)
        return brn_ill_formed(c->build, "__model", "tree %zu has %d nodes", i, size);
    BRN_TRY(make_tree(c, 2 * (size_t)size, tree));
    for (size_t k = 0; k < (size_t)size; k++) {
        BRN_TRY(step_node(c, t, (size_t)size, k, tree));
        if (!tree->nodes[k].is_leaf && !tree->nodes[size + (int32_t)k].is_leaf)
            tree->nodes[(size_t)size + k].is_leaf = 1; /* not reached: leaves no link unread */
    }
    t->first_split += (size_t)size;
    return BRINE_OK;
}

static brine_status read_all_trees(struct cbm *c, struct trees *t)
{
    struct brn_catboost *m = c->model;
    bool stepping = t->steps.count > 0;
    if (stepping && (t->steps.count != t->splits.count || t->node_leaves.count != t->splits.count))
        return brn_ill_formed(c->build, "__model", "has %zu steps for %zu nodes", t->steps.count,
                              t->splits.count);
    for (size_t i = 0; i < m->tree_count; i++) {
        struct brn_booster_tree *tree = &m->trees[i];
        BRN_TRY(stepping ? read_stepping(c, t, i, tree) : read_symmetric(c, t, i, tree));
        brine_status status = brn_booster_tree_compact(c->build, tree);
        if (status != BRINE_OK) {
            brn_error_within(c->build->err, "__model.trees[%zu]", i);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status read_biases(struct cbm *c)
{
    struct brn_catboost *m = c->model;
    struct brn_flat_vector biases = vector_of(c, TREES_BIASES, 8);
    double bias = brn_flat_double(&c->flat, c->trees, TREES_BIAS, 0);
    m->scale = brn_flat_double(&c->flat, c->trees, TREES_SCALE, 1);
    m->biases = BRN_NEW(c->build->scratch, double, m->dimension);
    if (!m->biases)
        return brn_fail_memory(c->build->err);
    if (biases.count && biases.count != m->dimension)
        return brn_ill_formed(c->build, "__model", "has %zu biases for %zu values", biases.count,
                              m->dimension);
    for (size_t d = 0; d < m->dimension; d++)
        m->biases[d] = biases.count ? double_at(biases, d) : bias;
    return check(c);
}

static brine_status read_trees(struct cbm *c)
{
    struct brn_catboost *m = c->model;
    int32_t dimension = brn_flat_int(&c->flat, c->trees, TREES_DIMENSION, 0);
    struct trees t = {.splits = vector_of(c, TREES_SPLITS, 4),
                      .sizes = vector_of(c, TREES_SIZES, 4),
                      .leaves = vector_of(c, TREES_LEAVES, 8),
                      .steps = vector_of(c, TREES_STEPS, 4),
                      .node_leaves = vector_of(c, TREES_NODE_LEAVES, 4)};
    BRN_TRY(check(c));
    if (dimension < 1 || dimension > MOST_DIMENSION)
        return brn_ill_formed(c->build, "__model", "its leaves have %d values", dimension);
    m->dimension = (size_t)dimension;
    m->tree_count = t.sizes.count;
    m->trees = BRN_NEW(c->build->scratch, struct brn_booster_tree, m->tree_count);
    if (!m->trees)
        return brn_fail_memory(c->build->err);
    BRN_TRY(read_biases(c));
    return read_all_trees(c, &t);
}

/* ---- the notes: loss and labels ---- */

static struct brn_slice find_note(struct cbm *c, const char *key)
{
    struct brn_flat_vector notes = brn_flat_vector(&c->flat, c->core, CORE_INFO, 4);
    for (size_t i = 0; i < notes.count; i++) {
        struct brn_flat_table note = brn_flat_item(&c->flat, notes, i);
        if (brn_slice_is(brn_flat_text(&c->flat, note, INFO_KEY), key))
            return brn_flat_text(&c->flat, note, INFO_VALUE);
    }
    return (struct brn_slice){NULL, 0};
}

static brine_status parse_note(struct cbm *c, const char *key, struct brn_json_value **ret_value)
{
    struct brn_slice text = find_note(c, key);
    *ret_value = NULL;
    BRN_TRY(check(c));
    if (text.n == 0)
        return BRINE_OK;
    brine_status status = brn_json_parse(text, 64, c->build->scratch, ret_value, c->build->err);
    if (status != BRINE_OK)
        brn_error_within(c->build->err, "%s", key);
    return status;
}

static bool label_of(const struct brn_json_value *json, struct brn_value *ret_label)
{
    bool is_number = json->kind == BRN_JSON_NUMBER;
    if (json->kind == BRN_JSON_STRING)
        *ret_label = (struct brn_value){.kind = BRN_VALUE_TEXT, .as = {.text = json->text}};
    else if (is_number && json->is_integer && (json->is_negative || json->integer <= INT64_MAX))
        *ret_label =
            (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = (int64_t)json->integer}};
    else if (is_number)
        *ret_label = (struct brn_value){.kind = BRN_VALUE_FLOAT, .as = {.real = json->number}};
    return is_number || json->kind == BRN_JSON_STRING;
}

static brine_status read_labels(struct cbm *c, const struct brn_json_value *names)
{
    struct brn_values *labels = &c->model->labels;
    if (!names || names->kind != BRN_JSON_ARRAY || names->count == 0)
        return BRINE_OK;
    labels->at = BRN_BUILD_NEW(c->build, struct brn_value, names->count);
    if (!labels->at)
        return brn_fail_memory(c->build->err);
    for (size_t i = 0; i < names->count; i++) {
        struct brn_value *label = &labels->at[i];
        if (!label_of(&names->items[i], label))
            return brn_unsupported(c->build, "__model",
                                   "class labels that are neither numbers "
                                   "nor texts");
        if (label->kind != BRN_VALUE_TEXT)
            continue;
        char *copy = brn_arena_text(c->build->arena, label->as.text);
        if (!copy)
            return brn_fail_memory(c->build->err);
        label->as.text.p = (const uint8_t *)copy;
    }
    labels->count = names->count;
    labels->present = true;
    return BRINE_OK;
}

static brine_status read_notes(struct cbm *c)
{
    struct brn_json_value *parameters, *classes;
    if (find_note(c, "binclass_probability_threshold").n)
        return brn_unsupported(c->build, "__model", "a probability threshold of its own");
    BRN_TRY(parse_note(c, "params", &parameters));
    BRN_TRY(parse_note(c, "class_params", &classes));
    const struct brn_json_value *loss = brn_json_get(parameters, "loss_function");
    c->model->loss = brn_json_text(brn_json_get(loss, "type"), "");
    return read_labels(c, brn_json_get(classes, "class_names"));
}

/* ---- the whole ---- */

static brine_status open_core(struct cbm *c, struct brn_slice bytes)
{
    uint64_t size;
    if (bytes.n < 8 || memcmp(bytes.p, "CBM1", 4) != 0)
        return brn_fail_at(c->build->err, BRINE_FORMAT, 0, "the model does not begin with CBM1");
    size = brn_load_le(bytes.p + 4, 4);
    if (size > bytes.n - 8)
        return brn_fail_at(c->build->err, BRINE_FORMAT, 4, "%llu bytes should follow, %zu do",
                           (unsigned long long)size, bytes.n - 8);
    c->flat = (struct brn_flatbuffer){.bytes = {bytes.p + 8, (size_t)size}};
    c->core = brn_flat_root(&c->flat);
    c->trees = brn_flat_child(&c->flat, c->core, CORE_TREES);
    BRN_TRY(check(c));
    if (!brn_slice_is(brn_flat_text(&c->flat, c->core, CORE_VERSION), "FlabuffersModel_v1"))
        return brn_unsupported(c->build, "__model", "a format other than FlabuffersModel_v1");
    return c->trees.at ? check(c) : brn_ill_formed(c->build, "__model", "has no trees");
}

brine_status brn_catboost_read(struct brn_build *build, struct brn_slice bytes,
                               struct brn_catboost **ret_model)
{
    struct cbm c = {.build = build};
    c.model = BRN_NEW(build->scratch, struct brn_catboost, 1);
    if (!c.model)
        return brn_fail_memory(build->err);
    BRN_TRY(open_core(&c, bytes));
    BRN_TRY(read_features(&c));
    BRN_TRY(read_trees(&c));
    BRN_TRY(read_notes(&c));
    *ret_model = c.model;
    return BRINE_OK;
}
