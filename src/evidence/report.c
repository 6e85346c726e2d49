/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - the evidence for people: the verdict, why, what to do; then the numbers; then the
 * rest. */
#include "evidence/evidence.h"

#include <math.h>
#include <stdio.h>

struct report {
    const struct brn_evidence *e;
    struct brn_buffer *out;
    bool color;
};

static bool is_gate(const struct brn_check *c)
{
    return strncmp(c->id, "gate.", 5) == 0;
}

static bool begins(const struct brn_check *c, const char *prefix)
{
    return strncmp(c->id, prefix, strlen(prefix)) == 0;
}

/* ---- words and colours ---- */

static const struct {
    const char *mark, *color;
} marks[BRN_CHECK_STATUSES] = {
    [BRN_PASS] = {"ok  ", "\033[32m"},   [BRN_WARN] = {"warn", "\033[33m"},
    [BRN_FAIL] = {"FAIL", "\033[31m"},   [BRN_NOT_RUN] = {"not run", "\033[33m"},
    [BRN_NOT_APPLICABLE] = {"-   ", ""},
};

static void colored(struct report *r, const char *color, const char *text)
{
    bool on = r->color && color[0];
    brn_buffer_printf(r->out, "%s%s%s", on ? color : "", text, on ? "\033[0m" : "");
}

/* Control characters of file contents do not reach the terminal. */
static void printable(struct report *r, const char *text)
{
    for (; *text; text++)
        brn_buffer_byte(r->out, (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
}

static void heading(struct report *r, const char *text)
{
    brn_buffer_byte(r->out, '\n');
    colored(r, "\033[1m", text);
    brn_buffer_byte(r->out, '\n');
}

/* ---- the verdict ---- */

static void verdict(struct report *r)
{
    const struct brn_evidence *e = r->e;
    colored(r, e->ships ? "\033[1;32m" : "\033[1;31m", e->ships ? "SHIP" : "HOLD");
    brn_buffer_text(r->out, "  ");
    printable(r, e->subject.path);
    brn_buffer_text(r->out, "  under contract ");
    printable(r, e->contract->name ? e->contract->name : e->contract->id);
    brn_buffer_byte(r->out, ' ');
    printable(r, e->contract->version);
    brn_buffer_byte(r->out, '\n');
}

static void reason(struct report *r, const struct brn_check *c)
{
    brn_buffer_text(r->out, "  ");
    colored(r, marks[c->status].color, marks[c->status].mark);
    brn_buffer_printf(r->out, "  %s: ", c->id);
    printable(r, c->finding);
    brn_buffer_byte(r->out, '\n');
    if (c->advice && !is_gate(c))
        brn_buffer_printf(r->out, "        -> %s\n", c->advice);
}

static bool is_leak(const struct brn_check *c)
{
    return begins(c, "leakage.");
}

/* A status' rows, what leaks first; and apart from them the gates that they closed. */
static void reasons(struct report *r, const char *title, enum brn_check_status status, bool gates)
{
    bool any = false;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < r->e->checks.count; i++) {
            const struct brn_check *c = &r->e->checks.at[i];
            if (c->status != status || is_gate(c) != gates || is_leak(c) != (pass == 0))
                continue;
            if (!any)
                heading(r, title);
            any = true;
            reason(r, c);
        }
}

/* ---- numbers ---- */

static void amount(struct report *r, const struct brn_check *c)
{
    if (c->lower.given)
        brn_buffer_printf(r->out, "%8.3f  (%.3f to %.3f)", c->value.value, c->lower.value,
                          c->upper.value);
    else if (c->value.given)
        brn_buffer_printf(r->out, "%8.3f", c->value.value);
}

static void metric_line(struct report *r, const struct brn_check *c)
{
    const char *name = strchr(c->id, '.') + 1;
    brn_buffer_printf(r->out, "  %-20s %-28s", name, c->detail[0] ? c->detail : "the model");
    amount(r, c);
    brn_buffer_byte(r->out, '\n');
}

static bool is_measure(const struct brn_check *c)
{
    return (begins(c, "metric.") || begins(c, "calibration.")) && c->value.given;
}

static void metrics(struct report *r)
{
    const struct brn_resampling *plan = &r->e->performance.plan;
    char title[160];
    snprintf(title, sizeof title,
             "On %zu test rows; %g %% intervals from %u resamples of %u units (%s)",
             r->e->test.rows, 100 * plan->level, plan->resamples, plan->clusters,
             r->e->performance.unit);
    heading(r, title);
    for (size_t i = 0; i < r->e->checks.count; i++)
        if (is_measure(&r->e->checks.at[i]))
            metric_line(r, &r->e->checks.at[i]);
}

/* Every metric of the slice behind each other. */
static void slice_line(struct report *r, const struct brn_sliced *slice)
{
    size_t n = strlen(slice->group.name);
    brn_buffer_text(r->out, "  ");
    printable(r, slice->group.name);
    brn_buffer_printf(r->out, "%*s %6zu  ", n < 30 ? (int)(30 - n) : 1, "", slice->group.count);
    if (slice->sample.classes > 2)
        brn_buffer_text(r->out, "      -");
    else
        brn_buffer_printf(r->out, "%7.3f", slice->rate);
    for (size_t i = 0; i < r->e->checks.count; i++) {
        const struct brn_check *c = &r->e->checks.at[i];
        if (!begins(c, "slice.") || strcmp(c->id + strlen("slice."), slice->group.name) != 0)
            continue;
        brn_buffer_printf(r->out, "  %s", c->detail);
        if (c->value.given)
            amount(r, c);
        else
            brn_buffer_text(r->out, " not defined (one class)");
    }
    brn_buffer_byte(r->out, '\n');
}

static void slices(struct report *r)
{
    const struct brn_performance *p = &r->e->performance;
    if (p->slice_count == 0)
        return;
    heading(r, r->e->subject.classes ? "Slices                            rows     rate"
                                     : "Slices                            rows     mean");
    for (size_t i = 0; i < p->slice_count; i++)
        slice_line(r, &p->slices[i]);
}

/* ---- the rest ---- */

static void rest(struct report *r)
{
    heading(r, "All other checks");
    for (size_t i = 0; i < r->e->checks.count; i++) {
        const struct brn_check *c = &r->e->checks.at[i];
        bool told = c->status != BRN_PASS && c->status != BRN_NOT_APPLICABLE;
        if (told || is_measure(c) || begins(c, "slice."))
            continue;
        brn_buffer_text(r->out, "  ");
        colored(r, marks[c->status].color, marks[c->status].mark);
        brn_buffer_printf(r->out, "  %s: ", c->id);
        printable(r, c->finding);
        brn_buffer_byte(r->out, '\n');
    }
}

static void digest_line(struct report *r, const char *what, const char *path,
                        struct brn_digest digest)
{
    char hex[65];
    brn_digest_hex(digest, hex);
    brn_buffer_printf(r->out, "  %-9s %s  ", what, hex);
    printable(r, path);
    brn_buffer_byte(r->out, '\n');
}

static void origins(struct report *r)
{
    const struct brn_evidence *e = r->e;
    heading(r, "What was judged");
    digest_line(r, "model", e->subject.path, e->model_digest);
    digest_line(r, "contract", e->contract->path, e->contract->digest);
    digest_line(r, "train", e->train.path, e->train.digest);
    digest_line(r, "test", e->test.path, e->test.digest);
    brn_buffer_printf(r->out, "  seed %llu, brine %s, %.1f s\n",
                      (unsigned long long)e->performance.plan.seed, brine_version(),
                      e->timings.total);
}

void brn_report_text(const struct brn_evidence *e, bool color, struct brn_buffer *out)
{
    struct report r = {e, out, color};
    verdict(&r);
    reasons(&r, "What is wrong", BRN_FAIL, false);
    reasons(&r, "Gates that are closed", BRN_FAIL, true);
    reasons(&r, "Gates that were not evaluated, which holds", BRN_NOT_RUN, true);
    reasons(&r, "Warnings", BRN_WARN, false);
    reasons(&r, "Gates that warn", BRN_WARN, true);
    metrics(&r);
    slices(&r);
    reasons(&r, "Not run", BRN_NOT_RUN, false);
    rest(&r);
    origins(&r);
}
