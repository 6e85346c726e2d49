/* SPDX-License-Identifier: Apache-2.0
 *
 * Models whose parts do not fit together: each is well-formed alone. */
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};

static brine_status decode(struct brn_slice bytes, brine_error *err)
{
    struct brn_graph graph;
    struct brine_model *model = NULL;
    brine_status status = test_read(bytes, &graph, err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, &model, err);
    brn_graph_free(&graph);
    brn_model_release(model);
    return status;
}

#define WRITTEN "V_sklearn_version\nV1.5.2\nub"
#define OF_ONE "Vn_features_in_\nI1\n"
#define FLOATS(count, bytes)                                                              \
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I" count \
    "\ntcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'" bytes "'\ntb"
#define ZERO "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
#define IDENTITY                                                               \
    "csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81" \
    "}(Vfunc\nNVkw_args\nN" OF_ONE WRITTEN
#define SCALER(mean)                                                                         \
    "csklearn.preprocessing._data\nStandardScaler\n)\x81}(Vwith_mean\nI01\nVwith_std\nI00\n" \
    "Vmean_\n" mean "Vscale_\nN" WRITTEN
#define LINEAR(coef, width)                                                               \
    "csklearn.linear_model._base\nLinearRegression\n)\x81}(Vcoef_\n" coef "Vintercept_\n" \
    "F0\n" width WRITTEN
#define AFTER_IDENTITY(step)                                                             \
    "csklearn.pipeline\nPipeline\n)\x81}(Vsteps\n](VA\n" IDENTITY "\x86VB\n" step "\x86" \
    "e" WRITTEN "."
#define INDICATOR(features) \
    "csklearn.impute._base\nMissingIndicator\n)\x81}(Vfeatures_\n](" features "e" OF_ONE WRITTEN
#define IMPUTER(strategy, indicator)                                                           \
    "csklearn.impute._base\nSimpleImputer\n)\x81}(Vstrategy\n" strategy                        \
    "Vmissing_values\nFnan\nVadd_indicator\nI01\nVstatistics_\n](F0\neVindicator_\n" indicator \
        OF_ONE WRITTEN "."

TEST(hostile_step_of_another_width)
{
    brine_error err;
    struct brn_slice linear = BYTES(AFTER_IDENTITY(LINEAR(FLOATS("2", ZERO ZERO), "")));
    CHECK_STATUS(decode(linear, &err), BRINE_MODEL, &err);
    CHECK(strcmp(err.path, "steps[1][1]") == 0);
    struct brn_slice scaler = BYTES(AFTER_IDENTITY(SCALER(FLOATS("0", ""))));
    CHECK_STATUS(decode(scaler, &err), BRINE_MODEL, &err);
    struct brn_slice fitting = BYTES(AFTER_IDENTITY(LINEAR(FLOATS("1", ZERO), OF_ONE)));
    CHECK_STATUS(decode(fitting, &err), BRINE_OK, &err);
}

TEST(hostile_indicator_of_an_imputer)
{
    brine_error err;
    struct brn_slice wrong = BYTES(IMPUTER("Vmean\n", LINEAR(FLOATS("1", ZERO), OF_ONE)));
    CHECK_STATUS(decode(wrong, &err), BRINE_MODEL, &err);
    CHECK(strcmp(err.path, "indicator_") == 0);
    struct brn_slice many = BYTES(IMPUTER("Vmean\n", INDICATOR("I0\nI0\nI0\nI0\n")));
    CHECK_STATUS(decode(many, &err), BRINE_MODEL, &err);
    CHECK(strcmp(err.path, "indicator_.features_") == 0);
    struct brn_slice fitting = BYTES(IMPUTER("Vmean\n", INDICATOR("I0\n")));
    CHECK_STATUS(decode(fitting, &err), BRINE_OK, &err);
    struct brn_slice nameless = BYTES(IMPUTER("N", INDICATOR("I0\n")));
    (void)decode(nameless, &err); /* whatever it says: strategy None does not crash */
}

#define SQUARE                                                                          \
    "csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81}(Vfunc\n" \
    "cnumpy\nsquare\nVkw_args\nN" OF_ONE WRITTEN "."

TEST(a_function_that_wraps_on_whole_numbers_is_refused)
{
    brine_error err = {0};
    CHECK_STATUS(decode(BYTES(SQUARE), &err), BRINE_UNSUPPORTED, &err);
    CHECK(strstr(err.message, "numpy.square") != NULL);
    CHECK_TEXT(err.path, "func");
}
