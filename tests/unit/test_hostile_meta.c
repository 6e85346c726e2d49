/* SPDX-License-Identifier: Apache-2.0
 *
 * Meta-estimators whose parts do not belong together: each is well-formed alone. */
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

static void check_refused(struct brn_slice bytes, brine_status status, const char *path)
{
    brine_error err = {0};
    CHECK_STATUS(decode(bytes, &err), status, &err);
    CHECK_TEXT(err.path, path);
}

#define OF(version) "V_sklearn_version\nV" version "\nub"
#define WRITTEN OF("1.5.2")
#define OF_ONE "Vn_features_in_\nI1\n"
#define FLOATS(count, bytes)                                                              \
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I" count \
    "\ntcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'" bytes "'\ntb"
#define ZERO "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
#define CONSTANT \
    "csklearn.multiclass\n_ConstantPredictor\n)\x81}(Vy_\n" FLOATS("1", ZERO) OF_ONE WRITTEN
#define DUMMY(classes)                                                                 \
    "csklearn.dummy\nDummyClassifier\n)\x81}(V_strategy\nVprior\nVconstant\nN"         \
    "Vn_outputs_\nI1\nVclasses_\n](" classes "eVclass_prior_\n" FLOATS("2", ZERO ZERO) \
        OF_ONE WRITTEN
#define ZERO_ONE "I0\nI1\n"

/* ---- one other estimator ---- */

TEST(hostile_search_without_refit)
{
    check_refused(
        BYTES("csklearn.model_selection._search\nGridSearchCV\n)\x81}(Vrefit\nI00\n" WRITTEN "."),
        BRINE_UNSUPPORTED, "refit");
}

TEST(hostile_frozen_estimator_of_itself)
{
    brine_error err = {0};
    struct brn_slice bytes = BYTES("csklearn.frozen._frozen\nFrozenEstimator\n)\x81p0\n}("
                                   "Vestimator\ng0\n" OF("1.6.1") ".");
    CHECK_STATUS(decode(bytes, &err), BRINE_LIMIT, &err);
}

/* ---- several targets ---- */

#define CHAIN(order)                                                                      \
    "csklearn.multioutput\nRegressorChain\n)\x81}(Vestimators_\n](" CONSTANT CONSTANT "e" \
    "Vorder_\n](" order "e" OF_ONE WRITTEN "."

TEST(hostile_order_of_a_chain)
{
    check_refused(BYTES(CHAIN("I0\nI0\n")), BRINE_MODEL, "order_");
    check_refused(BYTES(CHAIN("I0\nI2\n")), BRINE_MODEL, "order_");
    check_refused(BYTES(CHAIN("I0\nI-1\n")), BRINE_MODEL, "order_");
    check_refused(BYTES(CHAIN("I0\n")), BRINE_MODEL, "order_");
}

#define OUTPUTS(parts)                                                           \
    "csklearn.multioutput\nMultiOutputClassifier\n)\x81}(Vestimators_\n](" parts \
    "e" OF_ONE WRITTEN "."

TEST(hostile_outputs)
{
    check_refused(BYTES(OUTPUTS("")), BRINE_MODEL, "estimators_");
    check_refused(BYTES(OUTPUTS(CONSTANT)), BRINE_UNSUPPORTED, "estimators_");
    check_refused(BYTES(OUTPUTS(DUMMY(ZERO_ONE) DUMMY("Va\nVb\n"))), BRINE_UNSUPPORTED,
                  "estimators_");
}

/* ---- several classes ---- */

#define ONE_VS_ONE(parts)                                                        \
    "csklearn.multiclass\nOneVsOneClassifier\n)\x81}(Vestimators_\n](" parts "e" \
    "Vclasses_\n](I0\nI1\nI2\ne" OF_ONE WRITTEN "."
#define ONE_VS_REST(binarizer)                                                       \
    "csklearn.multiclass\nOneVsRestClassifier\n)\x81}(Vestimators_\n](" CONSTANT "e" \
    "Vlabel_binarizer_\n" binarizer OF_ONE WRITTEN "."
#define BINARIZER(type, classes)                                                             \
    "csklearn.preprocessing._label\nLabelBinarizer\n)\x81}(Vy_type_\nV" type "\nVclasses_\n" \
    "](" classes "eub"

TEST(hostile_multiclass)
{
    check_refused(BYTES(ONE_VS_ONE(CONSTANT CONSTANT)), BRINE_MODEL, "estimators_");
    check_refused(BYTES(ONE_VS_REST("N")), BRINE_MODEL, "label_binarizer_.classes_");
    check_refused(BYTES(ONE_VS_REST(BINARIZER("binary", "I0\nI1\nI2\n"))), BRINE_MODEL,
                  "estimators_");
    check_refused(BYTES(ONE_VS_REST(BINARIZER("continuous", "I0\nI1\n"))), BRINE_UNSUPPORTED,
                  "label_binarizer_.y_type_");
}

/* ---- ensembles ---- */

#define VOTE(class_name, voting, part)                                            \
    "csklearn.ensemble._voting\n" class_name "\n)\x81}(Vestimators_\n](" part "e" \
    "Vestimators\n](Va\nN\x86Vb\nI0\n\x86"                                        \
    "eVweights\nN" voting OF_ONE WRITTEN "."
#define HARD "Vvoting\nVhard\nVclasses_\n](I0\nI1\ne"

TEST(hostile_votes)
{
    check_refused(BYTES(VOTE("VotingClassifier", HARD, DUMMY("I0\nI5\n"))), BRINE_MODEL,
                  "estimators_[0]");
    check_refused(BYTES(VOTE("VotingClassifier", HARD, CONSTANT)), BRINE_UNSUPPORTED,
                  "estimators_[0]");
    check_refused(BYTES(VOTE("VotingClassifier", HARD, DUMMY(ZERO_ONE) DUMMY(ZERO_ONE))),
                  BRINE_MODEL, "estimators");
    check_refused(BYTES(VOTE("VotingRegressor", "", DUMMY(ZERO_ONE))), BRINE_UNSUPPORTED,
                  "estimators_");
}

#define BAG(features)                                                                    \
    "csklearn.ensemble._bagging\nBaggingRegressor\n)\x81}(Vestimators_\n](" CONSTANT "e" \
    "Vestimators_features_\n](" features "eVn_estimators\nI1\n" OF_ONE WRITTEN "."

TEST(hostile_columns_of_a_bag)
{
    check_refused(BYTES(BAG("](I1\ne")), BRINE_MODEL, "estimators_features_[0]");
    check_refused(BYTES(BAG("](I-1\ne")), BRINE_MODEL, "estimators_features_[0]");
    check_refused(BYTES(BAG("")), BRINE_MODEL, "estimators_features_");
    check_refused(BYTES(BAG("](I0\nI0\ne")), BRINE_MODEL, "estimators_[0]");
}

#define BOOST(weights, parts)                                                                  \
    "csklearn.ensemble._weight_boosting\nAdaBoostRegressor\n)\x81}(Vestimators_\n](" parts "e" \
    "Vestimator_weights_\n" weights OF_ONE WRITTEN "."

TEST(hostile_weights)
{
    check_refused(BYTES(BOOST(FLOATS("1", ZERO), CONSTANT CONSTANT)), BRINE_MODEL,
                  "estimator_weights_");
    check_refused(BYTES(BOOST(FLOATS("1", ZERO), DUMMY(ZERO_ONE))), BRINE_UNSUPPORTED,
                  "estimators_");
}

#define STACK(methods)                                                                     \
    "csklearn.ensemble._stacking\nStackingRegressor\n)\x81}(Vestimators_\n](" CONSTANT "e" \
    "Vfinal_estimator_\n" CONSTANT "Vestimators\n](Va\nN\x86"                              \
    "eVstack_method_\n](" methods "e"                                                      \
    "Vpassthrough\nI00\n" OF_ONE WRITTEN "."

TEST(hostile_stack)
{
    check_refused(BYTES(STACK("")), BRINE_MODEL, "stack_method_");
    check_refused(BYTES(STACK("Vfit\n")), BRINE_UNSUPPORTED, "stack_method_");
    check_refused(BYTES(STACK("Vpredict\n")), BRINE_MODEL, "estimators"); /* the only one is None */
}

#define CALIBRATED(object)                                                            \
    "csklearn.calibration\nCalibratedClassifierCV\n)\x81}(Vcalibrated_classifiers_\n" \
    "](" object "eVclasses_\n](I0\nI1\ne" OF_ONE WRITTEN "."
#define PAIR(calibrators)                                                     \
    "csklearn.calibration\n_CalibratedClassifier\n)\x81}(Vestimator\n" DUMMY( \
        ZERO_ONE) "Vcalibrators\n](" calibrators "eVmethod\nVsigmoid\nub"

TEST(hostile_calibration)
{
    check_refused(BYTES(CALIBRATED("")), BRINE_MODEL, "calibrated_classifiers_");
    check_refused(BYTES(CALIBRATED(CONSTANT)), BRINE_MODEL, "calibrated_classifiers_");
    check_refused(BYTES(CALIBRATED(PAIR(""))), BRINE_MODEL, "calibrated_classifiers_");
    brine_error err = {0};
    CHECK_STATUS(decode(BYTES(CALIBRATED(PAIR(CONSTANT))), &err), BRINE_OK, &err);
}
