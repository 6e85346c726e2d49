/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/compare_report.h"
#include "estimators/registry.h"

#include <string.h>

enum { GENERATED_ROWS = 512 };

static brine_status measure_files(struct brn_comparison *c, brine_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        BRN_TRY(brn_file_open(c->paths[i], &c->options, false, &c->files[i], err));
        BRN_TRY(brn_measure_file(c->files[i], &c->measures[i], err));
    }
    return brn_time_loads(c->paths, c->count, &c->options, c->timings, err);
}

static brine_status read_rows(struct brn_comparison *c, const struct brine_model *model,
                              struct brn_table *ret_rows, brine_error *err)
{
    const struct brn_read_options options = {.max_line = 0};
    if (c->data)
        return brn_table_read(c->data, &options, &c->arena, ret_rows, err);
    return brn_rows_generate(model, GENERATED_ROWS, &c->arena, ret_rows, err);
}

static brine_status compare_models(struct brn_comparison *c, struct brine_model *const models[2],
                                   brine_error *err)
{
    struct brn_table rows;
    BRN_TRY(read_rows(c, models[0], &rows, err));
    return brn_predictions_compare(models[0], models[1], &rows, &c->parities, err);
}

/* A file that brine does not run can still be compared: what stands in the way is told. */
static void compare_predictions(struct brn_comparison *c)
{
    struct brine_model *models[2] = {NULL, NULL};
    const brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    brine_status status = BRINE_OK;
    for (size_t i = 0; i < 2 && status == BRINE_OK; i++)
        status = brn_model_decode(&c->files[i]->graph, &brn_registry, &options, &models[i],
                                  &c->no_predictions);
    if (status == BRINE_OK)
        status = compare_models(c, models, &c->no_predictions);
    c->has_predictions = status == BRINE_OK;
    for (size_t i = 0; i < 2; i++)
        brine_model_unref(models[i]);
}

static brine_status compare(struct brn_comparison *c, brine_error *err)
{
    BRN_TRY(measure_files(c, err));
    if (c->count < 2)
        return BRINE_OK;
    BRN_TRY(
        brn_content_compare(&c->files[0]->graph, &c->files[1]->graph, &c->arena, &c->content, err));
    compare_predictions(c);
    return BRINE_OK;
}

static bool is_same(const struct brn_comparison *c)
{
    bool same = c->content.is_equal;
    for (size_t i = 0; i < c->parities.count; i++)
        same = same && !c->parities.of[i].differing;
    return c->count < 2 || same;
}

static int run(const struct brn_invocation *v)
{
    struct brn_comparison c = {.count = (size_t)v->argument_count, .paths = v->arguments};
    brine_error err = {0};
    if (!brn_given_limits(v, &c.options))
        return BRN_EXIT_USAGE;
    c.data = brn_given_text(v, "--data", NULL);
    brn_arena_init(&c.arena, 0);
    brine_status status = compare(&c, &err);
    if (status != BRINE_OK)
        brn_report_error(c.paths[c.count > 1 && c.files[0] && !c.files[1] ? 1 : 0], &err);
    else if (c.data && !c.has_predictions && c.count == 2)
        brn_report_error(c.data, &c.no_predictions);
    if (status == BRINE_OK)
        brn_comparison_print(&c, brn_given_switch(v, "--json"));
    bool same = status == BRINE_OK && is_same(&c) && (!c.data || c.has_predictions);
    for (size_t i = 0; i < c.count; i++)
        brn_file_close(c.files[i]);
    brn_arena_free(&c.arena);
    return status != BRINE_OK ? 2 : same ? 0 : 1;
}

static const struct brn_option option_rows[] = {
    {"--data", "FILE", "rows to predict with both (default: 512 generated ones)"},
    {"--json", NULL, "one JSON object"},
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_compare = {
    .name = "compare",
    .arguments = "A [B]",
    .min_arguments = 1,
    .max_arguments = 2,
    .summary = "measure pickle against joblib on one model: size, speed, sharing, equality",
    .description = "Measures the two files, compares what they hold part by part and what they "
                   "predict, and says\n"
                   "which to ship and why.  With one file it says what that one holds; writing the "
                   "other form comes\n"
                   "with \"brine convert\".  Ends with 0 when content and predictions are equal, 1 "
                   "when they differ,\n"
                   "2 when a file could not be read.",
    .example = "brine compare demo/models/clean-boosted.pkl demo/models/clean-boosted.joblib",
    .options = option_rows,
    .run = run,
};
