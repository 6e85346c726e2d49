/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "evidence/diff.h"

enum { EXIT_SAME = 0, EXIT_DIFFERENT = 1, EXIT_ERROR = 2 };

static int run(const struct brn_invocation *v)
{
    struct brn_evidence_diff diff;
    struct brn_buffer out = {0};
    brine_error err;
    brine_status status = brn_evidence_diff_read(v->arguments[0], v->arguments[1], &diff, &err);
    if (status != BRINE_OK) {
        brn_report_error("evidence diff", &err);
    } else if (brn_given_switch(v, "--json")) {
        brn_evidence_diff_json(&diff, &out);
    } else {
        brn_evidence_diff_text(&diff, &out);
    }
    fwrite(out.data, 1, out.size, stdout);
    int code = status != BRINE_OK || out.failed ? EXIT_ERROR
               : diff.count                     ? EXIT_DIFFERENT
                                                : EXIT_SAME;
    brn_buffer_free(&out);
    brn_evidence_diff_free(&diff);
    return code;
}

static const struct brn_option options[] = {
    {"--json", NULL, "print every change as JSON"},
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_evidence_diff = {
    .name = "evidence diff",
    .arguments = "BEFORE AFTER",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "what changed between two evidence runs",
    .description =
        "Compares two directories that brine validate wrote: the verdict, the metrics, and each\n"
        "check that broke, was mended or changed.\n"
        "Exit code: 0 nothing changed, 1 something did, 2 error, 64 usage.",
    .example = "brine evidence diff build/evidence-before build/evidence-after",
    .options = options,
    .run = run,
};
