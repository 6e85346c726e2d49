/* SPDX-License-Identifier: Apache-2.0
 *
 * pickles.h - what the pickle and joblib tests share: byte strings in, graphs out. */
#ifndef BRN_TEST_PICKLES_H
#define BRN_TEST_PICKLES_H

#include "pickle/machine.h"
#include "test.h"

/* A C string literal as bytes, embedded NULs and all. */
#define BYTES(text) ((struct brn_slice){(const uint8_t *)(text), sizeof(text) - 1})

static const struct brn_pickle_limits test_limits = {
    .max_nodes = 1000000, .max_array_bytes = 1 << 30, .max_depth = 10000, .max_digits = 4300};

/* Reads one stream; the graph is to be freed whatever comes back. */
static inline brine_status test_read_within(struct brn_slice bytes,
                                            const struct brn_pickle_limits *limits,
                                            struct brn_graph *graph, brine_error *err)
{
    struct brn_reader reader;
    struct brn_machine_options options = {.limits = *limits};
    brn_graph_init(graph, 1 << 30);
    brn_reader_init(&reader, bytes);
    return brn_pickle_read(&reader, &options, graph, err);
}

static inline brine_status test_read(struct brn_slice bytes, struct brn_graph *graph,
                                     brine_error *err)
{
    return test_read_within(bytes, &test_limits, graph, err);
}

#endif
