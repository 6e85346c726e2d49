/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_sparse.h"

#include <math.h>

brine_status brn_bind_like(struct brn_build *build, struct brn_instance *me,
                           const struct brn_schema *in)
{
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    for (size_t i = 0; names && i < in->count; i++)
        names[i] = brn_schema_name(in, i);
    struct brn_schema *out = !names ? NULL
                             : in->is_compressed
                                 ? brn_schema_compressed(build->arena, in->count, names)
                                 : brn_schema_numbers(build->arena, in->count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = in->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

brine_status brn_check_compressed(const struct brn_work *work, const struct brn_tile *tile,
                                  enum brn_missing missing)
{
    const struct brn_compressed *rows = tile->compressed;
    for (size_t r = 0; r < tile->rows; r++)
        for (size_t k = rows->starts[r]; k < rows->starts[r + 1]; k++) {
            double v = rows->values[k];
            if (__builtin_expect(!isfinite(v), 0) && (missing == BRN_NAN_REFUSED || !isnan(v)))
                return brn_refuse(work, tile, r, NULL, "the model takes no %s here",
                                  isnan(v) ? "missing value (NaN)" : "infinity");
        }
    return BRINE_OK;
}
