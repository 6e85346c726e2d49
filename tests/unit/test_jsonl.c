/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"
#include "table_text.h"

static const char *jsonl(const char *content)
{
    return content_text("table.jsonl", brn_slice_of(content), NULL);
}

TEST(jsonl_columns_are_the_first_lines_members)
{
    CHECK_TEXT(jsonl("{\"a\":1,\"b\":\"x\"}\n{\"b\":null,\"a\":-2.50}\n"), "a,b: 1,'x'; -2.50,-;");
    CHECK_TEXT(jsonl("{\"a\":true,\"b\":\"\"}\r\n\n  \n{\"b\":\"q\\n\\u00e9\"}"),
               "a,b: true,''; -,'q\n\xc3\xa9';");
    CHECK_TEXT(jsonl("\xef\xbb\xbf{\"a\":NaN}\n{\"a\":-Infinity}\n"), "a: NaN; -Infinity;");
    CHECK_TEXT(content_text("table.csv", brn_slice_of("a\n1\n"), NULL), "a: 1;");
    CHECK_TEXT(content_text("table", brn_slice_of("{\"a\":1}\n"), NULL), "a: 1;");
}

TEST(jsonl_refusals_name_row_and_column)
{
    static const struct {
        const char *content, *words;
    } rows[] = {
        {"", "is empty"},
        {"\n \n", "is empty"},
        {"[1]\n", "a line is no object"},
        {"{\"a\":1}\n5\n", "a line is no object: write {\"column\": value, ...} row=1"},
        {"{\"a\":1}\n{\"b\":1}\n", "no such member row=1 column=b"},
        {"{\"a\":1,\"a\":2}\n", "twice in the line row=0 column=a"},
        {"{\"a\":1,\"b\":1}\n{\"a\":1,\"b\":2,\"a\":3}\n", "twice in the line row=1 column=a"},
        {"{\"a\":[1]}\n", "an array or an object: a column holds numbers, texts and booleans row=0 "
                          "column=a"},
        {"{\"a\":1}\n{\"a\":1\n", "the document ends early (at character 7 of the line) row=1"},
        {"{\"a\":1} {\"a\":2}\n", "behind the document"},
        {"{\"a\":\"\xff\"}\n", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = jsonl(rows[i].content);
        brn_test_check(strstr(text, rows[i].words) != NULL, __FILE__, __LINE__, "%s: %s",
                       rows[i].content, text);
    }
}

TEST(jsonl_streams_batches_of_any_size)
{
    struct brn_buffer content = {0};
    char path[1024];
    brine_error err;
    for (int i = 0; i < 25000; i++)
        brn_buffer_printf(&content, "{\"id\": %d, \"text\": \"row \\\"%d\\\"\", \"x\": %.17g}\n", i,
                          i, i / 3.0);
    snprintf(path, sizeof path, "%s", brn_test_path("large.jsonl"));
    REQUIRE_OK(brn_file_write(path, brn_buffer_view(&content), &err), &err);
    for (int64_t batch = 0; batch < 100000; batch = batch * 30 + 30) {
        const struct brn_read_options options = {.batch_rows = batch};
        struct brn_table_reader *reader;
        struct brn_table table = {.rows = 1};
        int64_t rows = 0;
        bool ok = true;
        REQUIRE_OK(brn_table_open(path, &options, &reader, &err), &err);
        while (table.rows) {
            REQUIRE_OK(brn_table_next(reader, &table, &err), &err);
            for (int64_t i = 0; i < table.rows; i++, rows++) {
                char expected[32];
                double value = -1;
                struct brn_slice text;
                snprintf(expected, sizeof expected, "row \"%lld\"", (long long)rows);
                ok &= brn_column_number(&table.columns[0], i, &value) && value == (double)rows;
                ok &= brn_column_text(&table.columns[1], i, &text) && brn_slice_is(text, expected);
                ok &=
                    brn_column_number(&table.columns[2], i, &value) && value == (double)rows / 3.0;
            }
        }
        CHECK(rows == 25000 && ok);
        brn_table_close(reader);
    }
    brn_buffer_free(&content);
}

TEST(jsonl_survives_truncations_and_failing_allocations)
{
    static const char content[] = "{\"a\":1,\"b\\n\":\"x\\ty\"}\n{\"b\\n\":null}\n";
    char path[1024];
    brine_error err;
    bool hit = true;
    for (size_t n = 0; n < sizeof content; n++)
        CHECK(content_text("cut.jsonl", (struct brn_slice){(const uint8_t *)content, n}, NULL)[0]);
    snprintf(path, sizeof path, "%s", brn_test_path("faults.jsonl"));
    REQUIRE_OK(brn_file_write(path, brn_slice_of(content), &err), &err);
    for (long n = 1; hit; n++) {
        struct brn_arena arena;
        struct brn_table table;
        brn_arena_init(&arena, 0);
        brn_faults_after(n);
        brine_status status = brn_table_read(path, NULL, &arena, &table, &err);
        hit = brn_faults_hit();
        brn_faults_after(0);
        CHECK_STATUS(status, hit ? BRINE_NOMEM : BRINE_OK, &err);
        brn_arena_free(&arena);
    }
}
