/* SPDX-License-Identifier: Apache-2.0
 *
 * labels.c - LabelEncoder and LabelBinarizer: one column of labels, as numbers or one-hot.
 * sklearn/preprocessing/_label.py. */
#include "estimators/shared_categories.h"

#include <math.h>

struct labels {
    const struct brn_node *classes_node;
    struct brn_categories *classes; /* of the only column */
    int64_t negative, positive;
    bool sparse_output;
    const char *target_type;
    size_t outputs;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct labels *m = me->self;
    m->classes = BRN_BUILD_NEW(build, struct brn_categories, 1);
    if (!m->classes)
        return brn_fail_memory(build->err);
    brine_status status = brn_categories_decode_one(build, m->classes_node, m->classes);
    if (status != BRINE_OK)
        brn_error_within(build->err, "classes_");
    return status == BRINE_OK ? brn_expect_features(build, me, 1, "classes_") : status;
}

static brine_status prepare_binarizer(struct brn_instance *me, struct brn_build *build)
{
    struct labels *m = me->self;
    BRN_TRY(prepare(me, build));
    if (!brn_text_is(m->target_type, "binary") && !brn_text_is(m->target_type, "multiclass"))
        return brn_unsupported(build, "y_type_", "is %s: binary and multiclass are run",
                               m->target_type ? m->target_type : "None");
    m->outputs = m->classes->values.count > 2 ? m->classes->values.count : 1;
    return BRINE_OK;
}

static brine_status bind_encoder(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct labels *m = me->self;
    BRN_TRY(brn_categories_bind(build, in, m->classes));
    const char *name = brn_schema_name(in, 0);
    struct brn_schema *out = brn_schema_numbers(build->arena, 1, &name);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = 8;
    out->is_vector = true;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind_binarizer(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct labels *m = me->self;
    BRN_TRY(brn_categories_bind(build, in, m->classes));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->outputs, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = 8;
    out->is_sparse = m->sparse_output;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status encode(const struct brn_instance *me, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work)
{
    const struct labels *m = me->self;
    for (size_t r = 0; r < in->rows; r++) {
        int32_t label = brn_category_of(m->classes, in, r);
        if (label == BRN_CATEGORY_UNKNOWN)
            return brn_refuse(work, in, r, NULL, "a label that was not seen in training");
        out->numbers[r * out->number_stride] = label;
    }
    return BRINE_OK;
}

/* A number with a fraction is no label (type_of_target: continuous), nor is infinity or NaN. */
static bool is_label(const struct labels *m, const struct brn_tile *in, size_t r)
{
    if (m->classes->is_text)
        return true;
    double v = in->numbers[r * in->number_stride + (size_t)m->classes->place];
    return isfinite(v) && v >= floor(v) && v <= floor(v);
}

static brine_status binarize(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work)
{
    const struct labels *m = me->self;
    size_t classes = m->classes->values.count;
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        int32_t label = brn_category_of(m->classes, in, r);
        if (label == BRN_CATEGORY_UNKNOWN && !is_label(m, in, r))
            return brn_refuse(work, in, r, NULL, "is no label");
        for (size_t k = 0; k < m->outputs; k++)
            row[k] = (double)m->negative;
        if (classes == 2 && label == 1)
            row[0] = (double)m->positive;
        if (classes > 2 && label >= 0)
            row[label] = (double)m->positive;
    }
    return BRINE_OK;
}

static const struct brn_field encoder_fields[] = {
    BRN_FIELD(struct labels, classes_node, "classes_", NODE, "labels, ascending"),
    BRN_FIELD_END,
};

static const struct brn_field binarizer_fields[] = {
    BRN_FIELD(struct labels, classes_node, "classes_", NODE, "labels, ascending"),
    BRN_FIELD(struct labels, negative, "neg_label", INT, "for the labels that it is not"),
    BRN_FIELD(struct labels, positive, "pos_label", INT, "for the label that it is"),
    BRN_FIELD(struct labels, sparse_output, "sparse_output", BOOL, "the container of the result"),
    BRN_FIELD(struct labels, target_type, "y_type_", TEXT, "binary or multiclass"),
    BRN_FIELD_IGNORE("sparse_input_", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._label", "sklearn.preprocessing.label",
                                      NULL};

static const struct brn_estimator label_encoder = {
    .name = "LabelEncoder",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct labels),
    .fields = encoder_fields,
    .prepare = prepare,
    .bind = bind_encoder,
    .methods = {[BRINE_METHOD_TRANSFORM] = {encode, BRN_EXACT}},
};

static const struct brn_estimator label_binarizer = {
    .name = "LabelBinarizer",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct labels),
    .fields = binarizer_fields,
    .prepare = prepare_binarizer,
    .bind = bind_binarizer,
    .methods = {[BRINE_METHOD_TRANSFORM] = {binarize, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&label_encoder, &label_binarizer, NULL};

const struct brn_family brn_family_labels = {estimators};
