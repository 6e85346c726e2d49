/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/connection.h"

#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- answers ---- */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct brn_http_reply *reply,
                        bool must_end)
{
    char length[24];
    add_header(response, "Content-Type", reply->content_type);
    add_header(response, "X-Content-Type-Options", "nosniff");
    if (reply->json_length) {
        snprintf(length, sizeof length, "%zu", reply->json_length);
        add_header(response, "Inference-Header-Content-Length", length);
    }
    if (reply->allow[0])
        add_header(response, "Allow", reply->allow);
    if (reply->status == 503)
        add_header(response, "Retry-After", "1");
    if (reply->is_page)
        add_header(response, "Content-Security-Policy",
                   "default-src 'none'; style-src 'unsafe-inline'");
    if (must_end)
        add_header(response, "Connection", "close");
}

static enum MHD_Result send_reply(struct brn_connection *c, struct MHD_Connection *mhd,
                                  bool must_end)
{
    struct brn_buffer *body = &c->reply.body;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(response, &c->reply, must_end || c->loop->is_draining);
    enum MHD_Result result = MHD_queue_response(mhd, c->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- what libmicrohttpd calls ---- */

static struct brn_connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* First with the headers, then with pieces of the body, then with nothing more. */
static enum MHD_Result on_request(void *closure, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **is_begun)
{
    (void)closure;
    (void)version;
    struct brn_connection *c = connection_of(mhd);
    if (!c)
        return MHD_NO;
    if (!*is_begun) {
        *is_begun = c;
        brn_connection_begin(c, mhd, url, method);
        if (!brn_connection_must_end(c, mhd))
            return MHD_YES;
        brn_connection_answer(c);
        return send_reply(c, mhd, true);
    }
    if (*n) {
        bool ok = brn_connection_receive(c, bytes, *n);
        *n = 0;
        return ok ? MHD_YES : MHD_NO;
    }
    brn_connection_answer(c);
    return send_reply(c, mhd, c->refused == 400);
}

static void on_completed(void *closure, struct MHD_Connection *mhd, void **is_begun,
                         enum MHD_RequestTerminationCode how)
{
    (void)closure;
    struct brn_connection *c = connection_of(mhd);
    if (c && *is_begun)
        brn_connection_end(c, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    *is_begun = NULL;
}

static void on_connection(void *closure, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = info ? brn_connection_open(closure, info->connect_fd) : NULL;
    } else if (*context) {
        brn_connection_close(*context);
        *context = NULL;
    }
}

/* Paths stay as they were sent: a decoded '/' in a model's name is no separator. */
static size_t keep_escapes(void *closure, struct MHD_Connection *mhd, char *text)
{
    (void)closure;
    (void)mhd;
    return strlen(text);
}

/* ---- the loop ---- */

enum { SWEEP_MS = 100 };

static bool start(struct brn_loop *loop, int listen_fd)
{
    const struct brn_http_limits *limits = &loop->shared->limits;
    unsigned flags = 0;
    if (MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES)
        flags |= MHD_USE_EPOLL;
    loop->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, loop, MHD_OPTION_LISTEN_SOCKET, listen_fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)limits->max_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)limits->max_header,
        MHD_OPTION_CONNECTION_TIMEOUT, 0U, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, loop, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, loop, MHD_OPTION_END);
    return loop->daemon != NULL;
}

/* Whether the drain was asked for. */
static bool wait_for_events(struct brn_loop *loop)
{
    fd_set reading, writing, failing;
    MHD_UNSIGNED_LONG_LONG ms = SWEEP_MS, library_ms;
    int highest = -1, drain_fd = loop->shared->drain_fd;
    FD_ZERO(&reading);
    FD_ZERO(&writing);
    FD_ZERO(&failing);
    MHD_get_fdset(loop->daemon, &reading, &writing, &failing, &highest);
    if (!loop->is_draining)
        FD_SET(drain_fd, &reading);
    if (MHD_get_timeout(loop->daemon, &library_ms) == MHD_YES && library_ms < ms)
        ms = library_ms;
    struct timeval timeout = {0, (suseconds_t)(ms * 1000)};
    highest = highest > drain_fd ? highest : drain_fd;
    int ready = select(highest + 1, &reading, &writing, &failing, &timeout);
    return ready > 0 && !loop->is_draining && FD_ISSET(drain_fd, &reading);
}

static bool turn(struct brn_loop *loop, uint64_t *next_sweep)
{
    bool wants_drain = wait_for_events(loop);
    MHD_run(loop->daemon);
    uint64_t now = brn_now_ns();
    if (now >= *next_sweep) {
        brn_connections_sweep(loop, now);
        *next_sweep = now + SWEEP_MS * UINT64_C(1000000);
    }
    return wants_drain;
}

/* No new connections; those that are there are answered, but for the work that is no longer
 * admitted, and closed as they become idle. */
static void drain(struct brn_loop *loop, uint64_t *next_sweep)
{
    uint64_t until = brn_now_ns() + loop->shared->limits.drain_ns;
    struct brn_metrics *metrics = loop->shared->service->metrics;
    int listen_fd = MHD_quiesce_daemon(loop->daemon);
    if (listen_fd >= 0)
        close(listen_fd);
    loop->is_draining = true;
    MHD_run(loop->daemon); /* what has arrived counts as in flight */
    while (brn_metrics_in_flight(metrics, 0) > 0 && brn_now_ns() < until)
        turn(loop, next_sweep);
}

brine_status brn_http_serve(struct brn_http_shared *shared, int listen_fd, uint64_t work_limit,
                            brine_error *err)
{
    struct brn_loop loop = {.shared = shared};
    uint64_t next_sweep = 0;
    brn_desk_init(&loop.desk, work_limit);
    if (!start(&loop, listen_fd)) {
        close(listen_fd);
        return brn_fail(err, BRINE_IO, "the HTTP library did not start");
    }
    while (!turn(&loop, &next_sweep))
        ;
    drain(&loop, &next_sweep);
    MHD_stop_daemon(loop.daemon);
    brn_desk_free(&loop.desk);
    brn_buffer_free(&loop.expanded);
    return BRINE_OK;
}
