/* SPDX-License-Identifier: Apache-2.0 */
#include "table/encode.h"
#include "table/format.h"

#include <stdlib.h>

brine_status brn_npy_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err)
{
    struct brn_encoder *e = calloc(1, sizeof *e);
    if (!e)
        return brn_fail_memory(err);
    *ret_state = e; /* destroyed by the caller on failure, too */
    return brn_encoder_begin(e, sink, is_vector, err);
}

brine_status brn_npy_write(void *state, const struct brn_table *table, brine_error *err)
{
    return brn_encoder_write(state, table, err);
}

brine_status brn_npy_finish(void *state, brine_error *err)
{
    struct brn_encoder *e = state;
    uint8_t header[BRN_NPY_HEADER];
    BRN_TRY(brn_encoder_end(e, header, err));
    return brn_sink_patch(e->sink, 0, (struct brn_slice){header, sizeof header}, err);
}

void brn_npy_destroy(void *state)
{
    brn_encoder_free(state);
    free(state);
}
