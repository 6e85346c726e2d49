/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests through the routes to a real model and back, without a socket. */
#include "faults.h"
#include "serve/routes.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct fixture {
    brine_model *model;
    struct brn_served served;
    struct brn_service service;
    struct brn_desk desk;
    struct brn_http_reply reply;
};

static brine_model *load(const char *path)
{
    brine_error err;
    brine_file *file;
    brine_model *model = NULL;
    brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    if (brine_open(path, NULL, &file, &err) != BRINE_OK)
        return NULL;
    if (brine_model_load(file, &options, &model, &err) != BRINE_OK)
        model = NULL;
    brine_close(file);
    return model;
}

static bool setup(struct fixture *f)
{
    brine_error err;
    const struct brn_served_terms terms = {.positive = brn_slice_of("1"), .threshold = 0.25};
    *f = (struct fixture){.model = load(BRINE_SOURCE_DIR "/demo/models/clean-linear.joblib")};
    if (!f->model ||
        brn_served_init(&f->served, f->model, "flights", "1", &terms, &err) != BRINE_OK)
        return false;
    f->service.served = &f->served;
    f->service.metrics = brn_metrics_new(&f->served, NULL, brn_route_patterns, brn_route_count());
    atomic_store(&f->service.is_ready, true);
    brn_desk_init(&f->desk, 64 << 20);
    return f->service.metrics != NULL;
}

static void teardown(struct fixture *f)
{
    brn_metrics_free(f->service.metrics);
    brn_served_free(&f->served);
    brine_model_unref(f->model);
    brn_desk_free(&f->desk);
    brn_buffer_free(&f->reply.body);
}

static unsigned ask(struct fixture *f, const char *method, const char *path, const char *type,
                    const char *body)
{
    struct brn_http_request request = {
        .method = method,
        .path = brn_slice_of(path),
        .content_type = type ? brn_slice_of(type) : (struct brn_slice){NULL, 0},
        .body = brn_slice_of(body),
        .received_at = brn_now_ns(),
        .is_admitted = atomic_load(&f->service.is_ready),
    };
    struct brn_exchange x = {
        .service = &f->service, .desk = &f->desk, .request = &request, .reply = &f->reply};
    brn_dispatch(&x);
    brn_buffer_byte(&f->reply.body, '\0');
    f->reply.body.size--;
    return f->reply.status;
}

static const char *body_of(const struct fixture *f)
{
    return (const char *)f->reply.body.data;
}

#define CHECK_BODY_HAS(f, part)                                                           \
    brn_test_check(strstr(body_of(f), (part)) != NULL, __FILE__, __LINE__, "%s lacks %s", \
                   body_of(f), (part))

#define ROW                                                                                       \
    "{\"carrier\":\"UA\",\"origin\":\"EWR\",\"dest\":\"ORD\",\"sched_minute\":600,\"weekday\":2," \
    "\"distance\":719,\"temp\":50,\"dewp\":30,\"humid\":50,\"wind_speed\":10,\"wind_gust\":null," \
    "\"precip\":0,\"pressure\":1013,\"visib\":10,\"recent_delay\":5}"
#define OTHER                                                                                      \
    "{\"carrier\":\"B6\",\"origin\":\"JFK\",\"dest\":\"BOS\",\"sched_minute\":1200,\"weekday\":5," \
    "\"distance\":187,\"temp\":70,\"dewp\":60,\"humid\":80,\"wind_speed\":20,\"wind_gust\":30,"    \
    "\"precip\":0.1,\"pressure\":null,\"visib\":3,\"recent_delay\":45}"

TEST(serve_dispatch_metadata)
{
    struct fixture f;
    REQUIRE(setup(&f));
    CHECK(ask(&f, "GET", "/v2", NULL, "") == 200);
    CHECK_BODY_HAS(&f, "binary_tensor_data");
    CHECK(ask(&f, "GET", "/v2/health/live", NULL, "") == 200);
    CHECK_TEXT(body_of(&f), "{\"live\":true}");
    CHECK(ask(&f, "HEAD", "/v2/health/ready", NULL, "") == 200);
    CHECK_TEXT(body_of(&f), "{\"live\":true,\"ready\":true}");
    CHECK(ask(&f, "GET", "/v2/models/flights", NULL, "") == 200);
    CHECK_BODY_HAS(&f, "{\"name\":\"carrier\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
    CHECK_BODY_HAS(&f, "{\"name\":\"predict_proba\",\"datatype\":\"FP64\",\"shape\":[-1,2]}");
    CHECK_BODY_HAS(&f, "{\"name\":\"decision\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
    CHECK(ask(&f, "GET", "/v2/models/flights/versions/1/ready", NULL, "") == 200);
    CHECK_TEXT(f.reply.content_type, "application/json");
    CHECK(ask(&f, "GET", "/openapi.json", NULL, "") == 200);
    CHECK(ask(&f, "GET", "/metrics", NULL, "") == 200);
    CHECK_BODY_HAS(&f, "brine_model_info{model=\"flights\",version=\"1\"");
    teardown(&f);
}

TEST(serve_dispatch_unknown)
{
    static const char *const paths[] = {
        "",
        "//",
        "/v3",
        "/v2/",
        "/v2/models",
        "/v2/models/",
        "/v2/models/other",
        "/v2/models/../etc",
        "/v2/models/flights/versions/2",
        "/v2/models/%66lights%2f",
        "/v2/models/%zz",
        "/v2/models/%00",
        "/v2/models/fli%ff",
        "/v2/models/flights/versions/",
    };
    struct fixture f;
    REQUIRE(setup(&f));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        brn_test_check(ask(&f, "GET", paths[i], NULL, "") == 404, __FILE__, __LINE__, "%s: got %u",
                       paths[i], f.reply.status);
        CHECK(strncmp(body_of(&f), "{\"error\":\"", 10) == 0);
    }
    CHECK(ask(&f, "GET", "/v2/models/%66lights", NULL, "") == 200);
    CHECK(ask(&f, "POST", "/v2", NULL, "") == 405);
    CHECK_TEXT(f.reply.allow, "GET, HEAD");
    CHECK(ask(&f, "GET", "/invocations", NULL, "") == 405);
    CHECK_TEXT(f.reply.allow, "POST");
    CHECK(ask(&f, "DELETE", "/", NULL, "") == 405);
    teardown(&f);
}

TEST(serve_dispatch_content_types)
{
    static const struct {
        const char *type;
        unsigned status;
    } cases[] = {
        {"application/json", 200},
        {"application/json; charset=UTF-8", 200},
        {"Application/JSON;charset=utf-8", 200},
        {"application/json; charset=latin1", 415},
        {"application/json; something=something", 415},
        {"application/x-www-form-urlencoded", 415},
        {"text/plain", 415},
        {"", 415},
        {NULL, 415},
    };
    struct fixture f;
    REQUIRE(setup(&f));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        brn_test_check(ask(&f, "POST", "/invocations", cases[i].type,
                           "{\"dataframe_records\":[" ROW "]}") == cases[i].status,
                       __FILE__, __LINE__, "%s: got %u", cases[i].type, f.reply.status);
    teardown(&f);
}

/* The same row alone and in any batch gives the same bytes. */
TEST(serve_dispatch_batch_invariance)
{
    struct fixture f;
    char alone[256], both[512];
    const char *json = "application/json";
    REQUIRE(setup(&f));
    REQUIRE(ask(&f, "POST", "/invocations", json, "{\"dataframe_records\":[" ROW "]}") == 200);
    snprintf(alone, sizeof alone, "%s", body_of(&f));
    char *row = strchr(alone, '['), *end = strrchr(alone, ']');
    REQUIRE(row && end);
    *end = '\0';
    for (int order = 0; order < 2; order++) {
        const char *body = order ? "{\"dataframe_records\":[" OTHER "," ROW "]}"
                                 : "{\"dataframe_records\":[" ROW "," OTHER "," ROW "]}";
        REQUIRE(ask(&f, "POST", "/invocations", json, body) == 200);
        snprintf(both, sizeof both, "%s", body_of(&f));
        CHECK(strstr(both, row + 1) != NULL);
    }
    teardown(&f);
}

#define NUMBER(name, value) \
    "{\"name\":\"" name "\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[" value "]},"
#define TEXT(name, value) \
    "{\"name\":\"" name "\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"" value "\"]},"
#define INPUTS                    \
    NUMBER("sched_minute", "600") \
    NUMBER("weekday", "2")        \
    NUMBER("distance", "719")     \
    NUMBER("temp", "50")          \
    NUMBER("dewp", "30")          \
    NUMBER("humid", "50")         \
    NUMBER("wind_speed", "10")    \
    NUMBER("wind_gust", "null")   \
    NUMBER("precip", "0")         \
    NUMBER("pressure", "1013")    \
    NUMBER("visib", "10") TEXT("carrier", "UA") TEXT("origin", "EWR") TEXT("dest", "ORD")

TEST(serve_dispatch_infer)
{
    struct fixture f;
    REQUIRE(setup(&f));
    const char *path = "/v2/models/flights/infer";
    CHECK(ask(&f, "POST", path, NULL,
              "{\"id\":\"q\",\"inputs\":[" INPUTS NUMBER("recent_delay", "5") NUMBER(
                  "extra",
                  "1") "{\"name\":\"more\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}],"
                       "\"outputs\":[{\"name\":\"predict\"},{\"name\":\"predict_proba\"},{\"name\":"
                       "\"probability\"},"
                       "{\"name\":\"decision\"},{\"name\":\"output-0\"}]}") == 200);
    CHECK_BODY_HAS(&f, "\"id\":\"q\"");
    CHECK_BODY_HAS(&f, "{\"name\":\"predict\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[0]}");
    CHECK_BODY_HAS(&f, "\"shape\":[1,2],\"data\":[0.8");
    CHECK_BODY_HAS(&f,
                   "{\"name\":\"decision\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"0\"]}");
    CHECK_BODY_HAS(&f, "{\"name\":\"output-0\",\"datatype\":\"FP64\"");
    CHECK(f.reply.rows == 1);
    CHECK(ask(&f, "POST", path, NULL, "{\"inputs\":[" INPUTS NUMBER("recent_delay", "5") "{}]}") ==
          400);
    CHECK_BODY_HAS(&f, "inputs[15]: ");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[" INPUTS
              "{\"name\":\"temp\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]}]}") == 400);
    CHECK_BODY_HAS(&f, "there twice");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[" INPUTS
              "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]}]}") == 400);
    CHECK_BODY_HAS(&f, "recent_delay");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[" INPUTS "{\"name\":\"recent_delay\",\"shape\":[1],\"datatype\":"
              "\"BYTES\",\"data\":[\"5\"]}]}") == 400);
    CHECK_BODY_HAS(&f, "takes a number");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[" INPUTS
              "{\"name\":\"recent_delay\",\"shape\":[2],\"datatype\":\"FP64\",\"data\":[5,6]}]}") ==
          400);
    CHECK_BODY_HAS(&f, "has 2 rows");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[" INPUTS
              "{\"name\":\"recent_delay\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[5]}],"
              "\"outputs\":[{\"name\":\"nope\"}]}") == 400);
    CHECK_BODY_HAS(&f, "no output");
    CHECK(ask(&f, "POST", path, NULL,
              "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"FP64\",\"data\":[1,2,3]}"
              "]}") == 400);
    CHECK_BODY_HAS(&f, "has 3 columns, the model takes 15");
    teardown(&f);
}

TEST(serve_dispatch_refused_row)
{
    struct fixture f;
    REQUIRE(setup(&f));
    CHECK(ask(&f, "POST", "/v2/models/flights/infer", NULL,
              "{\"inputs\":[" INPUTS "{\"name\":\"recent_delay\",\"shape\":[1],\"datatype\":"
              "\"FP64\",\"data\":[Infinity]}]}") == 422);
    CHECK_BODY_HAS(&f, "\"violations\":[{\"check\":\"model\"");
    CHECK_BODY_HAS(&f, "\"column\":\"recent_delay\"");
    teardown(&f);
}

TEST(serve_dispatch_draining_and_deadline)
{
    struct fixture f;
    REQUIRE(setup(&f));
    f.service.deadline_ns = 1;
    CHECK(ask(&f, "POST", "/invocations", "application/json",
              "{\"dataframe_records\":[" ROW "]}") == 504);
    f.service.deadline_ns = 0;
    atomic_store(&f.service.is_ready, false);
    CHECK(ask(&f, "POST", "/invocations", "application/json",
              "{\"dataframe_records\":[" ROW "]}") == 503);
    CHECK(ask(&f, "GET", "/v2/health/ready", NULL, "") == 503);
    CHECK(ask(&f, "GET", "/v2/health/live", NULL, "") == 200);
    CHECK(ask(&f, "GET", "/ping", NULL, "") == 503);
    teardown(&f);
}

TEST(serve_dispatch_csv)
{
    struct fixture f;
    REQUIRE(setup(&f));
    static const char header[] =
        "carrier,origin,dest,sched_minute,weekday,distance,temp,dewp,humid,"
        "wind_speed,wind_gust,precip,pressure,visib,recent_delay";
    char csv[512];
    snprintf(csv, sizeof csv, "%s\r\n\"UA\",EWR,ORD,600,2,719,50,30,50,10,,0,1013,10,\"5\"\r\n",
             header);
    CHECK(ask(&f, "POST", "/invocations", "text/csv", csv) == 200);
    char with_csv[256];
    snprintf(with_csv, sizeof with_csv, "%s", body_of(&f));
    CHECK(ask(&f, "POST", "/invocations", "application/json", "{\"instances\":[" ROW "]}") == 200);
    CHECK_TEXT(body_of(&f), with_csv);
    CHECK(ask(&f, "POST", "/invocations", "text/csv", header) == 200);
    CHECK_TEXT(body_of(&f), "{\"predictions\":[]}");
    CHECK(ask(&f, "POST", "/invocations", "text/csv", "") == 400);
    CHECK(ask(&f, "POST", "/invocations", "text/csv", "carrier,carrier\n1,2\n") == 400);
    CHECK(ask(&f, "POST", "/invocations", "text/csv", "carrier,origin\n1\n") == 400);
    CHECK(ask(&f, "POST", "/invocations", "text/csv", "carrier\n\"UA\n") == 400);
    teardown(&f);
}

/* A request that needs more than the thread's work memory ends with 413, and the next one is
 * served. */
TEST(serve_dispatch_out_of_room)
{
    enum { ROWS = 20000 };
    struct fixture f;
    REQUIRE(setup(&f));
    brn_desk_free(&f.desk);
    brn_desk_init(&f.desk, 1 << 20);
    struct brn_buffer body = {.data = NULL};
    brn_buffer_text(&body, "{\"dataframe_records\":[" ROW);
    for (int i = 1; i < ROWS; i++)
        brn_buffer_text(&body, "," ROW);
    brn_buffer_text(&body, "]}");
    brn_buffer_byte(&body, '\0');
    REQUIRE(!body.failed);
    CHECK(ask(&f, "POST", "/invocations", "application/json", (const char *)body.data) == 413);
    CHECK(ask(&f, "POST", "/invocations", "application/json",
              "{\"dataframe_records\":[" ROW "]}") == 200);
    brn_buffer_free(&body);
    teardown(&f);
}

#define WHOLE                      \
    "{\"inputs\":[" INPUTS NUMBER( \
        "recent_delay",            \
        "5") "{\"name\":\"b\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}]}"

/* Once its buffers have grown, a thread answers without the allocator. */
TEST(serve_dispatch_allocates_nothing)
{
    static const struct {
        const char *path, *body;
    } requests[] = {{"/v2/models/flights/infer", WHOLE},
                    {"/invocations", "{\"dataframe_records\":[" ROW "," OTHER "]}"},
                    {"/invocations", "{\"dataframe_records\":[{\"wrong\":1}]}"}};
    struct fixture f;
    REQUIRE(setup(&f));
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < 3; i++) {
            brn_faults_after(round == 2 ? 1 : 0);
            unsigned status =
                ask(&f, "POST", requests[i].path, "application/json", requests[i].body);
            bool hit = brn_faults_hit();
            brn_faults_after(0);
            CHECK(status == (i == 2 ? 400u : 200u));
            CHECK(!hit);
        }
    teardown(&f);
}

static void fail_each_allocation(const char *path, const char *type, const char *body)
{
    bool hit = true;
    for (long n = 1; hit && n < 1000; n++) {
        struct fixture f;
        REQUIRE(setup(&f));
        f.reply.body.limit = 0;
        brn_faults_after(n);
        unsigned status = ask(&f, "POST", path, type, body);
        hit = brn_faults_hit();
        brn_faults_after(0);
        brn_test_check(status == 200 || status == 413 || status == 503, __FILE__, __LINE__,
                       "%s: allocation %ld fails: got %u %s", path, n, status, body_of(&f));
        CHECK(ask(&f, "POST", path, type, body) == 200);
        teardown(&f);
    }
    CHECK(!hit);
}

TEST(serve_dispatch_every_allocation_fails)
{
    fail_each_allocation("/v2/models/flights/infer", "application/json", WHOLE);
    fail_each_allocation("/invocations", "application/json",
                         "{\"dataframe_records\":[" ROW
                         ",{\"origin\":\"J\\u0046K\",\"carrier\":\"UA\","
                         "\"dest\":\"BOS\",\"sched_minute\":1,\"weekday\":1,\"distance\":100}]}");
    fail_each_allocation(
        "/invocations", "text/csv",
        "carrier,origin,dest,sched_minute,weekday,distance,temp,dewp,humid,wind_speed,"
        "wind_gust,precip,pressure,visib,recent_delay\n"
        "UA,EWR,\"O\"\"D\",600,2,719,50,30,50,10,,0,1013,10,5\n");
}

TEST(serve_page_escapes)
{
    struct fixture f;
    REQUIRE(setup(&f));
    f.served.name = "<script>alert('x')</script>";
    CHECK(ask(&f, "GET", "/", NULL, "") == 200);
    CHECK(f.reply.is_page);
    CHECK(strstr(body_of(&f), "<script>") == NULL);
    CHECK_BODY_HAS(&f, "&lt;script&gt;alert(&#39;x&#39;)");
    teardown(&f);
}
