/* SPDX-License-Identifier: Apache-2.0
 *
 * Source: sklearn/ensemble/gradient_boosting.py, 0.18 to 0.20. */
#include "estimators/shared_old_init.h"

static const struct old_init {
    const char *name, *attribute; /* NULL: zero */
} old_inits[] = {
    {"MeanEstimator", "mean"},
    {"QuantileEstimator", "quantile"},
    {"LogOddsEstimator", "prior"},
    {"ScaledLogOddsEstimator", "prior"},
    {"PriorProbabilityEstimator", "priors"},
    {"ZeroEstimator", NULL},
};

static const struct old_init *find(const struct brn_node *init)
{
    static const char module[] = "sklearn.ensemble.gradient_boosting";
    const struct brn_node *class = brn_node_class(init);
    for (size_t i = 0; i < sizeof old_inits / sizeof old_inits[0]; i++)
        if (brn_node_is_global(class, module, old_inits[i].name))
            return &old_inits[i];
    return NULL;
}

static brine_status read_scores(struct brn_build *build, const struct brn_node *value,
                                double *ret_first, size_t scores)
{
    struct brn_matrix matrix = {0};
    if (value->kind == BRN_NIL)
        return brn_fail(build->err, BRINE_MODEL, "is missing");
    BRN_TRY(brn_decode_matrix(build, value, &matrix));
    if (matrix.rows * matrix.columns != scores)
        return brn_fail(build->err, BRINE_MODEL, "holds %zu values for %zu scores",
                        matrix.rows * matrix.columns, scores);
    memcpy(ret_first, matrix.values, scores * sizeof *ret_first);
    return BRINE_OK;
}

brine_status brn_old_init(struct brn_build *build, const struct brn_node *init, double *ret_first,
                          size_t scores)
{
    char what[120];
    const struct old_init *known = find(init);
    brn_node_describe(init, what, sizeof what);
    if (!known)
        return brn_unsupported(build, "init_", "%s starts a booster of scikit-learn before 0.21",
                               what);
    if (!known->attribute)
        return BRINE_OK;
    const struct brn_node *value = brn_node_attribute(init, known->attribute);
    brine_status status = read_scores(build, value, ret_first, scores);
    if (status != BRINE_OK)
        brn_error_within(build->err, "init_.%s", known->attribute);
    return status;
}
