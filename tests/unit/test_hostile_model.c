/* SPDX-License-Identifier: Apache-2.0
 *
 * Models that no scikit-learn wrote: valid pickles whose content is made to hurt. */
#include "base/buffer.h"
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};

static brine_status decode(struct brn_slice bytes, struct brine_model **ret_model, brine_error *err)
{
    struct brn_graph graph;
    brine_status status = test_read(bytes, &graph, err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, ret_model, err);
    brn_graph_free(&graph);
    return status;
}

#define IDENTITY                                                               \
    "csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81" \
    "}(Vfunc\nNVkw_args\nNVn_features_in_\nI1\nV_sklearn_version\nV1.5.2\nubp0\n"

/* A Pipeline of two times the Pipeline below, and so on: 2^depth estimators in a small file. */
static void put_doubled(struct brn_buffer *b, int depth)
{
    brn_buffer_text(b, "(" IDENTITY);
    for (int k = 1; k <= depth; k++)
        brn_buffer_printf(b,
                          "csklearn.pipeline\nPipeline\n)\x81}(Vsteps\n](VA\ng%d\n\x86VB\ng%d\n\x86"
                          "eV_sklearn_version\nV1.5.2\nubp%d\n",
                          k - 1, k - 1, k);
    brn_buffer_printf(b, "1g%d\n.", depth);
}

TEST(hostile_model_of_repeated_steps)
{
    struct brn_buffer b = {0};
    struct brine_model *model = NULL;
    brine_error err;
    put_doubled(&b, 4);
    REQUIRE_OK(decode(brn_buffer_view(&b), &model, &err), &err);
    size_t count;
    brn_model_instances(model, &count);
    CHECK(count == 31);
    brn_model_release(model);
    b.size = 0;
    put_doubled(&b, 100);
    CHECK_STATUS(decode(brn_buffer_view(&b), &model, &err), BRINE_LIMIT, &err);
    brn_buffer_free(&b);
}

#define DUMMY(classes)                                                                      \
    "csklearn.dummy\nDummyClassifier\n)\x81}(V_strategy\nVmost_frequent\nVconstant\nN"      \
    "Vn_outputs_\nI1\nVclasses_\n" classes                                                  \
    "Vclass_prior_\ncnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" \
    "(I1\n(I2\ntcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\n"       \
    "S'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xf0?'\ntb"   \
    "Vn_features_in_\nI1\nV_sklearn_version\nV1.5.2\nub."

TEST(hostile_label_with_a_nul)
{
    struct brine_model *model = NULL;
    struct brn_column column = {.type = BRN_TYPE_NULL, .length = 1};
    struct brn_table table = {1, 1, &column}, out;
    struct brn_arena arena;
    struct brn_work work;
    struct brn_slice text;
    brine_error err;
    REQUIRE_OK(decode(BYTES(DUMMY("](Va\nVa\\u0000b\ne")), &model, &err), &err);
    brn_arena_init(&arena, 0);
    brn_work_init(&work, 0);
    brine_status status =
        brn_model_predict(model, BRINE_METHOD_PREDICT, &table, 0, false, &work, &arena, &out, &err);
    CHECK_STATUS(status, BRINE_OK, &err);
    if (status == BRINE_OK)
        CHECK(brn_column_text(&out.columns[0], 0, &text) && brn_slice_equal(text, BYTES("a\0b")));
    brn_work_free(&work);
    brn_arena_free(&arena);
    brn_model_release(model);
}

static int32_t add_integer(struct brn_dictionary *d, int64_t value)
{
    return brn_dictionary_add(d,
                              (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = value}});
}

TEST(hostile_dictionary_of_numbers)
{
    enum { COUNT = 200000 };
    const int64_t wide = (int64_t)1 << 53;
    struct brn_arena arena;
    struct brn_dictionary d;
    brn_arena_init(&arena, 0);
    brn_dictionary_init(&d, &arena);
    bool in_order = true;
    for (int64_t i = 0; i < COUNT; i++)
        in_order &= add_integer(&d, i * 3 - COUNT) == i;
    CHECK(in_order && brn_dictionary_number(&d, 3 - COUNT) == 1);
    CHECK(brn_dictionary_number(&d, 3.5) == BRN_CODE_UNKNOWN);
    CHECK(add_integer(&d, wide) == COUNT && add_integer(&d, wide + 1) == COUNT + 1 &&
          add_integer(&d, wide + 2) == COUNT + 2 && add_integer(&d, wide + 1) == COUNT + 1);
    CHECK(brn_dictionary_number(&d, (double)wide) == COUNT);
    brn_arena_free(&arena);
}

#define SQRT                                                                   \
    "csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81" \
    "}(Vfunc\ncnumpy\nsqrt\nVkw_args\nNVn_features_in_\nI1\nV_sklearn_version\nV1.5.2\nub."

static brine_status take_root(const struct brn_column *column, brine_error *err)
{
    struct brine_model *model = NULL;
    struct brn_column copy = *column;
    struct brn_table table = {1, 1, &copy}, out;
    struct brn_arena arena;
    struct brn_work work;
    BRN_TRY(decode(BYTES(SQRT), &model, err));
    brn_arena_init(&arena, 0);
    brn_work_init(&work, 0);
    brine_status status = brn_model_predict(model, BRINE_METHOD_TRANSFORM, &table, 0, false, &work,
                                            &arena, &out, err);
    brn_work_free(&work);
    brn_arena_free(&arena);
    brn_model_release(model);
    return status;
}

static brine_status take_root_of_text(const char *name, const char *text, brine_error *err)
{
    struct brn_slice slice = brn_slice_of(text);
    struct brn_column column = {
        .name = name, .type = BRN_TYPE_LITERAL, .length = 1, .slices = &slice};
    return take_root(&column, err);
}

/* numpy.sqrt of a bool or an int8 is a float16, of an int16 a float32. */
TEST(hostile_dtypes_of_fewer_bits)
{
    static const uint64_t zero[1];
    static const enum brn_type narrow[] = {BRN_TYPE_BOOL,  BRN_TYPE_INT8,   BRN_TYPE_UINT8,
                                           BRN_TYPE_INT16, BRN_TYPE_UINT16, BRN_TYPE_FLOAT16};
    brine_error err;
    struct brn_column column = {.type = BRN_TYPE_INT64, .length = 1, .values = zero};
    CHECK_STATUS(take_root(&column, &err), BRINE_OK, &err);
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        column.type = narrow[i];
        CHECK_STATUS(take_root(&column, &err), BRINE_INPUT, &err);
    }
    CHECK_STATUS(take_root_of_text("x0", "1e3", &err), BRINE_OK, &err);
    CHECK_STATUS(take_root_of_text("x0", "inf", &err), BRINE_OK, &err);
    CHECK_STATUS(take_root_of_text("x0", "True", &err), BRINE_INPUT, &err);
    CHECK(err.row == 0);
}

/* The first row of a file without a header would be lost in silence. */
TEST(hostile_table_without_a_header)
{
    brine_error err;
    CHECK_STATUS(take_root_of_text("0.25", "1", &err), BRINE_INPUT, &err);
    CHECK_STATUS(take_root_of_text("7", "1", &err), BRINE_INPUT, &err);
    CHECK_STATUS(take_root_of_text("0", "1", &err), BRINE_OK, &err); /* numpy's own */
    CHECK_STATUS(take_root_of_text("a", "1", &err), BRINE_OK, &err);
}
