/* SPDX-License-Identifier: Apache-2.0 */
#include "joblib/joblib.h"
#include "joblib/container.h"
#include "joblib/wrapper.h"
#include "pickle/numpy.h"

#include <stdlib.h>

/* ---- limits ---- */

static uint64_t or_default(uint64_t value, uint64_t otherwise)
{
    return value ? value : otherwise;
}

struct brn_load_limits brn_load_limits(const brine_options *options)
{
    static const brine_options defaults = {0};
    const brine_options *o = options ? options : &defaults;
    const uint64_t gib = UINT64_C(1) << 30;
    uint32_t depth = (uint32_t)or_default(o->max_depth, 10000);
    return (struct brn_load_limits){
        .pickle = {.max_nodes = or_default(o->max_nodes, 100000000),
                   .max_array_bytes = or_default(o->max_array_bytes, 16 * gib),
                   .max_depth = depth < 1000000 ? depth : 1000000,
                   .max_digits = (uint32_t)or_default(o->max_digits, 4300)},
        .io = {.max_input_bytes = or_default(o->max_input_bytes, 16 * gib),
               .max_expanded_bytes = or_default(o->max_expanded_bytes, 16 * gib),
               .max_ratio = or_default(o->max_ratio, 1000)},
        .max_memory = or_default(o->max_memory, 4 * gib),
    };
}

/* ---- streams ---- */

/* Forgets what was read since saved, but not the memory that it took. */
static void forget(struct brn_graph *graph, const struct brn_graph *saved)
{
    struct brn_graph now = *graph;
    *graph = *saved;
    graph->arena = now.arena;
    graph->roots = now.roots, graph->root_capacity = now.root_capacity;
    graph->events = now.events, graph->event_capacity = now.event_capacity;
    graph->segments = now.segments, graph->segment_capacity = now.segment_capacity;
    graph->oddities = now.oddities, graph->oddity_capacity = now.oddity_capacity;
}

/* From begin to the end of the content. */
static brine_status add_last_segment(struct brine_file *file, enum brn_segment_kind kind,
                                     uint64_t begin, brine_error *err)
{
    struct brn_graph *g = &file->graph;
    if (begin == file->content.n)
        return BRINE_OK;
    if (!BRN_ARENA_RESERVE(&g->arena, g->segments, g->segment_count, g->segment_capacity))
        return brn_fail_memory(err);
    g->segments[g->segment_count++] = (struct brn_segment){kind, begin, file->content.n};
    return BRINE_OK;
}

static uint64_t segments_end(const struct brn_graph *g)
{
    return g->segment_count ? g->segments[g->segment_count - 1].end : 0;
}

/* Streams behind the first, which several dumps into one file leave.  What is no stream is
 * trailing. */
static brine_status read_more(struct brine_file *file, struct brn_reader *reader,
                              const struct brn_machine_options *options, brine_error *err)
{
    while (brn_reader_left(reader)) {
        struct brn_graph saved = file->graph;
        uint64_t begin = brn_reader_offset(reader);
        brine_status status = brn_pickle_read(reader, options, &file->graph, err);
        if (status == BRINE_FORMAT) {
            forget(&file->graph, &saved);
            return add_last_segment(file, BRN_SEGMENT_TRAILING, begin, err);
        }
        BRN_TRY(status);
    }
    return BRINE_OK;
}

/* Where the arrays are that stand in the pickle itself: every other kind has been noted by the
 * hook. */
static void find_plain_arrays(struct brine_file *file)
{
    const struct brn_graph *g = &file->graph;
    for (size_t i = 0; i < g->event_count && file->storage == BRN_ARRAYS_NONE; i++)
        if (g->events[i].kind == BRN_EVENT_CALL && brn_node_is_array(g->events[i].node))
            file->storage = BRN_ARRAYS_IN_PICKLE;
}

/* What people name .pkl that is none: the words for a failure. */
static void name_foreign_format(struct brn_slice content, brine_error *err)
{
    static const struct {
        const char *magic, *what;
    } formats[] = {
        {"PK\3\4", "a zip archive (PyTorch, Keras, .npz or skops)"},
        {"\x93NUMPY", "a .npy array"},
        {"\x89HDF", "an HDF5 file"},
        {"7z\xbc\xaf", "a 7z archive"},
        {"{\"", "JSON"},
        {"<", "HTML or XML, perhaps a download that failed"},
        {"version https://git-lfs", "a Git LFS pointer: fetch the file itself with git lfs pull"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        size_t n = strlen(formats[i].magic);
        if (content.n >= n && memcmp(content.p, formats[i].magic, n) == 0)
            brn_fail_at(err, BRINE_FORMAT, err->offset, "no pickle: this is %s", formats[i].what);
    }
}

static brine_status read_streams(struct brine_file *file, brine_error *err)
{
    struct brn_wrapper_context context = {.file = file};
    struct brn_machine_options options = {
        .limits = file->limits.pickle, .on_build = brn_wrapper_read, .context = &context};
    struct brn_reader reader;
    brn_reader_init(&reader, file->content);
    brine_status status = brn_pickle_read(&reader, &options, &file->graph, err);
    if (status == BRINE_OK)
        status = read_more(file, &reader, &options, err);
    brn_arena_free(&context.scratch);
    if (status != BRINE_OK)
        add_last_segment(file, BRN_SEGMENT_UNREAD, segments_end(&file->graph), NULL);
    if (status == BRINE_FORMAT && err && file->graph.root_count == 0)
        name_foreign_format(file->content, err);
    find_plain_arrays(file);
    return status;
}

/* ---- files ---- */

static void keep_failure(struct brine_file *file, const brine_error *err)
{
    if (file->failure.status == BRINE_OK)
        file->failure = *err;
}

/* With a broken container, what could be expanded is read all the same: a payload may stand in it.
 */
static brine_status read_file(struct brine_file *file, brine_error *err)
{
    brine_error own = {0};
    if (brn_container_open(file, &own) != BRINE_OK)
        keep_failure(file, &own);
    if (read_streams(file, &own) != BRINE_OK)
        keep_failure(file, &own);
    if (err && file->failure.status != BRINE_OK)
        *err = file->failure;
    return file->failure.status;
}

static struct brine_file *new_file(const char *path, const struct brn_load_limits *limits)
{
    struct brine_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->limits = *limits;
    brn_graph_init(&file->graph, limits->max_memory);
    file->path = malloc(strlen(path) + 1);
    if (file->path) {
        memcpy(file->path, path, strlen(path) + 1);
        return file;
    }
    brn_file_close(file);
    return NULL;
}

/* Memory that ran out is never a partial result: it says nothing about the file. */
static brine_status finish(struct brine_file *file, brine_status status, bool keep_partial,
                           struct brine_file **ret_file)
{
    if (status == BRINE_OK || (keep_partial && status != BRINE_NOMEM)) {
        *ret_file = file;
        return BRINE_OK;
    }
    brn_file_close(file);
    return status;
}

brine_status brn_file_open(const char *path, const brine_options *options, bool keep_partial,
                           struct brine_file **ret_file, brine_error *err)
{
    struct brn_load_limits limits = brn_load_limits(options);
    bool map = options && options->map_file;
    struct brine_file *file = new_file(path, &limits);
    if (!file)
        return brn_fail_memory(err);
    file->on_disk = strcmp(path, "-") != 0;
    brine_status status = brn_file_read(path, limits.io.max_input_bytes, map, &file->bytes, err);
    if (status != BRINE_OK)
        return finish(file, status, false, ret_file);
    return finish(file, read_file(file, err), keep_partial, ret_file);
}

brine_status brn_file_open_bytes(struct brn_slice bytes, const char *name,
                                 const brine_options *options, bool keep_partial,
                                 struct brine_file **ret_file, brine_error *err)
{
    struct brn_load_limits limits = brn_load_limits(options);
    struct brine_file *file = new_file(name, &limits);
    if (!file)
        return brn_fail_memory(err);
    file->bytes.view = bytes;
    return finish(file, read_file(file, err), keep_partial, ret_file);
}

static void free_companions(struct brn_joblib_companion *c)
{
    while (c) {
        struct brn_joblib_companion *next = c->next;
        brn_bytes_free(&c->bytes);
        brn_buffer_free(&c->expanded);
        free(c->name);
        free(c);
        c = next;
    }
}

void brn_file_close(struct brine_file *file)
{
    if (!file)
        return;
    free_companions(file->companions);
    brn_graph_free(&file->graph);
    brn_buffer_free(&file->expanded);
    brn_bytes_free(&file->bytes);
    free(file->path);
    free(file);
}

struct brn_digest brn_file_digest(const struct brine_file *file)
{
    return brn_sha256(file->bytes.view);
}
