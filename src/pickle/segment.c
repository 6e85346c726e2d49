/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/node.h"

const char *brn_segment_name(enum brn_segment_kind kind)
{
    static const char *const names[] = {
        [BRN_SEGMENT_OPCODES] = "opcodes", [BRN_SEGMENT_ARRAY] = "arrays",
        [BRN_SEGMENT_PADDING] = "padding", [BRN_SEGMENT_NESTED] = "nested pickles",
        [BRN_SEGMENT_HEADER] = "header",   [BRN_SEGMENT_TRAILING] = "trailing",
        [BRN_SEGMENT_UNREAD] = "not read",
    };
    return names[kind];
}

uint64_t brn_segment_bytes(const struct brn_graph *graph, enum brn_segment_kind kind)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < graph->segment_count; i++)
        if (graph->segments[i].kind == kind)
            bytes += graph->segments[i].end - graph->segments[i].begin;
    return bytes;
}
