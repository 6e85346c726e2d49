/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - one request and its answer, above any socket: what http.c fills in and what the
 * routes' handlers see. */
#ifndef BRN_SERVE_EXCHANGE_H
#define BRN_SERVE_EXCHANGE_H

#include "serve/metrics.h"
#include "serve/served.h"

#include <stdatomic.h>

/* What all threads share.  Everything but is_ready and the metrics is fixed while serving. */
struct brn_service {
    const struct brn_served *served;
    const struct brn_rules *rules; /* of the contract, for requests; NULL: none */
    struct brn_metrics *metrics;
    atomic_bool is_ready; /* false: draining */
    uint64_t max_answer;  /* bytes of one answer */
    uint64_t deadline_ns; /* of a request at work, when the client says none; 0: none */
};

/* A thread's memory, kept between requests. */
struct brn_desk {
    struct brn_work work;
    struct brn_arena arena;    /* of rows that the contract changes; empty between requests */
    struct brn_buffer storage; /* tensors or cells of the request under way */
    uint64_t next_id;          /* of ids for requests that brought none */
};

/* work_limit: bytes that one request may take in each of the desk's memories. */
void brn_desk_init(struct brn_desk *desk, uint64_t work_limit);
void brn_desk_free(struct brn_desk *desk);

/* After a request: what a large one needed is given back. */
void brn_desk_trim(struct brn_desk *desk);

struct brn_http_request {
    const char *method;
    struct brn_slice path;         /* as sent: still percent-encoded, without the query */
    struct brn_slice content_type; /* p NULL: none was sent.  So with the others. */
    struct brn_slice content_encoding, json_length;
    struct brn_slice body;
    uint64_t received_at; /* brn_now_ns() of its last byte */
    bool
        is_admitted; /* the server was ready when its headers came: it is finished while draining */
};

struct brn_http_reply {
    unsigned status;
    const char *content_type;
    struct brn_buffer body; /* kept between requests */
    size_t json_length;     /* of Inference-Header-Content-Length; 0: none */
    char allow[16];         /* of a 405 */
    bool is_page;           /* HTML: gets a content security policy */
    /* For metrics and the log. */
    int route; /* its number, or BRN_NO_ROUTE */
    uint64_t rows;
};

struct brn_exchange {
    struct brn_service *service;
    struct brn_desk *desk;
    const struct brn_http_request *request;
    struct brn_http_reply *reply;
    char model[BRN_MAX_ID], version[BRN_MAX_ID]; /* from the path, decoded */
};

/* ---- answers ---- */

/* Starts the answer anew: what was written of it is gone. */
struct brn_json_writer brn_reply_json(struct brn_exchange *x, unsigned status);

/* {"error": "…"} */
void brn_reply_error(struct brn_exchange *x, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* 422: the rows break the contract; every violation in the result's list is told. */
void brn_reply_violations(struct brn_exchange *x, const struct brn_rows_result *result);

/* A failure below, under the HTTP status that fits it. */
void brn_reply_failure(struct brn_exchange *x, const brine_error *err);
unsigned brn_http_status(brine_status status);
const char *brn_http_status_text(unsigned status);

#endif
