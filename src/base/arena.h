/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h - memory that dies together, with a budget.
 *
 * Everything that one file makes us allocate comes from one arena, so that the budget is enforced
 * in one place and freeing is one call.  One thread at a time. */
#ifndef BRN_ARENA_H
#define BRN_ARENA_H

#include "base/slice.h"

struct brn_arena_block;

struct brn_arena {
    struct brn_arena_block *blocks; /* newest first */
    uint8_t *at, *end;              /* free part of the newest */
    uint64_t used, limit;           /* bytes taken from malloc, and the most that may be */
    bool over_limit;                /* the last NULL was the budget's, not malloc's */
};

/* limit 0 means none.  Allocates nothing. */
void brn_arena_init(struct brn_arena *arena, uint64_t limit);
void brn_arena_free(struct brn_arena *arena);

/* count objects of size bytes, zeroed, aligned to align (a power of two ≤ 64).  NULL when the
 * product overflows, the budget is reached or memory is out. */
void *brn_arena_alloc(struct brn_arena *arena, size_t count, size_t size, size_t align);

/* As realloc for the array of old_count at p (grows in place where it can); the new part is zeroed.
 */
void *brn_arena_grow(struct brn_arena *arena, void *p, size_t old_count, size_t new_count,
                     size_t size, size_t align);

/* A NUL-terminated copy. */
char *brn_arena_text(struct brn_arena *arena, struct brn_slice text);
char *brn_arena_printf(struct brn_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define BRN_NEW(arena, type, count) \
    ((type *)brn_arena_alloc((arena), (count), sizeof(type), _Alignof(type)))

/* Makes room for count + 1 in the growing array items (capacity doubles); false when it cannot. */
#define BRN_ARENA_RESERVE(arena, items, count, capacity)                                 \
    brn_arena_reserve((arena), (void **)&(items), (count), &(capacity), sizeof *(items), \
                      _Alignof(max_align_t))
bool brn_arena_reserve(struct brn_arena *arena, void **items, size_t count, size_t *capacity,
                       size_t size, size_t align);

#endif
