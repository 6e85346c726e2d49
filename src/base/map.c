/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdatomic.h>
#include <time.h>

static uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Keyed multiply-fold over eight bytes at a time (the scheme of wyhash). */
static uint64_t hash_bytes(struct brn_slice key, uint64_t seed)
{
    uint64_t h = seed ^ 0x9e3779b97f4a7c15u, word;
    const uint8_t *p = key.p;
    size_t n = key.n;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        h = mix(h ^ word, 0xe7037ed1a0b428dbu ^ seed);
    }
    word = 0;
    if (n)
        memcpy(&word, p, n);
    return mix(h ^ word, 0x8ebc6af09c88c6e3u ^ (seed + key.n));
}

static uint64_t fresh_seed(const void *salt)
{
    static atomic_uint_fast64_t counter;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t turn = atomic_fetch_add(&counter, 1);
    return mix((uint64_t)(uintptr_t)salt + turn, (uint64_t)now.tv_nsec * 0x2545f4914f6cdd1du + 1);
}

void brn_map_init(struct brn_map *map, struct brn_arena *arena)
{
    *map = (struct brn_map){.arena = arena, .seed = fresh_seed(map)};
}

static size_t find_slot(const struct brn_map *map, struct brn_slice key, uint64_t hash)
{
    size_t mask = map->slot_count - 1, at = (size_t)hash & mask;
    for (; map->slots[at]; at = (at + 1) & mask) {
        const struct brn_map_entry *e = &map->entries[map->slots[at] - 1];
        if (e->hash == hash && brn_slice_equal(e->key, key))
            break;
    }
    return at;
}

uint32_t brn_map_find(const struct brn_map *map, struct brn_slice key)
{
    if (map->slot_count == 0)
        return BRN_MAP_NONE;
    uint32_t number = map->slots[find_slot(map, key, hash_bytes(key, map->seed))];
    return number ? number - 1 : BRN_MAP_NONE;
}

static bool widen(struct brn_map *map)
{
    if (map->count * 2 < map->slot_count)
        return true;
    size_t wanted = map->slot_count ? map->slot_count * 2 : 16;
    uint32_t *slots = BRN_NEW(map->arena, uint32_t, wanted);
    if (!slots)
        return false;
    map->slots = slots;
    map->slot_count = wanted;
    for (size_t i = 0; i < map->count; i++)
        slots[find_slot(map, map->entries[i].key, map->entries[i].hash)] = (uint32_t)i + 1;
    return true;
}

uint32_t brn_map_add(struct brn_map *map, struct brn_slice key)
{
    if (map->count >= BRN_MAP_NONE - 1 || !widen(map))
        return BRN_MAP_NONE;
    uint64_t hash = hash_bytes(key, map->seed);
    size_t slot = find_slot(map, key, hash);
    if (map->slots[slot])
        return map->slots[slot] - 1;
    if (!BRN_ARENA_RESERVE(map->arena, map->entries, map->count, map->capacity))
        return BRN_MAP_NONE;
    map->entries[map->count] = (struct brn_map_entry){key, hash};
    map->slots[slot] = (uint32_t)++map->count;
    return (uint32_t)map->count - 1;
}
