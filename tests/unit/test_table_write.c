/* SPDX-License-Identifier: Apache-2.0
 *
 * What is written is read back, by brine's own readers. */
#include "faults.h"
#include "table_text.h"

static const double doubles[] = {0.1, -1e-300, (double)NAN, 5e-324};
static const float floats[] = {0.1f, 16777216, -3e38f, 1};
static const int64_t integers[] = {INT64_MIN, -1, 0, INT64_MAX};
static const uint8_t bits[] = {0x05}, gaps[] = {0x0b};
static const int32_t offsets[] = {0, 1, 1, 7, 13};
static const char bytes[] = "ax,\"\n\xc3\xa9\xf0\x9f\x98\x80  ";

static const struct brn_column columns[] = {
    {.name = "f8", .type = BRN_TYPE_FLOAT64, .length = 4, .values = doubles},
    {.name = "f4", .type = BRN_TYPE_FLOAT32, .length = 4, .values = floats},
    {.name = "i8", .type = BRN_TYPE_INT64, .length = 4, .values = integers},
    {.name = "b", .type = BRN_TYPE_BOOL, .length = 4, .values = bits},
    {.name = "gap", .type = BRN_TYPE_FLOAT64, .length = 4, .values = doubles, .validity = gaps},
    {.name = "te,xt", .type = BRN_TYPE_UTF8, .length = 4, .values = bytes, .offsets = offsets},
};

static brine_status write_to(const char *path, size_t first, size_t count, bool is_vector,
                             brine_error *err)
{
    struct brn_column part[6];
    struct brn_table table = {4, count, part};
    struct brn_table_writer *writer;
    memcpy(part, columns + first, count * sizeof part[0]);
    BRN_TRY(brn_table_create(path, is_vector, &writer, err));
    brine_status status = brn_table_write(writer, &table, err);
    if (status == BRINE_OK)
        status = brn_table_write(writer, &table, err);
    if (status == BRINE_OK)
        return brn_table_commit(writer, err);
    brn_table_abandon(writer);
    return status;
}

static const char *round_trip(const char *name, size_t first, size_t count, bool is_vector)
{
    char path[1024];
    brine_error err = {.message = ""};
    snprintf(path, sizeof path, "%s", brn_test_path(name));
    remove(path);
    CHECK_STATUS(write_to(path, first, count, is_vector, &err), BRINE_OK, &err);
    return table_text(path, NULL);
}

static const char *round_trip_table(const char *name, const struct brn_table *table)
{
    char path[1024];
    struct brn_table_writer *writer;
    brine_error err = {.message = ""};
    snprintf(path, sizeof path, "%s", brn_test_path(name));
    CHECK_STATUS(brn_table_create(path, true, &writer, &err), BRINE_OK, &err);
    CHECK_STATUS(brn_table_write(writer, table, &err), BRINE_OK, &err);
    CHECK_STATUS(brn_table_commit(writer, &err), BRINE_OK, &err);
    return table_text(path, NULL);
}

TEST(table_write_csv_reads_back)
{
    static const char *const names[] = {"out.csv", "out.csv.gz"};
    for (size_t i = 0; i < 2; i++)
        CHECK_TEXT(round_trip(names[i], 0, 6, false),
                   "f8,f4,i8,b,gap,te,xt:"
                   " 0.1,0.1,-9223372036854775808,True,0.1,a;"
                   " -1e-300,16777216.0,-1,False,-1e-300,'';"
                   " nan,-3e+38,0,True,-,'x,\"\n\xc3\xa9';"
                   " 5e-324,1.0,9223372036854775807,False,5e-324,\xf0\x9f\x98\x80  ;"
                   " 0.1,0.1,-9223372036854775808,True,0.1,a;"
                   " -1e-300,16777216.0,-1,False,-1e-300,'';"
                   " nan,-3e+38,0,True,-,'x,\"\n\xc3\xa9';"
                   " 5e-324,1.0,9223372036854775807,False,5e-324,\xf0\x9f\x98\x80  ;");
}

TEST(table_write_npy_and_npz_read_back)
{
    static const char *const names[] = {"out.npy", "out.npz"};
    for (size_t i = 0; i < 2; i++) {
        CHECK_TEXT(round_trip(names[i], 0, 1, true),
                   ": 0.1; -1e-300; nan; 5e-324; 0.1; -1e-300; nan; 5e-324;");
        CHECK_TEXT(round_trip(names[i], 0, 2, false),
                   ",: 0.1,0.10000000149011612; -1e-300,16777216.0; nan,-3.0000000054977558e+38;"
                   " 5e-324,1.0; 0.1,0.10000000149011612; -1e-300,16777216.0;"
                   " nan,-3.0000000054977558e+38; 5e-324,1.0;");
        CHECK_TEXT(round_trip(names[i], 3, 1, true), ": 1.0; 0.0; 1.0; 0.0; 1.0; 0.0; 1.0; 0.0;");
        CHECK_TEXT(round_trip(names[i], 4, 1, false),
                   ": 0.1; -1e-300; nan; 5e-324; 0.1; -1e-300; nan; 5e-324;");
        CHECK_TEXT(round_trip(names[i], 5, 1, true),
                   ": 'a'; ''; 'x,\"\n\xc3\xa9'; '\xf0\x9f\x98\x80  ';"
                   " 'a'; ''; 'x,\"\n\xc3\xa9'; '\xf0\x9f\x98\x80  ';");
    }
}

static bool file_is(const char *path, const char *expected)
{
    struct brn_bytes file;
    brine_error err;
    CHECK_STATUS(brn_file_read(path, 0, false, &file, &err), BRINE_OK, &err);
    bool equal = brn_slice_is(file.view, expected);
    brn_bytes_free(&file);
    return equal;
}

static bool file_ends(const char *path, const void *expected, size_t n)
{
    struct brn_bytes file;
    brine_error err;
    CHECK_STATUS(brn_file_read(path, 0, false, &file, &err), BRINE_OK, &err);
    bool equal = file.view.n > n && memcmp(file.view.p + file.view.n - n, expected, n) == 0;
    brn_bytes_free(&file);
    return equal;
}

/* Class labels: codes into a dictionary of numbers, and a column that no step gave a type. */
TEST(table_write_npy_of_labels_and_untouched_numbers)
{
    static const int64_t labels[] = {INT64_MAX, 0, -7};
    static const int32_t codes[] = {2, 0, 1};
    static const struct brn_slice literals[] = {
        {(const uint8_t *)"1.5", 3}, {(const uint8_t *)"-2", 2}, {(const uint8_t *)"x", 1}};
    const struct brn_column dictionary = {.type = BRN_TYPE_INT64, .length = 3, .values = labels};
    struct brn_column label = {.name = "predict",
                               .type = BRN_TYPE_DICTIONARY,
                               .index_type = BRN_TYPE_INT32,
                               .length = 3,
                               .values = codes,
                               .dictionary = &dictionary};
    struct brn_column literal = {
        .name = "size", .type = BRN_TYPE_LITERAL, .length = 2, .slices = literals};
    struct brn_table table = {3, 1, &label};
    CHECK_TEXT(round_trip_table("labels.npy", &table), ": -7.0; 9.223372036854776e+18; 0.0;");
    CHECK(file_ends(brn_test_path("labels.npy"), (const int64_t[]){-7, INT64_MAX, 0}, 24));
    table = (struct brn_table){2, 1, &literal};
    CHECK_TEXT(round_trip_table("untouched.npy", &table), ": 1.5; -2.0;");
    table.rows = literal.length = 3;
    CHECK_TEXT(round_trip_table("untouched.npy", &table), ": '1.5'; '-2'; 'x';");
}

TEST(table_write_jsonl_is_one_value_a_row)
{
    char path[1024];
    brine_error err;
    snprintf(path, sizeof path, "%s", brn_test_path("out.jsonl"));
    REQUIRE_OK(write_to(path, 2, 1, true, &err), &err);
    CHECK(file_is(path, "-9223372036854775808\n-1\n0\n9223372036854775807\n"
                        "-9223372036854775808\n-1\n0\n9223372036854775807\n"));
    REQUIRE_OK(write_to(path, 3, 3, true, &err), &err);
    CHECK(file_is(path,
                  "[true,0.1,\"a\"]\n[false,-1e-300,\"\"]\n[true,null,\"x,\\\"\\n\xc3\xa9\"]\n"
                  "[false,5e-324,\"\xf0\x9f\x98\x80  \"]\n"
                  "[true,0.1,\"a\"]\n[false,-1e-300,\"\"]\n[true,null,\"x,\\\"\\n\xc3\xa9\"]\n"
                  "[false,5e-324,\"\xf0\x9f\x98\x80  \"]\n"));
}

TEST(table_write_refuses_what_a_form_cannot_say)
{
    static const double infinite[] = {1, (double)INFINITY};
    struct brn_column c = {.name = "c", .type = BRN_TYPE_FLOAT64, .length = 2, .values = infinite};
    struct brn_table table = {2, 1, &c};
    struct brn_table_writer *writer;
    char path[1024];
    brine_error err;
    CHECK_STATUS(brn_table_create("x.parquet", false, &writer, &err), BRINE_UNSUPPORTED, &err);
    CHECK_STATUS(brn_table_create("x.npy.gz", false, &writer, &err), BRINE_UNSUPPORTED, &err);
    snprintf(path, sizeof path, "%s", brn_test_path("refused.jsonl"));
    REQUIRE_OK(brn_table_create(path, true, &writer, &err), &err);
    CHECK_STATUS(brn_table_write(writer, &table, &err), BRINE_INPUT, &err);
    CHECK(err.row == 1 && strcmp(err.column, "c") == 0);
    CHECK_STATUS(brn_table_commit(writer, &err), BRINE_INPUT, &err);
    CHECK(strstr(table_text(path, NULL), "cannot be opened") != NULL);
    snprintf(path, sizeof path, "%s", brn_test_path("refused.npy"));
    CHECK_STATUS(write_to(path, 4, 2, false, &err), BRINE_UNSUPPORTED, &err);
    c = (struct brn_column){.name = "i",
                            .type = BRN_TYPE_INT64,
                            .length = 2,
                            .values = integers,
                            .validity = (const uint8_t[]){1}};
    REQUIRE_OK(brn_table_create(path, true, &writer, &err), &err);
    CHECK_STATUS(brn_table_write(writer, &table, &err), BRINE_INPUT, &err);
    brn_table_abandon(writer);
    CHECK(strstr(table_text(path, NULL), "cannot be opened") != NULL);
}

TEST(table_write_survives_every_failing_allocation)
{
    static const char *const names[] = {"faults.csv.gz", "faults-out.jsonl", "faults.npy",
                                        "faults.npz"};
    for (size_t i = 0; i < 4; i++) {
        char path[1024];
        brine_error err;
        bool hit = true;
        snprintf(path, sizeof path, "%s", brn_test_path(names[i]));
        for (long n = 1; hit; n++) {
            brn_faults_after(n);
            brine_status status = write_to(path, 5, 1, true, &err);
            hit = brn_faults_hit();
            brn_faults_after(0);
            CHECK_STATUS(status, hit ? BRINE_NOMEM : BRINE_OK, &err);
        }
    }
}
