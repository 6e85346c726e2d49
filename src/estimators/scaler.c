/* SPDX-License-Identifier: Apache-2.0
 *
 * scaler.c - StandardScaler, MinMaxScaler, MaxAbsScaler and RobustScaler: one or two IEEE
 * operations a value, in scikit-learn's order.  sklearn/preprocessing/_data.py.
 *
 * Rows of a sparse matrix are not divided but multiplied by the reciprocal, and cannot be centred.
 */
#include "estimators/shared_sparse.h"
#include "model/estimator.h"

enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE };

/* One operation over all values. */
struct stage {
    enum operation operation;
    const double *by; /* a value a feature */
};

struct stages {
    struct stage at[2];
    size_t count;
};

struct scaler {
    bool with_center, with_scale;
    struct brn_matrix center, scale;
    /* MinMaxScaler */
    struct brn_matrix min;
    bool clip;
    const struct brn_node *feature_range;
    double low, high;

    struct stages forward, backward;
    double *reciprocal; /* of scale; NULL when there is none */
    size_t count;
    int32_t *columns;
    bool is_sparse, is_compressed;
};

/* ---- preparing ---- */

static void add_stage(struct stages *stages, enum operation operation, const struct brn_matrix *by)
{
    stages->at[stages->count++] = (struct stage){operation, by->values};
}

static brine_status check_width(struct brn_build *build, struct brn_instance *me,
                                const char *attribute, const struct brn_matrix *m)
{
    if (m->present && m->rows == 1)
        return brn_expect_features(build, me, m->columns, attribute);
    return brn_ill_formed(build, attribute, "has %zu values for %zu features", m->rows * m->columns,
                          me->feature_count);
}

static brine_status prepare_reciprocal(struct scaler *m, struct brn_build *build)
{
    m->reciprocal = BRN_BUILD_NEW(build, double, m->scale.columns);
    if (!m->reciprocal)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->scale.columns; i++)
        m->reciprocal[i] = 1.0 / m->scale.values[i];
    return BRINE_OK;
}

/* (x - center) / scale, each where it is wanted. */
static brine_status prepare_centered(struct brn_instance *me, struct brn_build *build,
                                     const char *center, const char *scale)
{
    struct scaler *m = me->self;
    if (m->with_center) {
        BRN_TRY(check_width(build, me, center, &m->center));
        add_stage(&m->forward, SUBTRACT, &m->center);
    }
    if (m->with_scale) {
        BRN_TRY(check_width(build, me, scale, &m->scale));
        add_stage(&m->forward, DIVIDE, &m->scale);
        add_stage(&m->backward, MULTIPLY, &m->scale);
        BRN_TRY(prepare_reciprocal(m, build));
    }
    if (m->with_center)
        add_stage(&m->backward, ADD, &m->center);
    return BRINE_OK;
}

static brine_status prepare_standard(struct brn_instance *me, struct brn_build *build)
{
    return prepare_centered(me, build, "mean_", "scale_");
}

static brine_status prepare_robust(struct brn_instance *me, struct brn_build *build)
{
    return prepare_centered(me, build, "center_", "scale_");
}

static brine_status prepare_max_abs(struct brn_instance *me, struct brn_build *build)
{
    struct scaler *m = me->self;
    m->with_scale = true;
    m->low = -1;
    m->high = 1;
    return prepare_centered(me, build, "", "scale_");
}

static brine_status prepare_min_max(struct brn_instance *me, struct brn_build *build)
{
    struct scaler *m = me->self;
    m->with_center = true;
    BRN_TRY(check_width(build, me, "scale_", &m->scale));
    BRN_TRY(check_width(build, me, "min_", &m->min));
    add_stage(&m->forward, MULTIPLY, &m->scale);
    add_stage(&m->forward, ADD, &m->min);
    add_stage(&m->backward, SUBTRACT, &m->min);
    add_stage(&m->backward, DIVIDE, &m->scale);
    if (brn_node_count(m->feature_range) != 2)
        return brn_ill_formed(build, "feature_range", "is no pair");
    BRN_TRY(brn_decode_number(build, brn_node_item(m->feature_range, 0), &m->low));
    return brn_decode_number(build, brn_node_item(m->feature_range, 1), &m->high);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct scaler *m = me->self;
    m->count = in->count;
    m->is_sparse = in->is_sparse;
    m->is_compressed = in->is_compressed;
    if (m->is_sparse && m->with_center)
        return brn_unsupported(build, "", "%s centres rows, and sparse rows cannot be centred",
                               me->estimator->name);
    if (!m->is_compressed)
        BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_like(build, me, in));
    if (!m->is_compressed)
        me->out[BRINE_METHOD_INVERSE_TRANSFORM] = me->out[BRINE_METHOD_TRANSFORM];
    return BRINE_OK;
}

/* ---- running ---- */

static double apply(enum operation operation, double value, double by)
{
    switch (operation) {
    case ADD:
        return value + by;
    case SUBTRACT:
        return value - by;
    case MULTIPLY:
        return value * by;
    case DIVIDE:
        return value / by;
    }
    return value;
}

/* How scikit-learn computes on float32 rows. */
enum precision { DOUBLE, ROUND_RESULT, ROUND_ALL };

static const struct brn_era standard_eras[] = {
    {0, 10800, ROUND_RESULT, "float32 rows: each result is rounded"},
    {10800, 0, ROUND_ALL, "float32 rows: mean_ and scale_ are rounded, too"},
    BRN_ERA_END,
};

static void each_value(struct brn_tile *out, size_t count, struct stage stage,
                       enum precision precision)
{
    for (size_t r = 0; r < out->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (precision == DOUBLE)
            for (size_t i = 0; i < count; i++)
                row[i] = apply(stage.operation, row[i], stage.by[i]);
        else
            for (size_t i = 0; i < count; i++) {
                double by = precision == ROUND_ALL ? (double)(float)stage.by[i] : stage.by[i];
                row[i] = (double)(float)apply(stage.operation, row[i], by);
            }
    }
}

static double clipped(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static void clip(const struct scaler *m, struct brn_tile *out, bool single)
{
    double low = single ? (double)(float)m->low : m->low;
    double high = single ? (double)(float)m->high : m->high;
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            double *v = &out->numbers[r * out->number_stride + i];
            *v = clipped(*v, low, high);
        }
}

static const struct brn_era missing_eras[] = {
    {0, 2000, BRN_NAN_REFUSED, "NaN is refused"},
    {2000, 0, BRN_NAN_ALLOWED, "NaN stays NaN"},
    BRN_ERA_END,
};

static enum brn_missing missing_of(const struct brn_instance *me)
{
    return (enum brn_missing)brn_era_behaviour(missing_eras, me->version);
}

static brine_status copy_in(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, const struct brn_work *work)
{
    const struct scaler *m = me->self;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, missing_of(me)));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            out->numbers[r * out->number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->columns[i]];
    return BRINE_OK;
}

static double scale_sparse(const struct scaler *m, size_t i, double value, bool single)
{
    double v = m->reciprocal ? value * m->reciprocal[i] : value;
    if (single)
        v = (double)(float)v;
    return m->clip ? clipped(v, m->low, m->high) : v;
}

static brine_status transform_compressed(const struct brn_instance *me, const struct brn_tile *in,
                                         struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    BRN_TRY(brn_check_compressed(work, in, missing_of(me)));
    const struct brn_compressed *from = in->compressed;
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t k = from->starts[r]; k < from->starts[r + 1]; k++)
            BRN_TRY(
                brn_compressed_add(work, out->compressed, from->columns[k],
                                   scale_sparse(m, from->columns[k], from->values[k], in->single)));
        brn_compressed_end_row(out->compressed, r);
    }
    return BRINE_OK;
}

/* What is not 0 of a sparse matrix whose columns are slots. */
static void transform_sparse(const struct scaler *m, struct brn_tile *out, bool single)
{
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            double *v = &out->numbers[r * out->number_stride + i];
            if (*v < 0 || *v > 0 || *v != *v)
                *v = scale_sparse(m, i, *v, single);
        }
}

static brine_status run(const struct brn_instance *me, const struct stages *stages,
                        enum precision precision, const struct brn_tile *in, struct brn_tile *out,
                        struct brn_work *work)
{
    const struct scaler *m = me->self;
    BRN_TRY(copy_in(me, in, out, work));
    out->single = in->single;
    for (size_t k = 0; k < stages->count; k++)
        each_value(out, m->count, stages->at[k], in->single ? precision : DOUBLE);
    if (m->clip && stages == &m->forward)
        clip(m, out, in->single);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, enum precision precision,
                              const struct brn_tile *in, struct brn_tile *out,
                              struct brn_work *work)
{
    const struct scaler *m = me->self;
    if (m->is_compressed)
        return transform_compressed(me, in, out, work);
    if (!m->is_sparse)
        return run(me, &m->forward, precision, in, out, work);
    BRN_TRY(copy_in(me, in, out, work));
    transform_sparse(m, out, in->single);
    return BRINE_OK;
}

static enum precision standard_precision(const struct brn_instance *me)
{
    return (enum precision)brn_era_behaviour(standard_eras, me->version);
}

static brine_status transform_standard(const struct brn_instance *me, const struct brn_tile *in,
                                       struct brn_tile *out, struct brn_work *work)
{
    return transform(me, standard_precision(me), in, out, work);
}

static brine_status inverse_standard(const struct brn_instance *me, const struct brn_tile *in,
                                     struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    return run(me, &m->backward, standard_precision(me), in, out, work);
}

static brine_status transform_rounded(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    return transform(me, ROUND_RESULT, in, out, work);
}

static brine_status inverse_rounded(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    return run(me, &m->backward, ROUND_RESULT, in, out, work);
}

/* ---- classes ---- */

static const struct brn_field standard_fields[] = {
    BRN_FIELD(struct scaler, with_center, "with_mean", BOOL, "whether mean_ is subtracted"),
    BRN_FIELD(struct scaler, with_scale, "with_std", BOOL, "whether to divide by scale_"),
    BRN_FIELD(struct scaler, center, "mean_", MATRIX, "a mean a feature"),
    BRN_FIELD(struct scaler, scale, "scale_", MATRIX, "a standard deviation a feature, 1 for none"),
    BRN_FIELD_IGNORE("var_", "scale_ is its root"),
    BRN_FIELD_IGNORE("n_samples_seen_", "rows of fit"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const struct brn_field min_max_fields[] = {
    BRN_FIELD(struct scaler, scale, "scale_", MATRIX, "a factor a feature"),
    BRN_FIELD(struct scaler, min, "min_", MATRIX, "what is added after scaling"),
    BRN_FIELD(struct scaler, feature_range, "feature_range", NODE, "the limits of clip"),
    BRN_FIELD_OPTIONAL(struct scaler, clip, "clip", BOOL,
                       "whether results are kept in feature_range"),
    BRN_FIELD_IGNORE("data_min_", "of the training rows"),
    BRN_FIELD_IGNORE("data_max_", "of the training rows"),
    BRN_FIELD_IGNORE("data_range_", "of the training rows"),
    BRN_FIELD_IGNORE("n_samples_seen_", "rows of fit"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const struct brn_field max_abs_fields[] = {
    BRN_FIELD(struct scaler, scale, "scale_", MATRIX, "the largest magnitude of each feature"),
    BRN_FIELD_OPTIONAL(struct scaler, clip, "clip", BOOL, "whether results are kept in [-1, 1]"),
    BRN_FIELD_IGNORE("max_abs_", "of the training rows"),
    BRN_FIELD_IGNORE("n_samples_seen_", "rows of fit"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const struct brn_field robust_fields[] = {
    BRN_FIELD(struct scaler, with_center, "with_centering", BOOL, "whether center_ is subtracted"),
    BRN_FIELD(struct scaler, with_scale, "with_scaling", BOOL, "whether to divide by scale_"),
    BRN_FIELD_OPTIONAL(struct scaler, center, "center_", MATRIX, "a median a feature"),
    BRN_FIELD_OPTIONAL(struct scaler, scale, "scale_", MATRIX, "a range of quantiles a feature"),
    BRN_FIELD_IGNORE("quantile_range", "scale_ is what came of it"),
    BRN_FIELD_IGNORE("unit_variance", "scale_ is what came of it"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._data", "sklearn.preprocessing.data",
                                      NULL};

#define SCALER(identifier, text, table, preparation, forward, backward)   \
    static const struct brn_estimator identifier = {                      \
        .name = text,                                                     \
        .modules = modules,                                               \
        .size = sizeof(struct scaler),                                    \
        .fields = table,                                                  \
        .prepare = preparation,                                           \
        .bind = bind,                                                     \
        .takes_any_width = true,                                          \
        .keeps_width = true,                                              \
        .takes_compressed = true,                                         \
        .methods =                                                        \
            {                                                             \
                [BRINE_METHOD_TRANSFORM] = {forward, BRN_EXACT},          \
                [BRINE_METHOD_INVERSE_TRANSFORM] = {backward, BRN_EXACT}, \
            },                                                            \
    }

SCALER(standard_scaler, "StandardScaler", standard_fields, prepare_standard, transform_standard,
       inverse_standard);
SCALER(min_max_scaler, "MinMaxScaler", min_max_fields, prepare_min_max, transform_rounded,
       inverse_rounded);
SCALER(max_abs_scaler, "MaxAbsScaler", max_abs_fields, prepare_max_abs, transform_rounded,
       inverse_rounded);
SCALER(robust_scaler, "RobustScaler", robust_fields, prepare_robust, transform_rounded,
       inverse_rounded);

static const struct brn_estimator *const estimators[] = {&standard_scaler, &min_max_scaler,
                                                         &max_abs_scaler, &robust_scaler, NULL};

const struct brn_family brn_family_scaler = {estimators};
