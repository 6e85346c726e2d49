/* SPDX-License-Identifier: Apache-2.0
 *
 * What /invocations reads.  Several of the bodies are those of mlflow's
 * tests/pyfunc/test_scoring_server.py. */
#include "serve/grid.h"
#include "test.h"

#include <stdio.h>

struct reading {
    struct brn_work work;
    struct brn_buffer cells;
    struct brn_invocation_request request;
    struct brn_table table;
    brine_error error;
};

static brine_status read_json(struct reading *r, const char *body)
{
    *r = (struct reading){.error = {.status = BRINE_OK}};
    brn_work_init(&r->work, 0);
    BRN_TRY(brn_invocation_json(brn_slice_of(body), &r->work, &r->cells, &r->request, &r->error));
    return brn_grid_table(&r->request.grid, &r->table, &r->error);
}

static void finish(struct reading *r)
{
    brn_work_free(&r->work);
    brn_buffer_free(&r->cells);
}

/* "a=1 'x' - | b=…": names, bare texts, quoted ones, missing ones. */
static void describe(const struct brn_table *t, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t c = 0; c < t->column_count; c++) {
        const struct brn_column *column = &t->columns[c];
        n += (size_t)snprintf(out + n, size - n, "%s%s=", c ? " | " : "",
                              column->name ? column->name : "");
        for (int64_t r = 0; r < t->rows; r++) {
            bool quoted = column->quoted[r / 8] >> (r % 8) & 1;
            const char *quote = quoted ? "'" : "";
            if (brn_column_is_valid(column, r))
                n += (size_t)snprintf(out + n, size - n, "%s%s%.*s%s", r ? " " : "", quote,
                                      BRN_S(column->slices[r]), quote);
            else
                n += (size_t)snprintf(out + n, size - n, "%s-", r ? " " : "");
        }
    }
}

static void check_read(const char *body, const char *expected)
{
    struct reading r;
    char text[512];
    CHECK_STATUS(read_json(&r, body), BRINE_OK, &r.error);
    describe(&r.table, text, sizeof text);
    CHECK_TEXT(text, expected);
    finish(&r);
}

static void check_refused(const char *body, const char *part)
{
    struct reading r;
    brine_status status = read_json(&r, body);
    brn_test_check(status == BRINE_FORMAT && strstr(r.error.message, part), __FILE__, __LINE__,
                   "%s: got %s: %s, expected %s", body, brine_status_text(status), r.error.message,
                   part);
    finish(&r);
}

TEST(serve_invocations_shapes)
{
    check_read("{\"dataframe_split\":{\"columns\":[\"a\",\"b\"],\"index\":[0,1],\"data\":[[1,\"x\"]"
               ",[2.50,null]]}}",
               "a=1 2.50 | b='x' -");
    check_read("{\"dataframe_split\":{\"data\":[[1,true]],\"columns\":[\"a\",\"b\"]}}",
               "a=1 | b=true");
    check_read("{\"dataframe_split\":{\"data\":[[1,2]]}}", "=1 | =2");
    check_read("{\"dataframe_records\":[{\"a\":1,\"b\":\"95120\"},{\"b\":\"y\",\"a\":2}]}",
               "a=1 2 | b='95120' 'y'");
    check_read("{\"dataframe_records\":[{\"a\":1,\"b\":2},{\"b\":NaN},{}]}", "a=1 - - | b=2 NaN -");
    check_read("{\"dataframe_records\":[]}", "");
    check_read("{\"instances\":[[1,2],[3,4]]}", "=1 3 | =2 4");
    check_read("{\"instances\":[1,2]}", "=1 2");
    check_read("{\"instances\":[{\"a\":\"\\u00e9\\n\"}],\"params\":{\"method\":\"predict_proba\"}}",
               "a='\xc3\xa9\n'");
    check_read("{\"inputs\":{\"a\":[1,2],\"b\":[\"x\",\"y\"]}}", "a=1 2 | b='x' 'y'");
    check_read("{\"inputs\":{\"a\":1}}", "a=1");
    check_read("{\"inputs\":[[1],[2]]}", "=1 2");
}

TEST(serve_invocations_method)
{
    struct reading r;
    REQUIRE_OK(read_json(&r, "{\"params\":{\"method\":\"transform\"},\"instances\":[[1]]}"),
               &r.error);
    CHECK(brn_slice_is(r.request.method, "transform"));
    finish(&r);
}

TEST(serve_invocations_refused)
{
    check_refused("", "");
    check_refused("1", "exactly one");
    check_refused("\"1\"", "exactly one");
    check_refused("[1]", "exactly one");
    check_refused("{}", "exactly one");
    check_refused("{\"instances\":[[1]],\"inputs\":[[1]]}", "exactly one");
    check_refused("{\"instances\":[[1]],\"inputs\":{\"a\":[1]}}", "exactly one");
    check_refused("{\"dataframe_split\":[[1]]}", "must be an object");
    check_refused("{\"dataframe_split\":{\"columns\":[\"a\"]}}", "lacks \"data\"");
    check_refused("{\"dataframe_split\":{\"columns\":[\"a\"],\"data\":[[1,2]]}}",
                  "rows of 2 values");
    check_refused("{\"dataframe_split\":{\"columns\":[1],\"data\":[[1]]}}", "must be a string");
    check_refused("{\"dataframe_split\":{\"data\":[[1,2],[3]]}}", "not 2");
    check_refused("{\"dataframe_records\":{\"a\":[1]}}", "must be an array");
    check_refused("{\"dataframe_records\":[[1]]}", "must hold objects");
    check_refused("{\"dataframe_records\":[{\"a\":1},{\"b\":1}]}", "does not have");
    check_refused("{\"dataframe_records\":[{\"a\":1},{\"a\":1,\"a\":2}]}", "twice");
    check_refused("{\"instances\":[[1],2]}", "form of the first");
    check_refused("{\"instances\":[[[1]]]}", "must be a number");
    check_refused("{\"instances\":[{\"a\":{}}]}", "must be a number");
    check_refused("{\"inputs\":{\"a\":[1,2],\"b\":[1]}}", "as many values");
    check_refused("{\"instances\":[[1]", "");
    check_refused("{\"instances\":[[1]],\"params\":1}", "must be an object");
}
