/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that scikit-learn itself would fail in, and expressions that nest without end. */
#include "base/buffer.h"
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

static brine_status decode(struct brn_slice bytes, brine_error *err)
{
    static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};
    struct brn_graph graph;
    struct brine_model *model = NULL;
    *err = (brine_error){0};
    brine_status status = test_read(bytes, &graph, err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, &model, err);
    brn_graph_free(&graph);
    brn_model_release(model);
    return status;
}

#define VECTORIZER(sparse, config)                                                              \
    BYTES("csklearn.feature_extraction._dict_vectorizer\nDictVectorizer\n)\x81}(Vvocabulary_\n" \
          "}(Va\nI0\nuVseparator\nV=\nVsparse\n" sparse "Vdtype\ncnumpy\nfloat64\n"             \
          "V_sklearn_output_config\n}(Vtransform\nV" config "\nuV_sklearn_version\nV1.5.2\nub.")

TEST(hostile_steps_make_no_frames_of_sparse_rows)
{
    brine_error err;
    CHECK_STATUS(decode(VECTORIZER("I01\n", "pandas"), &err), BRINE_UNSUPPORTED, &err);
    CHECK_STATUS(decode(VECTORIZER("I01\n", "polars"), &err), BRINE_UNSUPPORTED, &err);
    CHECK_STATUS(decode(VECTORIZER("I01\n", "default"), &err), BRINE_OK, &err);
    CHECK_STATUS(decode(VECTORIZER("I00\n", "pandas"), &err), BRINE_OK, &err);
}

static brine_status decode_powers(size_t count, brine_error *err)
{
    struct brn_buffer b = {0};
    brn_buffer_text(&b, "csklearn2pmml.preprocessing\nExpressionTransformer\n)\x81}(Vexpr\nVX[0]");
    for (size_t i = 0; i < count; i++)
        brn_buffer_text(&b, "**1");
    brn_buffer_text(&b, "\nVn_features_in_\nI1\nV_sklearn_version\nV1.5.2\nub.");
    brine_status status = decode(brn_buffer_view(&b), err);
    brn_buffer_free(&b);
    return status;
}

TEST(hostile_steps_nest_powers)
{
    brine_error err;
    CHECK_STATUS(decode_powers(20, &err), BRINE_OK, &err);
    CHECK_STATUS(decode_powers(1000, &err), BRINE_UNSUPPORTED, &err);
}
