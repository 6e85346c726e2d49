/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_duration.c - DaysSinceYearTransformer and its like of sklearn2pmml: times to numbers.
 * sklearn2pmml/preprocessing. */
#include "estimators/shared_time.h"
#include "model/estimator.h"

#include <math.h>

enum { DAY = 86400 };

struct duration {
    int64_t year;
    const struct brn_node *epoch_node;
    double epoch; /* its first second */
    int32_t *columns;
    size_t count;
};

/* Releases up to 0.43 had no year, but datetime.datetime(year, 1, 1), whose pickle begins with the
 * year, the month and the day. */
static brine_status read_year(struct duration *m, struct brn_build *build)
{
    static const uint8_t new_year[] = {1, 1, 0, 0, 0, 0, 0, 0};
    struct brn_slice bytes = {NULL, 0};
    if (m->year || !m->epoch_node)
        return BRINE_OK;
    if (brn_is(m->epoch_node, BRN_OBJECT) &&
        brn_node_is_global(m->epoch_node->as.object->callable, "datetime", "datetime"))
        BRN_TRY(brn_node_bytes(brn_node_item(m->epoch_node->as.object->args, 0), build->arena,
                               &bytes, build->err));
    if (bytes.n != 2 + sizeof new_year || memcmp(bytes.p + 2, new_year, sizeof new_year) != 0)
        return brn_unsupported(build, "epoch", "is no first day of a year");
    m->year = bytes.p[0] << 8 | bytes.p[1];
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct duration *m = me->self;
    BRN_TRY(read_year(m, build));
    if (m->year < 1900 || m->year > 9999)
        return brn_unsupported(build, "year", "is %lld", (long long)m->year);
    m->epoch = (double)(brn_time_days(m->year, 1, 1) * DAY);
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct duration *m = me->self;
    m->count = in->count;
    for (size_t i = 0; i < in->count; i++)
        if (in->is_compressed || in->slots[i]->numbers_are != BRN_NUMBERS_TIME)
            return brn_unsupported(build, "", "%s gets a column that no step has made a time",
                                   me->estimator->name);
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 8));
    for (size_t i = 0; i < in->count; i++)
        me->out[BRINE_METHOD_TRANSFORM]->slots[i]->numbers_are = BRN_NUMBERS_WHOLE;
    return BRINE_OK;
}

static double days_since(double seconds)
{
    return floor(seconds / DAY);
}

static double seconds_since(double seconds)
{
    return seconds;
}

static double seconds_of_day(double seconds)
{
    return seconds - floor(seconds / DAY) * DAY;
}

static brine_status measure(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, double (*unit)(double seconds))
{
    const struct duration *m = me->self;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            out->numbers[r * out->number_stride + i] =
                unit(in->numbers[r * in->number_stride + (size_t)m->columns[i]] - m->epoch);
    out->single = false;
    return BRINE_OK;
}

static brine_status count_days(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    (void)work;
    return measure(me, in, out, days_since);
}

static brine_status count_seconds(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    (void)work;
    return measure(me, in, out, seconds_since);
}

static brine_status count_seconds_of_day(const struct brn_instance *me, const struct brn_tile *in,
                                         struct brn_tile *out, struct brn_work *work)
{
    (void)work;
    return measure(me, in, out, seconds_of_day);
}

static const struct brn_field since_fields[] = {
    BRN_FIELD_OPTIONAL(struct duration, year, "year", INT, "what is counted from"),
    BRN_FIELD_OPTIONAL(struct duration, epoch_node, "epoch", NODE, "its first day"),
    BRN_FIELD_END,
};

static const struct brn_field no_fields[] = {BRN_FIELD_END};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

#define DURATION(class, own_fields, own_prepare, own_run)                            \
    {                                                                                \
        .name = class, .jumps = true, .modules = modules, .library = "sklearn2pmml", \
        .is_beside = true, .size = sizeof(struct duration), .fields = own_fields,    \
        .prepare = own_prepare, .bind = bind, .takes_any_width = true,               \
        .methods = {[BRINE_METHOD_TRANSFORM] = {own_run, BRN_EXACT}},                \
    }

static const struct brn_estimator days =
    DURATION("DaysSinceYearTransformer", since_fields, prepare, count_days);
static const struct brn_estimator seconds =
    DURATION("SecondsSinceYearTransformer", since_fields, prepare, count_seconds);
static const struct brn_estimator midnight =
    DURATION("SecondsSinceMidnightTransformer", no_fields, NULL, count_seconds_of_day);

static const struct brn_estimator *const estimators[] = {&days, &seconds, &midnight, NULL};

const struct brn_family brn_family_pmml_duration = {estimators};
