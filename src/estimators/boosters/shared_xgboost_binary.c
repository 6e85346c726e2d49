/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_xgboost_binary.c - the binary format: structs as they lay in memory, little-endian.
 * LearnerModelParam (136 bytes), GBTreeModelParam (160), TreeParam (148), nodes (20) and their
 * statistics (16), dart's weights, GBLinearModelParam (136). */
#include "base/reader.h"
#include "estimators/boosters/shared_xgboost.h"

enum {
    MODEL_BYTES = 136,
    TREES_BYTES = 160,
    TREE_BYTES = 148,
    NODE_BYTES = 20,
    STATISTICS_BYTES = 16,
    LINEAR_BYTES = 136,
    MOST_TEXT = 1 << 20,
};

struct binary {
    struct brn_reader in;
    struct brn_build *build;
    struct brn_xgboost *model;
};

static float load_float(const uint8_t *p)
{
    uint32_t bits = (uint32_t)brn_load_le(p, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t load_u32(const uint8_t *p)
{
    return (uint32_t)brn_load_le(p, 4);
}

static int32_t load_i32(const uint8_t *p)
{
    return (int32_t)load_u32(p);
}

/* A std::string: its length, and its bytes. */
static struct brn_slice read_text(struct binary *b)
{
    uint64_t n = brn_read_u64le(&b->in);
    if (n > MOST_TEXT)
        brn_reader_fail(&b->in, BRINE_FORMAT, "a text of %llu bytes", (unsigned long long)n);
    return brn_read(&b->in, brn_reader_ok(&b->in) ? n : 0);
}

/* A std::vector<float> of count values. */
static double *read_floats(struct binary *b, size_t count)
{
    if (brn_read_u64le(&b->in) != count)
        brn_reader_fail(&b->in, BRINE_FORMAT, "%zu values should stand here", count);
    struct brn_slice bytes = brn_read(&b->in, brn_reader_ok(&b->in) ? (uint64_t)count * 4 : 0);
    double *values = BRN_NEW(b->build->scratch, double, bytes.n / 4);
    for (size_t i = 0; values && i < bytes.n / 4; i++)
        values[i] = (double)load_float(bytes.p + 4 * i);
    return values;
}

/* ---- the learner ---- */

/* major and minor stand where releases before 1.0 left zeros. */
static brine_status read_version(struct binary *b, const uint8_t *p)
{
    uint32_t major = load_u32(p + 20), minor = load_u32(p + 24);
    if (major > 99 || minor > 99)
        return brn_ill_formed(b->build, "version", "is %u.%u", major, minor);
    b->model->release = major ? major * 10000 + minor * 100 : 9000;
    b->model->base_is_margin = major == 0;
    b->model->version =
        major ? brn_arena_printf(b->build->scratch, "%u.%u", major, minor) : "0.90 or older";
    return b->model->version ? BRINE_OK : brn_fail_memory(b->build->err);
}

static brine_status read_parameters(struct binary *b)
{
    struct brn_xgboost *m = b->model;
    struct brn_slice bytes = brn_read(&b->in, MODEL_BYTES);
    if (!bytes.n)
        return BRINE_OK;
    m->base_scores = BRN_NEW(b->build->scratch, double, 1);
    if (!m->base_scores)
        return brn_fail_memory(b->build->err);
    m->base_scores[0] = (double)load_float(bytes.p);
    m->base_count = 1;
    m->feature_count = load_u32(bytes.p + 4);
    m->class_count = load_i32(bytes.p + 8);
    m->target_count = 1;
    BRN_TRY(read_version(b, bytes.p));
    return brn_xgboost_check_counts(b->build, m);
}

static brine_status read_names(struct binary *b)
{
    struct brn_slice objective = read_text(b), booster = read_text(b);
    struct brn_xgboost *m = b->model;
    m->objective = brn_arena_text(b->build->scratch, objective);
    if (!m->objective)
        return brn_fail_memory(b->build->err);
    if (brn_slice_is(booster, "gblinear"))
        m->booster = BRN_XGBOOST_LINEAR;
    else if (brn_slice_is(booster, "dart"))
        m->booster = BRN_XGBOOST_DART;
    else if (!brn_slice_is(booster, "gbtree"))
        brn_reader_fail(&b->in, BRINE_UNSUPPORTED, "\"%.*s\" is no booster that brine knows",
                        (int)(booster.n < 40 ? booster.n : 40),
                        booster.n ? (const char *)booster.p : "");
    return BRINE_OK;
}

/* ---- trees ---- */

static struct brn_booster_node read_node(const uint8_t *p)
{
    uint32_t split = load_u32(p + 12);
    double info = (double)load_float(p + 16);
    int32_t left = load_i32(p + 4);
    return (struct brn_booster_node){
        .left = left,
        .right = load_i32(p + 8),
        .feature = split & INT32_MAX,
        .missing_left = split >> 31 != 0,
        .is_leaf = left == -1,
        .threshold = info,
        .value = info,
    };
}

static brine_status read_tree(struct binary *b, struct brn_xgboost_tree *ret_tree)
{
    struct brn_slice parameters = brn_read(&b->in, TREE_BYTES);
    int32_t count = parameters.n ? load_i32(parameters.p + 4) : 0;
    if (parameters.n && (count < 1 || load_i32(parameters.p + 20) != 0))
        brn_reader_fail(&b->in, BRINE_FORMAT, "a tree of %d nodes", count);
    struct brn_slice nodes =
        brn_read(&b->in, brn_reader_ok(&b->in) ? (uint64_t)count * NODE_BYTES : 0);
    (void)brn_read(&b->in, brn_reader_ok(&b->in) ? (uint64_t)count * STATISTICS_BYTES : 0);
    if (!brn_reader_ok(&b->in))
        return BRINE_OK;
    struct brn_booster_tree *tree = &ret_tree->tree;
    tree->count = (size_t)count;
    tree->nodes = BRN_NEW(b->build->scratch, struct brn_booster_node, tree->count);
    if (!tree->nodes)
        return brn_fail_memory(b->build->err);
    for (size_t i = 0; i < tree->count; i++)
        tree->nodes[i] = read_node(nodes.p + i * NODE_BYTES);
    return BRINE_OK;
}

static void read_groups(struct binary *b)
{
    struct brn_xgboost *m = b->model;
    struct brn_slice groups = brn_read(&b->in, (uint64_t)m->tree_count * 4);
    for (size_t i = 0; i < groups.n / 4; i++)
        m->trees[i].group = load_i32(groups.p + 4 * i);
}

static brine_status read_trees(struct binary *b)
{
    struct brn_xgboost *m = b->model;
    struct brn_slice parameters = brn_read(&b->in, TREES_BYTES);
    int32_t count = parameters.n ? load_i32(parameters.p) : 0;
    if (count < 0 || (uint64_t)count > brn_reader_left(&b->in) / TREE_BYTES)
        brn_reader_fail(&b->in, BRINE_FORMAT, "%d trees", count);
    if (!brn_reader_ok(&b->in))
        return BRINE_OK;
    m->tree_count = (size_t)count;
    m->trees = BRN_NEW(b->build->scratch, struct brn_xgboost_tree, m->tree_count);
    if (!m->trees)
        return brn_fail_memory(b->build->err);
    for (size_t i = 0; i < m->tree_count && brn_reader_ok(&b->in); i++)
        BRN_TRY(read_tree(b, &m->trees[i]));
    read_groups(b);
    if (m->booster == BRN_XGBOOST_DART && m->tree_count &&
        !(m->tree_weights = read_floats(b, m->tree_count)))
        return brn_fail_memory(b->build->err);
    return BRINE_OK;
}

/* ---- linear ---- */

static brine_status read_linear(struct binary *b)
{
    struct brn_xgboost *m = b->model;
    uint64_t groups = m->groups;
    (void)brn_read(&b->in, LINEAR_BYTES);
    uint64_t count = ((uint64_t)m->feature_count + 1) * groups;
    if (count > brn_reader_left(&b->in) / 4)
        brn_reader_fail(&b->in, BRINE_FORMAT, "%llu weights should stand here",
                        (unsigned long long)count);
    m->weights = read_floats(b, brn_reader_ok(&b->in) ? (size_t)count : 0);
    return m->weights ? BRINE_OK : brn_fail_memory(b->build->err);
}

/* ---- the whole ---- */

static brine_status read_all(struct binary *b)
{
    if (brn_reader_left(&b->in) >= 4 && memcmp(b->in.at, "binf", 4) == 0)
        (void)brn_read(&b->in, 4);
    BRN_TRY(read_parameters(b));
    BRN_TRY(read_names(b));
    if (!brn_reader_ok(&b->in))
        return BRINE_OK;
    return b->model->booster == BRN_XGBOOST_LINEAR ? read_linear(b) : read_trees(b);
}

/* "CONFIG-offset:", where the JSON of parameters begins, the model, and that JSON. */
static struct brn_slice unwrap(struct brn_slice bytes)
{
    static const char header[] = "CONFIG-offset:";
    size_t skipped = sizeof header - 1 + 8;
    if (bytes.n < skipped || memcmp(bytes.p, header, sizeof header - 1) != 0)
        return bytes;
    uint64_t offset = brn_load_le(bytes.p + sizeof header - 1, 8);
    struct brn_slice rest = {bytes.p + skipped, bytes.n - skipped};
    rest.n = offset < rest.n ? (size_t)offset : rest.n;
    return rest;
}

brine_status brn_xgboost_read_binary(struct brn_build *build, struct brn_slice bytes,
                                     struct brn_xgboost *model)
{
    struct binary b = {.build = build, .model = model};
    brn_reader_init(&b.in, unwrap(bytes));
    BRN_TRY(read_all(&b));
    if (!brn_reader_ok(&b.in))
        return brn_fail_at(build->err, b.in.error.status, b.in.error.offset, "%s",
                           b.in.error.message);
    return BRINE_OK;
}
