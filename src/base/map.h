/* SPDX-License-Identifier: Apache-2.0
 *
 * map.h - from byte strings to dense numbers 0, 1, 2… in the order of insertion.
 *
 * Keys may be chosen by an attacker: the hash is keyed per map from its address and a process-wide
 * seed, and the keys are borrowed, not copied.  One writer; any number of readers afterwards. */
#ifndef BRN_MAP_H
#define BRN_MAP_H

#include "base/arena.h"

#define BRN_MAP_NONE UINT32_MAX

struct brn_map {
    struct brn_arena *arena;
    struct brn_map_entry {
        struct brn_slice key;
        uint64_t hash;
    } * entries;     /* by number */
    uint32_t *slots; /* open addressing; number + 1, 0 is free */
    size_t count, capacity, slot_count;
    uint64_t seed;
};

void brn_map_init(struct brn_map *map, struct brn_arena *arena);

/* The key's number, or BRN_MAP_NONE. */
uint32_t brn_map_find(const struct brn_map *map, struct brn_slice key);

/* The key's number, new or old; BRN_MAP_NONE when memory is out.  The key must outlive the map. */
uint32_t brn_map_add(struct brn_map *map, struct brn_slice key);

#endif
