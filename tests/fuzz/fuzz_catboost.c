/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as CatBoost's binary model, and a forest of what came of it. */
#include "estimators/boosters/shared_catboost.h"
#include "estimators/shared_ranks.h"
#include "fuzz_booster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static brine_status make_forest(struct fuzz_booster *f, const struct brn_catboost *m,
                                struct brn_forest **ret_forest)
{
    struct brn_forest_plan plan;
    const struct brn_tree_source **sources =
        BRN_NEW(&f->scratch, const struct brn_tree_source *, m->tree_count);
    if (!sources || m->tree_count == 0)
        return BRINE_NOMEM;
    for (size_t t = 0; t < m->tree_count; t++)
        BRN_TRY(brn_booster_tree_source(&f->build, &m->trees[t], &sources[t]));
    BRN_TRY(brn_forest_begin(&plan, &f->build, sources, m->tree_count, m->feature_count,
                             m->dimension, true));
    plan.leaf_values = brn_booster_leaf;
    plan.context = &m->dimension;
    for (size_t t = 0; t < m->tree_count; t++)
        BRN_TRY(brn_forest_add_tree(&plan, sources[t], 0));
    *ret_forest = brn_forest_end(&plan);
    return brn_forest_rank(&f->build, *ret_forest, m->feature_count);
}

static void predict(struct fuzz_booster *f, const struct brn_catboost *m)
{
    static double sums[FUZZ_ROWS * FUZZ_MOST_WIDTH];
    struct brn_forest *forest;
    if (m->dimension > FUZZ_MOST_WIDTH || m->feature_count > FUZZ_MOST_FEATURES)
        return;
    if (!fuzz_booster_rows(f, m->feature_count) || make_forest(f, m, &forest) != BRINE_OK)
        return;
    const struct brn_forest_rows rows = {f->numbers, FUZZ_ROWS, m->feature_count, true};
    brn_forest_add(forest, &rows, sums, m->dimension);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_booster f;
    struct brn_catboost *model;
    fuzz_booster_begin(&f);
    if (brn_catboost_read(&f.build, (struct brn_slice){data, size}, &model) == BRINE_OK)
        predict(&f, model);
    fuzz_booster_end(&f);
    return 0;
}
