/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_feature_hash.h"

brine_status brn_feature_hash_prepare(struct brn_feature_hash *m, const struct brn_instance *me,
                                      struct brn_build *build)
{
    const struct brn_node *sign = m->sign_node;
    (void)me;
    if (m->n_features < 1 || m->n_features > INT32_MAX)
        return brn_ill_formed(build, "n_features", "is %lld", (long long)m->n_features);
    if (sign && !brn_is(sign, BRN_BOOL))
        return brn_unsupported(build, "alternate_sign", "is neither True nor False");
    m->alternate_sign = !sign || sign->as.boolean;
    m->least_column = (uint32_t)((INT32_MAX - (m->n_features - 1)) % m->n_features);
    return BRINE_OK;
}
