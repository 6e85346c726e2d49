/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_ubjson.h - UBJSON, as XGBoost writes its models in it (src/common/json.cc, UBJWriter).
 *
 * Numbers are big-endian; strings and lengths are 'L' and an int64.  Values borrow the document's
 * bytes; a typed array stays as it lies there. */
#ifndef BRN_ESTIMATORS_BOOSTERS_UBJSON_H
#define BRN_ESTIMATORS_BOOSTERS_UBJSON_H

#include "base/arena.h"
#include "base/error.h"

enum brn_ubjson_kind {
    BRN_UBJSON_NULL,
    BRN_UBJSON_BOOL, /* integer */
    BRN_UBJSON_INTEGER,
    BRN_UBJSON_REAL,
    BRN_UBJSON_STRING, /* bytes */
    BRN_UBJSON_TYPED,  /* an array of count numbers of one type, in bytes */
    BRN_UBJSON_ARRAY,
    BRN_UBJSON_OBJECT
};

struct brn_ubjson {
    uint8_t kind; /* enum brn_ubjson_kind */
    char type;    /* of TYPED: d D i U I l L */
    struct brn_slice key;
    struct brn_slice bytes;
    int64_t integer;
    double real;
    size_t count;                          /* of TYPED, ARRAY and OBJECT */
    const struct brn_ubjson *first, *next; /* of ARRAY and OBJECT; beside it */
    struct brn_ubjson *last, *parent;      /* while reading */
    int64_t left;                          /* values still to come, or -1: up to its end mark */
};

/* The whole document is one value.  Nothing is recursive; objects are nested 64 deep at most. */
brine_status brn_ubjson_read(struct brn_slice document, struct brn_arena *arena,
                             const struct brn_ubjson **ret_value, brine_error *err);

/* The same values from JSON text: releases 1.3 to 1.5 wrote that. */
brine_status brn_ubjson_read_json(struct brn_slice document, struct brn_arena *arena,
                                  const struct brn_ubjson **ret_value, brine_error *err);

/* NULL when the object is NULL, none, or has no such member. */
const struct brn_ubjson *brn_ubjson_get(const struct brn_ubjson *object, const char *key);

/* The text of a STRING; an empty slice with p NULL for anything else. */
struct brn_slice brn_ubjson_text(const struct brn_ubjson *value);

/* A whole number, also one that is written as a string ("12").  False for anything else. */
bool brn_ubjson_integer(const struct brn_ubjson *value, int64_t *ret_value);

/* All numbers of an array, typed or not; in the arena.  BRINE_MODEL when it is no array of count
 * numbers.  Reals are float32 values: XGBoost keeps no others. */
brine_status brn_ubjson_integers(const struct brn_ubjson *array, size_t count,
                                 struct brn_arena *arena, int64_t **ret_values, brine_error *err);
brine_status brn_ubjson_reals(const struct brn_ubjson *array, size_t count, struct brn_arena *arena,
                              double **ret_values, brine_error *err);

/* The number of elements of an array; 0 for anything else. */
size_t brn_ubjson_count(const struct brn_ubjson *array);

#endif
