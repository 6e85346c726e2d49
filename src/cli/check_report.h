/* SPDX-License-Identifier: Apache-2.0
 *
 * check_report.h - the four questions of brine check, and how their answers are printed. */
#ifndef BRN_CLI_CHECK_REPORT_H
#define BRN_CLI_CHECK_REPORT_H

#include "joblib/joblib.h"
#include "model/model.h"
#include "scan/scan.h"

enum brn_question {
    BRN_ASK_READABLE,
    BRN_ASK_SAFE,
    BRN_ASK_PREDICTABLE,
    BRN_ASK_WELL_FORMED,
    BRN_QUESTION_COUNT
};

struct brn_answer {
    bool yes;
    char reason[600];
    const char *remedy; /* what to do when it is no; NULL when nothing */
};

struct brn_check {
    const char *path;
    const struct brine_file *file;
    const struct brine_model *model; /* NULL when it was refused */
    struct brn_scan scan;
    struct brn_answer answers[BRN_QUESTION_COUNT];
};

/* One screen of text, or one JSON object, on standard output. */
void brn_check_print(const struct brn_check *check, bool as_json, bool color);

#endif
