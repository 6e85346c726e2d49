/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"
#include "estimators/registry.h"
#include "evidence/evidence.h"

enum { EXIT_SHIP = 0, EXIT_HOLD = 1, EXIT_ERROR = 2 };

static int report_failure(const brine_error *err)
{
    brn_report_error("validate", err);
    return err->status == BRINE_USAGE ? BRN_EXIT_USAGE : EXIT_ERROR;
}

static void print_report(const struct brn_evidence *e)
{
    struct brn_buffer text = {0};
    brn_report_text(e, brn_use_color(stdout), &text);
    fwrite(text.data, 1, text.size, stdout);
    brn_buffer_free(&text);
}

static void print_json(const struct brn_evidence *e)
{
    struct brn_buffer text = {0};
    brn_results_json(e, &text);
    fwrite(text.data, 1, text.size, stdout);
    brn_buffer_free(&text);
}

static int judge(const struct brn_evidence_options *o, const char *directory, bool json)
{
    struct brn_evidence e;
    brine_error err;
    if (brn_bundle_prepare(directory, &err) != BRINE_OK)
        return report_failure(&err);
    brine_status status = brn_evidence_run(o, &e, &err);
    if (status == BRINE_OK)
        status = brn_bundle_write(&e, directory, &err);
    if (status == BRINE_OK)
        (json ? print_json : print_report)(&e);
    int code = status != BRINE_OK ? report_failure(&err) : e.ships ? EXIT_SHIP : EXIT_HOLD;
    brn_evidence_free(&e);
    return code;
}

static int missing(const char *option)
{
    fprintf(stderr, "brine validate: %s is needed; \"brine validate --help\" tells more\n", option);
    return BRN_EXIT_USAGE;
}

static int run(const struct brn_invocation *v)
{
    struct brn_arena arena;
    brine_options limits;
    brine_model_options options;
    struct brn_evidence_options o = {.model = v->arguments[0],
                                     .contract = brn_given_text(v, "--contract", NULL),
                                     .train = brn_given_text(v, "--train", NULL),
                                     .test = brn_given_text(v, "--test", NULL),
                                     .loading = {&brn_registry, &limits, &options}};
    const char *directory = brn_given_text(v, "--output", NULL);
    if (!o.contract || !directory)
        return missing(o.contract ? "--output" : "--contract");
    if (!brn_given_limits(v, &limits))
        return BRN_EXIT_USAGE;
    brn_arena_init(&arena, 0);
    int code = brn_given_model_options(v, &arena, &options);
    if (!code)
        code = judge(&o, directory, brn_given_switch(v, "--json"));
    brn_arena_free(&arena);
    return code;
}

static const struct brn_option command_options[] = {
    {"--contract", "C", "the ODCS contract, YAML or JSON"},
    {"--output", "DIR", "where results.json, junit.xml and report.txt go"},
    {"--train", "FILE", "the rows to fit on (default: the contract's)"},
    {"--test", "FILE", "the rows to judge on (default: the contract's)"},
    {"--json", NULL, "print results.json instead of the report"},
    BRN_MODEL_OPTIONS,
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_validate = {
    .name = "validate",
    .arguments = "MODEL",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "judge a model under its contract: ship or hold, with the evidence",
    .description =
        "Checks the data against the contract, the split, what the model could not have known, on\n"
        "which rows each of its parts was fitted, its metric against baselines with intervals, "
        "its\n"
        "slices and its twin in the other format; then decides by the contract's gates.\n"
        "Exit code: 0 ship, 1 hold, 2 it could not be judged, 64 usage.",
    .example = "brine validate demo/models/clean-boosted.joblib --contract demo/contract.odcs.yaml "
               "--output build/evidence",
    .options = command_options,
    .run = run,
};
