/* SPDX-License-Identifier: Apache-2.0
 *
 * scaler.c - StandardScaler and MinMaxScaler: one or two IEEE operations a value, in scikit-learn's
 * order. sklearn/preprocessing/_data.py. */
#include "model/estimator.h"

struct scaler {
    /* StandardScaler */
    bool with_mean, with_std;
    struct brn_matrix mean, scale;
    /* MinMaxScaler: scale, and */
    struct brn_matrix min;
    bool clip;
    const struct brn_node *feature_range;
    double low, high;

    size_t count;
    int32_t *columns;
};

static brine_status check_width(struct brn_build *build, const struct brn_instance *me,
                                const char *attribute, const struct brn_matrix *m)
{
    if (m->present && m->rows == 1 && m->columns == me->feature_count)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "has %zu values for %zu features", m->rows * m->columns,
                          me->feature_count);
}

static brine_status prepare_standard(struct brn_instance *me, struct brn_build *build)
{
    const struct scaler *m = me->self;
    if (m->with_mean)
        BRN_TRY(check_width(build, me, "mean_", &m->mean));
    return m->with_std ? check_width(build, me, "scale_", &m->scale) : BRINE_OK;
}

static brine_status prepare_min_max(struct brn_instance *me, struct brn_build *build)
{
    struct scaler *m = me->self;
    BRN_TRY(check_width(build, me, "scale_", &m->scale));
    BRN_TRY(check_width(build, me, "min_", &m->min));
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
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 0));
    me->out[BRINE_METHOD_INVERSE_TRANSFORM] = me->out[BRINE_METHOD_TRANSFORM];
    return BRINE_OK;
}

/* ---- one operation over all values ---- */

enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE };

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

static void each_value(struct brn_tile *out, size_t count, enum operation operation,
                       const double *by, enum precision precision)
{
    for (size_t r = 0; r < out->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (precision == DOUBLE)
            for (size_t i = 0; i < count; i++)
                row[i] = apply(operation, row[i], by[i]);
        else
            for (size_t i = 0; i < count; i++) {
                double operand = precision == ROUND_ALL ? (double)(float)by[i] : by[i];
                row[i] = (double)(float)apply(operation, row[i], operand);
            }
    }
}

static brine_status copy_in(const struct scaler *m, const struct brn_tile *in, struct brn_tile *out,
                            const struct brn_work *work)
{
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_ALLOWED));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            out->numbers[r * out->number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->columns[i]];
    return BRINE_OK;
}

static enum precision standard_precision(const struct brn_instance *me, const struct brn_tile *in)
{
    if (!in->single)
        return DOUBLE;
    return (enum precision)brn_era_behaviour(standard_eras, me->version);
}

static brine_status transform_standard(const struct brn_instance *me, const struct brn_tile *in,
                                       struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    enum precision precision = standard_precision(me, in);
    BRN_TRY(copy_in(m, in, out, work));
    if (m->with_mean)
        each_value(out, m->count, SUBTRACT, m->mean.values, precision);
    if (m->with_std)
        each_value(out, m->count, DIVIDE, m->scale.values, precision);
    return BRINE_OK;
}

static brine_status inverse_standard(const struct brn_instance *me, const struct brn_tile *in,
                                     struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    enum precision precision = standard_precision(me, in);
    BRN_TRY(copy_in(m, in, out, work));
    if (m->with_std)
        each_value(out, m->count, MULTIPLY, m->scale.values, precision);
    if (m->with_mean)
        each_value(out, m->count, ADD, m->mean.values, precision);
    return BRINE_OK;
}

static void clip(struct brn_tile *out, size_t count, double low, double high)
{
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < count; i++) {
            double *v = &out->numbers[r * out->number_stride + i];
            *v = *v < low ? low : *v > high ? high : *v;
        }
}

static brine_status transform_min_max(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    enum precision precision = in->single ? ROUND_RESULT : DOUBLE;
    BRN_TRY(copy_in(m, in, out, work));
    each_value(out, m->count, MULTIPLY, m->scale.values, precision);
    each_value(out, m->count, ADD, m->min.values, precision);
    if (m->clip)
        clip(out, m->count, m->low, m->high);
    return BRINE_OK;
}

static brine_status inverse_min_max(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct scaler *m = me->self;
    enum precision precision = in->single ? ROUND_RESULT : DOUBLE;
    BRN_TRY(copy_in(m, in, out, work));
    each_value(out, m->count, SUBTRACT, m->min.values, precision);
    each_value(out, m->count, DIVIDE, m->scale.values, precision);
    return BRINE_OK;
}

static const struct brn_field standard_fields[] = {
    BRN_FIELD(struct scaler, with_mean, "with_mean", BOOL, "whether mean_ is subtracted"),
    BRN_FIELD(struct scaler, with_std, "with_std", BOOL, "whether to divide by scale_"),
    BRN_FIELD(struct scaler, mean, "mean_", MATRIX, "a mean a feature"),
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

static const char *const modules[] = {"sklearn.preprocessing._data", NULL};

static const struct brn_estimator standard_scaler = {
    .name = "StandardScaler",
    .modules = modules,
    .size = sizeof(struct scaler),
    .fields = standard_fields,
    .prepare = prepare_standard,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_TRANSFORM] = {transform_standard, BRN_EXACT},
            [BRINE_METHOD_INVERSE_TRANSFORM] = {inverse_standard, BRN_EXACT},
        },
};

static const struct brn_estimator min_max_scaler = {
    .name = "MinMaxScaler",
    .modules = modules,
    .size = sizeof(struct scaler),
    .fields = min_max_fields,
    .prepare = prepare_min_max,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_TRANSFORM] = {transform_min_max, BRN_EXACT},
            [BRINE_METHOD_INVERSE_TRANSFORM] = {inverse_min_max, BRN_EXACT},
        },
};

static const struct brn_estimator *const estimators[] = {&standard_scaler, &min_max_scaler, NULL};

const struct brn_family brn_family_scaler = {estimators};
