/* SPDX-License-Identifier: Apache-2.0
 *
 * missing_indicator.c - MissingIndicator.  sklearn/impute/_base.py.
 *
 * Inside an imputer it is decoded, but not bound: the imputer reads its features_. */
#include "estimators/shared_indicator.h"

#include <math.h>

/* How one column says that a value is missing. */
struct brn_mark {
    int32_t place;
    bool is_text;
    int32_t missing_code;
};

static brine_status prepare_marks(struct brn_indicator *m, const struct brn_schema *in,
                                  struct brn_build *build)
{
    m->width = in->count;
    m->is_indicated = BRN_BUILD_NEW(build, bool, m->width);
    m->marks = BRN_BUILD_NEW(build, struct brn_mark, m->width);
    m->numbers = BRN_BUILD_NEW(build, int32_t, m->width);
    if (!m->is_indicated || !m->marks || !m->numbers)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->features.count; k++) {
        struct brn_value v = m->features.at[k];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (size_t)v.as.integer >= m->width)
            return brn_ill_formed(build, "features_", "names no column of the input");
        m->is_indicated[v.as.integer] = true;
    }
    if (!m->missing_node || brn_decode_value(build, m->missing_node, &m->missing) != BRINE_OK)
        return brn_unsupported(build, "missing_values", "is no plain value");
    return BRINE_OK;
}

static brine_status bind_text(const struct brn_indicator *m, const struct brn_schema *in, size_t i,
                              struct brn_build *build)
{
    struct brn_dictionary *d = NULL;
    struct brn_mark *mark = &m->marks[i];
    mark->is_text = true;
    mark->place = brn_schema_code(in, i, &d);
    if (!d)
        return brn_fail_memory(build->err);
    mark->missing_code =
        brn_value_is_missing(m->missing) ? BRN_CODE_MISSING : brn_dictionary_add(d, m->missing);
    return mark->missing_code != BRN_CODE_UNKNOWN ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_column(struct brn_indicator *m, const struct brn_schema *in, size_t i,
                                struct brn_build *build)
{
    if (brn_schema_is_code(in, i))
        return bind_text(m, in, i, build);
    m->marks[i].place = brn_schema_number(in, i);
    if (m->marks[i].place < 0)
        return brn_unsupported(build, "", "column %zu is no number", i);
    m->numbers[m->number_count++] = m->marks[i].place;
    return BRINE_OK;
}

static const struct brn_era empty_eras[] = {
    {0, 2100, true, "no features_ at all: every column is given (impute.py, transform)"},
    {2100, 0, false, "none is"},
    BRN_ERA_END,
};

/* As outputs; fit saw nothing missing in any of them all the same. */
static brine_status take_all_columns(struct brn_indicator *m, struct brn_build *build)
{
    m->features.at = BRN_BUILD_NEW(build, struct brn_value, m->width);
    if (!m->features.at)
        return brn_fail_memory(build->err);
    m->features.count = m->width;
    for (size_t i = 0; i < m->width; i++)
        m->features.at[i] =
            (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = (int64_t)i}};
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct brn_indicator *m = me->self;
    BRN_TRY(prepare_marks(m, in, build));
    if (m->features.count == 0 && brn_era_behaviour(empty_eras, me->version))
        BRN_TRY(take_all_columns(m, build));
    size_t count = m->features.count;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    if (m->missing.kind == BRN_VALUE_TEXT)
        return brn_unsupported(build, "missing_values", "is a text");
    for (size_t i = 0; i < m->width; i++)
        BRN_TRY(bind_column(m, in, i, build));
    for (size_t k = 0; k < count; k++) {
        size_t i = (size_t)m->features.at[k].as.integer;
        const char *name = brn_schema_name(in, i);
        names[k] = name ? brn_arena_printf(build->arena, "missingindicator_%s", name)
                        : brn_arena_printf(build->arena, "missingindicator_x%zu", i);
        if (!names[k])
            return brn_fail_memory(build->err);
    }
    struct brn_schema *out = brn_schema_numbers(build->arena, count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse =
        m->sparse_node && brn_is(m->sparse_node, BRN_BOOL) && m->sparse_node->as.boolean;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- running ---- */

static double missing_number(const struct brn_indicator *m)
{
    double number = (double)NAN;
    return brn_value_number(m->missing, &number) ? number : (double)NAN;
}

static bool is_missing(const struct brn_indicator *m, const struct brn_tile *in, size_t r, size_t i)
{
    const struct brn_mark *mark = &m->marks[i];
    if (mark->is_text)
        return in->codes[r * in->code_stride + (size_t)mark->place] == mark->missing_code;
    double value = in->numbers[r * in->number_stride + (size_t)mark->place];
    double missing = missing_number(m);
    return isnan(missing) ? isnan(value) : value >= missing && value <= missing;
}

static brine_status check_new(const struct brn_indicator *m, const struct brn_tile *in, size_t r,
                              const struct brn_work *work)
{
    bool strict = m->error_on_new && brn_text_is(m->which, "missing-only");
    for (size_t i = 0; strict && i < m->width; i++)
        if (!m->is_indicated[i] && is_missing(m, in, r, i))
            return brn_refuse(work, in, r, NULL,
                              "a value is missing in column %zu, where training missed none", i);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct brn_indicator *m = me->self;
    BRN_TRY(brn_check_finite(work, in, m->numbers, m->number_count,
                             isnan(missing_number(m)) ? BRN_NAN_ALLOWED : BRN_NAN_REFUSED));
    out->single = false;
    for (size_t r = 0; r < in->rows; r++) {
        BRN_TRY(check_new(m, in, r, work));
        for (size_t k = 0; k < m->features.count; k++)
            out->numbers[r * out->number_stride + k] =
                is_missing(m, in, r, (size_t)m->features.at[k].as.integer);
    }
    return BRINE_OK;
}

/* A number that counts as missing is met, or just missed. */
static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct brn_indicator *m = me->self;
    (void)method;
    return brn_value_is_missing(m->missing) ? BRN_EXACT : brn_jumping(me->given);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct brn_indicator, features, "features_", VALUES,
              "columns that have an indicator"),
    BRN_FIELD_OPTIONAL(struct brn_indicator, missing_node, "missing_values", NODE,
                       "what counts as missing; in an imputer its own does"),
    BRN_FIELD_OPTIONAL(struct brn_indicator, which, "features", TEXT, "missing-only or all"),
    BRN_FIELD_OPTIONAL(struct brn_indicator, error_on_new, "error_on_new", BOOL,
                       "whether to refuse what is missing where training missed nothing"),
    BRN_FIELD_OPTIONAL(struct brn_indicator, sparse_node, "sparse", NODE,
                       "the container of the result"),
    BRN_FIELD_IGNORE("_precomputed", "True inside an imputer"),
    BRN_FIELD_IGNORE("_n_features", "width of the input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.impute._base", "sklearn.impute", NULL};

const struct brn_estimator brn_missing_indicator = {
    .name = "MissingIndicator",
    .since = 2000,
    .modules = modules,
    .size = sizeof(struct brn_indicator),
    .fields = fields,
    .bind = bind,
    .takes_any_width = true,
    .equality = equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&brn_missing_indicator, NULL};

const struct brn_family brn_family_missing_indicator = {estimators};
