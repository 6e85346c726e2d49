/* SPDX-License-Identifier: Apache-2.0
 *
 * How close a chain of steps is to its writer, where a step has jumps. */
#include "base/buffer.h"
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

#define STATE "Vn_features_in_\nI1\nV_sklearn_version\nV1.5.2\nub"
#define FUNCTION(name)                                                           \
    "csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81}(" \
    "Vfunc\ncnumpy\n" name "\nVkw_args\nN" STATE
#define BINARIZER "csklearn.preprocessing._data\nBinarizer\n)\x81}(Vthreshold\nF0.5\n" STATE
#define PIPELINE(first, second)                                                         \
    "csklearn.pipeline\nPipeline\n)\x81}(Vsteps\n](VA\n" first "\x86VB\n" second "\x86" \
    "eV_sklearn_version\nV1.5.2\nub"

static enum brn_equality equality_of(const char *pickle)
{
    static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};
    struct brn_graph graph;
    struct brine_model *model = NULL;
    brine_error err = {0};
    struct brn_slice bytes = {(const uint8_t *)pickle, strlen(pickle)};
    enum brn_equality equality = BRN_EXACT;
    brine_status status = test_read(bytes, &graph, &err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, &model, &err);
    CHECK_STATUS(status, BRINE_OK, &err);
    brn_graph_free(&graph);
    if (status != BRINE_OK)
        return equality;
    equality = brn_model_equality(model, BRINE_METHOD_TRANSFORM);
    brn_model_release(model);
    return equality;
}

TEST(jumps_are_said_where_their_input_is_not_exact)
{
    CHECK(equality_of(PIPELINE(FUNCTION("log1p"), BINARIZER) ".") == BRN_JUMPS);
    CHECK(equality_of(PIPELINE(FUNCTION("log1p"), FUNCTION("floor")) ".") == BRN_JUMPS);
    CHECK(equality_of(PIPELINE(FUNCTION("log1p"), FUNCTION("sqrt")) ".") == BRN_ULPS);
    CHECK(equality_of(PIPELINE(FUNCTION("sqrt"), BINARIZER) ".") == BRN_EXACT);
    CHECK(equality_of(PIPELINE(BINARIZER, FUNCTION("log1p")) ".") == BRN_ULPS);
}

TEST(jumps_are_said_through_nested_steps)
{
    CHECK(equality_of(PIPELINE(FUNCTION("log1p"), PIPELINE(FUNCTION("sqrt"), BINARIZER)) ".") ==
          BRN_JUMPS);
    CHECK(equality_of(PIPELINE(PIPELINE(BINARIZER, FUNCTION("log1p")), BINARIZER) ".") ==
          BRN_JUMPS);
    CHECK(equality_of(PIPELINE(PIPELINE(FUNCTION("sqrt"), BINARIZER), BINARIZER) ".") == BRN_EXACT);
}
