/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/registry.h"
#include "joblib/joblib.h"
#include "model/model.h"

brine_status brine_model_load(const brine_file *file, const brine_model_options *options,
                              brine_model **ret_model, brine_error *reterr)
{
    return brn_model_decode(&file->graph, &brn_registry, options, ret_model, reterr);
}

brine_model *brine_model_ref(brine_model *model)
{
    return brn_model_retain(model);
}

brine_model *brine_model_unref(brine_model *model)
{
    brn_model_release(model);
    return NULL;
}

bool brine_model_has(const brine_model *model, brine_method method)
{
    return brn_model_outputs(model, method) != NULL;
}

size_t brine_model_feature_count(const brine_model *model)
{
    size_t count;
    (void)brn_model_features(model, &count);
    return count;
}

const char *brine_model_feature_name(const brine_model *model, size_t index)
{
    size_t count;
    const struct brn_feature *features = brn_model_features(model, &count);
    return index < count ? features[index].name : NULL;
}

static brine_status predict(const brine_model *model, brine_method method,
                            const struct brn_table *rows, bool null_refused,
                            struct brn_arena *arena, struct brn_table *predictions,
                            brine_error *err)
{
    struct brn_work work;
    brn_work_init(&work, 0);
    brine_status status =
        brn_model_predict(model, method, rows, 0, null_refused, &work, arena, predictions, err);
    brn_work_free(&work);
    return status;
}

brine_status brine_predict(const brine_model *model, brine_method method,
                           const struct ArrowSchema *schema, const struct ArrowArray *rows,
                           bool null_refused, struct ArrowSchema *ret_schema,
                           struct ArrowArray *ret_predictions, brine_error *reterr)
{
    struct brn_arena arena;
    struct brn_table table, predictions;
    brn_arena_init(&arena, 0);
    brine_status status = brn_table_import(schema, rows, &arena, &table, reterr);
    if (status == BRINE_OK)
        status = predict(model, method, &table, null_refused, &arena, &predictions, reterr);
    if (status == BRINE_OK)
        status = brn_table_export(&predictions, ret_schema, ret_predictions, reterr);
    brn_arena_free(&arena);
    return status;
}
