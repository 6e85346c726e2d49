/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected values: pandas and numpy on tests/fixtures/evidence (groupby, nanquantile,
 * searchsorted). */
#include "evidence/baseline.h"
#include "evidence/slice.h"
#include "test.h"

#include <math.h>

#define FIXTURES BRINE_SOURCE_DIR "/tests/fixtures/evidence/"

struct tables {
    struct brn_arena arena;
    struct brn_partition train, test;
    double *truth;
    struct brn_baseline_data data;
};

static bool open_tables(struct tables *t)
{
    brine_error err = {0};
    brn_arena_init(&t->arena, 0);
    brine_status s = brn_partition_read("train", FIXTURES "train.csv", &t->arena, &t->train, &err);
    if (s == BRINE_OK)
        s = brn_partition_read("test", FIXTURES "test.csv", &t->arena, &t->test, &err);
    if (s == BRINE_OK)
        s = brn_partition_numbers(&t->train, "y", &t->arena, &t->truth, &err);
    t->data = (struct brn_baseline_data){&t->train, &t->test, t->truth, 2};
    return brn_test_check(s == BRINE_OK, __FILE__, __LINE__, "%s", err.message);
}

/* The first six scores and the sum of all. */
static void expect(struct tables *t, const struct brn_baseline_part *part, const double *first,
                   double sum)
{
    struct brn_sample s;
    brine_error err;
    REQUIRE_OK(brn_baseline_score(part, &t->data, &t->arena, &s, &err), &err);
    REQUIRE(s.rows == 60 && s.order != NULL);
    for (int i = 0; i < 6; i++) {
        brn_test_check(fabs(s.score[i] - first[i]) < 1e-14, __FILE__, __LINE__, "%s, row %d: %.17g",
                       part->name, i, s.score[i]);
        sum -= s.score[i];
    }
    for (size_t i = 6; i < s.rows; i++)
        sum -= s.score[i];
    CHECK(fabs(sum) < 1e-11);
}

TEST(baseline_scores)
{
    static const char *columns[] = {"color", "floor(a / 2)"};
    static const double prior[] = {0.49166666666666664, 0.49166666666666664, 0.49166666666666664,
                                   0.49166666666666664, 0.49166666666666664, 0.49166666666666664};
    static const double rate_by[] = {0.4774305555555555,  0.6709770114942528, 0.7916666666666666,
                                     0.49166666666666664, 0.3925438596491228, 0.49166666666666664};
    static const double eight[] = {0.7692307692307693, 0.5384615384615384, 0.7692307692307693,
                                   0.3076923076923077, 0.4117647058823529, 0.7692307692307693};
    static const double three[] = {0.6857142857142857, 0.6857142857142857, 0.6857142857142857, 0.5,
                                   0.4117647058823529, 0.6857142857142857};
    static const double raw[] = {-8.81, -10.02, -1.1, -20.16, -15.61, -2.55};
    struct brn_json_value bins = {.kind = BRN_JSON_NUMBER, .is_integer = true, .integer = 3};
    struct brn_json_value none = {.kind = BRN_JSON_STRING, .text = brn_slice_of("none")};
    struct tables t;
    if (open_tables(&t)) {
        expect(&t, &(struct brn_baseline_part){.name = "prior"}, prior, 29.5);
        expect(&t,
               &(struct brn_baseline_part){
                   .name = "rate-by", .columns = {columns, 2}, .smoothing = {true, 5}},
               rate_by, 31.129092454648255);
        expect(&t, &(struct brn_baseline_part){.name = "single-feature", .column = "b"}, eight,
               30.003016591251885);
        expect(&t,
               &(struct brn_baseline_part){.name = "single-feature", .column = "b", .bins = &bins},
               three, 28.805882352941175);
        struct brn_sample s;
        brine_error err;
        REQUIRE_OK(
            brn_baseline_score(
                &(struct brn_baseline_part){.name = "single-feature", .column = "b", .bins = &none},
                &t.data, &t.arena, &s, &err),
            &err);
        for (int i = 0; i < 6; i++)
            CHECK(s.score[i] == raw[i]);
        CHECK(!s.is_probability);
    }
    brn_arena_free(&t.arena);
}

TEST(baseline_without_its_column_says_so)
{
    struct tables t;
    struct brn_sample s;
    brine_error err;
    if (open_tables(&t)) {
        CHECK_STATUS(brn_baseline_score(
                         &(struct brn_baseline_part){.name = "single-feature", .column = "nowhere"},
                         &t.data, &t.arena, &s, &err),
                     BRINE_INPUT, &err);
        CHECK(strstr(err.message, "has no column \"nowhere\"") != NULL);
        CHECK_STATUS(brn_baseline_score(
                         &(struct brn_baseline_part){.name = "single-feature", .column = "color"},
                         &t.data, &t.arena, &s, &err),
                     BRINE_INPUT, &err);
        CHECK(err.row == 0);
    }
    brn_arena_free(&t.arena);
}

TEST(baseline_keys)
{
    struct brn_arena arena;
    struct brn_key_expression e;
    brine_error err;
    static const char *const wrong[] = {"floor(a)",    "floor(a / 0)",  "floor(a / x)",
                                        "floor(a / 2", "floor(a / -1)", "floor(a / inf)"};
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_key_parse("floor( sched minute / 60 )", &arena, &e, &err), &err);
    REQUIRE_OK(brn_key_parse("floor(sched_minute/60)", &arena, &e, &err), &err);
    CHECK_TEXT(e.column, "sched_minute");
    CHECK(e.divisor == 60);
    REQUIRE_OK(brn_key_parse("carrier", &arena, &e, &err), &err);
    CHECK(e.divisor == 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_STATUS(brn_key_parse(wrong[i], &arena, &e, &err), BRINE_FORMAT, &err);
    brn_arena_free(&arena);
}

/* ---- slices ---- */

static void expect_slice(struct tables *t, const char *expression, size_t count, size_t which,
                         const char *name, size_t rows)
{
    struct brn_slice_group *groups;
    size_t found;
    brine_error err;
    REQUIRE_OK(brn_slice_groups(expression, &t->test, &t->arena, &groups, &found, &err), &err);
    brn_test_check(found == count, __FILE__, __LINE__, "%s: %zu groups", expression, found);
    REQUIRE(which < found);
    CHECK_TEXT(groups[which].name, name);
    brn_test_check(groups[which].count == rows, __FILE__, __LINE__, "%s: %zu rows", name,
                   groups[which].count);
    for (size_t i = 1; i < groups[which].count; i++)
        CHECK(groups[which].rows[i - 1] < groups[which].rows[i]);
}

TEST(slice_expressions)
{
    struct tables t;
    if (open_tables(&t)) {
        expect_slice(&t, "color", 4, 0, "color=blue", 15);
        expect_slice(&t, "color", 4, 3, "color=violet", 19);
        expect_slice(&t, "color == red", 1, 0, "color == red", 14);
        expect_slice(&t, "a in [2,4)", 1, 0, "a in [2,4)", 25);
        expect_slice(&t, "a in ( -100 , 2 )", 1, 0, "a in ( -100 , 2 )", 14);
        expect_slice(&t, "missing(b)", 1, 0, "missing(b)", 19);
        expect_slice(&t, "month(day)", 1, 0, "month(day)=02", 60);
        expect_slice(&t, "id == 32000.0", 1, 0, "id == 32000.0", 1);
    }
    brn_arena_free(&t.arena);
}

TEST(slice_errors)
{
    static const char *const wrong[] = {"",     "a in 1,2",  "a in [1,2", "missing()",
                                        "a ==", " in [1,2)", "a in [x,2)"};
    struct tables t;
    if (open_tables(&t)) {
        struct brn_slice_group *groups;
        size_t count;
        brine_error err;
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
            CHECK_STATUS(brn_slice_groups(wrong[i], &t.test, &t.arena, &groups, &count, &err),
                         BRINE_FORMAT, &err);
        CHECK_STATUS(brn_slice_groups("nowhere", &t.test, &t.arena, &groups, &count, &err),
                     BRINE_INPUT, &err);
    }
    brn_arena_free(&t.arena);
}

TEST(partition_fingerprints_add_up_whatever_the_order)
{
    struct tables t;
    if (open_tables(&t)) {
        struct brn_fingerprint sum = brn_fingerprint_add(t.train.fingerprint, t.test.fingerprint);
        struct brn_fingerprint other = brn_fingerprint_add(t.test.fingerprint, t.train.fingerprint);
        char hex[33];
        CHECK(sum.low == other.low && sum.high == other.high);
        CHECK(t.train.fingerprint.low != t.test.fingerprint.low);
        struct brn_fingerprint big = {UINT64_MAX, 1}, one = {1, 0};
        big = brn_fingerprint_add(big, one);
        CHECK(big.low == 0 && big.high == 2);
        brn_fingerprint_hex(big, hex);
        CHECK_TEXT(hex, "00000000000000020000000000000000");
    }
    brn_arena_free(&t.arena);
}
