/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/registry.h"
#include "faults.h"
#include "joblib/joblib.h"
#include "model/model.h"
#include "test.h"

#include <math.h>
#include <stdio.h>

static const char demo_linear[] = BRINE_SOURCE_DIR "/demo/models/clean-linear.pkl";

static brine_status load(const char *path, const brine_model_options *options,
                         struct brine_model **ret_model, brine_error *err)
{
    brine_file *file;
    BRN_TRY(brn_file_open(path, NULL, false, &file, err));
    brine_status status = brn_model_decode(&file->graph, &brn_registry, options, ret_model, err);
    brn_file_close(file);
    return status;
}

static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};

TEST(model_knows_its_features_and_outputs)
{
    struct brine_model *model;
    brine_error err;
    size_t count;
    REQUIRE_OK(load(demo_linear, &unproved, &model, &err), &err);
    const struct brn_feature *features = brn_model_features(model, &count);
    CHECK(count == 15 && brn_model_has_names(model));
    CHECK_TEXT(features[0].name, "carrier");
    CHECK(features[0].as_text && !features[0].as_number && features[0].categories->count > 10);
    CHECK_TEXT(features[14].name, "recent_delay");
    CHECK(features[14].as_number && !features[14].as_text);
    const struct brn_outputs *proba = brn_model_outputs(model, BRINE_METHOD_PREDICT_PROBA);
    REQUIRE(proba && proba->width == 2 && !proba->is_vector);
    CHECK_TEXT(proba->names[1], "predict_proba[1]");
    const struct brn_outputs *predict = brn_model_outputs(model, BRINE_METHOD_PREDICT);
    CHECK(predict && predict->is_vector && predict->is_integer && predict->labels[0]);
    CHECK(!brn_model_outputs(model, BRINE_METHOD_TRANSFORM));
    CHECK(brn_model_equality(model, BRINE_METHOD_PREDICT_PROBA) == BRN_BOUNDED);
    brn_model_release(model);
}

TEST(model_stops_before_a_step)
{
    struct brine_model *model;
    brine_error err;
    brine_model_options options = unproved;
    options.until_step = "model";
    REQUIRE_OK(load(demo_linear, &options, &model, &err), &err);
    const struct brn_outputs *outputs = brn_model_outputs(model, BRINE_METHOD_TRANSFORM);
    REQUIRE(outputs && !brn_model_outputs(model, BRINE_METHOD_PREDICT));
    CHECK_TEXT(outputs->names[0], "number__sched_minute");
    CHECK(brn_model_equality(model, BRINE_METHOD_TRANSFORM) == BRN_EXACT);
    brn_model_release(model);
    options.until_step = "nowhere";
    CHECK_STATUS(load(demo_linear, &options, &model, &err), BRINE_USAGE, &err);
}

/* Predictions of the rows, and the error of the first row that is refused. */
static brine_status predict_on_threads(const struct brine_model *model,
                                       const struct brn_table *rows, size_t threads,
                                       struct brn_arena *arena, struct brn_table *ret_answers,
                                       brine_error *err)
{
    struct brn_work work;
    brn_work_init(&work, 0);
    brine_status status = brn_work_take_threads(&work, threads, err);
    if (status == BRINE_OK)
        status = brn_model_predict(model, BRINE_METHOD_DECISION_FUNCTION, rows, 0, false, &work,
                                   arena, ret_answers, err);
    brn_work_free(&work);
    return status;
}

TEST(model_answers_the_same_on_any_number_of_threads)
{
    struct brine_model *model;
    struct brn_arena arena;
    struct brn_table rows = {0}, one = {0}, three = {0};
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(load(demo_linear, &unproved, &model, &err), &err);
    REQUIRE_OK(brn_table_read(BRINE_SOURCE_DIR "/demo/data/test.csv.gz", NULL, &arena, &rows, &err),
               &err);
    REQUIRE_OK(predict_on_threads(model, &rows, 1, &arena, &one, &err), &err);
    REQUIRE_OK(predict_on_threads(model, &rows, 3, &arena, &three, &err), &err);
    REQUIRE(one.rows > 3 * 2048 && three.rows == one.rows);
    CHECK(one.columns && three.columns &&
          memcmp(one.columns[0].values, three.columns[0].values,
                 (size_t)one.rows * sizeof(double)) == 0);
    brn_model_release(model);
    brn_arena_free(&arena);
}

TEST(model_names_the_first_refused_row_on_any_number_of_threads)
{
    struct brine_model *model;
    struct brn_arena arena;
    struct brn_table rows = {0}, answers = {0};
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(load(demo_linear, &unproved, &model, &err), &err);
    REQUIRE_OK(brn_table_read(BRINE_SOURCE_DIR "/demo/data/test.csv.gz", NULL, &arena, &rows, &err),
               &err);
    const struct brn_column *minute = brn_table_column(&rows, "sched_minute");
    REQUIRE(minute && minute->slices && rows.rows > 7000);
    ((struct brn_slice *)(uintptr_t)minute->slices)[3000] = brn_slice_of("soon");
    ((struct brn_slice *)(uintptr_t)minute->slices)[7000] = brn_slice_of("later");
    CHECK_STATUS(predict_on_threads(model, &rows, 3, &arena, &answers, &err), BRINE_INPUT, &err);
    CHECK(err.row == 3000);
    brn_model_release(model);
    brn_arena_free(&arena);
}

TEST(model_survives_every_failing_allocation)
{
    struct brine_model *model;
    brine_error err;
    brine_file *file;
    REQUIRE_OK(brn_file_open(demo_linear, NULL, false, &file, &err), &err);
    for (long n = 1;; n++) {
        brn_faults_after(n);
        brine_status status =
            brn_model_decode(&file->graph, &brn_registry, &unproved, &model, &err);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        if (status == BRINE_OK) {
            CHECK(!hit);
            brn_model_release(model);
            break;
        }
        CHECK(status == BRINE_NOMEM);
        REQUIRE(n < 100000);
    }
    brn_file_close(file);
}

TEST(dictionary_codes_values_once)
{
    struct brn_arena arena;
    struct brn_dictionary d;
    brn_arena_init(&arena, 0);
    brn_dictionary_init(&d, &arena);
    struct brn_value text = {.kind = BRN_VALUE_TEXT, .as = {.text = brn_slice_of("a")}};
    struct brn_value one = {.kind = BRN_VALUE_INT, .as = {.integer = 1}},
                     yes = {.kind = BRN_VALUE_BOOL, .as = {.boolean = true}};
    struct brn_value nan = {.kind = BRN_VALUE_FLOAT, .as = {.real = (double)NAN}},
                     none = {.kind = BRN_VALUE_NONE};
    CHECK(brn_dictionary_add(&d, text) == 0 && brn_dictionary_add(&d, one) == 1);
    CHECK(brn_dictionary_add(&d, yes) == 1); /* Python: True == 1 */
    CHECK(brn_dictionary_add(&d, nan) == BRN_CODE_MISSING);
    CHECK(brn_dictionary_add(&d, none) == BRN_CODE_MISSING);
    CHECK(brn_dictionary_text(&d, brn_slice_of("a")) == 0);
    CHECK(brn_dictionary_text(&d, brn_slice_of("1")) == BRN_CODE_UNKNOWN);
    CHECK(brn_dictionary_number(&d, 1.0) == 1 && d.count == 2);
    brn_arena_free(&arena);
}

TEST(schema_gives_a_form_when_asked)
{
    struct brn_arena arena;
    struct brn_dictionary *dictionary = NULL;
    brn_arena_init(&arena, 0);
    struct brn_schema *in = brn_schema_inputs(&arena, 3, NULL);
    CHECK(brn_schema_number(in, 2) == 0 && brn_schema_number(in, 0) == 1);
    CHECK(brn_schema_code(in, 0, &dictionary) == 0 && dictionary);
    CHECK(in->layout->numbers == 2 && in->layout->codes == 1);
    struct brn_schema *out = brn_schema_numbers(&arena, 2, NULL);
    brn_schema_pass(out, 1, in->slots[1]);
    CHECK(in->slots[1]->number == -1);
    CHECK(brn_schema_number(out, 1) == 1 && in->slots[1]->number == 2);
    brn_arena_free(&arena);
}

TEST(work_is_reused_and_limited)
{
    struct brn_work work;
    brn_work_init(&work, 1 << 20);
    struct brn_work_mark mark = brn_work_mark(&work);
    void *first = brn_work_take(&work, 1000, 8);
    REQUIRE(first != NULL);
    CHECK(brn_work_take(&work, 20000, 8) != NULL);
    size_t total = work.total;
    brn_work_release(&work, mark);
    CHECK(brn_work_take(&work, 1000, 8) == first);
    CHECK(brn_work_take(&work, 20000, 8) != NULL && work.total == total);
    CHECK(brn_work_take(&work, 1 << 20, 8) == NULL);
    brn_work_free(&work);
}
