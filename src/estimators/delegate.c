/* SPDX-License-Identifier: Apache-2.0
 *
 * delegate.c - estimators that hand everything to one other: the searches (best_estimator_),
 * FrozenEstimator, SelfTrainingClassifier, GaussianProcessClassifier.
 * sklearn/model_selection/_search.py, frozen/_frozen.py, semi_supervised/_self_training.py,
 * gaussian_process/_gpc.py. */
#include "estimators/shared_parts.h"

struct delegate {
    struct brn_instance *part;
    const struct brn_node *refit;
};

/* ---- preparing and binding ---- */

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    const struct delegate *m = me->self;
    return m->part ? BRINE_OK : brn_ill_formed(build, "estimator", "is None: nothing was fitted");
}

static brine_status prepare_search(struct brn_instance *me, struct brn_build *build)
{
    const struct delegate *m = me->self;
    if (m->part)
        return BRINE_OK;
    if (brn_is(m->refit, BRN_BOOL) && !m->refit->as.boolean)
        return brn_unsupported(build, "refit",
                               "is False: no estimator was fitted with the best parameters");
    return brn_ill_formed(build, "best_estimator_", "is missing: this %s was not fitted",
                          me->estimator->name);
}

static const struct brn_instance *part_of(const struct brn_instance *me)
{
    const struct delegate *m = me->self;
    return m->part;
}

static brine_status bind_part(struct brn_instance *me, const struct brn_schema *in,
                              struct brn_build *build, brine_method last)
{
    const struct delegate *m = me->self;
    BRN_TRY(brn_bind_child(build, m->part, in));
    for (brine_method method = 0; method <= last; method++)
        me->out[method] = m->part->out[method];
    return BRINE_OK;
}

static brine_status bind_all(struct brn_instance *me, const struct brn_schema *in,
                             struct brn_build *build)
{
    return bind_part(me, in, build, BRINE_METHOD_COUNT - 1);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    return bind_part(me, in, build, BRINE_METHOD_DECISION_FUNCTION);
}

static brine_status bind_process(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    return bind_part(me, in, build, BRINE_METHOD_PREDICT_PROBA);
}

static const struct brn_era score_eras[] = {
    {0, 2400, false, "a search has no score_samples"},
    {2400, 0, true, "it hands score_samples on: model_selection/_search.py 0.24.2"},
    BRN_ERA_END,
};

static brine_status bind_search(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    BRN_TRY(bind_all(me, in, build));
    if (!brn_era_behaviour(score_eras, me->version))
        me->out[BRINE_METHOD_SCORE_SAMPLES] = NULL;
    return BRINE_OK;
}

/* ---- running ---- */

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    return brn_run_child(part_of(me), method, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    return brn_equality_of(part_of(me), method);
}

/* ---- fields ---- */

static const struct brn_field search_fields[] = {
    BRN_FIELD_OPTIONAL(struct delegate, part, "best_estimator_", CHILD,
                       "the estimator that answers, fitted with the best parameters"),
    BRN_FIELD_OPTIONAL(struct delegate, refit, "refit", NODE, "False: there is no best_estimator_"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template of best_estimator_"),
    BRN_FIELD_IGNORE("param_grid", "of fit"),
    BRN_FIELD_IGNORE("param_distributions", "of fit"),
    BRN_FIELD_IGNORE("n_iter", "of fit"),
    BRN_FIELD_IGNORE("scoring", "how fit compared"),
    BRN_FIELD_IGNORE("scorer_", "how fit compared"),
    BRN_FIELD_IGNORE("score_func", "how fit compared, until 0.17"),
    BRN_FIELD_IGNORE("loss_func", "how fit compared, until 0.17"),
    BRN_FIELD_IGNORE("multimetric_", "how fit compared"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("pre_dispatch", "threads of fit"),
    BRN_FIELD_IGNORE("iid", "how fit averaged, until 0.24"),
    BRN_FIELD_IGNORE("fit_params", "of fit, until 0.21"),
    BRN_FIELD_IGNORE("cv", "folds of fit"),
    BRN_FIELD_IGNORE("_checked_cv_orig", "folds of fit"),
    BRN_FIELD_IGNORE("n_splits_", "folds of fit"),
    BRN_FIELD_IGNORE("_n_samples_orig", "rows of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("error_score", "of fit"),
    BRN_FIELD_IGNORE("return_train_score", "what cv_results_ holds"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("cv_results_", "scores of fit"),
    BRN_FIELD_IGNORE("grid_scores_", "scores of fit, until 0.19"),
    BRN_FIELD_IGNORE("best_index_", "a row of cv_results_"),
    BRN_FIELD_IGNORE("best_score_", "a score of fit"),
    BRN_FIELD_IGNORE("best_params_", "best_estimator_ was fitted with them"),
    BRN_FIELD_IGNORE("refit_time_", "duration of fit"),
    BRN_FIELD_IGNORE("resource", "of fit, by halving"),
    BRN_FIELD_IGNORE("factor", "of fit, by halving"),
    BRN_FIELD_IGNORE("min_resources", "of fit, by halving"),
    BRN_FIELD_IGNORE("max_resources", "of fit, by halving"),
    BRN_FIELD_IGNORE("aggressive_elimination", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_candidates", "of fit, by halving"),
    BRN_FIELD_IGNORE("min_resources_", "of fit, by halving"),
    BRN_FIELD_IGNORE("max_resources_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_resources_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_candidates_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_remaining_candidates_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_iterations_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_possible_iterations_", "of fit, by halving"),
    BRN_FIELD_IGNORE("n_required_iterations_", "of fit, by halving"),
    BRN_FIELD_END,
};

static const struct brn_field frozen_fields[] = {
    BRN_FIELD(struct delegate, part, "estimator", CHILD, "the estimator that answers"),
    BRN_FIELD_END,
};

static const struct brn_field self_training_fields[] = {
    BRN_FIELD_WINDOW(struct delegate, part, "base_estimator_", CHILD, 0, 10600,
                     "the estimator that answers"),
    BRN_FIELD_WINDOW(struct delegate, part, "estimator_", CHILD, 10600, 0,
                     "the estimator that answers"),
    BRN_FIELD_IGNORE("base_estimator", "the unfitted template"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template"),
    BRN_FIELD_IGNORE("classes_", "the estimator has its own"),
    BRN_FIELD_IGNORE("threshold", "of fit"),
    BRN_FIELD_IGNORE("criterion", "of fit"),
    BRN_FIELD_IGNORE("k_best", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("transduction_", "labels of the training rows"),
    BRN_FIELD_IGNORE("labeled_iter_", "of the training rows"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("termination_condition_", "of fit"),
    BRN_FIELD_END,
};

static const struct brn_field process_fields[] = {
    BRN_FIELD(struct delegate, part, "base_estimator_", CHILD,
              "two classes; or one against the rest, or one against one"),
    BRN_FIELD_IGNORE("classes_", "the estimator has its own"),
    BRN_FIELD_IGNORE("n_classes_", "the estimator has its own"),
    BRN_FIELD_IGNORE("multi_class", "base_estimator_ is what came of it"),
    BRN_FIELD_IGNORE("kernel", "of fit"),
    BRN_FIELD_IGNORE("optimizer", "of fit"),
    BRN_FIELD_IGNORE("n_restarts_optimizer", "of fit"),
    BRN_FIELD_IGNORE("max_iter_predict", "of fit"),
    BRN_FIELD_IGNORE("warm_start", "of fit"),
    BRN_FIELD_IGNORE("copy_X_train", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("log_marginal_likelihood_value_", "of fit"),
    BRN_FIELD_END,
};

/* ---- the family ---- */

static const char *const search_modules[] = {"sklearn.model_selection._search",
                                             "sklearn.grid_search", NULL};
static const char *const halving_modules[] = {"sklearn.model_selection._search_successive_halving",
                                              NULL};
static const char *const frozen_modules[] = {"sklearn.frozen._frozen", NULL};
static const char *const self_training_modules[] = {"sklearn.semi_supervised._self_training", NULL};

static const char *const process_modules[] = {"sklearn.gaussian_process._gpc",
                                              "sklearn.gaussian_process.gpc", NULL};

#define DELEGATE(class_name, came, its_modules, its_fields, its_prepare, its_bind)     \
    {                                                                                  \
        .name = class_name, .since = came, .modules = its_modules,                     \
        .size = sizeof(struct delegate), .fields = its_fields, .prepare = its_prepare, \
        .bind = its_bind, .run = run, .equality = equality, .input_of = part_of,       \
        .takes_any_width = true, .takes_compressed = true,                             \
    }

#define SEARCH(class_name, came, its_modules) \
    DELEGATE(class_name, came, its_modules, search_fields, prepare_search, bind_search)

static const struct brn_estimator grid_search = SEARCH("GridSearchCV", 0, search_modules);
static const struct brn_estimator random_search = SEARCH("RandomizedSearchCV", 0, search_modules);
static const struct brn_estimator halving_grid =
    SEARCH("HalvingGridSearchCV", 2400, halving_modules);
static const struct brn_estimator halving_random =
    SEARCH("HalvingRandomSearchCV", 2400, halving_modules);
static const struct brn_estimator frozen =
    DELEGATE("FrozenEstimator", 10600, frozen_modules, frozen_fields, prepare, bind_all);
static const struct brn_estimator self_training =
    DELEGATE("SelfTrainingClassifier", 2400, self_training_modules, self_training_fields, prepare,
             bind_classifier);

static const struct brn_estimator process = DELEGATE(
    "GaussianProcessClassifier", 0, process_modules, process_fields, prepare, bind_process);

static const struct brn_estimator *const estimators[] = {
    &grid_search, &random_search, &halving_grid, &halving_random,
    &frozen,      &self_training, &process,      NULL,
};

const struct brn_family brn_family_delegate = {estimators};
