/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect.h"
#include "pickle/numpy.h"
#include "pickle/repr.h"

#include <stdlib.h>

static void put_optional(struct brn_json_writer *w, const char *key, const char *text)
{
    brn_json_key(w, key);
    if (text)
        brn_json_string(w, text);
    else
        brn_json_null(w);
}

static void put_uint(struct brn_json_writer *w, const char *key, uint64_t value)
{
    brn_json_key(w, key);
    brn_json_uint(w, value);
}

static void put_global(struct brn_json_writer *w, const struct brn_node *n)
{
    struct brn_buffer name = {0};
    if (n->kind == BRN_EXTENSION)
        brn_buffer_printf(&name, "extension code %lld", (long long)n->as.integer);
    else {
        brn_buffer_slice(&name, n->as.global.module); /* which may hold NULs */
        brn_buffer_byte(&name, '.');
        brn_buffer_slice(&name, n->as.global.name);
    }
    w->out->failed |= name.failed;
    brn_json_slice(w, brn_buffer_view(&name));
    brn_buffer_free(&name);
}

/* ---- the head ---- */

static void put_file(struct brn_json_writer *w, const struct brn_inspection *v)
{
    const struct brine_file *f = v->file;
    char digest[65];
    brn_digest_hex(brn_file_digest(f), digest);
    put_optional(w, "file", v->path);
    put_uint(w, "bytes", f->bytes.view.n);
    put_optional(w, "sha256", digest);
    put_optional(w, "container", f->is_joblib ? "joblib" : "pickle");
    put_optional(w, "codec", f->codec);
    put_uint(w, "expanded_bytes", f->content.n);
    put_uint(w, "codec_trailing_bytes", f->codec_trailing);
    put_uint(w, "protocol", f->graph.protocol);
    put_uint(w, "streams", f->graph.root_count);
    put_uint(w, "first_stream_end", f->graph.first_end ? f->graph.first_end : f->content.n);
    put_uint(w, "opcodes", f->graph.opcode_count);
    put_uint(w, "values", v->survey.values);
    put_uint(w, "depth", f->graph.max_depth);
    brn_json_key(w, "aligned");
    brn_json_bool(w, f->aligned);
    put_optional(w, "joblib", v->traits.joblib);
    put_optional(w, "numpy", v->traits.numpy);
    put_optional(w, "python", v->traits.python);
}

static void put_failure(struct brn_json_writer *w, const brine_error *failure)
{
    brn_json_key(w, "failure");
    if (failure->status == BRINE_OK) {
        brn_json_null(w);
        return;
    }
    brn_json_begin_object(w);
    put_optional(w, "status", brine_status_text(failure->status));
    brn_json_key(w, "offset");
    if (failure->offset == BRINE_NOWHERE)
        brn_json_null(w);
    else
        brn_json_uint(w, failure->offset);
    put_optional(w, "path", failure->path);
    put_optional(w, "message", failure->message);
    brn_json_end_object(w);
}

/* ---- lists ---- */

static int by_name(const void *a, const void *b)
{
    const struct brn_node *x = *(const struct brn_node *const *)a;
    const struct brn_node *y = *(const struct brn_node *const *)b;
    const struct brn_slice parts[][2] = {{x->as.global.module, y->as.global.module},
                                         {x->as.global.name, y->as.global.name}};
    for (size_t i = 0; i < 2; i++) {
        size_t p = parts[i][0].n, q = parts[i][1].n, n = p < q ? p : q;
        int order = n ? memcmp(parts[i][0].p, parts[i][1].p, n) : 0;
        if (order || p != q)
            return order ? order : p < q ? -1 : 1;
    }
    return 0;
}

/* Each import once, sorted: those of the file itself, or of its companions. */
static void put_globals(struct brn_json_writer *w, const char *key, const struct brn_graph *g,
                        bool beside)
{
    const struct brn_node **names = calloc(g->event_count + 1, sizeof *names);
    size_t count = 0;
    w->out->failed |= !names;
    for (size_t i = 0; names && i < g->event_count; i++)
        if (g->events[i].kind == BRN_EVENT_IMPORT && g->events[i].beside == beside &&
            brn_is(g->events[i].node, BRN_GLOBAL))
            names[count++] = g->events[i].node;
    if (count)
        qsort(names, count, sizeof *names, by_name);
    brn_json_key(w, key);
    brn_json_begin_array(w);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_name(&names[i - 1], &names[i]) != 0)
            put_global(w, names[i]);
    brn_json_end_array(w);
    free(names);
}

/* What is called: the import at the bottom of what may be results of calls themselves. */
static void put_event_name(struct brn_json_writer *w, const struct brn_node *n)
{
    char text[200];
    const struct brn_node *callable = n;
    while (brn_is(callable, BRN_OBJECT))
        callable = callable->as.object->callable;
    if (brn_is(callable, BRN_GLOBAL) || brn_is(callable, BRN_EXTENSION)) {
        put_global(w, callable);
        return;
    }
    brn_node_describe(callable, text, sizeof text);
    brn_json_string(w, text);
}

static void put_events(struct brn_json_writer *w, const struct brn_graph *g)
{
    static const char *const kinds[] = {"import", "call", "build"};
    brn_json_key(w, "events");
    brn_json_begin_array(w);
    for (size_t i = 0; i < g->event_count; i++) {
        brn_json_begin_array(w);
        brn_json_string(w, kinds[g->events[i].kind]);
        put_event_name(w, g->events[i].node);
        brn_json_uint(w, g->events[i].offset);
        brn_json_bool(w, g->events[i].beside);
        brn_json_end_array(w);
    }
    brn_json_end_array(w);
}

static void put_classes(struct brn_json_writer *w, const struct brn_survey *s)
{
    brn_json_key(w, "classes");
    brn_json_begin_array(w);
    for (size_t i = 0; i < s->class_count; i++) {
        const struct brn_survey_class *c = &s->classes[i];
        brn_json_begin_object(w);
        brn_json_key(w, "class");
        put_global(w, c->class);
        put_uint(w, "count", c->count);
        brn_json_key(w, "sklearn_version");
        if (c->version.p)
            brn_json_slice(w, c->version);
        else
            brn_json_null(w);
        brn_json_key(w, "estimator");
        brn_json_bool(w, c->is_estimator);
        put_optional(w, "first", c->path);
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

static void put_arrays(struct brn_json_writer *w, const struct brn_inspection *v)
{
    brn_json_key(w, "arrays");
    brn_json_begin_array(w);
    for (size_t i = 0; i < v->survey.array_count; i++) {
        const struct brn_survey_array *a = &v->survey.arrays[i];
        const struct brn_object *o = a->node->as.object;
        brn_json_begin_object(w);
        put_optional(w, "path", a->path);
        put_optional(w, "array", a->description);
        put_uint(w, "bytes", a->bytes);
        put_optional(w, "storage", a->beside ? "beside" : a->in_stream ? "stream" : "pickle");
        if (a->in_stream && o->raw.p)
            put_uint(w, "offset", (uint64_t)(o->raw.p - v->file->content.p));
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

static void put_places(struct brn_json_writer *w, const struct brn_survey *s)
{
    brn_json_key(w, "sizes");
    brn_json_begin_array(w);
    for (size_t i = 0; i < s->place_count; i++) {
        struct brn_buffer path = {0};
        brn_survey_path(s, i, &path);
        w->out->failed |= path.failed;
        brn_json_begin_object(w);
        brn_json_key(w, "path");
        brn_json_slice(w, brn_buffer_view(&path));
        put_uint(w, "bytes", s->places[i].bytes);
        put_uint(w, "bytes_below", s->places[i].bytes_below);
        put_uint(w, "values", s->places[i].values);
        brn_json_end_object(w);
        brn_buffer_free(&path);
    }
    brn_json_end_array(w);
}

static void put_byte_map(struct brn_json_writer *w, const struct brn_graph *g)
{
    brn_json_key(w, "byte_map");
    brn_json_begin_object(w);
    for (int kind = BRN_SEGMENT_OPCODES; kind <= BRN_SEGMENT_UNREAD; kind++)
        put_uint(w, brn_segment_name((enum brn_segment_kind)kind),
                 brn_segment_bytes(g, (enum brn_segment_kind)kind));
    brn_json_end_object(w);
}

static void put_oddities(struct brn_json_writer *w, const struct brn_graph *g)
{
    brn_json_key(w, "oddities");
    brn_json_begin_array(w);
    for (size_t i = 0; i < g->oddity_count; i++) {
        brn_json_begin_object(w);
        put_optional(w, "rule", g->oddities[i].rule);
        put_uint(w, "offset", g->oddities[i].offset);
        put_optional(w, "detail", g->oddities[i].detail);
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

static void put_companions(struct brn_json_writer *w, const struct brine_file *f)
{
    brn_json_key(w, "companions");
    brn_json_begin_array(w);
    for (const struct brn_joblib_companion *c = f->companions; c; c = c->next) {
        brn_json_begin_object(w);
        put_optional(w, "file", c->name);
        put_uint(w, "bytes", c->bytes.view.n);
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

void brn_inspect_json(const struct brn_inspection *v, struct brn_buffer *out)
{
    struct brn_json_writer w = {.out = out, .indent = 2};
    brn_json_begin_object(&w);
    put_file(&w, v);
    put_failure(&w, &v->file->failure);
    put_byte_map(&w, &v->file->graph);
    put_globals(&w, "globals", &v->file->graph, false);
    put_globals(&w, "companion_globals", &v->file->graph, true);
    put_classes(&w, &v->survey);
    put_arrays(&w, v);
    put_places(&w, &v->survey);
    put_companions(&w, v->file);
    put_oddities(&w, &v->file->graph);
    if (v->events)
        put_events(&w, &v->file->graph);
    brn_json_end_object(&w);
    brn_buffer_byte(out, '\n');
}
