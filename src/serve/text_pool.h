/* SPDX-License-Identifier: Apache-2.0
 *
 * text_pool.h - copies of short texts in a thread's work memory, valid until its mark is released.
 */
#ifndef BRN_SERVE_TEXT_POOL_H
#define BRN_SERVE_TEXT_POOL_H

#include "base/json.h"
#include "model/tile.h"

struct brn_text_pool {
    struct brn_work *work;
    uint8_t *at, *end; /* free part of the newest piece */
};

/* p is NULL when the work's limit is reached; never otherwise, not even for "". */
struct brn_slice brn_text_pool_keep(struct brn_text_pool *texts, struct brn_slice text);

/* The text of the reader's event: its own bytes when they stand in the document as they are, a copy
 * when they were unescaped. */
struct brn_slice brn_text_pool_event(struct brn_text_pool *texts, const struct brn_json *json);

#endif
