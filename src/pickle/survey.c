/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/survey.h"
#include "base/map.h"
#include "pickle/numpy.h"
#include "pickle/walk.h"

enum { SMALL = 16 };
static const uint32_t no_place = UINT32_MAX;

/* A walk frame's tag is the number of its place, and these. */
static const uint32_t below_array = UINT32_C(1) << 31;  /* what an array is made of: no place */
static const uint32_t in_companion = UINT32_C(1) << 30; /* offsets are another file's */
static const uint32_t most_places = UINT32_C(1) << 30;

struct surveying {
    const struct brn_graph *graph;
    struct brn_arena *arena;
    struct brn_survey *survey;
    struct brn_walk walk;
    struct brn_map places;  /* from parent and component to the place's number */
    struct brn_map classes; /* from module, name and version */
    struct brn_buffer key;
    uint32_t *place_of;  /* by node index; no_place when it was not met */
    uint64_t *offset_of; /* the same */
};

static bool no_memory(const struct surveying *s)
{
    return s->walk.failed || s->key.failed;
}

/* A copy of the key that outlives the buffer; p NULL when memory is out. */
static struct brn_slice keep(struct surveying *s, struct brn_slice bytes)
{
    return (struct brn_slice){(const uint8_t *)brn_arena_text(s->arena, bytes), bytes.n};
}

/* The number of the key in the map, which is the count when it is new; BRN_MAP_NONE without memory.
 */
static uint32_t number_of(struct surveying *s, struct brn_map *map)
{
    if (s->key.failed)
        return BRN_MAP_NONE;
    uint32_t number = brn_map_find(map, brn_buffer_view(&s->key));
    if (number != BRN_MAP_NONE)
        return number;
    struct brn_slice kept = keep(s, brn_buffer_view(&s->key));
    return kept.p ? brn_map_add(map, kept) : BRN_MAP_NONE;
}

/* ---- places ---- */

/* Items of what holds many are one place. */
static bool is_collapsed(const struct surveying *s, const struct brn_walk_frame *f)
{
    const struct brn_node *above = s->walk.frames[s->walk.count - 2].node;
    size_t count = above->kind == BRN_OBJECT
                       ? above->as.object->items.count + above->as.object->pairs.count / 2
                       : brn_node_count(above);
    return (f->place == BRN_AT_INDEX || f->place == BRN_AT_KEY) && count > SMALL;
}

/* The place below parent of the component in s->key, behind its first four bytes. */
static uint32_t place_below(struct surveying *s, uint32_t parent)
{
    struct brn_survey *v = s->survey;
    uint32_t number = number_of(s, &s->places);
    if (number == BRN_MAP_NONE || number < v->place_count)
        return number;
    if (number >= most_places)
        return BRN_MAP_NONE;
    if (!BRN_ARENA_RESERVE(s->arena, v->places, v->place_count, v->place_capacity))
        return BRN_MAP_NONE;
    struct brn_slice key = s->places.entries[number].key;
    v->places[v->place_count++] = (struct brn_survey_place){
        .parent = parent, .component = {key.p + sizeof parent, key.n - sizeof parent}};
    return number;
}

/* What hangs on an array is no place of its own. */
static uint32_t find_place(struct surveying *s, const struct brn_walk_frame *f)
{
    if (f->place == BRN_AT_PART || f->place == BRN_AT_ROOT)
        return f->tag;
    s->key.size = 0;
    brn_buffer_add(&s->key, &f->tag, sizeof f->tag);
    if (is_collapsed(s, f))
        brn_buffer_text(&s->key, "[*]");
    else
        brn_walk_component(f, &s->key);
    return place_below(s, f->tag);
}

/* ---- arrays ---- */

static void measure_array(struct brn_survey_array *ret, struct brn_arena *scratch)
{
    struct brn_array array;
    if (brn_node_array(ret->node, scratch, &array, NULL) != BRINE_OK)
        return;
    ret->of_objects = array.dtype.has_objects;
    ret->bytes = array.count * (ret->of_objects ? 8 : array.dtype.itemsize);
}

static brine_status note_array(struct surveying *s, const struct brn_node *n)
{
    struct brn_survey *v = s->survey;
    struct brn_arena scratch;
    char path[192], description[120];
    if (!BRN_ARENA_RESERVE(s->arena, v->arrays, v->array_count, v->array_capacity))
        return BRINE_NOMEM;
    brn_walk_path(&s->walk, path, sizeof path);
    brn_array_describe(n, description, sizeof description);
    enum brn_wrapper wrapper = brn_node_wrapper(n);
    struct brn_survey_array a = {
        .node = n,
        .path = brn_arena_text(s->arena, brn_slice_of(path)),
        .description = brn_arena_text(s->arena, brn_slice_of(description)),
        .in_stream = wrapper == BRN_WRAPPER_STREAM,
        .beside = wrapper == BRN_WRAPPER_NPY || wrapper == BRN_WRAPPER_NPY_Z,
    };
    brn_arena_init(&scratch, 0);
    measure_array(&a, &scratch);
    brn_arena_free(&scratch);
    v->arrays[v->array_count++] = a;
    return a.path && a.description ? BRINE_OK : BRINE_NOMEM;
}

/* ---- classes ---- */

static bool is_of_library(struct brn_slice module)
{
    static const char *const libraries[] = {"sklearn", "xgboost", "lightgbm", "catboost",
                                            "imblearn"};
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        size_t n = strlen(libraries[i]);
        if (module.n >= n && memcmp(module.p, libraries[i], n) == 0 &&
            (module.n == n || module.p[n] == '.'))
            return true;
    }
    return false;
}

static brine_status note_class(struct surveying *s, const struct brn_node *n,
                               const struct brn_node *class)
{
    struct brn_survey *v = s->survey;
    struct brn_slice version = brn_node_text(brn_node_attribute(n, "_sklearn_version"));
    char path[192];
    s->key.size = 0;
    brn_buffer_slice(&s->key, class->as.global.module);
    brn_buffer_byte(&s->key, '\0');
    brn_buffer_slice(&s->key, class->as.global.name);
    brn_buffer_byte(&s->key, '\0');
    brn_buffer_slice(&s->key, version);
    uint32_t number = number_of(s, &s->classes);
    if (number == BRN_MAP_NONE)
        return BRINE_NOMEM;
    if (number == v->class_count) {
        if (!BRN_ARENA_RESERVE(s->arena, v->classes, v->class_count, v->class_capacity))
            return BRINE_NOMEM;
        brn_walk_path(&s->walk, path, sizeof path);
        v->classes[v->class_count++] = (struct brn_survey_class){
            .class = class,
            .version = version,
            .path = brn_arena_text(s->arena, brn_slice_of(path)),
        };
    }
    v->classes[number].count++;
    v->classes[number].is_estimator |= version.p || (is_of_library(class->as.global.module) &&
                                                     brn_is(brn_node_state(n), BRN_DICT));
    return v->classes[number].path ? BRINE_OK : BRINE_NOMEM;
}

/* ---- the walk ---- */

/* The array of objects that an NDArrayWrapper names stands in a companion file. */
static bool enters_companion(const struct surveying *s, const struct brn_walk_frame *f)
{
    return f->is_nested &&
           brn_node_wrapper(s->walk.frames[s->walk.count - 2].node) == BRN_WRAPPER_NPY;
}

static brine_status note_value(struct surveying *s, struct brn_walk_frame *f)
{
    const struct brn_node *n = f->node, *class = brn_node_class(n);
    f->tag = find_place(s, f);
    if (f->tag == no_place)
        return BRINE_NOMEM;
    s->survey->places[f->tag].values += f->place != BRN_AT_PART;
    s->place_of[n->index] = f->tag;
    if (brn_node_is_array(n)) {
        f->tag |= below_array;
        return note_array(s, n);
    }
    return class->kind == BRN_GLOBAL ? note_class(s, n, class) : BRINE_OK;
}

static brine_status note_node(struct surveying *s, struct brn_walk_frame *f)
{
    uint32_t index = f->node->index;
    s->survey->values++;
    if (enters_companion(s, f))
        f->tag |= in_companion;
    s->offset_of[index] = f->tag & in_companion ? UINT64_MAX : f->node->offset;
    if (!(f->tag & below_array))
        return note_value(s, f);
    s->place_of[index] = f->tag & ~(below_array | in_companion);
    return BRINE_OK;
}

static brine_status walk_all(struct surveying *s)
{
    struct brn_walk_frame *f;
    size_t roots = s->graph->root_count;
    for (size_t i = 0; i < (roots ? roots : 1); i++) {
        brn_walk_start(&s->walk, roots ? s->graph->roots[i] : s->graph->root);
        while ((f = brn_walk_next(&s->walk)))
            BRN_TRY(note_node(s, f));
    }
    return no_memory(s) ? BRINE_NOMEM : BRINE_OK;
}

/* ---- bytes ---- */

/* Nodes are numbered in the order of their opcodes, but those of companion files have offsets of
 * their own: an offset that is not below the next one's is none of this file. */
static void share_out_bytes(struct surveying *s)
{
    struct brn_survey *v = s->survey;
    uint64_t end = v->pickle_bytes;
    uint32_t first = 0;
    for (uint32_t i = s->graph->node_count; i-- > 0;) {
        if (s->place_of[i] == no_place || s->offset_of[i] > end)
            continue;
        v->places[s->place_of[i]].bytes += end - s->offset_of[i];
        end = s->offset_of[i];
        first = s->place_of[i];
    }
    v->places[first].bytes += end;
}

/* A place comes after its parent. */
static void add_up_places(struct brn_survey *v)
{
    for (size_t i = v->place_count; i-- > 0;) {
        v->places[i].bytes_below += v->places[i].bytes;
        if (i > 0)
            v->places[v->places[i].parent].bytes_below += v->places[i].bytes_below;
    }
}

static brine_status prepare(struct surveying *s)
{
    struct brn_survey *v = s->survey;
    size_t nodes = (size_t)s->graph->node_count + 1;
    brn_map_init(&s->places, s->arena);
    brn_map_init(&s->classes, s->arena);
    brn_walk_init(&s->walk, s->graph, s->arena);
    s->place_of = BRN_NEW(s->arena, uint32_t, nodes);
    s->offset_of = BRN_NEW(s->arena, uint64_t, nodes);
    if (!s->place_of || !s->offset_of || no_memory(s))
        return BRINE_NOMEM;
    memset(s->place_of, 0xff, nodes * sizeof *s->place_of);
    uint32_t nowhere = no_place;
    brn_buffer_add(&s->key, &nowhere, sizeof nowhere);
    return place_below(s, 0) == 0 && v->place_count == 1 ? BRINE_OK : BRINE_NOMEM;
}

brine_status brn_graph_survey(const struct brn_graph *graph, uint64_t pickle_bytes,
                              struct brn_arena *arena, struct brn_survey *ret_survey,
                              brine_error *err)
{
    struct brn_survey survey = {.pickle_bytes = pickle_bytes};
    struct surveying s = {.graph = graph, .arena = arena, .survey = &survey};
    brine_status status = prepare(&s);
    if (status == BRINE_OK)
        status = walk_all(&s);
    brn_buffer_free(&s.key);
    if (status != BRINE_OK)
        return brn_fail_memory(err);
    share_out_bytes(&s);
    add_up_places(&survey);
    *ret_survey = survey;
    return BRINE_OK;
}

void brn_survey_path(const struct brn_survey *survey, size_t place, struct brn_buffer *out)
{
    const struct brn_slice *parts[32];
    size_t count = 0;
    for (; place && count < 32; place = survey->places[place].parent)
        parts[count++] = &survey->places[place].component;
    if (place)
        brn_buffer_text(out, "…");
    size_t begin = out->size;
    while (count)
        brn_buffer_slice(out, *parts[--count]);
    /* The leading dot of a path is not shown. */
    if (!place && out->size > begin && out->data[begin] == '.') {
        memmove(out->data + begin, out->data + begin + 1, out->size - begin - 1);
        out->size--;
    }
}
