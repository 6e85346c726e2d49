/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"
#include "table_text.h"

#include <stdlib.h>

static const char *csv(const char *content)
{
    return content_text("table.csv", brn_slice_of(content), NULL);
}

TEST(csv_reads_what_rfc_4180_says)
{
    CHECK_TEXT(csv("a,b\n1,2\n3,4\n"), "a,b: 1,2; 3,4;");
    CHECK_TEXT(csv("a,b\r\n1,2\r\n3,4"), "a,b: 1,2; 3,4;");
    CHECK_TEXT(csv("a,b\n\"x,\"\"y\"\"\n\",2\n"), "a,b: 'x,\"y\"\n',2;");
    CHECK_TEXT(csv("a,b\n,\"\"\n"), "a,b: -,'';");
    CHECK_TEXT(csv("\"a \"\"b\"\"\",\"c\nd\"\n1,2\n"), "a \"b\",c\nd: 1,2;");
    CHECK_TEXT(csv("a\n\n1\n"), "a: -; 1;");
    CHECK_TEXT(csv("a,b\n"), "a,b:");
    CHECK_TEXT(csv("a,b"), "a,b:");
    CHECK_TEXT(csv("a,b\n1,2\n\n\r\n"), "a,b: 1,2;");
    CHECK_TEXT(csv("a\nx\"y\n 1\n"), "a: x\"y;  1;");
    CHECK_TEXT(csv("a,b\n1,\"2\""), "a,b: 1,'2';");
    CHECK_TEXT(csv("a,b\n1,2\r"), "a,b: 1,2;");
}

TEST(csv_skips_a_byte_order_mark)
{
    CHECK_TEXT(csv("\xef\xbb\xbf"
                   "a,b\n1,2\n"),
               "a,b: 1,2;");
    CHECK_TEXT(csv("\xef\xbb\xbf\"a\"\n1\n"), "a: 1;");
}

TEST(csv_takes_other_delimiters_when_asked)
{
    const struct brn_read_options semicolon = {.delimiter = ';'};
    CHECK_TEXT(content_text("t.csv", brn_slice_of("a;b\n1,5;2\n"), &semicolon), "a,b: 1,5,2;");
    CHECK_TEXT(content_text("t.tsv", brn_slice_of("a\tb\n1\t2\n"), NULL), "a,b: 1,2;");
    CHECK(strstr(csv("a;b\n1;2\n"), "pass --delimiter ';'") != NULL);
    CHECK(strstr(csv("a\tb\n1\t2\n"), "pass --delimiter tab") != NULL);
}

TEST(csv_refusals_name_row_and_column)
{
    static const struct {
        const char *content, *words;
    } rows[] = {
        {"", "is empty: its first line must name the columns row=-1"},
        {"\xef\xbb\xbf", "is empty"},
        {"a,b\n1,2\n1\n", "the row has 1 field and the header 2 row=1"},
        {"a,b\n1,2,3\n", "the row has 3 fields and the header 2 row=0"},
        {"a,b\n\n1,2\n", "the row is empty, and others stand behind it row=0"},
        {"a,b\n1,2\n1,\"x\n", "no closing quote row=1 column=b"},
        {"a,b\n\"1\"x,2\n", "behind a closing quote row=0 column=a"},
        {"a,b\n1\r2,3\n",
         "carriage return stands without a line feed: quote it, or convert the line "
         "ends row=0 column=a"},
        {"a,b\n1,2\n3,\xff\n", "the text is not UTF-8: convert the file, e.g. with iconv row=1 "
                               "column=b"},
        {"a,\"\xc3\"\n", "the name of column 2 is not UTF-8"},
        {"a,b,a\n", "the header names the column a twice"},
        {"a,\"b\n", "the header of"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = csv(rows[i].content);
        brn_test_check(strstr(text, rows[i].words) != NULL, __FILE__, __LINE__, "%s: %s",
                       rows[i].content, text);
    }
}

TEST(csv_refuses_other_formats_with_what_to_do)
{
    CHECK(strstr(csv("PAR1...."), "Parquet file, which brine does not read: write CSV") != NULL);
    CHECK(strstr(csv("\xff\xfe"
                     "a"),
                 "UTF-16") != NULL);
    CHECK(strstr(csv("\x80\x04."), "pickle") != NULL);
    CHECK(strstr(table_text("no-such.csv", NULL), "no-such.csv") != NULL);
    CHECK_TEXT(csv("PK,name\n1,x\n"), "PK,name: 1,x;");
}

/* Fields of every kind around the places where the window ends. */
static struct brn_buffer large_table(int64_t rows)
{
    struct brn_buffer b = {0};
    brn_buffer_text(&b, "id,text,number,gap\n");
    for (int64_t i = 0; i < rows; i++)
        brn_buffer_printf(&b, "%lld,\"line %lld\n of \"\"%lld\"\"\",%.17g,%s\r\n", (long long)i,
                          (long long)i, (long long)i * 3, (double)i / 7, i % 3 ? "" : "\"\"");
    return b;
}

static void check_batch(const struct brn_table *table, int64_t first)
{
    char expected[64];
    struct brn_slice text;
    double value;
    for (int64_t row = 0; row < table->rows; row++) {
        int64_t i = first + row;
        snprintf(expected, sizeof expected, "line %lld\n of \"%lld\"", (long long)i,
                 (long long)i * 3);
        bool ok = brn_column_number(&table->columns[0], row, &value) && value == (double)i &&
                  brn_column_text(&table->columns[1], row, &text) && brn_slice_is(text, expected) &&
                  brn_column_number(&table->columns[2], row, &value) && value == (double)i / 7 &&
                  brn_column_is_valid(&table->columns[3], row) == (i % 3 == 0);
        brn_test_check(ok, __FILE__, __LINE__, "row %lld", (long long)i);
        if (!ok)
            return;
    }
}

TEST(csv_streams_batches_of_any_size)
{
    static const int64_t batches[] = {0, 7, 20000, 100000};
    struct brn_buffer content = large_table(25000);
    char path[1024];
    brine_error err;
    snprintf(path, sizeof path, "%s", brn_test_path("large.csv"));
    REQUIRE_OK(brn_file_write(path, brn_buffer_view(&content), &err), &err);
    for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
        const struct brn_read_options options = {.batch_rows = batches[b]};
        struct brn_table_reader *reader;
        struct brn_table table = {.rows = 1};
        int64_t rows = 0;
        REQUIRE_OK(brn_table_open(path, &options, &reader, &err), &err);
        while (table.rows) {
            REQUIRE_OK(brn_table_next(reader, &table, &err), &err);
            CHECK(!batches[b] || table.rows <= batches[b]);
            check_batch(&table, rows);
            rows += table.rows;
        }
        CHECK(rows == 25000);
        brn_table_close(reader);
    }
    brn_buffer_free(&content);
}

TEST(csv_is_read_whole_into_an_arena)
{
    struct brn_buffer content = large_table(20000);
    struct brn_arena arena;
    struct brn_table table;
    char path[1024];
    brine_error err;
    snprintf(path, sizeof path, "%s", brn_test_path("whole.csv"));
    REQUIRE_OK(brn_file_write(path, brn_buffer_view(&content), &err), &err);
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_table_read(path, NULL, &arena, &table, &err), &err);
    CHECK(table.rows == 20000);
    check_batch(&table, 0);
    brn_arena_free(&arena);
    brn_arena_init(&arena, 1 << 20);
    CHECK_STATUS(brn_table_read(path, NULL, &arena, &table, &err), BRINE_LIMIT, &err);
    brn_arena_free(&arena);
    brn_buffer_free(&content);
}

TEST(csv_limits_a_record_and_the_columns)
{
    struct brn_buffer content = {0};
    const struct brn_read_options options = {.max_line = 1 << 20, .max_columns = 3};
    brn_buffer_text(&content, "a,b\n1,\"");
    for (int i = 0; i < 1 << 19; i++)
        brn_buffer_text(&content, "xxxxxxx\n");
    brn_buffer_text(&content, "\"\n");
    const char *text = content_text("long.csv", brn_buffer_view(&content), &options);
    CHECK(strstr(text, "longer than the limit of 1048576 bytes") != NULL);
    content.data[0] = '"';
    text = content_text("long.csv", brn_buffer_view(&content), &options);
    CHECK(strstr(text, "longer than the limit") || strstr(text, "closing quote"));
    CHECK(strstr(content_text("wide.csv", brn_slice_of("a,b,c,d\n"), &options), "more than 3"));
    brn_buffer_free(&content);
}

/* Each prefix is read or refused, and never more rows come out than whole records went in. */
TEST(csv_survives_every_truncation)
{
    static const char content[] =
        "\xef\xbb\xbfid,\"na\"\"me\"\r\n1,\"a\r\nb\"\"\"\r\n,\xc3\xa9\r\n";
    for (size_t n = 0; n < sizeof content; n++) {
        const char *text =
            content_text("cut.csv", (struct brn_slice){(const uint8_t *)content, n}, NULL);
        CHECK(text[0] != '\0');
    }
    CHECK_TEXT(csv(content), "id,na\"me: 1,'a\r\nb\"'; -,\xc3\xa9;");
}

TEST(csv_survives_every_failing_allocation)
{
    char path[1024];
    brine_error err;
    bool hit = true;
    snprintf(path, sizeof path, "%s", brn_test_path("faults.csv"));
    REQUIRE_OK(brn_file_write(path, brn_slice_of("a,b\n1,\"x\"\"y\"\n,2\n"), &err), &err);
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
