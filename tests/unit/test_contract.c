/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/contract.h"
#include "faults.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"

static brine_status parse(const char *text, struct brn_contract **ret_contract, brine_error *err)
{
    *err = (brine_error){0};
    *ret_contract = NULL;
    return brn_contract_parse(brn_slice_of(text), "dir/c.yaml", ret_contract, err);
}

TEST(contract_of_the_demo)
{
    struct brn_contract *c;
    brine_error err;
    REQUIRE_OK(brn_contract_load(BRINE_SOURCE_DIR "/demo/contract.odcs.yaml", &c, &err), &err);
    CHECK_TEXT(c->name, "flight-disruption");
    CHECK_TEXT(c->version, "1.0.0");
    CHECK(c->data->columns.count == 22);
    CHECK(c->response && c->response->columns.count == 2);
    const struct brn_contract_column *carrier = brn_contract_column(c, "carrier");
    REQUIRE(carrier != NULL);
    CHECK(carrier->type == BRN_LOGICAL_STRING && carrier->required);
    CHECK(carrier->roles == (BRN_ROLE_FEATURE | BRN_ROLE_SLICE));
    CHECK_TEXT(carrier->available_at, "schedule");
    const struct brn_quality *domain = carrier->quality.at;
    CHECK(domain->metric == BRN_METRIC_INVALID_VALUES && domain->valid_values.count == 16);
    CHECK(brn_slice_is(domain->valid_values.at[0].text, "9E"));
    CHECK(domain->bounds[BRN_BOUND_IS].given && domain->severity == BRN_SEVERITY_ERROR);
    CHECK_TEXT(brn_contract_column(c, "dest")->options.pattern, "^[A-Z]{3}$");
    CHECK(brn_contract_column(c, "sched_minute")->options.maximum->number == 1439);
    CHECK(!brn_column_is_late(carrier));
    CHECK(!brn_column_is_late(brn_contract_column(c, "temp")));
    CHECK(brn_column_is_late(brn_contract_column(c, "dep_delay")));
    CHECK(brn_column_is_late(brn_contract_column(c, "disrupted")));
    CHECK_TEXT(brn_contract_role(c, BRN_ROLE_LABEL)->name, "disrupted");
    const struct brn_quality *drift = brn_contract_column(c, "recent_delay")->quality.at;
    CHECK(drift->check.check == BRN_CHECK_DRIFT && drift->check.bin_count.value == 10);
    CHECK(drift->check.alarm_quantile.value == 0.999 && drift->check.window_rows.value == 2000);
    brn_contract_free(c);
}

TEST(contract_of_the_demo_model_part)
{
    struct brn_contract *c;
    brine_error err;
    REQUIRE_OK(brn_contract_load(BRINE_SOURCE_DIR "/demo/contract.odcs.yaml", &c, &err), &err);
    const struct brn_quality *rules = c->data->quality.at;
    REQUIRE(c->data->quality.count == 6);
    CHECK(rules[2].check.check == BRN_CHECK_TIME_ORDER && rules[2].check.gap_days.value == 1);
    CHECK(rules[4].check.check == BRN_CHECK_FIT_SCOPE);
    CHECK_TEXT(rules[4].check.test, "data/test.csv.gz");
    const struct brn_brine_part *b = &c->brine;
    CHECK(b->model.task == BRN_TASK_BINARY && b->model.positive->integer == 1);
    CHECK(b->model.decision_threshold.value == 0.25);
    CHECK_TEXT(b->versions.scikit_learn, "1.9.1");
    CHECK(b->evaluation.seed.given && b->evaluation.seed.value == 20131001);
    CHECK_TEXT(b->evaluation.metric.ci.unit, "flight_date");
    CHECK_TEXT(b->evaluation.split.cutoff, "2013-10-01");
    CHECK(b->evaluation.baselines.count == 4 && b->evaluation.slices.count == 6);
    CHECK_TEXT(b->evaluation.slices.at[2], "sched_minute in [0,600)");
    CHECK(b->gates.count == 8);
    const struct brn_gate_part *gates = b->gates.at;
    CHECK_TEXT(gates[3].id, "worth-its-size");
    CHECK(gates[3].otherwise == BRN_ELSE_WARN);
    CHECK(brn_contract_unknown(c, "dest") == BRN_UNKNOWN_AS_MISSING);
    CHECK(brn_contract_unknown(c, "carrier") == BRN_UNKNOWN_REJECT);
    CHECK(brn_contract_unknown(c, "elsewhere") == BRN_UNKNOWN_REJECT);
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    CHECK_TEXT(brn_contract_beside(c, "data/x.csv", &arena), BRINE_SOURCE_DIR "/demo/data/x.csv");
    CHECK_TEXT(brn_contract_beside(c, "/data/x.csv", &arena), "/data/x.csv");
    brn_arena_free(&arena);
    brn_contract_free(c);
}

TEST(contract_refuses_unknown_words_with_their_place)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {HEAD "colour: red\n", "line 6, column 9: a contract has no word \"colour\""},
        {HEAD "schema:\n- name: t\n  properties:\n  - {name: a, requierd: true}\n",
         "line 9, column 25: a column has no word \"requierd\""},
        {HEAD "schema:\n- name: t\n  properties:\n  - {name: a, tags: [role:labell]}\n",
         "line 9, column 22: there is no role:labell"},
        {HEAD "schema:\n- name: t\n  properties:\n  - {name: a, logicalType: int}\n",
         "line 9, column 28: \"int\": one of these is needed: integer, number"},
        {HEAD "schema:\n- name: t\n  properties:\n  - {name: a, customProperties: "
              "[{property: availableat, value: x}]}\n",
         "line 9, column 65: a column's customProperties has no word \"availableat\""},
        {HEAD "schema:\n- name: t\n  properties: [{name: a}, {name: a}]\n",
         "line 8, column 27: a second column \"a\""},
        {HEAD "schema:\n- {name: t, physicalType: response}\n",
         "the contract has no table of data"},
        {HEAD "customProperties:\n- property: brine\n  value: {gates: [{id: a}]}\n",
         "line 8, column 19: a gate needs \"require\""},
        {HEAD "customProperties:\n- property: brine\n  value: {evaluation: {seed: -1}}\n",
         "line 8, column 30: a whole number of 0 or more"},
        {HEAD "customProperties:\n- property: brine\n  value: {evaluation: {metric: {name: a, ci: "
              "{method: bca}}}}\n",
         "method bca is not there yet"},
        {"kind: DataContract\n", "a contract needs \"apiVersion\""},
        {"[1]\n", "a contract is needed here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_contract *c;
        brine_error err;
        CHECK_STATUS(parse(cases[i].text, &c, &err), BRINE_FORMAT, &err);
        brn_test_check(strstr(err.message, cases[i].message) != NULL, __FILE__, __LINE__,
                       "\"%s\" should hold \"%s\"", err.message, cases[i].message);
    }
}

TEST(contract_says_where_in_the_document)
{
    struct brn_contract *c;
    brine_error err;
    CHECK_STATUS(
        parse(HEAD "customProperties:\n- property: brine\n  value: {model: {task: x}}\n", &c, &err),
        BRINE_FORMAT, &err);
    CHECK_TEXT(err.path, "customProperties.model.task");
}

TEST(contract_leaves_other_tools_alone)
{
    struct brn_contract *c;
    brine_error err;
    REQUIRE_OK(parse(HEAD "schema:\n- name: t\n  tags: [gold]\n  properties:\n"
                          "  - {name: a, tags: [pii], classification: x, quality: [{type: custom, "
                          "engine: soda, implementation: {x: [1]}}]}\n"
                          "customProperties:\n- {property: other, value: {any: [thing]}}\n",
                     &c, &err),
               &err);
    CHECK(c->brine.source == NULL && c->data->columns.count == 1);
    brn_contract_free(c);
}

TEST(contract_bounds)
{
    struct brn_quality q = {0};
    char text[80];
    CHECK(brn_quality_holds(&q, 0) && !brn_quality_holds(&q, 1));
    brn_quality_bounds_text(&q, text, sizeof text);
    CHECK_TEXT(text, "== 0");
    q.bounds[BRN_BOUND_LESS] = (struct brn_optional){true, 25};
    q.bounds[BRN_BOUND_GREATER_OR_EQUAL] = (struct brn_optional){true, 1};
    q.unit = BRN_UNIT_PERCENT;
    CHECK(brn_quality_holds(&q, 24.9) && !brn_quality_holds(&q, 25) && !brn_quality_holds(&q, 0.5));
    brn_quality_bounds_text(&q, text, sizeof text);
    CHECK_TEXT(text, ">= 1 percent and < 25 percent");
}

TEST(contract_survives_every_failing_allocation)
{
    static const char text[] = HEAD
        "schema:\n- name: t\n  properties:\n  - {name: a, tags: [role:label], quality: [{metric: "
        "nullValues}], customProperties: [{property: unit, value: m}]}\n"
        "customProperties:\n- property: brine\n  value: {unknown-category: {a: reject}, "
        "evaluation: {slices: [a], seed: 1}}\n";
    for (long n = 1;; n++) {
        struct brn_contract *c = NULL;
        brn_faults_after(n);
        brine_status status = brn_contract_parse(brn_slice_of(text), "c", &c, NULL);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        if (!hit) {
            CHECK(status == BRINE_OK);
            brn_contract_free(c);
            break;
        }
        CHECK(status == BRINE_NOMEM && c == NULL);
        REQUIRE(n < 10000);
    }
}
