/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a model text of LightGBM, and rows for what came of it. */
#include "estimators/boosters/shared_lightgbm_predict.h"
#include "fuzz_booster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void predict(struct fuzz_booster *f, const struct brn_lightgbm *model)
{
    static double values[FUZZ_ROWS * FUZZ_MOST_WIDTH];
    struct brn_lightgbm_predictor *p;
    if (model->trees_a_round > FUZZ_MOST_WIDTH || model->feature_count > FUZZ_MOST_FEATURES)
        return;
    struct brn_schema *in = fuzz_booster_rows(f, (size_t)model->feature_count);
    if (!in || brn_lightgbm_bind(&f->build, &f->me, model, 0, in, &p) != BRINE_OK)
        return;
    brn_lightgbm_run(p, &f->tile, &f->work, values, brn_lightgbm_width(p));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_booster f;
    struct brn_lightgbm *model;
    fuzz_booster_begin(&f);
    if (brn_lightgbm_read(&f.build, (struct brn_slice){data, size}, &model) == BRINE_OK)
        predict(&f, model);
    fuzz_booster_end(&f);
    return 0;
}
