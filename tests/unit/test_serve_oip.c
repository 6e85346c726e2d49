/* SPDX-License-Identifier: Apache-2.0
 *
 * The Open Inference Protocol as bytes: what is read, and what is refused.  Several of the hostile
 * bodies are those of triton-inference-server/server, qa/L0_http and qa/L0_input_validation. */
#include "serve/oip.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A decoded body; end with finish(). */
struct decoding {
    struct brn_work work;
    struct brn_buffer storage;
    struct brn_oip_request request;
    brine_error error;
};

static brine_status decode_bytes(struct decoding *d, struct brn_slice body, const char *length)
{
    *d = (struct decoding){.error = {.status = BRINE_OK}};
    brn_work_init(&d->work, 0);
    struct brn_slice header = length ? brn_slice_of(length) : (struct brn_slice){NULL, 0};
    return brn_oip_decode(body, header, &d->work, &d->storage, &d->request, &d->error);
}

static brine_status decode(struct decoding *d, const char *body)
{
    return decode_bytes(d, brn_slice_of(body), NULL);
}

static void finish(struct decoding *d)
{
    brn_work_free(&d->work);
    brn_buffer_free(&d->storage);
}

/* The whole error text: path and message. */
static void check_refused(const char *body, const char *length, const char *part)
{
    struct decoding d;
    brine_status status = decode_bytes(&d, brn_slice_of(body), length);
    brn_test_check(status != BRINE_OK &&
                       (strstr(d.error.message, part) || strstr(d.error.path, part)),
                   __FILE__, __LINE__, "%.80s: got %s: %s (%s), expected %s", body,
                   brine_status_text(status), d.error.message, d.error.path, part);
    finish(&d);
}

TEST(serve_oip_request)
{
    struct decoding d;
    REQUIRE_OK(
        decode(
            &d,
            "{\"id\":\"a\\u00e9\",\"inputs\":["
            "{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP64\",\"data\":[[1,2.5],[null,NaN]]},"
            "{\"data\":[\"a\",null,\"\"],\"datatype\":\"BYTES\",\"shape\":[3],\"name\":\"t\"}],"
            "\"outputs\":[{\"name\":\"p\",\"parameters\":{\"binary_data\":true}}],"
            "\"parameters\":{\"timeout\":5,\"binary_data_output\":true,\"other\":\"x\"},"
            "\"unknown\":{\"a\":[1]}}"),
        &d.error);
    CHECK(brn_slice_is(d.request.id, "a\xc3\xa9"));
    CHECK(d.request.input_count == 2 && d.request.output_count == 1);
    CHECK(d.request.timeout_us == 5 && d.request.binary_outputs);
    CHECK(d.request.outputs[0].binary == BRN_BINARY_YES);
    const double *x = d.request.inputs[0].data;
    CHECK(x[0] == 1 && x[1] == 2.5 && isnan(x[2]) && isnan(x[3]));
    const struct brn_slice *t = d.request.inputs[1].data;
    CHECK(brn_slice_is(t[0], "a") && !t[1].p && t[2].p && t[2].n == 0);
    finish(&d);
}

TEST(serve_oip_flat_and_nested_are_the_same)
{
    struct decoding flat, nested;
    REQUIRE_OK(decode(&flat,
                      "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,1,2],\"datatype\":\"INT32\","
                      "\"data\":[1,-2,3,4]}]}"),
               &flat.error);
    REQUIRE_OK(decode(&nested,
                      "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,1,2],\"datatype\":\"INT32\","
                      "\"data\":[[[1,-2]],[[3,4]]]}]}"),
               &nested.error);
    CHECK(memcmp(flat.request.inputs[0].data, nested.request.inputs[0].data, 16) == 0);
    finish(&flat);
    finish(&nested);
}

#define ONE(shape, datatype, data)                                              \
    "{\"inputs\":[{\"name\":\"x\",\"shape\":" shape ",\"datatype\":\"" datatype \
    "\",\"data\":" data "}]}"

static void check_accepted(const char *body)
{
    struct decoding d;
    CHECK_STATUS(decode(&d, body), BRINE_OK, &d.error);
    finish(&d);
}

TEST(serve_oip_bounds_of_datatypes)
{
    check_accepted(ONE("[2]", "INT8", "[127,-128]"));
    check_accepted(ONE("[2]", "UINT64", "[0,18446744073709551615]"));
    check_accepted(ONE("[1]", "INT64", "[-9223372036854775808]"));
    check_accepted(ONE("[3]", "BOOL", "[true,false,1]"));
    check_accepted(ONE("[2]", "FP16", "[65504,null]"));
    check_accepted(ONE("[2]", "FP32", "[Infinity,-Infinity]"));
    check_accepted(ONE("[0]", "FP32", "[]"));
    check_accepted(ONE("[]", "FP32", "[1]"));
    check_refused(ONE("[1]", "INT8", "[128]"), NULL, "does not hold");
    check_refused(ONE("[1]", "INT8", "[-129]"), NULL, "does not hold");
    check_refused(ONE("[1]", "UINT8", "[-1]"), NULL, "does not hold");
    check_refused(ONE("[1]", "INT64", "[9223372036854775808]"), NULL, "does not hold");
    check_refused(ONE("[1]", "INT64", "[1.5]"), NULL, "whole numbers");
    check_refused(ONE("[1]", "INT64", "[null]"), NULL, "no null");
    check_refused(ONE("[1]", "BOOL", "[2]"), NULL, "true and false");
    check_refused(ONE("[1]", "FP32", "[1e39]"), NULL, "this large");
    check_refused(ONE("[1]", "FP16", "[65520]"), NULL, "this large");
    check_refused(ONE("[1]", "FP64", "[\"1\"]"), NULL, "numbers and null");
    check_refused(ONE("[1]", "BYTES", "[1]"), NULL, "strings and null");
    check_refused(ONE("[1]", "STRING", "[1]"), NULL, "no such datatype");
}

TEST(serve_oip_hostile_shapes)
{
    check_refused(ONE("[16,1152921504606846978]", "FP64", "[1]"), NULL, "larger than any tensor");
    check_refused(ONE("[2147483647,2147483647,2147483647]", "FP64", "[1]"), NULL, "overflows");
    check_refused(ONE("[2147483647]", "FP64", "[1]"), NULL, "more than the body has bytes");
    check_refused(ONE("[-1]", "FP64", "[1]"), NULL, "whole numbers from 0");
    check_refused(ONE("[1.5]", "FP64", "[1]"), NULL, "whole numbers from 0");
    check_refused(ONE("[1,1,1,1,1,1,1,1,1]", "FP64", "[1]"), NULL, "8 dimensions");
    check_refused(ONE("3", "FP64", "[1]"), NULL, "must be an array");
    check_refused(ONE("[2]", "FP64", "[1]"), NULL, "fewer elements");
    check_refused(ONE("[2]", "FP64", "[1,2,3]"), NULL, "more elements");
    check_refused(ONE("[2,2]", "FP64", "[[1,2],[3]]"), NULL, "neither flat nor nested");
    check_refused(ONE("[2,2]", "FP64", "[[1,2,3],[4]]"), NULL, "neither flat nor nested");
    check_refused(ONE("[2,2]", "FP64", "[[1,2],3,4]"), NULL, "neither flat nor nested");
    check_refused(ONE("[2,2]", "FP64", "[1,[2],3,4]"), NULL, "neither flat nor nested");
    check_refused(ONE("[2]", "FP64", "[[1,2]]"), NULL, "neither flat nor nested");
    check_refused(ONE("[1]", "FP64", "[{}]"), NULL, "objects");
    check_refused(ONE("[1]", "FP64", "1"), NULL, "must be an array");
}

TEST(serve_oip_malformed)
{
    check_refused("", NULL, "");
    check_refused("[]", NULL, "JSON object");
    check_refused("{}", NULL, "missing or empty");
    check_refused("{\"inputs\":[]}", NULL, "missing or empty");
    check_refused("{\"inputs\":{}}", NULL, "must be an array");
    check_refused("{\"inputs\":[1]}", NULL, "must be an object");
    check_refused("{\"inputs\":[{\"name\":\"x\"}]}", NULL, "\"datatype\" is missing");
    check_refused("{\"id\":7,\"inputs\":[]}", NULL, "must be a string");
    check_refused("{\"id\":\"a\",\"id\":\"b\"}", NULL, "twice");
    check_refused("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"shape\":[1]}]}", NULL, "twice");
    check_refused(ONE("[1]", "FP64", "[1]") "x", NULL, "");
    check_refused("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\"}]}", NULL,
                  "\"data\" is missing");
    check_refused("{\"outputs\":[{\"name\":\"p\"},{\"name\":\"p\"}]}", NULL, "asked for twice");
    check_refused("{\"outputs\":[{}]}", NULL, "\"name\" is missing");
    check_refused("{\"parameters\":{\"timeout\":-1}}", NULL, "microseconds");
    check_refused("{\"outputs\":[{\"name\":\"p\",\"parameters\":{\"classification\":2}}]}", NULL,
                  "not offered");
}

TEST(serve_oip_depth)
{
    enum { DEEP = 250000 };
    char *body = malloc(DEEP + 64);
    REQUIRE(body != NULL);
    for (int depth = 50; depth <= DEEP; depth = depth == 50    ? 120
                                                : depth == 120 ? DEEP
                                                               : DEEP + 1) {
        int n = snprintf(body, 64, "{\"unknown\":");
        memset(body + n, '[', (size_t)depth);
        memset(body + n + depth, ']', depth == 50 ? 50 : 0);
        snprintf(body + n + depth + (depth == 50 ? 50 : 0), 16, "}");
        struct decoding d;
        brine_status status = decode(&d, body);
        CHECK(status == (depth == 50 ? BRINE_FORMAT : status) && status != BRINE_OK);
        if (depth == 50) /* deep, but fine: what is wrong is that inputs lack */
            CHECK(strstr(d.error.message, "missing or empty") != NULL);
        finish(&d);
    }
    free(body);
}

/* ---- binary tensors ---- */

TEST(serve_oip_binary)
{
    struct decoding d;
    static const char json[] =
        "{\"inputs\":[{\"name\":\"a\",\"shape\":[2],\"datatype\":\"FP32\",\"parameters\":{\"binary_"
        "data_size\":8}},"
        "{\"name\":\"b\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[7,8]},"
        "{\"name\":\"c\",\"shape\":[2,1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_"
        "size\":11}}]}";
    static const uint8_t raw[] = {0, 0, 0x80, 0x3f, 0,   0, 0x20, 0xc0, 3, 0,
                                  0, 0, 'a',  0,    'b', 0, 0,    0,    0};
    uint8_t body[sizeof json - 1 + sizeof raw];
    char length[16];
    memcpy(body, json, sizeof json - 1);
    memcpy(body + sizeof json - 1, raw, sizeof raw);
    snprintf(length, sizeof length, "%zu", sizeof json - 1);
    REQUIRE_OK(decode_bytes(&d, (struct brn_slice){body, sizeof body}, length), &d.error);
    const float *a = d.request.inputs[0].data;
    const struct brn_slice *c = d.request.inputs[2].data;
    CHECK(a[0] == 1.0f && a[1] == -2.5f);
    CHECK(c[0].n == 3 && memcmp(c[0].p, "a\0b", 3) == 0);
    CHECK(c[1].n == 0 && c[1].p != NULL);
    finish(&d);
}

/* An empty tensor of KServe's SDK: a size of 0 and "data": null. */
TEST(serve_oip_binary_empty)
{
    struct decoding d;
    static const char json[] = "{\"inputs\":[{\"name\":\"a\",\"shape\":[0],\"datatype\":\"BYTES\","
                               "\"data\":null,\"parameters\":{\"binary_data_size\":0}}]}";
    char length[16];
    snprintf(length, sizeof length, "%zu", sizeof json - 1);
    CHECK_STATUS(decode_bytes(&d, brn_slice_of(json), length), BRINE_OK, &d.error);
    finish(&d);
}

TEST(serve_oip_binary_hostile)
{
    static const char body[] = "{\"inputs\":[{\"name\":\"a\",\"shape\":[2],\"datatype\":\"FP32\","
                               "\"parameters\":{\"binary_data_size\":8}}]}12345678";
    char length[16];
    snprintf(length, sizeof length, "%zu", sizeof body - 1 - 8);
    struct decoding d;
    CHECK_STATUS(decode_bytes(&d, brn_slice_of(body), length), BRINE_OK, &d.error);
    finish(&d);
    static const char *const lengths[] = {"99999999999",          "-123", "text", "",  "0",
                                          "18446744073709551617", "1000", " 5",   "5 "};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        CHECK(decode_bytes(&d, brn_slice_of(body), lengths[i]) == BRINE_FORMAT);
        finish(&d);
    }
    struct brn_slice cut = {(const uint8_t *)body, sizeof body - 2};
    CHECK(decode_bytes(&d, cut, length) == BRINE_FORMAT);
    CHECK(strstr(d.error.message, "7 bytes are left") != NULL);
    finish(&d);
}

#define BINARY(shape, datatype, size, raw)                                      \
    "{\"inputs\":[{\"name\":\"a\",\"shape\":" shape ",\"datatype\":\"" datatype \
    "\",\"parameters\":{\"binary_data_size\":" size "}}]}" raw

static void check_binary_refused(const char *body, const char *part)
{
    char length[16];
    snprintf(length, sizeof length, "%zu", (size_t)(strstr(body, "}]}") - body + 3));
    check_refused(body, length, part);
}

TEST(serve_oip_binary_sizes)
{
    check_binary_refused(BINARY("[2]", "FP64", "8", "12345678"), "expected 16 bytes, got 8");
    check_binary_refused(BINARY("[1]", "FP64", "8", "123456789"), "1 bytes are left");
    check_binary_refused(BINARY("[1]", "FP64", "18446744073709551615", "1"), "bytes are left");
    check_binary_refused(BINARY("[1]", "BOOL", "1", "2"), "neither 0 nor 1");
    check_binary_refused(BINARY("[1]", "BYTES", "4", "zzzz"), "reaches beyond");
    check_binary_refused(BINARY("[2]", "BYTES", "3", "abc"), "reaches beyond");
    check_binary_refused(BINARY("[0]", "BYTES", "3", "abc"), "are left after the last element");
}

/* ---- halves ---- */

TEST(serve_half_from_double)
{
    static const struct {
        double value;
        uint16_t half;
    } cases[] = {
        {0.0, 0x0000},
        {-0.0, 0x8000},
        {1.0, 0x3C00},
        {-2.0, 0xC000},
        {65504, 0x7BFF},
        {65519, 0x7BFF},
        {65520, 0x7C00},
        {0.1, 0x2E66},
        {6.103515625e-05, 0x0400},
        {5.9604644775390625e-08, 0x0001},
        {2.98023223876953125e-08, 0x0000},
        {2.99e-08, 0x0001},
        {2049, 0x6800},
        {2051, 0x6802},
        {1.0 / 3, 0x3555},
        {6.1e-05, 0x03FF},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        brn_test_check(brn_half_from_double(cases[i].value) == cases[i].half, __FILE__, __LINE__,
                       "%g: got %04x, expected %04x", cases[i].value,
                       brn_half_from_double(cases[i].value), cases[i].half);
}

/* ---- answers ---- */

static const int32_t places[] = {0, 1};

TEST(serve_oip_answer_json)
{
    static const double numbers[] = {0.1, NAN, 1e300, -0.0};
    static const int32_t codes[] = {1, 0};
    static const struct brn_slice texts[] = {{(const uint8_t *)"a\"", 2},
                                             {(const uint8_t *)"b", 1}};
    static const struct brn_value values[] = {{.kind = BRN_VALUE_TEXT}, {.kind = BRN_VALUE_TEXT}};
    const struct brn_label_set labels = {2, values, texts};
    struct brn_output outputs[] = {
        {.name = "p",
         .datatype = brn_datatype_find(brn_slice_of("FP64")),
         .rows = 2,
         .width = 2,
         .numbers = numbers,
         .stride = 2,
         .places = places},
        {.name = "l",
         .datatype = brn_datatype_find(brn_slice_of("BYTES")),
         .rows = 2,
         .width = 1,
         .is_vector = true,
         .codes = codes,
         .stride = 1,
         .places = places,
         .labels = &labels},
    };
    struct brn_oip_answer answer = {"m", "1", brn_slice_of("i"), outputs, 2};
    struct brn_buffer out = {.data = NULL};
    brine_error err = {.status = BRINE_OK};
    size_t length = 99;
    REQUIRE_OK(brn_oip_encode(&answer, &out, &length, &err), &err);
    brn_buffer_byte(&out, '\0');
    CHECK(length == 0);
    CHECK_TEXT(
        (const char *)out.data,
        "{\"model_name\":\"m\",\"model_version\":\"1\",\"id\":\"i\",\"outputs\":["
        "{\"name\":\"p\",\"datatype\":\"FP64\",\"shape\":[2,2],\"data\":[0.1,null,1e+300,-0.0]},"
        "{\"name\":\"l\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"b\",\"a\\\"\"]}]}");
    brn_buffer_free(&out);
}

TEST(serve_oip_answer_infinite)
{
    static const double numbers[] = {-INFINITY};
    struct brn_output output = {.name = "p",
                                .datatype = brn_datatype_find(brn_slice_of("FP64")),
                                .rows = 1,
                                .width = 1,
                                .numbers = numbers,
                                .stride = 1,
                                .places = places};
    struct brn_oip_answer answer = {"m", "1", brn_slice_of("i"), &output, 1};
    struct brn_buffer out = {.data = NULL};
    brine_error err = {.status = BRINE_OK};
    size_t length;
    CHECK(brn_oip_encode(&answer, &out, &length, &err) == BRINE_INPUT);
    out.size = 0;
    output.is_binary = true;
    REQUIRE_OK(brn_oip_encode(&answer, &out, &length, &err), &err);
    CHECK(out.size == length + 8 && memcmp(out.data + length, numbers, 8) == 0);
    brn_buffer_free(&out);
}
