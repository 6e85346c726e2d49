/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_union.h"

/* dtype=[numpy.float64], and force_all_finite=False (ensure_all_finite since 1.6). */
static bool is_float64_check(const struct brn_node *arguments)
{
    const struct brn_node *dtype = brn_node_item(brn_node_get(arguments, "dtype"), 0);
    const struct brn_node *finite = brn_node_get(arguments, "ensure_all_finite");
    if (finite->kind == BRN_NIL)
        finite = brn_node_get(arguments, "force_all_finite");
    return brn_node_count(arguments) == 2 && brn_node_is_global(dtype, "numpy", "float64") &&
           brn_is(finite, BRN_BOOL) && !finite->as.boolean;
}

/* functools.partial, or dill's name for it. */
static bool is_partial(const struct brn_node *callable)
{
    if (brn_node_is_global(callable, "functools", "partial"))
        return true;
    return brn_is(callable, BRN_OBJECT) &&
           brn_node_is_global(callable->as.object->callable, "dill._dill", "_load_type") &&
           brn_node_is_text(brn_node_item(callable->as.object->args, 0), "PartialType");
}

/* functools.partial(check_array, …) as HistGradientBoosting* put it in front of their numbers
 * since 1.4: it only checks that they are numbers, which whoever takes them does as well. */
static bool is_number_check(const struct brn_node *func)
{
    if (!brn_is(func, BRN_OBJECT) || func->as.object->states.count != 1 ||
        !is_partial(func->as.object->callable))
        return false;
    const struct brn_node *state =
        func->as.object->states.at[0]; /* function, arguments, keywords, dict */
    return brn_node_count(state) == 4 && brn_node_count(brn_node_item(state, 1)) == 0 &&
           brn_node_is_global(brn_node_item(state, 0), "sklearn.utils.validation", "check_array") &&
           is_float64_check(brn_node_item(state, 2));
}

bool brn_is_passthrough(const struct brn_node *node)
{
    if (brn_node_is_text(node, "passthrough"))
        return true;
    const struct brn_node *func = brn_node_attribute(node, "func");
    return brn_node_is_global(brn_node_class(node), "sklearn.preprocessing._function_transformer",
                              "FunctionTransformer") &&
           (brn_is(func, BRN_NONE) || is_number_check(func));
}

brine_status brn_union_weight(struct brn_build *build, const struct brn_node *weights,
                              struct brn_slice name, double *ret_weight)
{
    *ret_weight = 1;
    for (size_t i = 0; brn_is(weights, BRN_DICT) && i + 1 < weights->as.items.count; i += 2)
        if (brn_slice_equal(brn_node_text(weights->as.items.at[i]), name))
            return brn_decode_number(build, weights->as.items.at[i + 1], ret_weight);
    return BRINE_OK;
}

static brine_status bind_part(struct brn_union_part *part, struct brn_build *build)
{
    part->out = part->in;
    if (part->transformer) {
        BRN_TRY(brn_bind_child(build, part->transformer, part->in));
        part->out = part->transformer->out[BRINE_METHOD_TRANSFORM];
        if (!part->out)
            return brn_fail(build->err, BRINE_MODEL, "\"%s\" has no transform", part->name);
    }
    part->count = part->out->count;
    return BRINE_OK;
}

static const char *output_name(const struct brn_union *u, const struct brn_union_part *part,
                               size_t i, struct brn_build *build)
{
    const char *own = brn_schema_name(part->out, i);
    if (!own || !u->prefix_names)
        return own;
    return brn_arena_printf(build->arena, "%s__%s", part->name, own);
}

/* A weight turns what it multiplies into numbers. */
static bool is_passed(const struct brn_union_part *part)
{
    return !part->transformer && part->weight == 1;
}

static brine_status name_part(const struct brn_union *u, const struct brn_union_part *part,
                              size_t first, const char **names, struct brn_build *build)
{
    for (size_t i = 0; i < part->count; i++) {
        names[first + i] = output_name(u, part, i, build);
        if (brn_schema_name(part->out, i) && !names[first + i])
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

/* What the transformer only passes on stays without form until somebody asks for one. */
static void place_origin(const struct brn_union_part *part, struct brn_slot *own,
                         struct brn_slot *slot)
{
    slot->number = -1;
    slot->origin = own;
    slot->reserved_number = part->first_number + own->reserved_number;
    slot->reserved_code = part->first_code + own->reserved_code;
    slot->reserved_document = part->first_document + own->reserved_document;
}

/* The places of a transformer's outputs follow those of the parts before it.  A weight and a sparse
 * matrix want numbers. */
static void place_outputs(const struct brn_union_part *part, struct brn_schema *out, size_t first,
                          bool sparse)
{
    bool as_numbers = sparse || part->weight != 1;
    for (size_t i = 0; i < part->count; i++) {
        struct brn_slot *own = part->out->slots[i], *slot = out->slots[first + i];
        slot->number = -1;
        slot->numbers_are = own->numbers_are;
        if (own->number >= 0 || (as_numbers && brn_schema_number(part->out, i) >= 0)) {
            slot->number = part->first_number + own->number;
        } else if (own->document >= 0 && own->derived != BRN_DERIVED_DOCUMENT) {
            slot->document = part->first_document + own->document;
        } else if (own->code >= 0) {
            slot->code = part->first_code + own->code;
            slot->dictionary = own->dictionary;
        } else if (own->origin) {
            place_origin(part, own, slot);
        }
    }
}

/* Columns that are only passed on get a number's place each, and a form when somebody asks. */
static brine_status place_passed(struct brn_union_part *part, struct brn_schema *out, size_t first,
                                 bool sparse, struct brn_build *build)
{
    size_t *own = BRN_BUILD_NEW(build, size_t, part->count);
    if (!own)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < part->count; i++) {
        own[i] = first + i;
        out->slots[own[i]]->number = part->first_number + (int32_t)i;
        if (is_passed(part) && !sparse)
            brn_schema_pass(out, own[i], part->in->slots[i]);
        else if (brn_schema_number(part->in, i) < 0)
            return brn_fail(build->err, BRINE_MODEL,
                            "\"%s\" has a weight or goes into a sparse matrix, but is text",
                            part->name);
    }
    part->out = brn_schema_select(build->arena, out, own, part->count);
    return part->out ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status place_part(struct brn_union_part *part, struct brn_schema *out, size_t first,
                               bool sparse, struct brn_build *build)
{
    struct brn_tile_layout *layout = out->layout;
    part->first_number = layout->numbers;
    part->first_code = layout->codes;
    part->first_document = layout->documents;
    if (!part->transformer) {
        layout->numbers += (int32_t)part->count;
        return place_passed(part, out, first, sparse, build);
    }
    place_outputs(part, out, first, sparse);
    layout->numbers += part->out->layout->numbers;
    layout->codes += part->out->layout->codes;
    layout->documents += part->out->layout->documents;
    return BRINE_OK;
}

/* Compressed when a part is, scikit-learn's result is sparse and whoever asks can take it; else
 * each part is expanded. */
static brine_status choose_form(struct brn_union *u, struct brn_build *build)
{
    bool any = false;
    for (size_t i = 0; i < u->count; i++)
        any |= u->parts[i].out->is_compressed;
    u->is_compressed = any && u->is_sparse && u->may_compress;
    for (size_t i = 0; any && !u->is_compressed && i < u->count; i++) {
        struct brn_union_part *part = &u->parts[i];
        if (part->out->is_compressed)
            part->out = brn_schema_expanded(build->arena, part->out);
        if (!part->out)
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

static size_t total(const struct brn_union *u)
{
    size_t count = 0;
    for (size_t i = 0; i < u->count; i++)
        count += u->parts[i].count;
    return count;
}

brine_status brn_union_bind(struct brn_union *u, bool any_sparse, struct brn_build *build,
                            struct brn_schema **ret_out)
{
    for (size_t i = 0; i < u->count; i++) {
        BRN_TRY(bind_part(&u->parts[i], build));
        u->is_sparse = u->is_sparse || (any_sparse && u->parts[i].out->is_sparse);
    }
    BRN_TRY(choose_form(u, build));
    size_t count = total(u), first = 0;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < u->count; first += u->parts[i++].count)
        BRN_TRY(name_part(u, &u->parts[i], first, names, build));
    if (u->is_compressed)
        return brn_union_bind_compressed(u, names, count, build, ret_out);
    struct brn_schema *out = brn_schema_numbers(build->arena, count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->layout->numbers = 0;
    first = 0;
    for (size_t i = 0; i < u->count; first += u->parts[i++].count)
        BRN_TRY(place_part(&u->parts[i], out, first, u->is_sparse, build));
    out->is_sparse = u->is_sparse;
    *ret_out = out;
    return BRINE_OK;
}

/* ---- running ---- */

static void pass_column(const struct brn_slot *from, const struct brn_slot *to, double weight,
                        const struct brn_tile *in, struct brn_tile *out)
{
    for (size_t r = 0; to->number >= 0 && r < in->rows; r++)
        out->numbers[r * out->number_stride + (size_t)to->number] =
            weight * in->numbers[r * in->number_stride + (size_t)from->number];
    for (size_t r = 0; to->code >= 0 && r < in->rows; r++)
        out->codes[r * out->code_stride + (size_t)to->code] =
            in->codes[r * in->code_stride + (size_t)from->code];
    for (size_t r = 0; to->document >= 0 && r < in->rows; r++)
        out->documents[r * out->document_stride + (size_t)to->document] =
            in->documents[r * in->document_stride + (size_t)from->document];
}

static void apply_weight(const struct brn_union_part *part, struct brn_tile *tile)
{
    size_t numbers = (size_t)part->out->layout->numbers;
    for (size_t r = 0; part->weight != 1 && r < tile->rows; r++)
        for (size_t i = 0; i < numbers; i++) {
            double *v = &tile->numbers[r * tile->number_stride + i];
            *v *= part->weight;
            if (tile->single)
                *v = (double)(float)*v;
        }
}

static brine_status run_part(const struct brn_union_part *part, const struct brn_tile *in,
                             struct brn_tile *out, bool *ret_single, struct brn_work *work)
{
    *ret_single = in->single;
    if (!part->transformer) {
        for (size_t i = 0; i < part->count; i++)
            pass_column(part->in->slots[i], part->out->slots[i], part->weight, in, out);
        return BRINE_OK;
    }
    struct brn_tile own = *out;
    own.single = in->single;
    own.numbers = out->numbers + part->first_number;
    own.codes = out->codes + part->first_code;
    own.documents = out->documents + part->first_document;
    BRN_TRY(brn_run_expanded(part->transformer, BRINE_METHOD_TRANSFORM, in, &own, work));
    apply_weight(part, &own);
    *ret_single = own.single;
    return BRINE_OK;
}

/* -0 becomes 0, as it does where zeros are not stored. */
static void drop_signs_of_zeros(const struct brn_union *u, struct brn_tile *out)
{
    size_t width = 0;
    for (size_t i = 0; i < u->count; i++)
        width +=
            u->parts[i].transformer ? (size_t)u->parts[i].out->layout->numbers : u->parts[i].count;
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < width; i++)
            out->numbers[r * out->number_stride + i] += 0.0;
}

brine_status brn_union_run(const struct brn_union *u, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work)
{
    bool all_single = u->count > 0, single;
    if (u->is_compressed)
        return brn_union_run_compressed(u, in, out, work);
    for (size_t i = 0; i < u->count; i++) {
        BRN_TRY(run_part(&u->parts[i], in, out, &single, work));
        all_single = all_single && (single || u->parts[i].count == 0);
    }
    if (u->is_sparse)
        drop_signs_of_zeros(u, out);
    out->single = all_single;
    return BRINE_OK;
}

enum brn_equality brn_union_equality(const struct brn_union *u)
{
    enum brn_equality weakest = BRN_EXACT;
    for (size_t i = 0; i < u->count; i++)
        if (u->parts[i].transformer)
            weakest = brn_weaker(weakest,
                                 brn_equality_of(u->parts[i].transformer, BRINE_METHOD_TRANSFORM));
    return weakest;
}
