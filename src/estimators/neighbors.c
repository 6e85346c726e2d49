/* SPDX-License-Identifier: Apache-2.0
 *
 * neighbors.c - KNeighborsClassifier, KNeighborsRegressor, RadiusNeighborsClassifier and
 * RadiusNeighborsRegressor.  sklearn/neighbors/_classification.py and _regression.py. */
#include "estimators/shared_neighbor_ties.h"

#include <math.h>

/* ---- preparing ---- */

static brine_status read_targets(struct brn_neighbor_model *m, struct brn_build *build,
                                 struct brn_matrix *ret_targets)
{
    brine_status status = brn_decode_matrix(build, m->targets_node, ret_targets);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "_y");
        return status;
    }
    m->one_dimension = ret_targets->dimensions == 1;
    size_t rows = m->one_dimension ? ret_targets->columns : ret_targets->rows;
    m->outputs = m->one_dimension ? 1 : ret_targets->columns;
    if (!ret_targets->present || ret_targets->dimensions == 0 || rows != m->neighbors.tree.count ||
        m->outputs == 0)
        return brn_ill_formed(build, "_y", "has %zu rows for %zu training rows", rows,
                              m->neighbors.tree.count);
    return BRINE_OK;
}

static brine_status read_codes(struct brn_neighbor_model *m, struct brn_build *build)
{
    struct brn_matrix targets = {0};
    BRN_TRY(read_targets(m, build, &targets));
    BRN_TRY(brn_class_outputs_read(build, m->classes, m->several ? (int64_t)m->outputs : 1,
                                   &m->labels));
    if (m->labels.count != m->outputs)
        return brn_ill_formed(build, "_y", "has %zu outputs for %zu of classes_", m->outputs,
                              m->labels.count);
    m->codes = BRN_BUILD_NEW(build, int32_t, m->neighbors.tree.count * m->outputs);
    if (!m->codes)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->neighbors.tree.count * m->outputs; i++) {
        double code = targets.values[i];
        if (!(code >= 0 && code < (double)m->labels.classes[i % m->outputs]))
            return brn_ill_formed(build, "_y", "training row %zu is of class %g", i / m->outputs,
                                  code);
        m->codes[i] = (int32_t)code;
    }
    return BRINE_OK;
}

static brine_status prepare_k_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_neighbors_prepare_k(&m->neighbors, me, build));
    return read_codes(m, build);
}

static brine_status read_numbers(struct brn_neighbor_model *m, struct brn_build *build)
{
    struct brn_matrix targets = {0};
    BRN_TRY(read_targets(m, build, &targets));
    if (targets.kind == 'f' && targets.itemsize < 8)
        return brn_unsupported(build, "_y", "is float%d: means of these are not run",
                               8 * targets.itemsize);
    m->targets = targets.values;
    m->whole_targets = targets.kind == 'i';
    return BRINE_OK;
}

static brine_status prepare_k_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_neighbors_prepare_k(&m->neighbors, me, build));
    return read_numbers(m, build);
}

static brine_status prepare_radius_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_neighbors_prepare_radius(&m->neighbors, me, build));
    return read_numbers(m, build);
}

/* The code of an outlier's label; -1 when it is no class. */
static brine_status read_outlier(struct brn_neighbor_model *m, struct brn_build *build,
                                 const struct brn_node *node, size_t output)
{
    struct brn_value value;
    const struct brn_dictionary *labels = m->labels.labels[output];
    BRN_TRY(brn_decode_value(build, node, &value));
    m->outliers[output] = -1;
    for (size_t c = 0; c < labels->count; c++)
        if (brn_value_equal(labels->values[c], value))
            m->outliers[output] = (int32_t)c;
    if (m->outliers[output] < 0)
        return brn_unsupported(build, "", "is no class of the training rows");
    return BRINE_OK;
}

static brine_status read_outliers(struct brn_neighbor_model *m, struct brn_build *build)
{
    const struct brn_node *node = m->outlier_node;
    bool is_list = brn_is(node, BRN_LIST) || brn_is(node, BRN_TUPLE);
    if (!node || brn_is(node, BRN_NONE))
        return BRINE_OK;
    m->outliers = BRN_BUILD_NEW(build, int32_t, m->outputs);
    if (!m->outliers)
        return brn_fail_memory(build->err);
    if (is_list ? brn_node_count(node) != m->outputs : m->outputs > 1)
        return brn_unsupported(build, "outlier_label_", "is no label an output");
    for (size_t o = 0; o < m->outputs; o++) {
        brine_status status = read_outlier(m, build, is_list ? brn_node_item(node, o) : node, o);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "outlier_label_");
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status prepare_radius_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_neighbors_prepare_radius(&m->neighbors, me, build));
    BRN_TRY(read_codes(m, build));
    return read_outliers(m, build);
}

/* ---- binding ---- */

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->neighbors.columns));
    BRN_TRY(brn_class_outputs_bind(build, me, &m->labels));
    me->out[BRINE_METHOD_PREDICT_LOG_PROBA] = NULL; /* these have none */
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct brn_neighbor_model *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->neighbors.columns));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->outputs, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = !m->one_dimension;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

/* ---- the k nearest ---- */

static brine_status start_near(const struct brn_neighbor_model *m, size_t n, struct brn_work *work,
                               struct brn_near *ret_near)
{
    *ret_near = (struct brn_near){.m = m, .room = brn_work_take(work, n, sizeof(double)), .n = n};
    return ret_near->room ? BRINE_OK : brn_fail_memory(work->err);
}

static void row_of(struct brn_near *near, const struct brn_found *found, size_t r)
{
    near->indices = found->indices + r * near->n;
    if (!near->m->neighbors.by_distance)
        return;
    near->weights = found->distances + r * near->n;
    brn_neighbors_weigh(near->weights, near->n, false);
}

enum weightless { STAYS, REFUSED };

static const struct brn_era weightless_eras[] = {
    {0, 10400, STAYS,
     "a row whose neighbours all are infinitely far has the first class, and no shares"},
    {10400, 0, REFUSED, "such a row is refused"},
    BRN_ERA_END,
};

static brine_status check_weights(const struct brn_instance *me, const struct brn_near *near,
                                  const struct brn_tile *in, size_t r, const struct brn_work *work)
{
    for (size_t i = 0; near->weights && i < near->n; i++)
        if (near->weights[i] != 0)
            return BRINE_OK;
    if (!near->weights || brn_era_behaviour(weightless_eras, me->version) == STAYS)
        return BRINE_OK;
    return brn_refuse(work, in, r, NULL, "all neighbours are infinitely far");
}

static brine_status predict_class(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct brn_found found;
    struct brn_near near;
    double *votes = brn_work_take(work, m->labels.most, sizeof *votes);
    BRN_TRY(brn_neighbors_nearest(&m->neighbors, in, work, &found));
    BRN_TRY(start_near(m, (size_t)m->neighbors.k, work, &near));
    if (!votes)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        BRN_TRY(brn_near_check_tied(m, &found, in, r, true, work));
        row_of(&near, &found, r);
        BRN_TRY(check_weights(me, &near, in, r, work));
        for (size_t o = 0; o < m->outputs; o++)
            out->codes[r * out->code_stride + o] = brn_near_mode(&near, o, votes);
    }
    return BRINE_OK;
}

static brine_status predict_shares(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct brn_found found;
    struct brn_near near;
    BRN_TRY(brn_neighbors_nearest(&m->neighbors, in, work, &found));
    BRN_TRY(start_near(m, (size_t)m->neighbors.k, work, &near));
    for (size_t r = 0; r < in->rows; r++) {
        BRN_TRY(brn_near_check_tied(m, &found, in, r, false, work));
        row_of(&near, &found, r);
        BRN_TRY(check_weights(me, &near, in, r, work));
        brn_near_shares(&near, true, out->numbers + r * out->number_stride);
    }
    return BRINE_OK;
}

static brine_status predict_number(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct brn_found found;
    struct brn_near near;
    BRN_TRY(brn_neighbors_nearest(&m->neighbors, in, work, &found));
    BRN_TRY(start_near(m, (size_t)m->neighbors.k, work, &near));
    for (size_t r = 0; r < in->rows; r++) {
        BRN_TRY(brn_near_check_tied(m, &found, in, r, false, work));
        row_of(&near, &found, r);
        for (size_t o = 0; o < m->outputs; o++)
            out->numbers[r * out->number_stride + o] =
                near.weights ? brn_near_weighted_mean(&near, o, false) : brn_near_mean(&near, o);
    }
    return BRINE_OK;
}

/* ---- those within a radius ---- */

struct radius_search {
    const double *x;
    size_t stride;
    struct brn_found found;
    struct brn_near near;
};

static brine_status start_radius(const struct brn_neighbor_model *m, const struct brn_tile *in,
                                 struct brn_work *work, struct radius_search *s)
{
    size_t count = m->neighbors.tree.count;
    BRN_TRY(brn_neighbors_rows(&m->neighbors, in, work, &s->x, &s->stride));
    BRN_TRY(start_near(m, count, work, &s->near));
    s->found.distances = brn_work_take(work, count, sizeof(double));
    s->found.indices = brn_work_take(work, count, sizeof(uint32_t));
    return s->found.distances && s->found.indices ? BRINE_OK : brn_fail_memory(work->err);
}

static void search_radius(struct radius_search *s, size_t r)
{
    const struct brn_neighbor_model *m = s->near.m;
    s->near.n = brn_neighbors_within(&m->neighbors, s->x + r * s->stride, &s->found);
    s->near.indices = s->found.indices;
    s->near.weights = m->neighbors.by_distance ? s->found.distances : NULL;
    if (s->near.weights)
        brn_neighbors_weigh(s->near.weights, s->near.n, true);
}

static void outlier_shares(const struct brn_neighbor_model *m, double *out)
{
    for (size_t o = 0; o < m->outputs; out += m->labels.classes[o++]) {
        memset(out, 0, m->labels.classes[o] * sizeof *out);
        if (m->outliers[o] >= 0)
            out[m->outliers[o]] = 1;
    }
}

static brine_status radius_row(struct radius_search *s, const struct brn_tile *in, size_t r,
                               const struct brn_work *work, double *out)
{
    const struct brn_neighbor_model *m = s->near.m;
    search_radius(s, r);
    if (s->near.n == 0 && !m->outliers)
        return brn_refuse(work, in, r, NULL, "no training row is within the radius");
    if (s->near.n == 0)
        outlier_shares(m, out);
    else
        brn_near_shares(&s->near, true, out);
    return BRINE_OK;
}

static brine_status radius_shares(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    struct radius_search s;
    BRN_TRY(start_radius(me->self, in, work, &s));
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(radius_row(&s, in, r, work, out->numbers + r * out->number_stride));
    return BRINE_OK;
}

static brine_status radius_class(const struct brn_instance *me, const struct brn_tile *in,
                                 struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct radius_search s;
    double *shares = brn_work_take(work, in->rows * m->labels.width, sizeof *shares);
    if (!shares)
        return brn_fail_memory(work->err);
    BRN_TRY(start_radius(m, in, work, &s));
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(radius_row(&s, in, r, work, shares + r * m->labels.width));
    brn_class_outputs_argmax(&m->labels, shares, out);
    return BRINE_OK;
}

/* Before 0.22 weights were added as numpy adds them. */
static brine_status radius_mode_row(struct radius_search *s, const struct brn_tile *in, size_t r,
                                    const struct brn_work *work, double *votes, int32_t *out)
{
    const struct brn_neighbor_model *m = s->near.m;
    search_radius(s, r);
    if (s->near.n == 0 && !m->outliers)
        return brn_refuse(work, in, r, NULL, "no training row is within the radius");
    for (size_t o = 0; o < m->outputs; o++)
        out[o] = s->near.n == 0 ? m->outliers[o] : brn_near_mode(&s->near, o, votes);
    return BRINE_OK;
}

static brine_status radius_mode(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct radius_search s;
    double *votes = brn_work_take(work, m->labels.most, sizeof *votes);
    if (!votes)
        return brn_fail_memory(work->err);
    BRN_TRY(start_radius(m, in, work, &s));
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(radius_mode_row(&s, in, r, work, votes, out->codes + r * out->code_stride));
    return BRINE_OK;
}

static const struct brn_era radius_eras[] = {
    {0, 2200, true, "RadiusNeighborsClassifier votes, and has no predict_proba"},
    {2200, 0, false, "its predict is the largest of predict_proba"},
    BRN_ERA_END,
};

static bool is_voting(const struct brn_instance *me)
{
    return brn_era_behaviour(radius_eras, me->version);
}

static brine_status radius_predict(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    return is_voting(me) ? radius_mode(me, in, out, work) : radius_class(me, in, out, work);
}

static brine_status bind_radius_classifier(struct brn_instance *me, const struct brn_schema *in,
                                           struct brn_build *build)
{
    BRN_TRY(bind_classifier(me, in, build));
    if (is_voting(me))
        me->out[BRINE_METHOD_PREDICT_PROBA] = NULL;
    return BRINE_OK;
}

enum lonely { MEAN_OF_NONE, LIKE_TARGET };

static const struct brn_era lonely_eras[] = {
    {0, 2000, MEAN_OF_NONE, "without neighbours: NaN, and refused where they have weights"},
    {2000, 0, LIKE_TARGET, "NaN of the targets' type: of integers it is the least one"},
    BRN_ERA_END,
};

static double nobody(const struct brn_instance *me)
{
    const struct brn_neighbor_model *m = me->self;
    bool whole = m->whole_targets && brn_era_behaviour(lonely_eras, me->version) == LIKE_TARGET;
    return whole ? (double)INT64_MIN : (double)NAN;
}

static brine_status check_lonely(const struct brn_instance *me, const struct brn_near *near,
                                 const struct brn_tile *in, size_t r, const struct brn_work *work)
{
    if (near->n > 0 || !near->weights || brn_era_behaviour(lonely_eras, me->version) == LIKE_TARGET)
        return BRINE_OK;
    return brn_refuse(work, in, r, NULL, "no training row is within the radius");
}

static brine_status radius_number(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_neighbor_model *m = me->self;
    struct radius_search s;
    BRN_TRY(start_radius(m, in, work, &s));
    for (size_t r = 0; r < in->rows; r++) {
        search_radius(&s, r);
        BRN_TRY(check_lonely(me, &s.near, in, r, work));
        for (size_t o = 0; o < m->outputs; o++)
            out->numbers[r * out->number_stride + o] =
                s.near.n == 0    ? nobody(me)
                : s.near.weights ? brn_near_weighted_mean(&s.near, o, m->outputs > 1)
                                 : brn_near_mean(&s.near, o);
    }
    return BRINE_OK;
}

/* A tree's distances are plain sums, as here; those of a matrix product are not. */
static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct brn_neighbor_model *m = me->self;
    (void)method;
    return brn_neighbors_equality(&m->neighbors);
}

/* ---- tables ---- */

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct brn_neighbor_model, classes, "classes_", NODE,
              "class labels, or a list of them an output"),
    BRN_FIELD(struct brn_neighbor_model, targets_node, "_y", NODE,
              "the class of each training row"),
    BRN_FIELD(struct brn_neighbor_model, several, "outputs_2d_", BOOL,
              "whether there are several outputs"),
    BRN_FIELD_END,
};

static const struct brn_field radius_fields[] = {
    BRN_FIELD(struct brn_neighbor_model, classes, "classes_", NODE,
              "class labels, or a list of them an output"),
    BRN_FIELD(struct brn_neighbor_model, targets_node, "_y", NODE,
              "the class of each training row"),
    BRN_FIELD(struct brn_neighbor_model, several, "outputs_2d_", BOOL,
              "whether there are several outputs"),
    BRN_FIELD_WINDOW(struct brn_neighbor_model, outlier_node, "outlier_label", NODE, 0, 2200,
                     "the label of rows without neighbours"),
    BRN_FIELD_WINDOW(struct brn_neighbor_model, outlier_node, "outlier_label_", NODE, 2200, 0,
                     "the labels of rows without neighbours"),
    BRN_FIELD_IGNORE("outlier_label", "since 0.22: outlier_label_ is what it came to"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD(struct brn_neighbor_model, targets_node, "_y", NODE,
              "the targets of the training rows"),
    BRN_FIELD_END,
};

static const char *const class_modules[] = {"sklearn.neighbors._classification",
                                            "sklearn.neighbors.classification", NULL};
static const char *const number_modules[] = {"sklearn.neighbors._regression",
                                             "sklearn.neighbors.regression", NULL};

#define ESTIMATOR(identifier, text, of, rows, preparing, binding, predicting, sharing) \
    static const struct brn_estimator identifier = {                                   \
        .name = text,                                                                  \
        .jumps = true,                                                                 \
        .modules = of,                                                                 \
        .size = sizeof(struct brn_neighbor_model),                                     \
        .fields = rows,                                                                \
        .more_fields = brn_neighbors_fields,                                           \
        .prepare = preparing,                                                          \
        .bind = binding,                                                               \
        .equality = equality,                                                          \
        .methods =                                                                     \
            {                                                                          \
                [BRINE_METHOD_PREDICT] = {predicting, BRN_BOUNDED},                    \
                [BRINE_METHOD_PREDICT_PROBA] = {sharing, BRN_BOUNDED},                 \
            },                                                                         \
    }

ESTIMATOR(k_classifier, "KNeighborsClassifier", class_modules, classifier_fields,
          prepare_k_classifier, bind_classifier, predict_class, predict_shares);
ESTIMATOR(k_regressor, "KNeighborsRegressor", number_modules, regressor_fields, prepare_k_regressor,
          bind_regressor, predict_number, NULL);
ESTIMATOR(radius_classifier, "RadiusNeighborsClassifier", class_modules, radius_fields,
          prepare_radius_classifier, bind_radius_classifier, radius_predict, radius_shares);
ESTIMATOR(radius_regressor, "RadiusNeighborsRegressor", number_modules, regressor_fields,
          prepare_radius_regressor, bind_regressor, radius_number, NULL);

static const struct brn_estimator *const estimators[] = {
    &k_classifier, &k_regressor, &radius_classifier, &radius_regressor, NULL};

const struct brn_family brn_family_neighbors = {estimators};
