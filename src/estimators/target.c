/* SPDX-License-Identifier: Apache-2.0
 *
 * target.c - TransformedTargetRegressor: a regressor of a target that was transformed, and the way
 * back.  sklearn/compose/_target.py. */
#include "estimators/shared_parts.h"

struct target {
    struct brn_instance *regressor, *transformer;
    int64_t dimensions; /* of the target that fit was given */
};

static const struct brn_instance *regressor_of(const struct brn_instance *me)
{
    const struct target *m = me->self;
    return m->regressor;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    const struct target *m = me->self;
    if (!m->regressor || !m->transformer)
        return brn_ill_formed(build, m->regressor ? "transformer_" : "regressor_", "is None");
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct target *m = me->self;
    BRN_TRY(brn_bind_child(build, m->regressor, in));
    BRN_TRY(brn_part_needs(build, m->regressor, BRINE_METHOD_PREDICT));
    enum brn_equality given = build->given;
    build->given = brn_equality_of(m->regressor, BRINE_METHOD_PREDICT);
    BRN_TRY(brn_bind_backwards(build, m->transformer, m->regressor->out[BRINE_METHOD_PREDICT]));
    build->given = given;
    BRN_TRY(brn_part_needs(build, m->transformer, BRINE_METHOD_INVERSE_TRANSFORM));
    if (!brn_part_gives_numbers(m->transformer, BRINE_METHOD_INVERSE_TRANSFORM))
        return brn_unsupported(build, "transformer_", "does not give numbers");
    size_t count = m->transformer->out[BRINE_METHOD_INVERSE_TRANSFORM]->count;
    struct brn_schema *out = brn_schema_numbers(build->arena, count, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = m->dimensions != 1;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct target *m = me->self;
    struct brn_tile predicted;
    BRN_TRY(brn_run_into(m->regressor, BRINE_METHOD_PREDICT, in, work, &predicted));
    out->single = predicted.single;
    return brn_run_child(m->transformer, BRINE_METHOD_INVERSE_TRANSFORM, &predicted, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct target *m = me->self;
    return brn_weaker(brn_equality_of(m->regressor, method),
                      brn_equality_of(m->transformer, BRINE_METHOD_INVERSE_TRANSFORM));
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct target, regressor, "regressor_", CHILD, "predicts the transformed target"),
    BRN_FIELD(struct target, transformer, "transformer_", CHILD, "leads back, by its inverse"),
    BRN_FIELD(struct target, dimensions, "_training_dim", INT, "1: predict gives a vector"),
    BRN_FIELD_IGNORE("regressor", "the unfitted template of regressor_"),
    BRN_FIELD_IGNORE("transformer", "the unfitted template of transformer_"),
    BRN_FIELD_IGNORE("func", "transformer_ has it"),
    BRN_FIELD_IGNORE("inverse_func", "transformer_ has it"),
    BRN_FIELD_IGNORE("check_inverse", "a check of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.compose._target", NULL};

static const struct brn_estimator target = {
    .name = "TransformedTargetRegressor",
    .since = 2000,
    .modules = modules,
    .size = sizeof(struct target),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .input_of = regressor_of,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&target, NULL};

const struct brn_family brn_family_target = {estimators};
