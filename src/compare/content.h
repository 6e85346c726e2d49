/* SPDX-License-Identifier: Apache-2.0
 *
 * content.h - whether two files hold the same object.
 *
 * The same: what Python would load compares equal, part by part: the same classes with the same
 * attributes, numbers and arrays bit for bit.  What a pickler is free to choose does not count:
 * protocol, memo, frames, how a bytes value or an instance is spelt, joblib's wrappers, the codec,
 * and which equal parts are one object.  Dictionaries and sets are compared in the order in which
 * they were written. */
#ifndef BRN_COMPARE_CONTENT_H
#define BRN_COMPARE_CONTENT_H

#include "joblib/joblib.h"

struct brn_difference {
    const char *path; /* in the first file; "" is the object itself */
    const char *what; /* one sentence */
};

struct brn_content {
    bool is_equal;
    struct brn_difference first;         /* breadth first; when they differ */
    uint64_t nodes, arrays, array_bytes; /* compared */
};

/* Linear in the number of nodes, whatever the sharing: nodes that were once taken for equal are not
 * compared again.  Everything is in the arena. */
brine_status brn_content_compare(const struct brn_graph *a, const struct brn_graph *b,
                                 struct brn_arena *arena, struct brn_content *ret_content,
                                 brine_error *err);

#endif
