/* SPDX-License-Identifier: Apache-2.0
 *
 * ransac.c - RANSACRegressor: what its estimator_ predicts, which was fitted on the rows that
 * agree. sklearn/linear_model/_ransac.py. */
#include "model/estimator.h"

struct ransac {
    struct brn_instance *estimator;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    const struct ransac *m = me->self;
    return m->estimator ? BRINE_OK : brn_ill_formed(build, "estimator_", "is None");
}

static const struct brn_instance *estimator_of(const struct brn_instance *me)
{
    const struct ransac *m = me->self;
    return m->estimator;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct ransac *m = me->self;
    BRN_TRY(brn_bind_child(build, m->estimator, in));
    me->out[BRINE_METHOD_PREDICT] = m->estimator->out[BRINE_METHOD_PREDICT];
    if (me->out[BRINE_METHOD_PREDICT])
        return BRINE_OK;
    return brn_unsupported(build, "estimator_", "%s has no predict", m->estimator->estimator->name);
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    return brn_run_child(estimator_of(me), method, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    return brn_equality_of(estimator_of(me), method);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct ransac, estimator, "estimator_", CHILD, "fitted on the rows that agree"),
    BRN_FIELD_IGNORE("estimator", "what estimator_ was made from"),
    BRN_FIELD_IGNORE("base_estimator", "what estimator_ was made from"),
    BRN_FIELD_IGNORE("inlier_mask_", "of the training rows"),
    BRN_FIELD_IGNORE("is_data_valid", "asked by fit"),
    BRN_FIELD_IGNORE("is_model_valid", "asked by fit"),
    BRN_FIELD_IGNORE("loss", "of fit"),
    BRN_FIELD_IGNORE("max_skips", "limit of fit"),
    BRN_FIELD_IGNORE("max_trials", "limit of fit"),
    BRN_FIELD_IGNORE("min_samples", "of fit"),
    BRN_FIELD_IGNORE("n_skips_invalid_data_", "of fit"),
    BRN_FIELD_IGNORE("n_skips_invalid_model_", "of fit"),
    BRN_FIELD_IGNORE("n_skips_no_inliers_", "of fit"),
    BRN_FIELD_IGNORE("n_trials_", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("residual_metric", "of fit"),
    BRN_FIELD_IGNORE("residual_threshold", "of fit"),
    BRN_FIELD_IGNORE("stop_n_inliers", "limit of fit"),
    BRN_FIELD_IGNORE("stop_probability", "limit of fit"),
    BRN_FIELD_IGNORE("stop_score", "limit of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.linear_model._ransac", "sklearn.linear_model.ransac",
                                      NULL};

static const struct brn_estimator ransac = {
    .name = "RANSACRegressor",
    .modules = modules,
    .size = sizeof(struct ransac),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .run = run,
    .equality = equality,
    .input_of = estimator_of,
    .takes_any_width = true,
    .takes_compressed = true,
};

static const struct brn_estimator *const estimators[] = {&ransac, NULL};

const struct brn_family brn_family_ransac = {estimators};
