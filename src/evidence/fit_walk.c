/* SPDX-License-Identifier: Apache-2.0
 *
 * fit_walk.c - from part to part of a model: what each was given, and which rule judges it.
 *
 * Pipelines, ColumnTransformers and FeatureUnions are walked; what stands before a step is replayed
 * with the stored steps themselves. */
#include "evidence/fit.h"

#include <math.h>

enum { MAX_DEPTH = 16, MAX_COMPONENTS = 1000 };

struct walk {
    const struct brn_subject *subject;
    const struct brn_loading *loading;
    struct brn_arena *arena;
    struct brn_fit_report *report;
    brine_error *err;
    const double *truth; /* of train's and test's rows behind each other, or NULL */
    uint32_t depth;
};

/* A part on its way: where it is, and its input when that could be made. */
struct place {
    const struct brn_node *object;
    const char *name, *path;
    const struct brn_fit_input *input; /* NULL: not known, why says it */
    const char *why;
};

static brine_status walk_part(struct walk *w, struct place place);

/* ---- rules ---- */

static const struct {
    const char *estimator;
    brn_fit_rule *rule; /* NULL: keeps nothing of the rows that it saw */
} rules[] = {
    {"SimpleImputer", brn_fit_simple_imputer},
    {"StandardScaler", brn_fit_standard_scaler},
    {"MinMaxScaler", brn_fit_min_max_scaler},
    {"OneHotEncoder", brn_fit_categories},
    {"OrdinalEncoder", brn_fit_categories},
    {"FunctionTransformer", NULL},
    {"LogisticRegression", brn_fit_logistic},
    {"Normalizer", NULL},
    {"Binarizer", NULL},
};

static enum brn_fit_verdict verdict_of(const bool ok[BRN_HYPOTHESES])
{
    bool others = ok[BRN_ON_UNION] || ok[BRN_ON_TEST];
    if (ok[BRN_ON_TRAIN])
        return others ? BRN_FIT_UNDETERMINED : BRN_FIT_TRAIN;
    if (!others)
        return BRN_FIT_OTHER;
    return !ok[BRN_ON_TEST] ? BRN_FIT_UNION : !ok[BRN_ON_UNION] ? BRN_FIT_TEST : BRN_FIT_NOT_TRAIN;
}

static void decide(struct brn_fit_component *c, double tolerance)
{
    bool ok[BRN_HYPOTHESES];
    c->tolerance = tolerance;
    c->power = (double)INFINITY;
    for (int h = 0; h < BRN_HYPOTHESES; h++) {
        ok[h] = c->error[h] <= tolerance;
        c->power = ok[h] ? c->power : fmin(c->power, c->error[h]);
    }
    c->verdict = verdict_of(ok);
    if (!c->why && c->statistics == 0)
        c->why = "it keeps no statistic of the rows that it saw";
    else if (!c->why && c->power <= 10 * tolerance)
        c->why = "its statistics differ too little between the rows";
    else if (!c->why && c->verdict == BRN_FIT_UNDETERMINED)
        c->why = "its statistics are the same with and without the test rows";
    if (c->why)
        c->verdict = BRN_FIT_UNDETERMINED;
}

static struct brn_fit_component *add_component(struct walk *w, const struct place *p,
                                               const char *estimator)
{
    struct brn_fit_report *r = w->report;
    if (r->count == MAX_COMPONENTS) {
        brn_fail(w->err, BRINE_LIMIT, "more than %d parts", MAX_COMPONENTS);
        return NULL;
    }
    if (!BRN_ARENA_RESERVE(w->arena, r->at, r->count, r->capacity)) {
        brn_fail_memory(w->err);
        return NULL;
    }
    struct brn_fit_component *c = &r->at[r->count++];
    *c = (struct brn_fit_component){.name = p->name,
                                    .path = p->path,
                                    .estimator = estimator,
                                    .verdict = BRN_FIT_UNDETERMINED,
                                    .what = "",
                                    .power = (double)INFINITY,
                                    .why = p->why};
    return c;
}

static brine_status judge(struct walk *w, const struct place *p, const char *estimator,
                          brn_fit_rule *rule)
{
    struct brn_fit_component *c = add_component(w, p, estimator);
    if (!c)
        return w->err->status;
    if (!p->input)
        return BRINE_OK;
    size_t rows = (size_t)(p->input->train.rows + p->input->test.rows);
    struct brn_arena scratch;
    brn_arena_init(&scratch, 0);
    struct brn_fit fit = {.object = p->object,
                          .input = p->input,
                          .arena = &scratch,
                          .component = c,
                          .tolerance = 1e-9,
                          .truth = w->truth,
                          .numbers = BRN_NEW(&scratch, double, rows + 1),
                          .values = BRN_NEW(&scratch, double, rows + 1),
                          .err = w->err};
    brine_status status = fit.numbers && fit.values ? rule(&fit) : brn_fail_memory(w->err);
    brn_arena_free(&scratch);
    decide(c, fit.tolerance);
    return status;
}

static brine_status no_rule(struct walk *w, const struct place *p, const char *estimator)
{
    struct brn_fit_component *c = add_component(w, p, estimator);
    if (!c)
        return w->err->status;
    c->why = "there is no rule yet that tells its rows from its fitted state";
    return BRINE_OK;
}

/* ---- inputs ---- */

/* The columns of a table by number. */
static bool select_columns(const struct brn_table *from, const size_t *columns, size_t count,
                           struct brn_arena *arena, struct brn_table *ret_table)
{
    struct brn_table t = {from->rows, count, BRN_NEW(arena, struct brn_column, count + 1)};
    for (size_t i = 0; t.columns && i < count; i++)
        t.columns[i] = from->columns[columns[i]];
    *ret_table = t;
    return t.columns != NULL;
}

static size_t find_column(const struct brn_table *table, struct brn_slice name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].name && brn_slice_is(name, table->columns[i].name))
            return i;
    return SIZE_MAX;
}

/* The input in the order that the object was fitted with: by feature_names_in_ when it has them. */
static brine_status in_fitted_order(struct walk *w, struct place *p)
{
    struct brn_array names;
    const struct brn_node *node = brn_node_attribute(p->object, "feature_names_in_");
    if (!p->input || !brn_node_is_array(node) ||
        brn_node_array(node, w->arena, &names, NULL) != BRINE_OK || !names.dtype.has_objects)
        return BRINE_OK;
    struct brn_fit_input *input = BRN_NEW(w->arena, struct brn_fit_input, 1);
    size_t *columns = BRN_NEW(w->arena, size_t, names.count + 1);
    if (!input || !columns)
        return brn_fail_memory(w->err);
    for (uint64_t i = 0; i < names.count; i++) {
        columns[i] = find_column(&p->input->train, brn_node_text(names.objects[i]));
        if (columns[i] == SIZE_MAX) {
            p->input = NULL;
            p->why = "the data lack a column that it was fitted on";
            return BRINE_OK;
        }
    }
    if (!select_columns(&p->input->train, columns, names.count, w->arena, &input->train) ||
        !select_columns(&p->input->test, columns, names.count, w->arena, &input->test))
        return brn_fail_memory(w->err);
    p->input = input;
    return BRINE_OK;
}

static brine_status transform(const struct brine_model *model, const struct brn_table *from,
                              struct brn_arena *arena, struct brn_table *ret_table,
                              brine_error *err)
{
    struct brn_work work;
    brn_work_init(&work, 0);
    brine_status status = brn_model_predict(model, BRINE_METHOD_TRANSFORM, from, 0, false, &work,
                                            arena, ret_table, err);
    brn_work_free(&work);
    return status;
}

static brine_status replay(struct walk *w, const struct brn_node *pipeline, const char *until,
                           const struct brn_fit_input *from, struct brn_fit_input *ret_input,
                           brine_error *err)
{
    struct brn_graph graph = w->subject->file->graph;
    brine_model_options options = {.size = sizeof options};
    struct brine_model *model;
    graph.root = pipeline;
    if (w->loading->options)
        options = *w->loading->options;
    options.allow_unproved = true; /* a replay is compared with the file, and fails openly */
    options.until_step = until;
    BRN_TRY(brn_model_decode(&graph, w->loading->registry, &options, &model, err));
    brine_status status = transform(model, &from->train, w->arena, &ret_input->train, err);
    if (status == BRINE_OK)
        status = transform(model, &from->test, w->arena, &ret_input->test, err);
    brine_model_unref(model);
    return status;
}

/* The input of the step named until: what the steps before it make. */
static brine_status before_step(struct walk *w, const struct place *pipeline, const char *until,
                                struct place *step)
{
    brine_error err;
    struct brn_fit_input *input = BRN_NEW(w->arena, struct brn_fit_input, 1);
    if (!input)
        return brn_fail_memory(w->err);
    brine_status status = replay(w, pipeline->object, until, pipeline->input, input, &err);
    if (status == BRINE_NOMEM)
        return brn_fail_memory(w->err);
    step->input = status == BRINE_OK ? input : NULL;
    if (status != BRINE_OK) {
        step->why =
            brn_arena_printf(w->arena, "the steps before it cannot be replayed: %s", err.message);
        if (!step->why)
            return brn_fail_memory(w->err);
    }
    return BRINE_OK;
}

/* ---- composites ---- */

static const char *join_name(struct walk *w, const char *outer, struct brn_slice inner)
{
    return outer[0] ? brn_arena_printf(w->arena, "%s / %.*s", outer, BRN_S(inner))
                    : brn_arena_text(w->arena, inner);
}

static bool is_absent(const struct brn_node *n)
{
    return brn_is(n, BRN_NONE) || brn_node_is_text(n, "passthrough") || brn_node_is_text(n, "drop");
}

/* Only what a rule looks at is worth a replay. */
static bool has_no_rule(const struct brn_node *object)
{
    static const char *const composites[] = {"Pipeline", "ColumnTransformer", "FeatureUnion"};
    struct brn_slice class = brn_node_class(object)->as.global.name;
    if (!brn_is(brn_node_class(object), BRN_GLOBAL))
        return true;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].rule && brn_slice_is(class, rules[i].estimator))
            return false;
    for (size_t i = 0; i < sizeof composites / sizeof composites[0]; i++)
        if (brn_slice_is(class, composites[i]))
            return false;
    return true;
}

static brine_status walk_pipeline(struct walk *w, const struct place *p)
{
    const struct brn_node *steps = brn_node_attribute(p->object, "steps");
    for (size_t i = 0; i < brn_node_count(steps); i++) {
        const struct brn_node *entry = brn_node_item(steps, i), *object = brn_node_item(entry, 1);
        struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
        char *until = brn_arena_text(w->arena, name);
        struct place step = *p;
        step.object = object;
        step.name = join_name(w, p->name, name);
        step.path =
            brn_arena_printf(w->arena, "%s%ssteps[%zu][1]", p->path, p->path[0] ? "." : "", i);
        if (!until || !step.name || !step.path)
            return brn_fail_memory(w->err);
        if (is_absent(object))
            continue;
        if (i > 0 && p->input && !has_no_rule(object))
            BRN_TRY(before_step(w, p, until, &step));
        BRN_TRY(walk_part(w, step));
    }
    return BRINE_OK;
}

static const struct brn_node *indices_of(const struct brn_node *dict, struct brn_slice name)
{
    for (size_t i = 0; brn_is(dict, BRN_DICT) && i + 1 < dict->as.items.count; i += 2)
        if (brn_slice_equal(brn_node_text(dict->as.items.at[i]), name))
            return dict->as.items.at[i + 1];
    return &brn_nil;
}

/* The columns that a transformer of a ColumnTransformer gets. */
static brine_status selected(struct walk *w, const struct place *p, struct brn_slice name,
                             struct place *part)
{
    const struct brn_node *list =
        indices_of(brn_node_attribute(p->object, "_transformer_to_input_indices"), name);
    size_t count = brn_node_count(list);
    size_t *columns = BRN_NEW(w->arena, size_t, count + 1);
    struct brn_fit_input *input = BRN_NEW(w->arena, struct brn_fit_input, 1);
    if (!columns || !input)
        return brn_fail_memory(w->err);
    bool ok = count > 0;
    for (size_t i = 0; ok && i < count; i++) {
        const struct brn_node *n = brn_node_item(list, i);
        ok = brn_is(n, BRN_INT) && n->as.integer >= 0 &&
             (size_t)n->as.integer < p->input->train.column_count;
        columns[i] = ok ? (size_t)n->as.integer : 0;
    }
    part->input = ok ? input : NULL;
    part->why = ok ? NULL : "its columns are not told by _transformer_to_input_indices";
    if (ok && (!select_columns(&p->input->train, columns, count, w->arena, &input->train) ||
               !select_columns(&p->input->test, columns, count, w->arena, &input->test)))
        return brn_fail_memory(w->err);
    return BRINE_OK;
}

static brine_status walk_parts(struct walk *w, const struct place *p, const char *attribute,
                               bool selects)
{
    const struct brn_node *list = brn_node_attribute(p->object, attribute);
    for (size_t i = 0; i < brn_node_count(list); i++) {
        const struct brn_node *entry = brn_node_item(list, i), *object = brn_node_item(entry, 1);
        struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
        struct place part = *p;
        part.object = object;
        part.name = join_name(w, p->name, name);
        part.path = brn_arena_printf(w->arena, "%s%s%s[%zu][1]", p->path, p->path[0] ? "." : "",
                                     attribute, i);
        if (!part.name || !part.path)
            return brn_fail_memory(w->err);
        if (is_absent(object))
            continue;
        if (selects && p->input)
            BRN_TRY(selected(w, p, name, &part));
        BRN_TRY(walk_part(w, part));
    }
    return BRINE_OK;
}

static brine_status walk_known(struct walk *w, struct place *p, struct brn_slice class)
{
    char *name = brn_arena_text(w->arena, class);
    if (!name)
        return brn_fail_memory(w->err);
    if (strcmp(name, "Pipeline") == 0)
        return walk_pipeline(w, p);
    if (strcmp(name, "FeatureUnion") == 0)
        return walk_parts(w, p, "transformer_list", false);
    BRN_TRY(in_fitted_order(w, p));
    if (strcmp(name, "ColumnTransformer") == 0)
        return walk_parts(w, p, "transformers_", true);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(name, rules[i].estimator) == 0)
            return rules[i].rule ? judge(w, p, name, rules[i].rule) : BRINE_OK;
    return no_rule(w, p, name);
}

static brine_status walk_part(struct walk *w, struct place place)
{
    const struct brn_node *class = brn_node_class(place.object);
    if (!brn_is(class, BRN_GLOBAL))
        return BRINE_OK;
    if (w->depth == MAX_DEPTH)
        return brn_fail(w->err, BRINE_LIMIT, "more than %d estimators inside each other",
                        MAX_DEPTH);
    w->depth++;
    brine_status status = walk_known(w, &place, class->as.global.name);
    w->depth--;
    return status;
}

/* ---- all ---- */

/* Models without names take the columns that the contract lists, in its order. */
static brine_status by_contract(struct walk *w, const struct brn_texts *order,
                                const struct brn_table *from, struct brn_table *ret_table)
{
    size_t *columns = BRN_NEW(w->arena, size_t, order->count + 1);
    if (!columns)
        return brn_fail_memory(w->err);
    for (size_t i = 0; i < order->count; i++) {
        columns[i] = find_column(from, brn_slice_of(order->at[i]));
        if (columns[i] == SIZE_MAX)
            return brn_fail(w->err, BRINE_INPUT, "the data have no column \"%s\"", order->at[i]);
    }
    return select_columns(from, columns, order->count, w->arena, ret_table)
               ? BRINE_OK
               : brn_fail_memory(w->err);
}

static brine_status join_truth(struct walk *w, const struct brn_fit_data *data)
{
    size_t train = (size_t)data->train->rows, test = (size_t)data->test->rows;
    if (!data->train_truth || !data->test_truth)
        return BRINE_OK;
    double *truth = BRN_NEW(w->arena, double, train + test + 1);
    if (!truth)
        return brn_fail_memory(w->err);
    memcpy(truth, data->train_truth, train * sizeof *truth);
    memcpy(truth + train, data->test_truth, test * sizeof *truth);
    w->truth = truth;
    return BRINE_OK;
}

brine_status brn_fit_examine(const struct brn_subject *subject, const struct brn_loading *loading,
                             const struct brn_fit_data *data, struct brn_arena *arena,
                             struct brn_fit_report *ret_report, brine_error *err)
{
    brine_error local;
    struct walk w = {subject, loading, arena, ret_report, err ? err : &local, NULL, 0};
    struct brn_fit_input input = {*data->train, *data->test};
    *ret_report = (struct brn_fit_report){0};
    BRN_TRY(join_truth(&w, data));
    if (!brn_model_has_names(subject->model) && data->feature_order->count) {
        BRN_TRY(by_contract(&w, data->feature_order, data->train, &input.train));
        BRN_TRY(by_contract(&w, data->feature_order, data->test, &input.test));
    }
    struct place root = {subject->file->graph.root, "", "", &input, NULL};
    if (!brn_model_has_names(subject->model) &&
        input.train.column_count != subject->feature_count) {
        root.input = NULL;
        root.why = "the model knows no names, and the contract lists no features in order";
    }
    return walk_part(&w, root);
}
