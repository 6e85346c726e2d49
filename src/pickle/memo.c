/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/memo.h"

enum { SLACK = 1024 }; /* indices this far above twice the number of entries are still dense */

void brn_memo_init(struct brn_memo *memo, struct brn_arena *arena)
{
    *memo = (struct brn_memo){.arena = arena};
    brn_map_init(&memo->far, arena);
}

static struct brn_slice key_of(const uint64_t *index)
{
    return (struct brn_slice){(const uint8_t *)index, sizeof *index};
}

struct brn_node *brn_memo_get_far(const struct brn_memo *memo, uint64_t index)
{
    uint32_t place = brn_map_find(&memo->far, key_of(&index));
    return place == BRN_MAP_NONE ? NULL : memo->far_nodes[place];
}

static bool put_far(struct brn_memo *memo, uint64_t index, struct brn_node *node)
{
    uint32_t place = memo->far_count ? brn_map_find(&memo->far, key_of(&index)) : BRN_MAP_NONE;
    if (place != BRN_MAP_NONE) {
        memo->far_nodes[place] = node;
        return true;
    }
    uint64_t *key = BRN_NEW(memo->arena, uint64_t, 1);
    if (!key ||
        !BRN_ARENA_RESERVE(memo->arena, memo->far_nodes, memo->far_count, memo->far_capacity))
        return false;
    *key = index;
    if (brn_map_add(&memo->far, key_of(key)) == BRN_MAP_NONE)
        return false;
    memo->far_nodes[memo->far_count++] = node;
    memo->count++;
    return true;
}

static bool add_page(struct brn_memo *memo)
{
    if (!BRN_ARENA_RESERVE(memo->arena, memo->pages, memo->page_count, memo->page_capacity))
        return false;
    struct brn_node **page =
        brn_arena_alloc(memo->arena, BRN_MEMO_PAGE, sizeof *page, sizeof *page);
    if (!page)
        return false;
    memo->pages[memo->page_count++] = page;
    return true;
}

bool brn_memo_put(struct brn_memo *memo, uint64_t index, struct brn_node *node)
{
    uint64_t paged = (uint64_t)memo->page_count * BRN_MEMO_PAGE;
    bool is_far = index >= paged && index >= 2 * memo->count + SLACK;
    bool was_far = memo->far_count && brn_memo_get_far(memo, index);
    if (is_far || was_far)
        return put_far(memo, index, node);
    while (index >= (uint64_t)memo->page_count * BRN_MEMO_PAGE)
        if (!add_page(memo))
            return false;
    struct brn_node **place = &memo->pages[index / BRN_MEMO_PAGE][index % BRN_MEMO_PAGE];
    memo->count += *place == NULL;
    *place = node;
    return true;
}
