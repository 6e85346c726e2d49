/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_flatbuffer.h"

/* The n bytes at a place, or NULL and the error. */
static const uint8_t *bytes_at(struct brn_flatbuffer *f, uint64_t at, uint64_t n)
{
    if (f->error.status != BRINE_OK)
        return NULL;
    if (at <= f->bytes.n && n <= f->bytes.n - at)
        return f->bytes.p + at;
    brn_fail_at(&f->error, BRINE_FORMAT, at, "the data ends early: %llu bytes should stand here",
                (unsigned long long)n);
    return NULL;
}

static uint64_t load(struct brn_flatbuffer *f, uint64_t at, size_t size)
{
    const uint8_t *p = bytes_at(f, at, size);
    return p ? brn_load_le(p, size) : 0;
}

static struct brn_flat_table table_at(struct brn_flatbuffer *f, uint64_t at)
{
    int64_t back = (int32_t)(uint32_t)load(f, at, 4);
    struct brn_flat_table t = {at, 0, 0};
    if (f->error.status != BRINE_OK)
        return (struct brn_flat_table){0, 0, 0};
    if (back > (int64_t)at) {
        brn_fail_at(&f->error, BRINE_FORMAT, at, "a table's fields lie outside the data");
        return (struct brn_flat_table){0, 0, 0};
    }
    t.vtable = (uint64_t)((int64_t)at - back);
    t.vtable_size = (uint32_t)load(f, t.vtable, 2);
    if (!bytes_at(f, t.vtable, t.vtable_size))
        return (struct brn_flat_table){0, 0, 0};
    return t;
}

struct brn_flat_table brn_flat_root(struct brn_flatbuffer *f)
{
    return table_at(f, load(f, 0, 4));
}

/* The place of a field, or 0. */
static uint64_t field_at(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field)
{
    uint64_t entry = 4 + 2 * (uint64_t)field;
    if (t.at == 0 || entry + 2 > t.vtable_size)
        return 0;
    uint64_t offset = load(f, t.vtable + entry, 2);
    return offset ? t.at + offset : 0;
}

int32_t brn_flat_int(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                     int32_t otherwise)
{
    uint64_t at = field_at(f, t, field);
    return at ? (int32_t)(uint32_t)load(f, at, 4) : otherwise;
}

uint8_t brn_flat_byte(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                      uint8_t otherwise)
{
    uint64_t at = field_at(f, t, field);
    return at ? (uint8_t)load(f, at, 1) : otherwise;
}

double brn_flat_double(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field,
                       double otherwise)
{
    uint64_t at = field_at(f, t, field);
    uint64_t bits = at ? load(f, at, 8) : 0;
    double value;
    memcpy(&value, &bits, sizeof value);
    return at ? value : otherwise;
}

struct brn_flat_table brn_flat_child(struct brn_flatbuffer *f, struct brn_flat_table t,
                                     uint32_t field)
{
    uint64_t at = field_at(f, t, field);
    return at ? table_at(f, at + load(f, at, 4)) : (struct brn_flat_table){0, 0, 0};
}

struct brn_flat_vector brn_flat_vector(struct brn_flatbuffer *f, struct brn_flat_table t,
                                       uint32_t field, size_t size)
{
    uint64_t at = field_at(f, t, field);
    if (!at)
        return (struct brn_flat_vector){NULL, 0, 0};
    at += load(f, at, 4);
    uint64_t count = load(f, at, 4);
    const uint8_t *p = bytes_at(f, at + 4, count * size);
    return (struct brn_flat_vector){p, at + 4, p ? (size_t)count : 0};
}

struct brn_slice brn_flat_text(struct brn_flatbuffer *f, struct brn_flat_table t, uint32_t field)
{
    struct brn_flat_vector v = brn_flat_vector(f, t, field, 1);
    return (struct brn_slice){v.p, v.count};
}

struct brn_flat_table brn_flat_item(struct brn_flatbuffer *f, struct brn_flat_vector v, size_t i)
{
    uint64_t at = v.at + 4 * (uint64_t)i;
    return table_at(f, at + load(f, at, 4));
}
