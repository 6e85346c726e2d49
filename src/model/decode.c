/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.c - from the inert object of an estimator to its struct, by its field table. */
#include "model/decode.h"

#include "model/decode_version.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { MAX_NESTING = 200 };

static brine_status fail_at(const struct brn_build *build, brine_status status,
                            const char *attribute, const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

static brine_status fail_at(const struct brn_build *build, brine_status status,
                            const char *attribute, const char *format, va_list arguments)
{
    char sentence[300];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    brn_fail(build->err, status, "%s", sentence);
    brn_error_within(build->err, "%s", attribute);
    return status;
}

brine_status brn_ill_formed(const struct brn_build *build, const char *attribute,
                            const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail_at(build, BRINE_MODEL, attribute, format, arguments);
    va_end(arguments);
    return BRINE_MODEL;
}

brine_status brn_unsupported(const struct brn_build *build, const char *attribute,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail_at(build, BRINE_UNSUPPORTED, attribute, format, arguments);
    va_end(arguments);
    return BRINE_UNSUPPORTED;
}

/* ---- proofs ---- */

static void note_unproved(struct brn_build *build, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void note_unproved(struct brn_build *build, const char *path, const char *format, ...)
{
    if (build->unproved)
        return;
    build->unproved = true;
    char sentence[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    brn_fail(&build->first_unproved, BRINE_UNPROVED, "%s", sentence);
    brn_error_within(&build->first_unproved, "%s", path);
}

static void check_proof(struct brn_build *build, const struct brn_instance *me)
{
    char name[128];
    brn_proof_name(me->estimator, name, sizeof name);
    if (!brn_registry_proof(build->registry, name, me->version))
        note_unproved(build, me->path, "%s written by %s%s %s is not among what was proved",
                      me->estimator->name, brn_library_of(me->estimator),
                      me->estimator->is_beside ? " beside scikit-learn" : "", me->version_text);
}

/* ---- fields ---- */

/* Attributes that any estimator may have, read elsewhere or without effect on predictions. */
static const struct brn_field common_fields[] = {
    BRN_FIELD_IGNORE("_sklearn_version", "read first of all"),
    BRN_FIELD_IGNORE("n_features_in_", "read for every estimator"),
    BRN_FIELD_IGNORE("feature_names_in_", "read for every estimator"),
    BRN_FIELD_IGNORE("_sklearn_output_config",
                     "set_output: the container of transform, not its values"),
    BRN_FIELD_IGNORE("_metadata_requests", "routing of fit parameters"),
    BRN_FIELD_IGNORE("_mlflow_run_id", "put there by MLflow"),
    BRN_FIELD_IGNORE("pmml_options_", "put there by sklearn2pmml, for its document"),
    BRN_FIELD_IGNORE("pmml_customizations_", "put there by sklearn2pmml, for its document"),
    BRN_FIELD_IGNORE("pmml_feature_importances_", "put there by sklearn2pmml, for its document"),
    BRN_FIELD_IGNORE("pmml_classes_", "put there by sklearn2pmml, for its document"),
    BRN_FIELD_IGNORE("_doc_link_module", "notebook display"),
    BRN_FIELD_IGNORE("_doc_link_template", "notebook display"),
    BRN_FIELD_IGNORE("_doc_link_url_param_generator", "notebook display"),
    BRN_FIELD_END,
};

static const struct brn_field *find_in(const struct brn_field *fields, struct brn_slice attribute,
                                       brn_version version)
{
    for (const struct brn_field *f = fields; f && f->attribute; f++)
        if (brn_version_within(version, f->since, f->until) &&
            brn_slice_is(attribute, f->attribute))
            return f;
    return NULL;
}

static const struct brn_field *find_field(const struct brn_instance *me, struct brn_slice attribute)
{
    const struct brn_field *f = find_in(me->estimator->fields, attribute, me->version);
    if (!f)
        f = find_in(me->estimator->more_fields, attribute, me->version);
    return f ? f : find_in(common_fields, attribute, me->version);
}

static brine_status decode_bool(struct brn_build *build, const struct brn_node *node, bool *ret)
{
    struct brn_value value;
    BRN_TRY(brn_decode_value(build, node, &value));
    if (value.kind != BRN_VALUE_BOOL)
        return brn_fail(build->err, BRINE_MODEL, "is no True or False");
    *ret = value.as.boolean;
    return BRINE_OK;
}

static brine_status decode_child(struct brn_build *build, const struct brn_instance *me,
                                 const struct brn_field *f, const struct brn_node *node)
{
    struct brn_instance **ret = (struct brn_instance **)((char *)me->self + f->offset);
    if (brn_is(node, BRN_NONE))
        return BRINE_OK;
    return brn_decode_child(build, me, node, ret, "%s", f->attribute);
}

static brine_status decode_optional_text(struct brn_build *build, const struct brn_node *node,
                                         const char **ret)
{
    if (brn_is(node, BRN_NONE))
        return BRINE_OK;
    return brn_decode_text(build, node, ret);
}

/* The items of a list, a tuple or an object array. */
static brine_status items_of(struct brn_build *build, const struct brn_node *node,
                             const struct brn_node *const **ret_nodes, size_t *ret_count)
{
    struct brn_array array;
    if (brn_is(node, BRN_LIST) || brn_is(node, BRN_TUPLE)) {
        *ret_nodes = node->as.items.at;
        *ret_count = node->as.items.count;
        return BRINE_OK;
    }
    if (!brn_node_is_array(node))
        return brn_fail(build->err, BRINE_MODEL, "is no list of estimators");
    BRN_TRY(brn_node_array(node, build->scratch, &array, build->err));
    if (array.dtype.kind != 'O')
        return brn_fail(build->err, BRINE_MODEL, "is an array of no objects");
    *ret_nodes = array.objects;
    *ret_count = array.count;
    return BRINE_OK;
}

static brine_status decode_children(struct brn_build *build, const struct brn_instance *me,
                                    const struct brn_field *f, const struct brn_node *node)
{
    struct brn_instances *ret = (struct brn_instances *)((char *)me->self + f->offset);
    const struct brn_node *const *nodes;
    size_t count;
    brine_status status = items_of(build, node, &nodes, &count);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "%s", f->attribute);
        return status;
    }
    ret->at = BRN_BUILD_NEW(build, struct brn_instance *, count);
    if (!ret->at)
        return brn_fail_memory(build->err);
    ret->count = count;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(brn_decode_child(build, me, nodes[i], &ret->at[i], "%s[%zu]", f->attribute, i));
    return BRINE_OK;
}

static brine_status decode_plain(struct brn_build *build, enum brn_field_kind kind, void *to,
                                 const struct brn_node *node)
{
    switch (kind) {
    case BRN_FIELD_BOOL:
        return decode_bool(build, node, to);
    case BRN_FIELD_INT:
        return brn_decode_int(build, node, to);
    case BRN_FIELD_NUMBER:
        return brn_decode_number(build, node, to);
    case BRN_FIELD_TEXT:
        return decode_optional_text(build, node, to);
    case BRN_FIELD_MATRIX:
        return brn_decode_matrix(build, node, to);
    case BRN_FIELD_VALUES:
        return brn_decode_values(build, node, to);
    case BRN_FIELD_NODE:
        *(const struct brn_node **)to = node;
        return BRINE_OK;
    case BRN_FIELD_IGNORED:
    case BRN_FIELD_CHILD:
    case BRN_FIELD_CHILDREN:
        break;
    }
    return BRINE_OK;
}

/* Errors of a plain field get the attribute in front; those of a child have its path already. */
static brine_status decode_field(struct brn_build *build, const struct brn_instance *me,
                                 const struct brn_field *f, const struct brn_node *node)
{
    if (f->kind == BRN_FIELD_CHILD)
        return decode_child(build, me, f, node);
    if (f->kind == BRN_FIELD_CHILDREN)
        return decode_children(build, me, f, node);
    brine_status status = decode_plain(build, f->kind, (char *)me->self + f->offset, node);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", f->attribute);
    return status;
}

static brine_status decode_attributes(struct brn_build *build, const struct brn_instance *me,
                                      const struct brn_node *state)
{
    for (size_t i = 0; i + 1 < state->as.items.count; i += 2) {
        struct brn_slice key = brn_node_text(state->as.items.at[i]);
        const struct brn_field *f = key.p ? find_field(me, key) : NULL;
        if (!f) {
            note_unproved(build, me->path, "%s has an attribute that is not known here: %.*s",
                          me->estimator->name, BRN_S(key));
            continue;
        }
        BRN_TRY(decode_field(build, me, f, state->as.items.at[i + 1]));
    }
    return BRINE_OK;
}

static brine_status check_present(struct brn_build *build, const struct brn_instance *me,
                                  const struct brn_field *fields, const struct brn_node *state)
{
    for (const struct brn_field *f = fields; f && f->attribute; f++) {
        bool due = !f->optional && brn_version_within(me->version, f->since, f->until);
        if (due && brn_node_get(state, f->attribute)->kind == BRN_NIL)
            return brn_ill_formed(build, f->attribute,
                                  "is missing: this %s was not fitted, or not written by %s %s",
                                  me->estimator->name, brn_library_of(me->estimator),
                                  me->version_text ? me->version_text : "");
    }
    return BRINE_OK;
}

/* ---- what every estimator has ---- */

static brine_status read_feature_names(struct brn_build *build, struct brn_instance *me)
{
    const struct brn_node *node = brn_node_attribute(me->node, "feature_names_in_");
    struct brn_values values = {0};
    if (node->kind == BRN_NIL)
        return BRINE_OK;
    BRN_TRY(brn_decode_values(build, node, &values));
    if (me->feature_count && values.count != me->feature_count)
        return brn_ill_formed(build, "feature_names_in_", "has %zu names for %zu features",
                              values.count, me->feature_count);
    const char **names = BRN_BUILD_NEW(build, const char *, values.count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < values.count; i++)
        if (!(names[i] = brn_value_text(values.at[i], build->arena)))
            return brn_fail_memory(build->err);
    me->feature_names = names;
    me->feature_count = values.count;
    return BRINE_OK;
}

static brine_status read_features(struct brn_build *build, struct brn_instance *me)
{
    enum { MOST_FEATURES = 1 << 24 };
    const struct brn_node *node = brn_node_attribute(me->node, "n_features_in_");
    int64_t count = 0;
    if (node->kind != BRN_NIL && node->kind != BRN_NONE) {
        BRN_TRY(brn_decode_int(build, node, &count));
        if (count < 0 || count > MOST_FEATURES)
            return brn_ill_formed(build, "n_features_in_", "is %lld", (long long)count);
    }
    me->feature_count = (size_t)count;
    return read_feature_names(build, me);
}

/* ---- objects ---- */

static brine_status find_estimator(struct brn_build *build, const struct brn_node *node,
                                   const struct brn_estimator **ret)
{
    const struct brn_node *class = brn_node_class(node);
    char what[160];
    brn_node_describe(node, what, sizeof what);
    if (class->kind == BRN_GLOBAL)
        *ret = brn_registry_find(build->registry, class->as.global.module, class->as.global.name);
    if (*ret)
        return BRINE_OK;
    return brn_fail(build->err, BRINE_UNSUPPORTED, "%s is no estimator that brine knows", what);
}

/* Pickles older than Python 3.11 have no state for an object without attributes. */
static bool may_be_bare(const struct brn_instance *me)
{
    return me->estimator->takes_any_width && !me->estimator->fields[0].attribute &&
           brn_is(me->node, BRN_OBJECT) && me->node->as.object->states.count == 0;
}

static brine_status read_state(struct brn_build *build, struct brn_instance *me)
{
    const struct brn_node *state = brn_node_state(me->node);
    if (state->kind != BRN_DICT && may_be_bare(me))
        return BRINE_OK;
    if (state->kind != BRN_DICT)
        return brn_fail(build->err, BRINE_MODEL, "has no attributes: not a fitted estimator");
    BRN_TRY(check_present(build, me, me->estimator->fields, state));
    BRN_TRY(check_present(build, me, me->estimator->more_fields, state));
    BRN_TRY(read_features(build, me));
    build->around = me->version_text;
    return decode_attributes(build, me, state);
}

static brine_status fill(struct brn_build *build, struct brn_instance *me)
{
    if (!me->estimator->library || me->estimator->is_beside)
        BRN_TRY(brn_decode_version(build, me));
    BRN_TRY(read_state(build, me));
    if (!me->estimator->library)
        check_proof(build, me);
    if (me->estimator->prepare)
        BRN_TRY(me->estimator->prepare(me, build));
    if (me->estimator->library)
        check_proof(build, me);
    return BRINE_OK;
}

brine_status brn_decode_object(struct brn_build *build, const struct brn_node *node,
                               const char *path, struct brn_instance **ret_instance)
{
    const struct brn_estimator *estimator = NULL;
    BRN_TRY(find_estimator(build, node, &estimator));
    struct brn_instance *me = BRN_BUILD_NEW(build, struct brn_instance, 1);
    void *self = brn_arena_alloc(build->arena, 1, estimator->size, _Alignof(max_align_t));
    if (!me || !self)
        return brn_fail_memory(build->err);
    if (!BRN_ARENA_RESERVE(build->arena, build->instances->at, build->instances->count,
                           build->instances->capacity))
        return brn_fail_memory(build->err);
    build->instances->at[build->instances->count++] = me;
    *me = (struct brn_instance){
        .estimator = estimator, .self = self, .node = node, .path = path, .place = ""};
    if (build->depth >= MAX_NESTING)
        return brn_fail(build->err, BRINE_LIMIT, "estimators are nested more than %d deep",
                        MAX_NESTING);
    const char *around = build->around;
    build->depth++;
    brine_status status = fill(build, me);
    build->depth--;
    build->around = around;
    if (status == BRINE_OK)
        *ret_instance = me;
    return status;
}

static const char *join_paths(struct brn_build *build, const char *parent, const char *child)
{
    bool dot = parent[0] && (isalnum((unsigned char)child[0]) || child[0] == '_');
    return brn_arena_printf(build->arena, "%s%s%s", parent, dot ? "." : "", child);
}

brine_status brn_decode_child(struct brn_build *build, const struct brn_instance *parent,
                              const struct brn_node *node, struct brn_instance **ret_child,
                              const char *path, ...)
{
    char own[128];
    va_list arguments;
    va_start(arguments, path);
    vsnprintf(own, sizeof own, path, arguments);
    va_end(arguments);
    const char *whole = join_paths(build, parent->path, own);
    if (!whole)
        return brn_fail_memory(build->err);
    brine_status status = brn_decode_object(build, node, whole, ret_child);
    if (status == BRINE_OK)
        (*ret_child)->place = whole + strlen(whole) - strlen(own);
    else
        brn_error_within(build->err, "%s", own);
    return status;
}

/* What prepare() checked against n_features_in_ must hold for the columns that come. */
static brine_status check_width(const struct brn_build *build, const struct brn_instance *me,
                                const struct brn_schema *in)
{
    if (me->feature_count == in->count ||
        (me->feature_count == 0 && me->estimator->takes_any_width) ||
        me->estimator->selects_by_name)
        return BRINE_OK;
    if (me->feature_count == 0)
        return brn_ill_formed(build, "n_features_in_", "is missing: %s gets %zu features",
                              me->estimator->name, in->count);
    return brn_ill_formed(build, "", "%s expects %zu features, the step before gives %zu",
                          me->estimator->name, me->feature_count, in->count);
}

/* A step that takes numbers only behind a vectorizer. */
static brine_status expand_input(const struct brn_build *build, struct brn_instance *me,
                                 const struct brn_schema **in)
{
    enum { MOST_COLUMNS = 1 << 20 };
    if ((*in)->count > MOST_COLUMNS)
        return brn_unsupported(build, "", "%s gets %zu columns, mostly 0; it takes %d of these",
                               me->estimator->name, (*in)->count, MOST_COLUMNS);
    me->expanded = brn_schema_expanded(build->arena, *in);
    *in = me->expanded;
    return me->expanded ? BRINE_OK : brn_fail_memory(build->err);
}

/* utils/_set_output.py: data frames take no sparse matrix; every row fails. */
static brine_status check_container(const struct brn_build *build, const struct brn_instance *me)
{
    const struct brn_schema *out = me->out[BRINE_METHOD_TRANSFORM];
    const struct brn_node *wanted =
        brn_node_get(brn_node_attribute(me->node, "_sklearn_output_config"), "transform");
    if (!out || !(out->is_sparse || out->is_compressed) ||
        !(brn_node_is_text(wanted, "pandas") || brn_node_is_text(wanted, "polars")))
        return BRINE_OK;
    return brn_unsupported(build, "_sklearn_output_config",
                           "scikit-learn cannot make a data frame of sparse rows");
}

brine_status brn_bind_child(struct brn_build *build, struct brn_instance *child,
                            const struct brn_schema *in)
{
    brine_status status = check_width(build, child, in);
    child->given = build->given;
    if (status == BRINE_OK && in->is_compressed && !child->estimator->takes_compressed)
        status = expand_input(build, child, &in);
    if (status == BRINE_OK)
        status = child->estimator->bind(child, in, build);
    if (status == BRINE_OK)
        status = check_container(build, child);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", child->place);
    return status;
}

brine_status brn_bind_given(struct brn_build *build, struct brn_instance *child,
                            const struct brn_schema *in, enum brn_equality given)
{
    enum brn_equality outside = build->given;
    build->given = brn_weaker(outside, given);
    brine_status status = brn_bind_child(build, child, in);
    build->given = outside;
    return status;
}

static brine_status bind_inverse(struct brn_build *build, struct brn_instance *child,
                                 const struct brn_schema *in)
{
    if (child->estimator->bind_backwards)
        return child->estimator->bind_backwards(child, in, build);
    BRN_TRY(check_width(build, child, in));
    return child->estimator->bind(child, in, build);
}

brine_status brn_bind_backwards(struct brn_build *build, struct brn_instance *child,
                                const struct brn_schema *in)
{
    child->given = build->given;
    brine_status status = bind_inverse(build, child, in);
    if (status == BRINE_OK && !child->out[BRINE_METHOD_INVERSE_TRANSFORM])
        status = brn_unsupported(build, "", "%s has no inverse_transform that brine can compute",
                                 child->estimator->name);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", child->place);
    return status;
}
