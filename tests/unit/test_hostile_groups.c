/* SPDX-License-Identifier: Apache-2.0
 *
 * FeatureAgglomeration whose groups are none. */
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

/* Labels of three features, each in one byte. */
#define GROUPED(function, bytes)                                                              \
    "csklearn.cluster._agglomerative\nFeatureAgglomeration\n)\x81}(Vpooling_"                 \
    "func\ncnumpy\n" function                                                                 \
    "\nVlabels_\ncnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"      \
    "(I1\n(I3\ntcnumpy\ndtype\n(S'i1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntbI00\nS'" bytes \
    "'\ntbVn_features_in_\nI3\nV_sklearn_version\nV1.5.2\nub."

TEST(hostile_groups_of_features)
{
    brine_error err = {0};
    struct brn_slice fitting = BYTES(GROUPED("max", "\\x00\\x01\\x00"));
    CHECK_STATUS(decode(fitting, &err), BRINE_OK, &err);
    struct brn_slice beyond = BYTES(GROUPED("max", "\\x00\\x01\\x03"));
    CHECK_STATUS(decode(beyond, &err), BRINE_MODEL, &err);
    CHECK(strcmp(err.path, "labels_") == 0);
    struct brn_slice negative = BYTES(GROUPED("max", "\\x00\\x01\\xff"));
    CHECK_STATUS(decode(negative, &err), BRINE_MODEL, &err);
    struct brn_slice gap = BYTES(GROUPED("max", "\\x00\\x02\\x02"));
    CHECK_STATUS(decode(gap, &err), BRINE_MODEL, &err);
    struct brn_slice function = BYTES(GROUPED("sum", "\\x00\\x01\\x00"));
    CHECK_STATUS(decode(function, &err), BRINE_UNSUPPORTED, &err);
    CHECK(strcmp(err.path, "pooling_func") == 0);
}
