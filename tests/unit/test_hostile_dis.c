/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/disassemble.h"
#include "pickles.h"

#include <string.h>

/* context: whether a line ended so. */
static brine_status look(void *context, struct brn_slice line)
{
    static const char wanted[] = "LONG4      <an integer of 2097152 bytes>";
    size_t n = sizeof wanted - 1;
    bool *found = context;
    *found |= line.n >= n && memcmp(line.p + line.n - n, wanted, n) == 0;
    return BRINE_OK;
}

/* LONG4 of two megabytes would take minutes as decimal digits. */
TEST(hostile_integer_is_not_printed)
{
    enum { SIZE = 2 << 20 };
    static uint8_t bytes[SIZE + 8] = {0x80, 4, 0x8b, 0, 0, SIZE >> 16, 0};
    struct brn_slice pickle = {bytes, sizeof bytes};
    struct brn_graph graph;
    brine_error err;
    bool found = false;
    memset(bytes + 7, 0x7f, SIZE);
    bytes[SIZE + 7] = '.';
    struct brn_pickle_limits limits = test_limits;
    limits.max_digits = UINT32_MAX;
    REQUIRE_OK(test_read_within(pickle, &limits, &graph, &err), &err);
    REQUIRE_OK(brn_disassemble(&graph, pickle, look, &found, &err), &err);
    CHECK(found);
    brn_graph_free(&graph);
}
