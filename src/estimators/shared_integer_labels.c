/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_integer_labels.h"

brine_status brn_bind_integer_labels(struct brn_build *build, struct brn_instance *me,
                                     const int64_t *values, size_t count)
{
    struct brn_values classes = {.at = BRN_NEW(build->scratch, struct brn_value, count),
                                 .count = count,
                                 .present = true,
                                 .kind = 'i'};
    struct brn_dictionary *labels;
    if (!classes.at)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        classes.at[i] = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = values[i]}};
    BRN_TRY(brn_labels(build, &classes, &labels));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &labels, 1);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_bind_outlier_labels(struct brn_build *build, struct brn_instance *me)
{
    static const int64_t values[] = {-1, 1};
    return brn_bind_integer_labels(build, me, values, 2);
}

brine_status brn_bind_cluster_labels(struct brn_build *build, struct brn_instance *me, size_t count)
{
    int64_t *values = BRN_NEW(build->scratch, int64_t, count);
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        values[i] = (int64_t)i;
    return brn_bind_integer_labels(build, me, values, count);
}
