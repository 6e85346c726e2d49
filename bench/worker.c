/* SPDX-License-Identifier: Apache-2.0
 *
 * worker.c - brine as a peer of a benchmark: one model, driven over standard input one line at a
 * time.
 *
 * usage: brine-bench DIR MODEL
 *
 *   (start)              -> ok
 *   load VARIANT         -> ok SECONDS      DIR/models/MODEL.pkl or .joblib: from file to plan
 *   open VARIANT         -> ok SECONDS      the same, to the object graph alone
 *   data ROWS            -> ok              the first rows of DIR/data/SET.npy (or .csv)
 *   answers N FILE       -> ok              writes N rows of scores, raw float64
 *   lat START N MS       -> ok NS NS NS ... N calls of one row, from START, MS ms at most
 *   batch START N        -> ok SECONDS CPU  one call with N rows
 *   threads N            -> ok
 *   rss                  -> ok JSON         VmRSS and VmHWM in kB
 *   quit
 * A failure answers: no REASON.  The set, the method and the number of rows are read from
 * DIR/manifest.json. */
#include "base/json.h"
#include "estimators/registry.h"
#include "io/file.h"
#include "joblib/joblib.h"
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct worker {
    const char *dir, *name;
    char set[64];
    brine_method method;
    struct brine_model *model;
    struct brn_arena arena; /* of the rows */
    struct brn_table rows;
    struct brn_matching matching;
    struct brn_work work;
    double *numbers;
    int32_t *codes;
    brine_error err;
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void refuse(const char *reason)
{
    printf("no %s\n", reason);
}

/* ---- the manifest ---- */

static brine_method method_named(struct brn_slice name)
{
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (brn_slice_is(name, brine_method_name(m)))
            return m;
    return BRINE_METHOD_PREDICT;
}

static bool read_manifest(struct worker *w)
{
    char path[1024];
    struct brn_bytes bytes;
    struct brn_json_value *manifest;
    snprintf(path, sizeof path, "%s/manifest.json", w->dir);
    if (brn_file_read(path, 1 << 26, false, &bytes, &w->err) != BRINE_OK)
        return false;
    bool ok = brn_json_parse(bytes.view, 32, &w->arena, &manifest, &w->err) == BRINE_OK;
    const struct brn_json_value *info =
        ok ? brn_json_get(brn_json_get(manifest, "models"), w->name) : NULL;
    struct brn_slice set = brn_json_text(brn_json_get(info, "data"), "");
    snprintf(w->set, sizeof w->set, "%.*s", BRN_S(set));
    w->method = method_named(brn_json_text(brn_json_get(info, "method"), "predict"));
    brn_bytes_free(&bytes);
    return info != NULL;
}

/* ---- commands ---- */

static const char *suffix_of(const char *variant)
{
    if (strcmp(variant, "joblib") == 0)
        return ".joblib";
    return strcmp(variant, "joblib_z3") == 0 ? ".z3.joblib" : ".pkl";
}

static bool open_file(struct worker *w, const char *variant, struct brine_file **file)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/models/%s%s", w->dir, w->name, suffix_of(variant));
    return brn_file_open(path, NULL, false, file, &w->err) == BRINE_OK;
}

static void command_open(struct worker *w, const char *variant)
{
    struct brine_file *file;
    double start = seconds(CLOCK_MONOTONIC);
    if (!open_file(w, variant, &file)) {
        refuse(w->err.message);
        return;
    }
    double took = seconds(CLOCK_MONOTONIC) - start;
    brn_file_close(file);
    printf("ok %.9f\n", took);
}

static void command_load(struct worker *w, const char *variant)
{
    struct brine_file *file;
    struct brine_model *model;
    brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    double start = seconds(CLOCK_MONOTONIC);
    if (!open_file(w, variant, &file)) {
        refuse(w->err.message);
        return;
    }
    brine_status status = brn_model_decode(&file->graph, &brn_registry, &options, &model, &w->err);
    brn_file_close(file);
    double took = seconds(CLOCK_MONOTONIC) - start;
    if (status != BRINE_OK) {
        refuse(w->err.message);
        return;
    }
    brn_model_release(w->model);
    w->model = model;
    printf("ok %.9f\n", took);
}

/* Numbers of CSV become numbers here, as the peers' frames are read before any clock runs. */
static void type_column(struct worker *w, struct brn_column *column)
{
    double *values = BRN_NEW(&w->arena, double, (size_t)column->length + 1);
    if (column->type != BRN_TYPE_LITERAL || !values)
        return;
    for (int64_t i = 0; i < column->length; i++)
        if (!brn_column_number(column, i, &values[i]))
            return;
    *column = (struct brn_column){
        .name = column->name, .type = BRN_TYPE_FLOAT64, .length = column->length, .values = values};
}

static bool read_rows(struct worker *w, int64_t count)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/data/%s.npy", w->dir, w->set);
    if (brn_table_read(path, NULL, &w->arena, &w->rows, &w->err) != BRINE_OK) {
        snprintf(path, sizeof path, "%s/data/%s.csv", w->dir, w->set);
        if (brn_table_read(path, NULL, &w->arena, &w->rows, &w->err) != BRINE_OK)
            return false;
        for (size_t i = 0; i < w->rows.column_count; i++)
            type_column(w, &w->rows.columns[i]);
    }
    if (count > 0 && count < w->rows.rows)
        w->rows.rows = count;
    return brn_model_match(w->model, &w->rows, &w->arena, &w->matching, &w->err) == BRINE_OK;
}

static void command_data(struct worker *w, const char *rows)
{
    if (!w->model || !read_rows(w, strtoll(rows, NULL, 10))) {
        refuse(w->model ? w->err.message : "load first");
        return;
    }
    const struct brn_outputs *outputs = brn_model_outputs(w->model, w->method);
    size_t cells = outputs ? (size_t)w->rows.rows * outputs->width : 0;
    w->numbers = calloc(cells + 1, sizeof *w->numbers);
    w->codes = calloc(cells + 1, sizeof *w->codes);
    if (!outputs || !w->numbers || !w->codes)
        refuse(outputs ? "out of memory" : "the model has no such method");
    else
        printf("ok\n");
}

/* Rows [first, first + count) into the results, which are written over each time. */
static bool predict(struct worker *w, int64_t first, int64_t count)
{
    struct brn_column columns[4096];
    struct brn_table part = {count, w->rows.column_count, columns};
    struct brn_results results = {.numbers = w->numbers, .codes = w->codes};
    if (part.column_count > sizeof columns / sizeof columns[0])
        return false;
    for (size_t i = 0; i < part.column_count; i++) {
        columns[i] = w->rows.columns[i];
        columns[i].offset += first;
        columns[i].length = count;
    }
    return brn_model_run(w->model, w->method, &part, &w->matching, (uint64_t)first, &w->work,
                         &results, &w->err) == BRINE_OK;
}

static void command_latency(struct worker *w, int64_t start, int64_t count, double milliseconds)
{
    double *taken = calloc((size_t)count + 1, sizeof *taken);
    double end = seconds(CLOCK_MONOTONIC) + milliseconds / 1000;
    int64_t n = 0;
    for (; taken && n < count && seconds(CLOCK_MONOTONIC) < end; n++) {
        double before = seconds(CLOCK_MONOTONIC);
        if (!predict(w, (start + n) % w->rows.rows, 1))
            break;
        taken[n] = seconds(CLOCK_MONOTONIC) - before;
    }
    printf(n ? "ok" : "no %s", w->err.message);
    for (int64_t i = 0; i < n; i++)
        printf(" %.0f", taken[i] * 1e9);
    printf("\n");
    free(taken);
}

static void command_batch(struct worker *w, int64_t start, int64_t count)
{
    int64_t rows = count < w->rows.rows ? count : w->rows.rows;
    int64_t first = start + rows <= w->rows.rows ? start : w->rows.rows - rows;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (!predict(w, first, rows)) {
        refuse(w->err.message);
        return;
    }
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("ok %.9f %.9f\n", seconds(CLOCK_MONOTONIC) - wall, cpu);
}

/* Labels that are numbers are answered as numbers. */
static void decode_labels(struct worker *w, const struct brn_outputs *outputs, int64_t count)
{
    if (outputs->width != 1 || outputs->codes != 1)
        return;
    for (int64_t i = 0; i < count; i++)
        brn_value_number(outputs->labels[0]->values[w->codes[i]], &w->numbers[i]);
}

static void command_answers(struct worker *w, int64_t count, const char *path)
{
    const struct brn_outputs *outputs = brn_model_outputs(w->model, w->method);
    FILE *file = fopen(path, "wb");
    if (!file || count > w->rows.rows || !predict(w, 0, count)) {
        refuse(w->err.message);
    } else {
        size_t cells = (size_t)count * outputs->width;
        decode_labels(w, outputs, count);
        printf(fwrite(w->numbers, sizeof *w->numbers, cells, file) == cells ? "ok\n" : "no disk\n");
    }
    if (file)
        fclose(file);
}

static void command_threads(struct worker *w, size_t count)
{
    brn_work_free(&w->work);
    if (brn_work_take_threads(&w->work, count, &w->err) == BRINE_OK)
        printf("ok\n");
    else
        refuse(w->err.message);
}

static void command_memory(void)
{
    char line[256];
    long resident = 0, highest = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        sscanf(line, "VmRSS: %ld", &resident);
        sscanf(line, "VmHWM: %ld", &highest);
    }
    if (file)
        fclose(file);
    printf("ok {\"VmRSS\": %ld, \"VmHWM\": %ld}\n", resident, highest);
}

/* ---- the line protocol ---- */

static bool needs_rows(const char *command)
{
    return strcmp(command, "lat") == 0 || strcmp(command, "batch") == 0 ||
           strcmp(command, "answers") == 0;
}

static void obey(struct worker *w, const char *command, const char *a, const char *b, const char *c)
{
    if (needs_rows(command) && !w->numbers)
        refuse("data first");
    else if (strcmp(command, "load") == 0)
        command_load(w, a);
    else if (strcmp(command, "open") == 0)
        command_open(w, a);
    else if (strcmp(command, "data") == 0)
        command_data(w, a);
    else if (strcmp(command, "lat") == 0)
        command_latency(w, strtoll(a, NULL, 10), strtoll(b, NULL, 10), strtod(c, NULL));
    else if (strcmp(command, "batch") == 0)
        command_batch(w, strtoll(a, NULL, 10), strtoll(b, NULL, 10));
    else if (strcmp(command, "answers") == 0)
        command_answers(w, strtoll(a, NULL, 10), b);
    else if (strcmp(command, "rss") == 0)
        command_memory();
    else if (strcmp(command, "threads") == 0)
        command_threads(w, strtoul(a, NULL, 10));
    else
        refuse("not supported");
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc != 3) {
        fprintf(stderr, "usage: brine-bench DIR MODEL\n");
        return 64;
    }
    struct worker w = {.dir = argv[1], .name = argv[2]};
    brn_arena_init(&w.arena, 0);
    brn_work_init(&w.work, 0);
    bool known = read_manifest(&w);
    puts("ok");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        char command[32] = "", a[1024] = "", b[1024] = "", c[64] = "";
        sscanf(line, "%31s %1023s %1023s %63s", command, a, b, c);
        if (strcmp(command, "quit") == 0)
            break;
        if (known)
            obey(&w, command, a, b, c);
        else
            refuse("manifest.json does not name the model");
        fflush(stdout);
    }
    brn_model_release(w.model);
    brn_work_free(&w.work);
    brn_arena_free(&w.arena);
    free(w.numbers);
    free(w.codes);
    return 0;
}
