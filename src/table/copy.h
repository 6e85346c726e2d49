/* SPDX-License-Identifier: Apache-2.0
 *
 * copy.h - a table that depends on nothing but its arena. */
#ifndef BRN_TABLE_COPY_H
#define BRN_TABLE_COPY_H

#include "table/table.h"

/* A deep copy: packed, offset 0, names and dictionaries too. */
brine_status brn_table_copy(const struct brn_table *table, struct brn_arena *arena,
                            struct brn_table *ret_table, brine_error *err);

/* The parts of it, for those who lay out tables (NULL: memory or the budget is out).
 * Bits [offset, offset + length) from bit 0 on; the packed values of a fixed-width column; the
 * texts of a UTF8, LARGE_UTF8 or LITERAL column and the offsets of them, of 4 bytes for UTF8 and
 * else 8. */
uint8_t *brn_copy_bits(const uint8_t *bits, int64_t offset, int64_t length,
                       struct brn_arena *arena);
void *brn_copy_fixed(const struct brn_column *c, struct brn_arena *arena);
uint8_t *brn_copy_texts(const struct brn_column *c, struct brn_arena *arena, void **ret_offsets);

#endif
