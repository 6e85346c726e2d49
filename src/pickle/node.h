/* SPDX-License-Identifier: Apache-2.0
 *
 * node.h - the inert object graph that a pickle describes.
 *
 * No node is ever an imported or called thing: a GLOBAL is two names, and a call is an OBJECT that
 * remembers what would have been called with what.  The memo makes the graph a DAG and may make it
 * cyclic, so that whoever walks it keeps a visited set by node index.  Everything is owned by the
 * graph's arena or points into its bytes. */
#ifndef BRN_PICKLE_NODE_H
#define BRN_PICKLE_NODE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

enum brn_node_kind {
    BRN_NIL, /* what a failed look-up returns; never in a graph */
    BRN_NONE,
    BRN_BOOL,
    BRN_INT,  /* fits int64_t */
    BRN_LONG, /* does not: bytes are two's complement, little-endian */
    BRN_FLOAT,
    BRN_TEXT,   /* unicode: UTF-8, lone surrogates as three bytes (surrogatepass) */
    BRN_STRING, /* Python 2's str: bytes that may be text */
    BRN_BYTES,
    BRN_BYTEARRAY,
    BRN_TUPLE,
    BRN_LIST,
    BRN_DICT, /* items are key, value, key, value… in order; of equal keys the last counts */
    BRN_SET,
    BRN_FROZENSET,
    BRN_GLOBAL,     /* module and name, as the stream says them (Python 2 names not renamed) */
    BRN_OBJECT,     /* what a REDUCE, NEWOBJ, NEWOBJ_EX, OBJ or INST would have made */
    BRN_PERSISTENT, /* items[0] is its id */
    BRN_EXTENSION,  /* integer is its code */
    BRN_BUFFER,     /* NEXT_BUFFER: integer is its number */
};

enum brn_construct {
    BRN_BY_REDUCE,
    BRN_BY_NEWOBJ,
    BRN_BY_NEWOBJ_EX,
    BRN_BY_OBJ,
    BRN_BY_INST,
};

struct brn_node;

/* Growing, in the graph's arena. */
struct brn_items {
    const struct brn_node **at;
    size_t count, capacity;
};

struct brn_object {
    const struct brn_node *callable; /* nearly always a GLOBAL */
    const struct brn_node *args;     /* TUPLE (REDUCE of a hostile stream: anything) */
    const struct brn_node *kwargs;   /* NEWOBJ_EX's DICT, else NULL */
    enum brn_construct construct;
    struct brn_items states; /* of BUILD, in order; one at most from real picklers */
    struct brn_items items;  /* of APPEND(S) and ADDITEMS */
    struct brn_items pairs;  /* of SETITEM(S): key, value… */

    /* joblib's array wrappers: what stood behind the BUILD, or in the companion file. */
    struct brn_slice raw;          /* the array's bytes, as stored */
    const struct brn_node *nested; /* dtype object: root of the pickle that stood there */
};

struct brn_node {
    uint8_t kind;         /* enum brn_node_kind */
    uint32_t held : 1;    /* of the machine: some node holds this one */
    uint32_t height : 23; /* of the machine: nesting below it when it was filled */
    uint32_t index;       /* 0, 1, 2… in order of making; below graph->node_count */
    uint64_t offset;      /* of the opcode that made it, in the expanded bytes of its file */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct brn_slice bytes; /* TEXT STRING BYTES BYTEARRAY LONG */
        struct brn_items items; /* TUPLE LIST DICT SET FROZENSET PERSISTENT */
        struct {
            struct brn_slice module, name;
        } global;
        struct brn_object *object;
    } as;
};

enum brn_event_kind { BRN_EVENT_IMPORT, BRN_EVENT_CALL, BRN_EVENT_BUILD };

/* One import (GLOBAL, STACK_GLOBAL, INST) or call, in the order in which an unpickler would do it.
 */
struct brn_event {
    enum brn_event_kind kind;
    const struct brn_node *node; /* the GLOBAL, or the OBJECT called or built upon */
    uint64_t offset;
    bool beside; /* in a companion file, whose offsets are its own */
};

/* What part of the expanded bytes is what; segments are in order and cover them all. */
enum brn_segment_kind {
    BRN_SEGMENT_OPCODES,
    BRN_SEGMENT_ARRAY,    /* raw array bytes of joblib */
    BRN_SEGMENT_PADDING,  /* joblib's alignment */
    BRN_SEGMENT_NESTED,   /* opcodes of a nested pickle stream */
    BRN_SEGMENT_HEADER,   /* of a legacy container */
    BRN_SEGMENT_TRAILING, /* behind the last STOP */
    BRN_SEGMENT_UNREAD,   /* from where reading failed on */
};

struct brn_segment {
    enum brn_segment_kind kind;
    uint64_t begin, end;
};

/* Where CPython's own unpicklers disagree, or a picklers' rule is broken; formats.md 2.3. */
struct brn_oddity {
    const char *rule; /* stable id, e.g. "frame-straddled" */
    uint64_t offset;
    const char *detail; /* one sentence */
};

struct brn_graph {
    struct brn_arena arena;
    const struct brn_node *root;   /* what STOP left on top; of several streams, the first's */
    const struct brn_node **roots; /* of all streams of the file, in order */
    size_t root_count, root_capacity;
    uint64_t first_end; /* where the first stream ends, once it has been read */
    uint32_t node_count;
    uint32_t max_depth; /* deepest nesting seen */
    uint8_t protocol;   /* highest PROTO, 0 when none; nested streams have their own */
    uint64_t opcode_count;
    bool python2; /* holds STRINGs, which only Python 2 writes */
    struct brn_event *events;
    size_t event_count, event_capacity;
    struct brn_segment *segments;
    size_t segment_count, segment_capacity;
    struct brn_oddity *oddities;
    size_t oddity_count, oddity_capacity;
    uint64_t array_bytes; /* of all segments of raw arrays */
};

/* What segments of a kind are called, in text and in JSON; and how many bytes they are together. */
const char *brn_segment_name(enum brn_segment_kind kind);
uint64_t brn_segment_bytes(const struct brn_graph *graph, enum brn_segment_kind kind);

extern const struct brn_node brn_nil;

/* ---- looking ---- */

static inline bool brn_is(const struct brn_node *n, enum brn_node_kind kind)
{
    return n && n->kind == kind;
}

/* TEXT, or STRING taken as text; an empty slice with p NULL for anything else. */
struct brn_slice brn_node_text(const struct brn_node *n);
bool brn_node_is_text(const struct brn_node *n, const char *text);

/* A GLOBAL of exactly this module and name. */
bool brn_node_is_global(const struct brn_node *n, const char *module, const char *name);

/* The class of an OBJECT: the GLOBAL called, or for copyreg._reconstructor and copyreg.__newobj__
 * their first argument.  brn_nil when there is none. */
const struct brn_node *brn_node_class(const struct brn_node *n);

/* The item of a TUPLE or LIST, or of an OBJECT's args when n is an OBJECT's args tuple; brn_nil
 * when out of range or of another kind. */
const struct brn_node *brn_node_item(const struct brn_node *n, size_t i);
size_t brn_node_count(const struct brn_node *n); /* items; of a DICT its pairs; 0 for other kinds */

/* The value of a text key in a DICT, last one first; brn_nil when absent. */
const struct brn_node *brn_node_get(const struct brn_node *dict, const char *key);

/* The attribute DICT of an OBJECT: its state, or the first of a (dict, slots) state; brn_nil. */
const struct brn_node *brn_node_state(const struct brn_node *object);

/* brn_node_get(brn_node_state(object), name). */
const struct brn_node *brn_node_attribute(const struct brn_node *object, const char *name);

/* The bytes of BYTES, BYTEARRAY and STRING, and of the calls that stand for bytes in older
 * protocols: _codecs.encode(text, "latin1"), bytes(…), bytearray(…).  Borrowed, or in the arena. */
brine_status brn_node_bytes(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_slice *ret_bytes, brine_error *err);

/* "list", "numpy.ndarray", "sklearn.linear_model._base.LinearRegression"… for error texts. */
void brn_node_describe(const struct brn_node *n, char *out, size_t size);

#endif
