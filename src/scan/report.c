/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include "pickle/repr.h"

#include <inttypes.h>

static const struct {
    const char *text, *color;
} severities[] = {
    [BRN_NOTE] = {"clean", "\033[32m"},
    [BRN_OUTSIDE] = {"names outside the policy", "\033[33m"},
    [BRN_INCOMPLETE] = {"could not be fully read", "\033[33m"},
    [BRN_DANGEROUS] = {"dangerous", "\033[1;31m"},
};

const char *brn_severity_text(enum brn_severity severity)
{
    return severities[severity].text;
}

/* ---- text ---- */

void brn_scan_show(struct brn_slice text, struct brn_buffer *out)
{
    while (text.n) {
        const uint8_t *backslash = memchr(text.p, '\\', text.n);
        size_t n = backslash ? (size_t)(backslash - text.p) : text.n;
        brn_repr_name((struct brn_slice){text.p, n}, out);
        if (backslash)
            brn_buffer_byte(out, '\\');
        n += backslash != NULL;
        text = (struct brn_slice){text.p + n, text.n - n};
    }
}

static void add_shown(struct brn_buffer *out, const char *text)
{
    brn_scan_show(brn_slice_of(text), out);
}

static void add_bytes(struct brn_buffer *out, const struct brn_scan *scan)
{
    brn_buffer_printf(out, "    %" PRIu64 " bytes", scan->total_bytes);
    const char *separator = ": ";
    for (int i = 0; i < BRN_SEGMENT_KINDS; i++) {
        if (!scan->bytes[i])
            continue;
        brn_buffer_printf(out, "%s%" PRIu64 " %s", separator, scan->bytes[i],
                          brn_segment_name((enum brn_segment_kind)i));
        separator = ", ";
    }
    brn_buffer_printf(out, "; %zu names\n", scan->name_count);
}

static void add_finding(struct brn_buffer *out, const struct brn_finding *f)
{
    brn_buffer_printf(out, "    %s: ", f->rule->id);
    add_shown(out, f->subject);
    if (f->count > 1)
        brn_buffer_printf(out, ", %" PRIu64 " times", f->count);
    if (f->offset != BRINE_NOWHERE)
        brn_buffer_printf(out, ", at byte %" PRIu64, f->offset);
    if (f->opcode[0])
        brn_buffer_printf(out, " (%s)", f->opcode);
    if (f->path[0]) {
        brn_buffer_text(out, ", in ");
        add_shown(out, f->path);
    }
    brn_buffer_byte(out, '\n');
    if (f->argument[0])
        brn_buffer_printf(out, "        with %s\n", f->argument);
    if (f->why[0]) {
        brn_buffer_text(out, "        ");
        add_shown(out, f->why);
        brn_buffer_byte(out, '\n');
    }
}

/* The findings, each group of one rule with what the rule means. */
static void add_findings(struct brn_buffer *out, const struct brn_scan *scan)
{
    enum { MOST = 20 };
    const struct brn_finding *f = scan->findings;
    for (size_t i = 0; i < scan->finding_count && i < MOST; i++) {
        add_finding(out, &f[i]);
        if (i + 1 == scan->finding_count || i + 1 == MOST || f[i + 1].rule != f[i].rule)
            brn_buffer_printf(out, "      = %s\n", f[i].rule->text);
    }
    if (scan->finding_count > MOST)
        brn_buffer_printf(out, "    and %zu more; --json lists them all\n",
                          scan->finding_count - MOST);
}

void brn_scan_text(const struct brn_scan *scan, const char *path, bool color,
                   struct brn_buffer *out)
{
    const char *on = color ? severities[scan->verdict].color : "";
    add_shown(out, path);
    brn_buffer_printf(out, ": %s%s%s (policy %d)\n", on, brn_severity_text(scan->verdict),
                      color ? "\033[0m" : "", BRN_POLICY_VERSION);
    add_bytes(out, scan);
    add_findings(out, scan);
}

/* ---- JSON ---- */

static void write_finding(struct brn_json_writer *w, const struct brn_finding *f)
{
    static const char *const levels[] = {"note", "outside", "incomplete", "dangerous"};
    brn_json_begin_object(w);
    brn_json_key(w, "rule");
    brn_json_string(w, f->rule->id);
    brn_json_key(w, "severity");
    brn_json_string(w, levels[f->rule->severity]);
    brn_json_key(w, "subject");
    brn_json_string(w, f->subject);
    brn_json_key(w, "why");
    brn_json_string(w, f->why[0] ? f->why : f->rule->text);
    brn_json_key(w, "count");
    brn_json_uint(w, f->count);
    if (f->offset != BRINE_NOWHERE) {
        brn_json_key(w, "offset");
        brn_json_uint(w, f->offset);
    }
    brn_json_key(w, "opcode");
    brn_json_string(w, f->opcode);
    brn_json_key(w, "argument");
    brn_json_string(w, f->argument);
    brn_json_key(w, "path");
    brn_json_string(w, f->path);
    brn_json_end_object(w);
}

static void write_name(struct brn_json_writer *w, const struct brn_scanned_name *n)
{
    static const struct {
        enum brn_use use;
        const char *text;
    } uses[] = {{BRN_USE_NAMED, "named"}, {BRN_USE_CALLED, "called"}, {BRN_USE_BUILT, "built"}};
    brn_json_begin_object(w);
    brn_json_key(w, "module");
    brn_json_slice(w, n->module);
    brn_json_key(w, "name");
    brn_json_slice(w, n->name);
    brn_json_key(w, "uses");
    brn_json_begin_array(w);
    for (size_t i = 0; i < 3; i++)
        if (n->uses & uses[i].use)
            brn_json_string(w, uses[i].text);
    brn_json_end_array(w);
    brn_json_key(w, "allowed");
    brn_json_bool(w, !(n->uses & ~n->allowed));
    brn_json_key(w, "count");
    brn_json_uint(w, n->count);
    brn_json_end_object(w);
}

static void write_bytes(struct brn_json_writer *w, const struct brn_scan *scan)
{
    brn_json_begin_object(w);
    brn_json_key(w, "total");
    brn_json_uint(w, scan->total_bytes);
    for (int i = 0; i < BRN_SEGMENT_KINDS; i++) {
        brn_json_key(w, brn_segment_name((enum brn_segment_kind)i));
        brn_json_uint(w, scan->bytes[i]);
    }
    brn_json_end_object(w);
}

void brn_scan_json(const struct brn_scan *scan, const char *path, struct brn_json_writer *w)
{
    brn_json_begin_object(w);
    brn_json_key(w, "file");
    brn_json_string(w, path);
    brn_json_key(w, "verdict");
    brn_json_string(w, brn_severity_text(scan->verdict));
    brn_json_key(w, "policy");
    brn_json_int(w, BRN_POLICY_VERSION);
    brn_json_key(w, "bytes");
    write_bytes(w, scan);
    brn_json_key(w, "findings");
    brn_json_begin_array(w);
    for (size_t i = 0; i < scan->finding_count; i++)
        write_finding(w, &scan->findings[i]);
    brn_json_end_array(w);
    brn_json_key(w, "names");
    brn_json_begin_array(w);
    for (size_t i = 0; i < scan->name_count; i++)
        write_name(w, &scan->names[i]);
    brn_json_end_array(w);
    brn_json_end_object(w);
}
