/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_wrapper.c - classes of sklearn2pmml that stand around others and add nothing to a
 * prediction: Alias, MultiAlias, SelectorProxy, EstimatorProxy, WordCountTransformer
 * (sklearn2pmml/decoration, sklearn2pmml/__init__.py and sklearn2pmml/preprocessing). */
#include "model/estimator.h"

struct wrapper {
    const struct brn_node *name, *names;
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

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct wrapper *m = me->self;
    BRN_TRY(brn_bind_child(build, m->wrapped, in));
    for (brine_method method = 0; method < BRINE_METHOD_COUNT; method++)
        me->out[method] = m->wrapped->out[method];
    return BRINE_OK;
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

static const struct brn_field alias_fields[] = {
    BRN_FIELD(struct wrapper, wrapped, "transformer_", CHILD, "the fitted transformer"),
    BRN_FIELD_IGNORE("transformer", "before it was fitted"),
    BRN_FIELD_IGNORE("prefit", "of fit"),
    BRN_FIELD_IGNORE("name", "of the PMML document"),
    BRN_FIELD_IGNORE("names", "of the PMML document"),
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

static const struct brn_estimator *const estimators[] = {
    &alias, &multi_alias, &selector_proxy, &estimator_proxy, &word_count, NULL};

const struct brn_family brn_family_pmml_wrapper = {estimators};
