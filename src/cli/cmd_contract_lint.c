/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "evidence/lint.h"

enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_ERROR = 2 };

static int print_findings(const char *path, const struct brn_checks *checks)
{
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < checks->count; i++) {
        const struct brn_check *c = &checks->at[i];
        printf("%s: %s: %s (%s)\n", path, c->status == BRN_FAIL ? "error" : "warning", c->finding,
               c->id);
        code = c->status == BRN_FAIL ? EXIT_FINDINGS : code;
    }
    if (checks->count == 0)
        printf("%s: nothing to say\n", path);
    return code;
}

static int run(const struct brn_invocation *v)
{
    const char *path = v->arguments[0];
    struct brn_contract *contract = NULL;
    struct brn_arena arena;
    struct brn_checks checks = {.arena = &arena};
    brine_error err;
    brn_arena_init(&arena, 0);
    brine_status status = brn_contract_load(path, &contract, &err);
    if (status == BRINE_OK)
        status = brn_contract_lint(contract, &checks, &err);
    int code = EXIT_ERROR;
    if (status == BRINE_OK)
        code = print_findings(path, &checks);
    else
        brn_report_error(path, &err);
    brn_contract_free(contract);
    brn_arena_free(&arena);
    return code;
}

static const struct brn_option options[] = {{NULL, NULL, NULL}};

const struct brn_command brn_command_contract_lint = {
    .name = "contract lint",
    .arguments = "CONTRACT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what is wrong in a contract, without model and data",
    .description =
        "Reads a contract and tells what a run could not do (errors) or would miss (warnings).\n"
        "Exit code: 0 no errors, 1 errors, 2 it is no contract, 64 usage.",
    .example = "brine contract lint demo/contract.odcs.yaml",
    .options = options,
    .run = run,
};
