/* SPDX-License-Identifier: Apache-2.0
 *
 * The routes as an OpenAPI 3.0 document. */
#include "serve/routes.h"

static void text(struct brn_json_writer *w, const char *key, const char *value)
{
    brn_json_key(w, key);
    brn_json_string(w, value);
}

static void parameter(struct brn_json_writer *w, const char *name)
{
    brn_json_begin_object(w);
    text(w, "name", name);
    text(w, "in", "path");
    brn_json_key(w, "required");
    brn_json_bool(w, true);
    brn_json_key(w, "schema");
    brn_json_begin_object(w);
    text(w, "type", "string");
    brn_json_end_object(w);
    brn_json_end_object(w);
}

static void parameters(struct brn_json_writer *w, const char *pattern)
{
    brn_json_key(w, "parameters");
    brn_json_begin_array(w);
    if (strstr(pattern, "{model}"))
        parameter(w, "model");
    if (strstr(pattern, "{version}"))
        parameter(w, "version");
    brn_json_end_array(w);
}

static void body(struct brn_json_writer *w)
{
    brn_json_key(w, "requestBody");
    brn_json_begin_object(w);
    brn_json_key(w, "required");
    brn_json_bool(w, true);
    brn_json_key(w, "content");
    brn_json_begin_object(w);
    brn_json_key(w, "application/json");
    brn_json_begin_object(w);
    brn_json_key(w, "schema");
    brn_json_begin_object(w);
    text(w, "type", "object");
    brn_json_end_object(w);
    brn_json_end_object(w);
    brn_json_end_object(w);
    brn_json_end_object(w);
}

static void response(struct brn_json_writer *w, const char *status, const char *description)
{
    brn_json_key(w, status);
    brn_json_begin_object(w);
    text(w, "description", description);
    brn_json_end_object(w);
}

static void responses(struct brn_json_writer *w, const struct brn_route *route)
{
    static const unsigned failures[] = {400, 404, 413, 415, 422, 503, 504};
    brn_json_key(w, "responses");
    brn_json_begin_object(w);
    response(w, "200", route->summary);
    for (size_t i = 0; route->predicts && i < sizeof failures / sizeof failures[0]; i++) {
        const unsigned status = failures[i];
        const char digits[] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                               (char)('0' + status % 10), '\0'};
        response(w, digits, brn_http_status_text(status));
    }
    brn_json_end_object(w);
}

/* "GET" as OpenAPI's key. */
static const char *lower(const char *method)
{
    return strcmp(method, "GET") == 0 ? "get" : "post";
}

static void path(struct brn_json_writer *w, const struct brn_route *route)
{
    brn_json_key(w, route->pattern);
    brn_json_begin_object(w);
    brn_json_key(w, lower(route->method));
    brn_json_begin_object(w);
    text(w, "summary", route->summary);
    parameters(w, route->pattern);
    if (route->predicts)
        body(w);
    responses(w, route);
    brn_json_end_object(w);
    brn_json_end_object(w);
}

void brn_handle_openapi(struct brn_exchange *x)
{
    struct brn_json_writer w = brn_reply_json(x, 200);
    brn_json_begin_object(&w);
    text(&w, "openapi", "3.0.3");
    brn_json_key(&w, "info");
    brn_json_begin_object(&w);
    text(&w, "title", x->service->served->name);
    text(&w, "version", x->service->served->version);
    brn_json_end_object(&w);
    brn_json_key(&w, "paths");
    brn_json_begin_object(&w);
    for (const struct brn_route *r = brn_routes; r->method; r++)
        path(&w, r);
    brn_json_end_object(&w);
    brn_json_end_object(&w);
}
