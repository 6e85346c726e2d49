/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Under AddressSanitizer the free part is poisoned and a gap is left after each object, because a
 * bump allocator hides overruns otherwise. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BRN_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define BRN_ASAN 1
#endif
#ifdef BRN_ASAN
#include <sanitizer/asan_interface.h>
#define GAP 16
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define GAP 0
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

struct brn_arena_block {
    struct brn_arena_block *next;
    size_t size; /* of the whole block */
};

enum { SMALLEST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, MAX_ALIGN = 64 };

void brn_arena_init(struct brn_arena *arena, uint64_t limit)
{
    *arena = (struct brn_arena){.limit = limit ? limit : UINT64_MAX};
}

void brn_arena_free(struct brn_arena *arena)
{
    for (struct brn_arena_block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        UNPOISON(b, b->size);
        free(b);
    }
    brn_arena_init(arena, arena->limit);
}

static size_t block_size(const struct brn_arena *arena, size_t need)
{
    size_t size = SMALLEST_BLOCK;
    while (size < LARGEST_BLOCK && size < arena->used)
        size *= 2;
    return need > size ? need : size;
}

static bool add_block(struct brn_arena *arena, size_t bytes)
{
    size_t need = bytes + sizeof(struct brn_arena_block) + MAX_ALIGN + GAP;
    if (need < bytes)
        return false;
    size_t size = block_size(arena, need);
    if (size > arena->limit - arena->used)
        size = need;
    if (size > arena->limit - arena->used) {
        arena->over_limit = true;
        return false;
    }
    struct brn_arena_block *b = malloc(size);
    if (!b) {
        arena->over_limit = false;
        return false;
    }
    *b = (struct brn_arena_block){arena->blocks, size};
    arena->blocks = b;
    arena->used += size;
    arena->at = (uint8_t *)(b + 1);
    arena->end = (uint8_t *)b + size;
    POISON(arena->at, (size_t)(arena->end - arena->at));
    return true;
}

static uint8_t *aligned(uint8_t *p, size_t align)
{
    return p + (-(uintptr_t)p & (align - 1));
}

static bool fits(const struct brn_arena *arena, size_t bytes, size_t align)
{
    if (!arena->at)
        return false;
    size_t left = (size_t)(arena->end - arena->at), skip = -(uintptr_t)arena->at & (align - 1);
    return left >= skip + GAP && left - skip - GAP >= bytes;
}

void *brn_arena_alloc(struct brn_arena *arena, size_t count, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    if (!fits(arena, bytes, align) && !add_block(arena, bytes))
        return NULL;
    uint8_t *p = aligned(arena->at, align);
    arena->at = p + bytes + GAP;
    UNPOISON(p, bytes);
    return memset(p, 0, bytes);
}

static bool is_newest(const struct brn_arena *arena, const uint8_t *p, size_t bytes)
{
    return arena->at && p + bytes + GAP == arena->at;
}

void *brn_arena_grow(struct brn_arena *arena, void *p, size_t old_count, size_t new_count,
                     size_t size, size_t align)
{
    size_t old_bytes = old_count * size, extra;
    if (new_count <= old_count)
        return p;
    if (__builtin_mul_overflow(new_count - old_count, size, &extra))
        return NULL;
    if (p && is_newest(arena, p, old_bytes) && (size_t)(arena->end - arena->at) >= extra) {
        uint8_t *tail = (uint8_t *)p + old_bytes;
        UNPOISON(tail, extra);
        memset(tail, 0, extra);
        arena->at += extra;
        return p;
    }
    void *moved = brn_arena_alloc(arena, new_count, size, align);
    if (moved && p && old_bytes)
        memcpy(moved, p, old_bytes);
    return moved;
}

bool brn_arena_reserve(struct brn_arena *arena, void **items, size_t count, size_t *capacity,
                       size_t size, size_t align)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity < 4 ? 4 : *capacity * 2;
    void *moved = brn_arena_grow(arena, *items, *capacity, wanted, size, align);
    if (!moved)
        return false;
    *items = moved;
    *capacity = wanted;
    return true;
}

char *brn_arena_text(struct brn_arena *arena, struct brn_slice text)
{
    char *copy = brn_arena_alloc(arena, text.n + 1, 1, 1);
    if (copy && text.n)
        memcpy(copy, text.p, text.n);
    return copy;
}

char *brn_arena_printf(struct brn_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = n < 0 ? NULL : brn_arena_alloc(arena, (size_t)n + 1, 1, 1);
    if (!text)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)n + 1, format, arguments);
    va_end(arguments);
    return text;
}
