/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/exchange.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { KEPT_BYTES = 4 << 20 };

void brn_desk_init(struct brn_desk *desk, uint64_t work_limit)
{
    *desk = (struct brn_desk){.storage = {.limit = (size_t)work_limit}, .next_id = brn_now_ns()};
    brn_work_init(&desk->work, (size_t)work_limit);
    brn_arena_init(&desk->arena, work_limit);
}

void brn_desk_free(struct brn_desk *desk)
{
    brn_work_free(&desk->work);
    brn_arena_free(&desk->arena);
    brn_buffer_free(&desk->storage);
}

void brn_desk_trim(struct brn_desk *desk)
{
    size_t limit = desk->work.limit;
    if (desk->work.total > KEPT_BYTES) {
        brn_work_free(&desk->work);
        brn_work_init(&desk->work, limit);
    }
    if (desk->storage.capacity > KEPT_BYTES)
        brn_buffer_free(&desk->storage);
}

static const struct {
    brine_status status;
    unsigned http;
} http_statuses[] = {
    {BRINE_OK, 200},    {BRINE_FORMAT, 400}, {BRINE_USAGE, 400},       {BRINE_LIMIT, 413},
    {BRINE_INPUT, 422}, {BRINE_NOMEM, 503},  {BRINE_UNSUPPORTED, 501},
};

unsigned brn_http_status(brine_status status)
{
    for (size_t i = 0; i < sizeof http_statuses / sizeof http_statuses[0]; i++)
        if (http_statuses[i].status == status)
            return http_statuses[i].http;
    return 500;
}

const char *brn_http_status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        {200, "OK"},
        {400, "malformed request"},
        {404, "no such path or model"},
        {405, "another method is asked for here"},
        {413, "larger than the server takes"},
        {415, "a content type that is not read here"},
        {422, "breaks the data contract, or a row that the model refuses"},
        {501, "not offered"},
        {503, "not ready, or not admitted: try again later"},
        {504, "the deadline passed at work"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "error";
}

struct brn_json_writer brn_reply_json(struct brn_exchange *x, unsigned status)
{
    struct brn_http_reply *reply = x->reply;
    reply->status = status;
    /* Without a charset: KServe's SDK reads errors under exactly this type only. */
    reply->content_type = "application/json";
    reply->json_length = 0;
    reply->body.size = 0;
    reply->body.failed = false;
    return (struct brn_json_writer){.out = &reply->body};
}

/* OIP clients read "error", MLflow's read "error_code" and "message". */
static void begin_problem(struct brn_exchange *x, unsigned status, const char *message,
                          struct brn_json_writer *ret_writer)
{
    *ret_writer = brn_reply_json(x, status);
    brn_json_begin_object(ret_writer);
    brn_json_key(ret_writer, "error");
    brn_json_string(ret_writer, message);
    brn_json_key(ret_writer, "error_code");
    brn_json_string(ret_writer, status < 500 ? "BAD_REQUEST" : "UNAVAILABLE");
    brn_json_key(ret_writer, "message");
    brn_json_string(ret_writer, message);
}

void brn_reply_error(struct brn_exchange *x, unsigned status, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct brn_json_writer w;
    begin_problem(x, status, message, &w);
    brn_json_end_object(&w);
}

/* "inputs[0]: row 3, column temp: … (at byte 17)" */
static void describe(const brine_error *err, char *out, size_t size)
{
    char row[32] = "", column[80] = "", offset[48] = "";
    if (err->row != BRINE_NOWHERE)
        snprintf(row, sizeof row, "row %" PRIu64 ": ", err->row);
    if (err->column[0])
        snprintf(column, sizeof column, "column \"%s\": ", err->column);
    if (err->offset != BRINE_NOWHERE)
        snprintf(offset, sizeof offset, " (at byte %" PRIu64 " of the body)", err->offset);
    snprintf(out, size, "%s%s%s%s%s%s", err->path, err->path[0] ? ": " : "", row, column,
             err->message, offset);
}

static void write_violation(struct brn_json_writer *w, const char *check, const char *rule,
                            const char *column, uint64_t row, const char *message)
{
    const struct {
        const char *key, *value;
    } texts[] = {{"check", check}, {"rule", rule}, {"column", column}, {"message", message}};
    brn_json_begin_object(w);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].value) {
            brn_json_key(w, texts[i].key);
            brn_json_string(w, texts[i].value);
        }
    if (row != BRINE_NOWHERE) {
        brn_json_key(w, "row");
        brn_json_uint(w, row);
    }
    brn_json_end_object(w);
}

static void write_refused_row(const brine_error *err, struct brn_json_writer *w)
{
    brn_json_key(w, "violations");
    brn_json_begin_array(w);
    write_violation(w, "model", "model", err->column[0] ? err->column : NULL, err->row,
                    err->message);
    brn_json_end_array(w);
}

void brn_reply_failure(struct brn_exchange *x, const brine_error *err)
{
    char message[768];
    struct brn_json_writer w;
    describe(err, message, sizeof message);
    begin_problem(x, brn_http_status(err->status), message, &w);
    if (err->status == BRINE_INPUT && err->row != BRINE_NOWHERE)
        write_refused_row(err, &w);
    brn_json_end_object(&w);
}

void brn_reply_violations(struct brn_exchange *x, const struct brn_rows_result *result)
{
    const struct brn_rules *rules = x->service->rules;
    struct brn_json_writer w;
    char text[320], message[448];
    const char *first = "";
    if (result->count) {
        brn_violation_text(rules, &result->list[0], text, sizeof text);
        first = text;
    }
    snprintf(message, sizeof message, "%" PRIu64 " violation%s of the data contract: %s%s",
             result->total, result->total == 1 ? "" : "s", first, result->total > 1 ? "; …" : "");
    begin_problem(x, 422, message, &w);
    brn_json_key(&w, "violation_count");
    brn_json_uint(&w, result->total);
    brn_json_key(&w, "violations");
    brn_json_begin_array(&w);
    for (size_t i = 0; i < result->count; i++) {
        const struct brn_violation *v = &result->list[i];
        const struct brn_rule *rule = brn_rules_at(rules, v->rule);
        brn_violation_text(rules, v, text, sizeof text);
        write_violation(&w, brn_rule_check(rule->kind), rule->id, rule->column, v->row, text);
    }
    brn_json_end_array(&w);
    brn_json_end_object(&w);
}
