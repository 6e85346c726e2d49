/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_expression.c - ExpressionTransformer of sklearn2pmml: a column from the others by an
 * expression.  sklearn2pmml/preprocessing. */
#include "estimators/shared_expression.h"
#include "estimators/shared_frame.h"

#include <math.h>

struct expression {
    const char *source;
    const struct brn_node *map_missing_node, *default_node, *dtype_node, *fitted_dtype;
    struct brn_value map_missing, otherwise; /* NONE: there is none */
    struct brn_frame_type type;
    struct brn_expression e;
};

static brine_status read_value(struct brn_build *build, const struct brn_node *node,
                               struct brn_value *ret_value)
{
    *ret_value = (struct brn_value){.kind = BRN_VALUE_NONE};
    return node ? brn_decode_value(build, node, ret_value) : BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct expression *m = me->self;
    bool is_fitted = m->fitted_dtype && !brn_is(m->fitted_dtype, BRN_NONE);
    BRN_TRY(read_value(build, m->map_missing_node, &m->map_missing));
    BRN_TRY(read_value(build, m->default_node, &m->otherwise));
    BRN_TRY(brn_frame_type(build, is_fitted ? m->fitted_dtype : m->dtype_node, &m->type));
    enum brn_cast cast = m->type.cast;
    if (cast == BRN_CAST_DAY || cast == BRN_CAST_SECOND || cast == BRN_CAST_OTHER ||
        m->type.categories.present)
        return brn_unsupported(build, "dtype", "is a type that expressions are not cast to");
    return m->source ? BRINE_OK : brn_unsupported(build, "expr", "is None");
}

static bool fits(struct brn_value v, bool is_text)
{
    return brn_value_is_missing(v) || (v.kind == BRN_VALUE_TEXT) == is_text;
}

/* A missing value in any column of the row maps it: all must be read. */
static bool reads_all(const struct brn_expression *e)
{
    for (size_t i = 0; i < e->in->count; i++)
        if (e->places[i] < 0)
            return false;
    return true;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct expression *m = me->self;
    BRN_TRY(brn_expression_compile(build, m->source, in, &m->e));
    bool is_text = m->e.type == BRN_EXPRESSION_TEXT;
    bool cast_ok = is_text == (m->type.cast == BRN_CAST_TEXT) || m->type.cast == BRN_CAST_NONE ||
                   m->type.cast == BRN_CAST_OBJECT || m->type.cast == BRN_CAST_CATEGORY;
    if (!cast_ok)
        return brn_unsupported(build, "dtype", "a cast between text and numbers is not run here");
    if (m->map_missing.kind != BRN_VALUE_NONE && !reads_all(&m->e))
        return brn_unsupported(build, "map_missing_to",
                               "there are columns that expr does not read");
    if (!fits(m->map_missing, is_text) || !fits(m->otherwise, is_text))
        return brn_unsupported(build, "default_value",
                               "text among numbers, or a number among text");
    enum brn_form form = is_text ? BRN_FORM_DOCUMENT : BRN_FORM_NUMBER;
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_formed(build->arena, 1, NULL, &form, NULL);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static bool is_missing(const struct expression *m, struct brn_expression_value v)
{
    return m->e.type == BRN_EXPRESSION_TEXT ? !v.text.p : isnan(v.number);
}

static void put(struct brn_value from, struct brn_expression_value *to)
{
    if (from.kind == BRN_VALUE_TEXT)
        to->text = from.as.text;
    else
        brn_value_number(from, &to->number);
}

/* numpy.astype. */
static brine_status cast(const struct expression *m, const struct brn_tile *in, size_t r,
                         struct brn_work *work, double *v)
{
    if (m->type.cast == BRN_CAST_BOOL)
        *v = *v != 0;
    if (m->type.cast != BRN_CAST_INT)
        return BRINE_OK;
    if (!(trunc(*v) >= m->type.low && trunc(*v) <= m->type.high))
        return brn_refuse(work, in, r, NULL, "the expression gives what its integers do not hold");
    *v = trunc(*v);
    return BRINE_OK;
}

static brine_status evaluate(const struct expression *m, const struct brn_tile *in, size_t r,
                             struct brn_expression_value *stack, struct brn_work *work,
                             struct brn_expression_value *ret)
{
    if (m->map_missing.kind != BRN_VALUE_NONE && brn_expression_row_is_missing(&m->e, in, r))
        put(m->map_missing, ret);
    else
        BRN_TRY(brn_expression_run(&m->e, in, r, stack, work, ret));
    if (is_missing(m, *ret) && m->otherwise.kind != BRN_VALUE_NONE)
        put(m->otherwise, ret);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct expression *m = me->self;
    struct brn_expression_value *stack = brn_work_take(work, m->e.stack, sizeof *stack), v;
    if (!stack)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        v = (struct brn_expression_value){0, {NULL, 0}};
        if (in->single)
            return brn_refuse(work, in, r, NULL,
                              "expressions are not run on float32: give float64");
        BRN_TRY(evaluate(m, in, r, stack, work, &v));
        if (m->e.type == BRN_EXPRESSION_TEXT) {
            out->documents[r * out->document_stride] = v.text;
        } else {
            BRN_TRY(cast(m, in, r, work, &v.number));
            out->numbers[r * out->number_stride] = v.number;
        }
    }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    (void)method; /* it has one */
    return ((const struct expression *)me->self)->e.uses_functions ? BRN_ULPS : BRN_EXACT;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct expression, source, "expr", TEXT, "the expression"),
    BRN_FIELD_OPTIONAL(struct expression, map_missing_node, "map_missing_to", NODE,
                       "the result when a column is missing"),
    BRN_FIELD_OPTIONAL(struct expression, default_node, "default_value", NODE,
                       "what a missing result becomes"),
    BRN_FIELD_OPTIONAL(struct expression, dtype_node, "dtype", NODE, "what the result is cast to"),
    BRN_FIELD_OPTIONAL(struct expression, fitted_dtype, "dtype_", NODE, "the same, fitted"),
    BRN_FIELD_IGNORE("invalid_value_treatment", "of errors; a row that has one is refused"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

static const struct brn_estimator expression_transformer = {
    .name = "ExpressionTransformer",
    .jumps = true,
    .modules = modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct expression),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&expression_transformer, NULL};

const struct brn_family brn_family_pmml_expression = {estimators};
