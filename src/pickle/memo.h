/* SPDX-License-Identifier: Apache-2.0
 *
 * memo.h - the pickle memo: half of all opcodes are accesses to it.
 *
 * Indices that picklers give are dense and live in a vector; an index far above the number of
 * entries (LONG_BINPUT 0x7fffffff) lives in a hash map and costs one entry. */
#ifndef BRN_PICKLE_MEMO_H
#define BRN_PICKLE_MEMO_H

#include "base/map.h"
#include "pickle/node.h"

enum { BRN_MEMO_PAGE = 1024 };

struct brn_memo {
    struct brn_arena *arena;
    struct brn_node ***pages; /* of BRN_MEMO_PAGE entries each, by index; NULL is free */
    size_t page_count, page_capacity;
    struct brn_map far;          /* from the eight bytes of an index to its place in far_nodes */
    struct brn_node **far_nodes; /* NULL until the first far index */
    size_t far_count, far_capacity;
    uint64_t count; /* entries in all: MEMOIZE's next index */
};

void brn_memo_init(struct brn_memo *memo, struct brn_arena *arena);

/* False when memory is out. */
bool brn_memo_put(struct brn_memo *memo, uint64_t index, struct brn_node *node);

struct brn_node *brn_memo_get_far(const struct brn_memo *memo, uint64_t index);

/* NULL when nothing was put there. */
static inline struct brn_node *brn_memo_get(const struct brn_memo *memo, uint64_t index)
{
    if (index < memo->page_count * BRN_MEMO_PAGE) {
        struct brn_node *node = memo->pages[index / BRN_MEMO_PAGE][index % BRN_MEMO_PAGE];
        if (node)
            return node;
    }
    return memo->far_count ? brn_memo_get_far(memo, index) : NULL;
}

#endif
