/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_feature_hash.h - features by the hash of their names: HashingVectorizer, FeatureHasher.
 * sklearn/feature_extraction/_hashing_fast.pyx. */
#ifndef BRN_ESTIMATORS_SHARED_FEATURE_HASH_H
#define BRN_ESTIMATORS_SHARED_FEATURE_HASH_H

#include "kernel/tokens.h"
#include "model/estimator.h"

struct brn_feature_hash {
    int64_t n_features;
    const struct brn_node *sign_node;
    bool alternate_sign, non_negative;
    uint32_t least_column; /* of the hash -2^31, whose absolute value no int32 holds */
};

#define BRN_FEATURE_HASH_FIELDS(type, member)                                           \
    BRN_FIELD(type, member.n_features, "n_features", INT, "columns"),                   \
        BRN_FIELD_OPTIONAL(type, member.sign_node, "alternate_sign", NODE,              \
                           "since 0.19: a hash's sign is the value's; before, always"), \
        BRN_FIELD_OPTIONAL(type, member.non_negative, "non_negative", BOOL,             \
                           "before 0.21: absolute values")

brine_status brn_feature_hash_prepare(struct brn_feature_hash *m, const struct brn_instance *me,
                                      struct brn_build *build);

static inline void brn_feature_hash_add(const struct brn_feature_hash *m, struct brn_slice name,
                                        double value, struct brn_counter *counter)
{
    int32_t hash = (int32_t)brn_murmur3(name.p, name.n, 0);
    uint32_t column = hash == INT32_MIN
                          ? m->least_column
                          : (uint32_t)(hash < 0 ? -hash : hash) % (uint32_t)m->n_features;
    brn_counter_add(counter, column, m->alternate_sign && hash < 0 ? -value : value);
}

#endif
