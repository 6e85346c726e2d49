/* SPDX-License-Identifier: Apache-2.0
 *
 * numpy.dtype(...) nodes: numpy/_core/src/multiarray/descriptor.c, arraydescr_setstate. */
#include "pickle/dtype.h"
#include "base/reader.h"

enum { MAX_NESTING = 16, MAX_FIELDS = 100000, MAX_ITEMSIZE = 1 << 30 };

struct dtype_reading {
    struct brn_arena *arena;
    brine_error *err;
    uint64_t offset; /* of the outermost dtype */
    uint32_t nesting, fields;
};

static brine_status read_dtype(struct dtype_reading *d, const struct brn_node *n,
                               struct brn_dtype *ret);

static brine_status bad(const struct dtype_reading *d, const char *what)
{
    return brn_fail_at(d->err, BRINE_FORMAT, d->offset, "a numpy dtype %s", what);
}

static brine_status no_memory(const struct dtype_reading *d)
{
    return brn_fail_memory(d->err);
}

/* ---- type strings ---- */

/* Sizes that a kind may have, a bit a size; flexible kinds have none. */
static const struct kind_row {
    char letter, kind;
    uint64_t sizes;
    uint8_t unit; /* bytes a count stands for */
} kinds[] = {
    {'b', 'b', 1u << 1, 1},
    {'?', 'b', 1u << 1, 1},
    {'i', 'i', 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8, 1},
    {'u', 'u', 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8, 1},
    {'f', 'f', 1u << 2 | 1u << 4 | 1u << 8 | 1u << 12 | 1u << 16, 1},
    {'c', 'c', 1u << 8 | 1u << 16 | 1u << 24 | UINT64_C(1) << 32, 1},
    {'M', 'M', 1u << 8, 1},
    {'m', 'm', 1u << 8, 1},
    {'O', 'O', 1u << 4 | 1u << 8, 1},
    {'S', 'S', 0, 1},
    {'a', 'S', 0, 1},
    {'U', 'U', 0, 4},
    {'V', 'V', 0, 1},
};

static const struct kind_row *find_kind(uint8_t letter)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((uint8_t)kinds[i].letter == letter)
            return &kinds[i];
    return NULL;
}

static bool read_count(struct brn_slice digits, uint32_t *ret_count)
{
    uint32_t count = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9' || count > MAX_ITEMSIZE / 10)
            return false;
        count = count * 10 + (digits.p[i] - '0');
    }
    *ret_count = count;
    return true;
}

/* A unit behind M8 and m8, "[ns]", says nothing about the layout. */
static struct brn_slice without_unit(struct brn_slice s)
{
    const uint8_t *bracket = s.n ? memchr(s.p, '[', s.n) : NULL;
    return (struct brn_slice){s.p, bracket ? (size_t)(bracket - s.p) : s.n};
}

bool brn_dtype_parse(struct brn_slice text, struct brn_dtype *ret)
{
    uint32_t count = 0;
    *ret = (struct brn_dtype){0};
    if (text.n && memchr("<>=|", text.p[0], 4)) {
        ret->swapped = text.p[0] == '>';
        text = (struct brn_slice){text.p + 1, text.n - 1};
    }
    const struct kind_row *row = text.n ? find_kind(text.p[0]) : NULL;
    if (!row || !read_count(without_unit((struct brn_slice){text.p + 1, text.n - 1}), &count))
        return false;
    if (row->letter == '?' && count == 0)
        count = 1;
    if (row->letter == 'O' && count == 0)
        count = 8;
    if (row->sizes && (count > 32 || !(row->sizes >> count & 1)))
        return false;
    if (count > MAX_ITEMSIZE / row->unit)
        return false;
    ret->kind = row->kind;
    ret->itemsize = row->kind == 'O' ? 8 : count * row->unit;
    ret->has_objects = row->kind == 'O';
    return true;
}

/* ---- state ---- */

struct dtype_state {
    int64_t version;
    const struct brn_node *order, *subarray, *names, *fields, *itemsize;
    const struct brn_node *flags; /* of version 3 and 4; numpy computes those of older ones */
};

/* Where the items stand, by length of the tuple. */
static bool split_state(const struct brn_node *t, struct dtype_state *ret)
{
    size_t n = brn_node_count(t), at = n > 5 ? 1 : 0;
    const struct brn_node *version = brn_node_item(t, 0);
    if (!brn_is(t, BRN_TUPLE) || n < 5 || n > 9 || (at && !brn_is(version, BRN_INT)))
        return false;
    ret->version = at ? version->as.integer : 0;
    ret->flags = brn_node_item(t, 7);
    ret->order = brn_node_item(t, at);
    ret->subarray = brn_node_item(t, at + 1);
    ret->names = n >= 7 ? brn_node_item(t, at + 2) : &brn_nil;
    ret->fields = brn_node_item(t, at + (n >= 7 ? 3 : 2));
    ret->itemsize = brn_node_item(t, at + (n >= 7 ? 4 : 3));
    return true;
}

static bool is_flexible(char kind)
{
    return kind == 'S' || kind == 'U' || kind == 'V';
}

static brine_status read_itemsize(struct dtype_reading *d, const struct brn_node *n,
                                  struct brn_dtype *ret)
{
    if (!brn_is(n, BRN_INT))
        return bad(d, "without an item size");
    if (!is_flexible(ret->kind))
        return BRINE_OK;
    if (n->as.integer < 0 || n->as.integer > MAX_ITEMSIZE)
        return bad(d, "with an impossible item size");
    ret->itemsize = (uint32_t)n->as.integer;
    return BRINE_OK;
}

/* Names of versions 0 and 1 stand in the fields, under the key -1. */
static const struct brn_node *names_of(const struct dtype_state *s)
{
    if (brn_is(s->names, BRN_TUPLE))
        return s->names;
    const struct brn_items *items = &s->fields->as.items;
    for (size_t i = 0; brn_is(s->fields, BRN_DICT) && i + 1 < items->count; i += 2)
        if (brn_is(items->at[i], BRN_INT) && items->at[i]->as.integer == -1)
            return items->at[i + 1];
    return &brn_nil;
}

static const struct brn_node *field_named(const struct brn_node *fields, struct brn_slice name)
{
    const struct brn_items *items = &fields->as.items;
    for (size_t i = items->count; brn_is(fields, BRN_DICT) && i >= 2; i -= 2) {
        struct brn_slice key = brn_node_text(items->at[i - 2]);
        if (key.p && brn_slice_equal(key, name))
            return items->at[i - 1];
    }
    return &brn_nil;
}

static brine_status read_field(struct dtype_reading *d, const struct brn_node *fields,
                               const struct brn_node *name, uint32_t itemsize,
                               struct brn_dtype_field *ret)
{
    ret->name = brn_node_text(name);
    if (!ret->name.p)
        return bad(d, "with a field whose name is no text");
    const struct brn_node *field = field_named(fields, ret->name);
    const struct brn_node *offset = brn_node_item(field, 1);
    if (!brn_is(offset, BRN_INT))
        return bad(d, "with a field that is not described");
    BRN_TRY(read_dtype(d, brn_node_item(field, 0), &ret->type));
    if (offset->as.integer < 0 || ret->type.itemsize > itemsize ||
        offset->as.integer > (int64_t)(itemsize - ret->type.itemsize))
        return bad(d, "with a field outside its record");
    ret->offset = (uint32_t)offset->as.integer;
    return BRINE_OK;
}

static brine_status read_fields(struct dtype_reading *d, const struct dtype_state *s,
                                struct brn_dtype *ret)
{
    const struct brn_node *names = names_of(s);
    size_t count = brn_node_count(names);
    if (count > MAX_FIELDS - d->fields)
        return bad(d, "with too many fields");
    d->fields += (uint32_t)count;
    ret->fields = BRN_NEW(d->arena, struct brn_dtype_field, count);
    if (!ret->fields)
        return no_memory(d);
    ret->field_count = count;
    for (size_t i = 0; i < count; i++) {
        BRN_TRY(read_field(d, s->fields, brn_node_item(names, i), ret->itemsize, &ret->fields[i]));
        ret->has_objects |= ret->fields[i].type.has_objects;
    }
    return BRINE_OK;
}

/* (base, shape) with the shape a tuple or one number. */
static brine_status read_subarray(struct dtype_reading *d, const struct brn_node *subarray,
                                  struct brn_dtype *ret)
{
    struct brn_dtype *base = BRN_NEW(d->arena, struct brn_dtype, 1);
    const struct brn_node *shape = brn_node_item(subarray, 1);
    bool single = brn_is(shape, BRN_INT);
    uint64_t count = 1, bytes;
    if (!base)
        return no_memory(d);
    BRN_TRY(read_dtype(d, brn_node_item(subarray, 0), base));
    for (size_t i = 0; i < (single ? 1 : brn_node_count(shape)); i++) {
        const struct brn_node *side = single ? shape : brn_node_item(shape, i);
        if (!brn_is(side, BRN_INT) || side->as.integer < 0 ||
            __builtin_mul_overflow(count, (uint64_t)side->as.integer, &count))
            return bad(d, "with an impossible sub-array");
    }
    if (__builtin_mul_overflow(count, base->itemsize, &bytes) || bytes != ret->itemsize)
        return bad(d, "whose sub-array does not fill it");
    if (count > UINT32_MAX)
        return bad(d, "with an impossible sub-array");
    ret->base = base;
    ret->base_count = (uint32_t)count;
    ret->has_objects |= base->has_objects;
    return BRINE_OK;
}

/* numpy believes the flags of a state, and joblib asks them whether the elements are pickled:
 * another answer than the type's own would have it take an array's bytes for opcodes. */
static bool is_honest(const struct dtype_state *s, bool has_objects)
{
    enum { NPY_ITEM_REFCOUNT = 1, NEWEST = 4 };
    if (s->version < 0 || s->version > NEWEST)
        return false;
    if (s->version < 3)
        return true;
    return brn_is(s->flags, BRN_INT) &&
           (bool)(s->flags->as.integer & NPY_ITEM_REFCOUNT) == has_objects;
}

static brine_status read_state(struct dtype_reading *d, const struct brn_node *state,
                               struct brn_dtype *ret)
{
    struct dtype_state s;
    if (!split_state(state, &s))
        return bad(d, "with a state that is not understood");
    struct brn_slice order = brn_node_text(s.order);
    if (order.n == 1)
        ret->swapped = order.p[0] == '>';
    BRN_TRY(read_itemsize(d, s.itemsize, ret));
    if (brn_is(s.fields, BRN_DICT))
        BRN_TRY(read_fields(d, &s, ret));
    if (brn_is(s.subarray, BRN_TUPLE))
        BRN_TRY(read_subarray(d, s.subarray, ret));
    if (!is_honest(&s, ret->has_objects))
        return bad(d, "with flags that are not its type's");
    return BRINE_OK;
}

/* ---- the node ---- */

static bool is_string_dtype(const struct brn_node *callable)
{
    return brn_node_is_global(callable, "numpy._core._internal", "_convert_to_stringdtype_kwargs");
}

/* numpy.dtype(numpy.record, …): a record, whose state tells the rest. */
static bool parse_first(const struct brn_node *first, struct brn_dtype *ret)
{
    *ret = (struct brn_dtype){.kind = 'V'};
    if (brn_node_is_global(first, "numpy", "record"))
        return true;
    struct brn_slice text = brn_node_text(first);
    return text.p && brn_dtype_parse(text, ret);
}

static brine_status read_object(struct dtype_reading *d, const struct brn_node *n,
                                struct brn_dtype *ret)
{
    const struct brn_object *o = n->as.object;
    if (is_string_dtype(o->callable)) {
        *ret = (struct brn_dtype){.kind = 'T', .has_objects = true, .itemsize = 16};
        return BRINE_OK;
    }
    if (!brn_node_is_global(o->callable, "numpy", "dtype"))
        return bad(d, "is expected here");
    if (!parse_first(brn_node_item(o->args, 0), ret))
        return bad(d, "of a type that is not known");
    if (o->states.count > 1)
        return bad(d, "with two states");
    return o->states.count ? read_state(d, o->states.at[0], ret) : BRINE_OK;
}

static brine_status read_dtype(struct dtype_reading *d, const struct brn_node *n,
                               struct brn_dtype *ret)
{
    if (!brn_is(n, BRN_OBJECT))
        return bad(d, "is expected here");
    if (d->nesting == MAX_NESTING)
        return bad(d, "nested too deeply");
    d->nesting++;
    brine_status status = read_object(d, n, ret);
    d->nesting--;
    return status;
}

brine_status brn_node_dtype(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_dtype *ret_dtype, brine_error *err)
{
    struct dtype_reading d = {.arena = arena, .err = err, .offset = n ? n->offset : BRINE_NOWHERE};
    struct brn_dtype dtype;
    BRN_TRY(read_dtype(&d, n, &dtype));
    *ret_dtype = dtype;
    return BRINE_OK;
}
