/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_xgboost.h"

enum { MOST_FEATURES = 1 << 24, MOST_GROUPS = 1 << 16 };

brine_status brn_xgboost_check_counts(struct brn_build *build, struct brn_xgboost *m)
{
    if (m->feature_count < 1 || m->feature_count > MOST_FEATURES)
        return brn_ill_formed(build, "learner_model_param.num_feature", "is %lld",
                              (long long)m->feature_count);
    if (m->class_count < 0 || m->class_count > MOST_GROUPS || m->target_count < 1 ||
        m->target_count > MOST_GROUPS)
        return brn_ill_formed(build, "learner_model_param", "%lld classes, %lld targets",
                              (long long)m->class_count, (long long)m->target_count);
    m->groups = m->class_count > m->target_count ? (size_t)m->class_count : (size_t)m->target_count;
    if (m->base_count != 1 && m->base_count != m->groups)
        return brn_ill_formed(build, "learner_model_param.base_score", "has %zu values, not %zu",
                              m->base_count, m->groups);
    return BRINE_OK;
}

static brine_status check_trees(struct brn_build *build, const struct brn_xgboost *m)
{
    if (m->parallel_trees < 1 || m->parallel_trees > INT32_MAX)
        return brn_ill_formed(build, "num_parallel_tree", "is %lld", (long long)m->parallel_trees);
    for (size_t t = 0; t < m->tree_count; t++) {
        const struct brn_xgboost_tree *tree = &m->trees[t];
        if (tree->group < 0 || (uint64_t)tree->group >= m->groups)
            return brn_ill_formed(build, "tree_info", "tree %zu is of group %lld of %zu", t,
                                  (long long)tree->group, m->groups);
        if ((tree->tree.vectors != NULL) != (m->trees[0].tree.vectors != NULL))
            return brn_unsupported(build, "trees", "some leaves are vectors, others numbers");
    }
    return BRINE_OK;
}

brine_status brn_xgboost_read(struct brn_build *build, struct brn_slice bytes,
                              struct brn_xgboost **ret_model)
{
    struct brn_xgboost *m = BRN_NEW(build->scratch, struct brn_xgboost, 1);
    if (!m)
        return brn_fail_memory(build->err);
    m->best_iteration = -1;
    m->parallel_trees = 1;
    bool is_json = bytes.n > 1 && bytes.p[0] == '{';
    BRN_TRY(is_json ? brn_xgboost_read_ubjson(build, bytes, m)
                    : brn_xgboost_read_binary(build, bytes, m));
    BRN_TRY(check_trees(build, m));
    *ret_model = m;
    return BRINE_OK;
}
