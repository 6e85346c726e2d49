/* SPDX-License-Identifier: Apache-2.0
 *
 * bind.c - what most families need when they bind and run. */
#include "model/estimator.h"

#include <math.h>
#include <stdio.h>

brine_status brn_bind_numbers(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_schema *in, int32_t **ret_columns)
{
    int32_t *columns = BRN_BUILD_NEW(build, int32_t, in->count);
    if (!columns)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++) {
        columns[i] = brn_schema_number(in, i);
        if (columns[i] < 0)
            return brn_fail(build->err, BRINE_MODEL,
                            "%s needs numbers, but column %zu (%s) is text", me->estimator->name, i,
                            in->slots[i]->name ? in->slots[i]->name : "");
    }
    *ret_columns = columns;
    return BRINE_OK;
}

brine_status brn_bind_one_to_one(struct brn_build *build, struct brn_instance *me,
                                 const struct brn_schema *in, uint8_t integer_bytes)
{
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    for (size_t i = 0; names && i < in->count; i++)
        names[i] = in->slots[i]->name;
    struct brn_schema *out = names ? brn_schema_numbers(build->arena, in->count, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = integer_bytes;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

const char *const *brn_label_names(struct brn_build *build, brine_method method,
                                   const struct brn_dictionary *labels)
{
    const char **names = BRN_BUILD_NEW(build, const char *, labels->count);
    for (size_t i = 0; names && i < labels->count; i++) {
        char *label = brn_value_text(labels->values[i], build->scratch);
        names[i] = label
                       ? brn_arena_printf(build->arena, "%s[%s]", brine_method_name(method), label)
                       : NULL;
        if (!names[i])
            return NULL;
    }
    return names;
}

brine_status brn_run_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(me->estimator->methods[BRINE_METHOD_PREDICT_PROBA].run(me, in, out, work));
    size_t width = me->out[BRINE_METHOD_PREDICT_PROBA]->count;
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < width; i++) {
            double *v = &out->numbers[r * out->number_stride + i];
            *v = log(*v);
        }
    return BRINE_OK;
}

void brn_argmax(const double *values, size_t rows, size_t count, int32_t *codes, size_t stride)
{
    for (size_t r = 0; r < rows; r++) {
        const double *row = values + r * count;
        size_t best = 0;
        for (size_t i = 1; i < count; i++)
            if (row[i] > row[best])
                best = i;
        codes[r * stride] = (int32_t)best;
    }
}
