/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_flatbuffer.h - FlatBuffers that nobody vouches for (https://flatbuffers.dev, internals).
 *
 * A table has a vtable of offsets, by field number; a vector its length in front.  Every place is
 * checked before it is read: a reader with an error gives zeros and empty vectors. */
#ifndef BRN_ESTIMATORS_BOOSTERS_FLATBUFFER_H
#define BRN_ESTIMATORS_BOOSTERS_FLATBUFFER_H

#include "base/reader.h"

struct brn_flatbuffer {
    struct brn_slice bytes;
    brine_error error; /* sticky; .status is BRINE_OK until a failure */
};

/* A table's place; 0: there is none. */
struct brn_flat_table {
    uint64_t at, vtable;
    uint32_t vtable_size;
};

/* count elements of the size that was asked for. */
struct brn_flat_vector {
    const uint8_t *p;
    uint64_t at; /* of the first element */
    size_t count;
};

struct brn_flat_table brn_flat_root(struct brn_flatbuffer *f);

/* Fields by number; what is absent is the default, an empty vector, or a table at 0. */
int32_t brn_flat_int(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                     int32_t otherwise);
uint8_t brn_flat_byte(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                      uint8_t otherwise);
double brn_flat_double(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                       double otherwise);
struct brn_slice brn_flat_text(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field);
struct brn_flat_table brn_flat_child(struct brn_flatbuffer *f, struct brn_flat_table t,
                                     uint32_t field);
struct brn_flat_vector brn_flat_vector(struct brn_flatbuffer *f, struct brn_flat_table t,
                                       uint32_t field, size_t size);

/* Table i of a vector of tables (size 4). */
struct brn_flat_table brn_flat_item(struct brn_flatbuffer *f, struct brn_flat_vector v, size_t i);

#endif
