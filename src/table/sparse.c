/* SPDX-License-Identifier: Apache-2.0 */
#include "table/sparse.h"

#include "table/type.h"
#include "table/window.h"

#include <stdlib.h>

enum { MAX_ROWS = 1 << 27 };
static const uint64_t MAX_BATCH_BYTES = (uint64_t)4 << 30;
static const struct brn_io_limits limits = {.max_expanded_bytes = (uint64_t)16 << 30,
                                            .max_ratio = 1000};

struct brn_sparse {
    const char *name; /* borrowed */
    struct brn_read_options options;
    uint64_t row_count, column_count, at;
    struct brn_array data;
    uint64_t *begin;    /* by row: its first entry; one more than rows */
    uint64_t *entry;    /* in the order of rows: place in data */
    uint64_t *column;   /* in the order of rows */
    uint64_t *last_row; /* by column: the row + 1 that filled it last, to see duplicates */
    uint8_t *batch;
    struct brn_column *columns;
};

/* ---- arrays ---- */

void brn_array_free(struct brn_array *array)
{
    brn_buffer_free(&array->items);
}

static brine_status load_items(struct brn_stream *stream, size_t max_dimensions,
                               struct brn_array *array, brine_error *err)
{
    uint64_t bytes;
    BRN_TRY(brn_npy_read_header(stream, &array->npy, err));
    if (array->npy.dimensions > max_dimensions || !brn_npy_size(&array->npy, &array->count, &bytes))
        return brn_fail(err, BRINE_FORMAT, "%s has an unexpected shape", brn_stream_name(stream));
    return brn_npy_read_items(stream, &array->npy, bytes, &array->items, err);
}

brine_status brn_array_load(const struct brn_zip_member *member, size_t max_dimensions,
                            struct brn_array *ret_array, brine_error *err)
{
    struct brn_buffer expanded = {0};
    struct brn_array array = {.count = 0};
    struct brn_stream *stream = NULL;
    struct brn_slice content;
    brine_status status = brn_zip_extract(member, &limits, &expanded, &content, err);
    if (status == BRINE_OK)
        status = brn_stream_open_bytes(content, member->name, NULL, &limits, &stream, err);
    if (status == BRINE_OK)
        status = load_items(stream, max_dimensions, &array, err);
    brn_stream_close(stream);
    brn_buffer_free(&expanded);
    if (status == BRINE_OK)
        *ret_array = array;
    else
        brn_array_free(&array);
    return status;
}

static const struct brn_zip_member *find_member(const struct brn_zip *zip, const char *name)
{
    for (size_t i = 0; i < zip->count; i++)
        if (strcmp(zip->members[i].name, name) == 0)
            return &zip->members[i];
    return NULL;
}

bool brn_sparse_is(const struct brn_zip *zip)
{
    return find_member(zip, "format.npy") && find_member(zip, "shape.npy") &&
           find_member(zip, "data.npy");
}

static brine_status load(const struct brn_zip *zip, const char *member_name, size_t max_dimensions,
                         struct brn_array *ret, brine_error *err)
{
    const struct brn_zip_member *member = find_member(zip, member_name);
    if (!member)
        return brn_fail(err, BRINE_FORMAT, "the sparse matrix has no member %s", member_name);
    return brn_array_load(member, max_dimensions, ret, err);
}

/* An array of indices as uint64; each below limit.  The caller frees it. */
static brine_status load_indices(const struct brn_zip *zip, const char *member_name, uint64_t limit,
                                 uint64_t **ret, uint64_t *ret_count, brine_error *err)
{
    struct brn_array array;
    BRN_TRY(load(zip, member_name, 1, &array, err));
    const struct brn_type_info *info = &brn_types[array.npy.type];
    uint64_t *values = calloc((size_t)array.count + 1, sizeof *values);
    brine_status status = values ? BRINE_OK : brn_fail_memory(err);
    if (status == BRINE_OK && !info->integer)
        status =
            brn_fail(err, BRINE_FORMAT, "%s of the sparse matrix holds no integers", member_name);
    for (uint64_t i = 0; status == BRINE_OK && i < array.count; i++) {
        values[i] = (uint64_t)info->integer(array.items.data + i * array.npy.item_size);
        if (values[i] >= limit)
            status = brn_fail(err, BRINE_FORMAT, "%s[%llu] of the sparse matrix is out of range",
                              member_name, (unsigned long long)i);
    }
    *ret_count = array.count;
    brn_array_free(&array);
    if (status == BRINE_OK)
        *ret = values;
    else
        free(values);
    return status;
}

/* ---- layouts: each gives the entries' rows and columns ---- */

struct entries {
    uint64_t *row, *column, row_count_read, column_count_read;
};

static brine_status load_coo(const struct brn_zip *zip, const struct brn_sparse *s,
                             struct entries *e, brine_error *err)
{
    BRN_TRY(load_indices(zip, "row.npy", s->row_count, &e->row, &e->row_count_read, err));
    return load_indices(zip, "col.npy", s->column_count, &e->column, &e->column_count_read, err);
}

/* indptr to one number an entry: entry k lies in the slot whose range holds it. */
static brine_status load_slots(const struct brn_zip *zip, uint64_t slots, uint64_t entries,
                               uint64_t **ret, brine_error *err)
{
    uint64_t *begin, count;
    BRN_TRY(load_indices(zip, "indptr.npy", entries + 1, &begin, &count, err));
    uint64_t *slot_of = calloc((size_t)entries + 1, sizeof *slot_of);
    bool ok = count == slots + 1 && begin[0] == 0 && begin[slots] == entries;
    for (uint64_t i = 0; slot_of && ok && i < slots; i++) {
        ok = begin[i] <= begin[i + 1];
        for (uint64_t k = begin[i]; ok && k < begin[i + 1]; k++)
            slot_of[k] = i;
    }
    free(begin);
    if (slot_of && ok) {
        *ret = slot_of;
        return BRINE_OK;
    }
    free(slot_of);
    return ok ? brn_fail_memory(err)
              : brn_fail(err, BRINE_FORMAT, "indptr.npy of the sparse matrix does not rise to %llu",
                         (unsigned long long)entries);
}

static brine_status load_csr(const struct brn_zip *zip, const struct brn_sparse *s,
                             struct entries *e, brine_error *err)
{
    BRN_TRY(
        load_indices(zip, "indices.npy", s->column_count, &e->column, &e->column_count_read, err));
    e->row_count_read = s->data.count;
    return load_slots(zip, s->row_count, s->data.count, &e->row, err);
}

static brine_status load_csc(const struct brn_zip *zip, const struct brn_sparse *s,
                             struct entries *e, brine_error *err)
{
    BRN_TRY(load_indices(zip, "indices.npy", s->row_count, &e->row, &e->row_count_read, err));
    e->column_count_read = s->data.count;
    return load_slots(zip, s->column_count, s->data.count, &e->column, err);
}

static const struct layout {
    const char *name;
    brine_status (*load)(const struct brn_zip *zip, const struct brn_sparse *s, struct entries *e,
                         brine_error *err);
} layouts[] = {{"csr", load_csr}, {"csc", load_csc}, {"coo", load_coo}};

/* ---- opening ---- */

static brine_status load_shape(const struct brn_zip *zip, struct brn_sparse *s, brine_error *err)
{
    uint64_t *shape, count;
    BRN_TRY(load_indices(zip, "shape.npy", (uint64_t)1 << 62, &shape, &count, err));
    s->row_count = count == 2 ? shape[0] : 0;
    s->column_count = count == 2 ? shape[1] : 0;
    free(shape);
    if (s->column_count == 0)
        return brn_fail(err, BRINE_FORMAT, "%s holds a sparse matrix without two dimensions",
                        s->name);
    if (s->column_count > s->options.max_columns || s->row_count > MAX_ROWS)
        return brn_fail(err, BRINE_LIMIT, "%s holds a sparse matrix of %llu by %llu: too large",
                        s->name, (unsigned long long)s->row_count,
                        (unsigned long long)s->column_count);
    return BRINE_OK;
}

/* format.npy holds b'csr', or 'csr' in Python 2's files. */
static void copy_ascii(const struct brn_array *array, char out[8])
{
    size_t unit = array->npy.kind == 'U' ? 4 : 1, n = array->items.size / unit;
    memset(out, 0, 8);
    for (size_t i = 0; i < n && i < 7; i++) {
        uint32_t code = 0;
        memcpy(&code, array->items.data + i * unit, unit);
        out[i] = unit == 4 ? (char)code : (char)array->items.data[i];
    }
}

static brine_status find_layout(const struct brn_zip *zip, const struct brn_sparse *s,
                                const struct layout **ret, brine_error *err)
{
    struct brn_array array;
    char name[8];
    BRN_TRY(load(zip, "format.npy", 0, &array, err));
    copy_ascii(&array, name);
    brn_array_free(&array);
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        if (strcmp(layouts[i].name, name) == 0) {
            *ret = &layouts[i];
            return BRINE_OK;
        }
    return brn_fail(err, BRINE_UNSUPPORTED,
                    "%s holds a sparse matrix as '%s': save it as csr, csc or coo", s->name, name);
}

/* Entries in the order of rows, by counting. */
static brine_status sort_entries(struct brn_sparse *s, const struct entries *e, brine_error *err)
{
    uint64_t count = s->data.count;
    s->begin = calloc((size_t)s->row_count + 2, sizeof *s->begin);
    s->entry = calloc((size_t)count + 1, sizeof *s->entry);
    s->column = calloc((size_t)count + 1, sizeof *s->column);
    if (!s->begin || !s->entry || !s->column)
        return brn_fail_memory(err);
    /* begin[row + 1] counts, then is where the row's next entry goes, and ends as begin[row + 1] */
    for (uint64_t k = 0; k < count; k++)
        s->begin[e->row[k] + 2]++;
    for (uint64_t i = 2; i < s->row_count + 2; i++)
        s->begin[i] += s->begin[i - 1];
    for (uint64_t k = 0; k < count; k++) {
        uint64_t to = s->begin[e->row[k] + 1]++;
        s->entry[to] = k;
        s->column[to] = e->column[k];
    }
    return BRINE_OK;
}

static brine_status load_entries(const struct brn_zip *zip, const struct layout *layout,
                                 struct brn_sparse *s, brine_error *err)
{
    struct entries e = {NULL, NULL, 0, 0};
    brine_status status = layout->load(zip, s, &e, err);
    if (status == BRINE_OK &&
        (e.row_count_read != s->data.count || e.column_count_read != s->data.count))
        status = brn_fail(err, BRINE_FORMAT, "the sparse matrix has arrays of different length");
    if (status == BRINE_OK)
        status = sort_entries(s, &e, err);
    free(e.row);
    free(e.column);
    return status;
}

/* Truth values become 0 and 1, because the cells between them are zeros, not gaps. */
static brine_status check_type(struct brn_sparse *s, brine_error *err)
{
    if (s->data.npy.type == BRN_TYPE_BOOL)
        s->data.npy.type = BRN_TYPE_UINT8;
    return brn_types[s->data.npy.type].number
               ? BRINE_OK
               : brn_fail(err, BRINE_UNSUPPORTED, "%s holds a sparse matrix of no numbers",
                          s->name);
}

static brine_status open_sparse(const struct brn_zip *zip, struct brn_sparse *s, brine_error *err)
{
    const struct layout *layout = NULL;
    BRN_TRY(find_layout(zip, s, &layout, err));
    BRN_TRY(load_shape(zip, s, err));
    BRN_TRY(load(zip, "data.npy", 1, &s->data, err));
    BRN_TRY(check_type(s, err));
    BRN_TRY(load_entries(zip, layout, s, err));
    s->columns = calloc((size_t)s->column_count, sizeof *s->columns);
    s->last_row = calloc((size_t)s->column_count, sizeof *s->last_row);
    return s->columns && s->last_row ? BRINE_OK : brn_fail_memory(err);
}

brine_status brn_sparse_open(const struct brn_zip *zip, const char *name,
                             const struct brn_read_options *options, struct brn_sparse **ret_sparse,
                             brine_error *err)
{
    struct brn_sparse *s = calloc(1, sizeof *s);
    if (!s)
        return brn_fail_memory(err);
    s->name = name;
    s->options = *options;
    brine_status status = open_sparse(zip, s, err);
    if (status == BRINE_OK)
        *ret_sparse = s;
    else
        brn_sparse_close(s);
    return status;
}

void brn_sparse_close(struct brn_sparse *s)
{
    if (!s)
        return;
    brn_array_free(&s->data);
    free(s->begin);
    free(s->entry);
    free(s->column);
    free(s->last_row);
    free(s->batch);
    free(s->columns);
    free(s);
}

/* ---- batches ---- */

static brine_status fill_row(struct brn_sparse *s, uint64_t row, uint8_t *to, brine_error *err)
{
    size_t item = s->data.npy.item_size;
    for (uint64_t k = s->begin[row]; k < s->begin[row + 1]; k++) {
        uint64_t column = s->column[k];
        if (s->last_row[column] == row + 1) {
            brn_fail_row(err, row, NULL,
                         "the sparse matrix has two entries for column %llu: call "
                         "sum_duplicates() before saving it",
                         (unsigned long long)column);
            return BRINE_INPUT;
        }
        s->last_row[column] = row + 1;
        memcpy(to + column * item, s->data.items.data + s->entry[k] * item, item);
    }
    return BRINE_OK;
}

static brine_status new_batch(struct brn_sparse *s, uint64_t rows, uint64_t row_bytes,
                              brine_error *err)
{
    uint64_t bytes;
    free(s->batch);
    s->batch = NULL;
    if (__builtin_mul_overflow(rows, row_bytes, &bytes) || bytes > MAX_BATCH_BYTES)
        return brn_fail(err, BRINE_LIMIT, "%s takes more than %llu GiB when it is made dense",
                        s->name, (unsigned long long)(MAX_BATCH_BYTES >> 30));
    s->batch = calloc((size_t)bytes + 1, 1);
    return s->batch ? BRINE_OK : brn_fail_memory(err);
}

brine_status brn_sparse_next(struct brn_sparse *s, struct brn_table *ret_table, brine_error *err)
{
    uint64_t row_bytes = s->column_count * s->data.npy.item_size;
    uint64_t rows = brn_batch_rows(&s->options, row_bytes, s->row_count - s->at);
    BRN_TRY(new_batch(s, rows, row_bytes, err));
    for (uint64_t i = 0; i < rows; i++)
        BRN_TRY(fill_row(s, s->at + i, s->batch + i * row_bytes, err));
    for (uint64_t i = 0; i < s->column_count; i++)
        s->columns[i] = (struct brn_column){.type = s->data.npy.type,
                                            .length = (int64_t)rows,
                                            .values = s->batch + i * s->data.npy.item_size,
                                            .stride = (int64_t)row_bytes};
    s->at += rows;
    *ret_table = (struct brn_table){(int64_t)rows, (size_t)s->column_count, s->columns};
    return BRINE_OK;
}
