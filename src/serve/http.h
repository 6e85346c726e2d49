/* SPDX-License-Identifier: Apache-2.0
 *
 * http.h - one event loop of HTTP/1.1 over libmicrohttpd, in the calling thread.
 *
 * Two shapes were weighed: (1) one loop that parses, and a pool of threads that predict; (2) a loop
 * a core, each with all of a request's life.  (2) was chosen because a prediction takes
 * microseconds, less than handing it to another thread and back, and because a thread then keeps
 * its memory to itself.
 *
 * libmicrohttpd is run by an external loop: the clocks that cut slow clients off, and the drain,
 * are ours. What it refuses itself (malformed request lines, headers that are too large) is
 * answered with its own text, not with JSON. */
#ifndef BRN_SERVE_HTTP_H
#define BRN_SERVE_HTTP_H

#include "serve/exchange.h"

struct brn_http_limits {
    uint64_t max_body;        /* bytes of one request */
    uint64_t max_buffered;    /* bytes of all bodies that are being received */
    uint64_t max_header;      /* bytes of request line and headers */
    uint32_t max_in_flight;   /* requests; more are answered 503 */
    uint32_t max_connections; /* of one loop; more wait in the kernel */
    uint64_t idle_ns;         /* from the last answer to the next request's last header byte */
    uint64_t request_ns;      /* for the body, and again for taking the answer */
    uint64_t drain_ns;        /* for requests in flight, once draining */
};

/* Called with each answered request, by the loop's thread. */
struct brn_http_record {
    const struct brn_http_request *request;
    const struct brn_http_reply *reply;
    uint64_t duration_ns; /* from the request's last byte to the answer's */
    bool is_complete;     /* the client took the whole answer */
};
typedef void brn_http_observer(void *closure, const struct brn_http_record *record);

struct brn_http_shared {
    struct brn_service *service;
    struct brn_http_limits limits;
    atomic_uint_fast64_t buffered; /* of limits.max_buffered */
    int drain_fd;                  /* becomes readable when the server is to drain */
    brn_http_observer *observe;    /* NULL: nobody */
    void *observer;
};

/* Serves connections of the listening socket until drain_fd is readable and what is in flight is
 * done, or limits.drain_ns is over.  The socket is closed here, also on failure.  work_limit: bytes
 * that requests may take in this thread. */
brine_status brn_http_serve(struct brn_http_shared *shared, int listen_fd, uint64_t work_limit,
                            brine_error *err);

#endif
