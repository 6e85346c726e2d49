/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a Booster of XGBoost (binary, JSON, UBJSON), and rows for what came of it. */
#include "estimators/boosters/shared_xgboost_predict.h"
#include "fuzz_booster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void predict(struct fuzz_booster *f, const struct brn_xgboost *model)
{
    static double margins[FUZZ_ROWS * FUZZ_MOST_WIDTH];
    const struct brn_xgboost_use use = {.in_place = true, .missing = 300};
    struct brn_xgboost_predictor *p;
    if (model->groups > FUZZ_MOST_WIDTH || model->feature_count > FUZZ_MOST_FEATURES)
        return;
    struct brn_schema *in = fuzz_booster_rows(f, (size_t)model->feature_count);
    if (!in || brn_xgboost_bind(&f->build, &f->me, model, &use, in, &p) != BRINE_OK)
        return;
    if (brn_xgboost_margins(p, &f->tile, &f->work, margins, model->groups) != BRINE_OK)
        return;
    for (size_t r = 0; r < FUZZ_ROWS; r++)
        brn_xgboost_transform(p, margins + r * model->groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_booster f;
    struct brn_xgboost *model;
    fuzz_booster_begin(&f);
    if (brn_xgboost_read(&f.build, (struct brn_slice){data, size}, &model) == BRINE_OK)
        predict(&f, model);
    fuzz_booster_end(&f);
    return 0;
}
