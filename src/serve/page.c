/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /: the server on one page, without scripts or anything from elsewhere. */
#include "serve/routes.h"

static const char style[] =
    "<style>:root{color-scheme:light dark;--line:#8884;--dim:#777;--ok:#1a7f4b;--accent:#2563a8}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2.5rem auto;padding:0 1.25rem}"
    "h1{font-size:1.7rem;margin:0}h2{font-size:1.05rem;margin:2.2rem 0 .5rem}"
    "p.sub{color:var(--dim);margin:.2rem 0 0}table{border-collapse:collapse;width:100%}"
    "th{text-align:left;font-weight:600;color:var(--dim);font-size:.85rem}"
    "td,th{padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}"
    "code,pre{font:.88rem/1.5 ui-monospace,monospace}pre{padding:.9rem 1rem;overflow-x:auto;"
    "border:1px solid var(--line);border-radius:.5rem}.wide{overflow-x:auto}"
    ".state{display:inline-block;padding:.05rem .6rem;border-radius:1rem;color:#fff;"
    "background:var(--ok);font-size:.85rem;vertical-align:middle}.state.off{background:#a33}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0}"
    "dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}a{color:var(--accent)}</style>";

/* Text as HTML: whatever a model's author put into a name stays text. */
static void put(struct brn_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        const char *entity = *p == '<'    ? "&lt;"
                             : *p == '>'  ? "&gt;"
                             : *p == '&'  ? "&amp;"
                             : *p == '"'  ? "&quot;"
                             : *p == '\'' ? "&#39;"
                                          : NULL;
        if (entity)
            brn_buffer_text(out, entity);
        else
            brn_buffer_byte(out, *p);
    }
}

/* <tag>text</tag> */
static void put_in(struct brn_buffer *out, const char *tag, const char *text)
{
    brn_buffer_printf(out, "<%s>", tag);
    put(out, text);
    brn_buffer_printf(out, "</%s>", tag);
}

static void put_fact(struct brn_buffer *out, const char *name, const char *value)
{
    put_in(out, "dt", name);
    put_in(out, "dd", value);
}

static void put_head(struct brn_buffer *out, const struct brn_served *s, bool is_ready)
{
    brn_buffer_text(out, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta "
                         "name=\"viewport\" content=\"width=device-width\">");
    put_in(out, "title", s->name);
    brn_buffer_text(out, style);
    brn_buffer_text(out, "<h1>");
    put(out, s->name);
    brn_buffer_printf(out, " <span class=\"state%s\">%s</span></h1>", is_ready ? "" : " off",
                      is_ready ? "ready" : "draining");
    brn_buffer_printf(out, "<p class=\"sub\">served by brine %s</p>", brine_version());
}

static void put_model(struct brn_buffer *out, const struct brn_served *s)
{
    const struct brn_instance *root = brn_model_root(s->model);
    brn_buffer_text(out, "<h2>Model</h2><dl>");
    put_fact(out, "version", s->version);
    put_fact(out, "estimator", root->estimator->name);
    if (root->version_text)
        put_fact(out, brn_library_of(root->estimator), root->version_text);
    if (s->contract)
        put_fact(out, "data contract", s->contract);
    if (s->digest[0])
        put_fact(out, "SHA-256", s->digest);
    brn_buffer_text(out, "</dl>");
}

static void put_features(struct brn_buffer *out, const struct brn_served *s)
{
    enum { MOST = 200 };
    brn_buffer_printf(out,
                      "<h2>Inputs (%zu)</h2><div class=\"wide\"><table><tr><th>column<th>datatype"
                      "<th>used by the model",
                      s->feature_count);
    for (size_t i = 0; i < s->feature_count && i < MOST; i++) {
        brn_buffer_text(out, "<tr><td><code>");
        put(out, s->names[i]);
        brn_buffer_printf(out, "</code><td>%s<td>%s", brn_feature_datatype(&s->features[i]),
                          s->features[i].is_used ? "yes" : "no");
    }
    brn_buffer_text(out, "</table></div>");
    if (s->feature_count > MOST)
        brn_buffer_printf(out, "<p class=\"sub\">and %zu more</p>", s->feature_count - MOST);
}

static void put_outputs(struct brn_buffer *out, const struct brn_served *s)
{
    brn_buffer_text(out, "<h2>Outputs</h2><div class=\"wide\"><table><tr><th>name<th>datatype"
                         "<th>shape<th>given when none is named");
    for (size_t i = 0; i < s->output_count; i++) {
        const struct brn_served_output *o = &s->outputs[i];
        brn_buffer_text(out, "<tr><td><code>");
        put(out, o->name);
        brn_buffer_printf(out, "</code><td>%s<td>[rows", o->datatype->name);
        if (!o->is_vector)
            brn_buffer_printf(out, ", %zu", o->width);
        brn_buffer_printf(out, "]<td>%s", o->is_default ? "yes" : "");
    }
    brn_buffer_text(out, "</table></div>");
}

static void put_routes(struct brn_buffer *out)
{
    brn_buffer_text(out, "<h2>Requests</h2><div class=\"wide\"><table><tr><th>request<th>what it "
                         "gives");
    for (const struct brn_route *r = brn_routes; r->method; r++) {
        brn_buffer_printf(out, "<tr><td><code>%s ", r->method);
        put(out, r->pattern);
        brn_buffer_text(out, "</code><td>");
        put(out, r->summary);
    }
    brn_buffer_text(out, "</table></div>");
}

/* A request that can be pasted into a shell; the values are the reader's to fill in. */
static void put_example(struct brn_buffer *out, const struct brn_served *s)
{
    brn_buffer_text(out, "<h2>Example</h2><pre>curl -H 'Content-Type: application/json' -d '"
                         "{&quot;dataframe_records&quot;: [{");
    for (size_t i = 0; i < s->feature_count && i < 3; i++) {
        brn_buffer_text(out, i ? ", &quot;" : "&quot;");
        put(out, s->names[i]);
        brn_buffer_text(out, "&quot;: …");
    }
    brn_buffer_printf(out, "%s}]}' http://<i>this host</i>/invocations</pre>",
                      s->feature_count > 3 ? ", …" : "");
}

void brn_handle_page(struct brn_exchange *x)
{
    const struct brn_served *s = x->service->served;
    struct brn_buffer *out = &x->reply->body;
    brn_reply_json(x, 200);
    x->reply->content_type = "text/html; charset=utf-8";
    x->reply->is_page = true;
    put_head(out, s, atomic_load(&x->service->is_ready));
    put_model(out, s);
    put_features(out, s);
    put_outputs(out, s);
    put_routes(out);
    put_example(out, s);
    brn_buffer_text(out, "</html>\n");
}
