/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"
#include "serve/oip.h"

static brine_status take_fixed(struct brn_tensor *t, struct brn_slice bytes, brine_error *err)
{
    uint64_t wanted = t->elements * t->datatype->wire_size; /* both at most the body's size x 8 */
    if (bytes.n != wanted)
        return brn_fail(err, BRINE_FORMAT, "binary_data_size: expected %llu bytes, got %zu",
                        (unsigned long long)wanted, bytes.n);
    if (bytes.n)
        memcpy(t->data, bytes.p, bytes.n);
    if (t->datatype->kind == BRN_DATATYPE_BOOL)
        for (size_t i = 0; i < bytes.n; i++)
            if (bytes.p[i] > 1)
                return brn_fail(err, BRINE_FORMAT, "BOOL element %zu is neither 0 nor 1", i);
    return BRINE_OK;
}

/* Each element is a length of four bytes, and its bytes: they stay in the body. */
static brine_status take_texts(struct brn_tensor *t, struct brn_slice bytes, brine_error *err)
{
    struct brn_reader r;
    struct brn_slice *texts = t->data;
    brn_reader_init(&r, bytes);
    for (uint64_t i = 0; i < t->elements; i++) {
        texts[i] = brn_read(&r, brn_read_u32le(&r));
        if (!brn_reader_ok(&r))
            return brn_fail(err, BRINE_FORMAT,
                            "BYTES: element %llu of %llu reaches beyond binary_data_size",
                            (unsigned long long)i, (unsigned long long)t->elements);
        if (texts[i].n == 0) /* p NULL would mean null */
            texts[i].p = r.at;
    }
    if (brn_reader_left(&r) > 0)
        return brn_fail(err, BRINE_FORMAT, "BYTES: %llu bytes are left after the last element",
                        (unsigned long long)brn_reader_left(&r));
    return BRINE_OK;
}

static brine_status take_tensor(struct brn_tensor *t, struct brn_slice *rest, struct brn_work *work,
                                brine_error *err)
{
    if (t->binary_size > rest->n)
        return brn_fail(err, BRINE_FORMAT, "binary_data_size is %llu, but %zu bytes are left",
                        (unsigned long long)t->binary_size, rest->n);
    struct brn_slice bytes = {rest->p, (size_t)t->binary_size};
    *rest = (struct brn_slice){rest->p + bytes.n, rest->n - bytes.n};
    t->data = brn_work_take(work, (size_t)t->elements + 1, t->datatype->size);
    if (!t->data)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    return t->datatype->wire_size ? take_fixed(t, bytes, err) : take_texts(t, bytes, err);
}

brine_status brn_oip_take_binary(struct brn_oip_request *request, struct brn_slice bytes,
                                 struct brn_work *work, brine_error *err)
{
    for (size_t i = 0; i < request->input_count; i++) {
        if (!request->inputs[i].is_binary)
            continue;
        brine_status status = take_tensor(&request->inputs[i], &bytes, work, err);
        if (status != BRINE_OK) {
            brn_error_within(err, "inputs[%zu]", i);
            return status;
        }
    }
    if (bytes.n)
        return brn_fail(err, BRINE_FORMAT, "%zu bytes are left after the last binary tensor",
                        bytes.n);
    return BRINE_OK;
}
