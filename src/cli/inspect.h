/* SPDX-License-Identifier: Apache-2.0
 *
 * inspect.h - what brine inspect prints; each function one part of it. */
#ifndef BRN_CLI_INSPECT_H
#define BRN_CLI_INSPECT_H

#include "base/json.h"
#include "joblib/traits.h"
#include "pickle/survey.h"

struct brn_inspection {
    const char *path;
    const struct brine_file *file;
    struct brn_survey survey;
    struct brn_traits traits;
    uint32_t max_depth; /* of the tree */
    bool all;           /* no list is cut */
    bool color;
    bool events; /* JSON: with the sequence of imports and calls */
};

/* The whole report, and the tree alone, for people. */
void brn_inspect_text(const struct brn_inspection *v, struct brn_buffer *out);
void brn_inspect_tree(const struct brn_inspection *inspection, struct brn_buffer *out);

/* One JSON object. */
void brn_inspect_json(const struct brn_inspection *v, struct brn_buffer *out);

/* Where the last stream that was read ends. */
uint64_t brn_pickle_end(const struct brine_file *file);

/* "1.4 MB", "12,345". */
void brn_put_bytes(uint64_t bytes, struct brn_buffer *out);
void brn_put_count(uint64_t count, struct brn_buffer *out);

#endif
