/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_union.c - FeatureUnion: several transformers of the same input.  sklearn/pipeline.py. */
#include "estimators/shared_union.h"

struct feature_union {
    const struct brn_node *list, *weights;
    bool verbose_names;
    struct brn_union all;
};

static brine_status read_part(struct feature_union *m, struct brn_instance *me, size_t i,
                              struct brn_build *build)
{
    const struct brn_node *entry = brn_node_item(m->list, i);
    const struct brn_node *transformer = brn_node_item(entry, 1);
    struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
    if (brn_node_count(entry) != 2 || !name.p)
        return brn_ill_formed(build, "transformer_list", "entry %zu is no pair", i);
    if (brn_node_is_text(transformer, "drop") || brn_is(transformer, BRN_NONE)) /* until 0.23 */
        return BRINE_OK;
    struct brn_union_part *part = &m->all.parts[m->all.count];
    part->name = brn_arena_text(build->arena, name);
    if (!part->name)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_union_weight(build, m->weights, name, &part->weight));
    if (!brn_node_is_text(transformer, "passthrough"))
        BRN_TRY(brn_decode_child(build, me, transformer, &part->transformer,
                                 "transformer_list[%zu][1]", i));
    m->all.count++;
    return BRINE_OK;
}

static const struct brn_era names_eras[] = {
    {0, 10500, false, "output names carry the transformer's"},
    {10500, 0, true, "output names carry it when verbose_feature_names_out says so"},
    BRN_ERA_END,
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct feature_union *m = me->self;
    size_t count = brn_node_count(m->list);
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, count);
    if (!m->all.parts)
        return brn_fail_memory(build->err);
    m->all.prefix_names = !brn_era_behaviour(names_eras, me->version) || m->verbose_names;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(read_part(m, me, i, build));
    return BRINE_OK;
}

static const struct brn_instance *first_transformer(const struct brn_instance *me)
{
    const struct feature_union *m = me->self;
    for (size_t i = 0; i < m->all.count; i++)
        if (m->all.parts[i].transformer)
            return m->all.parts[i].transformer;
    return NULL;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct feature_union *m = me->self;
    for (size_t i = 0; i < m->all.count; i++)
        m->all.parts[i].in = in;
    struct brn_schema *out = NULL;
    m->all.may_compress = true;
    BRN_TRY(brn_union_bind(&m->all, true, build, &out));
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct feature_union *m = me->self;
    return brn_union_run(&m->all, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct feature_union *m = me->self;
    (void)method; /* it has one */
    return brn_union_equality(&m->all);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct feature_union, list, "transformer_list", NODE,
              "names and fitted transformers"),
    BRN_FIELD(struct feature_union, weights, "transformer_weights", NODE, "factors by name"),
    BRN_FIELD_OPTIONAL(struct feature_union, verbose_names, "verbose_feature_names_out", BOOL,
                       "since 1.5: whether output names carry the transformer's"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("_transformers_feature_names_out", "names of set_output containers"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.pipeline", NULL};

static const struct brn_estimator feature_union = {
    .name = "FeatureUnion",
    .modules = modules,
    .size = sizeof(struct feature_union),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .input_of = first_transformer,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&feature_union, NULL};

const struct brn_family brn_family_feature_union = {estimators};
