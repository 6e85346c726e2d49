/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/inspect.h"

enum { EXIT_UNREADABLE = 2, DEFAULT_DEPTH = 4 };

static int print(const struct brn_inspection *v, bool json)
{
    struct brn_buffer out = {0};
    (json ? brn_inspect_json : brn_inspect_text)(v, &out);
    if (out.failed)
        fprintf(stderr, "brine: out of memory\n");
    else
        fwrite(out.data, 1, out.size, stdout);
    bool failed = out.failed;
    brn_buffer_free(&out);
    fflush(stdout);
    if (v->file->failure.status != BRINE_OK && !json)
        brn_report_error(v->path, &v->file->failure);
    return failed || v->file->failure.status != BRINE_OK ? EXIT_UNREADABLE : BRN_EXIT_OK;
}

static int inspect(const struct brn_invocation *invocation, const struct brine_file *file,
                   uint64_t depth)
{
    struct brn_inspection v = {
        .path = invocation->arguments[0],
        .file = file,
        .traits = brn_file_traits(file),
        .max_depth = depth > UINT32_MAX ? UINT32_MAX : (uint32_t)depth,
        .all = brn_given_switch(invocation, "--all"),
        .color = brn_use_color(stdout),
        .events = brn_given_switch(invocation, "--events"),
    };
    struct brn_arena arena;
    brine_error err;
    brn_arena_init(&arena, 0);
    int code = EXIT_UNREADABLE;
    if (brn_graph_survey(&file->graph, brn_pickle_end(file), &arena, &v.survey, &err) == BRINE_OK)
        code = print(&v, brn_given_switch(invocation, "--json"));
    else
        brn_report_error(v.path, &err);
    brn_arena_free(&arena);
    return code;
}

static int run(const struct brn_invocation *invocation)
{
    uint64_t depth = DEFAULT_DEPTH;
    brine_options limits;
    struct brine_file *file;
    brine_error err;
    if (!brn_given_limits(invocation, &limits) || !brn_given_uint(invocation, "--depth", &depth))
        return BRN_EXIT_USAGE;
    if (brn_file_open(invocation->arguments[0], &limits, true, &file, &err) != BRINE_OK) {
        brn_report_error(invocation->arguments[0], &err);
        return EXIT_UNREADABLE;
    }
    int code = inspect(invocation, file, depth);
    brn_file_close(file);
    return code;
}

static const struct brn_option options[] = {
    {"--depth", "N", "levels of the tree to show (default 4, at most 100)"},
    {"--all", NULL, "cut no list"},
    {"--json", NULL, "one JSON object instead of text"},
    {"--events", NULL, "with --json: every import and call, in the order of loading"},
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL}};

const struct brn_command brn_command_inspect = {
    .name = "inspect",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what is inside: tree, versions, arrays, sizes, where each byte goes",
    .description =
        "Shows what a pickle or joblib file holds, running nothing of it: the tree of objects "
        "with\n"
        "their attributes, the versions of the libraries that wrote it, estimators, arrays with\n"
        "their types and shapes, which attributes take the space, what each byte of the file is,\n"
        "and what is odd about it.  Exit codes: 0, or 2 when it could not be read to its end.",
    .example = "brine inspect demo/models/clean-linear.joblib",
    .options = options,
    .run = run,
};
