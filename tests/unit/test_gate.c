/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/gate.h"
#include "test.h"

#include <math.h>

static brine_status parse(const char *text, struct brn_gate *gate)
{
    brine_error err;
    brine_status status = brn_gate_parse(text, gate, &err);
    brn_test_check(status == BRINE_OK, __FILE__, __LINE__, "%s: %s", text, err.message);
    return status;
}

TEST(gate_of_a_paired_difference)
{
    struct brn_gate g;
    REQUIRE(parse("lower(average_precision - baseline.rate-by) > 0.10", &g) == BRINE_OK);
    CHECK(g.kind == BRN_GATE_AMOUNT && g.part == BRN_LOWER && g.sign == BRN_SIGN_GREATER);
    CHECK_TEXT(g.metric->name, "average_precision");
    CHECK(brn_slice_is(g.baseline, "rate-by") && g.threshold == 0.10);
    CHECK(brn_gate_compare(&g, 0.101) && !brn_gate_compare(&g, 0.10));
    CHECK(!brn_gate_compare(&g, (double)NAN));
    REQUIRE(parse("average_precision - baseline.prior >= -5e-3", &g) == BRINE_OK);
    CHECK(g.part == BRN_POINT && g.threshold == -0.005);
}

TEST(gate_of_a_metric)
{
    struct brn_gate g;
    REQUIRE(parse("upper(ece) <= 0.05", &g) == BRINE_OK);
    CHECK(g.part == BRN_UPPER && !g.baseline.p && g.sign == BRN_SIGN_LESS_EQUAL);
    CHECK(brn_gate_compare(&g, 0.05) && !brn_gate_compare(&g, 0.0501));
}

TEST(gate_over_slices)
{
    struct brn_gate g;
    REQUIRE(parse("min over slice where n >= 500 of roc_auc.lower >= 0.60", &g) == BRINE_OK);
    CHECK(g.kind == BRN_GATE_SLICES && !g.is_max && g.least_rows == 500 && g.part == BRN_LOWER);
    CHECK_TEXT(g.metric->name, "roc_auc");
    CHECK(g.threshold == 0.6 && g.sign == BRN_SIGN_GREATER_EQUAL);
    REQUIRE(parse("max over slice of brier.point < 1", &g) == BRINE_OK);
    CHECK(g.is_max && g.least_rows == 0 && g.part == BRN_POINT);
}

TEST(gate_of_checks_and_parity)
{
    struct brn_gate g;
    REQUIRE(parse("leakage.* == pass", &g) == BRINE_OK);
    CHECK(g.kind == BRN_GATE_CHECKS && !g.is_exact && brn_slice_is(g.prefix, "leakage."));
    REQUIRE(parse("leakage.fit-scope == pass", &g) == BRINE_OK);
    CHECK(g.is_exact && brn_slice_is(g.prefix, "leakage.fit-scope"));
    REQUIRE(parse("parity.max_abs_diff <= 1e-9", &g) == BRINE_OK);
    CHECK(g.kind == BRN_GATE_PARITY && g.threshold == 1e-9);
}

TEST(gate_says_where_it_went_wrong)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "\"\" ends where a metric, lower(…), min over slice, or checks such as leakage.* is "
             "needed"},
        {"lower(avg) > 1", "\"lower(avg) > 1\", character 7: a metric is needed, not \"avg\""},
        {"lower(ece) > ", "\"lower(ece) > \" ends where a number is needed"},
        {"lower(ece > 1", "\"lower(ece > 1\", character 11: ) is needed, not \">\""},
        {"ece ! 1", "\"ece ! 1\", character 5: <, <=, >, >= or == is needed, not \"!\""},
        {"ece <= 1 2", "\"ece <= 1 2\", character 10: the end is needed, not \"2\""},
        {"leakage.* == fail", "\"leakage.* == fail\", character 14: pass is needed, not \"fail\""},
        {"min over slice of ece.mean > 1",
         "\"min over slice of ece.mean > 1\", character 23: lower, upper or point is needed, not "
         "\"mean\""},
        {"average_precision - baseline > 1",
         "\"average_precision - baseline > 1\", character 30: . is needed, not \">\""},
        {"ece <= 1.2.3", "\"ece <= 1.2.3\", character 8: a number is needed, not \"1.2.3\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_gate g;
        brine_error err = {0};
        CHECK_STATUS(brn_gate_parse(cases[i].text, &g, &err), BRINE_FORMAT, &err);
        CHECK_TEXT(err.message, cases[i].message);
    }
}
