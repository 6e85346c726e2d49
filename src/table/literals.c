/* SPDX-License-Identifier: Apache-2.0 */
#include "table/literals.h"

#include "base/utf8.h"

#include <stdlib.h>

void brn_literals_init(struct brn_literals *l)
{
    *l = (struct brn_literals){.rows = 0};
    brn_arena_init(&l->names, 0);
    brn_arena_init(&l->texts, 0);
}

void brn_literals_free(struct brn_literals *l)
{
    free(l->slices);
    free(l->validity);
    free(l->quoted);
    brn_arena_free(&l->names);
    brn_arena_free(&l->texts);
}

brine_status brn_literals_add_column(struct brn_literals *l, struct brn_slice name,
                                     brine_error *err)
{
    if (!BRN_ARENA_RESERVE(&l->names, l->columns, l->count, l->column_capacity))
        return brn_fail_memory(err);
    char *copy = brn_arena_text(&l->names, name);
    if (!copy)
        return brn_fail_memory(err);
    l->columns[l->count++] = (struct brn_column){.name = copy, .type = BRN_TYPE_LITERAL};
    return BRINE_OK;
}

void brn_literals_clear(struct brn_literals *l)
{
    size_t bytes = l->count * ((size_t)l->capacity / 8);
    if (bytes) {
        memset(l->validity, 0, bytes);
        memset(l->quoted, 0, bytes);
    }
    brn_arena_free(&l->texts);
    l->rows = 0;
}

/* A column's part moves to its new place. */
static void *spread(const void *from, size_t columns, size_t old_size, size_t new_size)
{
    size_t total;
    if (__builtin_mul_overflow(columns, new_size, &total))
        return NULL;
    uint8_t *to = calloc(total ? total : 1, 1);
    for (size_t i = 0; to && from && i < columns; i++)
        memcpy(to + i * new_size, (const uint8_t *)from + i * old_size, old_size);
    return to;
}

brine_status brn_literals_reserve(struct brn_literals *l, brine_error *err)
{
    if (l->rows < l->capacity)
        return BRINE_OK;
    size_t old = (size_t)l->capacity, new = old ? old * 2 : 64;
    void *slices = spread(l->slices, l->count, old * sizeof *l->slices, new * sizeof *l->slices);
    void *validity = spread(l->validity, l->count, old / 8, new / 8);
    void *quoted = spread(l->quoted, l->count, old / 8, new / 8);
    if (!slices || !validity || !quoted) {
        free(slices);
        free(validity);
        free(quoted);
        return brn_fail_memory(err);
    }
    free(l->slices);
    free(l->validity);
    free(l->quoted);
    l->slices = slices;
    l->validity = validity;
    l->quoted = quoted;
    l->capacity = (int64_t) new;
    return BRINE_OK;
}

void brn_literals_drop_row(struct brn_literals *l)
{
    size_t row = (size_t)l->rows, bytes = (size_t)l->capacity / 8;
    uint8_t keep = (uint8_t) ~(1u << row % 8);
    for (size_t i = 0; row < (size_t)l->capacity && i < l->count; i++) {
        l->validity[i * bytes + row / 8] &= keep;
        l->quoted[i * bytes + row / 8] &= keep;
    }
}

struct brn_table brn_literals_table(struct brn_literals *l)
{
    size_t capacity = (size_t)l->capacity;
    for (size_t i = 0; i < l->count; i++) {
        struct brn_column *c = &l->columns[i];
        c->length = l->rows;
        if (capacity == 0)
            continue;
        c->slices = l->slices + i * capacity;
        c->validity = l->validity + i * (capacity / 8);
        c->quoted = l->quoted + i * (capacity / 8);
    }
    return (struct brn_table){l->rows, l->count, l->columns};
}

bool brn_literals_find_invalid(const struct brn_literals *l, int64_t *ret_row, size_t *ret_column)
{
    for (int64_t row = 0; row < l->rows; row++)
        for (size_t i = 0; i < l->count; i++) {
            struct brn_slice text;
            if (!brn_column_text(&l->columns[i], row, &text) || brn_utf8_valid(text) == text.n)
                continue;
            *ret_row = row;
            *ret_column = i;
            return true;
        }
    return false;
}
