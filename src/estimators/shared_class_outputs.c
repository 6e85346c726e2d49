/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_class_outputs.h"

enum { MOST_OUTPUTS = 1 << 20, MOST_CLASSES = 1 << 24 };

static brine_status read_output(struct brn_build *build, const struct brn_node *classes,
                                struct brn_class_outputs *outputs, size_t o)
{
    struct brn_values values;
    BRN_TRY(brn_decode_values(build, classes, &values));
    BRN_TRY(brn_labels(build, &values, &outputs->labels[o]));
    if (values.count == 0 || values.count > MOST_CLASSES - outputs->width)
        return brn_fail(build->err, BRINE_MODEL, "has %zu classes", values.count);
    outputs->classes[o] = values.count;
    outputs->width += values.count;
    outputs->most = values.count > outputs->most ? values.count : outputs->most;
    return BRINE_OK;
}

static brine_status read_outputs(struct brn_build *build, const struct brn_node *classes,
                                 struct brn_class_outputs *outputs)
{
    if (outputs->count == 1)
        return read_output(build, classes, outputs, 0);
    if (brn_node_count(classes) != outputs->count)
        return brn_fail(build->err, BRINE_MODEL, "is no list of the classes of %zu outputs",
                        outputs->count);
    for (size_t o = 0; o < outputs->count; o++) {
        brine_status status = read_output(build, brn_node_item(classes, o), outputs, o);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "[%zu]", o);
            return status;
        }
    }
    return BRINE_OK;
}

brine_status brn_class_outputs_read(struct brn_build *build, const struct brn_node *classes,
                                    int64_t outputs, struct brn_class_outputs *ret_outputs)
{
    struct brn_class_outputs made = {.count = (size_t)outputs};
    if (outputs < 1 || outputs > MOST_OUTPUTS)
        return brn_ill_formed(build, "n_outputs_", "is %lld", (long long)outputs);
    made.classes = BRN_BUILD_NEW(build, size_t, made.count);
    made.labels = BRN_BUILD_NEW(build, struct brn_dictionary *, made.count);
    if (!made.classes || !made.labels)
        return brn_fail_memory(build->err);
    brine_status status = read_outputs(build, classes, &made);
    if (status != BRINE_OK)
        brn_error_within(build->err, "classes_");
    else
        *ret_outputs = made;
    return status;
}

/* ---- binding ---- */

static const char *const *names_of(struct brn_build *build, brine_method method,
                                   const struct brn_class_outputs *outputs)
{
    if (outputs->count == 1)
        return brn_label_names(build, method, outputs->labels[0]);
    const char **names = BRN_BUILD_NEW(build, const char *, outputs->width);
    size_t at = 0;
    for (size_t o = 0; names && o < outputs->count; o++)
        for (size_t k = 0; k < outputs->classes[o]; k++, at++) {
            char *label = brn_value_text(outputs->labels[o]->values[k], build->scratch);
            names[at] = label ? brn_arena_printf(build->arena, "%s[%zu][%s]",
                                                 brine_method_name(method), o, label)
                              : NULL;
            if (!names[at])
                return NULL;
        }
    return names;
}

static brine_status bind_scores(struct brn_build *build, struct brn_instance *me,
                                brine_method method, const struct brn_class_outputs *outputs)
{
    const char *const *names = names_of(build, method, outputs);
    if (names)
        me->out[method] = brn_schema_numbers(build->arena, outputs->width, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_class_outputs_bind(struct brn_build *build, struct brn_instance *me,
                                    const struct brn_class_outputs *outputs)
{
    me->out[BRINE_METHOD_PREDICT] =
        brn_schema_labels(build->arena, outputs->labels, outputs->count);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    BRN_TRY(bind_scores(build, me, BRINE_METHOD_PREDICT_PROBA, outputs));
    return bind_scores(build, me, BRINE_METHOD_PREDICT_LOG_PROBA, outputs);
}

static const struct brn_era float_eras[] = {
    {0, 2100, true, "predict of several outputs is an array of floats: texts do not fit"},
    {2100, 0, false, "it is of the type of the classes"},
    BRN_ERA_END,
};

void brn_class_outputs_check_texts(struct brn_instance *me, const struct brn_class_outputs *outputs)
{
    bool has_text = false;
    for (size_t o = 0; o < outputs->count; o++)
        for (size_t k = 0; k < outputs->classes[o]; k++)
            has_text |= outputs->labels[o]->values[k].kind == BRN_VALUE_TEXT;
    if (outputs->count > 1 && has_text && brn_era_behaviour(float_eras, me->version))
        me->out[BRINE_METHOD_PREDICT] = NULL;
}

void brn_class_outputs_argmax(const struct brn_class_outputs *outputs, const double *scores,
                              struct brn_tile *out)
{
    for (size_t r = 0; r < out->rows; r++) {
        const double *at = scores + r * outputs->width;
        for (size_t o = 0; o < outputs->count; at += outputs->classes[o++])
            brn_argmax(at, 1, outputs->classes[o], &out->codes[r * out->code_stride + o], 1);
    }
}
