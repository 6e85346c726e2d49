/* SPDX-License-Identifier: Apache-2.0
 *
 * connection.h - a connection's state, of http.c and connection.c. */
#ifndef BRN_SERVE_CONNECTION_H
#define BRN_SERVE_CONNECTION_H

#include "serve/http.h"

#include <microhttpd.h>

/* A client may stay in each of these for a limited time. */
enum brn_phase {
    BRN_PHASE_IDLE,      /* no whole header yet */
    BRN_PHASE_RECEIVING, /* the body */
    BRN_PHASE_ANSWERING,
};

struct brn_connection {
    struct brn_loop *loop;
    struct brn_connection *previous, *next;
    int fd;
    enum brn_phase phase;
    uint64_t since; /* of the phase */
    bool is_cut;    /* was shut down for being slow */
    struct brn_http_request request;
    struct brn_http_reply reply;
    struct brn_buffer body;       /* kept between requests, while it is small */
    uint64_t declared, body_size; /* as Content-Length says, and as received */
    uint64_t buffered;            /* what of the shared budget it holds */
    unsigned refused; /* status that the request will get without being dispatched, or 0 */
    const char *why;
};

struct brn_loop {
    struct brn_http_shared *shared;
    struct brn_desk desk;
    struct brn_buffer expanded; /* of compressed bodies */
    struct brn_connection *connections;
    struct MHD_Daemon *daemon;
    bool is_draining;
};

struct brn_connection *brn_connection_open(struct brn_loop *loop, int fd);
void brn_connection_close(struct brn_connection *c);
void brn_connection_enter(struct brn_connection *c, enum brn_phase phase);

/* A request's headers are there. */
void brn_connection_begin(struct brn_connection *c, struct MHD_Connection *mhd, const char *url,
                          const char *method);

/* More of its body; false when the connection is to be dropped. */
bool brn_connection_receive(struct brn_connection *c, const char *bytes, size_t n);

/* All of the request is there: fills c->reply. */
void brn_connection_answer(struct brn_connection *c);

/* The answer is written, or lost. */
void brn_connection_end(struct brn_connection *c, bool is_complete);

/* Whether the refused body must not even be awaited: the answer goes out now, and the connection
 * ends. */
bool brn_connection_must_end(const struct brn_connection *c, struct MHD_Connection *mhd);

/* Shuts down connections that stayed in their phase for too long. */
void brn_connections_sweep(struct brn_loop *loop, uint64_t now);

#endif
