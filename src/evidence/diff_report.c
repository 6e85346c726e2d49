/* SPDX-License-Identifier: Apache-2.0
 *
 * diff_report.c - the difference of two bundles, for people and as JSON. */
#include "evidence/diff.h"

#include <stdio.h>

static struct brn_slice text_of(const struct brn_json_value *object, const char *key)
{
    return brn_json_text(brn_json_get(object, key), "");
}

static bool begins(const struct brn_json_value *check, const char *prefix)
{
    struct brn_slice id = text_of(check, "id");
    size_t n = strlen(prefix);
    return id.n >= n && memcmp(id.p, prefix, n) == 0;
}

/* ---- text ---- */

/* Control characters of file contents do not reach the terminal. */
static void printable(struct brn_buffer *out, struct brn_slice text)
{
    for (size_t i = 0; i < text.n; i++)
        brn_buffer_byte(out, text.p[i] < 0x20 || text.p[i] == 0x7f ? ' ' : (char)text.p[i]);
}

static void amount(struct brn_buffer *out, const struct brn_json_value *check)
{
    const struct brn_json_value *value = brn_json_get(check, "value");
    const struct brn_json_value *interval = brn_json_get(check, "interval");
    if (!value || value->kind != BRN_JSON_NUMBER) {
        brn_buffer_text(out, "-");
        return;
    }
    brn_buffer_printf(out, "%.3f", value->number);
    if (interval && interval->kind == BRN_JSON_ARRAY && interval->count == 2)
        brn_buffer_printf(out, " (%.3f to %.3f)", interval->items[0].number,
                          interval->items[1].number);
}

static void side(struct brn_buffer *out, const char *name, const struct brn_json_value *root)
{
    const struct brn_json_value *model = brn_json_get(root, "model");
    bool ships = brn_slice_is(text_of(root, "decision"), "ship");
    brn_buffer_printf(out, "%-7s %s  ", name, ships ? "SHIP" : "HOLD");
    printable(out, text_of(model, "path"));
    brn_buffer_byte(out, '\n');
}

static bool is_measure(const struct brn_change *c)
{
    const struct brn_json_value *check = c->after ? c->after : c->before;
    return (begins(check, "metric.") || begins(check, "calibration.")) && c->before && c->after;
}

static void measures(const struct brn_evidence_diff *d, struct brn_buffer *out)
{
    bool any = false;
    for (size_t i = 0; i < d->count; i++) {
        const struct brn_change *c = &d->changes[i];
        if (c->kind != BRN_CHANGE_VALUE || !is_measure(c))
            continue;
        brn_buffer_text(out, any ? "" : "\nMetrics\n");
        any = true;
        struct brn_slice id = text_of(c->after, "id"), detail = text_of(c->after, "detail");
        char name[80];
        snprintf(name, sizeof name, "%.*s %.*s", BRN_S(id), BRN_S(detail));
        brn_buffer_printf(out, "  %-50s ", name);
        amount(out, c->before);
        brn_buffer_text(out, "  ->  ");
        amount(out, c->after);
        brn_buffer_byte(out, '\n');
    }
}

static void change(struct brn_buffer *out, const struct brn_change *c)
{
    const struct brn_json_value *told = c->kind == BRN_CHANGE_MENDED ? c->before : c->after;
    told = told ? told : c->before;
    brn_buffer_text(out, "  ");
    printable(out, text_of(told, "id"));
    brn_buffer_text(out, ": ");
    if (c->before && c->after)
        brn_buffer_printf(out, "%.*s -> %.*s: ", BRN_S(text_of(c->before, "status")),
                          BRN_S(text_of(c->after, "status")));
    else
        brn_buffer_text(out, c->before ? "not there any more: " : "new: ");
    printable(out, text_of(told, "finding"));
    brn_buffer_byte(out, '\n');
}

static void group(const struct brn_evidence_diff *d, struct brn_buffer *out, const char *title,
                  enum brn_change_kind kind)
{
    bool any = false;
    for (size_t i = 0; i < d->count; i++) {
        if (d->changes[i].kind != kind)
            continue;
        if (!any)
            brn_buffer_printf(out, "\n%s\n", title);
        any = true;
        change(out, &d->changes[i]);
    }
}

static size_t count_rest(const struct brn_evidence_diff *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->count; i++) {
        enum brn_change_kind kind = d->changes[i].kind;
        n += kind == BRN_CHANGE_NEW || kind == BRN_CHANGE_GONE ||
             (kind == BRN_CHANGE_VALUE && !is_measure(&d->changes[i]));
    }
    return n;
}

void brn_evidence_diff_text(const struct brn_evidence_diff *diff, struct brn_buffer *out)
{
    side(out, "before", diff->before);
    side(out, "after", diff->after);
    group(diff, out, "Broken", BRN_CHANGE_BROKEN);
    group(diff, out, "Mended", BRN_CHANGE_MENDED);
    group(diff, out, "Other changes of status", BRN_CHANGE_STATUS);
    measures(diff, out);
    if (count_rest(diff))
        brn_buffer_printf(out,
                          "\n%zu more rows changed only in their number, or are new and kept; "
                          "--json lists them.\n",
                          count_rest(diff));
    if (diff->count == 0)
        brn_buffer_text(out, "\nNothing changed.\n");
}

/* ---- JSON ---- */

static void copy_value(struct brn_json_writer *w, const char *key, const struct brn_json_value *v)
{
    brn_json_key(w, key);
    if (v && v->kind == BRN_JSON_NUMBER)
        brn_json_double(w, v->number);
    else if (v && v->kind == BRN_JSON_STRING)
        brn_json_slice(w, v->text);
    else
        brn_json_null(w);
}

static void check_side(struct brn_json_writer *w, const char *key,
                       const struct brn_json_value *check)
{
    brn_json_key(w, key);
    if (!check) {
        brn_json_null(w);
        return;
    }
    brn_json_begin_object(w);
    copy_value(w, "status", brn_json_get(check, "status"));
    copy_value(w, "value", brn_json_get(check, "value"));
    copy_value(w, "finding", brn_json_get(check, "finding"));
    brn_json_end_object(w);
}

static void result_side(struct brn_json_writer *w, const char *key,
                        const struct brn_json_value *root)
{
    const struct brn_json_value *model = brn_json_get(root, "model");
    brn_json_key(w, key);
    brn_json_begin_object(w);
    copy_value(w, "decision", brn_json_get(root, "decision"));
    copy_value(w, "model", brn_json_get(model, "path"));
    copy_value(w, "sha256", brn_json_get(model, "sha256"));
    brn_json_end_object(w);
}

void brn_evidence_diff_json(const struct brn_evidence_diff *diff, struct brn_buffer *out)
{
    struct brn_json_writer w = {.out = out, .indent = 1};
    brn_json_begin_object(&w);
    result_side(&w, "before", diff->before);
    result_side(&w, "after", diff->after);
    brn_json_key(&w, "changes");
    brn_json_begin_array(&w);
    for (size_t i = 0; i < diff->count; i++) {
        const struct brn_change *c = &diff->changes[i];
        const struct brn_json_value *any = c->after ? c->after : c->before;
        brn_json_begin_object(&w);
        brn_json_key(&w, "kind");
        brn_json_string(&w, brn_change_name(c->kind));
        copy_value(&w, "id", brn_json_get(any, "id"));
        copy_value(&w, "detail", brn_json_get(any, "detail"));
        check_side(&w, "before", c->before);
        check_side(&w, "after", c->after);
        brn_json_end_object(&w);
    }
    brn_json_end_array(&w);
    brn_json_end_object(&w);
    brn_buffer_byte(out, '\n');
}
