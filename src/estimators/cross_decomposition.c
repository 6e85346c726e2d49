/* SPDX-License-Identifier: Apache-2.0
 *
 * cross_decomposition.c - PLSRegression, PLSCanonical, CCA and PLSSVD: rows, centered and scaled,
 * times coefficients (predict) or rotations (transform).  sklearn/cross_decomposition/_pls.py. */
#include "estimators/shared_names.h"

#include "kernel/dot.h"

struct pls {
    struct brn_matrix mean, deviation; /* of the features */
    struct brn_matrix coef;            /* see coef_eras */
    struct brn_matrix intercept;       /* a value a target */
    struct brn_matrix rotations;       /* features x components */
    bool is_flat;                      /* predict gives one dimension */
    bool scales_to_predict;            /* predict divides by the deviation */
    bool is_double;                    /* rows become float64 first (PLSSVD) */
    double *weights;                   /* of predict: targets x features */
    double *axes;                      /* of transform: components x features */
    int32_t *columns;
};

static const struct brn_era coef_eras[] = {
    {0, 10100, true, "features x targets"},
    {10100, 0, false, "targets x features (_coef_ in 1.1 and 1.2)"},
    BRN_ERA_END,
};

static const struct brn_era scale_eras[] = {
    {0, 10500, true, "predict divides by the deviation"},
    {10500, 0, false, "coef_ has it: _pls.py 1.5.2, predict"},
    BRN_ERA_END,
};

/* ---- preparing ---- */

static brine_status transposed(struct brn_build *build, const struct brn_matrix *from,
                               double **ret_values)
{
    double *values = BRN_BUILD_NEW(build, double, from->rows * from->columns);
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < from->rows; i++)
        for (size_t k = 0; k < from->columns; k++)
            values[k * from->rows + i] = from->values[i * from->columns + k];
    *ret_values = values;
    return BRINE_OK;
}

static brine_status check_axes(struct brn_instance *me, struct brn_build *build,
                               const char *attribute)
{
    struct pls *m = me->self;
    BRN_TRY(brn_expect_features(build, me, m->mean.columns, "x_mean_"));
    size_t n = me->feature_count;
    if (m->mean.rows != 1 || m->deviation.rows != 1 || m->deviation.columns != n)
        return brn_ill_formed(build, "x_std_", "has %zu values for %zu features",
                              m->deviation.columns, n);
    if (m->rotations.rows != n || m->rotations.columns == 0)
        return brn_ill_formed(build, attribute, "is %zu x %zu for %zu features", m->rotations.rows,
                              m->rotations.columns, n);
    return transposed(build, &m->rotations, &m->axes);
}

static brine_status prepare_svd(struct brn_instance *me, struct brn_build *build)
{
    struct pls *m = me->self;
    m->is_double = true;
    return check_axes(me, build, "x_weights_");
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct pls *m = me->self;
    BRN_TRY(check_axes(me, build, "x_rotations_"));
    bool by_feature = brn_era_behaviour(coef_eras, me->version);
    m->scales_to_predict = brn_era_behaviour(scale_eras, me->version);
    size_t targets = by_feature ? m->coef.columns : m->coef.rows;
    if ((by_feature ? m->coef.rows : m->coef.columns) != me->feature_count || targets == 0)
        return brn_ill_formed(build, "coef_", "is %zu x %zu for %zu features", m->coef.rows,
                              m->coef.columns, me->feature_count);
    if (m->intercept.rows != 1 || m->intercept.columns != targets)
        return brn_ill_formed(build, "intercept_", "has %zu values for %zu targets",
                              m->intercept.columns, targets);
    m->weights = m->coef.values;
    return by_feature ? transposed(build, &m->coef, &m->weights) : BRINE_OK;
}

static brine_status bind_transform(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct pls *m = me->self;
    size_t components = m->rotations.columns;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    const char *const *names = brn_class_names(build, me, components);
    if (names)
        me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, components, names);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    const struct pls *m = me->self;
    BRN_TRY(bind_transform(me, in, build));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->intercept.columns, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = !m->is_flat;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

/* ---- running ---- */

/* Centered, and scaled; float32 rows stay float32 at each step ("X -= mean"). */
static void standardise(const struct pls *m, const double *x, bool scales, bool rounds, double *row)
{
    for (size_t i = 0; i < m->mean.columns; i++) {
        double value = x[i] - m->mean.values[i];
        value = rounds ? (double)(float)value : value;
        value = scales ? value / m->deviation.values[i] : value;
        row[i] = rounds ? (double)(float)value : value;
    }
}

static brine_status multiply(const struct pls *m, const struct brn_tile *in, bool scales,
                             const double *weights, size_t outputs, const double *bias,
                             struct brn_tile *out, struct brn_work *work)
{
    size_t n = m->mean.columns, x_stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    double *row = brn_work_take(work, n, sizeof *row);
    if (!x || !row)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        standardise(m, x + r * x_stride, scales, in->single && !m->is_double, row);
        brn_dot_rows(row, 1, n, weights, outputs, n, bias, out->numbers + r * out->number_stride,
                     out->number_stride);
    }
    out->single = false;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct pls *m = me->self;
    return multiply(m, in, m->scales_to_predict, m->weights, m->intercept.columns,
                    m->intercept.values, out, work);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct pls *m = me->self;
    return multiply(m, in, true, m->axes, m->rotations.columns, NULL, out, work);
}

/* ---- tables ---- */

#define BOTH(member, old, new, doc)                                  \
    BRN_FIELD_WINDOW(struct pls, member, old, MATRIX, 0, 2400, doc), \
        BRN_FIELD_WINDOW(struct pls, member, new, MATRIX, 2400, 0, doc)

static const struct brn_field svd_fields[] = {
    BRN_FIELD(struct pls, rotations, "x_weights_", MATRIX, "features x components"),
    BRN_FIELD_END,
};

static const struct brn_field pls_fields[] = {
    BRN_FIELD(struct pls, rotations, "x_rotations_", MATRIX, "features x components"),
    BRN_FIELD_WINDOW(struct pls, coef, "coef_", MATRIX, 0, 10100, "features x targets"),
    BRN_FIELD_WINDOW(struct pls, coef, "_coef_", MATRIX, 10100, 10300, "targets x features"),
    BRN_FIELD_WINDOW(struct pls, coef, "coef_", MATRIX, 10300, 0, "targets x features"),
    BRN_FIELD_WINDOW(struct pls, intercept, "y_mean_", MATRIX, 0, 2400, "a mean a target"),
    BRN_FIELD_WINDOW(struct pls, intercept, "_y_mean", MATRIX, 2400, 10100, "a mean a target"),
    BRN_FIELD_WINDOW(struct pls, intercept, "intercept_", MATRIX, 10100, 0, "a mean a target"),
    BRN_FIELD_WINDOW(struct pls, is_flat, "_predict_1d", BOOL, 10300, 0,
                     "whether predict gives one dimension"),
    BRN_FIELD_END,
};

static const struct brn_field common_fields[] = {
    BOTH(mean, "x_mean_", "_x_mean", "a mean a feature"),
    BOTH(deviation, "x_std_", "_x_std", "a deviation a feature"),
    BRN_FIELD_IGNORE("_coef_warning", "whether a warning was given"),
    BRN_FIELD_IGNORE("_n_features_out", "what transform gives"),
    BRN_FIELD_IGNORE("_norm_y_weights", "of fit"),
    BRN_FIELD_IGNORE("_x_scores", "of the training rows"),
    BRN_FIELD_IGNORE("_y_mean", "of the targets; intercept_ has it"),
    BRN_FIELD_IGNORE("_y_scores", "of the training rows"),
    BRN_FIELD_IGNORE("_y_std", "of the targets; coef_ has it"),
    BRN_FIELD_IGNORE("algorithm", "of fit"),
    BRN_FIELD_IGNORE("copy", "how fit treats its input"),
    BRN_FIELD_IGNORE("deflation_mode", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("mode", "of fit"),
    BRN_FIELD_IGNORE("n_components", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("norm_y_weights", "of fit"),
    BRN_FIELD_IGNORE("scale", "of fit; the deviations are 1 without"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("x_loadings_", "of fit"),
    BRN_FIELD_IGNORE("x_scores_", "of the training rows"),
    BRN_FIELD_IGNORE("x_weights_", "x_rotations_ has them"),
    BRN_FIELD_IGNORE("y_loadings_", "coef_ has them"),
    BRN_FIELD_IGNORE("y_mean_", "of the targets"),
    BRN_FIELD_IGNORE("y_rotations_", "of the targets, which predictions lack"),
    BRN_FIELD_IGNORE("y_scores_", "of the training rows"),
    BRN_FIELD_IGNORE("y_std_", "of the targets; coef_ has it"),
    BRN_FIELD_IGNORE("y_weights_", "of the targets, which predictions lack"),
    BRN_FIELD_END,
};

static const char *const modules[] = {
    "sklearn.cross_decomposition._pls", "sklearn.cross_decomposition.pls_",
    "sklearn.cross_decomposition._cca", "sklearn.cross_decomposition.cca_", NULL};

#define PLS(class, own_fields, own_prepare, own_bind)                                        \
    &(const struct brn_estimator)                                                            \
    {                                                                                        \
        .name = class, .modules = modules, .size = sizeof(struct pls), .fields = own_fields, \
        .more_fields = common_fields, .prepare = own_prepare, .bind = own_bind,              \
        .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},                         \
                    [BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}},                    \
    }

static const struct brn_estimator *const estimators[] = {
    PLS("CCA", pls_fields, prepare, bind),
    PLS("PLSCanonical", pls_fields, prepare, bind),
    PLS("PLSRegression", pls_fields, prepare, bind),
    PLS("PLSSVD", svd_fields, prepare_svd, bind_transform),
    NULL,
};

const struct brn_family brn_family_cross_decomposition = {estimators};
