/* SPDX-License-Identifier: Apache-2.0
 *
 * predict.h - what /infer and /invocations have in common: rows in, outputs out, or an answer that
 * says why not. */
#ifndef BRN_SERVE_PREDICT_H
#define BRN_SERVE_PREDICT_H

#include "serve/exchange.h"

struct brn_prediction {
    const struct brn_served_output *wanted[BRN_MAX_OUTPUTS];
    size_t count;
    bool is_text_checked; /* strings are no numbers (JSON), or may be (CSV) */
    uint64_t timeout_us;  /* the client's; 0: none */
    struct brn_output outputs[BRN_MAX_OUTPUTS];
};

/* The outputs that are given when the client names none. */
void brn_want_defaults(const struct brn_served *served, struct brn_prediction *p);

/* The rows through contract and model into p->outputs, valid while the work's mark stands.  False:
 * the reply says what was wrong. */
bool brn_predict_rows(struct brn_exchange *x, struct brn_table *rows, struct brn_prediction *p);

/* The content type of the request is one of these; otherwise a 415 was written.  A parameter other
 * than charset=utf-8 is refused with it. */
bool brn_accept_type(struct brn_exchange *x, const char *const *types, size_t *ret_index);

#endif
