/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/contract_rows.h"
#include "cli/load.h"
#include "table/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one run of the command holds. */
struct predict {
    brine_model *model;
    brine_method method;
    const char *data, *output;
    bool null_refused;
    struct brn_table_reader *reader;
    struct brn_table_writer *writer;
    struct brn_work work;
    struct brn_contract_rows contract; /* .rules NULL: none was given */
    uint64_t rows;
};

static bool find_method(const char *name, brine_method *ret_method)
{
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (strcmp(name, brine_method_name(m)) == 0) {
            *ret_method = m;
            return true;
        }
    fprintf(stderr, "brine predict: no such method: %s; scikit-learn's names are", name);
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        fprintf(stderr, " %s", brine_method_name(m));
    fprintf(stderr, "\n");
    return false;
}

/* The batch as the contract lets the model see it; refused rows are marked when they are to be left
 * empty. */
static brine_status under_contract(struct predict *p, const struct brn_table *rows,
                                   struct brn_arena *arena, uint8_t **ret_refused,
                                   struct brn_table *ret_rows, brine_error *err)
{
    *ret_rows = *rows;
    if (!p->contract.rules)
        return BRINE_OK;
    if (p->null_refused && !(*ret_refused = BRN_NEW(arena, uint8_t, (size_t)rows->rows)))
        return brn_fail_memory(err);
    return brn_contract_rows_check(&p->contract, rows, p->rows, *ret_refused, arena, ret_rows, err);
}

static brine_status predict_rows(struct predict *p, const struct brn_table *rows,
                                 struct brn_arena *arena, brine_error *err)
{
    struct brn_table applied, predictions;
    uint8_t *refused = NULL;
    BRN_TRY(under_contract(p, rows, arena, &refused, &applied, err));
    BRN_TRY(brn_model_predict(p->model, p->method, &applied, p->rows, p->null_refused, &p->work,
                              arena, &predictions, err));
    if (refused)
        BRN_TRY(brn_contract_rows_mask(refused, arena, &predictions, err));
    return brn_table_write(p->writer, &predictions, err);
}

static brine_status predict_batch(struct predict *p, const struct brn_table *rows, brine_error *err)
{
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    brine_status status = predict_rows(p, rows, &arena, err);
    brn_arena_free(&arena);
    p->rows += (uint64_t)rows->rows;
    return status;
}

static void show_progress(const struct predict *p, bool done)
{
    static uint64_t shown;
    if (!isatty(STDERR_FILENO) || (!done && p->rows < shown + 100000))
        return;
    if (done && shown)
        fprintf(stderr, "\r%*s\r", 40, "");
    else if (!done)
        fprintf(stderr, "\r%llu rows", (unsigned long long)p->rows);
    shown = p->rows;
}

static brine_status predict_all(struct predict *p, brine_error *err)
{
    struct brn_table rows;
    do {
        BRN_TRY(brn_table_next(p->reader, &rows, err));
        /* an empty table has columns to match, and an empty result has a header */
        if (rows.rows > 0 || p->rows == 0)
            BRN_TRY(predict_batch(p, &rows, err));
        show_progress(p, rows.rows == 0);
    } while (rows.rows > 0);
    return BRINE_OK;
}

static brine_status open_both(struct predict *p, const struct brn_read_options *options,
                              brine_error *err)
{
    const struct brn_outputs *outputs = brn_model_outputs(p->model, p->method);
    BRN_TRY(brn_table_open(p->data, options, &p->reader, err));
    return brn_table_create(p->output, outputs->is_vector, &p->writer, err);
}

/* 0, 1: a row or the table refused, 2: unreadable or unwritable. */
static int exit_code(brine_status status)
{
    return status == BRINE_OK ? 0 : status == BRINE_INPUT || status == BRINE_USAGE ? 1 : 2;
}

static int run_model(struct predict *p, const struct brn_read_options *options)
{
    brine_error err;
    brine_status status = open_both(p, options, &err);
    if (status == BRINE_OK)
        status = predict_all(p, &err);
    if (status == BRINE_OK)
        status = brn_table_commit(p->writer, &err);
    else
        brn_table_abandon(p->writer);
    brn_table_close(p->reader);
    if (status != BRINE_OK)
        brn_report_error(p->data, &err);
    if (status == BRINE_INPUT && err.row != BRINE_NOWHERE)
        fprintf(stderr, "brine: --on-error null leaves such rows empty instead of stopping\n");
    return exit_code(status);
}

static int no_method(const struct predict *p, const char *path)
{
    fprintf(stderr, "brine: %s: this model has no %s; it has", path, brine_method_name(p->method));
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (brine_model_has(p->model, m))
            fprintf(stderr, " %s", brine_method_name(m));
    fprintf(stderr, "\n");
    return 1;
}

static bool read_delimiter(const struct brn_invocation *v, struct brn_read_options *options)
{
    const char *text = brn_given_text(v, "--delimiter", ",");
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        text = "\t";
    options->delimiter = text[0];
    if (strlen(text) == 1)
        return true;
    fprintf(stderr, "brine predict: --delimiter is one character, or \"tab\"\n");
    return false;
}

static bool read_on_error(const struct brn_invocation *v, bool *ret_null)
{
    const char *text = brn_given_text(v, "--on-error", "stop");
    *ret_null = strcmp(text, "null") == 0;
    if (*ret_null || strcmp(text, "stop") == 0)
        return true;
    fprintf(stderr, "brine predict: --on-error is \"stop\" or \"null\"\n");
    return false;
}

static bool read_threads(const struct brn_invocation *v, uint64_t *ret_threads)
{
    enum { MOST = 256 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *ret_threads = cores < 1 ? 1 : cores > MOST ? MOST : (uint64_t)cores;
    if (!brn_given_uint(v, "--threads", ret_threads))
        return false;
    if (*ret_threads >= 1 && *ret_threads <= MOST)
        return true;
    fprintf(stderr, "brine predict: --threads is 1 to %d\n", MOST);
    return false;
}

static int take_threads(struct predict *p, uint64_t threads)
{
    brine_error err;
    if (brn_work_take_threads(&p->work, (size_t)threads, &err) == BRINE_OK)
        return 0;
    brn_report_error("threads", &err);
    return 2;
}

static int open_contract(const struct brn_invocation *v, struct predict *p)
{
    brine_error err;
    const char *path = brn_given_text(v, "--contract", NULL);
    if (!path || brn_contract_rows_open(path, p->model, &p->contract, &err) == BRINE_OK)
        return 0;
    brn_report_error(path, &err);
    return 2;
}

static int run(const struct brn_invocation *v)
{
    struct predict p = {.data = v->arguments[1], .output = brn_given_text(v, "--output", "-")};
    const char *missing[BRN_MOST_GIVEN + 1];
    struct brn_read_options options = {.missing = missing};
    uint64_t threads;
    brn_given_texts(v, "--missing", missing);
    if (!read_threads(v, &threads) ||
        !find_method(brn_given_text(v, "--method", "predict"), &p.method) ||
        !read_delimiter(v, &options) || !read_on_error(v, &p.null_refused))
        return BRN_EXIT_USAGE;
    int code = brn_load_model(v, v->arguments[0], &p.model);
    if (code)
        return code;
    brn_work_init(&p.work, 0);
    code = take_threads(&p, threads);
    if (!code)
        code = open_contract(v, &p);
    if (!code)
        code = brine_model_has(p.model, p.method) ? run_model(&p, &options)
                                                  : no_method(&p, v->arguments[0]);
    brn_contract_rows_free(&p.contract);
    brn_work_free(&p.work);
    brine_model_unref(p.model);
    return code;
}

static const struct brn_option options[] = {
    {"--threads", "N", "for many rows at once (default: one a core); the answers are the same"},
    {"--method", "M", "predict (default), predict_proba, predict_log_proba, decision_function…"},
    {"--output", "FILE",
     ".csv, .jsonl, .npy or .npz by its suffix; default: CSV on standard output"},
    {"--contract", "FILE", "an ODCS contract whose row rules are checked first"},
    {"--on-error", "HOW", "stop (default) or null: leave a row that the model refuses empty"},
    {"--delimiter", "C", "between the fields of CSV; default a comma, \"tab\" for a tab"},
    {"--missing", "TEXT", "a field of CSV that means missing, as an empty one does; repeatable"},
    BRN_MODEL_OPTIONS,
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_predict = {
    .name = "predict",
    .arguments = "MODEL DATA",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "rows in, predictions out, as the scikit-learn that wrote the file gives them",
    .description =
        "Predicts every row of DATA (.csv, .jsonl, .npy, .npz, each also compressed; - is CSV on\n"
        "standard input). Columns are matched by name when the model has feature names, by "
        "position\n"
        "when not; their types come from the model. Empty fields are missing values.\n"
        "Exit: 0 done; 1 the model, the table or a row is refused; 2 a file cannot be read or "
        "written.",
    .example = "brine predict demo/models/clean-boosted.joblib demo/data/test.csv.gz --method "
               "predict_proba",
    .options = options,
    .run = run,
};
