/* SPDX-License-Identifier: Apache-2.0
 *
 * function_transformer.c - FunctionTransformer with no function, or with one of numpy's by name.
 * sklearn/preprocessing/_function_transformer.py.
 *
 * Any other function is refused by name, unless the user's reviewed mapping says which numpy
 * function it is (--map). */
#include "estimators/shared_union.h"
#include "kernel/function.h"

#include <stdio.h>

struct function_transformer {
    const struct brn_node *func, *arguments, *inverse_func, *inverse_arguments, *validate, *pass_y;
    const struct brn_function *function; /* NULL: the identity */
    bool is_checked;                     /* infinities and NaN are refused */
    struct brn_union all; /* of the identity: one passed part, a union of nothing else */
    int32_t *columns;
    size_t count;
};

static bool is_of_numpy(struct brn_slice module)
{
    static const char *const modules[] = {
        "numpy",
        "numpy.core",
        "numpy.core._multiarray_umath",
        "numpy._core",
        "numpy.core.umath",
        "numpy.core.numeric",
        "numpy._core._multiarray_umath",
    };
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        if (brn_slice_is(module, modules[i]))
            return true;
    return false;
}

/* A ufunc is "numpy.exp" (numpy 2), a member of an internal module (1.2x), or a call that names it.
 */
static struct brn_slice numpy_name(const struct brn_node *func)
{
    const struct brn_node *class = brn_node_class(func);
    if (brn_is(func, BRN_OBJECT) && brn_node_is_global(class, "numpy.core", "_ufunc_reconstruct") &&
        is_of_numpy(brn_node_text(brn_node_item(func->as.object->args, 0))))
        return brn_node_text(brn_node_item(func->as.object->args, 1));
    if (brn_is(func, BRN_GLOBAL) && is_of_numpy(func->as.global.module))
        return func->as.global.name;
    return (struct brn_slice){NULL, 0};
}

static const char *mapped_name(const struct brn_build *build, const char *name)
{
    const char *const *pairs = build->options.mappings;
    for (; pairs && pairs[0]; pairs += 2)
        if (strcmp(pairs[0], name) == 0)
            return pairs[1];
    return NULL;
}

static brine_status unknown_function(const struct brn_build *build, const char *attribute,
                                     const char *name)
{
    return brn_unsupported(
        build, attribute,
        "the function %s cannot be run without Python; when it is one of numpy's "
        "in disguise, say so with --map (%s = numpy.log1p)",
        name, name);
}

static brine_status find_function(struct brn_build *build, const struct brn_node *func,
                                  const char *attribute, const struct brn_function **ret_function)
{
    char name[160];
    struct brn_slice own = numpy_name(func);
    brn_node_describe(func, name, sizeof name);
    if (own.n)
        snprintf(name, sizeof name, "numpy.%.*s", BRN_S(own));
    const char *mapped = mapped_name(build, name);
    const char *target = mapped ? mapped : name;
    if (strncmp(target, "numpy.", 6) == 0)
        *ret_function = brn_function_named(target + 6);
    return *ret_function ? BRINE_OK : unknown_function(build, attribute, name);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct function_transformer *m = me->self;
    if (m->pass_y && brn_is(m->pass_y, BRN_BOOL) && m->pass_y->as.boolean)
        return brn_unsupported(build, "pass_y", "a function of the target, too");
    if (brn_is(m->func, BRN_NONE))
        return BRINE_OK;
    if (brn_node_count(m->arguments))
        return brn_unsupported(build, "kw_args", "arguments of the function are not passed on");
    return find_function(build, m->func, "func", &m->function);
}

static const struct brn_era validate_eras[] = {
    {0, 2200, true, "validate=None, the default of 0.20 and 0.21, is True"},
    {2200, 0, false, "it is False"},
    BRN_ERA_END,
};

/* check_array() then refuses infinities and NaN.  TransformedTargetRegressor sets it, too. */
static bool validates(const struct brn_instance *me)
{
    const struct function_transformer *m = me->self;
    if (m->validate && brn_is(m->validate, BRN_NONE))
        return brn_era_behaviour(validate_eras, me->version);
    return m->validate && brn_is(m->validate, BRN_BOOL) && m->validate->as.boolean;
}

static brine_status bind_identity(struct brn_instance *me, const struct brn_schema *in,
                                  struct brn_build *build)
{
    struct function_transformer *m = me->self;
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, 1);
    if (!m->all.parts)
        return brn_fail_memory(build->err);
    m->all.count = 1;
    m->all.parts[0] = (struct brn_union_part){.name = "", .in = in, .weight = 1};
    struct brn_schema *out = NULL;
    BRN_TRY(brn_union_bind(&m->all, false, build, &out));
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct function_transformer *m = me->self;
    m->is_checked = validates(me);
    m->count = in->count;
    if (m->function || m->is_checked)
        BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (!m->function)
        return bind_identity(me, in, build);
    for (size_t i = 0; i < in->count; i++)
        brn_schema_mark_raw(in, i);
    return brn_bind_one_to_one(build, me, in, 0);
}

static brine_status bind_backwards(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct function_transformer *m = me->self;
    m->function = NULL;
    m->is_checked = validates(me);
    m->count = in->count;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (m->inverse_arguments && brn_node_count(m->inverse_arguments))
        return brn_unsupported(build, "inv_kw_args", "arguments of the function are not passed on");
    if (m->inverse_func && !brn_is(m->inverse_func, BRN_NONE))
        BRN_TRY(find_function(build, m->inverse_func, "inverse_func", &m->function));
    me->out[BRINE_METHOD_INVERSE_TRANSFORM] = brn_schema_numbers(build->arena, in->count, NULL);
    return me->out[BRINE_METHOD_INVERSE_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct function_transformer *m = me->self;
    if (m->is_checked)
        BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_REFUSED));
    if (m->all.count)
        return brn_union_run(&m->all, in, out, work);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            double value = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            double result = m->function ? m->function->apply(value) : value;
            out->numbers[r * out->number_stride + i] = in->single ? (double)(float)result : result;
        }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct function_transformer *m = me->self;
    (void)method;
    if (!m->function)
        return BRN_EXACT;
    return brn_weaker(m->function->is_exact ? BRN_EXACT : BRN_ULPS,
                      m->function->jumps ? brn_jumping(me->given) : BRN_EXACT);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct function_transformer, func, "func", NODE, "None: the identity"),
    BRN_FIELD(struct function_transformer, arguments, "kw_args", NODE, "arguments of the function"),
    BRN_FIELD_OPTIONAL(struct function_transformer, inverse_func, "inverse_func", NODE,
                       "of inverse_transform; None: the identity"),
    BRN_FIELD_OPTIONAL(struct function_transformer, inverse_arguments, "inv_kw_args", NODE,
                       "arguments of the inverse function"),
    BRN_FIELD_OPTIONAL(struct function_transformer, validate, "validate", NODE,
                       "whether numbers must be finite"),
    BRN_FIELD_OPTIONAL(struct function_transformer, pass_y, "pass_y", NODE,
                       "until 0.20: whether the function gets the target"),
    BRN_FIELD_IGNORE("_validate", "validate is what it came from"),
    BRN_FIELD_IGNORE("accept_sparse", "a check of the input's type"),
    BRN_FIELD_IGNORE("pass_y", "of fit, until 0.21"),
    BRN_FIELD_IGNORE("_validate", "what validate came to, in 0.20 and 0.21"),
    BRN_FIELD_IGNORE("check_inverse", "a check of fit"),
    BRN_FIELD_IGNORE("feature_names_out", "names of outputs"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._function_transformer", NULL};

static const struct brn_estimator function_transformer = {
    .name = "FunctionTransformer",
    .modules = modules,
    .size = sizeof(struct function_transformer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .bind_backwards = bind_backwards,
    .takes_any_width = true,
    .keeps_width = true,
    .equality = equality,
    .methods =
        {
            [BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS},
            [BRINE_METHOD_INVERSE_TRANSFORM] = {transform, BRN_ULPS},
        },
};

static const struct brn_estimator *const estimators[] = {&function_transformer, NULL};

const struct brn_family brn_family_function_transformer = {estimators};
