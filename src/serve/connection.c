/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/connection.h"

#include "base/number.h"
#include "serve/encoding.h"
#include "serve/routes.h"

#include <stdlib.h>
#include <sys/socket.h>

enum {
    KEPT_BUFFER = 256 << 10,
    THROWN_AWAY = 64 << 20, /* of a body that is refused */
};

struct brn_connection *brn_connection_open(struct brn_loop *loop, int fd)
{
    struct brn_connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->loop = loop;
    c->fd = fd;
    c->since = brn_now_ns();
    c->body.limit = loop->shared->limits.max_body;
    c->reply.body.limit = loop->shared->service->max_answer;
    c->next = loop->connections;
    if (c->next)
        c->next->previous = c;
    loop->connections = c;
    brn_metrics_connections(loop->shared->service->metrics, 1);
    return c;
}

void brn_connection_enter(struct brn_connection *c, enum brn_phase phase)
{
    struct brn_metrics *metrics = c->loop->shared->service->metrics;
    bool was_busy = c->phase != BRN_PHASE_IDLE, is_busy = phase != BRN_PHASE_IDLE;
    if (is_busy != was_busy)
        brn_metrics_in_flight(metrics, is_busy ? 1 : -1);
    c->phase = phase;
    c->since = brn_now_ns();
}

/* ---- memory ---- */

static bool take_budget(struct brn_connection *c, uint64_t wanted)
{
    struct brn_http_shared *shared = c->loop->shared;
    uint64_t more = wanted > c->buffered ? wanted - c->buffered : 0;
    uint64_t now = atomic_fetch_add(&shared->buffered, more) + more;
    c->buffered += more;
    return now <= shared->limits.max_buffered;
}

static void give_budget(struct brn_connection *c)
{
    atomic_fetch_sub(&c->loop->shared->buffered, c->buffered);
    c->buffered = 0;
}

/* What a large request needed is not kept. */
static void shrink(struct brn_buffer *buffer)
{
    if (buffer->capacity > KEPT_BUFFER)
        brn_buffer_free(buffer);
    buffer->size = 0;
    buffer->failed = false;
}

static void forget_request(struct brn_connection *c)
{
    give_budget(c);
    shrink(&c->body);
    shrink(&c->reply.body);
    c->request = (struct brn_http_request){.method = NULL};
    c->refused = 0;
    c->body_size = c->declared = 0;
}

void brn_connection_close(struct brn_connection *c)
{
    struct brn_loop *loop = c->loop;
    brn_connection_enter(c, BRN_PHASE_IDLE);
    forget_request(c);
    brn_buffer_free(&c->body);
    brn_buffer_free(&c->reply.body);
    if (c->previous)
        c->previous->next = c->next;
    else
        loop->connections = c->next;
    if (c->next)
        c->next->previous = c->previous;
    brn_metrics_connections(loop->shared->service->metrics, -1);
    free(c);
}

/* ---- headers ---- */

/* Of a header that decides how the body is read, and that must therefore be there once at most. */
struct header_scan {
    const char *name;
    const char *value;
    size_t count;
};

static enum MHD_Result scan_header(void *closure, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header_scan *scan = closure;
    (void)kind;
    const char *a = name, *b = scan->name;
    while (*a && (*a | 0x20) == (*b | 0x20))
        a++, b++;
    if (*a == *b) {
        scan->count++;
        scan->value = value ? value : "";
    }
    return MHD_YES;
}

static struct brn_slice header(struct brn_connection *c, struct MHD_Connection *mhd,
                               const char *name)
{
    struct header_scan scan = {name, NULL, 0};
    MHD_get_connection_values(mhd, MHD_HEADER_KIND, scan_header, &scan);
    if (scan.count > 1) {
        c->refused = 400;
        c->why = "a header that says how to read the body is there twice";
    }
    return scan.value ? brn_slice_of(scan.value) : (struct brn_slice){NULL, 0};
}

static void refuse(struct brn_connection *c, unsigned status, const char *why)
{
    if (!c->refused) {
        c->refused = status;
        c->why = why;
    }
}

static void check_length(struct brn_connection *c, struct MHD_Connection *mhd)
{
    int64_t length = 0;
    struct brn_slice text = header(c, mhd, "Content-Length");
    if (text.p && header(c, mhd, "Transfer-Encoding").p)
        refuse(c, 400, "Content-Length and Transfer-Encoding together say two lengths");
    if (text.p && brn_parse_int64(text, &length))
        c->declared = (uint64_t)length;
    if (c->declared > c->loop->shared->limits.max_body)
        refuse(c, 413, "the body is larger than the server takes (--max-body)");
}

static void admit(struct brn_connection *c)
{
    const struct brn_http_limits *limits = &c->loop->shared->limits;
    struct brn_metrics *metrics = c->loop->shared->service->metrics;
    if (brn_metrics_in_flight(metrics, 0) > (int64_t)limits->max_in_flight)
        refuse(c, 503, "too many requests are in flight: try again");
}

void brn_connection_begin(struct brn_connection *c, struct MHD_Connection *mhd, const char *url,
                          const char *method)
{
    forget_request(c);
    brn_connection_enter(c, BRN_PHASE_RECEIVING);
    c->request.method = method;
    c->request.path = brn_slice_of(url);
    c->request.is_admitted = atomic_load(&c->loop->shared->service->is_ready);
    c->request.content_type = header(c, mhd, "Content-Type");
    c->request.content_encoding = header(c, mhd, "Content-Encoding");
    c->request.json_length = header(c, mhd, "Inference-Header-Content-Length");
    check_length(c, mhd);
    if (!brn_encoding_is_known(c->request.content_encoding))
        refuse(c, 415, "of content encodings gzip and deflate are read here");
    admit(c);
}

bool brn_connection_must_end(const struct brn_connection *c, struct MHD_Connection *mhd)
{
    const char *expect = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Expect");
    uint64_t bearable = c->loop->shared->limits.max_body + THROWN_AWAY;
    return c->refused && (expect || c->declared > bearable);
}

/* ---- body and answer ---- */

bool brn_connection_receive(struct brn_connection *c, const char *bytes, size_t n)
{
    uint64_t most = c->loop->shared->limits.max_body;
    c->body_size += n;
    if (c->body_size > most)
        refuse(c, 413, "the body is larger than the server takes (--max-body)");
    /* A refused body is still read, because a client that is sending does not look for an answer;
     * but not without end. */
    if (c->refused)
        return c->body_size <= most + THROWN_AWAY;
    if (!take_budget(c, c->body.size + n))
        refuse(c, 503, "too many large requests at once: try again");
    brn_buffer_add(&c->body, bytes, n);
    if (c->body.failed)
        refuse(c, 503, "out of memory: try again");
    return true;
}

static void reply_refusal(struct brn_connection *c, struct brn_exchange *x)
{
    struct brn_buffer body = c->reply.body;
    c->reply = (struct brn_http_reply){.body = body, .route = BRN_NO_ROUTE};
    brn_reply_error(x, c->refused, "%s", c->why);
}

/* A compressed body is expanded into the loop's own buffer. */
static void reply_compressed(struct brn_connection *c, struct brn_exchange *x)
{
    struct brn_buffer *expanded = &c->loop->expanded;
    brine_error err = {.status = BRINE_OK};
    if (brn_encoding_expand(c->request.content_encoding, c->request.body,
                            c->loop->shared->limits.max_body, expanded, &err) == BRINE_OK) {
        c->request.body = brn_buffer_view(expanded);
        brn_dispatch(x);
    } else {
        c->refused = brn_http_status(err.status);
        c->why = c->refused == 413 ? "the body is larger than the server takes (--max-body)"
                                   : "the body is not what its Content-Encoding says";
        reply_refusal(c, x);
    }
    shrink(expanded);
}

void brn_connection_answer(struct brn_connection *c)
{
    struct brn_exchange x = {.service = c->loop->shared->service,
                             .desk = &c->loop->desk,
                             .request = &c->request,
                             .reply = &c->reply};
    c->request.body = brn_buffer_view(&c->body);
    if (!c->request.body.p)
        c->request.body.p = (const uint8_t *)"";
    c->request.received_at = brn_now_ns();
    if (c->refused)
        reply_refusal(c, &x);
    else if (brn_encoding_is_plain(c->request.content_encoding))
        brn_dispatch(&x);
    else
        reply_compressed(c, &x);
    brn_desk_trim(&c->loop->desk);
    brn_connection_enter(c, BRN_PHASE_ANSWERING);
}

void brn_connection_end(struct brn_connection *c, bool is_complete)
{
    struct brn_http_shared *shared = c->loop->shared;
    if (c->phase == BRN_PHASE_ANSWERING) {
        struct brn_http_record record = {&c->request, &c->reply,
                                         brn_now_ns() - c->request.received_at, is_complete};
        brn_metrics_request(shared->service->metrics, c->reply.route, c->reply.status,
                            record.duration_ns);
        if (shared->observe)
            shared->observe(shared->observer, &record);
    }
    forget_request(c);
    brn_connection_enter(c, BRN_PHASE_IDLE);
}

/* ---- slow clients ---- */

void brn_connections_sweep(struct brn_loop *loop, uint64_t now)
{
    const struct brn_http_limits *limits = &loop->shared->limits;
    for (struct brn_connection *c = loop->connections; c; c = c->next) {
        uint64_t most = c->phase == BRN_PHASE_IDLE ? limits->idle_ns : limits->request_ns;
        if (c->is_cut || now < c->since || now - c->since <= most)
            continue;
        /* The library sees the end of the stream and closes; a descriptor is never closed under it.
         */
        shutdown(c->fd, SHUT_RDWR);
        c->is_cut = true;
        brn_metrics_timed_out(loop->shared->service->metrics);
    }
}
