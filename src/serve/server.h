/* SPDX-License-Identifier: Apache-2.0
 *
 * server.h - the life of a server: socket, loops, signals, drain. */
#ifndef BRN_SERVE_SERVER_H
#define BRN_SERVE_SERVER_H

#include "serve/http.h"

struct brn_server_options {
    const char *host;    /* a name or an address; "127.0.0.1" keeps it on this machine */
    uint16_t port;       /* 0: a free one */
    unsigned threads;    /* loops; 0: one a core */
    uint64_t work_limit; /* bytes that requests may take, in each loop */
    struct brn_http_limits limits;
    /* Called once, when connections are accepted. */
    void (*on_listening)(void *closure, const char *host, uint16_t port);
    brn_http_observer *observe; /* of each request, from any loop's thread; or NULL */
    void *closure;              /* of both */
};

/* Serves until SIGTERM or SIGINT, drains, and returns.  Both signals are blocked in the process
 * meanwhile; a second one during the drain ends the process as it would any other. */
brine_status brn_server_run(struct brn_service *service, const struct brn_server_options *options,
                            brine_error *err);

#endif
