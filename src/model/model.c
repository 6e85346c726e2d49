/* SPDX-License-Identifier: Apache-2.0
 *
 * model.c - loading: decode the root, bind it to the input, describe the outputs. */
#include "model/model_private.h"

#include <stdlib.h>

static brine_model_options given_options(const brine_model_options *options)
{
    brine_model_options o = {.size = sizeof o};
    if (options)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    return o;
}

/* ---- features ---- */

static const struct brn_instance *input_instance(const struct brn_instance *root)
{
    const struct brn_instance *at = root;
    while (at && !at->feature_count && at->estimator->input_of)
        at = at->estimator->input_of(at);
    return at ? at : root;
}

static brine_status default_names(struct brn_build *build, size_t count, const char ***ret_names)
{
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    for (size_t i = 0; names && i < count; i++)
        if (!(names[i] = brn_arena_printf(build->arena, "x%zu", i)))
            names = NULL;
    *ret_names = names;
    return names ? BRINE_OK : brn_fail_memory(build->err);
}

/* One feature that is never looked at stands for whatever columns there are. */
static brine_status make_ignored_input(struct brine_model *model, struct brn_build *build)
{
    const char **names;
    model->feature_count = 1;
    BRN_TRY(default_names(build, 1, &names));
    model->input = brn_schema_inputs(build->arena, 1, names);
    if (!model->input)
        return brn_fail_memory(build->err);
    model->input->layout->records = true;
    return BRINE_OK;
}

static brine_status make_input(struct brine_model *model, struct brn_build *build)
{
    const struct brn_instance *first = input_instance(model->root);
    const char **defaults = NULL;
    model->feature_count = first->feature_count;
    model->has_names = first->feature_names != NULL;
    if (!model->feature_count && first->ignores_rows)
        return make_ignored_input(model, build);
    if (!model->feature_count)
        return brn_ill_formed(build, "n_features_in_",
                              "is missing: the number of columns is unknown");
    if (!model->has_names)
        BRN_TRY(default_names(build, model->feature_count, &defaults));
    model->input = brn_schema_inputs(build->arena, model->feature_count,
                                     model->has_names ? first->feature_names : defaults);
    return model->input ? BRINE_OK : brn_fail_memory(build->err);
}

/* A column that is only given back must be there too. */
static void mark_echoes(struct brine_model *model)
{
    const struct brn_outputs *outputs = &model->outputs[BRINE_METHOD_TRANSFORM];
    for (size_t i = 0; i < outputs->width; i++)
        if (outputs->echoes[i] >= 0)
            model->features[outputs->echoes[i]].is_used = true;
}

static brine_status describe_features(struct brine_model *model, struct brn_build *build)
{
    struct brn_tile_layout *layout = model->input->layout;
    model->features = BRN_BUILD_NEW(build, struct brn_feature, model->feature_count);
    model->number_names = BRN_BUILD_NEW(build, const char *, (size_t)layout->numbers);
    model->code_names = BRN_BUILD_NEW(build, const char *, (size_t)layout->codes);
    model->document_names = BRN_BUILD_NEW(build, const char *, (size_t)layout->documents);
    if (!model->features || !model->number_names || !model->code_names || !model->document_names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < model->feature_count; i++) {
        const struct brn_slot *slot = model->input->slots[i];
        model->features[i] = (struct brn_feature){
            .name = slot->name,
            .is_used = slot->number >= 0 || slot->code >= 0 || slot->document >= 0,
            .as_number = slot->number >= 0,
            .as_text = slot->code >= 0,
            .as_document = slot->document >= 0,
            .is_raw = slot->is_raw,
            .categories = slot->dictionary,
            .number = slot->number,
            .code = slot->code,
            .document = slot->document,
        };
        if (slot->number >= 0)
            model->number_names[slot->number] = slot->name;
        if (slot->code >= 0)
            model->code_names[slot->code] = slot->name;
        if (slot->document >= 0)
            model->document_names[slot->document] = slot->name;
    }
    mark_echoes(model);
    return BRINE_OK;
}

/* ---- outputs ---- */

static bool labels_are_integers(const struct brn_schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        const struct brn_dictionary *labels = schema->slots[i]->dictionary;
        for (size_t k = 0; labels && k < labels->count; k++)
            if (labels->values[k].kind != BRN_VALUE_INT)
                return false;
    }
    return schema->count > 0 && schema->slots[0]->dictionary;
}

static const char *output_name(struct brn_build *build, brine_method method,
                               const struct brn_schema *schema, size_t i)
{
    if (schema->slots[i]->name)
        return schema->slots[i]->name;
    if (schema->count == 1)
        return brine_method_name(method);
    return brn_arena_printf(build->arena, "%s[%zu]", brine_method_name(method), i);
}

/* The input's column whose texts the codes stand for, or -1. */
static int32_t text_feature(const struct brine_model *model, const struct brn_dictionary *labels)
{
    for (size_t i = 0; labels && i < model->feature_count; i++)
        if (model->input->slots[i]->dictionary == labels)
            return (int32_t)i;
    return -1;
}

static brine_status describe_output(struct brine_model *model, struct brn_build *build,
                                    brine_method method)
{
    const struct brn_schema *schema = model->results[method];
    const char **names = BRN_BUILD_NEW(build, const char *, schema->count);
    const struct brn_dictionary **labels =
        BRN_BUILD_NEW(build, const struct brn_dictionary *, schema->count);
    int32_t *places = BRN_BUILD_NEW(build, int32_t, schema->count);
    int32_t *echoes = BRN_BUILD_NEW(build, int32_t, schema->count);
    if (!names || !labels || !places || !echoes)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < schema->count; i++) {
        if (!(names[i] = output_name(build, method, schema, i)))
            return brn_fail_memory(build->err);
        const struct brn_slot *slot = schema->slots[i], *input = brn_schema_untouched(schema, i);
        labels[i] = brn_schema_is_code(schema, i) ? slot->dictionary : NULL;
        places[i] = labels[i] ? slot->code : slot->number;
        echoes[i] = input ? (int32_t)input->feature : text_feature(model, labels[i]);
    }
    bool many = method == BRINE_METHOD_PREDICT_PROBA || method == BRINE_METHOD_PREDICT_LOG_PROBA ||
                method == BRINE_METHOD_TRANSFORM || method == BRINE_METHOD_INVERSE_TRANSFORM;
    model->outputs[method] = (struct brn_outputs){
        .width = schema->count,
        .names = names,
        .is_vector = schema->is_vector || (schema->count == 1 && !many && !schema->is_matrix),
        .is_integer = labels_are_integers(schema),
        .integer_bytes = schema->integer_bytes,
        .labels = labels,
        .numbers = (size_t)schema->layout->numbers,
        .codes = (size_t)schema->layout->codes,
        .places = places,
        .echoes = echoes,
    };
    return BRINE_OK;
}

/* What nobody has given a form is a number, unless it comes as text; but a transform whose result
 * it is gives the input's column back as it came. */
static void settle(const struct brn_schema *schema, brine_method method)
{
    struct brn_dictionary *ignored;
    for (size_t i = 0; i < schema->count; i++) {
        bool as_it_came = method == BRINE_METHOD_TRANSFORM && brn_schema_untouched(schema, i);
        if (!as_it_came && schema->slots[i]->code < 0 && brn_schema_number(schema, i) < 0)
            (void)brn_schema_code(schema, i, &ignored);
    }
}

static brine_status find_results(struct brine_model *model, const struct brn_build *build,
                                 brine_method method)
{
    enum { MOST_HASHED = 1 << 18 };
    const struct brn_schema *out = model->root->out[method];
    if (out->is_compressed && !out->names && out->count > MOST_HASHED)
        return brn_unsupported(build, "",
                               "%s gives %zu columns, nearly all 0, which are not written out; "
                               "in a Pipeline a last step may read them",
                               model->root->estimator->name, out->count);
    model->results[method] = out->is_compressed ? brn_schema_expanded(build->arena, out) : out;
    return model->results[method] ? BRINE_OK : brn_fail_memory(build->err);
}

/* Results are numbers and labels: text that a step made is not given out yet. */
static bool makes_text(const struct brn_schema *schema)
{
    for (size_t i = 0; !schema->is_compressed && i < schema->count; i++)
        if (brn_schema_is_written_text(schema, i))
            return true;
    return false;
}

static brine_status describe_outputs(struct brine_model *model, struct brn_build *build)
{
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (model->root->out[m] && makes_text(model->root->out[m])) {
            model->root->out[m] = NULL;
        } else if (model->root->out[m]) {
            BRN_TRY(find_results(model, build, m));
            settle(model->results[m], m);
            BRN_TRY(describe_output(model, build, m));
        }
    return BRINE_OK;
}

/* ---- loading ---- */

static brine_status check_proved(const struct brine_model *model, const struct brn_build *build,
                                 brine_error *err)
{
    if (!build->unproved || build->options.allow_unproved)
        return BRINE_OK;
    if (err)
        *err = model->unproved_why;
    return BRINE_UNPROVED;
}

static brine_status load(struct brine_model *model, struct brn_build *build,
                         const struct brn_graph *graph, brine_error *err)
{
    if (!graph->root)
        return brn_fail(err, BRINE_FORMAT, "the file holds no object");
    BRN_TRY(brn_decode_object(build, graph->root, "", &model->root));
    BRN_TRY(make_input(model, build));
    BRN_TRY(brn_bind_child(build, model->root, model->input));
    BRN_TRY(describe_outputs(model, build));
    BRN_TRY(describe_features(model, build));
    model->is_proved = !build->unproved;
    model->unproved_why = build->first_unproved;
    return check_proved(model, build, err);
}

/* A model takes a few times the bytes of its file, unless the file names the same objects again and
 * again: then it could take any number. */
static uint64_t memory_budget(const struct brn_graph *graph)
{
    enum { LEAST = 64 << 20, TIMES = 64 };
    uint64_t bytes = graph->arena.used + graph->array_bytes;
    if (graph->segment_count)
        bytes += graph->segments[graph->segment_count - 1].end;
    return LEAST + TIMES * bytes;
}

static brine_status fail_budget(const struct brn_build *build)
{
    return brn_fail(build->err, BRINE_LIMIT,
                    "the model needs more than %llu MB of memory, far more than its file: it "
                    "repeats the same objects",
                    (unsigned long long)(build->arena->limit >> 20));
}

brine_status brn_model_decode(const struct brn_graph *graph, const struct brn_registry *registry,
                              const brine_model_options *options, struct brine_model **ret_model,
                              brine_error *err)
{
    brine_error ignored;
    struct brine_model *model = calloc(1, sizeof *model);
    if (!model)
        return brn_fail_memory(err);
    atomic_init(&model->references, 1);
    brn_arena_init(&model->arena, memory_budget(graph));
    struct brn_arena scratch;
    brn_arena_init(&scratch, memory_budget(graph));
    struct brn_build build = {.arena = &model->arena,
                              .scratch = &scratch,
                              .registry = registry,
                              .graph = graph,
                              .options = given_options(options),
                              .instances = &model->instances,
                              .err = err ? err : &ignored};
    brine_status status = load(model, &build, graph, build.err);
    if (status == BRINE_NOMEM && (model->arena.over_limit || scratch.over_limit))
        status = fail_budget(&build);
    brn_arena_free(&scratch);
    if (status == BRINE_OK)
        *ret_model = model;
    else
        brn_model_release(model);
    return status;
}

struct brine_model *brn_model_retain(struct brine_model *model)
{
    if (model)
        atomic_fetch_add_explicit(&model->references, 1, memory_order_relaxed);
    return model;
}

void brn_model_release(struct brine_model *model)
{
    if (!model || atomic_fetch_sub_explicit(&model->references, 1, memory_order_acq_rel) != 1)
        return;
    brn_arena_free(&model->arena);
    free(model);
}

/* ---- looking ---- */

const struct brn_instance *brn_model_root(const struct brine_model *model)
{
    return model->root;
}

const struct brn_feature *brn_model_features(const struct brine_model *model, size_t *ret_count)
{
    *ret_count = model->feature_count;
    return model->features;
}

bool brn_model_has_names(const struct brine_model *model)
{
    return model->has_names;
}

bool brn_model_is_proved(const struct brine_model *model, brine_error *ret_why)
{
    if (!model->is_proved && ret_why)
        *ret_why = model->unproved_why;
    return model->is_proved;
}

const struct brn_instance *const *brn_model_instances(const struct brine_model *model,
                                                      size_t *ret_count)
{
    *ret_count = model->instances.count;
    return (const struct brn_instance *const *)model->instances.at;
}

enum brn_equality brn_model_equality(const struct brine_model *model, brine_method method)
{
    return brn_equality_of(model->root, method);
}

const struct brn_outputs *brn_model_outputs(const struct brine_model *model, brine_method method)
{
    return (size_t)method < BRINE_METHOD_COUNT && model->root->out[method] ? &model->outputs[method]
                                                                           : NULL;
}
