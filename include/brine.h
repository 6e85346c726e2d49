/* SPDX-License-Identifier: Apache-2.0
 *
 * brine.h - read, check and run the models that scikit-learn pickled, without Python.
 *
 * Nothing in a file is ever run: opcodes only build inert nodes.
 *
 * Ownership  What a function returns through a ret_ argument belongs to the caller and ends with
 * the one function named in its comment; every such function accepts NULL.  Text reached through an
 * object lives as long as the object. Threads    A brine_file and a brine_model are immutable once
 * returned and may be shared by any number of threads. Errors     A function that can fail returns
 * a brine_status and leaves its ret_ arguments alone when it fails.  *reterr, when given, then says
 * what, where and why.  The library never logs, prints, exits or reads the environment. Tables Rows
 * go in and predictions come out as Arrow C Data: a struct schema and a struct array, one child a
 * column.  See arrow.apache.org/docs/format/CDataInterface.html. ABI        Before 1.0 any minor
 * version may change it.  From 1.0: functions are only added, numbers of enumerators never change,
 * and structs that a caller allocates start with their size, so that they can grow at the end.
 */
#ifndef BRINE_H
#define BRINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BRINE_VERSION_MAJOR 0
#define BRINE_VERSION_MINOR 1
#define BRINE_VERSION_PATCH 0

#if defined(__GNUC__)
#define BRINE_API __attribute__((visibility("default")))
#define BRINE_MUST_USE __attribute__((warn_unused_result))
#else
#define BRINE_API
#define BRINE_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Name, number and meaning.  Append, never renumber. */
#define BRINE_STATUS_MAP(X)                                                           \
    X(OK, 0, "success")                                                               \
    X(IO, 1, "the operating system refused a read or a write")                        \
    X(FORMAT, 2, "the bytes are not what the format asks for")                        \
    X(LIMIT, 3, "a limit of brine_options was reached")                               \
    X(UNSUPPORTED, 4, "well-formed, but brine does not run it")                       \
    X(MODEL, 5, "the model in the file contradicts itself")                           \
    X(UNPROVED, 6, "decoded, but not proved equal to the scikit-learn that wrote it") \
    X(INPUT, 7, "a row that the model refuses")                                       \
    X(NOMEM, 8, "out of memory")                                                      \
    X(USAGE, 9, "the caller broke a rule of this interface")

typedef enum brine_status {
#define X(name, number, text) BRINE_##name = number,
    BRINE_STATUS_MAP(X)
#undef X
} brine_status;

#define BRINE_NOWHERE UINT64_MAX

/* Filled by value, so that it works when memory is out. */
typedef struct brine_error {
    brine_status status;
    int sys_errno;     /* errno when status is BRINE_IO, else 0 */
    uint64_t offset;   /* byte of the (expanded) file that it is about, or BRINE_NOWHERE */
    uint64_t row;      /* row of the input that it is about, from 0, or BRINE_NOWHERE */
    char column[64];   /* column of the input, or "" */
    char path[192];    /* object in the file, e.g. "steps[1][1].coef_", or "" */
    char message[320]; /* one sentence, no newline */
} brine_error;

BRINE_API const char *brine_status_text(brine_status status);
BRINE_API const char *brine_version(void);

/* Limits on what one file may make the reader do.  Set size to sizeof(brine_options); zero in any
 * other field means its default. */
typedef struct brine_options {
    size_t size;
    uint64_t max_input_bytes;    /* of the file on disk; default 16 GiB */
    uint64_t max_expanded_bytes; /* after decompression; default 16 GiB */
    uint64_t max_ratio;          /* expanded over compressed, above 64 MiB; default 1000 */
    uint64_t max_memory;         /* for the graph, beside the bytes themselves; default 4 GiB */
    uint64_t max_nodes;          /* default 100 million */
    uint32_t max_depth;          /* nesting of containers; default 10,000, at most 1,000,000 */
    uint32_t max_digits;         /* decimal digits of one integer; default 4,300, as CPython */
    uint64_t max_array_bytes;    /* of all arrays together; default 16 GiB */
    bool map_file;               /* map instead of reading: the file must not shrink meanwhile */
} brine_options;

typedef struct brine_file brine_file;
typedef struct brine_model brine_model;

/* Arrow C Data Interface, as its specification gives it. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

/* Parse a pickle or joblib file, of any era and codec, into an inert graph.
 * options may be NULL.  End: brine_close(). */
BRINE_API BRINE_MUST_USE brine_status brine_open(const char *path, const brine_options *options,
                                                 brine_file **ret_file, brine_error *reterr);
BRINE_API void brine_close(brine_file *file);

/* How the rows of a model are to be predicted: scikit-learn's own method names. */
#define BRINE_METHOD_MAP(X)                      \
    X(PREDICT, 0, "predict")                     \
    X(PREDICT_PROBA, 1, "predict_proba")         \
    X(PREDICT_LOG_PROBA, 2, "predict_log_proba") \
    X(DECISION_FUNCTION, 3, "decision_function") \
    X(SCORE_SAMPLES, 4, "score_samples")         \
    X(TRANSFORM, 5, "transform")                 \
    X(INVERSE_TRANSFORM, 6, "inverse_transform")

typedef enum brine_method {
#define X(name, number, text) BRINE_METHOD_##name = number,
    BRINE_METHOD_MAP(X)
#undef X
        BRINE_METHOD_COUNT
} brine_method;

BRINE_API const char *brine_method_name(brine_method method);

/* Set size to sizeof(brine_model_options); zero or NULL elsewhere means the default. */
typedef struct brine_model_options {
    size_t size;
    bool allow_unproved;        /* run what is decoded, but not proved against its writer */
    const char *assume_version; /* for files without _sklearn_version, e.g. "0.17.1" */
    const char *until_step; /* stop a Pipeline before this step: predict as the steps ahead do */
    /* The user's reviewed mapping: function in the file, numpy function that it is, …, NULL;
     * e.g. {"pkg.log1p_col", "numpy.log1p", NULL} */
    const char *const *mappings;
} brine_model_options;

/* Decode and check the estimator at the root of the file and plan its predictions.  The model keeps
 * what it needs: the file may be closed.  options may be NULL.  End: brine_model_unref(). */
BRINE_API BRINE_MUST_USE brine_status brine_model_load(const brine_file *file,
                                                       const brine_model_options *options,
                                                       brine_model **ret_model,
                                                       brine_error *reterr);
BRINE_API brine_model *brine_model_ref(brine_model *model);
BRINE_API brine_model *brine_model_unref(brine_model *model); /* always NULL: m = unref(m) */

/* Whether the model has the method, as scikit-learn's own would. */
BRINE_API bool brine_model_has(const brine_model *model, brine_method method);

/* Columns that a row needs, in order; names are "x0", "x1"… when the model has none. */
BRINE_API size_t brine_model_feature_count(const brine_model *model);
BRINE_API const char *brine_model_feature_name(const brine_model *model, size_t index);

/* Predict every row of a table.  Columns are matched by name when the model knows names, by
 * position when it does not.  With null_refused, a row that the model refuses yields null; without,
 * the first such row ends the call with BRINE_INPUT and its row and column in *reterr. Outputs: one
 * child a column, as DESIGN names them (predict, predict_proba[CLASS], …). End: the release
 * callbacks of the two outputs. */
BRINE_API BRINE_MUST_USE brine_status
brine_predict(const brine_model *model, brine_method method, const struct ArrowSchema *schema,
              const struct ArrowArray *rows, bool null_refused, struct ArrowSchema *ret_schema,
              struct ArrowArray *ret_predictions, brine_error *reterr);

#ifdef __cplusplus
}
#endif
#endif /* BRINE_H */
