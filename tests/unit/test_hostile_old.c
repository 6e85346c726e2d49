/* SPDX-License-Identifier: Apache-2.0
 *
 * Models of old releases that contradict themselves: whole-number encoders, column selectors. */
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};

static brine_status decode(struct brn_slice bytes, brine_error *err)
{
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

/* ---- OneHotEncoder of 0.19 ---- */

#define ENCODER(limits, active, selection)                                        \
    BYTES("csklearn.preprocessing.data\nOneHotEncoder\n)\x81}(Vn_values\nVauto\n" \
          "Vn_values_\n](" limits "eVactive_features_\n](" active "e"             \
          "Vcategorical_features\n" selection "Vhandle_unknown\nVerror\nVdtype\n" \
          "cnumpy\nfloat64\nVsparse\nI01\nV_sklearn_version\nV0.19.2\nub.")

TEST(legacy_encoder_that_fits)
{
    brine_error err;
    CHECK_STATUS(decode(ENCODER("I2\nI3\n", "I0\nI1\nI4\n", "Vall\n"), &err), BRINE_OK, &err);
    CHECK_STATUS(decode(ENCODER("I2\n", "I0\n", "](I00\nI01\ne"), &err), BRINE_OK, &err);
}

static void check_encoder(struct brn_slice bytes, const char *path)
{
    brine_error err;
    CHECK_STATUS(decode(bytes, &err), BRINE_MODEL, &err);
    CHECK_TEXT(err.path, path);
}

TEST(hostile_legacy_encoder)
{
    check_encoder(ENCODER("I2\nI3\n", "I0\nI5\n", "Vall\n"), "active_features_");
    check_encoder(ENCODER("I2\nI3\n", "I1\nI1\n", "Vall\n"), "active_features_");
    check_encoder(ENCODER("I2\nI3\n", "I-1\n", "Vall\n"), "active_features_");
    check_encoder(ENCODER("I-2\n", "", "Vall\n"), "n_values_");
    check_encoder(ENCODER("I99999999\n", "", "Vall\n"), "n_values_");
    check_encoder(ENCODER("I16777216\nI16777216\n", "", "Vall\n"), "n_values_");
    check_encoder(ENCODER("F2\n", "", "Vall\n"), "n_values_");
    check_encoder(ENCODER("I2\n", "I0\n", "](I01\nI01\ne"), "categorical_features");
}

TEST(legacy_encoder_of_strange_columns_is_refused)
{
    brine_error err;
    CHECK_STATUS(decode(ENCODER("I2\n", "I0\n", "I3\n"), &err), BRINE_UNSUPPORTED, &err);
    CHECK_TEXT(err.path, "categorical_features");
}

/* ---- ColumnTransformer of 0.20 ---- */

#define COLUMNS(selector)                                                                     \
    BYTES("csklearn.compose._column_transformer\nColumnTransformer\n)\x81}(Vtransformers_\n]" \
          "((VA\nVpassthrough\n" selector "te"                                                \
          "Vtransformer_weights\nNV_n_features\nI2\nV_sklearn_version\nV0.20.4\nub.")
#define SLICE(arguments) "c__builtin__\nslice\n(" arguments "tR"

static void check_columns(struct brn_slice bytes, brine_status status)
{
    brine_error err;
    CHECK_STATUS(decode(bytes, &err), status, &err);
    if (status != BRINE_OK)
        CHECK_TEXT(err.path, "transformers_[\"A\"]");
}

TEST(old_column_selectors)
{
    check_columns(COLUMNS("](I0\nI-1\ne"), BRINE_OK);
    check_columns(COLUMNS(SLICE("I0\nI9\nN")), BRINE_OK);
    check_columns(COLUMNS("](I01\nI00\ne"), BRINE_OK);
    check_columns(COLUMNS("I1\n"), BRINE_OK);
    check_columns(COLUMNS("](I2\ne"), BRINE_MODEL);
    check_columns(COLUMNS("](I-3\ne"), BRINE_MODEL);
    check_columns(COLUMNS("](I01\ne"), BRINE_MODEL);
    check_columns(COLUMNS("Vprice\n"), BRINE_UNSUPPORTED);
    check_columns(COLUMNS("](F1\ne"), BRINE_UNSUPPORTED);
    check_columns(COLUMNS(SLICE("I0\nI2\nI1\n")), BRINE_UNSUPPORTED);
    check_columns(COLUMNS(SLICE("F0\nI2\nN")), BRINE_UNSUPPORTED);
    check_columns(COLUMNS("N"), BRINE_MODEL);
}
