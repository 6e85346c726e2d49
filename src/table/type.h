/* SPDX-License-Identifier: Apache-2.0
 *
 * type.h - what is the same for every value of a type: one table. */
#ifndef BRN_TABLE_TYPE_H
#define BRN_TABLE_TYPE_H

#include "table/table.h"

struct brn_type_info {
    const char *name;
    const char *arrow;                   /* format string of the Arrow C Data Interface, or NULL */
    const char *numpy;                   /* kind and item size of numpy's type string, or NULL */
    uint8_t size;                        /* bytes of a value; 0: not fixed, or bits */
    uint8_t buffers;                     /* of an Arrow array */
    bool is_index;                       /* may be the codes of a dictionary */
    double (*number)(const void *value); /* NULL: not a number */
    int64_t (*integer)(const void *value); /* of is_index types; uint64 wraps */
};

/* By enum brn_type. */
extern const struct brn_type_info brn_types[];
enum { BRN_TYPE_COUNT = BRN_TYPE_LITERAL + 1 };

double brn_half_to_double(uint16_t half);

/* Where the value of a fixed-width column stands. */
static inline const void *brn_column_at(const struct brn_column *c, int64_t row)
{
    int64_t stride = c->stride ? c->stride : brn_types[c->type].size;
    return (const uint8_t *)c->values + stride * (row + c->offset);
}

/* The code of a DICTIONARY column's valid value. */
int64_t brn_column_code(const struct brn_column *c, int64_t row);

#endif
