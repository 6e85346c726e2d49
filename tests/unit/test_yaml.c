/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/yaml.h"
#include "faults.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static brine_status parse(const char *text, struct brn_arena *arena,
                          struct brn_json_value **ret_root, brine_error *err)
{
    brn_arena_init(arena, 0);
    return brn_yaml_parse(brn_slice_of(text), NULL, arena, ret_root, err);
}

TEST(yaml_resolves_by_the_core_schema_only)
{
    static const struct {
        const char *text;
        enum brn_json_kind kind;
        double number;
    } cases[] = {
        {"NO", BRN_JSON_STRING, 0},
        {"off", BRN_JSON_STRING, 0},
        {"yes", BRN_JSON_STRING, 0},
        {"y", BRN_JSON_STRING, 0},
        {"2013-10-01", BRN_JSON_STRING, 0},
        {"12:30", BRN_JSON_STRING, 0},
        {"1.5.2", BRN_JSON_STRING, 0},
        {"9E", BRN_JSON_STRING, 0},
        {"1_000", BRN_JSON_STRING, 0},
        {"0b1", BRN_JSON_STRING, 0},
        {"'5'", BRN_JSON_STRING, 0},
        {"!!str 5", BRN_JSON_STRING, 0},
        {".", BRN_JSON_STRING, 0},
        {"+", BRN_JSON_STRING, 0},
        {"e5", BRN_JSON_STRING, 0},
        {"inf", BRN_JSON_STRING, 0},
        {"nan", BRN_JSON_STRING, 0},
        {"true", BRN_JSON_BOOL, 0},
        {"FALSE", BRN_JSON_BOOL, 0},
        {"null", BRN_JSON_NULL, 0},
        {"~", BRN_JSON_NULL, 0},
        {"5", BRN_JSON_NUMBER, 5},
        {"-5", BRN_JSON_NUMBER, -5},
        {"+5", BRN_JSON_NUMBER, 5},
        {"010", BRN_JSON_NUMBER, 10},
        {"0o10", BRN_JSON_NUMBER, 8},
        {"0xfF", BRN_JSON_NUMBER, 255},
        {"1e3", BRN_JSON_NUMBER, 1000},
        {".5", BRN_JSON_NUMBER, 0.5},
        {"5.", BRN_JSON_NUMBER, 5},
        {"-.inf", BRN_JSON_NUMBER, -INFINITY},
        {"0.95", BRN_JSON_NUMBER, 0.95},
        {"9E2", BRN_JSON_NUMBER, 900},
        {"99999999999999999999", BRN_JSON_NUMBER, 1e20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_arena arena;
        struct brn_json_value *v;
        brine_error err;
        brine_status status = parse(cases[i].text, &arena, &v, &err);
        if (brn_test_check(status == BRINE_OK, __FILE__, __LINE__, "%s: %s", cases[i].text,
                           err.message)) {
            brn_test_check(v->kind == cases[i].kind, __FILE__, __LINE__, "%s", cases[i].text);
            if (v->kind == BRN_JSON_NUMBER)
                brn_test_check(v->number == cases[i].number, __FILE__, __LINE__, "%s: %g",
                               cases[i].text, v->number);
        }
        brn_arena_free(&arena);
    }
}

TEST(yaml_keeps_integers_whole_and_places)
{
    struct brn_arena arena;
    struct brn_json_value *v;
    brine_error err;
    REQUIRE_OK(parse("a: 1\nbig: 18446744073709551615\nlow: -9223372036854775808\nx: [p, {q: r}]\n",
                     &arena, &v, &err),
               &err);
    const struct brn_json_value *big = brn_json_get(v, "big"), *low = brn_json_get(v, "low");
    CHECK(big->is_integer && !big->is_negative && big->integer == UINT64_MAX);
    CHECK(low->is_integer && low->is_negative && (int64_t)low->integer == INT64_MIN);
    const struct brn_json_value *x = brn_json_get(v, "x");
    REQUIRE(x->kind == BRN_JSON_ARRAY && x->count == 2);
    CHECK(x->line == 4 && x->column == 4);
    CHECK(brn_slice_is(brn_json_get(&x->items[1], "q")->text, "r"));
    CHECK(x->items[1].items[0].line == 4 && x->items[1].items[0].column == 12);
    brn_arena_free(&arena);
}

TEST(yaml_takes_json)
{
    struct brn_arena arena;
    struct brn_json_value *v;
    brine_error err;
    REQUIRE_OK(
        parse("{\"a\":[1,true,null,\"\\ud83d\\ude00\"],\n \"b\":{\"c\":\"d\"}}", &arena, &v, &err),
        &err);
    CHECK(brn_json_get(v, "a")->count == 4);
    CHECK(brn_slice_is(brn_json_get(brn_json_get(v, "b"), "c")->text, "d"));
    CHECK(brn_json_get(v, "b")->line == 2);
    brn_arena_free(&arena);
}

TEST(yaml_copies_aliases_under_a_cap)
{
    struct brn_arena arena;
    struct brn_json_value *v;
    brine_error err;
    REQUIRE_OK(parse("a: &x {k: 1}\nb: *x\n", &arena, &v, &err), &err);
    CHECK(brn_json_get(brn_json_get(v, "b"), "k")->integer == 1);
    brn_arena_free(&arena);

    /* nine references a level: 9^10 values when all are written out */
    char bomb[2048];
    size_t n = (size_t)snprintf(bomb, sizeof bomb, "a0: &a0 [z,z,z,z,z,z,z,z,z]\n");
    for (int i = 1; i < 10; i++)
        n += (size_t)snprintf(bomb + n, sizeof bomb - n,
                              "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
                              i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    CHECK_STATUS(parse(bomb, &arena, &v, &err), BRINE_FORMAT, &err);
    CHECK(strstr(err.message, "more than 100000 values") != NULL);
    brn_arena_free(&arena);
}

TEST(yaml_refuses_with_line_and_column)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "line 3, column 1: \"a\" stands here twice"},
        {"a: &x [*x]\n", "line 1, column 8: an alias of nothing that ended before it"},
        {"a: *y\n", "line 1, column 4: an alias of nothing that ended before it"},
        {"? [1]\n: 2\n", "line 1, column 3: a key must be a plain word"},
        {"a: 1\n---\nb: 2\n", "line 2, column 1: a second document in one file"},
        {"a: !!binary aGk=\n", "line 1, column 4: a tag that is not used here; leave it out"},
        {"a: !!int x\n", "line 1, column 4: a tag that is not used here; leave it out"},
        {"a: !!python/object:os.system {}\n",
         "line 1, column 4: a tag that is not used here; leave it out"},
        {"", "the document is empty"},
        {"# only a remark\n", "the document is empty"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_arena arena;
        struct brn_json_value *v;
        brine_error err = {0};
        CHECK_STATUS(parse(cases[i].text, &arena, &v, &err), BRINE_FORMAT, &err);
        CHECK_TEXT(err.message, cases[i].message);
        brn_arena_free(&arena);
    }
}

TEST(yaml_refuses_what_is_no_yaml)
{
    static const char *const cases[] = {
        "a: [1, 2", "a: b: c", "\ta: 1", "a: \"x", "%YAML 9.9\n---\na",
        "\xff\xfe", "a: \x01", "- a\nb", "{",      "[[[[",
        "&",        "*"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_arena arena;
        struct brn_json_value *v;
        brine_error err = {0};
        brine_status status = parse(cases[i], &arena, &v, &err);
        brn_test_check(status == BRINE_FORMAT, __FILE__, __LINE__, "%s gives %s", cases[i],
                       brine_status_text(status));
        brn_arena_free(&arena);
    }
}

TEST(yaml_limits_depth_and_size)
{
    struct brn_arena arena;
    struct brn_json_value *v;
    brine_error err;
    char deep[100002];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    CHECK_STATUS(parse(deep, &arena, &v, &err), BRINE_FORMAT, &err);
    brn_arena_free(&arena);
    struct brn_yaml_limits small = {.max_bytes = 8};
    brn_arena_init(&arena, 0);
    CHECK_STATUS(brn_yaml_parse(brn_slice_of("a: 123456"), &small, &arena, &v, &err), BRINE_LIMIT,
                 &err);
    brn_arena_free(&arena);
}

TEST(yaml_survives_every_failing_allocation)
{
    for (long n = 1;; n++) {
        struct brn_arena arena;
        struct brn_json_value *v;
        brn_faults_after(n);
        brine_status status = parse("a: &x [1, two, {b: *q}]\nc: &q {d: [*x]}\n", &arena, &v, NULL);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        brn_arena_free(&arena);
        if (!hit) {
            CHECK(status == BRINE_FORMAT); /* *q stands before its anchor */
            break;
        }
        CHECK(status == BRINE_NOMEM);
        REQUIRE(n < 1000);
    }
}
