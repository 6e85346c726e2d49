/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_linear.h"

#include "estimators/shared_csr.h"

/* sparsify() makes it a sparse matrix: the products are the same. */
static brine_status read_sparse_coef(struct brn_linear *m, struct brn_build *build)
{
    struct brn_csr csr;
    struct brn_matrix data = {0};
    BRN_TRY(brn_decode_csr(build, m->coef_node, &csr));
    BRN_TRY(brn_decode_matrix(build, brn_node_attribute(m->coef_node, "data"), &data));
    BRN_TRY(brn_csr_dense(build, &csr, &m->coef));
    m->coef.itemsize = data.itemsize;
    return BRINE_OK;
}

static brine_status read_coef(struct brn_linear *m, struct brn_build *build)
{
    brine_status status = brn_node_is_csr(m->coef_node)
                              ? read_sparse_coef(m, build)
                              : brn_decode_matrix(build, m->coef_node, &m->coef);
    if (status != BRINE_OK)
        brn_error_within(build->err, "coef_");
    return status;
}

brine_status brn_linear_check(struct brn_linear *m, struct brn_instance *me,
                              struct brn_build *build)
{
    BRN_TRY(read_coef(m, build));
    size_t outputs = m->coef.rows, biases = m->intercept.columns;
    if (!m->coef.present || outputs == 0 || m->coef.columns == 0)
        return brn_ill_formed(build, "coef_", "is empty");
    BRN_TRY(brn_expect_features(build, me, m->coef.columns, "coef_"));
    if (!m->intercept.present || m->intercept.rows != 1 || (biases != 1 && biases != outputs))
        return brn_ill_formed(build, "intercept_", "has %zu values for %zu outputs", biases,
                              outputs);
    m->bias = BRN_BUILD_NEW(build, double, outputs);
    if (!m->bias)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < outputs; i++)
        m->bias[i] = m->intercept.values[biases == 1 ? 0 : i];
    return BRINE_OK;
}

brine_status brn_linear_bind(struct brn_linear *m, const struct brn_instance *me,
                             const struct brn_schema *in, struct brn_build *build)
{
    m->product =
        (struct brn_product){.outputs = m->coef.rows, .weights = m->coef.values, .bias = m->bias};
    return brn_product_bind(build, me, in, &m->product);
}

brine_status brn_linear_scores(const struct brn_linear *m, const struct brn_tile *in, double *out,
                               size_t stride, struct brn_work *work)
{
    return brn_product_run(&m->product, in, out, stride, work);
}

/* ---- what fitting leaves behind ---- */

const struct brn_field brn_linear_fit_fields[] = {
    BRN_FIELD_IGNORE("C", "strength of the penalty of fit"),
    BRN_FIELD_IGNORE("C_", "the C that cross-validation chose"),
    BRN_FIELD_IGNORE("Cs", "tried by cross-validation"),
    BRN_FIELD_IGNORE("Cs_", "tried by cross-validation"),
    BRN_FIELD_IGNORE("X_offset_", "of the training rows; intercept_ has it, return_std alone asks"),
    BRN_FIELD_IGNORE("X_scale_", "of the training rows; coef_ has it, return_std alone asks"),
    BRN_FIELD_IGNORE("_alphas", "tried by cross-validation"),
    BRN_FIELD_IGNORE("_average_coef", "of fit; coef_ is what predicts"),
    BRN_FIELD_IGNORE("_average_intercept", "of fit; intercept_ is what predicts"),
    BRN_FIELD_IGNORE("_expanded_class_weight", "weights of fit"),
    BRN_FIELD_IGNORE("_loss_function_", "of fit"),
    BRN_FIELD_IGNORE("_max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("_max_subpopulation", "limit of fit"),
    BRN_FIELD_IGNORE("_normalize", "a step of fit; coef_ is in the original scale"),
    BRN_FIELD_IGNORE("_residues", "of the training rows"),
    BRN_FIELD_IGNORE("_standard_coef", "of fit; coef_ is what predicts"),
    BRN_FIELD_IGNORE("_standard_intercept", "of fit; intercept_ is what predicts"),
    BRN_FIELD_IGNORE("_store_cv_results", "what cross-validation keeps"),
    BRN_FIELD_IGNORE("_tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("active_", "the path of fit"),
    BRN_FIELD_IGNORE("alpha", "strength of the penalty of fit"),
    BRN_FIELD_IGNORE("alpha_", "the penalty, or the noise, that fit chose"),
    BRN_FIELD_IGNORE("alpha_1", "a prior of fit"),
    BRN_FIELD_IGNORE("alpha_2", "a prior of fit"),
    BRN_FIELD_IGNORE("alpha_init", "where fit begins"),
    BRN_FIELD_IGNORE("alpha_per_target", "how cross-validation chooses"),
    BRN_FIELD_IGNORE("alphas", "tried by cross-validation"),
    BRN_FIELD_IGNORE("alphas_", "the path of fit"),
    BRN_FIELD_IGNORE("average", "of fit; coef_ is the average when it is set"),
    BRN_FIELD_IGNORE("average_coef_", "of fit; coef_ is what predicts"),
    BRN_FIELD_IGNORE("average_intercept_", "of fit; intercept_ is what predicts"),
    BRN_FIELD_IGNORE("best_score_", "of cross-validation"),
    BRN_FIELD_IGNORE("breakdown_", "a diagnosis of fit"),
    BRN_FIELD_IGNORE("class_weight", "weights of fit"),
    BRN_FIELD_IGNORE("coef_path_", "the path of fit"),
    BRN_FIELD_IGNORE("coefs_paths_", "of cross-validation"),
    BRN_FIELD_IGNORE("compute_score", "whether fit keeps its scores"),
    BRN_FIELD_IGNORE("copy", "how fit treats its input"),
    BRN_FIELD_IGNORE("copy_X", "how fit treats its input"),
    BRN_FIELD_IGNORE("criterion", "by which fit chooses the penalty"),
    BRN_FIELD_IGNORE("criterion_", "of the path of fit"),
    BRN_FIELD_IGNORE("cv", "of cross-validation"),
    BRN_FIELD_IGNORE("cv_alphas_", "tried by cross-validation"),
    BRN_FIELD_IGNORE("cv_mse_path_", "of cross-validation"),
    BRN_FIELD_IGNORE("cv_results_", "of cross-validation"),
    BRN_FIELD_IGNORE("cv_values_", "of cross-validation"),
    BRN_FIELD_IGNORE("dual", "of fit"),
    BRN_FIELD_IGNORE("dual_gap_", "a diagnosis of fit"),
    BRN_FIELD_IGNORE("early_stopping", "of fit"),
    BRN_FIELD_IGNORE("eps", "of fit"),
    BRN_FIELD_IGNORE("eps_", "a diagnosis of fit"),
    BRN_FIELD_IGNORE("epsilon", "of the loss of fit"),
    BRN_FIELD_IGNORE("eta0", "of fit"),
    BRN_FIELD_IGNORE("fit_intercept", "intercept_ is 0 when it is False"),
    BRN_FIELD_IGNORE("fit_path", "whether fit keeps its path"),
    BRN_FIELD_IGNORE("gcv_mode", "how cross-validation computes"),
    BRN_FIELD_IGNORE("intercept_scaling", "of fit; intercept_ has it applied"),
    BRN_FIELD_IGNORE("jitter", "noise of fit"),
    BRN_FIELD_IGNORE("l1_ratio", "of the penalty of fit"),
    BRN_FIELD_IGNORE("l1_ratio_", "that cross-validation chose"),
    BRN_FIELD_IGNORE("l1_ratios", "tried by cross-validation"),
    BRN_FIELD_IGNORE("l1_ratios_", "tried by cross-validation"),
    BRN_FIELD_IGNORE("lambda_", "precision of the weights"),
    BRN_FIELD_IGNORE("lambda_1", "a prior of fit"),
    BRN_FIELD_IGNORE("lambda_2", "a prior of fit"),
    BRN_FIELD_IGNORE("lambda_init", "where fit begins"),
    BRN_FIELD_IGNORE("learning_rate", "of fit"),
    BRN_FIELD_IGNORE("loss", "of fit"),
    BRN_FIELD_IGNORE("loss_function", "of fit"),
    BRN_FIELD_IGNORE("loss_function_", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("max_n_alphas", "limit of cross-validation"),
    BRN_FIELD_IGNORE("max_subpopulation", "limit of fit"),
    BRN_FIELD_IGNORE("method", "of fit"),
    BRN_FIELD_IGNORE("mse_path_", "of cross-validation"),
    BRN_FIELD_IGNORE("multi_class", "of fit; coef_ has a row a class in any case"),
    BRN_FIELD_IGNORE("n_alphas", "tried by cross-validation"),
    BRN_FIELD_IGNORE("n_iter", "limit of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("n_iter_no_change", "limit of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("n_nonzero_coefs", "limit of fit"),
    BRN_FIELD_IGNORE("n_nonzero_coefs_", "of fit"),
    BRN_FIELD_IGNORE("n_subpopulation_", "of fit"),
    BRN_FIELD_IGNORE("n_subsamples", "of fit"),
    BRN_FIELD_IGNORE("noise_variance", "of fit"),
    BRN_FIELD_IGNORE("noise_variance_", "of fit"),
    BRN_FIELD_IGNORE("normalize", "a step of fit; coef_ is in the original scale"),
    BRN_FIELD_IGNORE("nu", "of fit; offset_ has it"),
    BRN_FIELD_IGNORE("outliers_", "of the training rows"),
    BRN_FIELD_IGNORE("penalty", "of fit"),
    BRN_FIELD_IGNORE("positive", "a constraint of fit; coef_ obeys it"),
    BRN_FIELD_IGNORE("power_t", "of fit"),
    BRN_FIELD_IGNORE("precompute", "how fit computes"),
    BRN_FIELD_IGNORE("quantile", "of the loss of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("rank_", "of the training matrix"),
    BRN_FIELD_IGNORE("refit", "of cross-validation; coef_ is what predicts"),
    BRN_FIELD_IGNORE("residues_", "of the training rows"),
    BRN_FIELD_IGNORE("scale_", "of the noise; the prediction does without"),
    BRN_FIELD_IGNORE("scores_", "of fit or cross-validation"),
    BRN_FIELD_IGNORE("scoring", "of cross-validation"),
    BRN_FIELD_IGNORE("selection", "how fit goes about"),
    BRN_FIELD_IGNORE("shuffle", "of fit"),
    BRN_FIELD_IGNORE("sigma_", "covariance of the weights; return_std alone asks"),
    BRN_FIELD_IGNORE("singular_", "of the training matrix"),
    BRN_FIELD_IGNORE("solver", "of fit"),
    BRN_FIELD_IGNORE("solver_", "of fit"),
    BRN_FIELD_IGNORE("solver_options", "of fit"),
    BRN_FIELD_IGNORE("standard_coef_", "of fit; coef_ is what predicts"),
    BRN_FIELD_IGNORE("standard_intercept_", "of fit; intercept_ is what predicts"),
    BRN_FIELD_IGNORE("store_cv_results", "what cross-validation keeps"),
    BRN_FIELD_IGNORE("store_cv_values", "what cross-validation keeps"),
    BRN_FIELD_IGNORE("t_", "steps of fit"),
    BRN_FIELD_IGNORE("threshold_lambda", "of fit"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("use_legacy_attributes", "the form of what cross-validation keeps"),
    BRN_FIELD_IGNORE("validation_fraction", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("warm_start", "of fit"),
    BRN_FIELD_END,
};
