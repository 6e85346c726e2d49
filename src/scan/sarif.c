/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sarif.h"

#define SCHEMA \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* SARIF's own words, and the number by which GitHub ranks. */
static const struct {
    const char *level, *security;
} levels[] = {
    [BRN_NOTE] = {"note", "0.0"},
    [BRN_OUTSIDE] = {"warning", "5.0"},
    [BRN_INCOMPLETE] = {"warning", "6.0"},
    [BRN_DANGEROUS] = {"error", "9.8"},
};

void brn_sarif_begin(struct brn_sarif *sarif)
{
    *sarif = (struct brn_sarif){.file_count = 0};
    sarif->result_writer.out = &sarif->results;
    sarif->artifact_writer.out = &sarif->artifacts;
    brn_json_begin_array(&sarif->result_writer);
    brn_json_begin_array(&sarif->artifact_writer);
}

/* ---- parts ---- */

static void write_text(struct brn_json_writer *w, const char *key, const char *text)
{
    brn_json_key(w, key);
    brn_json_begin_object(w);
    brn_json_key(w, "text");
    brn_json_string(w, text);
    brn_json_end_object(w);
}

/* RFC 3986: a relative reference, or a file URI. */
static void write_uri(struct brn_json_writer *w, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~/";
    struct brn_buffer uri = {0};
    if (path[0] == '/')
        brn_buffer_text(&uri, "file://");
    for (const char *p = path; *p; p++)
        if (strchr(plain, *p))
            brn_buffer_byte(&uri, *p);
        else
            brn_buffer_printf(&uri, "%%%02X", (unsigned)(unsigned char)*p);
    brn_json_key(w, "uri");
    brn_json_slice(w, brn_buffer_view(&uri));
    w->out->failed = w->out->failed || uri.failed;
    brn_buffer_free(&uri);
}

static void write_location(struct brn_json_writer *w, const char *path, size_t index)
{
    brn_json_key(w, "artifactLocation");
    brn_json_begin_object(w);
    write_uri(w, path);
    brn_json_key(w, "index");
    brn_json_uint(w, index);
    brn_json_end_object(w);
}

static void write_artifact(struct brn_sarif *sarif, const struct brine_file *file, const char *path)
{
    struct brn_json_writer *w = &sarif->artifact_writer;
    char digest[65];
    brn_json_begin_object(w);
    brn_json_key(w, "location");
    brn_json_begin_object(w);
    write_uri(w, path);
    brn_json_end_object(w);
    if (file) {
        brn_digest_hex(brn_file_digest(file), digest);
        brn_json_key(w, "length");
        brn_json_uint(w, file->bytes.view.n);
        brn_json_key(w, "hashes");
        brn_json_begin_object(w);
        brn_json_key(w, "sha-256");
        brn_json_string(w, digest);
        brn_json_end_object(w);
    }
    brn_json_end_object(w);
}

/* ---- results ---- */

static void write_region(struct brn_json_writer *w, const struct brn_finding *f)
{
    brn_json_key(w, "region");
    brn_json_begin_object(w);
    brn_json_key(w, "byteOffset");
    brn_json_uint(w, f->offset);
    brn_json_key(w, "byteLength");
    brn_json_uint(w, f->length);
    brn_json_end_object(w);
}

/* Whether the offset counts bytes of the file as it is on disk. */
static bool has_region(const struct brine_file *file, const struct brn_finding *f)
{
    return file && !file->codec && f->offset != BRINE_NOWHERE && f->offset <= file->bytes.view.n &&
           f->length <= file->bytes.view.n - f->offset;
}

static void write_locations(struct brn_sarif *sarif, const struct brine_file *file,
                            const char *path, const struct brn_finding *f)
{
    struct brn_json_writer *w = &sarif->result_writer;
    brn_json_key(w, "locations");
    brn_json_begin_array(w);
    brn_json_begin_object(w);
    brn_json_key(w, "physicalLocation");
    brn_json_begin_object(w);
    write_location(w, path, sarif->file_count);
    if (has_region(file, f))
        write_region(w, f);
    brn_json_end_object(w);
    if (f->path[0]) {
        brn_json_key(w, "logicalLocations");
        brn_json_begin_array(w);
        brn_json_begin_object(w);
        brn_json_key(w, "fullyQualifiedName");
        brn_json_string(w, f->path);
        brn_json_end_object(w);
        brn_json_end_array(w);
    }
    brn_json_end_object(w);
    brn_json_end_array(w);
}

static void write_message(struct brn_json_writer *w, const struct brn_finding *f)
{
    struct brn_buffer text = {0};
    brn_scan_show(brn_slice_of(f->subject), &text);
    if (f->argument[0])
        brn_buffer_printf(&text, " with %s", f->argument);
    brn_buffer_printf(&text, ": ");
    brn_scan_show(brn_slice_of(f->why[0] ? f->why : f->rule->text), &text);
    brn_json_key(w, "message");
    brn_json_begin_object(w);
    brn_json_key(w, "text");
    brn_json_slice(w, brn_buffer_view(&text));
    brn_json_end_object(w);
    w->out->failed = w->out->failed || text.failed;
    brn_buffer_free(&text);
}

static void write_properties(struct brn_json_writer *w, const struct brn_finding *f)
{
    brn_json_key(w, "properties");
    brn_json_begin_object(w);
    brn_json_key(w, "count");
    brn_json_uint(w, f->count);
    if (f->offset != BRINE_NOWHERE) {
        brn_json_key(w, "expandedOffset");
        brn_json_uint(w, f->offset);
    }
    if (f->opcode[0]) {
        brn_json_key(w, "opcode");
        brn_json_string(w, f->opcode);
    }
    brn_json_end_object(w);
}

static void write_result(struct brn_sarif *sarif, const struct brine_file *file, const char *path,
                         const struct brn_finding *f)
{
    struct brn_json_writer *w = &sarif->result_writer;
    brn_json_begin_object(w);
    brn_json_key(w, "ruleId");
    brn_json_string(w, f->rule->id);
    brn_json_key(w, "ruleIndex");
    brn_json_uint(w, (uint64_t)(f->rule - brn_rules));
    brn_json_key(w, "level");
    brn_json_string(w, levels[f->rule->severity].level);
    write_message(w, f);
    write_locations(sarif, file, path, f);
    write_properties(w, f);
    brn_json_end_object(w);
}

void brn_sarif_add(struct brn_sarif *sarif, const struct brine_file *file,
                   const struct brn_scan *scan, const char *path)
{
    write_artifact(sarif, file, path);
    for (size_t i = 0; i < scan->finding_count; i++)
        write_result(sarif, file, path, &scan->findings[i]);
    sarif->file_count++;
}

void brn_sarif_add_unreadable(struct brn_sarif *sarif, const char *path, const char *message)
{
    const struct brn_finding f = {.rule = &brn_rules[BRN_RULE_NOT_READ],
                                  .offset = BRINE_NOWHERE,
                                  .count = 1,
                                  .subject = message,
                                  .why = "",
                                  .path = "",
                                  .opcode = "",
                                  .argument = ""};
    write_artifact(sarif, NULL, path);
    write_result(sarif, NULL, path, &f);
    sarif->file_count++;
    sarif->has_failed = true;
}

/* ---- the document ---- */

static void write_rules(struct brn_json_writer *w)
{
    brn_json_key(w, "rules");
    brn_json_begin_array(w);
    for (int i = 0; i < BRN_RULE_COUNT; i++) {
        const struct brn_rule *rule = &brn_rules[i];
        brn_json_begin_object(w);
        brn_json_key(w, "id");
        brn_json_string(w, rule->id);
        write_text(w, "shortDescription", rule->text);
        brn_json_key(w, "defaultConfiguration");
        brn_json_begin_object(w);
        brn_json_key(w, "level");
        brn_json_string(w, levels[rule->severity].level);
        brn_json_end_object(w);
        brn_json_key(w, "properties");
        brn_json_begin_object(w);
        brn_json_key(w, "security-severity");
        brn_json_string(w, levels[rule->severity].security);
        brn_json_end_object(w);
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

static void write_tool(struct brn_json_writer *w)
{
    brn_json_key(w, "tool");
    brn_json_begin_object(w);
    brn_json_key(w, "driver");
    brn_json_begin_object(w);
    brn_json_key(w, "name");
    brn_json_string(w, "brine");
    brn_json_key(w, "version");
    brn_json_string(w, BRINE_VERSION_TEXT);
    brn_json_key(w, "properties");
    brn_json_begin_object(w);
    brn_json_key(w, "policy");
    brn_json_int(w, BRN_POLICY_VERSION);
    brn_json_end_object(w);
    write_rules(w);
    brn_json_end_object(w);
    brn_json_end_object(w);
}

static void write_invocation(struct brn_json_writer *w, bool is_successful)
{
    brn_json_key(w, "invocations");
    brn_json_begin_array(w);
    brn_json_begin_object(w);
    brn_json_key(w, "executionSuccessful");
    brn_json_bool(w, is_successful);
    brn_json_end_object(w);
    brn_json_end_array(w);
}

/* An array that is written already. */
static void write_gathered(struct brn_json_writer *w, const char *key, struct brn_json_writer *from)
{
    brn_json_end_array(from);
    brn_json_key(w, key);
    brn_json_number(w, brn_buffer_view(from->out));
    w->out->failed = w->out->failed || from->out->failed;
    brn_buffer_free(from->out);
}

void brn_sarif_end(struct brn_sarif *sarif, struct brn_buffer *out)
{
    struct brn_json_writer w = {.out = out};
    brn_json_begin_object(&w);
    brn_json_key(&w, "$schema");
    brn_json_string(&w, SCHEMA);
    brn_json_key(&w, "version");
    brn_json_string(&w, "2.1.0");
    brn_json_key(&w, "runs");
    brn_json_begin_array(&w);
    brn_json_begin_object(&w);
    write_tool(&w);
    write_invocation(&w, !sarif->has_failed);
    write_gathered(&w, "artifacts", &sarif->artifact_writer);
    write_gathered(&w, "results", &sarif->result_writer);
    brn_json_end_object(&w);
    brn_json_end_array(&w);
    brn_json_end_object(&w);
    brn_buffer_byte(out, '\n');
}
