/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_lightgbm.h"

#include "base/number.h"

#include <math.h>

enum { MOST_FEATURES = 1 << 24, MOST_CLASSES = 1 << 16, MOST_LEAVES = 1 << 28 };

/* ---- lines ---- */

struct line {
    const char *key;
    struct brn_slice value;
    bool present;
};

struct text {
    struct brn_build *build;
    struct brn_slice left;
    struct brn_lightgbm *model;
};

/* The next line without its end; false at the end of the text. */
static bool next_line(struct text *t, struct brn_slice *ret_line)
{
    if (t->left.n == 0)
        return false;
    const uint8_t *end = memchr(t->left.p, '\n', t->left.n);
    size_t n = end ? (size_t)(end - t->left.p) : t->left.n, skipped = end ? n + 1 : n;
    *ret_line = (struct brn_slice){t->left.p, n};
    if (n && ret_line->p[n - 1] == '\r')
        ret_line->n--;
    t->left = (struct brn_slice){t->left.p + skipped, t->left.n - skipped};
    return true;
}

static bool begins(struct brn_slice line, const char *with)
{
    size_t n = strlen(with);
    return line.n >= n && memcmp(line.p, with, n) == 0;
}

/* Into the line of its key; other keys are passed over. */
static void take_line(struct line *lines, struct brn_slice line)
{
    for (struct line *l = lines; l->key; l++) {
        size_t n = strlen(l->key);
        bool alone = line.n == n && begins(line, l->key);
        if (!alone && !(begins(line, l->key) && line.n > n && line.p[n] == '='))
            continue;
        l->present = true;
        l->value = alone ? (struct brn_slice){NULL, 0}
                         : (struct brn_slice){line.p + n + 1, line.n - n - 1};
    }
}

/* ---- values ---- */

static brine_status bad_line(const struct text *t, const struct line *line)
{
    return brn_ill_formed(t->build, line->key,
                          line->present ? "does not hold the numbers that it should"
                                        : "is missing");
}

static brine_status read_integer(const struct text *t, const struct line *line, int64_t least,
                                 int64_t most, int64_t *ret_value)
{
    if (!line->present || !brn_parse_int64(line->value, ret_value) || *ret_value < least ||
        *ret_value > most)
        return bad_line(t, line);
    return BRINE_OK;
}

/* The next word of a list. */
static bool next_word(struct brn_slice *list, struct brn_slice *ret_word)
{
    while (list->n && *list->p == ' ')
        *list = (struct brn_slice){list->p + 1, list->n - 1};
    const uint8_t *end = list->n ? memchr(list->p, ' ', list->n) : NULL;
    size_t n = end ? (size_t)(end - list->p) : list->n;
    *ret_word = (struct brn_slice){list->p, n};
    *list = (struct brn_slice){list->n ? list->p + n : list->p, list->n - n};
    return n > 0;
}

static brine_status read_integers(const struct text *t, const struct line *line, size_t count,
                                  int64_t **ret_values)
{
    struct brn_slice list = line->value, word;
    if (!line->present || count > list.n / 2 + 1)
        return bad_line(t, line);
    int64_t *values = BRN_NEW(t->build->scratch, int64_t, count);
    if (!values)
        return brn_fail_memory(t->build->err);
    for (size_t i = 0; i < count; i++)
        if (!next_word(&list, &word) || !brn_parse_int64(word, &values[i]))
            return bad_line(t, line);
    if (next_word(&list, &word))
        return bad_line(t, line);
    *ret_values = values;
    return BRINE_OK;
}

static brine_status read_reals(const struct text *t, const struct line *line, size_t count,
                               double **ret_values)
{
    struct brn_slice list = line->value, word;
    if (!line->present || count > list.n / 2 + 1)
        return bad_line(t, line);
    double *values = BRN_NEW(t->build->scratch, double, count);
    if (!values)
        return brn_fail_memory(t->build->err);
    for (size_t i = 0; i < count; i++)
        if (!next_word(&list, &word) || !brn_parse_double(word, &values[i]))
            return bad_line(t, line);
    if (next_word(&list, &word))
        return bad_line(t, line);
    *ret_values = values;
    return BRINE_OK;
}

/* ---- the header ---- */

enum {
    HEADER_VERSION,
    HEADER_CLASSES,
    HEADER_TREES,
    HEADER_FEATURES,
    HEADER_OBJECTIVE,
    HEADER_AVERAGE,
    HEADER_NAMES,
    HEADER_INFOS,
    HEADER_COUNT
};

static brine_status read_names(struct text *t, struct brn_slice list)
{
    struct brn_lightgbm *m = t->model;
    struct brn_slice word;
    if ((uint64_t)m->feature_count > list.n / 2 + 1)
        return brn_ill_formed(t->build, "feature_names", "are not %lld",
                              (long long)m->feature_count);
    m->names = BRN_NEW(t->build->scratch, struct brn_slice, (size_t)m->feature_count);
    if (!m->names)
        return brn_fail_memory(t->build->err);
    for (int64_t i = 0; i < m->feature_count; i++) {
        if (!next_word(&list, &word))
            return brn_ill_formed(t->build, "feature_names", "are not %lld",
                                  (long long)m->feature_count);
        m->names[i] = word;
    }
    return BRINE_OK;
}

/* "[least:most]", "-1:0:3:4" of a category, "none" of what is the same in all rows. */
static brine_status read_infos(struct text *t, struct brn_slice list)
{
    struct brn_lightgbm *m = t->model;
    struct brn_slice word;
    m->is_categorical = BRN_NEW(t->build->scratch, uint8_t, (size_t)m->feature_count);
    if (!m->is_categorical)
        return brn_fail_memory(t->build->err);
    for (int64_t i = 0; i < m->feature_count && next_word(&list, &word); i++)
        m->is_categorical[i] = word.p[0] == '-' || (word.p[0] >= '0' && word.p[0] <= '9');
    return BRINE_OK;
}

static brine_status fill_header(struct text *t, const struct line *lines)
{
    struct brn_lightgbm *m = t->model;
    struct brn_slice version = lines[HEADER_VERSION].value;
    int64_t last = 0;
    if (version.n < 2 || version.p[0] != 'v' ||
        !brn_parse_int64((struct brn_slice){version.p + 1, version.n - 1}, &m->format))
        return bad_line(t, &lines[HEADER_VERSION]);
    if (m->format < 2 || m->format > 4)
        return brn_unsupported(t->build, "version", "model format v%lld", (long long)m->format);
    BRN_TRY(read_integer(t, &lines[HEADER_CLASSES], 1, MOST_CLASSES, &m->class_count));
    m->trees_a_round = m->class_count;
    if (lines[HEADER_TREES].present)
        BRN_TRY(read_integer(t, &lines[HEADER_TREES], 1, MOST_CLASSES, &m->trees_a_round));
    BRN_TRY(read_integer(t, &lines[HEADER_FEATURES], 0, MOST_FEATURES - 1, &last));
    m->feature_count = last + 1;
    m->objective = lines[HEADER_OBJECTIVE].value;
    m->averages = lines[HEADER_AVERAGE].present;
    BRN_TRY(read_names(t, lines[HEADER_NAMES].value));
    return read_infos(t, lines[HEADER_INFOS].value);
}

/* Up to the first tree, or to what ends them. */
static brine_status read_header(struct text *t)
{
    struct line lines[HEADER_COUNT + 1] = {
        [HEADER_VERSION] = {.key = "version"},
        [HEADER_CLASSES] = {.key = "num_class"},
        [HEADER_TREES] = {.key = "num_tree_per_iteration"},
        [HEADER_FEATURES] = {.key = "max_feature_idx"},
        [HEADER_OBJECTIVE] = {.key = "objective"},
        [HEADER_AVERAGE] = {.key = "average_output"},
        [HEADER_NAMES] = {.key = "feature_names"},
        [HEADER_INFOS] = {.key = "feature_infos"},
    };
    struct brn_slice line, before = t->left;
    if (!next_line(t, &line) || !brn_slice_is(line, "tree"))
        return brn_fail_at(t->build->err, BRINE_MODEL, 0, "the text does not begin with \"tree\"");
    while (next_line(t, &line)) {
        if (begins(line, "Tree=") || begins(line, "end of trees") ||
            begins(line, "feature importances") || begins(line, "feature_importances")) {
            t->left = before;
            break;
        }
        take_line(lines, line);
        before = t->left;
    }
    return fill_header(t, lines);
}

/* ---- trees ---- */

enum {
    TREE_LEAVES,
    TREE_CATEGORIES,
    TREE_VALUES,
    TREE_LEFT,
    TREE_RIGHT,
    TREE_FEATURES,
    TREE_THRESHOLDS,
    TREE_DECISIONS,
    TREE_BOUNDS,
    TREE_WORDS,
    TREE_LINEAR,
    TREE_CONSTANTS,
    TREE_COUNTS,
    TREE_LINEAR_FEATURES,
    TREE_COEFFICIENTS,
    TREE_COUNT
};

static const char *const tree_keys[TREE_COUNT] = {
    [TREE_LEAVES] = "num_leaves",       [TREE_CATEGORIES] = "num_cat",
    [TREE_VALUES] = "leaf_value",       [TREE_LEFT] = "left_child",
    [TREE_RIGHT] = "right_child",       [TREE_FEATURES] = "split_feature",
    [TREE_THRESHOLDS] = "threshold",    [TREE_DECISIONS] = "decision_type",
    [TREE_BOUNDS] = "cat_boundaries",   [TREE_WORDS] = "cat_threshold",
    [TREE_LINEAR] = "is_linear",        [TREE_CONSTANTS] = "leaf_const",
    [TREE_COUNTS] = "num_features",     [TREE_LINEAR_FEATURES] = "leaf_features",
    [TREE_COEFFICIENTS] = "leaf_coeff",
};

static brine_status read_categories(const struct text *t, const struct line *lines,
                                    struct brn_lightgbm_tree *tree)
{
    int64_t *words = NULL, last;
    if (tree->category_count == 0)
        return BRINE_OK;
    BRN_TRY(
        read_integers(t, &lines[TREE_BOUNDS], tree->category_count + 1, &tree->category_bounds));
    for (size_t i = 0; i < tree->category_count; i++)
        if (tree->category_bounds[i] < 0 || tree->category_bounds[i] > tree->category_bounds[i + 1])
            return bad_line(t, &lines[TREE_BOUNDS]);
    last = tree->category_bounds[tree->category_count];
    BRN_TRY(read_integers(t, &lines[TREE_WORDS], (size_t)last, &words));
    tree->category_words = BRN_NEW(t->build->scratch, uint32_t, (size_t)last);
    if (!tree->category_words || !words)
        return brn_fail_memory(t->build->err);
    for (int64_t i = 0; i < last; i++) {
        if (words[i] < 0 || words[i] > UINT32_MAX)
            return bad_line(t, &lines[TREE_WORDS]);
        tree->category_words[i] = (uint32_t)words[i];
    }
    return BRINE_OK;
}

static brine_status check_linear_feature(const struct text *t, int64_t feature)
{
    if (feature >= 0 && feature < t->model->feature_count)
        return BRINE_OK;
    return brn_ill_formed(t->build, "leaf_features", "names feature %lld of %lld",
                          (long long)feature, (long long)t->model->feature_count);
}

static brine_status read_linear(const struct text *t, const struct line *lines,
                                struct brn_lightgbm_tree *tree)
{
    int64_t is_linear = 0, *counts = NULL;
    size_t total = 0;
    struct brn_lightgbm_linear *linear = BRN_NEW(t->build->scratch, struct brn_lightgbm_linear, 1);
    if (lines[TREE_LINEAR].present)
        BRN_TRY(read_integer(t, &lines[TREE_LINEAR], 0, 1, &is_linear));
    if (!is_linear)
        return BRINE_OK;
    if (!linear)
        return brn_fail_memory(t->build->err);
    BRN_TRY(read_reals(t, &lines[TREE_CONSTANTS], tree->leaf_count, &linear->constants));
    BRN_TRY(read_integers(t, &lines[TREE_COUNTS], tree->leaf_count, &counts));
    linear->starts = BRN_NEW(t->build->scratch, size_t, tree->leaf_count + 1);
    if (!linear->starts || !counts)
        return brn_fail_memory(t->build->err);
    for (size_t k = 0; k < tree->leaf_count; k++) {
        if (counts[k] < 0 || counts[k] > t->model->feature_count)
            return bad_line(t, &lines[TREE_COUNTS]);
        linear->starts[k] = total;
        total += (size_t)counts[k];
    }
    linear->starts[tree->leaf_count] = total;
    BRN_TRY(read_integers(t, &lines[TREE_LINEAR_FEATURES], total, &linear->features));
    BRN_TRY(read_reals(t, &lines[TREE_COEFFICIENTS], total, &linear->coefficients));
    for (size_t i = 0; i < total; i++)
        BRN_TRY(check_linear_feature(t, linear->features[i]));
    tree->linear = linear;
    return BRINE_OK;
}

/* What the arrays of a tree's splits say, as nodes. */
struct splits {
    int64_t *left, *right, *feature, *decision;
    double *threshold;
};

/* A child below 0 is leaf ~child. */
static int64_t node_of(const struct brn_lightgbm_tree *tree, int64_t child)
{
    return child < 0 ? (int64_t)tree->split_count + ~child : child;
}

static void fill_split(const struct splits *s, size_t i, struct brn_lightgbm_tree *tree)
{
    tree->missing_types[i] = (uint8_t)(s->decision[i] >> 2 & 3);
    tree->tree.nodes[i] = (struct brn_booster_node){
        .left = node_of(tree, s->left[i]),
        .right = node_of(tree, s->right[i]),
        .feature = s->feature[i],
        .threshold = s->threshold[i],
        .missing_left = (s->decision[i] & 2) != 0,
        .is_categorical = s->decision[i] & 1,
    };
}

static brine_status read_splits(const struct text *t, const struct line *lines,
                                struct brn_lightgbm_tree *tree)
{
    struct splits s;
    size_t count = tree->split_count;
    if (count == 0)
        return BRINE_OK;
    BRN_TRY(read_integers(t, &lines[TREE_LEFT], count, &s.left));
    BRN_TRY(read_integers(t, &lines[TREE_RIGHT], count, &s.right));
    BRN_TRY(read_integers(t, &lines[TREE_FEATURES], count, &s.feature));
    BRN_TRY(read_integers(t, &lines[TREE_DECISIONS], count, &s.decision));
    BRN_TRY(read_reals(t, &lines[TREE_THRESHOLDS], count, &s.threshold));
    for (size_t i = 0; i < count; i++) {
        if (s.decision[i] < 0 || s.decision[i] > 15 || (s.decision[i] >> 2 & 3) == 3)
            return bad_line(t, &lines[TREE_DECISIONS]);
        if (s.feature[i] < 0 || s.feature[i] >= t->model->feature_count)
            return bad_line(t, &lines[TREE_FEATURES]);
        fill_split(&s, i, tree);
    }
    return BRINE_OK;
}

static brine_status fill_tree(const struct text *t, const struct line *lines,
                              struct brn_lightgbm_tree *tree)
{
    int64_t leaves = 0, categories = 0;
    double *values = NULL;
    BRN_TRY(read_integer(t, &lines[TREE_LEAVES], 1, MOST_LEAVES, &leaves));
    BRN_TRY(read_integer(t, &lines[TREE_CATEGORIES], 0, MOST_LEAVES, &categories));
    tree->leaf_count = (size_t)leaves;
    tree->split_count = tree->leaf_count - 1;
    tree->category_count = (size_t)categories;
    BRN_TRY(read_reals(t, &lines[TREE_VALUES], tree->leaf_count, &values));
    tree->tree.count = tree->split_count + tree->leaf_count;
    tree->tree.nodes = BRN_NEW(t->build->scratch, struct brn_booster_node, tree->tree.count);
    tree->missing_types = BRN_NEW(t->build->scratch, uint8_t, tree->tree.count);
    if (!tree->tree.nodes || !tree->missing_types || !values)
        return brn_fail_memory(t->build->err);
    for (size_t k = 0; k < tree->leaf_count; k++)
        tree->tree.nodes[tree->split_count + k] =
            (struct brn_booster_node){.is_leaf = 1, .value = values[k]};
    BRN_TRY(read_splits(t, lines, tree));
    BRN_TRY(read_categories(t, lines, tree));
    return read_linear(t, lines, tree);
}

/* The block of one tree ends where the next begins, or with an empty line behind which something
 * else does. */
static brine_status read_tree(struct text *t, struct brn_lightgbm_tree *tree)
{
    struct line lines[TREE_COUNT + 1] = {{.key = NULL}};
    struct brn_slice line, before = t->left;
    for (size_t i = 0; i < TREE_COUNT; i++)
        lines[i].key = tree_keys[i];
    while (next_line(t, &line)) {
        if (begins(line, "Tree=") || begins(line, "end of trees") ||
            begins(line, "feature importances") || begins(line, "feature_importances") ||
            begins(line, "parameters:")) {
            t->left = before;
            break;
        }
        take_line(lines, line);
        before = t->left;
    }
    return fill_tree(t, lines, tree);
}

static brine_status read_trees(struct text *t)
{
    struct brn_lightgbm *m = t->model;
    struct brn_slice line;
    size_t capacity = 0;
    while (next_line(t, &line) && begins(line, "Tree=")) {
        if (!BRN_ARENA_RESERVE(t->build->scratch, m->trees, m->tree_count, capacity))
            return brn_fail_memory(t->build->err);
        m->trees[m->tree_count] = (struct brn_lightgbm_tree){.split_count = 0};
        brine_status status = read_tree(t, &m->trees[m->tree_count]);
        if (status != BRINE_OK) {
            brn_error_within(t->build->err, "Tree=%zu", m->tree_count);
            return status;
        }
        m->tree_count++;
    }
    return BRINE_OK;
}

brine_status brn_lightgbm_read(struct brn_build *build, struct brn_slice text,
                               struct brn_lightgbm **ret_model)
{
    struct text t = {.build = build, .left = text};
    t.model = BRN_NEW(build->scratch, struct brn_lightgbm, 1);
    if (!t.model)
        return brn_fail_memory(build->err);
    BRN_TRY(read_header(&t));
    BRN_TRY(read_trees(&t));
    if (t.model->tree_count % (uint64_t)t.model->trees_a_round != 0)
        return brn_ill_formed(build, "num_tree_per_iteration", "is %lld, there are %zu trees",
                              (long long)t.model->trees_a_round, t.model->tree_count);
    *ret_model = t.model;
    return BRINE_OK;
}
