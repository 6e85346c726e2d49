/* SPDX-License-Identifier: Apache-2.0
 *
 * hist_gradient_boosting.c - HistGradientBoosting* (scikit-learn ensemble/_hist_gradient_boosting/
 * gradient_boosting.py, _predictor.pyx): a baseline and the trees' values, in float64.
 *
 * With categories, scikit-learn since 1.4 puts a ColumnTransformer in front (_preprocessor):
 * ordinal codes first, then the numbers.  Before, the columns hold the codes themselves. */
#include "estimators/shared_boosting.h"
#include "estimators/shared_ranks.h"
#include "estimators/shared_tree.h"
#include "kernel/link.h"

#include <math.h>

struct hist {
    struct brn_boosting boosting; /* first */
    const struct brn_node *predictors, *loss, *bin_mapper;
    struct brn_instance *preprocessor;
    struct brn_matrix baseline;
    int64_t scores_stored, features_stored;
    struct brn_values class_labels; /* of a classifier */

    size_t tree_count;
    const struct brn_tree_source **sources; /* only while building */
    struct brn_forest *forest;
    int32_t *columns;
};

#define FIELD(member, attribute, kind, doc) BRN_FIELD(struct hist, member, attribute, kind, doc)
#define WINDOW(member, attribute, kind, since, until, doc) \
    BRN_FIELD_WINDOW(struct hist, member, attribute, kind, since, until, doc)

static const struct brn_field common_fields[] = {
    FIELD(predictors, "_predictors", NODE, "the trees, by iteration and score"),
    WINDOW(loss, "loss_", NODE, 0, 2400, "the loss, for its link"),
    WINDOW(loss, "_loss", NODE, 2400, 0, "the loss, for its link"),
    WINDOW(bin_mapper, "bin_mapper_", NODE, 0, 2400, "categories came later"),
    WINDOW(bin_mapper, "_bin_mapper", NODE, 2400, 0,
           "which features are categories, and which are known"),
    WINDOW(features_stored, "n_features_", INT, 0, 2400, "number of features"),
    FIELD(baseline, "_baseline_prediction", MATRIX, "raw scores before the first tree"),
    FIELD(scores_stored, "n_trees_per_iteration_", INT, "raw scores"),
    BRN_FIELD_OPTIONAL(struct hist, preprocessor, "_preprocessor", CHILD,
                       "since 1.4 turns categories into codes"),
    BRN_FIELD_IGNORE("loss", "_loss is what was fitted"),
    BRN_FIELD_IGNORE("learning_rate", "the trees' values hold it"),
    BRN_FIELD_IGNORE("max_iter", "fit only"),
    BRN_FIELD_IGNORE("max_leaf_nodes", "fit only"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("min_samples_leaf", "fit only"),
    BRN_FIELD_IGNORE("l2_regularization", "fit only"),
    BRN_FIELD_IGNORE("max_features", "fit only"),
    BRN_FIELD_IGNORE("max_bins", "fit only"),
    BRN_FIELD_IGNORE("monotonic_cst", "fit only"),
    BRN_FIELD_IGNORE("interaction_cst", "fit only"),
    BRN_FIELD_IGNORE("categorical_features", "is_categorical_ of _bin_mapper is what came of it"),
    BRN_FIELD_IGNORE("warm_start", "fit only"),
    BRN_FIELD_IGNORE("early_stopping", "fit only"),
    BRN_FIELD_IGNORE("scoring", "fit only"),
    BRN_FIELD_IGNORE("validation_fraction", "fit only"),
    BRN_FIELD_IGNORE("n_iter_no_change", "fit only"),
    BRN_FIELD_IGNORE("tol", "fit only"),
    BRN_FIELD_IGNORE("verbose", "fit only"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("is_categorical_", "by column of the input; _bin_mapper has it by feature"),
    BRN_FIELD_IGNORE("_is_categorical_remapped", "the same as in _bin_mapper"),
    BRN_FIELD_IGNORE("_random_seed", "fit only"),
    BRN_FIELD_IGNORE("_feature_subsample_rng", "fit only"),
    BRN_FIELD_IGNORE("_n_features", "the number of features"),
    BRN_FIELD_IGNORE("_fitted_with_sw", "fit only"),
    BRN_FIELD_IGNORE("do_early_stopping_", "fit only"),
    BRN_FIELD_IGNORE("_use_validation_data", "fit only"),
    BRN_FIELD_IGNORE("_scorer", "fit only"),
    BRN_FIELD_IGNORE("scorer_", "fit only"),
    BRN_FIELD_IGNORE("train_score_", "scores of the fit"),
    BRN_FIELD_IGNORE("validation_score_", "scores of the fit"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    FIELD(class_labels, "classes_", VALUES, "class labels"),
    BRN_FIELD_IGNORE("_label_encoder", "its classes are classes_"),
    BRN_FIELD_IGNORE("class_weight", "fit only"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_IGNORE("quantile", "fit only"),
    BRN_FIELD_END,
};

/* ---- the trees' sources ---- */

static brine_status open_iteration(struct brn_build *build, struct hist *self, size_t i)
{
    const struct brn_node *iteration = brn_node_item(self->predictors, i);
    if (brn_node_count(iteration) != self->boosting.scores)
        return brn_fail(build->err, BRINE_MODEL, "[%zu] holds %zu trees for %zu scores", i,
                        brn_node_count(iteration), self->boosting.scores);
    for (size_t k = 0; k < self->boosting.scores; k++) {
        brine_status status = brn_predictor_open(build, brn_node_item(iteration, k),
                                                 &self->sources[self->tree_count++]);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "[%zu][%zu]", i, k);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status open_trees(struct brn_build *build, struct hist *self)
{
    size_t iterations = brn_node_count(self->predictors), count;
    if (__builtin_mul_overflow(iterations, self->boosting.scores, &count))
        return brn_fail_memory(build->err);
    self->sources = BRN_NEW(build->scratch, const struct brn_tree_source *, count);
    if (!self->sources)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < iterations; i++)
        BRN_TRY(open_iteration(build, self, i));
    return BRINE_OK;
}

/* ---- categories ---- */

/* binning.py, make_known_categories_bitsets: bin_thresholds_ of a categorical feature are its
 * categories. */
static brine_status read_known(struct brn_build *build, const struct brn_node *thresholds,
                               struct brn_category_set *known)
{
    struct brn_matrix categories = {0};
    BRN_TRY(brn_decode_matrix(build, thresholds, &categories));
    for (size_t i = 0; i < categories.rows * categories.columns; i++) {
        double category = categories.values[i];
        if (!(category >= 0 && category < 256))
            return brn_fail(build->err, BRINE_MODEL, "has category %g, which is not in 0 to 255",
                            category);
        known->words[(uint32_t)category / 32] |= UINT32_C(1) << ((uint32_t)category % 32);
    }
    return BRINE_OK;
}

static brine_status read_feature(struct brn_build *build, const struct hist *self, size_t i,
                                 struct brn_category_set *known)
{
    const struct brn_node *thresholds = brn_node_attribute(self->bin_mapper, "bin_thresholds_");
    brine_status status = read_known(build, brn_node_item(thresholds, i), known);
    if (status != BRINE_OK)
        brn_error_within(build->err, "_bin_mapper.bin_thresholds_[%zu]", i);
    return status;
}

/* Which features are categories, by feature, with those that are known; nothing when none is. */
static brine_status read_categories(struct brn_build *build, const struct hist *self,
                                    size_t feature_count, struct brn_tree_categories *ret)
{
    struct brn_values flags = {0};
    const struct brn_node *node = brn_node_attribute(self->bin_mapper, "is_categorical_");
    brine_status status = BRINE_OK;
    if (node->kind != BRN_NIL && node->kind != BRN_NONE)
        status = brn_decode_values(build, node, &flags);
    if (status == BRINE_OK && flags.count && flags.count != feature_count)
        status = brn_fail(build->err, BRINE_MODEL, "has %zu entries for %zu features", flags.count,
                          feature_count);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "_bin_mapper.is_categorical_");
        return status;
    }
    struct brn_category_set *known = BRN_NEW(build->scratch, struct brn_category_set, flags.count);
    uint8_t *is_categorical = BRN_NEW(build->scratch, uint8_t, flags.count);
    if (!known || !is_categorical)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < flags.count; i++) {
        struct brn_value v = flags.at[i];
        is_categorical[i] =
            (v.kind == BRN_VALUE_INT && v.as.integer) || (v.kind == BRN_VALUE_BOOL && v.as.boolean);
        if (is_categorical[i])
            BRN_TRY(read_feature(build, self, i, &known[i]));
    }
    *ret = (struct brn_tree_categories){.known = flags.count ? known : NULL,
                                        .is_categorical = is_categorical};
    return BRINE_OK;
}

/* ---- running ---- */

/* What the preprocessor makes of in, or in itself. */
static brine_status preprocess(const struct hist *self, const struct brn_tile *in,
                               struct brn_work *work, struct brn_tile *made,
                               const struct brn_tile **ret_tile)
{
    *ret_tile = in;
    if (!self->preprocessor)
        return BRINE_OK;
    BRN_TRY(brn_work_tile(work, self->preprocessor->out[BRINE_METHOD_TRANSFORM], in, made));
    *ret_tile = made;
    return brn_run_child(self->preprocessor, BRINE_METHOD_TRANSFORM, in, made, work);
}

static const struct brn_era missing_eras[] = {
    {0, 2200, false, "_raw_predict takes neither NaN nor infinity"},
    {2200, 0, true, "it takes all numbers"},
    BRN_ERA_END,
};

static bool has_missing(const double *values, size_t rows, size_t stride, size_t count)
{
    for (size_t r = 0; r < rows; r++) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= isnan(values[r * stride + i]);
        if (found)
            return true;
    }
    return false;
}

static brine_status find_raw(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_work *work, double *raw, size_t stride)
{
    const struct hist *self = me->self;
    const struct brn_tile *tile;
    struct brn_tile made;
    struct brn_forest_rows rows = {.count = in->rows};
    BRN_TRY(preprocess(self, in, work, &made, &tile));
    const double *values =
        brn_tile_gather(work, tile, self->columns, me->feature_count, &rows.stride);
    if (!values)
        return brn_fail_memory(work->err);
    if (!brn_era_behaviour(missing_eras, me->version))
        BRN_TRY(brn_check_finite(work, tile, self->columns, me->feature_count, BRN_NAN_REFUSED));
    rows.values = values;
    rows.has_missing = has_missing(values, rows.count, rows.stride, me->feature_count);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < self->boosting.scores; k++)
            raw[r * stride + k] = 0 + self->baseline.values[k];
    brn_forest_add(self->forest, &rows, raw, stride);
    return BRINE_OK;
}

static brine_status run_regressor(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct hist *self = me->self;
    BRN_TRY(brn_boosting_run_raw(me, in, out, work));
    for (size_t r = 0; self->boosting.link == BRN_LINK_LOG && r < out->rows; r++)
        out->numbers[r * out->number_stride] = exp(out->numbers[r * out->number_stride]);
    return BRINE_OK;
}

/* ---- preparing ---- */

static bool leaf_value(const void *context, const double *values, double *ret_leaf)
{
    (void)context;
    *ret_leaf = *values;
    return true;
}

static brine_status lower(struct brn_instance *me, struct brn_build *build)
{
    struct hist *self = me->self;
    struct brn_forest_plan plan;
    BRN_TRY(brn_forest_begin(&plan, build, self->sources, self->tree_count, me->feature_count, 1,
                             true));
    plan.leaf_values = leaf_value;
    BRN_TRY(read_categories(build, self, me->feature_count, &plan.categories));
    for (size_t i = 0; i < self->tree_count; i++) {
        brine_status status =
            brn_forest_add_tree(&plan, self->sources[i], i % self->boosting.scores);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "_predictors[%zu][%zu]", i / self->boosting.scores,
                             i % self->boosting.scores);
            return status;
        }
    }
    self->forest = brn_forest_end(&plan);
    return brn_forest_rank(build, self->forest, me->feature_count);
}

static brine_status prepare_trees(struct brn_instance *me, struct brn_build *build)
{
    struct hist *self = me->self;
    if (self->features_stored > 0)
        BRN_TRY(brn_expect_features(build, me, (size_t)self->features_stored, "n_features_"));
    if (self->scores_stored < 1 || self->boosting.scores != (uint64_t)self->scores_stored)
        return brn_ill_formed(build, "n_trees_per_iteration_", "is %lld, not %zu",
                              (long long)self->scores_stored, self->boosting.scores);
    if (self->baseline.rows * self->baseline.columns != self->boosting.scores)
        return brn_ill_formed(build, "_baseline_prediction", "holds %zu values for %zu scores",
                              self->baseline.rows * self->baseline.columns, self->boosting.scores);
    brine_status status = open_trees(build, self);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "_predictors");
        return status;
    }
    return lower(me, build);
}

static const struct brn_era label_eras[] = {
    {0, 10500, true, "the label is that of the larger probability"},
    {10500, 0, false, "the label is that of the raw score, > 0 for two classes"},
    BRN_ERA_END,
};

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct hist *self = me->self;
    BRN_TRY(brn_boosting_read(build, &self->class_labels, self->loss, &self->boosting));
    self->boosting.find_raw = find_raw;
    self->boosting.by_proba = brn_era_behaviour(label_eras, me->version);
    self->boosting.zero_is_first = true;
    return prepare_trees(me, build);
}

static brine_status prepare_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct hist *self = me->self;
    BRN_TRY(brn_loss_link(build, self->loss, &self->boosting.link));
    if (self->boosting.link != BRN_LINK_IDENTITY && self->boosting.link != BRN_LINK_LOG)
        return brn_unsupported(build, "_loss", "a loss of classifiers");
    self->boosting.scores = 1;
    self->boosting.find_raw = find_raw;
    return prepare_trees(me, build);
}

/* ---- binding ---- */

static brine_status bind_common(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct hist *self = me->self;
    if (!self->preprocessor)
        return brn_bind_numbers(build, me, in, &self->columns);
    BRN_TRY(brn_bind_child(build, self->preprocessor, in));
    const struct brn_schema *features = self->preprocessor->out[BRINE_METHOD_TRANSFORM];
    if (!features || features->count != me->feature_count)
        return brn_ill_formed(build, "_preprocessor", "does not give the %zu features of the trees",
                              me->feature_count);
    return brn_bind_numbers(build, me, features, &self->columns);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    BRN_TRY(bind_common(me, in, build));
    return brn_boosting_bind(build, me, false);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    BRN_TRY(bind_common(me, in, build));
    return brn_boosting_bind_regressor(build, me);
}

/* ---- the family ---- */

static const char *const modules[] = {"sklearn.ensemble._hist_gradient_boosting.gradient_boosting",
                                      NULL};

static const struct brn_estimator classifier = {
    .name = "HistGradientBoostingClassifier",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct hist),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {brn_boosting_run_labels, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {brn_boosting_run_proba, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {brn_boosting_run_raw, BRN_EXACT},
        },
};

static const struct brn_estimator regressor = {
    .name = "HistGradientBoostingRegressor",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct hist),
    .fields = regressor_fields,
    .more_fields = common_fields,
    .prepare = prepare_regressor,
    .bind = bind_regressor,
    .methods = {[BRINE_METHOD_PREDICT] = {run_regressor, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_hist_gradient_boosting = {estimators};
