/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_wrapper.c - classes of sklearn2pmml that stand around others and add nothing to a
 * prediction: Alias, MultiAlias, SelectorProxy, EstimatorProxy, WordCountTransformer; and
 * MLPTransformer, which transforms as a network predicts (sklearn2pmml/decoration,
 * sklearn2pmml/__init__.py, sklearn2pmml/preprocessing and sklearn2pmml/neural_network). */
#include "model/estimator.h"

struct wrapper {
    const char *name;
    struct brn_values names;
    struct brn_instance *wrapped;
};

static const struct brn_instance *wrapped(const struct brn_instance *me)
{
    return ((const struct wrapper *)me->self)->wrapped;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    (void)build; /* the field has been checked to be there, but may be None */
    return wrapped(me) ? BRINE_OK : brn_ill_formed(build, "", "wraps nothing");
}

/* Columns that are only selected belong to the step before, which names them. */
static bool made_all(const struct brn_schema *out, const struct brn_schema *in)
{
    if (!out || out->is_compressed || in->is_compressed)
        return false;
    for (size_t i = 0; i < out->count; i++)
        for (size_t k = 0; k < in->count; k++)
            if (out->slots[i] == in->slots[k])
                return false;
    return true;
}

static brine_status give_names(const struct wrapper *m, const struct brn_schema *out,
                               struct brn_build *build)
{
    if (m->name && out->count == 1)
        out->slots[0]->name = m->name;
    if (m->names.count != out->count)
        return BRINE_OK;
    for (size_t i = 0; i < out->count; i++)
        if (!(out->slots[i]->name = brn_value_text(m->names.at[i], build->arena)))
            return brn_fail_memory(build->err);
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct wrapper *m = me->self;
    BRN_TRY(brn_bind_child(build, m->wrapped, in));
    for (brine_method method = 0; method < BRINE_METHOD_COUNT; method++)
        me->out[method] = m->wrapped->out[method];
    const struct brn_schema *out = me->out[BRINE_METHOD_TRANSFORM];
    return made_all(out, in) ? give_names(m, out, build) : BRINE_OK;
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    return brn_run_child(wrapped(me), method, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    return brn_equality_of(wrapped(me), method);
}

/* ---- MLPTransformer ---- */

static brine_status prepare_network(struct brn_instance *me, struct brn_build *build)
{
    BRN_TRY(prepare(me, build));
    return strcmp(wrapped(me)->estimator->name, "MLPRegressor") == 0
               ? BRINE_OK
               : brn_unsupported(build, "mlp_", "is no MLPRegressor");
}

static brine_status bind_network(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    const struct wrapper *m = me->self;
    BRN_TRY(brn_bind_child(build, m->wrapped, in));
    const struct brn_schema *out = m->wrapped->out[BRINE_METHOD_PREDICT];
    if (out->count == 1)
        return brn_unsupported(build, "mlp_", "has one output, which is no column");
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status run_network(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    return brn_run_child(wrapped(me), BRINE_METHOD_PREDICT, in, out, work);
}

static enum brn_equality network_equality(const struct brn_instance *me, brine_method method)
{
    (void)method; /* it has one */
    return brn_equality_of(wrapped(me), BRINE_METHOD_PREDICT);
}

/* ---- tables ---- */

static const struct brn_field network_fields[] = {
    BRN_FIELD(struct wrapper, wrapped, "mlp_", CHILD, "the fitted network, cut off at a layer"),
    BRN_FIELD_IGNORE("mlp", "before it was fitted"),
    BRN_FIELD_IGNORE("transformer_output_layer", "of fit; n_layers_ of mlp_ has it"),
    BRN_FIELD_END,
};

static const struct brn_field alias_fields[] = {
    BRN_FIELD(struct wrapper, wrapped, "transformer_", CHILD, "the fitted transformer"),
    BRN_FIELD_IGNORE("transformer", "before it was fitted"),
    BRN_FIELD_IGNORE("prefit", "of fit"),
    BRN_FIELD_OPTIONAL(struct wrapper, name, "name", TEXT, "of the column that comes out"),
    BRN_FIELD_OPTIONAL(struct wrapper, names, "names", VALUES, "of the columns that come out"),
    BRN_FIELD_END,
};

/* Before 0.33 the attributes had an underscore. */
static const struct brn_field estimator_fields[] = {
    BRN_FIELD_OPTIONAL(struct wrapper, wrapped, "estimator_", CHILD, "the estimator"),
    BRN_FIELD_OPTIONAL(struct wrapper, wrapped, "estimator", CHILD, "the estimator"),
    BRN_FIELD_IGNORE("attr_names", "attributes that are copied"),
    BRN_FIELD_IGNORE("attr_names_", "attributes that are copied"),
    BRN_FIELD_IGNORE("feature_importances_", "a copy of the estimator's"),
    BRN_FIELD_IGNORE("pmml_options_", "of the PMML document"),
    BRN_FIELD_IGNORE("pmml_customizations_", "of the PMML document"),
    BRN_FIELD_END,
};

static const struct brn_field selector_fields[] = {
    BRN_FIELD_OPTIONAL(struct wrapper, wrapped, "selector_", CHILD, "the selector"),
    BRN_FIELD_OPTIONAL(struct wrapper, wrapped, "selector", CHILD, "the selector"),
    BRN_FIELD_IGNORE("support_mask_", "a copy of the selector's"),
    BRN_FIELD_END,
};

static const struct brn_field words_fields[] = {
    BRN_FIELD(struct wrapper, wrapped, "pipeline_", CHILD, "what replaces and counts"),
    BRN_FIELD_IGNORE("word_pattern", "pipeline_ has it"),
    BRN_FIELD_IGNORE("non_word_pattern", "pipeline_ has it"),
    BRN_FIELD_END,
};

static const char *const network_modules[] = {"sklearn2pmml.neural_network", NULL};
static const char *const words_modules[] = {"sklearn2pmml.preprocessing", NULL};
static const char *const alias_modules[] = {"sklearn2pmml.decoration", NULL};
static const char *const proxy_modules[] = {"sklearn2pmml", NULL};

#define WRAPPER(class, own_modules, own_fields)                                                 \
    {                                                                                           \
        .name = class, .modules = own_modules, .library = "sklearn2pmml", .is_beside = true,    \
        .size = sizeof(struct wrapper), .fields = own_fields, .prepare = prepare, .bind = bind, \
        .input_of = wrapped, .takes_any_width = true, .takes_compressed = true, .run = run,     \
        .equality = equality,                                                                   \
    }

static const struct brn_estimator alias = WRAPPER("Alias", alias_modules, alias_fields);
static const struct brn_estimator multi_alias = WRAPPER("MultiAlias", alias_modules, alias_fields);
static const struct brn_estimator selector_proxy =
    WRAPPER("SelectorProxy", proxy_modules, selector_fields);
static const struct brn_estimator estimator_proxy =
    WRAPPER("EstimatorProxy", proxy_modules, estimator_fields);

static const struct brn_estimator word_count =
    WRAPPER("WordCountTransformer", words_modules, words_fields);

static const struct brn_estimator network = {
    .name = "MLPTransformer",
    .modules = network_modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct wrapper),
    .fields = network_fields,
    .prepare = prepare_network,
    .bind = bind_network,
    .input_of = wrapped,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {run_network, BRN_BOUNDED}},
    .equality = network_equality,
};

static const struct brn_estimator *const estimators[] = {
    &alias, &multi_alias, &selector_proxy, &estimator_proxy, &word_count, &network, NULL};

const struct brn_family brn_family_pmml_wrapper = {estimators};
