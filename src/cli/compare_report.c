/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/compare_report.h"

#include "base/json.h"
#include "base/number.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* ---- the table: one row, both outputs ---- */

enum unit { COUNT, BYTES };

static const struct row {
    const char *key, *label;
    size_t offset; /* in struct brn_measure */
    enum unit unit;
} rows[] = {
    {"disk_bytes", "bytes on disk", offsetof(struct brn_measure, disk_bytes), BYTES},
    {"expanded_bytes", "bytes expanded", offsetof(struct brn_measure, expanded_bytes), BYTES},
    {"memory_bytes", "memory for the graph (brine)", offsetof(struct brn_measure, memory_bytes),
     BYTES},
    {"opcodes", "opcodes", offsetof(struct brn_measure, opcodes), COUNT},
    {"objects", "objects", offsetof(struct brn_measure, objects), COUNT},
    {"arrays", "arrays", offsetof(struct brn_measure, arrays), COUNT},
    {"array_bytes", "  their bytes", offsetof(struct brn_measure, array_bytes), BYTES},
    {"aligned_arrays", "  aligned to 16 bytes", offsetof(struct brn_measure, aligned_arrays),
     COUNT},
    {"mapped_arrays", "  that can be mapped", offsetof(struct brn_measure, mapped_arrays), COUNT},
    {"mapped_bytes", "  bytes of those", offsetof(struct brn_measure, mapped_bytes), BYTES},
    {"array_uses", "references to arrays", offsetof(struct brn_measure, array_uses), COUNT},
    {"duplicate_arrays", "copies of an earlier array",
     offsetof(struct brn_measure, duplicate_arrays), COUNT},
    {"duplicate_bytes", "  bytes of those", offsetof(struct brn_measure, duplicate_bytes), BYTES},
    {"object_arrays", "arrays of objects", offsetof(struct brn_measure, object_arrays), COUNT},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static uint64_t value_of(const struct brn_measure *m, const struct row *row)
{
    uint64_t value;
    memcpy(&value, (const char *)m + row->offset, sizeof value);
    return value;
}

/* 1234567 as "1,234,567". */
static const char *grouped(uint64_t value, char out[32])
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value), at = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static const char *stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void describe_container(const struct brine_file *f, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s, protocol %d", f->is_joblib ? "joblib" : "pickle",
             f->codec ? " " : "", f->codec ? f->codec : "", f->graph.protocol);
}

static const char *milliseconds(double seconds, char out[32])
{
    snprintf(out, 32, "%.*f ms", seconds < 0.01 ? 3 : seconds < 0.1 ? 2 : 1, seconds * 1e3);
    return out;
}

/* ---- the recommendation ---- */

static bool is_mappable(const struct brn_measure *m)
{
    return m->mapped_bytes >= (1 << 20) && m->mapped_bytes * 2 >= m->disk_bytes;
}

struct advice {
    size_t choice; /* 0 or 1; 2: neither */
    char reason[400];
};

static void advise_by_size(const struct brn_comparison *c, struct advice *a)
{
    char text[4][32];
    size_t small = c->measures[1].disk_bytes < c->measures[0].disk_bytes;
    const struct brn_measure *x = &c->measures[small], *y = &c->measures[!small];
    const struct brn_timing *s = &c->timings[small], *t = &c->timings[!small];
    a->choice = s->median <= t->median * 1.5 ? small : !small;
    if (a->choice == small)
        snprintf(
            a->reason, sizeof a->reason,
            "they hold the same; it is smaller (%s bytes against %s) and loads in %s against %s",
            grouped(x->disk_bytes, text[0]), grouped(y->disk_bytes, text[1]),
            milliseconds(s->median, text[2]), milliseconds(t->median, text[3]));
    else
        snprintf(
            a->reason, sizeof a->reason,
            "they hold the same and it loads %.1f times as fast; the other is %.1f times as small, "
            "which pays where bytes are dear",
            s->median / t->median, (double)y->disk_bytes / (double)x->disk_bytes);
}

static struct advice advise(const struct brn_comparison *c)
{
    struct advice a = {.choice = 2};
    bool maps[2] = {is_mappable(&c->measures[0]), is_mappable(&c->measures[1])};
    if (!c->content.is_equal) {
        snprintf(a.reason, sizeof a.reason,
                 "they do not hold the same object: find out which is the right one first");
    } else if (maps[0] != maps[1]) {
        a.choice = maps[1];
        snprintf(
            a.reason, sizeof a.reason,
            "most of it is arrays that can be mapped, so that several Python processes share one "
            "copy");
    } else {
        advise_by_size(c, &a);
    }
    return a;
}

/* ---- text ---- */

static void print_line(const struct brn_comparison *c, const char *label,
                       const char *const cells[2])
{
    printf("  %-30s", label);
    for (size_t i = 0; i < c->count && i < 2; i++)
        printf(" %24s", cells[i]);
    printf("\n");
}

static void print_timings(const struct brn_comparison *c)
{
    char median[2][32] = {""}, range[2][80] = {""}, lower[32], upper[32];
    for (size_t i = 0; i < c->count; i++) {
        const struct brn_timing *t = &c->timings[i];
        milliseconds(t->median, median[i]);
        snprintf(range[i], sizeof range[i], "%s to %s", milliseconds(t->lower, lower),
                 milliseconds(t->upper, upper));
    }
    print_line(c, "load time (brine, median)", (const char *const[]){median[0], median[1]});
    print_line(c, "  middle half of the runs", (const char *const[]){range[0], range[1]});
}

static void print_table(const struct brn_comparison *c)
{
    char cells[2][64] = {""};
    const char *const both[2] = {cells[0], cells[1]};
    for (size_t i = 0; i < c->count; i++)
        snprintf(cells[i], sizeof cells[i], "%.24s", stem(c->paths[i]));
    print_line(c, "", both);
    for (size_t i = 0; i < c->count; i++)
        describe_container(c->files[i], cells[i], sizeof cells[i]);
    print_line(c, "container", both);
    print_timings(c);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < c->count; i++)
            grouped(value_of(&c->measures[i], &rows[r]), cells[i]);
        print_line(c, rows[r].label, both);
    }
}

static void print_content(const struct brn_comparison *c)
{
    char nodes[32], arrays[32], bytes[32];
    if (c->content.is_equal)
        printf(
            "  same content      yes: %s objects and %s arrays (%s bytes) compared, bit for bit\n",
            grouped(c->content.nodes, nodes), grouped(c->content.arrays, arrays),
            grouped(c->content.array_bytes, bytes));
    else
        printf("  same content      no: %s%s%s\n", c->content.first.path,
               c->content.first.path[0] ? ": " : "", c->content.first.what);
}

static void print_parity(const struct brn_parity *p)
{
    char rows_text[32], difference[BRN_NUMBER_TEXT];
    brn_format_double(p->max_difference, difference);
    printf("                    %s: %s rows x %" PRIu64 "; %" PRIu64
           " values differ, largest difference %s",
           brine_method_name(p->method), grouped(p->rows, rows_text), p->columns, p->differing,
           difference);
    if (p->refused || p->refused_once)
        printf("; %" PRIu64 " rows refused by both, %" PRIu64 " by one", p->refused,
               p->refused_once);
    printf("\n");
}

static void print_predictions(const struct brn_comparison *c)
{
    if (!c->has_predictions) {
        printf("  same predictions  not known: %s%s%s\n", c->no_predictions.path,
               c->no_predictions.path[0] ? ": " : "", c->no_predictions.message);
        return;
    }
    uint64_t differing = 0;
    for (size_t i = 0; i < c->parities.count; i++)
        differing += c->parities.of[i].differing;
    printf("  same predictions  %s, on %s\n", differing ? "no" : "yes",
           c->data ? c->data : "generated rows");
    for (size_t i = 0; i < c->parities.count; i++)
        print_parity(&c->parities.of[i]);
}

static void print_text(const struct brn_comparison *c)
{
    print_table(c);
    printf("\n");
    if (c->count < 2) {
        printf("  The other form of this model is not written yet: give it as the second file.\n");
        return;
    }
    print_content(c);
    print_predictions(c);
    struct advice a = advise(c);
    printf("  recommendation    %s: %s\n", a.choice < 2 ? stem(c->paths[a.choice]) : "none",
           a.reason);
}

/* ---- JSON ---- */

static void write_file(struct brn_json_writer *w, const struct brn_comparison *c, size_t i)
{
    char container[64];
    describe_container(c->files[i], container, sizeof container);
    brn_json_begin_object(w);
    brn_json_key(w, "file");
    brn_json_string(w, c->paths[i]);
    brn_json_key(w, "container");
    brn_json_string(w, container);
    brn_json_key(w, "load_seconds");
    brn_json_begin_object(w);
    brn_json_key(w, "runs");
    brn_json_uint(w, c->timings[i].runs);
    brn_json_key(w, "lower_quartile");
    brn_json_double(w, c->timings[i].lower);
    brn_json_key(w, "median");
    brn_json_double(w, c->timings[i].median);
    brn_json_key(w, "upper_quartile");
    brn_json_double(w, c->timings[i].upper);
    brn_json_end_object(w);
    for (size_t r = 0; r < ROWS; r++) {
        brn_json_key(w, rows[r].key);
        brn_json_uint(w, value_of(&c->measures[i], &rows[r]));
    }
    brn_json_end_object(w);
}

static void write_content(struct brn_json_writer *w, const struct brn_content *content)
{
    brn_json_begin_object(w);
    brn_json_key(w, "equal");
    brn_json_bool(w, content->is_equal);
    brn_json_key(w, "objects");
    brn_json_uint(w, content->nodes);
    brn_json_key(w, "arrays");
    brn_json_uint(w, content->arrays);
    brn_json_key(w, "array_bytes");
    brn_json_uint(w, content->array_bytes);
    if (!content->is_equal) {
        brn_json_key(w, "path");
        brn_json_string(w, content->first.path);
        brn_json_key(w, "difference");
        brn_json_string(w, content->first.what);
    }
    brn_json_end_object(w);
}

static void write_parity(struct brn_json_writer *w, const struct brn_parity *p)
{
    brn_json_begin_object(w);
    brn_json_key(w, "method");
    brn_json_string(w, brine_method_name(p->method));
    brn_json_key(w, "rows");
    brn_json_uint(w, p->rows);
    brn_json_key(w, "columns");
    brn_json_uint(w, p->columns);
    brn_json_key(w, "differing");
    brn_json_uint(w, p->differing);
    brn_json_key(w, "max_difference");
    brn_json_double(w, p->max_difference);
    brn_json_key(w, "refused");
    brn_json_uint(w, p->refused);
    brn_json_key(w, "refused_by_one");
    brn_json_uint(w, p->refused_once);
    brn_json_end_object(w);
}

static void write_both(struct brn_json_writer *w, const struct brn_comparison *c)
{
    struct advice a = advise(c);
    brn_json_key(w, "content");
    write_content(w, &c->content);
    brn_json_key(w, "data");
    brn_json_string(w, c->data ? c->data : "generated");
    brn_json_key(w, c->has_predictions ? "predictions" : "no_predictions");
    if (c->has_predictions) {
        brn_json_begin_array(w);
        for (size_t i = 0; i < c->parities.count; i++)
            write_parity(w, &c->parities.of[i]);
        brn_json_end_array(w);
    } else {
        brn_json_string(w, c->no_predictions.message);
    }
    brn_json_key(w, "recommendation");
    brn_json_begin_object(w);
    brn_json_key(w, "file");
    if (a.choice < 2)
        brn_json_string(w, c->paths[a.choice]);
    else
        brn_json_null(w);
    brn_json_key(w, "reason");
    brn_json_string(w, a.reason);
    brn_json_end_object(w);
}

static void print_json(const struct brn_comparison *c)
{
    struct brn_buffer out = {0};
    struct brn_json_writer w = {.out = &out, .indent = 2};
    brn_json_begin_object(&w);
    brn_json_key(&w, "files");
    brn_json_begin_array(&w);
    for (size_t i = 0; i < c->count; i++)
        write_file(&w, c, i);
    brn_json_end_array(&w);
    if (c->count == 2)
        write_both(&w, c);
    brn_json_end_object(&w);
    brn_buffer_byte(&out, '\n');
    fwrite(out.data, 1, out.size, stdout);
    brn_buffer_free(&out);
}

void brn_comparison_print(const struct brn_comparison *comparison, bool as_json)
{
    if (as_json)
        print_json(comparison);
    else
        print_text(comparison);
}
