/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/text_pool.h"

enum { PIECE = 16 << 10 };

static bool add_piece(struct brn_text_pool *texts, size_t wanted)
{
    size_t size = wanted > PIECE ? wanted : PIECE;
    texts->at = brn_work_take(texts->work, size, 1);
    texts->end = texts->at ? texts->at + size : NULL;
    return texts->at != NULL;
}

struct brn_slice brn_text_pool_keep(struct brn_text_pool *texts, struct brn_slice text)
{
    size_t wanted = text.n ? text.n : 1;
    if ((size_t)(texts->end - texts->at) < wanted && !add_piece(texts, wanted))
        return (struct brn_slice){NULL, 0};
    struct brn_slice copy = {texts->at, text.n};
    if (text.n)
        memcpy(texts->at, text.p, text.n);
    texts->at += wanted;
    return copy;
}

struct brn_slice brn_text_pool_event(struct brn_text_pool *texts, const struct brn_json *json)
{
    bool in_document = json->text.n && json->text.p >= json->begin && json->text.p < json->end;
    return in_document ? json->text : brn_text_pool_keep(texts, json->text);
}
