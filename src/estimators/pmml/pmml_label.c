/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_label.c - PMMLLabelBinarizer and PMMLLabelEncoder of sklearn2pmml: a column's classes as
 * columns of 0 and 1, or as numbers; missing values are no class.  sklearn2pmml/preprocessing. */
#include "estimators/shared_frame.h"

#include <math.h>

struct label {
    struct brn_values classes;
    bool is_sparse;
    const struct brn_node *missing_node;
    double missing; /* the number of a missing value */

    enum brn_form form;
    struct brn_dictionary *numbers; /* classes that are numbers */
    int32_t *of_code;               /* classes that are text, by the input's codes */
    size_t code_count;
    int32_t place;
};

enum { NO_CLASS = -1, UNSEEN = -2 };

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct label *m = me->self;
    if (m->classes.count == 0 || m->classes.count > INT32_MAX / 2)
        return brn_ill_formed(build, "classes_", "are %zu", m->classes.count);
    if (!brn_frame_form(&m->classes, &m->form))
        return brn_unsupported(build, "classes_", "are neither all text nor all numbers");
    if (m->form == BRN_FORM_NUMBER)
        BRN_TRY(brn_labels(build, &m->classes, &m->numbers));
    m->missing = (double)NAN;
    if (m->missing_node && !brn_is(m->missing_node, BRN_NONE))
        BRN_TRY(brn_decode_number(build, m->missing_node, &m->missing));
    return BRINE_OK;
}

static brine_status bind_text(struct label *m, const struct brn_schema *in, struct brn_build *build)
{
    struct brn_dictionary *d = NULL;
    m->place = brn_schema_code(in, 0, &d);
    if (!d)
        return m->place == -2 ? brn_fail_memory(build->err)
                              : brn_ill_formed(build, "classes_", "are text, numbers come");
    for (size_t i = 0; i < m->classes.count; i++)
        if (brn_dictionary_add(d, m->classes.at[i]) == BRN_CODE_UNKNOWN)
            return brn_fail_memory(build->err);
    m->code_count = d->count;
    m->of_code = BRN_BUILD_NEW(build, int32_t, d->count);
    if (!m->of_code)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < d->count; k++)
        m->of_code[k] = UNSEEN;
    for (size_t i = 0; i < m->classes.count; i++)
        m->of_code[brn_dictionary_add(d, m->classes.at[i])] = (int32_t)i;
    return BRINE_OK;
}

static brine_status bind_input(struct label *m, const struct brn_schema *in,
                               struct brn_build *build)
{
    if (in->count != 1)
        return brn_ill_formed(build, "", "takes one column, %zu come", in->count);
    if (m->form == BRN_FORM_DOCUMENT)
        return bind_text(m, in, build);
    m->place = brn_schema_number(in, 0);
    return m->place >= 0 ? BRINE_OK : brn_ill_formed(build, "classes_", "are numbers, text comes");
}

static brine_status bind_binarizer(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct label *m = me->self;
    const char **names = BRN_BUILD_NEW(build, const char *, m->classes.count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->classes.count; i++)
        if (!(names[i] = brn_value_text(m->classes.at[i], build->arena)))
            return brn_fail_memory(build->err);
    BRN_TRY(bind_input(m, in, build));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->classes.count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = m->is_sparse;
    out->integer_bytes = 8;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind_encoder(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct label *m = me->self;
    const char *name = in->count ? brn_schema_name(in, 0) : NULL;
    BRN_TRY(bind_input(m, in, build));
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, 1, &name);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

static int32_t class_of(const struct label *m, const struct brn_tile *in, size_t r)
{
    if (m->form == BRN_FORM_NUMBER) {
        double v = in->numbers[r * in->number_stride + (size_t)m->place];
        int32_t code = isnan(v) ? NO_CLASS : brn_dictionary_number(m->numbers, v);
        return isnan(v) ? NO_CLASS : code >= 0 ? code : UNSEEN;
    }
    int32_t code = in->codes[r * in->code_stride + (size_t)m->place];
    if (code == BRN_CODE_MISSING)
        return NO_CLASS;
    return code >= 0 && (size_t)code < m->code_count ? m->of_code[code] : UNSEEN;
}

/* Before 0.93 a value that is no class was an error, since then it is as a missing one. */
static brine_status refuse_unseen(const struct brn_tile *in, size_t r, const struct brn_work *work)
{
    return brn_refuse(work, in, r, NULL,
                      "releases of sklearn2pmml differ on a value that is none of classes_");
}

static brine_status binarize(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work)
{
    const struct label *m = me->self;
    for (size_t r = 0; r < in->rows; r++) {
        int32_t class = class_of(m, in, r);
        if (class == UNSEEN)
            return refuse_unseen(in, r, work);
        double *row = out->numbers + r * out->number_stride;
        memset(row, 0, m->classes.count * sizeof *row);
        if (class != NO_CLASS)
            row[class] = 1;
    }
    out->single = false;
    return BRINE_OK;
}

static brine_status encode(const struct brn_instance *me, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work)
{
    const struct label *m = me->self;
    for (size_t r = 0; r < in->rows; r++) {
        int32_t class = class_of(m, in, r);
        if (class == UNSEEN)
            return refuse_unseen(in, r, work);
        out->numbers[r * out->number_stride] = class == NO_CLASS ? m->missing : class;
    }
    out->single = false;
    return BRINE_OK;
}

static const struct brn_field binarizer_fields[] = {
    BRN_FIELD(struct label, classes, "classes_", VALUES, "the classes"),
    BRN_FIELD_OPTIONAL(struct label, is_sparse, "sparse_output", BOOL,
                       "whether the result is a sparse matrix"),
    BRN_FIELD_END,
};

static const struct brn_field encoder_fields[] = {
    BRN_FIELD(struct label, classes, "classes_", VALUES, "the classes"),
    BRN_FIELD_OPTIONAL(struct label, missing_node, "missing_values", NODE,
                       "what missing values become; None: NaN"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

static const struct brn_estimator binarizer = {
    .name = "PMMLLabelBinarizer",
    .jumps = true,
    .modules = modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct label),
    .fields = binarizer_fields,
    .prepare = prepare,
    .bind = bind_binarizer,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {binarize, BRN_EXACT}},
};

static const struct brn_estimator encoder = {
    .name = "PMMLLabelEncoder",
    .jumps = true,
    .modules = modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct label),
    .fields = encoder_fields,
    .prepare = prepare,
    .bind = bind_encoder,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {encode, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&binarizer, &encoder, NULL};

const struct brn_family brn_family_pmml_label = {estimators};
