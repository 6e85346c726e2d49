/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "joblib/joblib.h"
#include "pickle/disassemble.h"

enum { EXIT_UNREADABLE = 2 };

static brine_status print_line(void *context, struct brn_slice line)
{
    FILE *out = context;
    fwrite(line.p, 1, line.n, out);
    fputc('\n', out);
    return ferror(out) ? BRINE_IO : BRINE_OK;
}

static int disassemble(const char *path, const struct brine_file *file)
{
    brine_error err;
    brine_status status = brn_disassemble(&file->graph, file->content, print_line, stdout, &err);
    if (status == BRINE_IO)
        return EXIT_UNREADABLE; /* standard output is gone: told where it is flushed */
    if (status == BRINE_OK && file->failure.status == BRINE_OK)
        return BRN_EXIT_OK;
    fflush(stdout);
    brn_report_error(path, status == BRINE_OK ? &file->failure : &err);
    return EXIT_UNREADABLE;
}

static int run(const struct brn_invocation *invocation)
{
    const char *path = invocation->arguments[0];
    brine_options limits;
    struct brine_file *file;
    brine_error err;
    if (!brn_given_limits(invocation, &limits))
        return BRN_EXIT_USAGE;
    if (brn_file_open(path, &limits, true, &file, &err) != BRINE_OK) {
        brn_report_error(path, &err);
        return EXIT_UNREADABLE;
    }
    int code = disassemble(path, file);
    brn_file_close(file);
    return code;
}

static const struct brn_option options[] = {BRN_LIMIT_OPTIONS, {NULL, NULL, NULL}};

const struct brn_command brn_command_dis = {
    .name = "dis",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "opcodes, as pickletools prints them",
    .description =
        "Prints the opcodes of a pickle, each with its offset, line by line as \"python -m\n"
        "pickletools FILE\" does, and goes on through joblib's arrays, where pickletools fails.  "
        "A\n"
        "compressed file is expanded first: offsets are those of the expanded bytes.  Nothing is\n"
        "run.  Exit codes: 0, or 2 when the file could not be read to its end.",
    .example = "brine dis demo/models/clean-linear.joblib",
    .options = options,
    .run = run,
};
