/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/oip.h"

/* Elements on their way from JSON into a tensor. */
struct filling {
    struct brn_tensor *tensor;
    struct brn_text_pool *texts;
    uint64_t filled;
    uint32_t depth;                    /* of the arrays that are open */
    bool is_nested;                    /* else one flat array */
    uint64_t counts[BRN_MAX_RANK + 1]; /* of the children of each open array */
};

static brine_status ragged(const struct filling *f, brine_error *err)
{
    (void)f;
    return brn_fail(err, BRINE_FORMAT, "\"data\" is neither flat nor nested as \"shape\" says");
}

static brine_status wrong_count(const struct filling *f, const char *how, brine_error *err)
{
    return brn_fail(err, BRINE_FORMAT, "\"data\" has %s elements than the %llu of \"shape\"", how,
                    (unsigned long long)f->tensor->elements);
}

static brine_status open_array(struct filling *f, brine_error *err)
{
    bool first = f->depth == 1 && f->counts[1] == 0;
    if (first)
        f->is_nested = true;
    if (!f->is_nested || f->depth >= f->tensor->rank)
        return ragged(f, err);
    f->counts[f->depth]++;
    f->counts[++f->depth] = 0;
    return BRINE_OK;
}

static brine_status close_array(struct filling *f, brine_error *err)
{
    if (f->is_nested && f->counts[f->depth] != (uint64_t)f->tensor->shape[f->depth - 1])
        return ragged(f, err);
    f->depth--;
    return BRINE_OK;
}

static brine_status add_element(struct filling *f, const struct brn_json *event, brine_error *err)
{
    struct brn_tensor *t = f->tensor;
    if (f->is_nested && f->depth != t->rank)
        return ragged(f, err);
    if (f->filled == t->elements)
        return f->is_nested ? ragged(f, err) : wrong_count(f, "more", err);
    f->counts[f->depth]++;
    uint8_t *out = (uint8_t *)t->data + f->filled++ * t->datatype->size;
    return brn_datatype_element(t->datatype, event, f->texts, out, err);
}

static brine_status fill_one(struct filling *f, struct brn_json *json, brine_error *err)
{
    switch (brn_json_next(json)) {
    case BRN_JSON_ARRAY:
        return open_array(f, err);
    case BRN_JSON_ARRAY_END:
        return close_array(f, err);
    case BRN_JSON_END:
        return brn_json_failure(json, err);
    case BRN_JSON_OBJECT:
        return brn_json_wrong(json, "\"data\" must not hold objects", err);
    default:
        return add_element(f, json, err);
    }
}

static brine_status fill(struct filling *f, struct brn_json *json, brine_error *err)
{
    brn_json_next(json); /* the '[' that read_data saw */
    f->depth = 1;
    while (f->depth > 0)
        BRN_TRY(fill_one(f, json, err));
    if (f->filled < f->tensor->elements)
        return wrong_count(f, "fewer", err);
    return BRINE_OK;
}

brine_status brn_oip_take_json(struct brn_tensor *tensor, struct brn_text_pool *texts,
                               brine_error *err)
{
    if (!tensor->json.p && tensor->elements > 0)
        return brn_fail(err, BRINE_FORMAT, "\"data\" is missing");
    tensor->data = brn_work_take(texts->work, (size_t)tensor->elements + 1, tensor->datatype->size);
    if (!tensor->data)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    if (!tensor->json.p)
        return BRINE_OK;
    struct filling f = {.tensor = tensor, .texts = texts};
    struct brn_json json;
    uint8_t nesting[BRN_MAX_RANK + 2];
    brn_json_init(&json, tensor->json, nesting, sizeof nesting);
    json.allow_nan = true;
    brine_status status = fill(&f, &json, err);
    brn_json_free(&json);
    return status;
}
