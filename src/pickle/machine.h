/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.h - reads one pickle stream into a graph, running nothing.
 *
 * The opcode table (opcode.h) is the one list: the machine, the disassembler and the documents are
 * made from it.  Iterative everywhere; every limit is checked before anything is allocated. */
#ifndef BRN_PICKLE_MACHINE_H
#define BRN_PICKLE_MACHINE_H

#include "base/reader.h"
#include "pickle/node.h"

struct brn_pickle_limits {
    uint64_t max_nodes, max_array_bytes;
    uint32_t max_depth, max_digits;
};

struct brn_machine;

/* Called after each BUILD: joblib's arrays stand right behind theirs.  It may read on from reader,
 * set object->raw and ->nested (with brn_machine_nested), and record segments. */
typedef brine_status brn_build_hook(void *context, struct brn_machine *machine,
                                    struct brn_node *object, struct brn_reader *reader,
                                    brine_error *err);

struct brn_machine_options {
    struct brn_pickle_limits limits;
    brn_build_hook *on_build; /* or NULL */
    void *context;
};

/* Reads one stream up to its STOP; reader stands behind it.  The graph must be initialised
 * (brn_graph_init) and may hold earlier streams of the same file.  On failure the graph keeps what
 * was read so far (root is what was on top, or NULL), for reports. */
brine_status brn_pickle_read(struct brn_reader *reader, const struct brn_machine_options *options,
                             struct brn_graph *graph, brine_error *err);

/* From a hook: a complete pickle stream at the reader's place, with its own memo and without the
 * hook, as joblib loads it.  From another reader than the machine's (a companion file) no segments
 * are kept. */
brine_status brn_machine_nested(struct brn_machine *machine, struct brn_reader *reader,
                                const struct brn_node **ret_root, brine_error *err);

/* From a hook: bytes [begin, end) are of this kind. */
brine_status brn_machine_segment(struct brn_machine *machine, enum brn_segment_kind kind,
                                 uint64_t begin, uint64_t end, brine_error *err);

/* From a hook: an array of so many bytes was found; BRINE_LIMIT when they are too many in all.
 * brn_machine_segment() does it for arrays in the stream. */
brine_status brn_machine_count_array(struct brn_machine *machine, uint64_t bytes, brine_error *err);

/* From a hook: something odd about the object that was built; rule and detail live for ever. */
brine_status brn_machine_note(struct brn_machine *machine, const char *rule, const char *detail,
                              brine_error *err);

/* From a hook: where the open frame of protocol 4 ends, 0 when none is open.  CPython has read that
 * far ahead, so that what joblib reads next stands there. */
uint64_t brn_machine_frame_end(const struct brn_machine *machine);

void brn_graph_init(struct brn_graph *graph, uint64_t max_memory);
void brn_graph_free(struct brn_graph *graph);

#endif
