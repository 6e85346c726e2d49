/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an inference request: the first two are where the JSON ends, 65535 means without the
 * header. No crash, no leak, bounded work. */
#include "serve/oip.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every element is read once. */
static void touch(const struct brn_oip_request *request)
{
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < request->input_count; i++) {
        const struct brn_tensor *t = &request->inputs[i];
        const uint8_t *bytes = t->data;
        const struct brn_slice *texts = t->data;
        for (uint64_t j = 0; j < t->elements * t->datatype->size; j++)
            sum = (uint8_t)(sum + bytes[j]);
        for (uint64_t j = 0; t->datatype->kind == BRN_DATATYPE_BYTES && j < t->elements; j++)
            for (size_t k = 0; k < texts[j].n; k++)
                sum = (uint8_t)(sum + texts[j].p[k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    unsigned at = (unsigned)data[0] << 8 | data[1];
    char text[8];
    int n = snprintf(text, sizeof text, "%u", at);
    struct brn_slice length = {(const uint8_t *)text, (size_t)n};
    struct brn_work work;
    struct brn_buffer storage = {.data = NULL};
    struct brn_oip_request request;
    brine_error err;
    brn_work_init(&work, 64 << 20);
    if (brn_oip_decode((struct brn_slice){data + 2, size - 2},
                       at == 65535 ? (struct brn_slice){NULL, 0} : length, &work, &storage,
                       &request, &err) == BRINE_OK)
        touch(&request);
    brn_work_free(&work);
    brn_buffer_free(&storage);
    return 0;
}
