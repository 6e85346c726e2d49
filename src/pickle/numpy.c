/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/numpy.h"
#include "pickle/npy.h"

struct array_reading {
    const struct brn_node *node; /* the array's */
    struct brn_arena *arena;
    brine_error *err;
    struct brn_array *array;
};

static brine_status bad(const struct array_reading *r, const char *what)
{
    return brn_fail_at(r->err, BRINE_FORMAT, r->node->offset, "a numpy array %s", what);
}

/* ---- names ---- */

static bool is_core(const struct brn_node *global, const char *module, const char *name)
{
    static const char *const cores[] = {"numpy.core.", "numpy._core."};
    if (!brn_is(global, BRN_GLOBAL) || !brn_slice_is(global->as.global.name, name))
        return false;
    struct brn_slice m = global->as.global.module;
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(cores[i]);
        if (m.n > n && memcmp(m.p, cores[i], n) == 0 &&
            brn_slice_is((struct brn_slice){m.p + n, m.n - n}, module))
            return true;
    }
    return false;
}

static bool is_array_class(const struct brn_node *n)
{
    static const char *const classes[][2] = {{"numpy", "ndarray"},
                                             {"numpy", "matrix"},
                                             {"numpy", "memmap"},
                                             {"numpy.matrixlib.defmatrix", "matrix"},
                                             {"numpy.core.memmap", "memmap"},
                                             {"numpy._core.memmap", "memmap"}};
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (brn_node_is_global(n, classes[i][0], classes[i][1]))
            return true;
    return false;
}

static bool is_reconstruct(const struct brn_node *n)
{
    return is_core(n->as.object->callable, "multiarray", "_reconstruct") &&
           is_array_class(brn_node_item(n->as.object->args, 0));
}

static bool is_frombuffer(const struct brn_node *n)
{
    return is_core(n->as.object->callable, "numeric", "_frombuffer");
}

enum brn_wrapper brn_node_wrapper(const struct brn_node *n)
{
    static const char *const modules[] = {"joblib.numpy_pickle", "joblib.numpy_pickle_compat",
                                          "sklearn.externals.joblib.numpy_pickle",
                                          "sklearn.externals.joblib.numpy_pickle_compat"};
    static const struct {
        const char *name;
        enum brn_wrapper wrapper;
    } names[] = {{"NumpyArrayWrapper", BRN_WRAPPER_STREAM},
                 {"NDArrayWrapper", BRN_WRAPPER_NPY},
                 {"ZNDArrayWrapper", BRN_WRAPPER_NPY_Z}};
    const struct brn_node *class = brn_node_class(n);
    if (class->kind != BRN_GLOBAL)
        return BRN_NO_WRAPPER;
    for (size_t i = 0; i < 12; i++)
        if (brn_node_is_global(class, modules[i / 3], names[i % 3].name))
            return names[i % 3].wrapper;
    return BRN_NO_WRAPPER;
}

bool brn_node_is_array(const struct brn_node *n)
{
    if (!brn_is(n, BRN_OBJECT))
        return false;
    return is_reconstruct(n) || is_frombuffer(n) || brn_node_wrapper(n) != BRN_NO_WRAPPER;
}

/* ---- shape ---- */

static brine_status read_shape(struct array_reading *r, const struct brn_node *shape)
{
    struct brn_array *a = r->array;
    size_t n = brn_node_count(shape);
    if (!brn_is(shape, BRN_TUPLE) || n > BRN_MAX_DIMENSIONS)
        return bad(r, "with a shape that is not understood");
    a->dimensions = (uint32_t)n;
    a->count = 1;
    for (size_t i = 0; i < n; i++) {
        const struct brn_node *side = brn_node_item(shape, i);
        if (!brn_is(side, BRN_INT) || side->as.integer < 0)
            return bad(r, "with a side that is no length");
        a->shape[i] = (uint64_t)side->as.integer;
        if (__builtin_mul_overflow(a->count, a->shape[i], &a->count))
            return bad(r, "with more elements than can be counted");
    }
    return BRINE_OK;
}

/* Bytes of the whole array; of objects, its elements. */
static brine_status array_size(const struct array_reading *r, uint64_t *ret_size)
{
    uint64_t unit = r->array->dtype.has_objects ? 1 : r->array->dtype.itemsize;
    if (__builtin_mul_overflow(r->array->count, unit, ret_size))
        return bad(r, "with more bytes than can be counted");
    return BRINE_OK;
}

/* The product of the sides has been checked to fit. */
static void set_strides(struct brn_array *a, bool fortran)
{
    uint64_t stride = a->dtype.has_objects ? 1 : a->dtype.itemsize;
    for (uint32_t k = 0; k < a->dimensions; k++) {
        uint32_t i = fortran ? k : a->dimensions - 1 - k;
        a->strides[i] = stride;
        stride *= a->shape[i] ? a->shape[i] : 1;
    }
}

/* Of shape (0, 2^40, 2^40) the count is 0, but the strides would overflow: nothing lies anywhere.
 */
static void lay_out(struct brn_array *a, bool fortran)
{
    if (a->count)
        set_strides(a, fortran);
}

static bool is_true(const struct brn_node *n)
{
    return (brn_is(n, BRN_BOOL) && n->as.boolean) || (brn_is(n, BRN_INT) && n->as.integer != 0);
}

/* ---- data ---- */

static brine_status take_bytes(struct array_reading *r, struct brn_slice data)
{
    uint64_t size;
    BRN_TRY(array_size(r, &size));
    if (data.n != size)
        return brn_fail_at(r->err, BRINE_FORMAT, r->node->offset,
                           "a numpy array of %llu bytes has %zu bytes of data",
                           (unsigned long long)size, data.n);
    r->array->data = data;
    return BRINE_OK;
}

/* Python 2's str may come as text when a later Python has saved it again. */
static brine_status node_data(struct array_reading *r, const struct brn_node *n)
{
    struct brn_slice data;
    BRN_TRY(brn_node_bytes(n, r->arena, &data, r->err));
    return take_bytes(r, data);
}

/* A list, in C order whatever is said of the data's order. */
static brine_status take_objects(struct array_reading *r, const struct brn_node *list)
{
    if (!brn_is(list, BRN_LIST) || brn_node_count(list) != r->array->count)
        return bad(r, "whose objects are not as many as its shape says");
    r->array->objects = list->as.items.at;
    lay_out(r->array, false);
    return BRINE_OK;
}

static brine_status read_reconstruct(struct array_reading *r)
{
    const struct brn_items *states = &r->node->as.object->states;
    const struct brn_node *state = states->count == 1 ? states->at[0] : &brn_nil;
    size_t n = brn_node_count(state), at = n == 5 ? 1 : 0;
    if (!brn_is(state, BRN_TUPLE) || (n != 4 && n != 5))
        return bad(r, "with a state that is not understood");
    BRN_TRY(read_shape(r, brn_node_item(state, at)));
    BRN_TRY(brn_node_dtype(brn_node_item(state, at + 1), r->arena, &r->array->dtype, r->err));
    const struct brn_node *data = brn_node_item(state, at + 3);
    if (r->array->dtype.has_objects)
        return take_objects(r, data);
    BRN_TRY(node_data(r, data));
    lay_out(r->array, is_true(brn_node_item(state, at + 2)));
    return BRINE_OK;
}

/* ---- _frombuffer(buffer, dtype, shape, order[, axis_order]) ---- */

/* frombuffer.reshape(shape, "C").transpose(axes), numpy >= 2.3. */
static brine_status transpose(struct array_reading *r, const struct brn_node *axes)
{
    struct brn_array plain = *r->array;
    uint64_t seen = 0;
    if (brn_node_count(axes) != plain.dimensions)
        return bad(r, "with an axis order that does not match its shape");
    for (uint32_t i = 0; i < plain.dimensions; i++) {
        const struct brn_node *axis = brn_node_item(axes, i);
        if (!brn_is(axis, BRN_INT) || axis->as.integer < 0 ||
            axis->as.integer >= plain.dimensions || (seen >> axis->as.integer & 1))
            return bad(r, "with an axis order that is no permutation");
        seen |= UINT64_C(1) << axis->as.integer;
        r->array->shape[i] = plain.shape[axis->as.integer];
        r->array->strides[i] = plain.strides[axis->as.integer];
    }
    return BRINE_OK;
}

static brine_status read_frombuffer(struct array_reading *r)
{
    const struct brn_node *args = r->node->as.object->args;
    struct brn_slice order = brn_node_text(brn_node_item(args, 3));
    size_t n = brn_node_count(args);
    if (n < 4 || n > 5 || order.n != 1 || !memchr("CFK", order.p[0], 3))
        return bad(r, "with arguments that are not understood");
    BRN_TRY(brn_node_dtype(brn_node_item(args, 1), r->arena, &r->array->dtype, r->err));
    if (r->array->dtype.has_objects)
        return bad(r, "of objects in a buffer");
    BRN_TRY(read_shape(r, brn_node_item(args, 2)));
    BRN_TRY(node_data(r, brn_node_item(args, 0)));
    lay_out(r->array, order.p[0] == 'F');
    const struct brn_node *axes = brn_node_item(args, 4);
    if (order.p[0] != 'K')
        return BRINE_OK;
    return brn_is(axes, BRN_TUPLE) ? transpose(r, axes) : bad(r, "without its axis order");
}

/* ---- joblib's wrappers ---- */

static brine_status read_nested(struct array_reading *r)
{
    const struct brn_node *nested = r->node->as.object->nested;
    if (!brn_is(nested, BRN_OBJECT) || !is_reconstruct(nested))
        return bad(r, "of objects whose own pickle is not there");
    r->node = nested;
    return read_reconstruct(r);
}

static brine_status stream_layout(struct array_reading *r)
{
    struct brn_slice order = brn_node_text(brn_node_attribute(r->node, "order"));
    if (!brn_slice_is(order, "C") && !brn_slice_is(order, "F"))
        return bad(r, "in an order that is not understood");
    BRN_TRY(read_shape(r, brn_node_attribute(r->node, "shape")));
    BRN_TRY(
        brn_node_dtype(brn_node_attribute(r->node, "dtype"), r->arena, &r->array->dtype, r->err));
    lay_out(r->array, order.p[0] == 'F');
    return BRINE_OK;
}

/* The ndarray's own state without its data: (version, shape, dtype, is_fortran). */
static brine_status npy_z_layout(struct array_reading *r)
{
    const struct brn_node *state = brn_node_attribute(r->node, "state");
    if (!brn_is(state, BRN_TUPLE) || brn_node_count(state) != 4)
        return bad(r, "with a state that is not understood");
    BRN_TRY(read_shape(r, brn_node_item(state, 1)));
    BRN_TRY(brn_node_dtype(brn_node_item(state, 2), r->arena, &r->array->dtype, r->err));
    if (r->array->dtype.has_objects)
        return bad(r, "of objects in a Z-file");
    lay_out(r->array, is_true(brn_node_item(state, 3)));
    return BRINE_OK;
}

static brine_status read_stream(struct array_reading *r)
{
    BRN_TRY(stream_layout(r));
    if (r->array->dtype.has_objects)
        return read_nested(r);
    return take_bytes(r, r->node->as.object->raw);
}

static brine_status read_npy_z(struct array_reading *r)
{
    BRN_TRY(npy_z_layout(r));
    return take_bytes(r, r->node->as.object->raw);
}

/* The raw bytes are a whole .npy file. */
static brine_status read_npy(struct array_reading *r)
{
    struct brn_npy npy;
    BRN_TRY(brn_npy_header(r->node->as.object->raw, r->arena, &npy, r->err));
    *r->array = npy.array;
    if (npy.array.dtype.has_objects)
        return read_nested(r);
    BRN_TRY(take_bytes(r, npy.data));
    lay_out(r->array, npy.fortran);
    return BRINE_OK;
}

static brine_status wrapper_layout(struct array_reading *r)
{
    return brn_node_wrapper(r->node) == BRN_WRAPPER_NPY_Z ? npy_z_layout(r) : stream_layout(r);
}

brine_status brn_wrapper_layout(const struct brn_node *n, struct brn_arena *arena,
                                struct brn_array *ret_array, uint64_t *ret_bytes, brine_error *err)
{
    struct brn_array array = {0};
    struct array_reading r = {n, arena, err, &array};
    uint64_t size;
    BRN_TRY(wrapper_layout(&r));
    BRN_TRY(array_size(&r, &size));
    *ret_array = array;
    *ret_bytes = array.dtype.has_objects ? 0 : size;
    return BRINE_OK;
}

static brine_status read_array(struct array_reading *r)
{
    switch (brn_node_wrapper(r->node)) {
    case BRN_WRAPPER_STREAM:
        return read_stream(r);
    case BRN_WRAPPER_NPY:
        return read_npy(r);
    case BRN_WRAPPER_NPY_Z:
        return read_npy_z(r);
    case BRN_NO_WRAPPER:
        break;
    }
    return is_frombuffer(r->node) ? read_frombuffer(r) : read_reconstruct(r);
}

brine_status brn_node_array(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_array *ret_array, brine_error *err)
{
    struct brn_array array = {0};
    struct array_reading r = {n, arena, err, &array};
    if (!brn_node_is_array(n)) {
        char what[80];
        brn_node_describe(n, what, sizeof what);
        return brn_fail_at(err, BRINE_FORMAT, n ? n->offset : BRINE_NOWHERE,
                           "a numpy array is expected here, not a %s", what);
    }
    BRN_TRY(read_array(&r));
    *ret_array = array;
    return BRINE_OK;
}

/* ---- scalars ---- */

static brine_status python_scalar(const struct brn_node *n, struct brn_array *ret)
{
    char kind = n->kind == BRN_BOOL ? 'b' : n->kind == BRN_INT ? 'i' : 'f';
    uint32_t size = n->kind == BRN_BOOL ? 1 : 8;
    /* The host is little-endian, so that the value in the node is the data. */
    *ret = (struct brn_array){.dtype = {.kind = kind, .itemsize = size},
                              .count = 1,
                              .data = {(const uint8_t *)&n->as, size}};
    return BRINE_OK;
}

static brine_status numpy_scalar(struct array_reading *r)
{
    const struct brn_node *args = r->node->as.object->args;
    BRN_TRY(brn_node_dtype(brn_node_item(args, 0), r->arena, &r->array->dtype, r->err));
    r->array->count = 1;
    if (r->array->dtype.has_objects) {
        if (brn_node_count(args) != 2 || r->array->dtype.kind != 'O')
            return bad(r, "scalar that is not understood");
        r->array->objects = &args->as.items.at[1];
        return BRINE_OK;
    }
    return node_data(r, brn_node_item(args, 1));
}

brine_status brn_node_scalar(const struct brn_node *n, struct brn_arena *arena,
                             struct brn_array *ret_array, brine_error *err)
{
    struct brn_array array = {0};
    struct array_reading r = {n, arena, err, &array};
    if (brn_is(n, BRN_BOOL) || brn_is(n, BRN_INT) || brn_is(n, BRN_FLOAT))
        return python_scalar(n, ret_array);
    if (!brn_is(n, BRN_OBJECT) || !is_core(n->as.object->callable, "multiarray", "scalar")) {
        char what[80];
        brn_node_describe(n, what, sizeof what);
        return brn_fail_at(err, BRINE_FORMAT, n ? n->offset : BRINE_NOWHERE,
                           "a number is expected here, not a %s", what);
    }
    BRN_TRY(numpy_scalar(&r));
    *ret_array = array;
    return BRINE_OK;
}
