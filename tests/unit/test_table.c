/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"
#include "table/type.h"
#include "test.h"

#include <math.h>
#include <stdio.h>

enum { ROWS = 5 };

static const int8_t small[] = {1, -2, 3, 0, 1};
static const uint16_t halves[] = {0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555};
static const double doubles[] = {0.5, -1e300, 3, 4, 5};
static const uint8_t bits[] = {0x0d}, validity[] = {0x1d};
static const int32_t offsets[] = {0, 1, 1, 4, 6, 6};
static const char bytes[] = "abcd\xc3\xa9";
static const struct brn_slice slices[] = {{(const uint8_t *)" 1.5 ", 5},
                                          {NULL, 0},
                                          {(const uint8_t *)"YES", 3},
                                          {(const uint8_t *)"-inf", 4},
                                          {(const uint8_t *)"x1", 2}};

static struct brn_table sample(struct brn_column columns[7])
{
    static const struct brn_column dictionary = {
        .type = BRN_TYPE_UTF8, .length = 5, .values = bytes, .offsets = offsets};
    const struct brn_column all[] = {
        {.name = "i8", .type = BRN_TYPE_INT8, .values = small},
        {.name = "half", .type = BRN_TYPE_FLOAT16, .values = halves},
        {.name = "f8", .type = BRN_TYPE_FLOAT64, .values = doubles, .validity = validity},
        {.name = "b", .type = BRN_TYPE_BOOL, .values = bits},
        {.name = "text",
         .type = BRN_TYPE_UTF8,
         .values = bytes,
         .offsets = offsets,
         .validity = validity},
        {.name = "category",
         .type = BRN_TYPE_DICTIONARY,
         .index_type = BRN_TYPE_INT8,
         .values = small,
         .dictionary = &dictionary,
         .validity = validity},
        {.name = "literal", .type = BRN_TYPE_LITERAL, .slices = slices, .validity = validity},
    };
    memcpy(columns, all, sizeof all);
    for (int i = 0; i < 7; i++)
        columns[i].length = ROWS;
    return (struct brn_table){ROWS, 7, columns};
}

static double number_of(const struct brn_column *c, int64_t row)
{
    double value = -77;
    brn_column_number(c, row, &value);
    return value;
}

TEST(table_values_as_numbers)
{
    struct brn_column c[7];
    sample(c);
    CHECK(number_of(&c[0], 1) == -2 && number_of(&c[1], 0) == 1 && number_of(&c[1], 1) == -2);
    CHECK(number_of(&c[1], 2) == ldexp(1, -24) && isinf(number_of(&c[1], 3)));
    CHECK(fabs(number_of(&c[1], 4) - 0.333251953125) == 0);
    CHECK(number_of(&c[2], 0) == 0.5 && isnan(number_of(&c[2], 1)));
    CHECK(number_of(&c[3], 0) == 1 && number_of(&c[3], 1) == 0);
    CHECK(number_of(&c[4], 0) == -77 && number_of(&c[5], 0) == -77);
    CHECK(number_of(&c[6], 0) == 1.5 && isnan(number_of(&c[6], 1)) && number_of(&c[6], 2) == 1);
    CHECK(number_of(&c[6], 3) < -1e308 && number_of(&c[6], 4) == -77);
}

static bool text_is(const struct brn_column *c, int64_t row, const char *expected)
{
    struct brn_slice text;
    return brn_column_text(c, row, &text) && brn_slice_is(text, expected);
}

TEST(table_values_as_texts)
{
    struct brn_column c[7];
    struct brn_slice text;
    struct brn_table table = sample(c);
    CHECK(text_is(&c[4], 0, "a") && text_is(&c[4], 2, "bcd") && text_is(&c[4], 4, ""));
    CHECK(text_is(&c[5], 0, "") && text_is(&c[5], 2, "\xc3\xa9") && text_is(&c[6], 0, " 1.5 "));
    CHECK(!brn_column_text(&c[4], 1, &text) && !brn_column_text(&c[2], 0, &text));
    CHECK(brn_table_column(&table, "b") == &c[3] && brn_table_column(&table, "z") == NULL);
}

TEST(table_slices_are_views)
{
    struct brn_column c[7];
    struct brn_table table = sample(c), part;
    struct brn_arena arena;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_table_slice(&table, 2, 3, &arena, &part, &err), &err);
    CHECK(part.rows == 3 && number_of(&part.columns[0], 0) == 3);
    CHECK(text_is(&part.columns[4], 0, "bcd") && number_of(&part.columns[3], 1) == 1);
    CHECK_STATUS(brn_table_slice(&table, 2, 4, &arena, &part, &err), BRINE_USAGE, &err);
    brn_arena_free(&arena);
}

static void check_equal(const struct brn_column *a, const struct brn_column *b)
{
    struct brn_slice text, other;
    for (int64_t row = 0; row < a->length; row++) {
        bool is_text = brn_column_text(a, row, &text);
        CHECK(brn_column_is_valid(a, row) == brn_column_is_valid(b, row));
        CHECK(is_text == brn_column_text(b, row, &other));
        if (is_text)
            CHECK(brn_slice_equal(text, other));
        else if (!isnan(number_of(a, row)))
            CHECK(number_of(a, row) == number_of(b, row));
    }
}

TEST(table_goes_to_arrow_and_back)
{
    struct brn_column c[7];
    struct brn_table table = sample(c), part, back;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct brn_arena arena;
    brine_error err;
    for (int64_t first = 0; first < 3; first++) {
        brn_arena_init(&arena, 0);
        REQUIRE_OK(brn_table_slice(&table, first, ROWS - first, &arena, &part, &err), &err);
        REQUIRE_OK(brn_table_export(&part, &schema, &array, &err), &err);
        CHECK(array.children[2]->null_count == (first < 2));
        CHECK_TEXT(schema.children[6]->format, "U");
        REQUIRE_OK(brn_table_import(&schema, &array, &arena, &back, &err), &err);
        CHECK(back.rows == ROWS - first && back.column_count == 7);
        for (int i = 0; i < 7; i++) {
            CHECK_TEXT(back.columns[i].name, c[i].name);
            check_equal(&part.columns[i], &back.columns[i]);
        }
        /* a child may be taken away and outlive its parent */
        struct ArrowArray child = *array.children[4];
        array.children[4]->release = NULL;
        array.release(&array);
        schema.release(&schema);
        child.release(&child);
        brn_arena_free(&arena);
    }
}

TEST(table_export_survives_every_failing_allocation)
{
    struct brn_column c[7];
    struct brn_table table = sample(c);
    struct ArrowSchema schema;
    struct ArrowArray array;
    brine_error err;
    bool hit = true;
    for (long n = 1; hit; n++) {
        brn_faults_after(n);
        brine_status status = brn_table_export(&table, &schema, &array, &err);
        hit = brn_faults_hit();
        brn_faults_after(0);
        CHECK(status == (hit ? BRINE_NOMEM : BRINE_OK));
    }
    array.release(&array);
    schema.release(&schema);
}

/* One column of an otherwise right table is spoilt in one way. */
struct spoilt {
    struct ArrowSchema schema, field, dictionary_field, *fields[1];
    struct ArrowArray array, column, dictionary, *columns[1];
    const void *buffers[3];
};

static void text_column(struct spoilt *s)
{
    *s = (struct spoilt){.buffers = {NULL, offsets, bytes}};
    s->field = (struct ArrowSchema){.format = "u", .name = "spoilt", .release = NULL};
    s->column = (struct ArrowArray){.length = ROWS, .n_buffers = 3, .buffers = s->buffers};
    s->schema = (struct ArrowSchema){.format = "+s",
                                     .n_children = 1,
                                     .children = s->fields,
                                     .release = (void (*)(struct ArrowSchema *))1};
    s->array = (struct ArrowArray){.length = ROWS,
                                   .n_children = 1,
                                   .children = s->columns,
                                   .release = (void (*)(struct ArrowArray *))1};
    s->fields[0] = &s->field;
    s->columns[0] = &s->column;
}

static brine_status import_spoilt(const struct spoilt *s, brine_error *err)
{
    struct brn_arena arena;
    struct brn_table table;
    brn_arena_init(&arena, 0);
    brine_status status = brn_table_import(&s->schema, &s->array, &arena, &table, err);
    brn_arena_free(&arena);
    return status;
}

TEST(table_import_refuses_what_contradicts_itself)
{
    static const int32_t falling[] = {0, 3, 2, 4, 6, 6};
    struct spoilt s;
    brine_error err;
    text_column(&s);
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_OK, &err);
    s.field.format = "tdD";
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_UNSUPPORTED, &err);
    CHECK_TEXT(err.column, "spoilt");
    s.field.format = "g";
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    text_column(&s);
    s.buffers[1] = falling;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    text_column(&s);
    s.buffers[2] = "ab\xff"
                   "def";
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_INPUT, &err);
    CHECK(err.row == 2);
    text_column(&s);
    s.column.null_count = 1;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    text_column(&s);
    s.column.length = 2;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    s.column.offset = INT64_MAX;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    text_column(&s);
    s.schema.format = "g";
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    text_column(&s);
    s.array.release = NULL;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
}

TEST(table_import_checks_dictionary_codes)
{
    static const int8_t codes[] = {0, 1, 2, 4, 5};
    const void *code_buffers[] = {NULL, codes};
    struct spoilt s;
    brine_error err;
    text_column(&s);
    s.dictionary = s.column;
    s.dictionary_field = s.field;
    s.field.format = "c";
    s.field.dictionary = &s.dictionary_field;
    s.column = (struct ArrowArray){
        .length = ROWS, .n_buffers = 2, .buffers = code_buffers, .dictionary = &s.dictionary};
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
    CHECK(strstr(err.message, "outside") != NULL);
    s.array.length = 4;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_OK, &err);
    s.field.format = "g";
    CHECK(import_spoilt(&s, &err) != BRINE_OK);
    s.field.format = "c";
    s.column.dictionary = NULL;
    CHECK_STATUS(import_spoilt(&s, &err), BRINE_USAGE, &err);
}
