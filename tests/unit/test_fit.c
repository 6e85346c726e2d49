/* SPDX-License-Identifier: Apache-2.0
 *
 * Fit provenance: true positives, true negatives and power, on models of tests/fixtures/evidence,
 * whose names say on which rows they were fitted. */
#include "contract/contract.h"
#include "estimators/registry.h"
#include "evidence/fit.h"
#include "test.h"

#include <stdio.h>

#define FIXTURES BRINE_SOURCE_DIR "/tests/fixtures/evidence/"

static const char contract_text[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
    "schema:\n- name: t\n  properties: [{name: a}, {name: b}, {name: color}, {name: kind}, {name: "
    "y}]\n";

struct examined {
    struct brn_arena arena;
    struct brn_contract *contract;
    struct brn_subject subject;
    struct brn_partition train, test;
    struct brn_fit_report report;
};

static bool examine(struct examined *x, const char *model, const char *const *order, size_t count)
{
    const brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    const struct brn_loading loading = {&brn_registry, NULL, &options};
    const char *names[4];
    struct brn_texts features = {names, count};
    double *truth[2] = {NULL, NULL};
    char path[512];
    brine_error err = {0};
    *x = (struct examined){0};
    brn_arena_init(&x->arena, 0);
    snprintf(path, sizeof path, FIXTURES "%s.pkl", model);
    for (size_t i = 0; i < count; i++)
        names[i] = order[i];
    brine_status s = brn_contract_parse(brn_slice_of(contract_text), "c", &x->contract, &err);
    if (s == BRINE_OK)
        s = brn_subject_open(&loading, path, x->contract, &x->arena, &x->subject, &err);
    if (s == BRINE_OK)
        s = brn_partition_read("train", FIXTURES "train.csv", &x->arena, &x->train, &err);
    if (s == BRINE_OK)
        s = brn_partition_read("test", FIXTURES "test.csv", &x->arena, &x->test, &err);
    if (s == BRINE_OK)
        s = brn_partition_numbers(&x->train, "y", &x->arena, &truth[0], &err);
    if (s == BRINE_OK)
        s = brn_partition_numbers(&x->test, "y", &x->arena, &truth[1], &err);
    struct brn_fit_data data = {&x->train.table, &x->test.table, truth[0], truth[1], &features};
    if (s == BRINE_OK)
        s = brn_fit_examine(&x->subject, &loading, &data, &x->arena, &x->report, &err);
    return brn_test_check(s == BRINE_OK, __FILE__, __LINE__, "%s: %s (%s)", model, err.message,
                          err.path);
}

static void finish(struct examined *x)
{
    brn_subject_close(&x->subject);
    brn_contract_free(x->contract);
    brn_arena_free(&x->arena);
}

static void expect(const struct examined *x, const char *name, enum brn_fit_verdict verdict)
{
    for (size_t i = 0; i < x->report.count; i++) {
        const struct brn_fit_component *c = &x->report.at[i];
        if (strcmp(c->name, name) != 0)
            continue;
        brn_test_check(c->verdict == verdict, __FILE__, __LINE__,
                       "%s: %s (%s); errors %.1e %.1e %.1e over %zu", name,
                       brn_fit_verdict_name(c->verdict), c->why ? c->why : "", c->error[0],
                       c->error[1], c->error[2], c->statistics);
        if (verdict == BRN_FIT_TRAIN || verdict == BRN_FIT_UNION || verdict == BRN_FIT_TEST)
            CHECK(c->statistics > 0 && c->power > 1e-3 && c->power > 10 * c->tolerance);
        return;
    }
    brn_test_check(false, __FILE__, __LINE__, "no part named %s", name);
}

static const struct {
    const char *rows;
    enum brn_fit_verdict verdict;
} sets[] = {{"train", BRN_FIT_TRAIN},
            {"union", BRN_FIT_UNION},
            {"test", BRN_FIT_TEST},
            {"other", BRN_FIT_OTHER}};

TEST(fit_of_imputer_scaler_and_encoder)
{
    for (size_t i = 0; i < 4; i++) {
        struct examined x;
        char model[40];
        snprintf(model, sizeof model, "named-%s", sets[i].rows);
        if (examine(&x, model, NULL, 0)) {
            CHECK(x.report.count == 4);
            expect(&x, "prepare / number / impute", sets[i].verdict);
            expect(&x, "prepare / number / scale", sets[i].verdict);
            /* test has every color, so that its categories are those of both; half of train has
             * train's */
            expect(&x, "prepare / text", i == 0 || i == 3 ? BRN_FIT_TRAIN : BRN_FIT_NOT_TRAIN);
            expect(&x, "model", sets[i].verdict);
        }
        finish(&x);
    }
}

TEST(fit_of_modes_ranges_rare_categories_in_a_union)
{
    for (size_t i = 0; i < 4; i++) {
        struct examined x;
        char model[40];
        snprintf(model, sizeof model, "kinds-%s", sets[i].rows);
        if (examine(&x, model, NULL, 0)) {
            CHECK(x.report.count == 5);
            expect(&x, "prepare / number / impute", sets[i].verdict);
            expect(&x, "prepare / number / both / range", sets[i].verdict);
            expect(&x, "prepare / number / both / plain", sets[i].verdict);
            expect(&x, "model", sets[i].verdict);
        }
        finish(&x);
    }
}

TEST(fit_says_where_the_part_is)
{
    struct examined x;
    if (examine(&x, "kinds-train", NULL, 0)) {
        CHECK_TEXT(x.report.at[1].path,
                   "steps[0][1].transformers_[0][1].steps[1][1].transformer_list[0][1]");
        CHECK_TEXT(x.report.at[1].estimator, "MinMaxScaler");
        CHECK(x.report.at[1].rows_seen == 120);
    }
    finish(&x);
}

TEST(fit_of_a_model_without_names_needs_the_contracts_order)
{
    static const char *const right[] = {"a", "b"}, *const wrong[] = {"b", "a"};
    struct examined x;
    if (examine(&x, "unnamed-train", right, 2)) {
        expect(&x, "impute", BRN_FIT_TRAIN);
        expect(&x, "scale", BRN_FIT_TRAIN);
    }
    finish(&x);
    if (examine(&x, "unnamed-union", right, 2))
        expect(&x, "scale", BRN_FIT_UNION);
    finish(&x);
    if (examine(&x, "unnamed-train", wrong, 2))
        expect(&x, "impute", BRN_FIT_OTHER);
    finish(&x);
    if (examine(&x, "unnamed-train", NULL, 0))
        expect(&x, "impute", BRN_FIT_UNDETERMINED);
    finish(&x);
}

TEST(fit_without_power_is_undetermined)
{
    struct examined x;
    if (examine(&x, "blind-train", NULL, 0)) {
        expect(&x, "prepare / text", BRN_FIT_UNDETERMINED);
        CHECK_TEXT(x.report.at[0].why,
                   "its statistics are the same with and without the test rows");
    }
    finish(&x);
}
