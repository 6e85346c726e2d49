/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_outputs.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

brine_status brn_bind_prefixed(struct brn_build *build, struct brn_instance *me, size_t count)
{
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    char prefix[64] = "";
    for (size_t i = 0; me->estimator->name[i] && i + 1 < sizeof prefix; i++)
        prefix[i] = lower(me->estimator->name[i]);
    for (size_t i = 0; names && i < count; i++)
        if (!(names[i] = brn_arena_printf(build->arena, "%s%zu", prefix, i)))
            return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_TRANSFORM] = names ? brn_schema_numbers(build->arena, count, names) : NULL;
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

double *brn_centered_rows(struct brn_work *work, const struct brn_tile *in, const int32_t *columns,
                          size_t count, const double *center, bool rounds)
{
    double *rows = brn_work_take(work, in->rows * count, sizeof *rows);
    for (size_t r = 0; rows && r < in->rows; r++)
        for (size_t i = 0; i < count; i++) {
            double v = in->numbers[r * in->number_stride + (size_t)columns[i]];
            v = center ? v - center[i] : v;
            rows[r * count + i] = rounds ? (double)(float)v : v;
        }
    return rows;
}
