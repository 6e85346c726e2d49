/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "serve/served.h"

#include <stdio.h>

static brine_status out_of_room(brine_error *err)
{
    return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
}

static uint8_t *take_bitmap(struct brn_work *work, size_t rows, int fill)
{
    size_t bytes = rows / 8 + 1;
    uint8_t *bits = brn_work_take(work, bytes, 1);
    if (bits)
        memset(bits, fill, bytes);
    return bits;
}

/* ---- one column of a tensor ---- */

/* Elements of a tensor that make one column: at first, first + step, … */
struct strip {
    const struct brn_tensor *tensor;
    size_t first, step, rows;
};

/* Arrow keeps booleans as bits. */
static bool fill_bools(struct brn_column *c, const struct strip *s, struct brn_work *work)
{
    const uint8_t *bytes = s->tensor->data;
    uint8_t *bits = take_bitmap(work, s->rows, 0);
    for (size_t r = 0; bits && r < s->rows; r++)
        bits[r / 8] |= (uint8_t)(bytes[s->first + r * s->step] << (r % 8));
    c->values = bits;
    return bits != NULL;
}

static bool fill_texts(struct brn_column *c, const struct strip *s, struct brn_work *work)
{
    const struct brn_slice *from = s->tensor->data;
    struct brn_slice *slices = brn_work_take(work, s->rows + 1, sizeof *slices);
    uint8_t *validity = take_bitmap(work, s->rows, 0);
    uint8_t *quoted = take_bitmap(work, s->rows, 0xFF);
    if (!slices || !validity || !quoted)
        return false;
    for (size_t r = 0; r < s->rows; r++) {
        slices[r] = from[s->first + r * s->step];
        validity[r / 8] |= (uint8_t)((slices[r].p != NULL) << (r % 8));
    }
    c->slices = slices;
    c->validity = validity;
    c->quoted = quoted;
    return true;
}

static bool fill_numbers(struct brn_column *c, const struct strip *s)
{
    size_t size = s->tensor->datatype->size;
    c->values = (const uint8_t *)s->tensor->data + s->first * size;
    c->stride = s->step == 1 ? 0 : (int64_t)(s->step * size);
    return true;
}

static brine_status fill_column(struct brn_column *c, const char *name, const struct strip *s,
                                struct brn_work *work, brine_error *err)
{
    *c = (struct brn_column){
        .name = name, .type = s->tensor->datatype->type, .length = (int64_t)s->rows};
    bool ok = c->type == BRN_TYPE_BOOL      ? fill_bools(c, s, work)
              : c->type == BRN_TYPE_LITERAL ? fill_texts(c, s, work)
                                            : fill_numbers(c, s);
    return ok ? BRINE_OK : out_of_room(err);
}

static brine_status check_texts(const struct brn_tensor *t, brine_error *err)
{
    const struct brn_slice *texts = t->data;
    for (size_t i = 0; t->datatype->kind == BRN_DATATYPE_BYTES && i < t->elements; i++)
        if (texts[i].n && brn_utf8_valid(texts[i]) < texts[i].n)
            return brn_fail(err, BRINE_FORMAT, "BYTES element %zu of \"%.*s\" is no UTF-8", i,
                            BRN_S(t->name));
    return BRINE_OK;
}

/* ---- one tensor [rows, features] ---- */

static bool is_matrix(const struct brn_served *s, const struct brn_oip_request *request)
{
    const struct brn_tensor *t = &request->inputs[0];
    return request->input_count == 1 && t->rank == 2 && (t->shape[1] != 1 || s->feature_count == 1);
}

static brine_status matrix_columns(const struct brn_served *s, const struct brn_tensor *t,
                                   struct brn_work *work, struct brn_table *ret_table,
                                   brine_error *err)
{
    size_t width = s->feature_count;
    if (t->shape[1] != (int64_t)width)
        return brn_fail(err, BRINE_FORMAT, "\"%.*s\" has %lld columns, the model takes %zu",
                        BRN_S(t->name), (long long)t->shape[1], width);
    struct brn_column *columns = brn_work_take(work, width + 1, sizeof *columns);
    if (!columns)
        return out_of_room(err);
    for (size_t c = 0; c < width; c++) {
        struct strip strip = {t, c, width, (size_t)t->shape[0]};
        BRN_TRY(fill_column(&columns[c], s->names[c], &strip, work, err));
    }
    *ret_table = (struct brn_table){t->shape[0], width, columns};
    return BRINE_OK;
}

/* ---- one tensor a column ---- */

static brine_status check_column(const struct brn_served *s, const struct brn_tensor *t,
                                 int64_t rows, brine_error *err)
{
    bool is_column = t->rank == 1 || (t->rank == 2 && t->shape[1] == 1);
    if (!is_column)
        return brn_fail(err, BRINE_FORMAT,
                        "\"%.*s\": send one tensor a column, of shape [rows] or [rows, 1], or one "
                        "tensor of shape [rows, %zu]",
                        BRN_S(t->name), s->feature_count);
    if (t->shape[0] != rows)
        return brn_fail(err, BRINE_FORMAT, "\"%.*s\" has %lld rows, the inputs before it %lld",
                        BRN_S(t->name), (long long)t->shape[0], (long long)rows);
    return BRINE_OK;
}

/* A feature's own name when it is one, else a copy. */
static const char *column_name(const struct brn_served *s, struct brn_slice name,
                               struct brn_work *work)
{
    uint32_t i = brn_map_find(&s->by_name, name);
    if (i != BRN_MAP_NONE)
        return s->names[i];
    char *copy = brn_work_take(work, name.n + 1, 1);
    if (!copy)
        return NULL;
    memcpy(copy, name.p, name.n);
    copy[name.n] = '\0';
    return copy;
}

static brine_status tensor_columns(const struct brn_served *s,
                                   const struct brn_oip_request *request, struct brn_work *work,
                                   struct brn_table *ret_table, brine_error *err)
{
    const struct brn_tensor *t = request->inputs;
    int64_t rows = t->rank > 0 ? t->shape[0] : 0;
    struct brn_column *columns = brn_work_take(work, request->input_count, sizeof *columns);
    if (!columns)
        return out_of_room(err);
    for (size_t i = 0; i < request->input_count; i++) {
        BRN_TRY(check_column(s, &t[i], rows, err));
        const char *name = column_name(s, t[i].name, work);
        if (!name)
            return out_of_room(err);
        struct strip strip = {&t[i], 0, 1, (size_t)rows};
        BRN_TRY(fill_column(&columns[i], name, &strip, work, err));
    }
    *ret_table = (struct brn_table){rows, request->input_count, columns};
    return BRINE_OK;
}

brine_status brn_served_columns(const struct brn_served *served,
                                const struct brn_oip_request *request, struct brn_work *work,
                                struct brn_table *ret_table, brine_error *err)
{
    for (size_t i = 0; i < request->input_count; i++)
        BRN_TRY(check_texts(&request->inputs[i], err));
    if (is_matrix(served, request))
        return matrix_columns(served, &request->inputs[0], work, ret_table, err);
    return tensor_columns(served, request, work, ret_table, err);
}

/* ---- matching ---- */

void brn_served_name_columns(const struct brn_served *served, struct brn_table *table)
{
    for (size_t i = 0; i < table->column_count && table->column_count == served->feature_count; i++)
        if (!table->columns[i].name)
            table->columns[i].name = served->names[i];
}

/* Without names of its own the model's columns are still called x0, x1… in its metadata; a client
 * that uses these means them. */
static bool is_by_name(const struct brn_served *s, const struct brn_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i].name)
            return false;
        if (!s->has_names &&
            brn_map_find(&s->by_name, brn_slice_of(table->columns[i].name)) == BRN_MAP_NONE)
            return false;
    }
    return true;
}

static brine_status match_names(const struct brn_served *s, const struct brn_table *table,
                                int32_t *columns, brine_error *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        uint32_t f = brn_map_find(&s->by_name, brn_slice_of(table->columns[i].name));
        if (f == BRN_MAP_NONE)
            continue;
        if (columns[f] >= 0)
            return brn_fail(err, BRINE_FORMAT, "column \"%s\" is there twice", s->names[f]);
        columns[f] = (int32_t)i;
    }
    return BRINE_OK;
}

static brine_status match_places(const struct brn_served *s, const struct brn_table *table,
                                 int32_t *columns, brine_error *err)
{
    if (table->column_count != s->feature_count)
        return brn_fail(err, BRINE_FORMAT, "the rows have %zu columns, the model takes %zu",
                        table->column_count, s->feature_count);
    for (size_t f = 0; f < s->feature_count; f++)
        columns[f] = (int32_t)f;
    return BRINE_OK;
}

static brine_status check_there(const struct brn_served *s, const int32_t *columns,
                                brine_error *err)
{
    char names[160] = "";
    size_t lacking = 0, used = 0;
    for (size_t f = 0; f < s->feature_count; f++) {
        if (columns[f] >= 0 || !s->features[f].is_used)
            continue;
        lacking++;
        int n = snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", s->names[f]);
        used = used + (size_t)n < sizeof names ? used + (size_t)n : sizeof names - 1;
    }
    if (lacking)
        return brn_fail(err, BRINE_FORMAT, "%zu column%s missing: %s", lacking,
                        lacking == 1 ? " is" : "s are", names);
    return BRINE_OK;
}

brine_status brn_served_match(const struct brn_served *served, const struct brn_table *table,
                              struct brn_work *work, struct brn_matching *ret_matching,
                              brine_error *err)
{
    int32_t *columns = brn_work_take(work, served->feature_count + 1, sizeof *columns);
    if (!columns)
        return out_of_room(err);
    memset(columns, 0xFF, (served->feature_count + 1) * sizeof *columns);
    if (is_by_name(served, table))
        BRN_TRY(match_names(served, table, columns, err));
    else
        BRN_TRY(match_places(served, table, columns, err));
    BRN_TRY(check_there(served, columns, err));
    ret_matching->columns = columns;
    return BRINE_OK;
}

/* The first row whose value was written as a string, or -1. */
static int64_t first_string(const struct brn_column *c)
{
    for (int64_t r = 0; c->type == BRN_TYPE_LITERAL && c->quoted && r < c->length; r++)
        if (c->quoted[r / 8] >> (r % 8) & 1 && brn_column_is_valid(c, r))
            return r;
    return -1;
}

brine_status brn_served_check_kinds(const struct brn_served *served, const struct brn_table *table,
                                    const struct brn_matching *matching, brine_error *err)
{
    for (size_t f = 0; f < served->feature_count; f++) {
        const struct brn_feature *feature = &served->features[f];
        if (matching->columns[f] < 0 || !feature->as_number || feature->as_text)
            continue;
        int64_t row = first_string(&table->columns[matching->columns[f]]);
        if (row >= 0)
            return brn_fail(err, BRINE_FORMAT,
                            "row %lld: column \"%s\" is text, the model takes a number",
                            (long long)row, served->names[f]);
    }
    return BRINE_OK;
}
