/* SPDX-License-Identifier: Apache-2.0 */
#include "api/known_classes.h"
#include "cli/command.h"
#include "scan/sarif.h"

/* Of one verdict; over several files the first of 1, 2, 3, 0 that occurs. */
static const int exit_codes[] = {
    [BRN_NOTE] = 0,
    [BRN_OUTSIDE] = 3,
    [BRN_INCOMPLETE] = 2,
    [BRN_DANGEROUS] = 1,
};

struct output {
    struct brn_buffer text;
    struct brn_json_writer json;
    struct brn_sarif sarif;
    bool as_json, as_sarif, color;
};

/* The verdict on one file; one that cannot be opened is INCOMPLETE. */
static brine_status scan_one(const char *path, const brine_options *options, struct output *out,
                             enum brn_severity *ret_verdict, brine_error *err)
{
    struct brine_file *file;
    brine_status status = brn_file_open(path, options, true, &file, err);
    if (status != BRINE_OK)
        return status;
    struct brn_arena arena;
    struct brn_scan scan;
    brn_arena_init(&arena, 0);
    status = brn_scan_file(file, &brn_registry_classes, &arena, &scan, err);
    if (status == BRINE_OK) {
        if (out->as_sarif)
            brn_sarif_add(&out->sarif, file, &scan, path);
        else if (out->as_json)
            brn_scan_json(&scan, path, &out->json);
        else
            brn_scan_text(&scan, path, out->color, &out->text);
        *ret_verdict = scan.verdict;
    }
    brn_arena_free(&arena);
    brn_file_close(file);
    return status;
}

static void write_unreadable(struct output *out, const char *path, const brine_error *err)
{
    brn_report_error(path, err);
    if (out->as_sarif)
        brn_sarif_add_unreadable(&out->sarif, path, err->message);
    if (!out->as_json)
        return;
    brn_json_begin_object(&out->json);
    brn_json_key(&out->json, "file");
    brn_json_string(&out->json, path);
    brn_json_key(&out->json, "verdict");
    brn_json_string(&out->json, brn_severity_text(BRN_INCOMPLETE));
    brn_json_key(&out->json, "error");
    brn_json_string(&out->json, err->message);
    brn_json_end_object(&out->json);
}

static void flush(struct output *out)
{
    fwrite(out->text.data, 1, out->text.size, stdout);
    out->text.size = 0;
}

static enum brn_severity scan_all(const struct brn_invocation *v, const brine_options *options,
                                  struct output *out)
{
    enum brn_severity worst = BRN_NOTE;
    for (int i = 0; i < v->argument_count; i++) {
        enum brn_severity verdict = BRN_INCOMPLETE;
        brine_error err = {0};
        if (scan_one(v->arguments[i], options, out, &verdict, &err) != BRINE_OK)
            write_unreadable(out, v->arguments[i], &err);
        worst = verdict > worst ? verdict : worst;
        flush(out);
    }
    return worst;
}

static int run(const struct brn_invocation *v)
{
    brine_options options;
    if (!brn_given_limits(v, &options))
        return BRN_EXIT_USAGE;
    struct output out = {.as_sarif = brn_given_switch(v, "--sarif"),
                         .color = brn_use_color(stdout)};
    out.as_json = !out.as_sarif && brn_given_switch(v, "--json");
    if (out.as_sarif)
        brn_sarif_begin(&out.sarif);
    out.json = (struct brn_json_writer){.out = &out.text, .indent = 2};
    if (out.as_json)
        brn_json_begin_array(&out.json);
    enum brn_severity worst = scan_all(v, &options, &out);
    if (out.as_sarif)
        brn_sarif_end(&out.sarif, &out.text);
    if (out.as_json) {
        brn_json_end_array(&out.json);
        brn_buffer_byte(&out.text, '\n');
    }
    flush(&out);
    bool failed = out.text.failed;
    brn_buffer_free(&out.text);
    if (failed)
        fprintf(stderr, "brine scan: out of memory\n");
    return failed ? exit_codes[BRN_INCOMPLETE] : exit_codes[worst];
}

static const struct brn_option option_rows[] = {
    {"--json", NULL, "one JSON array, an object a file, with every finding and name"},
    {"--sarif", NULL, "one SARIF 2.1.0 log, as code scanning services read it"},
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_scan = {
    .name = "scan",
    .arguments = "FILE…",
    .min_arguments = 1,
    .max_arguments = -1,
    .summary = "tell whether files would be safe to unpickle in Python",
    .description = "Reads each file to its last byte without running anything and holds every name "
                   "that it imports,\n"
                   "calls or sets the state of against the policy: scikit-learn's estimators and "
                   "one reviewed list.\n"
                   "Ends with 0 when all are clean, 1 when one is dangerous, else 2 when one could "
                   "not be fully read,\n"
                   "else 3 when one holds names that the policy does not know.",
    .example = "brine scan demo/models/clean-boosted.joblib",
    .options = option_rows,
    .run = run,
};
