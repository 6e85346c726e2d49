/* SPDX-License-Identifier: Apache-2.0
 *
 * function_transformer.c - FunctionTransformer without a function: every column as it is.
 * sklearn/preprocessing/_function_transformer.py.  A function is refused by its name. */
#include "estimators/shared_union.h"

struct function_transformer {
    const struct brn_node *func;
    struct brn_union all; /* one passed part: the identity is a union of nothing else */
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct function_transformer *m = me->self;
    char what[160];
    if (brn_is(m->func, BRN_NONE))
        return BRINE_OK;
    brn_node_describe(m->func, what, sizeof what);
    return brn_unsupported(build, "func", "the function %s is not run", what);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct function_transformer *m = me->self;
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, 1);
    if (!m->all.parts)
        return brn_fail_memory(build->err);
    m->all.count = 1;
    m->all.parts[0] = (struct brn_union_part){.name = "", .in = in, .weight = 1};
    return brn_union_bind(&m->all, build, &me->out[BRINE_METHOD_TRANSFORM]);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct function_transformer *m = me->self;
    return brn_union_run(&m->all, in, out, work);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct function_transformer, func, "func", NODE, "None: the identity"),
    BRN_FIELD_IGNORE("inverse_func", "of inverse_transform"),
    BRN_FIELD_IGNORE("validate", "a check of the input's type"),
    BRN_FIELD_IGNORE("accept_sparse", "a check of the input's type"),
    BRN_FIELD_IGNORE("check_inverse", "a check of fit"),
    BRN_FIELD_IGNORE("feature_names_out", "names of outputs"),
    BRN_FIELD_IGNORE("kw_args", "arguments of the function"),
    BRN_FIELD_IGNORE("inv_kw_args", "arguments of the inverse function"),
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
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&function_transformer, NULL};

const struct brn_family brn_family_function_transformer = {estimators};
