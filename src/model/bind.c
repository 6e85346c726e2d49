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
                            brn_schema_name(in, i) ? brn_schema_name(in, i) : "");
    }
    *ret_columns = columns;
    return BRINE_OK;
}

brine_status brn_bind_one_to_one(struct brn_build *build, struct brn_instance *me,
                                 const struct brn_schema *in, uint8_t integer_bytes)
{
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    for (size_t i = 0; names && i < in->count; i++)
        names[i] = brn_schema_name(in, i);
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

brine_status brn_expect_features(struct brn_build *build, struct brn_instance *me, size_t count,
                                 const char *attribute)
{
    enum { MOST_FEATURES = 1 << 24 };
    if (!me->feature_count)
        me->feature_count = count;
    if (me->feature_count == count && count > 0 && count <= MOST_FEATURES)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "is for %zu features, the model has %zu", count,
                          me->feature_count);
}

/* ---- running ---- */

static brine_status run_method(const struct brn_instance *me, brine_method method,
                               const struct brn_tile *in, struct brn_tile *out,
                               struct brn_work *work)
{
    const struct brn_estimator *estimator = me->estimator;
    return estimator->run ? estimator->run(me, method, in, out, work)
                          : estimator->methods[method].run(me, in, out, work);
}

/* The tile of a compressed input, as numbers. */
static brine_status expand(const struct brn_schema *expanded, const struct brn_tile *in,
                           struct brn_work *work, struct brn_tile *ret_tile)
{
    BRN_TRY(brn_work_tile(work, expanded, in, ret_tile));
    brn_compressed_expand(in->compressed, in->rows, expanded->count, ret_tile->numbers,
                          ret_tile->number_stride);
    return BRINE_OK;
}

/* ---- texts in another form than the step wrote ---- */

static void look_up(const struct brn_slot *slot, struct brn_tile *tile)
{
    for (size_t r = 0; r < tile->rows; r++) {
        struct brn_slice text = tile->documents[r * tile->document_stride + (size_t)slot->document];
        tile->codes[r * tile->code_stride + (size_t)slot->code] =
            text.p ? brn_dictionary_text(slot->dictionary, text) : BRN_CODE_MISSING;
    }
}

static brine_status spell(const struct brn_slot *slot, struct brn_tile *tile,
                          const struct brn_work *work)
{
    for (size_t r = 0; r < tile->rows; r++) {
        int32_t code = tile->codes[r * tile->code_stride + (size_t)slot->code];
        const struct brn_value *value = code < 0 ? NULL : &slot->dictionary->values[code];
        if (code == BRN_CODE_UNKNOWN || (value && value->kind != BRN_VALUE_TEXT))
            return brn_refuse(work, tile, r, slot->name,
                              "a later step wants the text of a value that no step knows");
        tile->documents[r * tile->document_stride + (size_t)slot->document] =
            value ? value->as.text : (struct brn_slice){NULL, 0};
    }
    return BRINE_OK;
}

static brine_status derive(const struct brn_schema *schema, struct brn_tile *out,
                           const struct brn_work *work)
{
    for (const struct brn_slot *slot = schema->layout->derived; slot; slot = slot->next_derived)
        if (slot->derived == BRN_DERIVED_CODE)
            look_up(slot, out);
        else
            BRN_TRY(spell(slot, out, work));
    return BRINE_OK;
}

brine_status brn_run_child(const struct brn_instance *child, brine_method method,
                           const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tile numbers;
    brine_status status = BRINE_OK;
    if (method != BRINE_METHOD_TRANSFORM && method != BRINE_METHOD_INVERSE_TRANSFORM)
        out->single = false;
    if (child->expanded) {
        status = expand(child->expanded, in, work, &numbers);
        in = &numbers;
    }
    if (status == BRINE_OK)
        status = run_method(child, method, in, out, work);
    if (status == BRINE_OK)
        status = derive(child->out[method], out, work);
    brn_work_release(work, mark);
    return status;
}

brine_status brn_run_into(const struct brn_instance *child, brine_method method,
                          const struct brn_tile *in, struct brn_work *work,
                          struct brn_tile *ret_out)
{
    BRN_TRY(brn_work_tile(work, child->out[method], in, ret_out));
    return brn_run_child(child, method, in, ret_out, work);
}

brine_status brn_run_expanded(const struct brn_instance *child, brine_method method,
                              const struct brn_tile *in, struct brn_tile *out,
                              struct brn_work *work)
{
    if (!child->out[method]->is_compressed)
        return brn_run_child(child, method, in, out, work);
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tile rows;
    brine_status status = brn_run_into(child, method, in, work, &rows);
    if (status == BRINE_OK)
        brn_compressed_expand(rows.compressed, in->rows, child->out[method]->count, out->numbers,
                              out->number_stride);
    out->single = status == BRINE_OK && rows.single;
    brn_work_release(work, mark);
    return status;
}

enum brn_equality brn_equality_of(const struct brn_instance *me, brine_method method)
{
    const struct brn_estimator *estimator = me->estimator;
    enum brn_equality own =
        estimator->equality ? estimator->equality(me, method) : estimator->methods[method].equality;
    return estimator->jumps ? brn_weaker(own, brn_jumping(me->given)) : own;
}

brine_status brn_run_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(run_method(me, BRINE_METHOD_PREDICT_PROBA, in, out, work));
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
