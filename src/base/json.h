/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h - RFC 8259 JSON, in and out.
 *
 * In: a pull reader over one document, no allocation but a bounded scratch for escaped strings, and
 * a small tree built on top of it for configuration-sized documents.  Out: a writer into a
 * brn_buffer that places commas and escapes.  NaN, Infinity and -Infinity are refused unless asked
 * for. */
#ifndef BRN_JSON_H
#define BRN_JSON_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum brn_json_kind {
    BRN_JSON_END, /* of the document, and after any error */
    BRN_JSON_NULL,
    BRN_JSON_BOOL,
    BRN_JSON_NUMBER,
    BRN_JSON_STRING,
    BRN_JSON_ARRAY,      /* '[' */
    BRN_JSON_ARRAY_END,  /* ']' */
    BRN_JSON_OBJECT,     /* '{' */
    BRN_JSON_OBJECT_END, /* '}' */
};

/* ---- pull reader ---- */

struct brn_json {
    const uint8_t *begin, *at, *end;
    brine_error error; /* sticky; .offset is the byte */
    enum brn_json_kind kind;
    bool boolean;
    bool is_integer;  /* the number has no '.', 'e' and fits int64_t or uint64_t */
    bool is_negative; /* integer is an int64_t below 0, else a uint64_t */
    uint64_t integer; /* its bits */
    double number;    /* correctly rounded; set for every number */
    struct brn_slice
        text; /* STRING: unescaped UTF-8; NUMBER: as written.  Valid until the next call */
    struct brn_slice key; /* member name when inside an object, else empty.  Until the next call */
    bool allow_nan;       /* accept NaN, Infinity, -Infinity (and 'inf', 'nan') as numbers */
    uint32_t depth, max_depth;
    uint8_t *nesting;             /* caller's bytes, max_depth of them */
    struct brn_buffer scratch[2]; /* unescaped key and text */
    const uint8_t *value;         /* first byte of the value, or of the closing bracket */
    uint8_t expect;               /* internal */
};

/* nesting holds max_depth bytes and outlives the reader. */
void brn_json_init(struct brn_json *json, struct brn_slice document, uint8_t *nesting,
                   uint32_t max_depth);
void brn_json_free(struct brn_json *json);

/* The next event.  BRN_JSON_END once, after the whole document and nothing but white space behind
 * it, or on an error. */
enum brn_json_kind brn_json_next(struct brn_json *json);

/* Passes over the rest of the value whose first event was just returned. */
void brn_json_skip(struct brn_json *json);

/* ---- tree ---- */

struct brn_json_value {
    enum brn_json_kind kind; /* NULL BOOL NUMBER STRING ARRAY OBJECT */
    bool boolean, is_integer, is_negative;
    uint64_t integer;
    double number;
    struct brn_slice text;        /* STRING; NUMBER as written */
    struct brn_json_value *items; /* ARRAY, OBJECT */
    struct brn_slice *keys;       /* OBJECT: keys[i] names items[i] */
    size_t count;
    uint64_t offset;       /* of its first byte, or its line when it came from YAML */
    uint32_t line, column; /* from 1 */
};

/* Duplicate member names are refused.  Everything is in the arena. */
brine_status brn_json_parse(struct brn_slice document, uint32_t max_depth, struct brn_arena *arena,
                            struct brn_json_value **ret_value, brine_error *err);

/* NULL when value is NULL, no object, or has no such member. */
const struct brn_json_value *brn_json_get(const struct brn_json_value *object, const char *key);

/* The text of a STRING, or otherwise. */
struct brn_slice brn_json_text(const struct brn_json_value *value, const char *otherwise);

/* ---- writer ---- */

struct brn_json_writer {
    struct brn_buffer *out;
    uint64_t has_items; /* a bit a level: a comma is due */
    uint32_t depth;     /* at most 64: an assertion, because what is written is ours */
    bool after_key;
    uint8_t indent; /* spaces a level; 0: one line */
};

void brn_json_begin_object(struct brn_json_writer *w);
void brn_json_end_object(struct brn_json_writer *w);
void brn_json_begin_array(struct brn_json_writer *w);
void brn_json_end_array(struct brn_json_writer *w);
void brn_json_key(struct brn_json_writer *w, const char *key);
void brn_json_key_slice(struct brn_json_writer *w, struct brn_slice key);
void brn_json_null(struct brn_json_writer *w);
void brn_json_bool(struct brn_json_writer *w, bool value);
void brn_json_int(struct brn_json_writer *w, int64_t value);
void brn_json_uint(struct brn_json_writer *w, uint64_t value);
/* Shortest text that reads back bit-equal; null for NaN and the infinities. */
void brn_json_double(struct brn_json_writer *w, double value);
/* A number that is written already, as JSON wants it. */
void brn_json_number(struct brn_json_writer *w, struct brn_slice text);
/* Bytes that are not UTF-8 are written as U+FFFD. */
void brn_json_slice(struct brn_json_writer *w, struct brn_slice text);
void brn_json_string(struct brn_json_writer *w, const char *text);
void brn_json_printf(struct brn_json_writer *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
