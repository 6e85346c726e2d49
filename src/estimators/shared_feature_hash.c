/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_feature_hash.h"

static const struct brn_era least_eras[] = {
    {0, 10000, false,
     "abs(-2^31) overflows: the column is negative, and what scipy makes of it undefined"},
    {10000, 0, true, "_hashing_fast.pyx: abs(-2^31) % n_features, as if it could be told"},
    BRN_ERA_END,
};

brine_status brn_feature_hash_prepare(struct brn_feature_hash *m, const struct brn_instance *me,
                                      struct brn_build *build)
{
    const struct brn_node *sign = m->sign_node;
    if (m->n_features < 1 || m->n_features > INT32_MAX)
        return brn_ill_formed(build, "n_features", "is %lld", (long long)m->n_features);
    if (sign && !brn_is(sign, BRN_BOOL))
        return brn_unsupported(build, "alternate_sign", "is neither True nor False");
    m->alternate_sign = !sign || sign->as.boolean;
    m->least_column = (INT32_MAX - (m->n_features - 1)) % m->n_features;
    if (!brn_era_behaviour(least_eras, me->version))
        m->least_column = -1;
    return BRINE_OK;
}
