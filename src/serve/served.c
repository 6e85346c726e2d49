/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/served.h"

#include <math.h>

/* ---- labels ---- */

/* The datatype that holds every label as it is; BYTES, and thus str(), when none does. */
static const struct brn_datatype *label_datatype(const struct brn_dictionary *const *labels,
                                                 size_t width)
{
    static const char *const names[] = {
        [BRN_VALUE_BOOL] = "BOOL", [BRN_VALUE_INT] = "INT64", [BRN_VALUE_FLOAT] = "FP64"};
    enum brn_value_kind kind = BRN_VALUE_TEXT;
    bool first = true, same = true;
    for (size_t c = 0; c < width; c++)
        for (size_t i = 0; i < labels[c]->count; i++, first = false) {
            same = same && (first || labels[c]->values[i].kind == kind);
            kind = labels[c]->values[i].kind;
        }
    bool is_plain =
        same && (kind == BRN_VALUE_BOOL || kind == BRN_VALUE_INT || kind == BRN_VALUE_FLOAT);
    return brn_datatype_find(brn_slice_of(is_plain ? names[kind] : "BYTES"));
}

static bool fill_labels(struct brn_label_set *set, const struct brn_dictionary *dictionary,
                        struct brn_arena *arena)
{
    struct brn_slice *texts = BRN_NEW(arena, struct brn_slice, dictionary->count + 1);
    for (size_t i = 0; texts && i < dictionary->count; i++) {
        const char *text = brn_value_text(dictionary->values[i], arena);
        if (!text)
            return false;
        texts[i] = brn_slice_of(text);
    }
    *set = (struct brn_label_set){dictionary->count, dictionary->values, texts};
    return texts != NULL;
}

static const struct brn_label_set *make_labels(const struct brn_outputs *outputs,
                                               struct brn_arena *arena)
{
    struct brn_label_set *sets = BRN_NEW(arena, struct brn_label_set, outputs->width + 1);
    for (size_t c = 0; sets && c < outputs->width; c++)
        if (!fill_labels(&sets[c], outputs->labels[c], arena))
            return NULL;
    return sets;
}

/* ---- outputs ---- */

static size_t labelled_columns(const struct brn_outputs *o)
{
    size_t count = 0;
    for (size_t c = 0; c < o->width; c++)
        count += o->labels[c] != NULL;
    return count;
}

static brine_status add_output(struct brn_served *s, brine_method method,
                               const struct brn_outputs *o, bool is_labels, brine_error *err)
{
    const char *plain = o->is_integer ? "INT64" : "FP64";
    struct brn_served_output output = {
        .name = brine_method_name(method),
        .method = method,
        .datatype = is_labels ? label_datatype(o->labels, o->width)
                              : brn_datatype_find(brn_slice_of(plain)),
        .width = o->width,
        .is_vector = o->is_vector,
        .is_default = s->output_count == 0,
        .labels = is_labels ? make_labels(o, &s->arena) : NULL,
    };
    if (is_labels && !output.labels)
        return brn_fail_memory(err);
    s->outputs[s->output_count++] = output;
    return BRINE_OK;
}

/* Columns of which some are texts and some numbers make no tensor: transform with text passed
 * through is not offered. */
static brine_status add_method(struct brn_served *s, brine_method method, brine_error *err)
{
    const struct brn_outputs *o = brn_model_outputs(s->model, method);
    size_t labelled = o ? labelled_columns(o) : 0;
    if (!o || (labelled != 0 && labelled != o->width))
        return BRINE_OK;
    return add_output(s, method, o, labelled > 0, err);
}

static const struct brn_label_set *classes_of(const struct brn_served *s)
{
    const struct brn_served_output *o = brn_served_find(s, brn_slice_of("predict"));
    return o && o->labels && o->width == 1 ? &o->labels[0] : NULL;
}

static brine_status find_positive(struct brn_served *s, struct brn_slice positive,
                                  const struct brn_label_set *classes, brine_error *err)
{
    for (size_t i = 0; i < classes->count; i++)
        if (brn_slice_equal(classes->texts[i], positive)) {
            s->positive = i;
            s->negative = i == 0 ? 1 : 0;
            return BRINE_OK;
        }
    return brn_fail(err, BRINE_USAGE, "the contract's positive class \"%.*s\" is none of the model",
                    BRN_S(positive));
}

static void add_decision_outputs(struct brn_served *s, const struct brn_label_set *classes)
{
    for (size_t i = 0; i < s->output_count; i++)
        s->outputs[i].is_default = false;
    s->outputs[s->output_count++] = (struct brn_served_output){
        .name = "probability",
        .kind = BRN_SERVED_PROBABILITY,
        .method = BRINE_METHOD_PREDICT_PROBA,
        .datatype = brn_datatype_find(brn_slice_of("FP64")),
        .width = 1,
        .is_vector = true,
        .is_default = true,
    };
    if (isnan(s->threshold) || classes->count != 2)
        return;
    s->outputs[s->output_count++] = (struct brn_served_output){
        .name = "decision",
        .kind = BRN_SERVED_DECISION,
        .method = BRINE_METHOD_PREDICT_PROBA,
        .datatype = brn_datatype_find(brn_slice_of("BYTES")),
        .width = 1,
        .is_vector = true,
        .is_default = true,
        .labels = classes,
    };
}

static brine_status add_decision(struct brn_served *s, const struct brn_served_terms *terms,
                                 brine_error *err)
{
    const struct brn_label_set *classes = classes_of(s);
    if (!terms->positive.p || !classes || !brn_served_find(s, brn_slice_of("predict_proba")))
        return BRINE_OK; /* no probabilities, no decision: the contract's checks say so */
    BRN_TRY(find_positive(s, terms->positive, classes, err));
    s->threshold = terms->threshold;
    add_decision_outputs(s, classes);
    return BRINE_OK;
}

static const char *const *model_names(struct brn_served *s)
{
    const char **names = BRN_NEW(&s->arena, const char *, s->feature_count + 1);
    for (size_t i = 0; names && i < s->feature_count; i++)
        names[i] = s->features[i].name;
    return names;
}

static brine_status name_features(struct brn_served *s, const struct brn_served_terms *terms,
                                  brine_error *err)
{
    s->features = brn_model_features(s->model, &s->feature_count);
    s->has_names = brn_model_has_names(s->model);
    bool by_contract =
        !s->has_names && terms && terms->features && terms->feature_count == s->feature_count;
    s->names = by_contract ? terms->features : model_names(s);
    s->has_names = s->has_names || by_contract;
    if (!s->names)
        return brn_fail_memory(err);
    brn_map_init(&s->by_name, &s->arena);
    for (size_t i = 0; i < s->feature_count; i++)
        if (brn_map_add(&s->by_name, brn_slice_of(s->names[i])) != i)
            return brn_fail(err, BRINE_MODEL, "two columns of the model are named \"%s\"",
                            s->names[i]);
    return BRINE_OK;
}

static brine_status fill(struct brn_served *s, const char *name, const char *version,
                         const struct brn_served_terms *terms, brine_error *err)
{
    s->name = brn_arena_text(&s->arena, brn_slice_of(name));
    s->version = brn_arena_text(&s->arena, brn_slice_of(version));
    if (!s->name || !s->version)
        return brn_fail_memory(err);
    s->contract = terms ? terms->contract : NULL;
    BRN_TRY(name_features(s, terms, err));
    for (int m = 0; m < BRINE_METHOD_COUNT; m++)
        BRN_TRY(add_method(s, (brine_method)m, err));
    return terms ? add_decision(s, terms, err) : BRINE_OK;
}

brine_status brn_served_init(struct brn_served *served, brine_model *model, const char *name,
                             const char *version, const struct brn_served_terms *terms,
                             brine_error *err)
{
    *served = (struct brn_served){.threshold = (double)NAN};
    brn_arena_init(&served->arena, 0);
    served->model = brine_model_ref(model);
    brine_status status = fill(served, name, version, terms, err);
    if (status != BRINE_OK)
        brn_served_free(served);
    return status;
}

void brn_served_free(struct brn_served *served)
{
    served->model = brine_model_unref(served->model);
    brn_arena_free(&served->arena);
}

const struct brn_served_output *brn_served_find(const struct brn_served *served,
                                                struct brn_slice name)
{
    bool first_default = brn_slice_is(name, "output-0");
    for (size_t i = 0; i < served->output_count; i++)
        if (first_default ? served->outputs[i].is_default
                          : brn_slice_is(name, served->outputs[i].name))
            return &served->outputs[i];
    return NULL;
}

const char *brn_feature_datatype(const struct brn_feature *feature)
{
    const struct brn_dictionary *d = feature->categories;
    for (size_t i = 0; feature->as_text && d && i < d->count; i++)
        if (d->values[i].kind == BRN_VALUE_TEXT)
            return "BYTES";
    return "FP64";
}
