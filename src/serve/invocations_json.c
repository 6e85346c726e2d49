/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/grid.h"
#include "serve/oip.h"

enum { MAX_COLUMNS = 100000 };

struct reading {
    struct brn_invocation_request *request;
    struct brn_grid *grid;
    bool has_shape;         /* one of the four was there; exactly one must be */
    struct brn_map by_name; /* of records whose keys come in another order than the first's */
    struct brn_arena arena; /* of by_name; empty until it is needed */
    uint64_t *seen;         /* a bit a column: the record under way has it */
};

/* ---- cells ---- */

static brine_status add_cell(struct brn_json *json, struct brn_grid *grid, brine_error *err)
{
    switch (json->kind) {
    case BRN_JSON_NULL:
        return brn_grid_add(grid, (struct brn_slice){NULL, 0}, BRN_GRID_MISSING, err);
    case BRN_JSON_BOOL:
        return brn_grid_add(grid, brn_slice_of(json->boolean ? "true" : "false"), BRN_GRID_BARE,
                            err);
    case BRN_JSON_NUMBER:
    case BRN_JSON_STRING: {
        struct brn_slice text = brn_text_pool_event(&grid->texts, json);
        if (!text.p)
            return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
        return brn_grid_add(grid, text,
                            json->kind == BRN_JSON_STRING ? BRN_GRID_QUOTED : BRN_GRID_BARE, err);
    }
    default:
        return brn_json_wrong(json, "a value must be a number, a string, true, false or null", err);
    }
}

static brine_status add_row(struct brn_json *json, struct brn_grid *grid, brine_error *err)
{
    while (brn_json_next(json) != BRN_JSON_ARRAY_END)
        BRN_TRY(add_cell(json, grid, err));
    return brn_grid_end_row(grid, err);
}

/* ---- names ---- */

static brine_status room_for_names(struct brn_grid *grid, size_t count, size_t *capacity,
                                   brine_error *err)
{
    if (count < *capacity)
        return BRINE_OK;
    if (count >= MAX_COLUMNS)
        return brn_fail(err, BRINE_LIMIT, "more than %d columns", MAX_COLUMNS);
    size_t larger = *capacity ? *capacity * 2 : 64;
    struct brn_slice *names = brn_work_take(grid->texts.work, larger, sizeof *names);
    if (!names)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    if (count)
        memcpy(names, grid->names, count * sizeof *names);
    grid->names = names;
    *capacity = larger;
    return BRINE_OK;
}

static brine_status add_name(struct brn_grid *grid, struct brn_slice name, size_t *capacity,
                             brine_error *err)
{
    BRN_TRY(room_for_names(grid, grid->columns, capacity, err));
    grid->names[grid->columns] = brn_text_pool_keep(&grid->texts, name);
    if (!grid->names[grid->columns++].p)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    return BRINE_OK;
}

/* ---- records: the first one says the columns, later ones may lack some, in any order ---- */

static brine_status first_record(struct brn_json *json, struct brn_grid *grid, brine_error *err)
{
    size_t capacity = 0;
    BRN_TRY(room_for_names(grid, 0, &capacity, err)); /* names of no column are names too */
    while (brn_json_next(json) != BRN_JSON_OBJECT_END) {
        if (json->kind != BRN_JSON_END)
            BRN_TRY(add_name(grid, json->key, &capacity, err));
        BRN_TRY(add_cell(json, grid, err));
    }
    return brn_grid_end_row(grid, err);
}

static brine_status index_names(struct reading *r, struct brn_json *json, brine_error *err)
{
    if (r->by_name.arena)
        return BRINE_OK;
    brn_map_init(&r->by_name, &r->arena);
    for (size_t c = 0; c < r->grid->columns; c++)
        if (brn_map_add(&r->by_name, r->grid->names[c]) == BRN_MAP_NONE)
            return brn_fail_memory(err);
    if (r->by_name.count != r->grid->columns)
        return brn_json_wrong(json, "a key of the first record is there twice", err);
    return BRINE_OK;
}

/* Keys mostly come in the first record's order: guess is the next one in it. */
static brine_status find_column(struct reading *r, struct brn_json *json, size_t guess,
                                size_t *ret_column, brine_error *err)
{
    *ret_column = guess;
    if (guess < r->grid->columns && brn_slice_equal(r->grid->names[guess], json->key))
        return BRINE_OK;
    BRN_TRY(index_names(r, json, err));
    uint32_t found = brn_map_find(&r->by_name, json->key);
    if (found == BRN_MAP_NONE)
        return brn_json_wrong(json, "a key that the first record does not have", err);
    *ret_column = found;
    return BRINE_OK;
}

static struct brn_grid_cell *row_begin(struct brn_grid *grid)
{
    struct brn_grid_cell *cells = (struct brn_grid_cell *)(void *)grid->cells->data;
    return cells + grid->rows * grid->columns;
}

/* The cell just added, at the end of the buffer, goes to its column. */
static brine_status place_cell(struct brn_json *json, struct reading *r, size_t column,
                               brine_error *err)
{
    struct brn_grid_cell *row = row_begin(r->grid);
    if (r->seen[column / 64] >> (column % 64) & 1)
        return brn_json_wrong(json, "a key is there twice", err);
    r->seen[column / 64] |= UINT64_C(1) << (column % 64);
    r->grid->cells->size -= sizeof(struct brn_grid_cell);
    row[column] = row[r->grid->columns];
    return BRINE_OK;
}

static brine_status begin_record(struct reading *r, brine_error *err)
{
    size_t words = r->grid->columns / 64 + 1;
    if (!r->seen)
        r->seen = brn_work_take(r->grid->texts.work, words, sizeof *r->seen);
    if (!r->seen)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    memset(r->seen, 0, words * sizeof *r->seen);
    for (size_t c = 0; c < r->grid->columns; c++)
        BRN_TRY(brn_grid_add(r->grid, (struct brn_slice){NULL, 0}, BRN_GRID_MISSING, err));
    return BRINE_OK;
}

static brine_status later_record(struct reading *r, struct brn_json *json, brine_error *err)
{
    BRN_TRY(begin_record(r, err));
    for (size_t guess = 0, column = 0; brn_json_next(json) != BRN_JSON_OBJECT_END;
         guess = column + 1) {
        if (json->kind == BRN_JSON_END)
            return brn_json_failure(json, err);
        BRN_TRY(find_column(r, json, guess, &column, err));
        BRN_TRY(add_cell(json, r->grid, err));
        BRN_TRY(place_cell(json, r, column, err));
    }
    return brn_grid_end_row(r->grid, err);
}

/* ---- the four shapes ---- */

static const char wanted[] = "the body must be an object with exactly one of dataframe_split, "
                             "dataframe_records, instances and inputs";

static brine_status begin_shape(struct reading *r, brine_error *err)
{
    if (r->has_shape)
        return brn_fail(err, BRINE_FORMAT, "%s", wanted);
    r->has_shape = true;
    return BRINE_OK;
}

static brine_status one_instance(struct reading *r, struct brn_json *json, enum brn_json_kind first,
                                 brine_error *err)
{
    enum brn_json_kind kind = json->kind;
    bool is_scalar = kind != BRN_JSON_ARRAY && kind != BRN_JSON_OBJECT;
    bool was_scalar = first != BRN_JSON_ARRAY && first != BRN_JSON_OBJECT;
    if (kind == BRN_JSON_END)
        return brn_json_failure(json, err);
    if (is_scalar != was_scalar || (!is_scalar && kind != first))
        return brn_json_wrong(json, "all rows must have the form of the first", err);
    if (kind == BRN_JSON_OBJECT)
        return r->grid->rows ? later_record(r, json, err) : first_record(json, r->grid, err);
    if (kind == BRN_JSON_ARRAY)
        return add_row(json, r->grid, err);
    BRN_TRY(add_cell(json, r->grid, err));
    return brn_grid_end_row(r->grid, err);
}

/* Rows as objects, as arrays, or single values. */
static brine_status read_rows(struct brn_json *json, struct reading *r, brine_error *err)
{
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "the rows must be an array", err);
    enum brn_json_kind first = BRN_JSON_END;
    while (brn_json_next(json) != BRN_JSON_ARRAY_END) {
        if (r->grid->rows == 0)
            first = json->kind;
        BRN_TRY(one_instance(r, json, first, err));
    }
    return BRINE_OK;
}

static brine_status read_instances(struct brn_json *json, void *into, brine_error *err)
{
    BRN_TRY(begin_shape(into, err));
    return read_rows(json, into, err);
}

static brine_status read_records(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    BRN_TRY(read_instances(json, into, err));
    if (r->grid->rows && !r->grid->names)
        return brn_json_wrong(json, "\"dataframe_records\" must hold objects", err);
    return BRINE_OK;
}

/* {"a": [1, 2], "b": [3, 4]}; a value alone is one row. */
static brine_status read_one_column(struct brn_json *json, struct brn_grid *grid, brine_error *err)
{
    size_t before = grid->cells->size;
    if (json->kind != BRN_JSON_ARRAY) {
        BRN_TRY(add_cell(json, grid, err));
    } else {
        while (brn_json_next(json) != BRN_JSON_ARRAY_END)
            BRN_TRY(add_cell(json, grid, err));
    }
    size_t rows = (grid->cells->size - before) / sizeof(struct brn_grid_cell);
    if (grid->columns > 1 && rows != grid->rows)
        return brn_json_wrong(json, "all columns must have as many values as the first", err);
    grid->rows = rows;
    return BRINE_OK;
}

static brine_status read_inputs(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    size_t capacity = 0;
    if (json->kind != BRN_JSON_OBJECT)
        return read_instances(json, into, err);
    BRN_TRY(begin_shape(r, err));
    r->grid->is_by_column = true;
    while (brn_json_next(json) != BRN_JSON_OBJECT_END) {
        if (json->kind == BRN_JSON_END)
            return brn_json_failure(json, err);
        BRN_TRY(add_name(r->grid, json->key, &capacity, err));
        BRN_TRY(read_one_column(json, r->grid, err));
    }
    return BRINE_OK;
}

/* ---- dataframe_split ---- */

struct split {
    struct reading *reading;
    struct brn_grid columns; /* its names, until the data is there: members come in any order */
    size_t column_count;
    bool has_columns, has_data;
};

static brine_status read_split_columns(struct brn_json *json, void *into, brine_error *err)
{
    struct split *s = into;
    size_t capacity = 0;
    s->columns.texts = s->reading->grid->texts;
    s->has_columns = true;
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"columns\" must be an array", err);
    BRN_TRY(room_for_names(&s->columns, 0, &capacity, err));
    while (brn_json_next(json) != BRN_JSON_ARRAY_END) {
        if (json->kind != BRN_JSON_STRING)
            return brn_json_wrong(json, "a column's name must be a string", err);
        BRN_TRY(add_name(&s->columns, json->text, &capacity, err));
    }
    s->reading->grid->texts = s->columns.texts;
    return BRINE_OK;
}

static brine_status read_split_data(struct brn_json *json, void *into, brine_error *err)
{
    struct split *s = into;
    s->has_data = true;
    if (json->kind != BRN_JSON_ARRAY)
        return brn_json_wrong(json, "\"data\" must be an array of arrays", err);
    while (brn_json_next(json) != BRN_JSON_ARRAY_END) {
        if (json->kind != BRN_JSON_ARRAY)
            return brn_json_wrong(json, "a row must be an array", err);
        BRN_TRY(add_row(json, s->reading->grid, err));
    }
    return BRINE_OK;
}

static brine_status read_split(struct brn_json *json, void *into, brine_error *err)
{
    static const struct brn_member members[] = {
        {"columns", read_split_columns}, {"data", read_split_data}, {NULL, NULL}};
    struct split s = {.reading = into};
    BRN_TRY(begin_shape(s.reading, err));
    if (json->kind != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "\"dataframe_split\" must be an object", err);
    BRN_TRY(brn_members_read(json, members, &s, err));
    struct brn_grid *grid = s.reading->grid;
    if (!s.has_data)
        return brn_fail(err, BRINE_FORMAT, "\"dataframe_split\" lacks \"data\"");
    if (!s.has_columns)
        return BRINE_OK;
    if (grid->rows && s.columns.columns != grid->columns)
        return brn_fail(err, BRINE_FORMAT, "%zu names in \"columns\", but rows of %zu values",
                        s.columns.columns, grid->columns);
    grid->names = s.columns.names;
    grid->columns = s.columns.columns;
    return BRINE_OK;
}

/* ---- the whole ---- */

static brine_status read_method(struct brn_json *json, void *into, brine_error *err)
{
    struct reading *r = into;
    if (json->kind != BRN_JSON_STRING)
        return brn_json_wrong(json, "\"method\" must be a string", err);
    r->request->method = brn_text_pool_event(&r->grid->texts, json);
    return r->request->method.p ? BRINE_OK : brn_fail_memory(err);
}

static brine_status read_params(struct brn_json *json, void *into, brine_error *err)
{
    static const struct brn_member members[] = {{"method", read_method}, {NULL, NULL}};
    if (json->kind == BRN_JSON_NULL)
        return BRINE_OK;
    if (json->kind != BRN_JSON_OBJECT)
        return brn_json_wrong(json, "\"params\" must be an object", err);
    return brn_members_read(json, members, into, err);
}

static brine_status read_document(struct brn_json *json, struct reading *r, brine_error *err)
{
    static const struct brn_member members[] = {
        {"dataframe_split", read_split}, {"dataframe_records", read_records},
        {"instances", read_instances},   {"inputs", read_inputs},
        {"params", read_params},         {NULL, NULL},
    };
    if (brn_json_next(json) != BRN_JSON_OBJECT)
        return brn_json_wrong(json, wanted, err);
    BRN_TRY(brn_members_read(json, members, r, err));
    if (brn_json_next(json) != BRN_JSON_END || json->error.status != BRINE_OK)
        return brn_json_failure(json, err);
    return r->has_shape ? BRINE_OK : brn_fail(err, BRINE_FORMAT, "%s", wanted);
}

brine_status brn_invocation_json(struct brn_slice body, struct brn_work *work,
                                 struct brn_buffer *cells,
                                 struct brn_invocation_request *ret_request, brine_error *err)
{
    struct brn_json json;
    uint8_t nesting[BRN_MAX_JSON_DEPTH];
    cells->size = 0;
    cells->failed = false;
    *ret_request =
        (struct brn_invocation_request){.grid = {.texts = {.work = work}, .cells = cells}};
    struct reading r = {.request = ret_request, .grid = &ret_request->grid};
    brn_arena_init(&r.arena, 0);
    brn_json_init(&json, body, nesting, BRN_MAX_JSON_DEPTH);
    json.allow_nan = true; /* pandas writes NaN as it is */
    brine_status status = read_document(&json, &r, err);
    brn_json_free(&json);
    brn_arena_free(&r.arena);
    return status;
}
