/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/routes.h"

#include "base/utf8.h"

#define MODEL "/v2/models/{model}"
#define VERSION MODEL "/versions/{version}"

const struct brn_route brn_routes[] = {
#define X(method, pattern, handler, predicts, summary) \
    {method, pattern, summary, brn_handle_##handler, predicts},
#include "serve/routes.inc"
#undef X
    {NULL, NULL, NULL, NULL, false},
};

const char *const brn_route_patterns[] = {
#define X(method, pattern, handler, predicts, summary) pattern,
#include "serve/routes.inc"
#undef X
    NULL,
};

size_t brn_route_count(void)
{
    return sizeof brn_routes / sizeof brn_routes[0] - 1;
}

_Static_assert(sizeof brn_routes / sizeof brn_routes[0] - 1 <= BRN_MAX_ROUTES, "too many routes");

/* ---- paths ---- */

/* The next segment of a path: from *at up to the '/' or the end. */
static struct brn_slice segment(const char *path, size_t n, size_t *at)
{
    size_t begin = *at;
    while (*at < n && path[*at] != '/')
        ++*at;
    struct brn_slice s = {(const uint8_t *)path + begin, *at - begin};
    if (*at < n)
        ++*at;
    return s;
}

static int hex_digit(uint8_t c)
{
    const char *digits = "0123456789abcdef";
    const char *p = c ? strchr(digits, c | 0x20) : NULL;
    return p ? (int)(p - digits) : -1;
}

/* Percent-decoded; false when it is too long, no UTF-8, or holds a NUL or a wrong escape. */
static bool decode_segment(struct brn_slice s, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n + 1 < size; n++) {
        int c = s.p[i++];
        if (c == '%') {
            int high = i < s.n ? hex_digit(s.p[i]) : -1;
            int low = i + 1 < s.n ? hex_digit(s.p[i + 1]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = high * 16 + low;
            i += 2;
        }
        if (c == 0)
            return false;
        out[n] = (char)c;
        if (i == s.n) {
            out[n + 1] = '\0';
            return brn_utf8_valid(brn_slice_of(out)) == n + 1;
        }
    }
    return false;
}

static bool take_variable(struct brn_exchange *x, struct brn_slice name, struct brn_slice value)
{
    if (brn_slice_is(name, "{model}"))
        return decode_segment(value, x->model, sizeof x->model);
    return decode_segment(value, x->version, sizeof x->version);
}

static bool matches(struct brn_exchange *x, const char *pattern)
{
    const char *path = (const char *)x->request->path.p;
    size_t n = x->request->path.n, length = strlen(pattern), i = 0, j = 0;
    while (i < n && j < length) {
        struct brn_slice got = segment(path, n, &i), want = segment(pattern, length, &j);
        bool is_variable = want.n && want.p[0] == '{';
        if (is_variable ? !take_variable(x, want, got) : !brn_slice_equal(got, want))
            return false;
    }
    bool ends_with_slash = n > 1 && path[n - 1] == '/';
    return i == n && j == length && !ends_with_slash;
}

/* ---- dispatch ---- */

static bool is_method(const char *got, const char *wanted)
{
    return strcmp(got, wanted) == 0 || (strcmp(got, "HEAD") == 0 && strcmp(wanted, "GET") == 0);
}

static void refuse_method(struct brn_exchange *x, const char *allowed)
{
    brn_reply_error(x, 405, "%s is asked for here", allowed);
    size_t n = strlen(allowed);
    memcpy(x->reply->allow, allowed, n + 1);
    if (strcmp(allowed, "GET") == 0)
        memcpy(x->reply->allow, "GET, HEAD", sizeof "GET, HEAD");
}

static bool is_served(struct brn_exchange *x)
{
    const struct brn_served *s = x->service->served;
    if (x->model[0] && strcmp(x->model, s->name) != 0) {
        brn_reply_error(x, 404, "no model \"%s\" here; GET / names the one that is", x->model);
        return false;
    }
    if (x->version[0] && strcmp(x->version, s->version) != 0) {
        brn_reply_error(x, 404, "Model %s with version %s not found; it is version %s", s->name,
                        x->version, s->version);
        return false;
    }
    return true;
}

static void run_route(struct brn_exchange *x, int number)
{
    const struct brn_route *route = &brn_routes[number];
    x->reply->route = number;
    if (!is_method(x->request->method, route->method))
        refuse_method(x, route->method);
    else if (!is_served(x))
        return;
    else if (route->predicts && !x->request->is_admitted)
        brn_reply_error(x, 503, "the server is draining: ask another one");
    else
        route->handle(x);
}

static void begin_reply(struct brn_http_reply *reply)
{
    struct brn_buffer body = reply->body;
    *reply = (struct brn_http_reply){.body = body, .route = BRN_NO_ROUTE};
}

static void find_route(struct brn_exchange *x)
{
    for (int i = 0; brn_routes[i].method; i++) {
        x->model[0] = x->version[0] = '\0';
        if (matches(x, brn_routes[i].pattern)) {
            run_route(x, i);
            return;
        }
    }
    brn_reply_error(x, 404, "no such path; GET / lists those that are");
}

void brn_dispatch(struct brn_exchange *x)
{
    begin_reply(x->reply);
    find_route(x);
    if (!x->reply->body.failed)
        return;
    x->reply->body.size = 0; /* half an answer is none */
    x->reply->status = 503;
}

void brn_routes_document(struct brn_buffer *out)
{
    brn_buffer_text(out, "| request | what it gives |\n|---|---|\n");
    for (const struct brn_route *r = brn_routes; r->method; r++)
        brn_buffer_printf(out, "| `%s %s` | %s |\n", r->method, r->pattern, r->summary);
}
