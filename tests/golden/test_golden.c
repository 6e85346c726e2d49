/* SPDX-License-Identifier: Apache-2.0
 *
 * test_golden.c - every answer of every golden, against the scikit-learn that wrote it.
 *
 * tests/golden/README.md says what the archives hold.  Class A outputs must be bit-equal, others
 * within their recorded bound, and brine must refuse exactly the rows that scikit-learn refuses. */
#include "api/known_classes.h"
#include "base/json.h"
#include "estimators/registry.h"
#include "io/file.h"
#include "joblib/joblib.h"
#include "model/model.h"
#include "scan/scan.h"
#include "test.h"

#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_REPORTS = 400 };

/* One case under test; everything lives in the arena. */
struct golden {
    char folder[1024];
    const char *version, *name;
    struct brn_arena arena;
    const struct brn_json_value *json;
    struct brine_model *model;
    struct brn_table input;
    const uint8_t *refused; /* by row */
    struct brn_work work;
};

static size_t cases, answers, differences;

static void report(const struct golden *g, const char *method, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void report(const struct golden *g, const char *method, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (++differences <= MOST_REPORTS)
        brn_test_check(false, "golden", 0, "%s/%s %s: %s", g->version, g->name, method, text);
}

static bool read_table(struct golden *g, struct brn_slice file, struct brn_table *ret_table)
{
    char path[1300];
    brine_error err;
    snprintf(path, sizeof path, "%s/%.*s", g->folder, BRN_S(file));
    if (brn_table_read(path, NULL, &g->arena, ret_table, &err) == BRINE_OK)
        return true;
    report(g, "", "%s: %s", path, err.message);
    return false;
}

static bool read_mask(struct golden *g, const char *file, const uint8_t **ret_mask)
{
    struct brn_table table;
    if (!read_table(g, brn_slice_of(file), &table))
        return false;
    uint8_t *mask = BRN_NEW(&g->arena, uint8_t, (size_t)table.rows + 1);
    for (int64_t r = 0; mask && r < table.rows; r++) {
        double value = 0;
        brn_column_number(&table.columns[0], r, &value);
        mask[r] = value != 0;
    }
    *ret_mask = mask;
    return mask;
}

/* ---- values ---- */

/* A column of predictions or of a file, one row: its number or its text. */
struct cell {
    bool is_text;
    double number;
    struct brn_slice text;
};

static struct cell cell_of(const struct brn_column *c, int64_t row)
{
    struct cell cell = {0};
    if (c->type == BRN_TYPE_DICTIONARY && brn_column_is_valid(c, row)) {
        int64_t stride = c->stride ? c->stride : 4;
        int32_t code;
        memcpy(&code, (const uint8_t *)c->values + (row + c->offset) * stride, sizeof code);
        if (code < 0)
            return cell;
        c = c->dictionary;
        row = code;
    }
    bool text_type =
        c->type == BRN_TYPE_UTF8 || c->type == BRN_TYPE_LARGE_UTF8 || c->type == BRN_TYPE_LITERAL;
    cell.is_text = text_type && brn_column_text(c, row, &cell.text);
    if (!brn_column_number(c, row, &cell.number))
        cell.number = (double)NAN;
    return cell;
}

static bool same_bits(double got, double want, enum brn_type type)
{
    if (isnan(got) || isnan(want))
        return isnan(got) && isnan(want);
    if (type == BRN_TYPE_FLOAT32)
        got = (double)(float)got;
    return memcmp(&got, &want, sizeof got) == 0;
}

static bool same_number(double got, const struct brn_column *want, int64_t row, double bound)
{
    double value = cell_of(want, row).number;
    if (bound <= 0)
        return same_bits(got, value, want->type);
    return same_bits(got, value, want->type) || fabs(got - value) <= bound || isinf(bound);
}

static bool same_cell(const struct brn_column *got, const struct brn_column *want, int64_t row,
                      double bound)
{
    struct cell a = cell_of(got, row), b = cell_of(want, row);
    const struct brn_column *values = got->type == BRN_TYPE_DICTIONARY ? got->dictionary : got;
    if (a.is_text && b.is_text && values->type == BRN_TYPE_LITERAL)
        return brn_slice_equal(a.text, b.text);
    return same_number(a.number, want, row, bound);
}

/* ---- one method ---- */

struct answer {
    struct golden *g;
    const char *method;
    struct brn_table got, want, bound;
    bool bounded;
    size_t first; /* column of got that want begins at */
    const uint8_t *unstable;
};

static void compare_row(const struct answer *a, int64_t row)
{
    for (size_t c = 0; c < a->want.column_count; c++) {
        double bound = 0;
        if (a->bounded)
            brn_column_number(&a->bound.columns[c], row, &bound);
        const struct brn_column *got = &a->got.columns[a->first + c], *want = &a->want.columns[c];
        answers++;
        if (same_cell(got, want, row, bound))
            continue;
        struct cell x = cell_of(got, row), y = cell_of(want, row);
        report(a->g, a->method,
               "row %lld, %s: got %.17g \"%.*s\", expected %.17g \"%.*s\", bound %g",
               (long long)row, got->name, x.number, BRN_S(x.text), y.number, BRN_S(y.text), bound);
    }
}

/* Numbers have the type of scikit-learn's array; labels and given-back columns have their own. */
static void compare_types(const struct answer *a)
{
    for (size_t c = 0; c < a->want.column_count; c++) {
        const struct brn_column *got = &a->got.columns[a->first + c], *want = &a->want.columns[c];
        bool is_number = got->type >= BRN_TYPE_INT8 && got->type <= BRN_TYPE_FLOAT64;
        if (is_number && want->type != BRN_TYPE_LITERAL && got->type != want->type) {
            report(a->g, a->method, "%s is of type %d, expected %d", got->name, (int)got->type,
                   (int)want->type);
            return;
        }
    }
}

/* Where the writer's answer proves nothing brine may refuse to give one. */
static bool proves_nothing(const struct answer *a, int64_t row)
{
    if (a->unstable && a->unstable[row])
        return true;
    double bound = 0;
    for (size_t c = 0; a->bounded && c < a->want.column_count; c++)
        if (brn_column_number(&a->bound.columns[c], row, &bound) && isinf(bound))
            return true;
    return false;
}

static void compare_file(struct answer *a)
{
    if (a->first + a->want.column_count > a->got.column_count || a->want.rows != a->got.rows) {
        report(a->g, a->method, "shape %lld x %zu, expected %lld x %zu more columns",
               (long long)a->got.rows, a->got.column_count, (long long)a->want.rows,
               a->want.column_count);
        return;
    }
    compare_types(a);
    for (int64_t row = 0; row < a->want.rows; row++) {
        bool got_refused = !brn_column_is_valid(&a->got.columns[0], row);
        if (got_refused && proves_nothing(a, row))
            continue;
        if (got_refused != a->g->refused[row])
            report(a->g, a->method, "row %lld is %s by brine only", (long long)row,
                   got_refused ? "refused" : "answered");
        else if (!got_refused && !(a->unstable && a->unstable[row]))
            compare_row(a, row);
    }
}

static void compare_names(const struct answer *a, const struct brn_json_value *names)
{
    if (!names || names->kind != BRN_JSON_ARRAY)
        return;
    for (size_t i = 0; i < names->count && i < a->got.column_count; i++)
        if (!brn_slice_is(names->items[i].text, a->got.columns[i].name))
            report(a->g, a->method, "output %zu is named %s, expected %.*s", i,
                   a->got.columns[i].name, BRN_S(names->items[i].text));
}

static bool find_method(struct brn_slice name, brine_method *ret_method)
{
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (brn_slice_is(name, brine_method_name(m))) {
            *ret_method = m;
            return true;
        }
    return false;
}

static void check_method(struct golden *g, struct brn_slice name, const struct brn_json_value *spec)
{
    brine_method method;
    brine_error err = {0};
    char text[64];
    snprintf(text, sizeof text, "%.*s", BRN_S(name));
    struct answer a = {.g = g, .method = text};
    if (!find_method(name, &method))
        return;
    if (!brn_model_outputs(g->model, method)) {
        report(g, text, "the model does not have it");
        return;
    }
    if (brn_model_predict(g->model, method, &g->input, 0, true, &g->work, &g->arena, &a.got,
                          &err)) {
        report(g, text, "%s", err.message);
        return;
    }
    const struct brn_json_value *files = brn_json_get(spec, "files");
    const struct brn_json_value *bounds = brn_json_get(spec, "bounds");
    struct brn_slice unstable = brn_json_text(brn_json_get(spec, "unstable"), "");
    if (unstable.n && !read_mask(g, "unstable.npy", &a.unstable))
        return;
    for (size_t i = 0; i < files->count; i++) {
        const struct brn_json_value *bound = &bounds->items[i];
        a.bounded = bound->kind == BRN_JSON_STRING;
        if (!read_table(g, files->items[i].text, &a.want) ||
            (a.bounded && !read_table(g, bound->text, &a.bound)))
            return;
        compare_file(&a);
        a.first += a.want.column_count;
    }
    if (a.first != a.got.column_count)
        report(g, text, "%zu outputs, expected %zu", a.got.column_count, a.first);
    compare_names(&a, brn_json_get(spec, "names"));
}

/* ---- one case ---- */

static bool read_case(struct golden *g)
{
    char path[1300];
    struct brn_bytes bytes;
    struct brn_json_value *json;
    brine_error err;
    snprintf(path, sizeof path, "%s/case.json", g->folder);
    if (brn_file_read(path, 1 << 24, false, &bytes, &err) != BRINE_OK)
        return false;
    char *copy = brn_arena_text(&g->arena, bytes.view);
    size_t n = bytes.view.n;
    brn_bytes_free(&bytes);
    if (!copy || brn_json_parse((struct brn_slice){(uint8_t *)copy, n}, 50, &g->arena, &json, &err))
        return false;
    g->json = json;
    return true;
}

/* Real models may hold names that the policy does not know; none is dangerous or unreadable. */
static void check_scan(struct golden *g, const char *path)
{
    brine_error err = {0};
    brine_file *file;
    struct brn_scan scan = {0};
    brine_status status = brn_file_open(path, NULL, true, &file, &err);
    if (status == BRINE_OK) {
        status = brn_scan_file(file, &brn_registry_classes, &g->arena, &scan, &err);
        if (status == BRINE_OK && scan.verdict > BRN_OUTSIDE)
            report(g, "scan", "%s: %s", brn_severity_text(scan.verdict), scan.findings[0].subject);
        brn_file_close(file);
    }
    if (status != BRINE_OK)
        report(g, "scan", "%s", err.message);
}

static bool load_model(struct golden *g)
{
    char path[1300];
    brine_error err = {0};
    brine_file *file;
    struct brn_slice name = brn_json_text(brn_json_get(brn_json_get(g->json, "model"), "file"), "");
    brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    snprintf(path, sizeof path, "%s/%.*s", g->folder, BRN_S(name));
    brine_status status = brn_file_open(path, NULL, false, &file, &err);
    if (status == BRINE_OK) {
        status = brn_model_decode(&file->graph, &brn_registry, &options, &g->model, &err);
        brn_file_close(file);
    }
    if (status != BRINE_OK)
        report(g, "load", "%s (%s)", err.message, err.path);
    check_scan(g, path);
    brine_error why;
    if (status == BRINE_OK && !brn_model_is_proved(g->model, &why) &&
        strstr(why.message, "attribute"))
        report(g, "load", "%s (%s)", why.message, why.path);
    return status == BRINE_OK;
}

/* What fails for every row in this release is not offered. */
static void check_raising(const struct golden *g)
{
    const struct brn_json_value *raising = brn_json_get(g->json, "raising");
    for (brine_method m = 0; raising && m < BRINE_METHOD_COUNT; m++)
        for (size_t i = 0; i < raising->count; i++)
            if (brn_slice_is(raising->items[i].text, brine_method_name(m)) &&
                brn_model_outputs(g->model, m))
                report(g, brine_method_name(m), "answers");
}

static void check_case(struct golden *g)
{
    struct brn_slice input = brn_json_text(brn_json_get(g->json, "input"), "input.npy");
    if (!load_model(g))
        return;
    if (!read_table(g, input, &g->input) || !read_mask(g, "refused.npy", &g->refused))
        return;
    const struct brn_json_value *methods = brn_json_get(g->json, "methods");
    check_raising(g);
    for (size_t i = 0; methods && i < methods->count; i++)
        check_method(g, methods->keys[i], &methods->items[i]);
    cases++;
}

static void run_case(const char *folder, const char *version, const char *name)
{
    struct golden g = {.version = version, .name = name};
    snprintf(g.folder, sizeof g.folder, "%.700s/%.300s", folder, name);
    brn_arena_init(&g.arena, 0);
    brn_work_init(&g.work, 0);
    if (read_case(&g))
        check_case(&g);
    else
        report(&g, "", "case.json cannot be read");
    brn_work_free(&g.work);
    brn_model_release(g.model);
    brn_arena_free(&g.arena);
}

/* ---- archives ---- */

/* Which cases run: unset a spread that the manifests name, "all" all of them, anything else those
 * with this text in VERSION/CASE. */
static bool is_wanted(const struct brn_json_value *row, struct brn_slice version, const char *name)
{
    const char *only = getenv("BRINE_GOLDEN");
    const struct brn_json_value *spread = brn_json_get(row, "spread");
    char place[400];
    if (only && !strcmp(only, "all"))
        return true;
    snprintf(place, sizeof place, "%.*s/%s", BRN_S(version), name);
    if (only && *only)
        return strstr(place, only) != NULL;
    for (size_t i = 0; spread && i < spread->count; i++)
        if (brn_slice_equal(spread->items[i].text, version))
            return true;
    return false;
}

/* Calls visit for every case and version that is wanted. */
static void each_wanted(const struct brn_json_value *manifest,
                        void (*visit)(void *argument, const char *version, const char *name),
                        void *argument)
{
    const struct brn_json_value *all = brn_json_get(manifest, "cases");
    char name[300], version[64];
    for (size_t i = 0; all && i < all->count; i++)
        for (size_t r = 0; r < all->items[i].count; r++) {
            const struct brn_json_value *row = &all->items[i].items[r];
            const struct brn_json_value *versions = brn_json_get(row, "versions");
            snprintf(name, sizeof name, "%.*s", BRN_S(all->keys[i]));
            for (size_t v = 0; versions && v < versions->count; v++) {
                snprintf(version, sizeof version, "%.*s", BRN_S(versions->items[v].text));
                if (is_wanted(row, versions->items[v].text, name))
                    visit(argument, version, name);
            }
        }
}

struct unpacking {
    FILE *list;
    size_t count;
};

static void list_member(void *argument, const char *version, const char *name)
{
    struct unpacking *u = argument;
    u->count++;
    fprintf(u->list, "%s/%s\n", version, name);
}

/* Unpacks the wanted cases of the family; false when there are none. */
static bool unpack(const char *family, const struct brn_json_value *manifest, const char *folder)
{
    char command[6000], list[1100];
    struct unpacking u = {0};
    snprintf(list, sizeof list, "%.1000s.list", folder);
    u.list = fopen(list, "w");
    if (!CHECK(u.list))
        return false;
    each_wanted(manifest, list_member, &u);
    fclose(u.list);
    if (u.count == 0)
        return false;
    snprintf(command, sizeof command,
             "rm -rf '%s' && mkdir -p '%s' && tar -xJf '%s/tests/golden/%s.tar.xz' -C '%s' -T '%s'",
             folder, folder, BRINE_SOURCE_DIR, family, folder, list);
    return CHECK(system(command) == 0);
}

static void visit_case(void *argument, const char *version, const char *name)
{
    char folder[1100];
    snprintf(folder, sizeof folder, "%.700s/%.60s", (const char *)argument, version);
    run_case(folder, version, name);
}

static void run_family(const char *family)
{
    char folder[1024], name[300], path[1300];
    struct brn_arena arena;
    struct brn_bytes bytes;
    struct brn_json_value *manifest;
    brine_error err;
    brn_arena_init(&arena, 0);
    snprintf(name, sizeof name, "golden-%.200s", family);
    snprintf(folder, sizeof folder, "%s", brn_test_path(name));
    snprintf(path, sizeof path, "%s/tests/golden/%.200s.json", BRINE_SOURCE_DIR, family);
    if (CHECK(brn_file_read(path, 1 << 26, false, &bytes, &err) == BRINE_OK)) {
        if (CHECK(!brn_json_parse(bytes.view, 50, &arena, &manifest, &err)) &&
            unpack(family, manifest, folder))
            each_wanted(manifest, visit_case, folder);
        brn_bytes_free(&bytes);
    }
    brn_arena_free(&arena);
}

TEST(goldens_equal_their_writers)
{
    struct dirent **entries;
    int count = scandir(BRINE_SOURCE_DIR "/tests/golden", &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *suffix = strstr(entries[i]->d_name, ".tar.xz");
        if (suffix) {
            *suffix = '\0';
            run_family(entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    printf("  goldens: %zu cases, %zu answers, %zu differences\n", cases, answers, differences);
    CHECK(cases > 0 && differences == 0);
}
