/* SPDX-License-Identifier: Apache-2.0
 *
 * numpy.h - numpy's arrays, dtypes and scalars of every era, seen in the nodes that would make
 * them.
 *
 * Forms: _reconstruct + state, _frombuffer of 4 or 5 arguments, joblib's NumpyArrayWrapper with the
 * raw bytes behind it, NDArrayWrapper and ZNDArrayWrapper with their companions,
 * numpy.core.multiarray.scalar; numpy.core and numpy._core; formats.md 2.5. */
#ifndef BRN_PICKLE_NUMPY_H
#define BRN_PICKLE_NUMPY_H

#include "pickle/node.h"

enum { BRN_MAX_DIMENSIONS = 64 };

struct brn_dtype {
    char kind;         /* numpy's: b i u f c O S U V M m, 'T' for StringDType */
    bool swapped;      /* big-endian (the machine that we run on is little-endian) */
    bool has_objects;  /* kind 'O', or a record with an object field */
    uint32_t itemsize; /* bytes; of 'O' 8 */
    /* records (kind V): */
    size_t field_count;
    struct brn_dtype_field *fields;
    /* sub-array: */
    const struct brn_dtype *base; /* NULL when none */
    uint32_t base_count;
};

struct brn_dtype_field {
    struct brn_slice name;
    uint32_t offset;
    struct brn_dtype type;
};

struct brn_array {
    struct brn_dtype dtype;
    uint32_t dimensions;
    uint64_t shape[BRN_MAX_DIMENSIONS];
    uint64_t strides[BRN_MAX_DIMENSIONS];  /* bytes of data; elements of objects */
    uint64_t count;                        /* product of shape */
    struct brn_slice data;                 /* when !dtype.has_objects: count * itemsize bytes */
    const struct brn_node *const *objects; /* when dtype.kind is 'O': count nodes */
};

/* joblib's stand-ins for arrays. */
enum brn_wrapper {
    BRN_NO_WRAPPER,
    BRN_WRAPPER_STREAM, /* NumpyArrayWrapper: the bytes follow its BUILD */
    BRN_WRAPPER_NPY,    /* NDArrayWrapper: a companion .npy file */
    BRN_WRAPPER_NPY_Z,  /* ZNDArrayWrapper: a companion Z-file of raw bytes */
};
enum brn_wrapper brn_node_wrapper(const struct brn_node *n);

/* Shape and dtype that a NumpyArrayWrapper's or ZNDArrayWrapper's state declares, without its data:
 * joblib/ asks before it takes the bytes.  *ret_bytes is count * itemsize, 0 when the dtype has
 * objects. */
brine_status brn_wrapper_layout(const struct brn_node *n, struct brn_arena *arena,
                                struct brn_array *ret_array, uint64_t *ret_bytes, brine_error *err);

/* Whether the node would make an ndarray (or matrix or memmap). */
bool brn_node_is_array(const struct brn_node *n);

/* The array that the node would make.  Sizes are checked against the data.  Descriptions of dtypes
 * are allocated in arena; data is borrowed from the graph. */
brine_status brn_node_array(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_array *ret_array, brine_error *err);

/* The dtype that a numpy.dtype(...) node would make. */
brine_status brn_node_dtype(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_dtype *ret_dtype, brine_error *err);

/* numpy.core.multiarray.scalar, or a Python bool, int or float: as an array of no dimensions. */
brine_status brn_node_scalar(const struct brn_node *n, struct brn_arena *arena,
                             struct brn_array *ret_array, brine_error *err);

/* Whether the elements lie in C order without gaps. */
bool brn_array_is_contiguous(const struct brn_array *array);

/* Element number i in C order, wherever it lies. */
const uint8_t *brn_array_element(const struct brn_array *array, uint64_t i);

/* A whole numeric array (kinds b i u f) as float64 in C order, in the arena.  Integers beyond 2^53
 * are rounded as numpy rounds them; float128 and complex are refused. */
brine_status brn_array_doubles(const struct brn_array *array, struct brn_arena *arena,
                               double **ret_values, brine_error *err);

/* One number at p of type dtype (kinds b i u f up to 8 bytes) as a double. */
double brn_dtype_number(const struct brn_dtype *dtype, const uint8_t *p);

/* One whole number at p of type dtype (kinds b i u); unsigned ones beyond 2^63 wrap. */
int64_t brn_dtype_integer(const struct brn_dtype *dtype, const uint8_t *p);

/* One text of kind U (UTF-32) or S at p, as UTF-8 in the arena; trailing NULs are no part of it. */
brine_status brn_dtype_text(const struct brn_dtype *dtype, const uint8_t *p,
                            struct brn_arena *arena, struct brn_slice *ret_text, brine_error *err);

/* "float64 (2, 3)", "object (5,)", "record of 8 fields (127,)"; of an array that cannot be read,
 * why. Needs memory for the dtype: without it the text is shorter. */
void brn_array_describe(const struct brn_node *n, char *out, size_t size);

/* "float64", "<U5", "record of 8 fields"…, as numpy names it. */
void brn_dtype_describe(const struct brn_dtype *dtype, char *out, size_t size);

#endif
