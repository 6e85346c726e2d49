/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /invocations: what MLflow's scoring server and SageMaker's containers answer to. */
#include "serve/grid.h"
#include "serve/invocations_csv.h"
#include "serve/predict.h"
#include "serve/routes.h"

/* A body of either kind. */
struct invocation {
    bool is_csv;
    struct brn_csv_body csv;
    struct brn_invocation_request json;
    struct brn_table rows;
};

static brine_status read_body(struct brn_exchange *x, struct invocation *v, brine_error *err)
{
    struct brn_work *work = &x->desk->work;
    if (v->is_csv)
        return brn_csv_body_read(&v->csv, x->request->body, work->limit, &v->rows, err);
    BRN_TRY(brn_invocation_json(x->request->body, work, &x->desk->storage, &v->json, err));
    return brn_grid_table(&v->json.grid, &v->rows, err);
}

static bool read_request(struct brn_exchange *x, struct invocation *v)
{
    brine_error err = {.status = BRINE_OK};
    brine_status status = read_body(x, v, &err);
    if (status != BRINE_OK)
        brn_reply_failure(x, &err);
    return status == BRINE_OK;
}

static bool choose_outputs(struct brn_exchange *x, struct brn_slice method,
                           struct brn_prediction *p)
{
    if (!method.p) {
        brn_want_defaults(x->service->served, p);
        return true;
    }
    p->wanted[0] = brn_served_find(x->service->served, method);
    p->count = 1;
    if (!p->wanted[0])
        brn_reply_error(x, 400, "the model has no method \"%.*s\"", BRN_S(method));
    return p->wanted[0] != NULL;
}

/* A row of a matrix is an array, of a vector its value. */
static bool write_row(const struct brn_output *o, size_t row, struct brn_json_writer *w)
{
    bool is_finite = true;
    if (!o->is_vector)
        brn_json_begin_array(w);
    for (size_t c = 0; c < o->width; c++)
        is_finite = brn_output_json(o, row, c, w) && is_finite;
    if (!o->is_vector)
        brn_json_end_array(w);
    return is_finite;
}

/* One output is a list of its values, as scikit-learn's; several are objects by output. */
static bool write_prediction(const struct brn_prediction *p, size_t row, struct brn_json_writer *w)
{
    bool is_finite = true;
    if (p->count == 1)
        return write_row(&p->outputs[0], row, w);
    brn_json_begin_object(w);
    for (size_t i = 0; i < p->count; i++) {
        brn_json_key(w, p->outputs[i].name);
        is_finite = write_row(&p->outputs[i], row, w) && is_finite;
    }
    brn_json_end_object(w);
    return is_finite;
}

static void answer(struct brn_exchange *x, const struct brn_prediction *p)
{
    struct brn_json_writer w = brn_reply_json(x, 200);
    brn_json_begin_object(&w);
    brn_json_key(&w, "predictions");
    brn_json_begin_array(&w);
    for (size_t r = 0; r < p->outputs[0].rows; r++)
        if (!write_prediction(p, r, &w)) {
            brn_reply_error(x, 422, "row %zu: infinite, which JSON cannot say", r);
            return;
        }
    brn_json_end_array(&w);
    brn_json_end_object(&w);
    if (x->reply->body.failed)
        brn_reply_error(x, 413, "the answer is larger than one may be; send fewer rows");
}

static void invoke(struct brn_exchange *x, struct invocation *v)
{
    struct brn_prediction p = {.is_text_checked = !v->is_csv};
    if (read_request(x, v) && choose_outputs(x, v->json.method, &p) &&
        brn_predict_rows(x, &v->rows, &p))
        answer(x, &p);
}

void brn_handle_invocations(struct brn_exchange *x)
{
    static const char *const types[] = {"application/json", "text/csv", NULL};
    struct invocation v = {.is_csv = false};
    size_t type;
    if (!brn_accept_type(x, types, &type))
        return;
    struct brn_work_mark mark = brn_work_mark(&x->desk->work);
    v.is_csv = type == 1;
    invoke(x, &v);
    brn_csv_body_close(&v.csv);
    brn_work_release(&x->desk->work, mark);
}
