/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect.h"

#include <inttypes.h>

uint64_t brn_pickle_end(const struct brine_file *file)
{
    const struct brn_graph *g = &file->graph;
    const struct brn_segment *last = g->segment_count ? &g->segments[g->segment_count - 1] : NULL;
    bool left_over =
        last && (last->kind == BRN_SEGMENT_TRAILING || last->kind == BRN_SEGMENT_UNREAD);
    return left_over ? last->begin : file->content.n;
}

void brn_put_count(uint64_t count, struct brn_buffer *out)
{
    if (count >= 1000) {
        brn_put_count(count / 1000, out);
        brn_buffer_printf(out, ",%03" PRIu64, count % 1000);
    } else {
        brn_buffer_printf(out, "%" PRIu64, count);
    }
}

void brn_put_bytes(uint64_t bytes, struct brn_buffer *out)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        brn_buffer_printf(out, "%" PRIu64 " B", bytes);
        return;
    }
    for (; value >= 999.95 && unit < 3; unit++)
        value /= 1000;
    brn_buffer_printf(out, "%.1f %s", value, units[unit]);
}
