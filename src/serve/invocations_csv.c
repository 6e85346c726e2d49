/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/grid.h"

brine_status brn_invocation_csv(struct brn_slice body, struct brn_work *work,
                                struct brn_buffer *cells,
                                struct brn_invocation_request *ret_request, brine_error *err)
{
    (void)body;
    (void)work;
    (void)cells;
    (void)ret_request;
    return brn_fail(err, BRINE_UNSUPPORTED, "later");
}
