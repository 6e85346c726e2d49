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
    int64_t
        least_column; /* of the hash -2^31, whose absolute value no int32 holds; -1: undefined */
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
    int64_t column =
        hash == INT32_MIN ? m->least_column : (hash < 0 ? -hash : hash) % m->n_features;
    if (__builtin_expect(column < 0, 0))
        counter->is_undefined = true;
    else
        brn_counter_add(counter, (size_t)column, m->alternate_sign && hash < 0 ? -value : value);
}

/* Refuses row r when a term of it had no column. */
static inline brine_status brn_feature_hash_check(const struct brn_counter *counter,
                                                  const struct brn_tile *in, size_t r,
                                                  const struct brn_work *work)
{
    if (!counter->is_undefined)
        return BRINE_OK;
    return brn_refuse(work, in, r, NULL,
                      "a term's hash is -2^31, for which releases before 1.0 have no column");
}

#endif
