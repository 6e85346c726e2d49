/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_report.h - what brine compare found, and how it is printed. */
#ifndef BRN_CLI_COMPARE_REPORT_H
#define BRN_CLI_COMPARE_REPORT_H

#include "compare/content.h"
#include "compare/measure.h"
#include "compare/predictions.h"
#include "compare/timing.h"

struct brn_comparison {
    size_t count; /* of files: 1 or 2 */
    const char *const *paths;
    const char *data; /* or NULL: generated rows */
    brine_options options;
    struct brn_arena arena;
    struct brine_file *files[2];
    struct brn_measure measures[2];
    struct brn_timing timings[2];
    /* of two files: */
    struct brn_content content;
    bool has_predictions;
    brine_error no_predictions; /* why not */
    struct brn_parities parities;
};

/* Text, or one JSON object, on standard output. */
void brn_comparison_print(const struct brn_comparison *comparison, bool as_json);

#endif
