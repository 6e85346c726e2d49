/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/oip.h"

/* What is passed down while a request is read. */
struct reading {
    struct brn_oip_request *request;
    struct brn_buffer *inputs; /* of struct brn_tensor */
    struct brn_text_pool texts;
    uint64_t body_size;
};

struct tensor_reading {
    struct reading *reading;
    struct brn_tensor tensor;
};

struct wanted_reading {
    struct reading *reading;
    struct brn_wanted wanted;
};

static brine_status keep_text(struct brn_json *json, struct brn_text_pool *texts, const char *what,
                              struct brn_slice *ret_text, brine_error *err)
{
    if (json->kind != BRN_JSON_STRING)
        return brn_json_wrong(json, what, err);
    *ret_text = brn_text_pool_event(texts, json);
    return ret_text->p ? BRINE_OK : brn_fail_memory(err);
}

/* ---- parameters: strings, numbers and booleans; those that mean something to us are read ---- */

static brine_status read_flag(struct brn_json *json, bool *ret_flag, const char *what,
                              brine_error *err)
{
    if (json->kind != BRN_JSON_BOOL)
        return brn_json_wrong(json, what, err);
    *ret_flag = json->boolean;
    return BRINE_OK;
}

static brine_status read_uint(struct brn_json *json, uint64_t *ret_value, const char *what,
                              brine_error *err)
{
    if (json->kind != BRN_JSON_NUMBER || !json->is_integer || json->is_negative)
        return brn_json_wrong(json, what, err);
    *ret_value = json->integer;
    return BRINE_OK;
}

static brine_status read_parameters(struct brn_json *json, const struct brn_member *known,
                                    void *into, brine_error *err)
{
    if (json->kind == BRN_JSON_NULL)
        return BRINE_OK;
    if (json->kind != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "\"parameters\" must be an object", err);
    return brn_members_read(json, known, into, err);
}

static brine_status read_timeout(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    return read_uint(json, &r->request->timeout_us, "\"timeout\" must be a number of microseconds",
                     err);
}

static brine_status read_binary_outputs(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    return read_flag(json, &r->request->binary_outputs,
                     "\"binary_data_output\" must be true or false", err);
}

static brine_status read_request_parameters(struct brn_json *json, void *into, brine_error *err)
{
    static const struct brn_member known[] = {
        {"binary_data_output", read_binary_outputs}, {"timeout", read_timeout}, {NULL, NULL}};
    return read_parameters(json, known, into, err);
}

/* ---- inputs ---- */

static brine_status read_tensor_name(struct brn_json *json, void *into, brine_error *err)
{
    struct tensor_reading *t = into;
    return keep_text(json, &t->reading->texts, "\"name\" must be a string", &t->tensor.name, err);
}

static brine_status read_datatype(struct brn_json *json, void *into, brine_error *err)
{
    struct tensor_reading *t = into;
    if (json->kind != BRN_JSON_STRING)
        return brn_json_wrong(json, "\"datatype\" must be a string", err);
    t->tensor.datatype = brn_datatype_find(json->text);
    if (!t->tensor.datatype)
        return brn_json_wrong(json,
                              "no such datatype; they are BOOL, INT8 to INT64, UINT8 to UINT64, "
                              "FP16, FP32, FP64 and BYTES",
                              err);
    return BRINE_OK;
}

static brine_status read_dimension(struct brn_json *json, struct brn_tensor *t, brine_error *err)
{
    if (json->kind != BRN_JSON_NUMBER || !json->is_integer || json->is_negative)
        return brn_json_wrong(json, "\"shape\" must hold whole numbers from 0", err);
    if (t->rank == BRN_MAX_RANK)
        return brn_json_wrong(json, "\"shape\" has more than 8 dimensions", err);
    if (json->integer > INT32_MAX)
        return brn_json_wrong(json, "\"shape\" is larger than any tensor that fits a request", err);
    t->shape[t->rank++] = (int64_t)json->integer;
    return BRINE_OK;
}

static brine_status read_shape(struct brn_json *json, void *into, brine_error *err)
{
    struct tensor_reading *t = into;
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"shape\" must be an array", err);
    while (brn_json_next(json) != BRN_JSON_ARRAY_END)
        BRN_TRY(read_dimension(json, &t->tensor, err));
    t->tensor.has_shape = true;
    return BRINE_OK;
}

static brine_status read_binary_size(struct brn_json *json, void *into, brine_error *err)
{
    struct tensor_reading *t = into;
    t->tensor.is_binary = true;
    return read_uint(json, &t->tensor.binary_size, "\"binary_data_size\" must be a number of bytes",
                     err);
}

static brine_status read_tensor_parameters(struct brn_json *json, void *into, brine_error *err)
{
    static const struct brn_member known[] = {{"binary_data_size", read_binary_size}, {NULL, NULL}};
    return read_parameters(json, known, into, err);
}

/* Members come in any order, so the text of the data is noted here and read when all are known. */
static brine_status read_data(struct brn_json *json, void *into, brine_error *err)
{
    struct tensor_reading *t = into;
    if (json->kind == BRN_JSON_NULL) /* KServe's SDK sends it beside an empty binary tensor */
        return BRINE_OK;
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"data\" must be an array", err);
    const uint8_t *begin = json->at - 1;
    brn_json_skip(json);
    if (json->error.status != BRINE_OK)
        return brn_json_failure(json, err);
    t->tensor.json = (struct brn_slice){begin, (size_t)(json->at - begin)};
    return BRINE_OK;
}

/* No element takes less than a byte of the body, so that a shape larger than the body is a lie. */
static brine_status count_elements(struct brn_tensor *t, uint64_t body_size, brine_error *err)
{
    uint64_t n = 1;
    for (uint32_t i = 0; i < t->rank; i++)
        if (__builtin_mul_overflow(n, (uint64_t)t->shape[i], &n))
            return brn_fail(err, BRINE_FORMAT, "the shape's product overflows");
    if (n > body_size)
        return brn_fail(err, BRINE_FORMAT,
                        "the shape asks for %llu elements, more than the body has bytes",
                        (unsigned long long)n);
    t->elements = n;
    return BRINE_OK;
}

static brine_status check_tensor(struct brn_tensor *t, uint64_t body_size, brine_error *err)
{
    const char *lacks = !t->name.p ? "name" : !t->datatype ? "datatype" : "shape";
    if (!t->name.p || !t->datatype || !t->has_shape)
        return brn_fail(err, BRINE_FORMAT, "\"%s\" is missing", lacks);
    if (t->is_binary && t->json.p)
        return brn_fail(err, BRINE_FORMAT, "has both \"data\" and \"binary_data_size\"");
    return count_elements(t, body_size, err);
}

static brine_status finish_tensor(struct tensor_reading *t, brine_error *err)
{
    struct reading *r = t->reading;
    BRN_TRY(check_tensor(&t->tensor, r->body_size, err));
    if (!t->tensor.is_binary)
        BRN_TRY(brn_oip_take_json(&t->tensor, &r->texts, err));
    brn_buffer_add(r->inputs, &t->tensor, sizeof t->tensor);
    return r->inputs->failed ? brn_fail_memory(err) : BRINE_OK;
}

static brine_status read_input(struct brn_json *json, struct reading *r, size_t number,
                               brine_error *err)
{
    static const struct brn_member members[] = {
        {"name", read_tensor_name},  {"shape", read_shape},
        {"datatype", read_datatype}, {"parameters", read_tensor_parameters},
        {"data", read_data},         {NULL, NULL},
    };
    struct tensor_reading t = {.reading = r};
    if (number >= BRN_MAX_INPUTS)
        return brn_json_wrong(json, "more than 100,000 inputs", err);
    if (json->kind != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "an input must be an object", err);
    brine_status status = brn_members_read(json, members, &t, err);
    if (status == BRINE_OK) {
        status = finish_tensor(&t, err);
        if (status != BRINE_OK && err->offset != BRINE_NOWHERE && t.tensor.json.p)
            err->offset += (uint64_t)(t.tensor.json.p - json->begin); /* was within "data" */
    }
    if (status != BRINE_OK)
        brn_error_within(err, "inputs[%zu]", number);
    return status;
}

static brine_status read_inputs(struct brn_json *json, void *into, brine_error *err)
{
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"inputs\" must be an array", err);
    for (size_t i = 0; brn_json_next(json) != BRN_JSON_ARRAY_END; i++)
        BRN_TRY(read_input(json, into, i, err));
    return BRINE_OK;
}

/* ---- outputs ---- */

static brine_status read_wanted_name(struct brn_json *json, void *into, brine_error *err)
{
    struct wanted_reading *w = into;
    return keep_text(json, &w->reading->texts, "\"name\" must be a string", &w->wanted.name, err);
}

static brine_status read_wanted_binary(struct brn_json *json, void *into, brine_error *err)
{
    struct wanted_reading *w = into;
    bool yes = false;
    BRN_TRY(read_flag(json, &yes, "\"binary_data\" must be true or false", err));
    w->wanted.binary = yes ? BRN_BINARY_YES : BRN_BINARY_NO;
    return BRINE_OK;
}

static brine_status refuse_classification(struct brn_json *json, void *into, brine_error *err)
{
    (void)into;
    if (json->kind == BRN_JSON_NUMBER && json->is_integer && json->integer == 0)
        return BRINE_OK;
    return brn_json_wrong(json, "\"classification\" is not offered; ask for predict_proba", err);
}

static brine_status read_wanted_parameters(struct brn_json *json, void *into, brine_error *err)
{
    static const struct brn_member known[] = {{"binary_data", read_wanted_binary},
                                              {"classification", refuse_classification},
                                              {NULL, NULL}};
    return read_parameters(json, known, into, err);
}

static brine_status add_wanted(struct brn_oip_request *request, const struct brn_wanted *wanted,
                               brine_error *err)
{
    if (!wanted->name.p)
        return brn_fail(err, BRINE_FORMAT, "\"name\" is missing");
    if (request->output_count == BRN_MAX_OUTPUTS)
        return brn_fail(err, BRINE_FORMAT, "more than %d outputs", BRN_MAX_OUTPUTS);
    for (size_t i = 0; i < request->output_count; i++)
        if (brn_slice_equal(request->outputs[i].name, wanted->name))
            return brn_fail(err, BRINE_FORMAT, "\"%.*s\" is asked for twice", BRN_S(wanted->name));
    request->outputs[request->output_count++] = *wanted;
    return BRINE_OK;
}

static brine_status read_output(struct brn_json *json, struct reading *r, size_t number,
                                brine_error *err)
{
    static const struct brn_member members[] = {
        {"name", read_wanted_name}, {"parameters", read_wanted_parameters}, {NULL, NULL}};
    struct wanted_reading w = {.reading = r};
    if (json->kind != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "an output must be an object", err);
    brine_status status = brn_members_read(json, members, &w, err);
    if (status == BRINE_OK)
        status = add_wanted(r->request, &w.wanted, err);
    if (status != BRINE_OK)
        brn_error_within(err, "outputs[%zu]", number);
    return status;
}

static brine_status read_outputs(struct brn_json *json, void *into, brine_error *err)
{
    if (json->kind == BRN_JSON_NULL)
        return BRINE_OK;
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"outputs\" must be an array", err);
    for (size_t i = 0; brn_json_next(json) != BRN_JSON_ARRAY_END; i++)
        BRN_TRY(read_output(json, into, i, err));
    return BRINE_OK;
}

/* ---- the whole ---- */

static brine_status read_id(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    if (json->kind == BRN_JSON_NULL) /* KServe's SDK sends it for "none" */
        return BRINE_OK;
    BRN_TRY(keep_text(json, &r->texts, "\"id\" must be a string", &r->request->id, err));
    if (r->request->id.n > BRN_MAX_ID)
        return brn_json_wrong(json, "\"id\" is longer than 256 bytes", err);
    return BRINE_OK;
}

static brine_status read_request(struct brn_json *json, struct reading *r, brine_error *err)
{
    static const struct brn_member members[] = {
        {"id", read_id},
        {"parameters", read_request_parameters},
        {"inputs", read_inputs},
        {"outputs", read_outputs},
        {NULL, NULL},
    };
    if (brn_json_next(json) != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "the body must be a JSON object with \"inputs\"", err);
    BRN_TRY(brn_members_read(json, members, r, err));
    if (brn_json_next(json) != BRN_JSON_END || json->error.status != BRINE_OK)
        return brn_json_failure(json, err);
    r->request->inputs = (struct brn_tensor *)(void *)r->inputs->data;
    r->request->input_count = r->inputs->size / sizeof(struct brn_tensor);
    if (r->request->input_count == 0)
        return brn_fail(err, BRINE_FORMAT, "\"inputs\" is missing or empty");
    return BRINE_OK;
}

/* Without the header the whole body is JSON. */
static brine_status split_body(struct brn_slice body, struct brn_slice json_length,
                               struct brn_slice *ret_json, struct brn_slice *ret_rest,
                               brine_error *err)
{
    uint64_t n = body.n;
    if (json_length.p) {
        n = 0;
        for (size_t i = 0; i < json_length.n; i++)
            if (json_length.p[i] < '0' || json_length.p[i] > '9' || n > body.n)
                return brn_fail(err, BRINE_FORMAT,
                                "Inference-Header-Content-Length is no length within the body");
            else
                n = n * 10 + (uint64_t)(json_length.p[i] - '0');
        if (n > body.n || json_length.n == 0)
            return brn_fail(err, BRINE_FORMAT,
                            "Inference-Header-Content-Length is no length within the body");
        if (n == 0)
            return brn_fail(err, BRINE_FORMAT,
                            "raw requests without JSON are not offered; send the JSON header");
    }
    *ret_json = (struct brn_slice){body.p, (size_t)n};
    *ret_rest = (struct brn_slice){body.p + n, (size_t)(body.n - n)};
    return BRINE_OK;
}

brine_status brn_oip_decode(struct brn_slice body, struct brn_slice json_length,
                            struct brn_work *work, struct brn_buffer *storage,
                            struct brn_oip_request *ret_request, brine_error *err)
{
    struct brn_slice document, rest;
    BRN_TRY(split_body(body, json_length, &document, &rest, err));
    storage->size = 0;
    storage->failed = false;
    *ret_request = (struct brn_oip_request){.output_count = 0};
    struct reading r = {ret_request, storage, {.work = work}, body.n};
    struct brn_json json;
    uint8_t nesting[BRN_MAX_JSON_DEPTH];
    brn_json_init(&json, document, nesting, BRN_MAX_JSON_DEPTH);
    json.allow_nan = true; /* tritonclient writes NaN and Infinity as they are */
    brine_status status = read_request(&json, &r, err);
    if (status == BRINE_OK)
        status = brn_oip_take_binary(ret_request, rest, work, err);
    brn_json_free(&json);
    return status;
}
