/* SPDX-License-Identifier: Apache-2.0
 *
 * svm.c - SVC, NuSVC, SVR, NuSVR and OneClassSVM.
 * sklearn/svm/_base.py, and predict_values, predict_probability and multiclass_probability of its
 * libsvm (svm/src/libsvm/svm.cpp).  The private _dual_coef_ and _intercept_ are libsvm's own; the
 * public ones have the other sign when there are two classes. */
#include "estimators/shared_integer_labels.h"
#include "estimators/shared_svm.h"
#include "kernel/coupling.h"

#include <math.h>

/* ---- preparing ---- */

static brine_status read_kernel(struct brn_svm *m, struct brn_build *build)
{
    static const struct {
        const char *name;
        enum brn_kernel_kind kind;
    } kernels[] = {{"linear", BRN_KERNEL_LINEAR},
                   {"poly", BRN_KERNEL_POLY},
                   {"rbf", BRN_KERNEL_RBF},
                   {"sigmoid", BRN_KERNEL_SIGMOID}};
    struct brn_slice name = brn_node_text(m->kernel_name);
    if (!name.p)
        return brn_unsupported(build, "kernel", "is a function of Python's");
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++)
        if (brn_slice_is(name, kernels[i].name)) {
            m->rows.kind = kernels[i].kind;
            m->rows.gamma = m->gamma;
            m->rows.coef0 = m->coef0;
            m->rows.degree = (double)m->degree;
            if (m->rows.kind == BRN_KERNEL_POLY && (m->degree < 0 || m->degree > INT32_MAX))
                return brn_ill_formed(build, "degree", "is %lld", (long long)m->degree);
            return BRINE_OK;
        }
    return brn_unsupported(build, "kernel", "\"%.*s\" is not run", BRN_S(name));
}

static brine_status within(struct brn_build *build, brine_status status, const char *attribute)
{
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}

/* A model without support vectors has the shape of its training rows all the same. */
static brine_status read_vectors(struct brn_svm *m, struct brn_instance *me,
                                 struct brn_build *build)
{
    int64_t width = 0;
    BRN_TRY(within(build, brn_kernel_rows_read(build, m->vectors, &m->rows), "support_vectors_"));
    if (m->rows.count == 0) {
        BRN_TRY(
            within(build, brn_decode_int(build, brn_node_item(m->shape, 1), &width), "shape_fit_"));
        if (width < 1 || width > 1 << 24)
            return brn_ill_formed(build, "shape_fit_", "has %lld features", (long long)width);
        m->rows.columns = (size_t)width;
    }
    return brn_expect_features(build, me, m->rows.columns, "support_vectors_");
}

static brine_status read_dual(struct brn_svm *m, struct brn_build *build, size_t rows,
                              struct brn_matrix *ret_dual)
{
    struct brn_csr csr = {0};
    brine_status status;
    if (m->rows.count == 0) {
        *ret_dual = (struct brn_matrix){0};
        return BRINE_OK;
    }
    if (brn_node_is_csr(m->dual)) {
        status = brn_decode_csr(build, m->dual, &csr);
        if (status == BRINE_OK)
            status = brn_csr_dense(build, &csr, ret_dual);
    } else {
        status = brn_decode_matrix(build, m->dual, ret_dual);
    }
    if (status != BRINE_OK)
        return within(build, status, "_dual_coef_");
    if (ret_dual->rows == rows && ret_dual->columns == m->rows.count)
        return BRINE_OK;
    return brn_ill_formed(build, "_dual_coef_", "is %zu x %zu for %zu support vectors",
                          ret_dual->rows, ret_dual->columns, m->rows.count);
}

static brine_status check_count(struct brn_build *build, const struct brn_matrix *matrix,
                                const char *attribute, size_t count)
{
    if (matrix->present && matrix->rows * matrix->columns == count)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "has %zu values, expected %zu",
                          matrix->rows * matrix->columns, count);
}

static brine_status prepare_one(struct brn_instance *me, struct brn_build *build)
{
    static double none; /* of no support vectors */
    struct brn_svm *m = me->self;
    struct brn_matrix dual;
    BRN_TRY(read_kernel(m, build));
    BRN_TRY(read_vectors(m, me, build));
    BRN_TRY(read_dual(m, build, 1, &dual));
    m->coefs = dual.values ? dual.values : &none;
    if (m->offset.present)
        BRN_TRY(check_count(build, &m->offset, "offset_", 1));
    return check_count(build, &m->intercept, "_intercept_", 1);
}

static brine_status read_starts(struct brn_svm *m, struct brn_build *build)
{
    BRN_TRY(check_count(build, &m->support_counts, "_n_support", m->class_count));
    m->starts = BRN_BUILD_NEW(build, size_t, m->class_count + 1);
    if (!m->starts)
        return brn_fail_memory(build->err);
    for (size_t c = 0; c < m->class_count; c++) {
        double count = m->support_counts.values[c];
        if (!(count >= 0 && count <= (double)(m->rows.count - m->starts[c])) ||
            count != floor(count))
            return brn_ill_formed(build, "_n_support", "class %zu has %g of %zu vectors", c, count,
                                  m->rows.count);
        m->starts[c + 1] = m->starts[c] + (size_t)count;
    }
    if (m->starts[m->class_count] != m->rows.count)
        return brn_ill_formed(build, "_n_support", "names %zu of %zu vectors",
                              m->starts[m->class_count], m->rows.count);
    return BRINE_OK;
}

/* Each class's coefficients become contiguous: they meet its own vectors only. */
static brine_status lay_out_coefs(struct brn_svm *m, struct brn_build *build,
                                  const struct brn_matrix *dual)
{
    double *to = BRN_BUILD_NEW(build, double, dual->rows * dual->columns);
    if (!to)
        return brn_fail_memory(build->err);
    m->coefs = to;
    for (size_t c = 0; c < m->class_count; c++)
        for (size_t k = 0; k < dual->rows; k++)
            for (size_t i = m->starts[c]; i < m->starts[c + 1]; i++)
                *to++ = dual->values[k * dual->columns + i];
    return BRINE_OK;
}

static bool has_proba(const struct brn_svm *m)
{
    return brn_is(m->probability, BRN_BOOL) && m->probability->as.boolean &&
           m->prob_a.columns > 0 && m->prob_b.columns > 0;
}

static brine_status prepare_classes(struct brn_instance *me, struct brn_build *build)
{
    enum { MOST_CLASSES = 1 << 14 };
    struct brn_svm *m = me->self;
    struct brn_matrix dual;
    m->class_count = m->classes.count;
    if (m->class_count < 2 || m->class_count > MOST_CLASSES)
        return brn_ill_formed(build, "classes_", "there are %zu", m->class_count);
    m->pair_count = m->class_count * (m->class_count - 1) / 2;
    BRN_TRY(read_kernel(m, build));
    BRN_TRY(read_vectors(m, me, build));
    BRN_TRY(read_starts(m, build));
    BRN_TRY(read_dual(m, build, m->class_count - 1, &dual));
    BRN_TRY(lay_out_coefs(m, build, &dual));
    BRN_TRY(check_count(build, &m->intercept, "_intercept_", m->pair_count));
    if (has_proba(m)) {
        BRN_TRY(check_count(build, &m->prob_a, "_probA", m->pair_count));
        BRN_TRY(check_count(build, &m->prob_b, "_probB", m->pair_count));
    }
    return brn_labels(build, &m->classes, &m->labels);
}

/* ---- binding ---- */

static bool is_ovr(const struct brn_svm *m)
{
    return m->class_count > 2 && brn_text_is(m->decision_shape, "ovr");
}

static brine_status bind_numbers(struct brn_build *build, struct brn_instance *me,
                                 brine_method method, size_t count, bool named)
{
    const struct brn_svm *m = me->self;
    const char *const *names = named ? brn_label_names(build, method, m->labels) : NULL;
    if (named && !names)
        return brn_fail_memory(build->err);
    me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

static const struct brn_era ovr_eras[] = {
    {0, 2100, false, "decision_function_shape=\"ovr\" is scaled by the largest score of all rows"},
    {2100, 0, true, "each row for itself: utils/multiclass.py _ovr_decision_function"},
    BRN_ERA_END,
};

static brine_status bind_classes(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct brn_svm *m = me->self;
    bool ovr = is_ovr(m), binary = m->class_count == 2;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (!m->break_ties || brn_text_is(m->decision_shape, "ovr")) {
        me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &m->labels, 1);
        if (!me->out[BRINE_METHOD_PREDICT])
            return brn_fail_memory(build->err);
    }
    if (!ovr || brn_era_behaviour(ovr_eras, me->version))
        BRN_TRY(bind_numbers(build, me, BRINE_METHOD_DECISION_FUNCTION,
                             binary ? 1
                             : ovr  ? m->class_count
                                    : m->pair_count,
                             ovr));
    if (!has_proba(m))
        return BRINE_OK;
    BRN_TRY(bind_numbers(build, me, BRINE_METHOD_PREDICT_PROBA, m->class_count, true));
    return bind_numbers(build, me, BRINE_METHOD_PREDICT_LOG_PROBA, m->class_count, true);
}

static const struct brn_era scored_eras[] = {
    {0, 1900, true, "regressors have a decision_function"},
    {1900, 0, false, "they have none"},
    BRN_ERA_END,
};

static brine_status bind_matrix(struct brn_build *build, struct brn_instance *me,
                                bool has_two_dimensions)
{
    struct brn_schema *decision = brn_schema_numbers(build->arena, 1, NULL);
    if (!decision)
        return brn_fail_memory(build->err);
    decision->is_matrix = has_two_dimensions;
    me->out[BRINE_METHOD_DECISION_FUNCTION] = decision;
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct brn_svm *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (brn_era_behaviour(scored_eras, me->version))
        BRN_TRY(bind_matrix(build, me, true));
    return bind_numbers(build, me, BRINE_METHOD_PREDICT, 1, false);
}

static const struct brn_era one_class_eras[] = {
    {0, 2000, true, "decision_function has two dimensions"},
    {2000, 0, false, "decision_function has one"},
    BRN_ERA_END,
};

static brine_status bind_one_class(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct brn_svm *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_outlier_labels(build, me));
    BRN_TRY(bind_matrix(build, me, brn_era_behaviour(one_class_eras, me->version)));
    if (!m->offset.present)
        return BRINE_OK;
    return bind_numbers(build, me, BRINE_METHOD_SCORE_SAMPLES, 1, false);
}

/* ---- running ---- */

static brine_status regress(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    double *scores;
    BRN_TRY(brn_svm_decide(me->self, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = scores[r];
    return BRINE_OK;
}

static brine_status judge(const struct brn_instance *me, const struct brn_tile *in,
                          struct brn_tile *out, struct brn_work *work)
{
    double *scores;
    BRN_TRY(brn_svm_decide(me->self, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = scores[r] > 0;
    return BRINE_OK;
}

static brine_status score_samples(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_svm *m = me->self;
    double *scores;
    BRN_TRY(brn_svm_decide(m, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = scores[r] + m->offset.values[0];
    return BRINE_OK;
}

static brine_status against_rest(const struct brn_svm *m, const double *pairs, size_t rows,
                                 double *out, size_t stride, struct brn_work *work)
{
    double *confidences = brn_work_take(work, m->class_count, sizeof *confidences);
    if (!confidences)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < rows; r++)
        brn_svm_against_rest(m, pairs + r * m->pair_count, confidences, out + r * stride);
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct brn_svm *m = me->self;
    double *pairs;
    BRN_TRY(brn_svm_decide(m, in, work, &pairs));
    if (is_ovr(m))
        return against_rest(m, pairs, in->rows, out->numbers, out->number_stride, work);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t p = 0; p < m->pair_count; p++) {
            double pair = pairs[r * m->pair_count + p];
            out->numbers[r * out->number_stride + p] = m->class_count == 2 ? -pair : pair;
        }
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct brn_svm *m = me->self;
    double *pairs;
    BRN_TRY(brn_svm_decide(m, in, work, &pairs));
    if (m->break_ties && is_ovr(m)) {
        double *scores = brn_work_take(work, in->rows * m->class_count, sizeof *scores);
        if (!scores)
            return brn_fail_memory(work->err);
        BRN_TRY(against_rest(m, pairs, in->rows, scores, m->class_count, work));
        brn_argmax(scores, in->rows, m->class_count, out->codes, out->code_stride);
        return BRINE_OK;
    }
    int32_t *votes = brn_work_take(work, m->class_count, sizeof *votes);
    if (!votes)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = brn_svm_elect(m, pairs + r * m->pair_count, votes);
    return BRINE_OK;
}

/* ---- probabilities ---- */

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_svm *m = me->self;
    size_t k = m->class_count;
    double *pairs;
    double *rates = brn_work_take(work, k * k, sizeof *rates);
    double *room = brn_work_take(work, brn_couple_room(k), sizeof *room);
    if (!rates || !room)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_svm_decide(m, in, work, &pairs));
    for (size_t row = 0; row < in->rows; row++, pairs += m->pair_count) {
        for (size_t i = 0, p = 0; i < k; i++)
            for (size_t j = i + 1; j < k; j++, p++) {
                rates[i * k + j] = brn_platt(pairs[p], m->prob_a.values[p], m->prob_b.values[p]);
                rates[j * k + i] = 1 - rates[i * k + j];
            }
        brn_couple(rates, k, room, out->numbers + row * out->number_stride);
    }
    return BRINE_OK;
}

/* ---- tables ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct brn_svm, kernel_name, "kernel", NODE, "linear, poly, rbf or sigmoid"),
    BRN_FIELD(struct brn_svm, vectors, "support_vectors_", NODE, "training rows, dense or sparse"),
    BRN_FIELD(struct brn_svm, dual, "_dual_coef_", NODE, "libsvm's coefficients of the vectors"),
    BRN_FIELD(struct brn_svm, intercept, "_intercept_", MATRIX, "libsvm's intercepts"),
    BRN_FIELD(struct brn_svm, gamma, "_gamma", NUMBER, "of the kernel: what gamma came to in fit"),
    BRN_FIELD(struct brn_svm, coef0, "coef0", NUMBER, "of the kernels poly and sigmoid"),
    BRN_FIELD(struct brn_svm, degree, "degree", INT, "of the kernel poly"),
    BRN_FIELD(struct brn_svm, shape, "shape_fit_", NODE, "of the training rows"),
    BRN_FIELD_IGNORE("gamma", "_gamma is what it came to"),
    BRN_FIELD_IGNORE("_sparse", "support_vectors_ says so"),
    BRN_FIELD_IGNORE("dual_coef_", "_dual_coef_, with the other sign for two classes"),
    BRN_FIELD_IGNORE("intercept_", "_intercept_, with the other sign for two classes"),
    BRN_FIELD_IGNORE("support_", "indices of the vectors among the training rows"),
    BRN_FIELD_IGNORE("fit_status_", "of fit"),
    BRN_FIELD_IGNORE("_num_iter", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("C", "of fit"),
    BRN_FIELD_IGNORE("nu", "of fit"),
    BRN_FIELD_IGNORE("epsilon", "of fit"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("cache_size", "of fit"),
    BRN_FIELD_IGNORE("class_weight", "weights of fit"),
    BRN_FIELD_IGNORE("class_weight_", "weights of fit"),
    BRN_FIELD_IGNORE("shrinking", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("verbose", "of fit"),
    BRN_FIELD_IGNORE("_impl", "through 0.19: what the class is"),
    BRN_FIELD_IGNORE("_effective_probability", "since 1.9: what fit made of probability"),
    BRN_FIELD_END,
};

static const struct brn_field class_fields[] = {
    BRN_FIELD(struct brn_svm, classes, "classes_", VALUES, "class labels"),
    BRN_FIELD_WINDOW(struct brn_svm, support_counts, "n_support_", MATRIX, 0, 2200,
                     "vectors of each class"),
    BRN_FIELD_WINDOW(struct brn_svm, support_counts, "_n_support", MATRIX, 2200, 0,
                     "vectors of each class"),
    BRN_FIELD_WINDOW(struct brn_svm, prob_a, "probA_", MATRIX, 0, 2300, "Platt's slopes, by pair"),
    BRN_FIELD_WINDOW(struct brn_svm, prob_a, "_probA", MATRIX, 2300, 0, "Platt's slopes, by pair"),
    BRN_FIELD_WINDOW(struct brn_svm, prob_b, "probB_", MATRIX, 0, 2300,
                     "Platt's intercepts, by pair"),
    BRN_FIELD_WINDOW(struct brn_svm, prob_b, "_probB", MATRIX, 2300, 0,
                     "Platt's intercepts, by pair"),
    BRN_FIELD(struct brn_svm, probability, "probability", NODE, "whether there is predict_proba"),
    BRN_FIELD(struct brn_svm, decision_shape, "decision_function_shape", TEXT, "ovr or ovo"),
    BRN_FIELD_OPTIONAL(struct brn_svm, break_ties, "break_ties", BOOL,
                       "since 0.22: predict by decision_function"),
    BRN_FIELD_END,
};

static const struct brn_field score_fields[] = {
    BRN_FIELD_OPTIONAL(struct brn_svm, offset, "offset_", MATRIX,
                       "OneClassSVM since 0.20: what score_samples adds"),
    BRN_FIELD_IGNORE("n_support_", "one number for all vectors"),
    BRN_FIELD_IGNORE("_n_support", "one number for all vectors"),
    BRN_FIELD_IGNORE("probA_", "not of these"),
    BRN_FIELD_IGNORE("probB_", "not of these"),
    BRN_FIELD_IGNORE("_probA", "not of these"),
    BRN_FIELD_IGNORE("_probB", "not of these"),
    BRN_FIELD_IGNORE("probability", "not of these"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.svm._classes", "sklearn.svm.classes", NULL};

#define CLASSIFIER(identifier, text)                                              \
    static const struct brn_estimator identifier = {                              \
        .name = text,                                                             \
        .modules = modules,                                                       \
        .size = sizeof(struct brn_svm),                                           \
        .fields = class_fields,                                                   \
        .more_fields = common_fields,                                             \
        .prepare = prepare_classes,                                               \
        .bind = bind_classes,                                                     \
        .methods =                                                                \
            {                                                                     \
                [BRINE_METHOD_PREDICT] = {predict, BRN_ULPS},                     \
                [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS},         \
                [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS}, \
                [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_ULPS}, \
            },                                                                    \
    }

#define REGRESSOR(identifier, text)                                     \
    static const struct brn_estimator identifier = {                    \
        .name = text,                                                   \
        .modules = modules,                                             \
        .size = sizeof(struct brn_svm),                                 \
        .fields = score_fields,                                         \
        .more_fields = common_fields,                                   \
        .prepare = prepare_one,                                         \
        .bind = bind_regressor,                                         \
        .methods =                                                      \
            {                                                           \
                [BRINE_METHOD_PREDICT] = {regress, BRN_ULPS},           \
                [BRINE_METHOD_DECISION_FUNCTION] = {regress, BRN_ULPS}, \
            },                                                          \
    }

CLASSIFIER(svc, "SVC");
CLASSIFIER(nu_svc, "NuSVC");
REGRESSOR(svr, "SVR");
REGRESSOR(nu_svr, "NuSVR");

static const struct brn_estimator one_class_svm = {
    .name = "OneClassSVM",
    .modules = modules,
    .size = sizeof(struct brn_svm),
    .fields = score_fields,
    .more_fields = common_fields,
    .prepare = prepare_one,
    .bind = bind_one_class,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {judge, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {regress, BRN_ULPS},
            [BRINE_METHOD_SCORE_SAMPLES] = {score_samples, BRN_ULPS},
        },
};

static const struct brn_estimator *const estimators[] = {&svc,    &nu_svc,        &svr,
                                                         &nu_svr, &one_class_svm, NULL};

const struct brn_family brn_family_svm = {estimators};
