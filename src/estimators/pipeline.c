/* SPDX-License-Identifier: Apache-2.0
 *
 * pipeline.c - Pipeline: transformers in a row, and a last step whose methods are the pipeline's.
 * sklearn/pipeline.py; and its subclasses elsewhere, which predict as it does: PMMLPipeline
 * (sklearn2pmml/pipeline/__init__.py) and TransformerPipeline (sklearn_pandas/pipeline.py). */
#include "model/estimator.h"

struct pipeline {
    const struct brn_node *steps_node;
    const struct brn_node *active_fields; /* of PMMLPipeline: names of the input's columns */
    struct brn_instance **steps;          /* without 'passthrough' */
    size_t count;
};

static bool is_passthrough(const struct brn_node *node)
{
    return brn_is(node, BRN_NONE) || brn_node_is_text(node, "passthrough");
}

/* How many of the steps are to be decoded: all, or those before --until at the root. */
static brine_status steps_wanted(const struct pipeline *m, const struct brn_instance *me,
                                 const struct brn_build *build, size_t *ret_count)
{
    const char *until = me->path[0] == '\0' ? build->options.until_step : NULL;
    *ret_count = brn_node_count(m->steps_node);
    if (!until)
        return BRINE_OK;
    for (size_t i = 0; i < *ret_count; i++)
        if (brn_node_is_text(brn_node_item(brn_node_item(m->steps_node, i), 0), until)) {
            *ret_count = i;
            return i ? BRINE_OK
                     : brn_fail(build->err, BRINE_USAGE, "no step is before \"%s\"", until);
        }
    return brn_fail(build->err, BRINE_USAGE, "the pipeline has no step \"%s\"", until);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct pipeline *m = me->self;
    size_t wanted;
    BRN_TRY(steps_wanted(m, me, build, &wanted));
    m->steps = BRN_BUILD_NEW(build, struct brn_instance *, wanted);
    if (!m->steps)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < wanted; i++) {
        const struct brn_node *step = brn_node_item(m->steps_node, i);
        if (brn_node_count(step) != 2)
            return brn_ill_formed(build, "steps", "step %zu is no pair of name and estimator", i);
        if (is_passthrough(brn_node_item(step, 1)))
            continue;
        BRN_TRY(brn_decode_child(build, me, brn_node_item(step, 1), &m->steps[m->count],
                                 "steps[%zu][1]", i));
        m->count++;
    }
    return m->count ? BRINE_OK
                    : brn_unsupported(build, "steps", "there is no estimator among them");
}

/* The columns of the training table; absent when there were no names. */
static brine_status read_active_fields(struct brn_instance *me, struct brn_build *build)
{
    const struct pipeline *m = me->self;
    struct brn_values values;
    if (!m->active_fields || m->active_fields->kind == BRN_NONE)
        return BRINE_OK;
    brine_status status = brn_decode_values(build, m->active_fields, &values);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "active_fields");
        return status;
    }
    if (!values.count)
        return brn_ill_formed(build, "active_fields", "is empty");
    const char **names = BRN_BUILD_NEW(build, const char *, values.count);
    for (size_t i = 0; names && i < values.count; i++)
        if (!(names[i] = brn_value_text(values.at[i], build->arena)))
            names = NULL;
    me->feature_names = names;
    me->feature_count = values.count;
    return names ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status prepare_pmml(struct brn_instance *me, struct brn_build *build)
{
    BRN_TRY(read_active_fields(me, build));
    return prepare(me, build);
}

/* The first step that knows how many columns come. */
static const struct brn_instance *first_step(const struct brn_instance *me)
{
    const struct pipeline *m = me->self;
    size_t i = 0;
    while (i + 1 < m->count && !m->steps[i]->feature_count && m->steps[i]->estimator->keeps_width)
        i++;
    return m->steps[i];
}

/* A step that is not the last must transform. */
static brine_status check_transforms(const struct brn_instance *step, struct brn_build *build)
{
    if (step->out[BRINE_METHOD_TRANSFORM])
        return BRINE_OK;
    brn_fail(build->err, BRINE_MODEL, "%s is not the last step, but has no transform",
             step->estimator->name);
    brn_error_within(build->err, "%s", step->place);
    return BRINE_MODEL;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct pipeline *m = me->self;
    const struct brn_schema *at = in;
    enum brn_equality given = BRN_EXACT;
    for (size_t i = 0; i < m->count; i++) {
        BRN_TRY(brn_bind_given(build, m->steps[i], at, given));
        if (i + 1 < m->count) {
            BRN_TRY(check_transforms(m->steps[i], build));
            given = brn_weaker(given, brn_equality_of(m->steps[i], BRINE_METHOD_TRANSFORM));
        }
        at = m->steps[i]->out[BRINE_METHOD_TRANSFORM];
    }
    for (brine_method method = 0; method < BRINE_METHOD_COUNT; method++)
        if (method != BRINE_METHOD_INVERSE_TRANSFORM)
            me->out[method] = m->steps[m->count - 1]->out[method];
    return BRINE_OK;
}

/* From the last step to the first. */
static brine_status bind_backwards(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct pipeline *m = me->self;
    const struct brn_schema *at = in;
    enum brn_equality given = build->given;
    for (size_t i = m->count; i-- > 0;) {
        BRN_TRY(brn_bind_backwards(build, m->steps[i], at));
        at = m->steps[i]->out[BRINE_METHOD_INVERSE_TRANSFORM];
        build->given =
            brn_weaker(build->given, brn_equality_of(m->steps[i], BRINE_METHOD_INVERSE_TRANSFORM));
    }
    build->given = given;
    me->out[BRINE_METHOD_INVERSE_TRANSFORM] = at;
    return BRINE_OK;
}

static brine_status run_backwards(const struct pipeline *m, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    struct brn_tile at = *in, next;
    for (size_t i = m->count; i-- > 1;) {
        BRN_TRY(brn_run_into(m->steps[i], BRINE_METHOD_INVERSE_TRANSFORM, &at, work, &next));
        at = next;
    }
    out->single = at.single;
    return brn_run_child(m->steps[0], BRINE_METHOD_INVERSE_TRANSFORM, &at, out, work);
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    const struct pipeline *m = me->self;
    struct brn_tile at = *in, next;
    if (method == BRINE_METHOD_INVERSE_TRANSFORM)
        return run_backwards(m, in, out, work);
    for (size_t i = 0; i + 1 < m->count; i++) {
        const struct brn_instance *step = m->steps[i];
        BRN_TRY(brn_run_into(step, BRINE_METHOD_TRANSFORM, &at, work, &next));
        at = next;
    }
    out->single = at.single;
    return brn_run_child(m->steps[m->count - 1], method, &at, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct pipeline *m = me->self;
    enum brn_equality weakest = brn_equality_of(m->steps[m->count - 1], method);
    brine_method step_method =
        method == BRINE_METHOD_INVERSE_TRANSFORM ? method : BRINE_METHOD_TRANSFORM;
    for (size_t i = 0; i + 1 < m->count; i++)
        weakest = brn_weaker(weakest, brn_equality_of(m->steps[i], step_method));
    return weakest;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct pipeline, steps_node, "steps", NODE, "names and estimators"),
    BRN_FIELD_IGNORE("memory", "a cache of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("transform_input", "routing of fit parameters"),
    BRN_FIELD_END,
};

static const struct brn_field pmml_fields[] = {
    BRN_FIELD_OPTIONAL(struct pipeline, active_fields, "active_fields", NODE,
                       "names of the columns of the training table"),
    BRN_FIELD_IGNORE("target_fields", "names of the columns of the target"),
    BRN_FIELD_IGNORE("target_field", "name of the column of the target"),
    BRN_FIELD_IGNORE("header", "of the PMML document"),
    BRN_FIELD_IGNORE("verification", "of the PMML document: rows and what they were predicted"),
    BRN_FIELD_IGNORE("customizations", "of the PMML document"),
    BRN_FIELD_IGNORE("predict_transformer", "of predict_transform"),
    BRN_FIELD_IGNORE("predict_proba_transformer", "of predict_proba_transform"),
    BRN_FIELD_IGNORE("apply_transformer", "of apply_transform"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.pipeline", NULL};

static const struct brn_estimator pipeline = {
    .name = "Pipeline",
    .modules = modules,
    .size = sizeof(struct pipeline),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .bind_backwards = bind_backwards,
    .input_of = first_step,
    .takes_any_width = true,
    .takes_compressed = true,
    .run = run,
    .equality = equality,
};

static const char *const pmml_modules[] = {"sklearn2pmml", "sklearn2pmml.pipeline", NULL};

static const struct brn_estimator pmml_pipeline = {
    .name = "PMMLPipeline",
    .modules = pmml_modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct pipeline),
    .fields = fields,
    .more_fields = pmml_fields,
    .prepare = prepare_pmml,
    .bind = bind,
    .input_of = first_step,
    .takes_any_width = true,
    .takes_compressed = true,
    .run = run,
    .equality = equality,
};

static const char *const transformer_modules[] = {"sklearn_pandas.pipeline", NULL};

static const struct brn_estimator transformer_pipeline = {
    .name = "TransformerPipeline",
    .modules = transformer_modules,
    .library = "sklearn_pandas",
    .is_beside = true,
    .size = sizeof(struct pipeline),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .input_of = first_step,
    .takes_any_width = true,
    .takes_compressed = true,
    .run = run,
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&pipeline, &pmml_pipeline,
                                                         &transformer_pipeline, NULL};

const struct brn_family brn_family_pipeline = {estimators};
