/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.h - what the server counts, and its text for Prometheus (exposition format 0.0.4).  Every
 * label has a bounded set of values: routes, statuses, outputs and the contract's own columns and
 * rules. Counting takes no lock. */
#ifndef BRN_SERVE_METRICS_H
#define BRN_SERVE_METRICS_H

#include "base/buffer.h"
#include "contract/rows.h"
#include "serve/served.h"

enum { BRN_NO_ROUTE = -1, BRN_MAX_ROUTES = 32 };

struct brn_metrics;

/* rules: of the contract, or NULL.  routes: their patterns, as label values.  All live as long as
 * the metrics.  NULL: memory is out. */
struct brn_metrics *brn_metrics_new(const struct brn_served *served, const struct brn_rules *rules,
                                    const char *const *routes, size_t route_count);
void brn_metrics_free(struct brn_metrics *metrics);

/* A request was answered by the route of that number, or BRN_NO_ROUTE. */
void brn_metrics_request(struct brn_metrics *metrics, int route, unsigned status,
                         uint64_t duration_ns);
void brn_metrics_rows(struct brn_metrics *metrics, uint64_t rows);
void brn_metrics_prediction(struct brn_metrics *metrics, const struct brn_served_output *output,
                            uint64_t rows);
void brn_metrics_refusal(struct brn_metrics *metrics);

/* counts: by rule of the contract. */
void brn_metrics_violations(struct brn_metrics *metrics, const uint64_t *counts);

/* Both return the new value. */
int64_t brn_metrics_in_flight(struct brn_metrics *metrics, int change);
int64_t brn_metrics_connections(struct brn_metrics *metrics, int change);
void brn_metrics_ready(struct brn_metrics *metrics, bool is_ready);
void brn_metrics_timed_out(struct brn_metrics *metrics); /* a connection was cut off */

void brn_metrics_write(struct brn_metrics *metrics, struct brn_buffer *out);

/* The table of metrics as Markdown, for the documents. */
void brn_metrics_document(struct brn_buffer *out);

#endif
