/* SPDX-License-Identifier: Apache-2.0
 *
 * survey.h - what is inside a graph, found in one walk: where the bytes go, arrays, classes and the
 * versions that they name.
 *
 * Every byte of the pickle belongs to the node whose opcode stands last in front of it, and every
 * node to the attribute under which a depth-first walk meets it first, so that the bytes of all
 * places add up to the pickle's. */
#ifndef BRN_PICKLE_SURVEY_H
#define BRN_PICKLE_SURVEY_H

#include "base/buffer.h"
#include "pickle/node.h"

/* A place such as estimators_[*].tree_.nodes: indices and the keys of large dicts are not told
 * apart. */
struct brn_survey_place {
    uint32_t parent;            /* of place 0, the root: 0 */
    struct brn_slice component; /* ".tree_", "[*]" */
    uint64_t bytes;             /* here, without the places below */
    uint64_t bytes_below;       /* here and below */
    uint64_t values;            /* nodes that stand exactly here */
};

struct brn_survey_array {
    const struct brn_node *node;
    const char *path;        /* exact: estimators_[3].tree_.nodes */
    const char *description; /* "float64 (2, 3)", or why it cannot be read */
    uint64_t bytes;          /* of its elements; of objects 8 each */
    bool of_objects;
    bool in_stream, beside; /* raw bytes in a joblib file, in a companion; else inside the pickle */
};

/* Objects of one class and _sklearn_version. */
struct brn_survey_class {
    const struct brn_node *class; /* a GLOBAL */
    struct brn_slice version;     /* p NULL when they tell none */
    uint64_t count;
    bool is_estimator; /* tells a version, or is of a known library and has a state */
    const char *path;  /* of the first */
};

struct brn_survey {
    struct brn_survey_place *places;
    size_t place_count, place_capacity;
    struct brn_survey_array *arrays;
    size_t array_count, array_capacity;
    struct brn_survey_class *classes;
    size_t class_count, class_capacity;
    uint64_t values, pickle_bytes;
};

/* pickle_bytes is where the last stream that was read ends.  Everything is in the arena. */
brine_status brn_graph_survey(const struct brn_graph *graph, uint64_t pickle_bytes,
                              struct brn_arena *arena, struct brn_survey *ret_survey,
                              brine_error *err);

/* The place in words, "" for the root. */
void brn_survey_path(const struct brn_survey *survey, size_t place, struct brn_buffer *out);

#endif
