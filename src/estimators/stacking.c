/* SPDX-License-Identifier: Apache-2.0
 *
 * stacking.c - StackingClassifier and StackingRegressor: what several estimators answer is the
 * input of a last one.  sklearn/ensemble/_stacking.py. */
#include "estimators/shared_parts.h"

/* What one part adds to the last one's input. */
struct stacked {
    brine_method method;
    size_t skip, count;            /* columns of the method: those behind the first skip */
    struct brn_part_number number; /* of predict */
    const char *name;
};

struct stacking {
    struct brn_instances parts;
    struct brn_instance *last;
    struct brn_values methods;
    const struct brn_node *estimators, *classes;
    bool passthrough;

    struct stacked *stacked; /* by part */
    struct brn_dictionary *labels;
    int32_t *places; /* by class of the last one: which label */
    struct brn_schema *meta;
    const struct brn_schema *in; /* when its columns are passed on */
    int32_t *columns;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct stacking *m = me->self;
    return brn_parts_first(&m->parts);
}

/* ---- preparing ---- */

static brine_status find_method(struct brn_build *build, struct brn_value name,
                                brine_method *ret_method)
{
    static const brine_method known[] = {BRINE_METHOD_PREDICT_PROBA, BRINE_METHOD_DECISION_FUNCTION,
                                         BRINE_METHOD_PREDICT};
    for (size_t i = 0; name.kind == BRN_VALUE_TEXT && i < sizeof known / sizeof known[0]; i++)
        if (brn_slice_is(name.as.text, brine_method_name(known[i]))) {
            *ret_method = known[i];
            return BRINE_OK;
        }
    return brn_unsupported(build, "stack_method_", "names a method that is not known");
}

static brine_status read_entries(struct brn_build *build, struct stacking *m)
{
    size_t count = brn_node_count(m->estimators), at = 0;
    for (size_t i = 0; i < count && at < m->parts.count; i++) {
        const struct brn_node *entry = brn_node_item(m->estimators, i);
        struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
        if (brn_node_count(entry) != 2 || !name.p)
            return brn_ill_formed(build, "estimators", "entry %zu is no pair", i);
        if (brn_node_is_text(brn_node_item(entry, 1), "drop") ||
            brn_is(brn_node_item(entry, 1), BRN_NONE))
            continue;
        m->stacked[at].name = brn_arena_text(build->arena, name);
        if (!m->stacked[at++].name)
            return brn_fail_memory(build->err);
    }
    return at == m->parts.count
               ? BRINE_OK
               : brn_ill_formed(build, "estimators", "are not those of estimators_");
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct stacking *m = me->self;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    if (!m->last)
        return brn_ill_formed(build, "final_estimator_", "is None");
    if (m->methods.count != m->parts.count)
        return brn_ill_formed(build, "stack_method_", "has %zu names for %zu estimators",
                              m->methods.count, m->parts.count);
    m->stacked = BRN_BUILD_NEW(build, struct stacked, m->parts.count);
    if (!m->stacked)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(find_method(build, m->methods.at[i], &m->stacked[i].method));
    return read_entries(build, m);
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct stacking *m = me->self;
    if (brn_is(m->classes, BRN_LIST))
        return brn_unsupported(build, "classes_", "a stack of classifiers of several outputs");
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    return prepare(me, build);
}

/* ---- binding ---- */

/* _concatenate_predictions: of the probabilities of two classes only the second is passed on. */
static brine_status bind_stacked(struct brn_build *build, struct stacking *m, size_t i)
{
    struct stacked *s = &m->stacked[i];
    const struct brn_instance *part = m->parts.at[i];
    BRN_TRY(brn_part_needs(build, part, s->method));
    s->count = part->out[s->method]->count;
    if (!brn_part_gives_numbers(part, s->method))
        return brn_part_number(build, part, &s->number);
    if (s->method != BRINE_METHOD_PREDICT_PROBA || !m->labels || m->labels->count != 2)
        return BRINE_OK;
    s->skip = 1;
    if (s->count-- == 2)
        return BRINE_OK;
    return brn_ill_formed(build, "estimators_", "number %zu has other classes than classes_", i);
}

static const char *meta_name(struct brn_build *build, const struct brn_instance *me, size_t i,
                             size_t k)
{
    const struct stacking *m = me->self;
    const char *class_name = m->labels ? "stackingclassifier" : "stackingregressor";
    const struct stacked *s = &m->stacked[i];
    if (s->count == 1)
        return brn_arena_printf(build->arena, "%s_%s", class_name, s->name);
    return brn_arena_printf(build->arena, "%s_%s%zu", class_name, s->name, k);
}

static brine_status name_meta(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_schema *in, const char **names)
{
    const struct stacking *m = me->self;
    size_t at = 0;
    for (size_t i = 0; i < m->parts.count; i++)
        for (size_t k = 0; k < m->stacked[i].count; k++)
            if (!(names[at++] = meta_name(build, me, i, k)))
                return brn_fail_memory(build->err);
    for (size_t c = 0; m->passthrough && c < in->count; c++)
        names[at++] = brn_schema_name(in, c);
    return BRINE_OK;
}

/* Every part gives whole labels, and nothing stands beside them. */
static bool gives_integers(const struct stacking *m)
{
    for (size_t i = 0; i < m->parts.count; i++)
        if (!m->stacked[i].number.classes ||
            brn_part_classes(m->parts.at[i])->values[0].kind != BRN_VALUE_INT)
            return false;
    return !m->passthrough;
}

static brine_status bind_meta(struct brn_instance *me, const struct brn_schema *in,
                              struct brn_build *build)
{
    struct stacking *m = me->self;
    size_t count = m->passthrough ? in->count : 0;
    for (size_t i = 0; i < m->parts.count; i++) {
        BRN_TRY(bind_stacked(build, m, i));
        count += m->stacked[i].count;
    }
    if (m->passthrough) {
        m->in = in;
        BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    }
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    BRN_TRY(name_meta(build, me, in, names));
    m->meta = brn_schema_numbers(build->arena, count, names);
    if (!m->meta)
        return brn_fail_memory(build->err);
    m->meta->integer_bytes = gives_integers(m) ? 8 : 0;
    me->out[BRINE_METHOD_TRANSFORM] = m->meta;
    return BRINE_OK;
}

/* Labels that are passed on jump. */
static enum brn_equality equality_of_parts(const struct stacking *m)
{
    enum brn_equality weakest = BRN_EXACT;
    for (size_t i = 0; i < m->parts.count; i++) {
        enum brn_equality own = brn_equality_of(m->parts.at[i], m->stacked[i].method);
        weakest = brn_weaker(weakest, m->stacked[i].number.classes ? brn_jumping(own) : own);
    }
    return weakest;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct stacking *m = me->self;
    enum brn_equality parts = equality_of_parts(m);
    return method == BRINE_METHOD_TRANSFORM ? parts
                                            : brn_weaker(parts, brn_equality_of(m->last, method));
}

static brine_status bind_last(struct brn_instance *me, const struct brn_schema *in,
                              struct brn_build *build)
{
    struct stacking *m = me->self;
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    BRN_TRY(bind_meta(me, in, build));
    return brn_bind_given(build, m->last, m->meta, equality_of_parts(m));
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct stacking *m = me->self;
    BRN_TRY(bind_last(me, in, build));
    BRN_TRY(brn_part_needs(build, m->last, BRINE_METHOD_PREDICT));
    me->out[BRINE_METHOD_PREDICT] = m->last->out[BRINE_METHOD_PREDICT];
    return BRINE_OK;
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct stacking *m = me->self;
    size_t classes = m->labels->count;
    const struct brn_instances last = {&m->last, 1};
    BRN_TRY(bind_last(me, in, build));
    BRN_TRY(brn_part_places(build, m->last, classes, &m->places));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    if (brn_parts_offer(&last, BRINE_METHOD_PREDICT_PROBA, classes))
        BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels));
    if (brn_parts_offer(&last, BRINE_METHOD_DECISION_FUNCTION, classes == 2 ? 1 : classes))
        BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_DECISION_FUNCTION, m->labels));
    return BRINE_OK;
}

/* ---- running ---- */

static brine_status run_stacked(const struct stacking *m, size_t i, const struct brn_tile *in,
                                double *to, size_t stride, bool *ret_single, struct brn_work *work)
{
    const struct stacked *s = &m->stacked[i];
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->parts.at[i], s->method, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++)
        if (s->number.classes)
            to[r * stride] = brn_part_value(&s->number, &tile, r);
        else
            memcpy(to + r * stride, tile.numbers + r * tile.number_stride + s->skip,
                   s->count * sizeof *to);
    *ret_single = tile.single;
    brn_work_release(work, mark);
    return BRINE_OK;
}

static void pass_input(const struct stacking *m, const struct brn_tile *in, double *to,
                       size_t stride)
{
    for (size_t r = 0; r < in->rows; r++)
        for (size_t c = 0; c < m->in->count; c++)
            to[r * stride + c] = in->numbers[r * in->number_stride + (size_t)m->columns[c]];
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct stacking *m = me->self;
    size_t at = 0;
    bool all = !m->passthrough || in->single, single;
    for (size_t i = 0; i < m->parts.count; at += m->stacked[i++].count) {
        BRN_TRY(run_stacked(m, i, in, out->numbers + at, out->number_stride, &single, work));
        all = all && single;
    }
    if (m->passthrough)
        pass_input(m, in, out->numbers + at, out->number_stride);
    out->single = all;
    return BRINE_OK;
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    const struct stacking *m = me->self;
    struct brn_tile meta;
    if (method == BRINE_METHOD_TRANSFORM)
        return transform(me, in, out, work);
    BRN_TRY(brn_work_tile(work, m->meta, in, &meta));
    BRN_TRY(transform(me, in, &meta, work));
    BRN_TRY(brn_run_child(m->last, method, &meta, out, work));
    for (size_t r = 0; method == BRINE_METHOD_PREDICT && m->places && r < in->rows; r++) {
        int32_t *code = &out->codes[r * out->code_stride];
        *code = m->places[*code];
    }
    return BRINE_OK;
}

/* ---- the family ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct stacking, parts, "estimators_", CHILDREN, "the fitted estimators"),
    BRN_FIELD(struct stacking, last, "final_estimator_", CHILD, "answers from their answers"),
    BRN_FIELD(struct stacking, methods, "stack_method_", VALUES, "what each of them is asked"),
    BRN_FIELD(struct stacking, estimators, "estimators", NODE,
              "their names, and which were dropped"),
    BRN_FIELD(struct stacking, passthrough, "passthrough", BOOL,
              "whether the last one gets the input, too"),
    BRN_FIELD_IGNORE("final_estimator", "the unfitted template of final_estimator_"),
    BRN_FIELD_IGNORE("cv", "folds of fit"),
    BRN_FIELD_IGNORE("stack_method", "stack_method_ is what came of it"),
    BRN_FIELD_IGNORE("named_estimators_", "estimators_ by name"),
    BRN_FIELD_IGNORE("_n_feature_outs", "how many columns each estimator gives"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct stacking, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_IGNORE("_le", "classes_ are its labels, until 1.1"),
    BRN_FIELD_IGNORE("_label_encoder", "classes_ are its labels, since 1.2"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._stacking", NULL};

#define STACK(class_name, its_fields, its_prepare, its_bind)                                    \
    {                                                                                           \
        .name = class_name, .since = 2200, .modules = modules, .size = sizeof(struct stacking), \
        .fields = its_fields, .more_fields = common_fields, .prepare = its_prepare,             \
        .bind = its_bind, .input_of = first_part, .takes_any_width = true, .run = run,          \
        .equality = equality,                                                                   \
    }

static const struct brn_estimator stacking_classifier =
    STACK("StackingClassifier", classifier_fields, prepare_classifier, bind_classifier);
static const struct brn_estimator stacking_regressor =
    STACK("StackingRegressor", regressor_fields, prepare, bind_regressor);

static const struct brn_estimator *const estimators[] = {&stacking_classifier, &stacking_regressor,
                                                         NULL};

const struct brn_family brn_family_stacking = {estimators};
