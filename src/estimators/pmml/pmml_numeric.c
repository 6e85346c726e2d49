/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_numeric.c - steps of sklearn2pmml from numbers to numbers: Aggregator (AggregateTransformer
 * since 0.116), PowerFunctionTransformer, SelectUnique.  sklearn2pmml/preprocessing and
 * sklearn2pmml/feature_selection. */
#include "model/estimator.h"

#include <math.h>

struct numeric {
    const char *function;
    int64_t power;
    struct brn_values support;
    double (*aggregate)(const double *values, size_t count);
    int32_t *columns; /* that are read */
    size_t count;
};

/* ---- Aggregator: NaN is left out, by numpy.nanmean and kin ---- */

static double nan_sum(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += isnan(values[i]) ? 0 : values[i];
    return sum;
}

static double nan_mean(const double *values, size_t count)
{
    size_t present = 0;
    for (size_t i = 0; i < count; i++)
        present += isnan(values[i]) ? 0 : 1;
    return present ? nan_sum(values, count) / (double)present : (double)NAN;
}

static double nan_product(const double *values, size_t count)
{
    double product = 1;
    for (size_t i = 0; i < count; i++)
        product *= isnan(values[i]) ? 1 : values[i];
    return product;
}

static double nan_least(const double *values, size_t count)
{
    double least = (double)NAN;
    for (size_t i = 0; i < count; i++)
        least = isnan(least) || values[i] < least ? values[i] : least;
    return least;
}

static double nan_greatest(const double *values, size_t count)
{
    double greatest = (double)NAN;
    for (size_t i = 0; i < count; i++)
        greatest = isnan(greatest) || values[i] > greatest ? values[i] : greatest;
    return greatest;
}

static const struct {
    const char *name;
    double (*aggregate)(const double *values, size_t count);
} aggregates[] = {
    {"min", nan_least},       {"max", nan_greatest}, {"sum", nan_sum},  {"prod", nan_product},
    {"product", nan_product}, {"mean", nan_mean},    {"avg", nan_mean},
};

static brine_status prepare_aggregate(struct brn_instance *me, struct brn_build *build)
{
    struct numeric *m = me->self;
    for (size_t i = 0; i < sizeof aggregates / sizeof aggregates[0]; i++)
        if (brn_text_is(m->function, aggregates[i].name))
            m->aggregate = aggregates[i].aggregate;
    return m->aggregate ? BRINE_OK : brn_unsupported(build, "function", "is not a known one");
}

/* numpy adds eight and more values in an order that depends on how they lie in memory. */
enum { MOST_AGGREGATED = 7 };

static brine_status bind_aggregate(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct numeric *m = me->self;
    if (in->count > MOST_AGGREGATED || in->count == 0)
        return brn_unsupported(build, "function", "of %zu columns: it is run with 1 to %d",
                               in->count, MOST_AGGREGATED);
    m->count = in->count;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, 1, NULL);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* Before 0.49.3 a NaN made the aggregate NaN; the file does not say which release wrote it. */
static brine_status aggregate(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct numeric *m = me->self;
    double values[MOST_AGGREGATED];
    for (size_t r = 0; r < in->rows; r++) {
        bool any_missing = false;
        for (size_t i = 0; i < m->count; i++) {
            values[i] = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            any_missing |= isnan(values[i]);
        }
        if (any_missing)
            return brn_refuse(work, in, r, NULL,
                              "releases of sklearn2pmml differ on whether missing values are left "
                              "out of an aggregate");
        double result = m->aggregate(values, m->count);
        out->numbers[r * out->number_stride] = in->single ? (double)(float)result : result;
    }
    return BRINE_OK;
}

/* ---- PowerFunctionTransformer ---- */

static brine_status bind_power(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct numeric *m = me->self;
    m->count = in->count;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_one_to_one(build, me, in, 0);
}

static brine_status raise_to_power(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct numeric *m = me->self;
    (void)work;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            double v = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            double result =
                in->single ? (double)powf((float)v, (float)m->power) : pow(v, (double)m->power);
            out->numbers[r * out->number_stride + i] = result;
        }
    return BRINE_OK;
}

/* ---- SelectUnique: columns that are no copies of others ---- */

static brine_status prepare_selection(struct brn_instance *me, struct brn_build *build)
{
    struct numeric *m = me->self;
    for (size_t i = 0; i < m->support.count; i++)
        if (m->support.at[i].kind != BRN_VALUE_BOOL)
            return brn_ill_formed(build, "support_mask_", "is no mask");
    return brn_expect_features(build, me, m->support.count, "support_mask_");
}

static brine_status bind_selection(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct numeric *m = me->self;
    int32_t *all;
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    m->columns = BRN_BUILD_NEW(build, int32_t, in->count);
    if (!names || !m->columns)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_bind_numbers(build, me, in, &all));
    for (size_t i = 0; i < in->count; i++)
        if (m->support.at[i].as.boolean) {
            names[m->count] = brn_schema_name(in, i);
            m->columns[m->count++] = all[i];
        }
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, m->count, names);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status select_columns(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct numeric *m = me->self;
    (void)work;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            out->numbers[r * out->number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->columns[i]];
    return BRINE_OK;
}

/* ---- classes ---- */

static const struct brn_field aggregate_fields[] = {
    BRN_FIELD(struct numeric, function, "function", TEXT, "mean, min, max, sum or prod"),
    BRN_FIELD_END,
};

static const struct brn_field power_fields[] = {
    BRN_FIELD(struct numeric, power, "power", INT, "the exponent"),
    BRN_FIELD_END,
};

static const struct brn_field selection_fields[] = {
    BRN_FIELD(struct numeric, support, "support_mask_", VALUES, "which columns are kept"),
    BRN_FIELD_END,
};

static const char *const preprocessing[] = {"sklearn2pmml.preprocessing", NULL};
static const char *const selection[] = {"sklearn2pmml.feature_selection", NULL};

#define AGGREGATE(class)                                                                          \
    {                                                                                             \
        .name = class, .modules = preprocessing, .library = "sklearn2pmml", .is_beside = true,    \
        .size = sizeof(struct numeric), .fields = aggregate_fields, .prepare = prepare_aggregate, \
        .bind = bind_aggregate, .takes_any_width = true,                                          \
        .methods = {[BRINE_METHOD_TRANSFORM] = {aggregate, BRN_EXACT}},                           \
    }

static const struct brn_estimator aggregator = AGGREGATE("Aggregator");
static const struct brn_estimator aggregate_transformer = AGGREGATE("AggregateTransformer");

static const struct brn_estimator power = {
    .name = "PowerFunctionTransformer",
    .modules = preprocessing,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct numeric),
    .fields = power_fields,
    .bind = bind_power,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {raise_to_power, BRN_ULPS}},
};

static const struct brn_estimator select_unique = {
    .name = "SelectUnique",
    .modules = selection,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct numeric),
    .fields = selection_fields,
    .prepare = prepare_selection,
    .bind = bind_selection,
    .methods = {[BRINE_METHOD_TRANSFORM] = {select_columns, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&aggregator, &aggregate_transformer,
                                                         &power, &select_unique, NULL};

const struct brn_family brn_family_pmml_numeric = {estimators};
