/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole runs: small ones on tests/fixtures/evidence, where one thing at a time is made wrong; and
 * the demo's. */
#include "estimators/registry.h"
#include "evidence/diff.h"
#include "evidence/evidence.h"
#include "faults.h"
#include "io/file.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXTURES BRINE_SOURCE_DIR "/tests/fixtures/evidence/"
#define DEMO BRINE_SOURCE_DIR "/demo/"

static const char contract_text[] =
    "apiVersion: v3.1.0\n"
    "kind: DataContract\n"
    "id: x\n"
    "name: small\n"
    "version: 1.0.0\n"
    "status: active\n"
    "description: {purpose: a test}\n"
    "team: {name: t, members: [{username: a, role: owner}, {username: b, role: decision owner}]}\n"
    "schema:\n"
    "- name: rows\n"
    "  properties:\n"
    "  - {name: id, logicalType: integer, required: true, primaryKey: true, tags: [role:id]}\n"
    "  - {name: day, logicalType: date, required: true, tags: [role:time]}\n"
    "  - {name: a, logicalType: number, required: true, tags: [role:feature], customProperties: "
    "[{property: availableAt, value: decision}], logicalTypeOptions: {maximum: 50}}\n"
    "  - {name: b, logicalType: number, tags: [role:feature], customProperties: [{property: "
    "availableAt, value: decision}]}\n"
    "  - {name: color, logicalType: string, required: true, tags: [role:feature], "
    "customProperties: [{property: availableAt, value: decision}]}\n"
    "  - {name: y, logicalType: integer, required: true, tags: [role:label]}\n"
    "  - {name: kind, logicalType: string, tags: [role:context]}\n"
    "  quality:\n"
    "  - {type: custom, engine: brine, implementation: {check: leakage.time-order, time: day, "
    "gap-days: 2}}\n"
    "  - {type: custom, engine: brine, implementation: {check: leakage.duplicate-rows, "
    "max-fraction: 0}}\n"
    "  - {type: custom, engine: brine, implementation: {check: leakage.group-overlap, key: day}}\n"
    "customProperties:\n"
    "- property: brine\n"
    "  value:\n"
    "    model: {task: binary, positive: 1}\n"
    "    data: {train: train.csv, test: test.csv}\n"
    "    unknown-category: {color: ignore}\n"
    "    versions: {scikit-learn: 1.9.1}\n"
    "    evaluation:\n"
    "      split: {strategy: time, time: day, cutoff: 2024-02-01}\n"
    "      seed: 3\n"
    "      metric: {name: roc_auc, direction: max, ci: {resamples: 200}}\n"
    "      baselines: [{name: prior}]\n"
    "      slices: [kind]\n"
    "    gates:\n"
    "    - {id: better, require: \"lower(roc_auc - baseline.prior) > 0.05\"}\n"
    "    - {id: leaks, require: \"leakage.* == pass\"}\n"
    "    - {id: contract, require: \"contract.* == pass\", else: hold}\n";

/* ---- running ---- */

static char *read_text(const char *path)
{
    struct brn_bytes bytes;
    if (brn_file_read(path, 1 << 20, false, &bytes, NULL) != BRINE_OK)
        return NULL;
    char *text = calloc(1, bytes.view.n + 1);
    if (text)
        memcpy(text, bytes.view.p, bytes.view.n);
    brn_bytes_free(&bytes);
    return text;
}

/* text with each from replaced by to, in a fresh string. */
static char *replaced(const char *text, const char *from, const char *to)
{
    struct brn_buffer out = {0};
    size_t n = strlen(from);
    for (const char *at; n && (at = strstr(text, from)) != NULL; text = at + n) {
        brn_buffer_add(&out, text, (size_t)(at - text));
        brn_buffer_text(&out, to);
    }
    brn_buffer_add(&out, text, strlen(text) + 1);
    return (char *)out.data;
}

struct ran {
    struct brn_evidence e;
    struct brn_evidence_options options;
    brine_model_options model;
    brine_status status;
    brine_error err;
    char contract[512], path[512];
};

/* The contract is written to a file of its own; its relative paths are those of folder. */
static void run(struct ran *r, const char *text, const char *folder, const char *model,
                const char *train, const char *test)
{
    snprintf(r->contract, sizeof r->contract, "%s", brn_test_path("contract.yaml"));
    snprintf(r->path, sizeof r->path, "%s%s", folder, model);
    brn_file_write(r->contract, brn_slice_of(text), NULL);
    r->model = (brine_model_options){.size = sizeof r->model, .allow_unproved = true};
    r->options = (struct brn_evidence_options){.model = r->path,
                                               .contract = r->contract,
                                               .train = train,
                                               .test = test,
                                               .loading = {&brn_registry, NULL, &r->model}};
    r->err = (brine_error){0};
    r->status = brn_evidence_run(&r->options, &r->e, &r->err);
    brn_test_check(r->status == BRINE_OK, __FILE__, __LINE__, "%s: %s (%s)", model, r->err.message,
                   r->err.path);
}

static void run_small(struct ran *r, const char *from, const char *to, const char *model)
{
    char *text = replaced(contract_text, from, to);
    run(r, text, FIXTURES, model, FIXTURES "train.csv", FIXTURES "test.csv");
    free(text);
}

static const struct brn_check *find(const struct ran *r, const char *id, const char *detail)
{
    for (size_t i = 0; i < r->e.checks.count; i++) {
        const struct brn_check *c = &r->e.checks.at[i];
        if (strcmp(c->id, id) == 0 && (!detail || strcmp(c->detail, detail) == 0))
            return c;
    }
    return NULL;
}

static void expect(const struct ran *r, const char *id, const char *detail,
                   enum brn_check_status status)
{
    const struct brn_check *c = find(r, id, detail);
    brn_test_check(c != NULL, __FILE__, __LINE__, "no check %s (%s)", id, detail ? detail : "");
    if (c)
        brn_test_check(c->status == status, __FILE__, __LINE__, "%s (%s): %s: %s", id, c->detail,
                       brn_check_status_name(c->status), c->finding);
}

static void near(const struct ran *r, const char *id, const char *detail, double value)
{
    const struct brn_check *c = find(r, id, detail);
    brn_test_check(c != NULL, __FILE__, __LINE__, "no check %s (%s)", id, detail);
    if (c)
        brn_test_check(c->value.value >= value - 0.00051 && c->value.value <= value + 0.00051,
                       __FILE__, __LINE__, "%s (%s): %.5f, expected %.4f", id, detail,
                       c->value.value, value);
}

/* ---- small runs ---- */

TEST(evidence_of_an_honest_model_ships)
{
    struct ran r = {0};
    run_small(&r, "", "", "named-train.pkl");
    CHECK(r.e.ships);
    expect(&r, "gate.better", NULL, BRN_PASS);
    expect(&r, "gate.leaks", NULL, BRN_PASS);
    expect(&r, "gate.contract", NULL, BRN_PASS);
    expect(&r, "leakage.time-order", NULL, BRN_PASS);
    expect(&r, "leakage.gap", NULL, BRN_PASS);
    CHECK(find(&r, "leakage.gap", NULL)->value.value == 3);
    expect(&r, "leakage.fit-scope", "prepare / number / scale (StandardScaler)", BRN_PASS);
    expect(&r, "leakage.fit-scope", "model (LogisticRegression)", BRN_PASS);
    expect(&r, "slice.kind=high", "roc_auc", BRN_PASS);
    expect(&r, "metric.roc_auc", "minus baseline.prior", BRN_PASS);
    brn_evidence_free(&r.e);
}

TEST(evidence_of_each_thing_that_can_be_wrong)
{
    static const struct {
        const char *from, *to, *model, *id, *detail;
        enum brn_check_status status;
        bool ships;
    } cases[] = {
        {"", "", "named-union.pkl", "leakage.fit-scope",
         "prepare / number / impute (SimpleImputer)", BRN_FAIL, false},
        {"", "", "named-test.pkl", "leakage.fit-scope", "prepare / number / scale (StandardScaler)",
         BRN_FAIL, false},
        {"", "", "named-other.pkl", "leakage.fit-scope",
         "prepare / number / scale (StandardScaler)", BRN_WARN, true},
        {"value: decision}], logicalTypeOptions", "value: after departure}], logicalTypeOptions",
         "named-train.pkl", "leakage.availability", "a", BRN_FAIL, false},
        {"name: a, logicalType: number, required: true, tags: [role:feature]",
         "name: a, logicalType: number, required: true, tags: [role:late]", "named-train.pkl",
         "leakage.availability", "a", BRN_FAIL, false},
        {"      seed: 3\n", "", "named-train.pkl", "contract.seed", NULL, BRN_FAIL, false},
        {"scikit-learn: 1.9.1", "scikit-learn: 1.9.0", "named-train.pkl", "contract.versions", NULL,
         BRN_FAIL, false},
        {"positive: 1}", "positive: 1, sha256: \"00\"}", "named-train.pkl", "contract.digest", NULL,
         BRN_FAIL, false},
        {"positive: 1}", "positive: 1, classes: [1, 0]}", "named-train.pkl", "contract.classes",
         NULL, BRN_FAIL, false},
        {"positive: 1}", "positive: 1, classes: [0, 1]}", "named-train.pkl", "contract.classes",
         NULL, BRN_PASS, true},
        {"positive: 1}", "positive: 1, features: [b, a, color]}", "named-train.pkl",
         "contract.order", NULL, BRN_FAIL, false},
        {"gap-days: 2", "gap-days: 4", "named-train.pkl", "leakage.gap", NULL, BRN_FAIL, false},
        {"cutoff: 2024-02-01", "cutoff: 2024-01-15", "named-train.pkl", "leakage.time-order", NULL,
         BRN_FAIL, false},
        {"maximum: 50", "maximum: 5", "named-train.pkl", "contract.range", "test: a.maximum",
         BRN_FAIL, false},
        {"color: ignore", "color: reject", "named-train.pkl", "contract.category",
         "test: color.unknown-category", BRN_FAIL, false},
        {"extra", "", "named-train.pkl", "contract.features", NULL, BRN_PASS, true},
        {"baselines: [{name: prior}]", "baselines: []", "named-train.pkl", "contract.complete",
         "evaluation.baselines", BRN_FAIL, false},
        {"leakage.* == pass", "leakage.* == good", "named-train.pkl", "gate.leaks", NULL,
         BRN_NOT_RUN, false},
        {"baseline.prior) >", "baseline.nobody) >", "named-train.pkl", "gate.better", NULL,
         BRN_NOT_RUN, false},
        {"> 0.05", "> 0.9", "named-train.pkl", "gate.better", NULL, BRN_FAIL, false},
        {"> 0.05\"}", "> 0.9\", else: warn}", "named-train.pkl", "gate.better", NULL, BRN_WARN,
         true},
        {"name: roc_auc, direction: max", "name: roc_auc, direction: min", "named-train.pkl",
         "metric.choice", NULL, BRN_FAIL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ran r = {0};
        run_small(&r, cases[i].from, cases[i].to, cases[i].model);
        expect(&r, cases[i].id, cases[i].detail, cases[i].status);
        brn_test_check(r.e.ships == cases[i].ships, __FILE__, __LINE__, "%s %s: ships %d",
                       cases[i].id, cases[i].to, r.e.ships);
        brn_evidence_free(&r.e);
    }
}

TEST(evidence_on_the_training_rows_is_none)
{
    struct ran r = {0};
    run(&r, contract_text, FIXTURES, "named-train.pkl", FIXTURES "train.csv", FIXTURES "train.csv");
    CHECK(!r.e.ships);
    expect(&r, "leakage.time-order", NULL, BRN_FAIL);
    expect(&r, "leakage.duplicate-rows", NULL, BRN_FAIL);
    expect(&r, "leakage.group-overlap", NULL, BRN_FAIL);
    CHECK(find(&r, "leakage.duplicate-rows", NULL)->value.value == 1);
    CHECK(find(&r, "leakage.group-overlap", NULL)->value.value == 120);
    brn_evidence_free(&r.e);
}

TEST(evidence_that_cannot_be_made_is_an_error)
{
    struct brn_evidence e;
    struct brn_evidence_options o = {.model = FIXTURES "named-train.pkl",
                                     .contract = FIXTURES "nowhere.yaml",
                                     .loading = {&brn_registry, NULL, NULL}};
    brine_error err;
    CHECK_STATUS(brn_evidence_run(&o, &e, &err), BRINE_IO, &err);
    brn_evidence_free(&e);
    char *text = replaced(contract_text, "role:label", "role:context");
    const char *path = brn_test_path("unlabelled.yaml");
    brn_file_write(path, brn_slice_of(text), NULL);
    free(text);
    o.contract = path;
    o.train = FIXTURES "train.csv";
    o.test = FIXTURES "test.csv";
    CHECK_STATUS(brn_evidence_run(&o, &e, &err), BRINE_FORMAT, &err);
    brn_evidence_free(&e);
}

TEST(evidence_survives_failing_allocations)
{
    for (long n = 1;; n += 1 + n / 8) {
        struct brn_evidence e;
        brine_model_options model = {.size = sizeof model, .allow_unproved = true};
        struct brn_evidence_options o = {.model = FIXTURES "kinds-train.pkl",
                                         .contract = brn_test_path("memory.yaml"),
                                         .train = FIXTURES "train.csv",
                                         .test = FIXTURES "test.csv",
                                         .loading = {&brn_registry, NULL, &model}};
        brine_error err = {0};
        brn_file_write(o.contract, brn_slice_of(contract_text), NULL);
        brn_faults_after(n);
        brine_status status = brn_evidence_run(&o, &e, &err);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        brn_evidence_free(&e);
        if (!hit) {
            CHECK_STATUS(status, BRINE_OK, &err);
            return;
        }
        brn_test_check(status == BRINE_NOMEM, __FILE__, __LINE__, "allocation %ld: %s: %s", n,
                       brine_status_text(status), err.message);
        REQUIRE(n < 1000000);
    }
}

/* ---- other tasks ---- */

static const char plain_contract[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
    "schema:\n- name: rows\n  properties: [{name: a, tags: [A_ROLE]}, {name: b, tags: "
    "[role:feature]}, {name: color, tags: [COLOR_ROLE]}, {name: id}, {name: day}, {name: y}, "
    "{name: "
    "kind}]\n"
    "customProperties:\n- property: brine\n  value:\n"
    "    model: {task: TASK}\n"
    "    evaluation: {split: {strategy: random}, seed: 1, metric: {name: METRIC, ci: {resamples: "
    "100}}, guard-metrics: [{name: GUARD}], baselines: [{name: prior}]}\n"
    "    gates: [{id: g, require: \"GATE\"}]\n";

static void run_plain(struct ran *r, const char *const *values, const char *model)
{
    static const char *const names[] = {"A_ROLE", "COLOR_ROLE", "TASK", "METRIC", "GUARD", "GATE"};
    char *text = replaced(plain_contract, "", "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *next = replaced(text, names[i], values[i]);
        free(text);
        text = next;
    }
    run(r, text, FIXTURES, model, FIXTURES "train.csv", FIXTURES "train.csv");
    free(text);
}

/* Figures: sklearn.metrics on the model's own predictions for train.csv. */
TEST(evidence_of_a_regression)
{
    static const char *const values[] = {"role:label", "role:context", "regression",
                                         "rmse",       "r2",           "upper(rmse) < 10"};
    struct ran r = {0};
    run_plain(&r, values, "regression-train.pkl");
    near(&r, "metric.rmse", "", 1.7234);
    near(&r, "metric.r2", "", 0.0008);
    near(&r, "metric.rmse", "baseline.prior", 1.7241);
    expect(&r, "gate.g", NULL, BRN_PASS);
    brn_evidence_free(&r.e);
}

TEST(evidence_of_several_classes)
{
    static const char *const values[] = {"role:feature", "role:label", "multiclass",
                                         "log_loss",     "accuracy",   "accuracy > 0.9"};
    struct ran r = {0};
    run_plain(&r, values, "classes-train.pkl");
    near(&r, "metric.log_loss", "", 1.0846);
    near(&r, "metric.accuracy", "", 0.4333);
    near(&r, "metric.log_loss", "baseline.prior", 1.0921);
    expect(&r, "gate.g", NULL, BRN_FAIL);
    brn_evidence_free(&r.e);
}

/* ---- bundles ---- */

static struct brn_slice before_timings(struct brn_buffer *json)
{
    brn_buffer_byte(json, '\0');
    const char *text = (const char *)json->data, *at = strstr(text, "\"timings\"");
    return (struct brn_slice){json->data, at ? (size_t)(at - text) : 0};
}

TEST(evidence_is_the_same_when_it_is_made_again)
{
    struct brn_buffer json[2] = {{0}};
    for (int i = 0; i < 2; i++) {
        struct ran r = {0};
        run_small(&r, "", "", "named-train.pkl");
        brn_results_json(&r.e, &json[i]);
        brn_evidence_free(&r.e);
    }
    struct brn_slice a = before_timings(&json[0]), b = before_timings(&json[1]);
    CHECK(a.n > 1000 && brn_slice_equal(a, b));
    brn_buffer_free(&json[0]);
    brn_buffer_free(&json[1]);
}

static void check_row(const struct brn_json_value *row)
{
    static const char *const keys[] = {"id",       "detail", "status",    "value",
                                       "interval", "n",      "threshold", "definition"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        brn_test_check(brn_json_get(row, keys[i]) != NULL, __FILE__, __LINE__, "no %s", keys[i]);
}

TEST(evidence_bundle)
{
    struct ran r = {0};
    char directory[512], path[600];
    snprintf(directory, sizeof directory, "%s", brn_test_path("bundle"));
    run_small(&r, "", "", "named-union.pkl");
    for (int twice = 0; twice < 2; twice++) /* an older bundle is replaced */
        REQUIRE_OK(brn_bundle_write(&r.e, directory, &r.err), &r.err);
    snprintf(path, sizeof path, "%s/results.json", directory);
    char *text = read_text(path);
    struct brn_json_value *root = NULL;
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    if (CHECK(text != NULL) &&
        CHECK(brn_json_parse(brn_slice_of(text), 16, &arena, &root, &r.err) == BRINE_OK)) {
        CHECK(brn_slice_is(brn_json_text(brn_json_get(root, "decision"), ""), "hold"));
        for (size_t i = 0; i < brn_json_get(root, "checks")->count; i++)
            check_row(&brn_json_get(root, "checks")->items[i]);
    }
    free(text);
    brn_arena_free(&arena);
    snprintf(path, sizeof path, "%s/junit.xml", directory);
    text = read_text(path);
    CHECK(text && strstr(text, "<testsuite name=\"brine validate\"") &&
          strstr(text, "<failure message="));
    free(text);
    snprintf(path, sizeof path, "%s/mine.txt", directory);
    brn_file_write(path, brn_slice_of("keep"), NULL);
    CHECK_STATUS(brn_bundle_write(&r.e, directory, &r.err), BRINE_USAGE, &r.err);
    CHECK(strstr(r.err.message, "mine.txt") != NULL);
    unlink(path);
    brn_evidence_free(&r.e);
}

TEST(evidence_diff_says_what_was_mended)
{
    static const char *const models[] = {"named-union.pkl", "named-train.pkl"};
    char directories[2][512];
    for (int i = 0; i < 2; i++) {
        struct ran r = {0};
        snprintf(directories[i], sizeof directories[i], "%s", brn_test_path(models[i]));
        run_small(&r, "", "", models[i]);
        REQUIRE_OK(brn_bundle_write(&r.e, directories[i], &r.err), &r.err);
        brn_evidence_free(&r.e);
    }
    struct brn_evidence_diff d;
    struct brn_buffer text = {0};
    brine_error err;
    REQUIRE_OK(brn_evidence_diff_read(directories[0], directories[1], &d, &err), &err);
    brn_evidence_diff_text(&d, &text);
    brn_buffer_byte(&text, '\0');
    const char *s = (const char *)text.data;
    CHECK(strstr(s, "before  HOLD") && strstr(s, "after   SHIP"));
    CHECK(strstr(s, "leakage.fit-scope: fail -> pass: prepare / number / impute"));
    CHECK(strstr(s, "gate.leaks: fail -> pass") && !strstr(s, "Broken"));
    brn_evidence_diff_free(&d);
    REQUIRE_OK(brn_evidence_diff_read(directories[1], directories[1], &d, &err), &err);
    CHECK(d.count == 0);
    brn_evidence_diff_free(&d);
    CHECK_STATUS(brn_evidence_diff_read(FIXTURES "train.csv", directories[1], &d, &err),
                 BRINE_FORMAT, &err);
    brn_evidence_diff_free(&d);
    brn_buffer_free(&text);
}

/* ---- the demo; its contract with fewer resamples, because a suite has to be quick ---- */

static void run_demo(struct ran *r, const char *model)
{
    char *text = read_text(DEMO "contract.odcs.yaml");
    char *quick = replaced(text ? text : "", "resamples: 1000", "resamples: 40");
    char *beside = replaced(quick, "models/", DEMO "models/");
    char *whole = replaced(beside, "data/", DEMO "data/");
    run(r, whole, DEMO, model, NULL, NULL);
    free(text);
    free(quick);
    free(beside);
    free(whole);
}

TEST(evidence_of_the_demos_leaky_model)
{
    struct ran r = {0};
    run_demo(&r, "models/leaky.joblib");
    CHECK(!r.e.ships);
    expect(&r, "leakage.availability", "dep_delay, air_time", BRN_FAIL);
    expect(&r, "leakage.fit-scope", "prepare / number / impute (SimpleImputer)", BRN_FAIL);
    expect(&r, "leakage.fit-scope", "prepare / number / scale (StandardScaler)", BRN_FAIL);
    expect(&r, "leakage.fit-scope", "model (LogisticRegression)", BRN_WARN);
    expect(&r, "gate.no-leak", NULL, BRN_FAIL);
    expect(&r, "gate.beats-prior", NULL, BRN_PASS); /* the better the worse it is */
    expect(&r, "gate.calibrated", NULL, BRN_PASS);
    near(&r, "metric.average_precision", "", 0.924);
    brn_evidence_free(&r.e);
}

TEST(evidence_of_the_demos_quiet_leak)
{
    struct ran r = {0};
    run_demo(&r, "models/leak-prepare.joblib");
    CHECK(!r.e.ships);
    expect(&r, "leakage.fit-scope", "prepare / number / impute (SimpleImputer)", BRN_FAIL);
    expect(&r, "leakage.fit-scope", "prepare / number / scale (StandardScaler)", BRN_FAIL);
    expect(&r, "leakage.availability", "", BRN_PASS);
    expect(&r, "leakage.target", "", BRN_PASS);
    near(&r, "metric.average_precision", "", 0.4240);
    brn_evidence_free(&r.e);
}

TEST(evidence_of_the_demos_corrected_model)
{
    struct ran r = {0};
    run_demo(&r, "models/clean-boosted.joblib"); /* figures: demo/expected.json */
    CHECK(r.e.ships);
    near(&r, "metric.average_precision", "", 0.4462);
    near(&r, "metric.brier", "", 0.1050);
    near(&r, "calibration.ece", "", 0.0198);
    near(&r, "metric.average_precision", "minus baseline.prior", 0.2977);
    near(&r, "metric.average_precision", "minus baseline.rate-by", 0.2142);
    near(&r, "metric.average_precision", "minus baseline.single-feature", 0.1168);
    near(&r, "slice.sched_minute in [0,600)", "roc_auc", 0.6803);
    expect(&r, "leakage.fit-scope", "prepare / category (OrdinalEncoder)", BRN_PASS);
    CHECK(find(&r, "parity.pickle-joblib", NULL)->value.value == 0);
    brn_evidence_free(&r.e);
}
