/* SPDX-License-Identifier: Apache-2.0
 *
 * selector_of_models.c - selection by what an estimator made of the features: SelectFromModel, RFE,
 * RFECV, SequentialFeatureSelector.  sklearn/feature_selection/_from_model.py, _rfe.py. */
#include "base/number.h"
#include "estimators/shared_importance.h"
#include "estimators/shared_selector.h"
#include "kernel/sum.h"

#include <math.h>
#include <stdlib.h>

struct selector {
    struct brn_selector base;
    struct brn_matrix support;
    const struct brn_node *model, *fitted; /* estimator, estimator_ */
    const struct brn_node *threshold, *max_features, *fitted_max_features, *getter, *order;
    bool prefit;
    struct brn_instance *estimator; /* of RFE, of the selected columns; NULL: it is not known */
};

/* ---- SelectFromModel ---- */

static bool is_near_one(const struct brn_node *node, struct brn_build *build)
{
    double value;
    bool is_number = brn_is(node, BRN_FLOAT) || brn_is(node, BRN_INT) || brn_is(node, BRN_OBJECT);
    return is_number && brn_decode_number(build, node, &value) == BRINE_OK &&
           fabs(value - 1) <= 1e-8 + 1e-5;
}

static bool contains(struct brn_slice text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

/* Of which estimators l1_ratio = 1 makes the default threshold 1e-5. */
enum l1_ratio {
    NEVER,
    OF_ELASTIC_NETS,
    OF_LOGISTIC,
};

static const struct brn_era l1_eras[] = {
    {0, 10100, NEVER, "penalty = l1 and Lasso* only"},
    {10100, 10800, OF_ELASTIC_NETS, "ElasticNet*, too"},
    {10800, 0, OF_LOGISTIC, "LogisticRegression*, too"},
    BRN_ERA_END,
};

static bool is_sparse_model(const struct brn_instance *me, const struct brn_node *estimator,
                            struct brn_build *build)
{
    bool is_sklearn = false;
    struct brn_slice name = brn_importance_class(estimator, &is_sklearn);
    enum l1_ratio known = (enum l1_ratio)brn_era_behaviour(l1_eras, me->version);
    if (brn_node_is_text(brn_node_attribute(estimator, "penalty"), "l1") || contains(name, "Lasso"))
        return true;
    const struct brn_node *chosen = brn_node_attribute(estimator, "l1_ratio_");
    const struct brn_node *given = brn_node_attribute(estimator, "l1_ratio");
    if (known != NEVER && (brn_slice_is(name, "ElasticNetCV") || brn_slice_is(name, "ElasticNet")))
        return is_near_one(chosen->kind == BRN_NIL ? given : chosen, build);
    return known == OF_LOGISTIC && brn_slice_is(name, "LogisticRegression") &&
           is_near_one(given, build);
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static brine_status reference_of(struct brn_build *build, const char *word, const double *values,
                                 size_t count, double *ret)
{
    while (*word == ' ')
        word++;
    size_t n = strlen(word);
    while (n && word[n - 1] == ' ')
        n--;
    if (n == 4 && memcmp(word, "mean", 4) == 0) {
        *ret = brn_sum_numpy(values, count) / (double)count;
        return BRINE_OK;
    }
    if (n != 6 || memcmp(word, "median", 6) != 0)
        return brn_ill_formed(build, "threshold", "is neither of mean nor of median");
    double *sorted = BRN_NEW(build->scratch, double, count);
    if (!sorted)
        return brn_fail_memory(build->err);
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_double);
    double upper = sorted[count / 2];
    *ret = count % 2 ? upper : (sorted[count / 2 - 1] + upper) / 2;
    return BRINE_OK;
}

/* "mean", "median", "1.25*mean". */
static brine_status threshold_of_text(struct brn_build *build, const char *text,
                                      const double *values, size_t count, double *ret)
{
    const char *star = strchr(text, '*');
    double scale = 1;
    if (!star)
        return reference_of(build, text, values, count, ret);
    struct brn_slice number = {(const uint8_t *)text, (size_t)(star - text)};
    while (number.n && number.p[number.n - 1] == ' ')
        number.n--;
    for (; number.n && number.p[0] == ' '; number.n--)
        number.p++;
    if (!brn_parse_double(number, &scale))
        return brn_ill_formed(build, "threshold", "\"%s\" begins with no number", text);
    double reference = 0;
    BRN_TRY(reference_of(build, star + 1, values, count, &reference));
    *ret = reference * scale;
    return BRINE_OK;
}

static brine_status threshold_of(const struct brn_instance *me, struct brn_build *build,
                                 const struct brn_node *estimator, const double *values,
                                 size_t count, double *ret)
{
    const struct selector *m = me->self;
    const char *text = NULL;
    if (brn_is(m->threshold, BRN_NONE) && is_sparse_model(me, estimator, build)) {
        *ret = 1e-5;
        return BRINE_OK;
    }
    if (brn_is(m->threshold, BRN_NONE))
        return threshold_of_text(build, "mean", values, count, ret);
    if (!brn_node_text(m->threshold).p)
        return brn_decode_number(build, m->threshold, ret);
    BRN_TRY(brn_decode_text(build, m->threshold, &text));
    return threshold_of_text(build, text, values, count, ret);
}

static brine_status mark_most(struct selector *m, struct brn_build *build, const double *values)
{
    const struct brn_node *node = m->fitted_max_features ? m->fitted_max_features : m->max_features;
    int64_t most;
    bool all = !m->max_features || brn_is(m->max_features, BRN_NONE);
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = all;
    if (all)
        return BRINE_OK;
    BRN_TRY(brn_decode_int(build, node, &most));
    struct brn_ranked *ranks = brn_ranking(build, values, m->base.width, -1);
    if (!ranks)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->base.width && (int64_t)i < most; i++)
        m->base.mask[ranks[i].place] = true;
    return BRINE_OK;
}

static brine_status prepare_from_model(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    const struct brn_node *estimator = m->fitted && !m->prefit ? m->fitted : m->model;
    const char *getter = NULL;
    double *values = NULL, threshold = 0, order = 1;
    size_t count = 0;
    if (m->getter && !brn_node_text(m->getter).p)
        return brn_unsupported(build, "importance_getter", "is a function");
    if (m->getter)
        BRN_TRY(brn_decode_text(build, m->getter, &getter));
    if (m->order)
        BRN_TRY(brn_decode_number(build, m->order, &order));
    BRN_TRY(brn_importances(build, me, estimator, getter, order, &values, &count));
    BRN_TRY(brn_selector_mask(me, build, count, "estimator_"));
    BRN_TRY(threshold_of(me, build, estimator, values, count, &threshold));
    BRN_TRY(mark_most(m, build, values));
    for (size_t i = 0; i < count; i++)
        m->base.mask[i] = m->base.mask[i] && !(values[i] < threshold);
    BRN_TRY(brn_selector_judge(me, build, m->model));
    return brn_selector_keep(me, build);
}

/* ---- RFE, RFECV, SequentialFeatureSelector ---- */

static brine_status prepare_support(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->support, "support_"));
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = m->support.values[i] < 0 || m->support.values[i] > 0;
    BRN_TRY(brn_selector_judge(me, build, m->model));
    return brn_selector_keep(me, build);
}

static brine_status prepare_elimination(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    const struct brn_node *class = brn_node_class(m->fitted);
    BRN_TRY(prepare_support(me, build));
    bool is_known =
        brn_is(class, BRN_GLOBAL) &&
        brn_registry_find(build->registry, class->as.global.module, class->as.global.name);
    if (!is_known) /* as a step it selects all the same */
        return BRINE_OK;
    return brn_decode_child(build, me, m->fitted, &m->estimator, "estimator_");
}

static brine_status bind_elimination(struct brn_instance *me, const struct brn_schema *in,
                                     struct brn_build *build)
{
    const struct selector *m = me->self;
    BRN_TRY(brn_selector_bind(me, in, build));
    if (!m->estimator)
        return BRINE_OK;
    BRN_TRY(brn_bind_child(build, m->estimator, me->out[BRINE_METHOD_TRANSFORM]));
    for (brine_method method = 0; method < BRINE_METHOD_COUNT; method++)
        if (method != BRINE_METHOD_TRANSFORM && method != BRINE_METHOD_INVERSE_TRANSFORM)
            me->out[method] = m->estimator->out[method];
    return BRINE_OK;
}

static brine_status run_elimination(const struct brn_instance *me, brine_method method,
                                    const struct brn_tile *in, struct brn_tile *out,
                                    struct brn_work *work)
{
    const struct selector *m = me->self;
    struct brn_tile selected;
    if (method == BRINE_METHOD_TRANSFORM)
        return brn_selector_transform(me, in, out, work);
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_TRANSFORM], in, &selected));
    BRN_TRY(brn_selector_transform(me, in, &selected, work));
    return brn_run_child(m->estimator, method, &selected, out, work);
}

static enum brn_equality equality_of_elimination(const struct brn_instance *me, brine_method method)
{
    const struct selector *m = me->self;
    return method == BRINE_METHOD_TRANSFORM ? BRN_EXACT : brn_equality_of(m->estimator, method);
}

/* ---- classes ---- */

static const struct brn_field model_fields[] = {
    BRN_FIELD(struct selector, model, "estimator", NODE, "fitted when prefit"),
    BRN_FIELD_OPTIONAL(struct selector, fitted, "estimator_", NODE, "whose importances count"),
    BRN_FIELD(struct selector, prefit, "prefit", BOOL, "whether estimator was fitted before"),
    BRN_FIELD(struct selector, threshold, "threshold", NODE,
              "a number, \"mean\", \"median\" or a multiple of these"),
    BRN_FIELD_IGNORE("threshold_", "of the fitted estimator, reckoned again"),
    BRN_FIELD_OPTIONAL(struct selector, max_features, "max_features", NODE, "how many at most"),
    BRN_FIELD_OPTIONAL(struct selector, fitted_max_features, "max_features_", NODE,
                       "what a function of the rows said"),
    BRN_FIELD_OPTIONAL(struct selector, order, "norm_order", NODE,
                       "of the norm of coef_'s columns"),
    BRN_FIELD_OPTIONAL(struct selector, getter, "importance_getter", NODE, "an attribute's path"),
    BRN_FIELD_END,
};

static const struct brn_field elimination_fields[] = {
    BRN_FIELD(struct selector, support, "support_", MATRIX, "which features are kept"),
    BRN_FIELD(struct selector, model, "estimator", NODE, "whether NaN may pass"),
    BRN_FIELD(struct selector, fitted, "estimator_", NODE, "predicts from what is kept"),
    BRN_FIELD_IGNORE("ranking_", "support_ is what came of it"),
    BRN_FIELD_IGNORE("n_features_", "support_ has as many"),
    BRN_FIELD_IGNORE("n_features_to_select", "of fit"),
    BRN_FIELD_IGNORE("min_features_to_select", "of fit"),
    BRN_FIELD_IGNORE("step", "of fit"),
    BRN_FIELD_IGNORE("cv", "of fit"),
    BRN_FIELD_IGNORE("scoring", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("importance_getter", "of fit"),
    BRN_FIELD_IGNORE("grid_scores_", "of fit"),
    BRN_FIELD_IGNORE("cv_results_", "of fit"),
    BRN_FIELD_IGNORE("scores_", "of fit"),
    BRN_FIELD_IGNORE("step_scores_", "of fit"),
    BRN_FIELD_IGNORE("step_support_", "of fit"),
    BRN_FIELD_IGNORE("step_ranking_", "of fit"),
    BRN_FIELD_IGNORE("step_n_features_", "of fit"),
    BRN_FIELD_IGNORE("classes_", "the estimator's"),
    BRN_FIELD_END,
};

static const struct brn_field sequential_fields[] = {
    BRN_FIELD(struct selector, support, "support_", MATRIX, "which features are kept"),
    BRN_FIELD(struct selector, model, "estimator", NODE, "whether NaN may pass"),
    BRN_FIELD_IGNORE("n_features_to_select", "of fit"),
    BRN_FIELD_IGNORE("n_features_to_select_", "of fit"),
    BRN_FIELD_IGNORE("direction", "of fit"),
    BRN_FIELD_IGNORE("tol", "of fit"),
    BRN_FIELD_IGNORE("cv", "of fit"),
    BRN_FIELD_IGNORE("scoring", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_END,
};

#define ELIMINATION(identifier, text)                \
    static const struct brn_estimator identifier = { \
        .name = text,                                \
        .modules = elimination_modules,              \
        .size = sizeof(struct selector),             \
        .fields = elimination_fields,                \
        .prepare = prepare_elimination,              \
        .bind = bind_elimination,                    \
        .run = run_elimination,                      \
        .equality = equality_of_elimination,         \
        .takes_compressed = true,                    \
    }

static const char *const model_modules[] = {"sklearn.feature_selection._from_model",
                                            "sklearn.feature_selection.from_model", NULL};
static const char *const elimination_modules[] = {"sklearn.feature_selection._rfe",
                                                  "sklearn.feature_selection.rfe", NULL};
static const char *const sequential_modules[] = {"sklearn.feature_selection._sequential", NULL};

static const struct brn_estimator from_model = {
    .name = "SelectFromModel",
    .modules = model_modules,
    .size = sizeof(struct selector),
    .fields = model_fields,
    .prepare = prepare_from_model,
    .bind = brn_selector_bind,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {brn_selector_transform, BRN_EXACT}},
};

ELIMINATION(rfe, "RFE");
ELIMINATION(rfecv, "RFECV");

static const struct brn_estimator sequential = {
    .name = "SequentialFeatureSelector",
    .modules = sequential_modules,
    .since = 2400,
    .size = sizeof(struct selector),
    .fields = sequential_fields,
    .prepare = prepare_support,
    .bind = brn_selector_bind,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {brn_selector_transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&from_model, &rfe, &rfecv, &sequential,
                                                         NULL};

const struct brn_family brn_family_selector_of_models = {estimators};
