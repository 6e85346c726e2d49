/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as one pickle stream, then everything that looks at a graph: it must end, and every
 * byte of the stream must be told apart. */
#include "pickle/disassemble.h"
#include "pickle/machine.h"
#include "pickle/numpy.h"
#include "pickle/survey.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static brine_status ignore_line(void *context, struct brn_slice line)
{
    (void)context, (void)line;
    return BRINE_OK;
}

static void look_at_arrays(const struct brn_graph *g)
{
    struct brn_arena arena;
    struct brn_array array;
    double *values;
    brn_arena_init(&arena, 16 << 20);
    for (size_t i = 0; i < g->event_count && i < 1000; i++)
        if (brn_node_array(g->events[i].node, &arena, &array, NULL) == BRINE_OK)
            (void)brn_array_doubles(&array, &arena, &values, NULL);
    brn_arena_free(&arena);
}

static void check_segments(const struct brn_graph *g, uint64_t end)
{
    uint64_t at = 0;
    for (size_t i = 0; i < g->segment_count; i++) {
        if (g->segments[i].begin != at || g->segments[i].end < at)
            abort();
        at = g->segments[i].end;
    }
    if (at != end)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct brn_machine_options options = {.limits = {.max_nodes = 1 << 20,
                                                     .max_array_bytes = 1 << 24,
                                                     .max_depth = 1000000,
                                                     .max_digits = 4300}};
    struct brn_reader reader;
    struct brn_graph graph;
    struct brn_survey survey;
    struct brn_arena arena;
    brine_error err;
    brn_graph_init(&graph, 256 << 20);
    brn_arena_init(&arena, 512 << 20);
    brn_reader_init(&reader, (struct brn_slice){data, size});
    if (brn_pickle_read(&reader, &options, &graph, &err) == BRINE_OK)
        check_segments(&graph, brn_reader_offset(&reader));
    else if (err.offset == BRINE_NOWHERE && err.status != BRINE_NOMEM)
        abort();
    look_at_arrays(&graph);
    (void)brn_graph_survey(&graph, size, &arena, &survey, &err);
    if (size < 2048) /* each MARK indents all lines behind it: quadratic, as in pickletools */
        (void)brn_disassemble(&graph, (struct brn_slice){data, size}, ignore_line, NULL, &err);
    brn_arena_free(&arena);
    brn_graph_free(&graph);
    return 0;
}
