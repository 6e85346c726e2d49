/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/memo.h"

enum { SLACK = 256 }; /* indices this far above twice the number of entries are still dense */

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

static bool widen(struct brn_memo *memo, uint64_t index)
{
    size_t wanted = memo->dense_capacity ? memo->dense_capacity * 2 : SLACK;
    while (wanted <= index)
        wanted *= 2;
    struct brn_node **wider =
        brn_arena_grow(memo->arena, memo->dense, memo->dense_capacity, wanted,
                       sizeof(struct brn_node *), _Alignof(struct brn_node *));
    if (!wider)
        return false;
    memo->dense = wider;
    memo->dense_capacity = wanted;
    return true;
}

bool brn_memo_put(struct brn_memo *memo, uint64_t index, struct brn_node *node)
{
    bool is_far = index >= memo->dense_capacity && index >= 2 * memo->count + SLACK;
    bool was_far = memo->far_count && brn_memo_get_far(memo, index);
    if (is_far || was_far)
        return put_far(memo, index, node);
    if (index >= memo->dense_capacity && !widen(memo, index))
        return false;
    memo->count += memo->dense[index] == NULL;
    memo->dense[index] = node;
    return true;
}
