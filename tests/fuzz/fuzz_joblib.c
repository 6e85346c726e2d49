/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a model file of any container, and brine inspect on what it gives. */
#include "cli/inspect.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inspect(const struct brine_file *file)
{
    struct brn_inspection v = {
        .path = "fuzz", .file = file, .traits = brn_file_traits(file), .max_depth = 6};
    struct brn_arena arena;
    struct brn_buffer out = {.limit = 64 << 20};
    brn_arena_init(&arena, 512 << 20);
    if (brn_graph_survey(&file->graph, brn_pickle_end(file), &arena, &v.survey, NULL) == BRINE_OK) {
        brn_inspect_text(&v, &out);
        out.size = 0;
        brn_inspect_json(&v, &out);
    }
    brn_buffer_free(&out);
    brn_arena_free(&arena);
}

static void check(const struct brine_file *file)
{
    const struct brn_graph *g = &file->graph;
    uint64_t at = 0;
    for (size_t i = 0; i < g->segment_count; i++) {
        if (g->segments[i].begin != at)
            abort();
        at = g->segments[i].end;
    }
    if (at != file->content.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    brine_options options = {.size = sizeof options,
                             .max_memory = 256 << 20,
                             .max_nodes = 1 << 20,
                             .max_expanded_bytes = 64 << 20,
                             .max_depth = 1000000};
    struct brine_file *file;
    brine_error err;
    if (brn_file_open_bytes((struct brn_slice){data, size}, "fuzz", &options, true, &file, &err) !=
        BRINE_OK)
        return 0;
    check(file);
    inspect(file);
    brn_file_close(file);
    return 0;
}
