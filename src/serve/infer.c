/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /v2/models/{model}/infer */
#include "serve/predict.h"
#include "serve/routes.h"

#include <inttypes.h>
#include <stdio.h>

static bool choose_outputs(struct brn_exchange *x, const struct brn_oip_request *request,
                           struct brn_prediction *p)
{
    const struct brn_served *s = x->service->served;
    for (size_t i = 0; i < request->output_count; i++) {
        const struct brn_served_output *o = brn_served_find(s, request->outputs[i].name);
        if (!o) {
            brn_reply_error(x, 400,
                            "the model has no output \"%.*s\"; GET /v2/models/%s lists them",
                            BRN_S(request->outputs[i].name), s->name);
            return false;
        }
        p->wanted[p->count++] = o;
    }
    if (p->count == 0)
        brn_want_defaults(s, p);
    return true;
}

/* An output is answered under the name that it was asked by, "output-0" too. */
static void name_outputs(const struct brn_oip_request *request, struct brn_prediction *p)
{
    for (size_t i = 0; i < p->count; i++) {
        p->outputs[i].is_binary = request->binary_outputs;
        if (i >= request->output_count)
            continue;
        if (request->outputs[i].binary != BRN_BINARY_UNSAID)
            p->outputs[i].is_binary = request->outputs[i].binary == BRN_BINARY_YES;
        if (brn_slice_is(request->outputs[i].name, "output-0"))
            p->outputs[i].name = "output-0";
    }
}

/* Some clients fail without an id, so that there always is one. */
static struct brn_slice give_id(struct brn_exchange *x, char room[32])
{
    int n = snprintf(room, 32, "brine-%016" PRIx64, x->desk->next_id++);
    return (struct brn_slice){(const uint8_t *)room, (size_t)n};
}

static void answer(struct brn_exchange *x, const struct brn_oip_request *request,
                   const struct brn_prediction *p)
{
    char room[32];
    brine_error err = {.status = BRINE_OK};
    struct brn_oip_answer a = {
        .model = x->service->served->name,
        .version = x->service->served->version,
        .id = request->id.p ? request->id : give_id(x, room),
        .outputs = p->outputs,
        .output_count = p->count,
    };
    size_t json_length = 0;
    brn_reply_json(x, 200);
    if (brn_oip_encode(&a, &x->reply->body, &json_length, &err) != BRINE_OK) {
        brn_reply_failure(x, &err);
        return;
    }
    x->reply->json_length = json_length;
    if (json_length)
        x->reply->content_type = "application/octet-stream";
}

static bool read_rows(struct brn_exchange *x, struct brn_oip_request *request,
                      struct brn_table *ret_rows)
{
    brine_error err = {.status = BRINE_OK};
    const struct brn_http_request *http = x->request;
    brine_status status = brn_oip_decode(http->body, http->json_length, &x->desk->work,
                                         &x->desk->storage, request, &err);
    if (status == BRINE_OK)
        status = brn_served_columns(x->service->served, request, &x->desk->work, ret_rows, &err);
    if (status != BRINE_OK)
        brn_reply_failure(x, &err);
    return status == BRINE_OK;
}

/* tritonclient sends no Content-Type, its asyncio twin octet-stream for JSON too: only the header
 * with the JSON's length decides what the body is. */
void brn_handle_infer(struct brn_exchange *x)
{
    static const char *const types[] = {"application/json", "application/octet-stream", "", NULL};
    struct brn_oip_request request;
    struct brn_prediction p = {.is_text_checked = true};
    struct brn_table rows;
    size_t type;
    struct brn_work_mark mark = brn_work_mark(&x->desk->work);
    if (brn_accept_type(x, types, &type) && read_rows(x, &request, &rows) &&
        choose_outputs(x, &request, &p)) {
        p.timeout_us = request.timeout_us;
        if (brn_predict_rows(x, &rows, &p)) {
            name_outputs(&request, &p);
            answer(x, &request, &p);
        }
    }
    brn_work_release(&x->desk->work, mark);
}
