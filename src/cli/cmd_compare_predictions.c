/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "cli/command.h"
#include "compare/predictions.h"

#include <inttypes.h>

struct tables {
    struct brn_arena arena;
    struct brn_table a, b, bound;
    const char *failed; /* the file that a failure is about */
};

static brine_status read_table(struct tables *t, const char *path, struct brn_table *ret_table,
                               brine_error *err)
{
    const struct brn_read_options options = {.max_line = 0};
    t->failed = path;
    return brn_table_read(path, &options, &t->arena, ret_table, err);
}

static brine_status compare(const struct brn_invocation *v, struct tables *t,
                            struct brn_parity *parity, brine_error *err)
{
    const char *bound = brn_given_text(v, "--bound", NULL);
    BRN_TRY(read_table(t, v->arguments[0], &t->a, err));
    BRN_TRY(read_table(t, v->arguments[1], &t->b, err));
    if (bound)
        BRN_TRY(read_table(t, bound, &t->bound, err));
    t->failed = v->arguments[1];
    return brn_tables_compare(&t->a, &t->b, bound ? &t->bound : NULL, parity, err);
}

static void print_text(const struct brn_parity *p, bool has_bound)
{
    char largest[BRN_NUMBER_TEXT];
    printf("%" PRIu64 " rows x %" PRIu64 ": ", p->rows, p->columns);
    if (!p->differing) {
        printf("bit-equal\n");
        return;
    }
    brn_format_double(p->max_difference, largest);
    printf("%" PRIu64 " values differ, the largest difference is %s; ", p->differing, largest);
    if (!has_bound)
        printf("no bound was given\n");
    else if (p->outside)
        printf("%" PRIu64 " are outside their bounds\n", p->outside);
    else
        printf("each is within its bound\n");
}

static void print_json(const struct brn_parity *p)
{
    char largest[BRN_NUMBER_TEXT];
    brn_format_double(p->max_difference, largest);
    printf("{\"rows\": %" PRIu64 ", \"columns\": %" PRIu64 ", \"differing\": %" PRIu64
           ", \"max_difference\": %s, \"outside\": %" PRIu64 "}\n",
           p->rows, p->columns, p->differing, p->max_difference > 1e308 ? "null" : largest,
           p->outside);
}

static int run(const struct brn_invocation *v)
{
    struct tables t = {.failed = ""};
    struct brn_parity parity = {0};
    brine_error err = {0};
    brn_arena_init(&t.arena, 0);
    brine_status status = compare(v, &t, &parity, &err);
    if (status != BRINE_OK)
        brn_report_error(t.failed, &err);
    else if (brn_given_switch(v, "--json"))
        print_json(&parity);
    else
        print_text(&parity, brn_given_text(v, "--bound", NULL) != NULL);
    brn_arena_free(&t.arena);
    return status == BRINE_INPUT ? 1 : status != BRINE_OK ? 2 : parity.outside ? 1 : 0;
}

static const struct brn_option option_rows[] = {
    {"--bound", "FILE", "by how much each value may differ: a table of the same shape (default 0)"},
    {"--json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_compare_predictions = {
    .name = "compare predictions",
    .arguments = "A B",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "tell whether two tables of predictions are the same numbers",
    .description = "Compares value by value: bit-equal, or within a bound that was recorded beside "
                   "the answers.\n"
                   "Ends with 0 when all values are, 1 when one is not or the shapes differ, 2 "
                   "when a file could not\n"
                   "be read.",
    .example =
        "brine compare predictions answers.npy demo/recorded/clean-boosted.predict_proba.npy",
    .options = option_rows,
    .run = run,
};
