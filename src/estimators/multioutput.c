/* SPDX-License-Identifier: Apache-2.0
 *
 * multioutput.c - MultiOutputClassifier and MultiOutputRegressor: one estimator a target.
 * sklearn/multioutput.py. */
#include "estimators/shared_parts.h"

struct multioutput {
    struct brn_instances parts;

    struct brn_class_outputs outputs; /* of a classifier */
    struct brn_input_check check;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct multioutput *m = me->self;
    return brn_parts_first(&m->parts);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct multioutput *m = me->self;
    return brn_parts_check(build, &m->parts, "estimators_");
}

/* ---- binding ---- */

static const struct brn_era check_eras[] = {
    {0, 2400, true, "predict checks the rows itself"},
    {2400, 0, false, "the estimators check the rows"},
    BRN_ERA_END,
};

static brine_status bind_parts(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct multioutput *m = me->self;
    bool checks = brn_era_behaviour(check_eras, me->version);
    BRN_TRY(brn_input_check_bind(build, me, in, checks, &m->check));
    return brn_parts_bind(build, &m->parts, in);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct multioutput *m = me->self;
    BRN_TRY(bind_parts(me, in, build));
    if (!brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT, 1))
        return brn_unsupported(build, "estimators_", "do not answer with one number each");
    struct brn_schema *out = brn_schema_numbers(build->arena, m->parts.count, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = true;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

/* numpy would turn labels of several kinds into text. */
static brine_status check_kinds(const struct brn_build *build,
                                const struct brn_class_outputs *outputs)
{
    for (size_t o = 0; o < outputs->count; o++)
        for (size_t k = 0; k < outputs->classes[o]; k++)
            if (outputs->labels[o]->values[k].kind != outputs->labels[0]->values[0].kind)
                return brn_unsupported(build, "estimators_", "have labels of several types");
    return BRINE_OK;
}

static brine_status find_outputs(struct brn_build *build, struct multioutput *m)
{
    struct brn_class_outputs *outputs = &m->outputs;
    *outputs = (struct brn_class_outputs){
        .count = m->parts.count,
        .classes = BRN_BUILD_NEW(build, size_t, m->parts.count),
        .labels = BRN_BUILD_NEW(build, struct brn_dictionary *, m->parts.count),
    };
    if (!outputs->classes || !outputs->labels)
        return brn_fail_memory(build->err);
    for (size_t o = 0; o < outputs->count; o++) {
        const struct brn_instance *part = m->parts.at[o];
        if (!brn_part_classes(part))
            return brn_unsupported(build, "estimators_", "number %zu is no classifier", o);
        outputs->labels[o] = part->out[BRINE_METHOD_PREDICT]->slots[0]->dictionary;
        outputs->classes[o] = outputs->labels[o]->count;
        outputs->width += outputs->classes[o];
        outputs->most = outputs->classes[o] > outputs->most ? outputs->classes[o] : outputs->most;
    }
    return check_kinds(build, outputs);
}

static bool offers_proba(const struct multioutput *m)
{
    for (size_t o = 0; o < m->parts.count; o++) {
        const struct brn_instance *part = m->parts.at[o];
        if (!brn_part_gives_numbers(part, BRINE_METHOD_PREDICT_PROBA) ||
            part->out[BRINE_METHOD_PREDICT_PROBA]->count != m->outputs.classes[o])
            return false;
    }
    return true;
}

static const struct brn_era proba_eras[] = {
    {0, 1900, false, "predict_proba of all targets is one array of three dimensions"},
    {1900, 0, true, "it is a list of arrays"},
    BRN_ERA_END,
};

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct multioutput *m = me->self;
    BRN_TRY(bind_parts(me, in, build));
    BRN_TRY(find_outputs(build, m));
    BRN_TRY(brn_class_outputs_bind(build, me, &m->outputs));
    me->out[BRINE_METHOD_PREDICT_LOG_PROBA] = NULL;
    if (!brn_era_behaviour(proba_eras, me->version) || !offers_proba(m))
        me->out[BRINE_METHOD_PREDICT_PROBA] = NULL;
    struct brn_schema *out = brn_schema_labels(build->arena, m->outputs.labels, m->outputs.count);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = true;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

/* ---- running ---- */

static brine_status run_regressor(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct multioutput *m = me->self;
    bool all = true;
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_tile own = *out;
        own.numbers = out->numbers + i;
        BRN_TRY(brn_run_child(m->parts.at[i], BRINE_METHOD_PREDICT, in, &own, work));
        all = all && own.single;
    }
    out->single = all;
    return BRINE_OK;
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct multioutput *m = me->self;
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_tile own = *out;
        own.codes = out->codes + i;
        BRN_TRY(brn_run_child(m->parts.at[i], BRINE_METHOD_PREDICT, in, &own, work));
    }
    return BRINE_OK;
}

static brine_status run_proba(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct multioutput *m = me->self;
    bool all = true;
    size_t at = 0;
    for (size_t i = 0; i < m->parts.count; at += m->outputs.classes[i++]) {
        struct brn_tile own = *out;
        own.numbers = out->numbers + at;
        BRN_TRY(brn_run_child(m->parts.at[i], BRINE_METHOD_PREDICT_PROBA, in, &own, work));
        all = all && own.single;
    }
    out->single = all;
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct multioutput *m = me->self;
    return brn_parts_equality(&m->parts, method);
}

/* ---- the family ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct multioutput, parts, "estimators_", CHILDREN, "one fitted estimator a target"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template of estimators_"),
    BRN_FIELD_IGNORE("classes_", "the estimators have their own"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.multioutput", NULL};

static const struct brn_estimator classifier = {
    .name = "MultiOutputClassifier",
    .modules = modules,
    .size = sizeof(struct multioutput),
    .fields = fields,
    .prepare = prepare,
    .bind = bind_classifier,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_proba, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator regressor = {
    .name = "MultiOutputRegressor",
    .modules = modules,
    .size = sizeof(struct multioutput),
    .fields = fields,
    .prepare = prepare,
    .bind = bind_regressor,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_PREDICT] = {run_regressor, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_multioutput = {estimators};
