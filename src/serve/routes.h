/* SPDX-License-Identifier: Apache-2.0
 *
 * routes.h - every path that is served: one row each in routes.inc, for dispatch, the page, the
 * OpenAPI document, the metrics' labels and the documents. */
#ifndef BRN_SERVE_ROUTES_H
#define BRN_SERVE_ROUTES_H

#include "serve/exchange.h"

struct brn_route {
    const char *method;  /* "GET" (which serves HEAD too) or "POST" */
    const char *pattern; /* "{model}" and "{version}" stand for one segment each */
    const char *summary;
    void (*handle)(struct brn_exchange *x);
    bool predicts; /* takes a body of rows, and 503 while draining */
};

extern const struct brn_route brn_routes[]; /* ended by a method of NULL */

/* Their patterns in the same order, and how many. */
extern const char *const brn_route_patterns[];
size_t brn_route_count(void);

/* Answers the request, whatever it is: reply is filled. */
void brn_dispatch(struct brn_exchange *x);

/* The table of routes as Markdown. */
void brn_routes_document(struct brn_buffer *out);

/* ---- handlers ---- */

#define X(method, pattern, handler, predicts, summary) \
    void brn_handle_##handler(struct brn_exchange *x);
#include "serve/routes.inc"
#undef X

#endif
