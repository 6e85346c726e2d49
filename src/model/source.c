/* SPDX-License-Identifier: Apache-2.0
 *
 * source.c - the first step of every plan: columns of a table into the numbers and codes of a tile.
 */
#include "base/number.h"
#include "model/model_private.h"
#include "table/type.h"

#include <math.h>
#include <stdio.h>

/* ---- matching ---- */

static brine_status match_by_name(const struct brine_model *model, const struct brn_table *table,
                                  int32_t *columns, brine_error *err)
{
    for (size_t f = 0; f < model->feature_count; f++) {
        const struct brn_column *c = brn_table_column(table, model->features[f].name);
        columns[f] = c ? (int32_t)(c - table->columns) : -1;
        if (!c && model->features[f].is_used)
            return brn_fail(err, BRINE_INPUT,
                            "the table has no column \"%s\", which the model reads",
                            model->features[f].name);
    }
    return BRINE_OK;
}

/* A first line of numbers is a row, whose place as the header would be a silent loss; but numpy's
 * own columns are named 0, 1, 2… */
static bool is_headless(const struct brn_table *table)
{
    double value, before = 0;
    bool is_counted = true;
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        if (!name || !brn_parse_double(brn_slice_of(name), &value))
            return false;
        is_counted &= i == 0 ? value == floor(value) : value == before + 1;
        before = value;
    }
    return !is_counted || (table->column_count == 1 && before != 0);
}

static brine_status match_by_position(const struct brine_model *model,
                                      const struct brn_table *table, int32_t *columns,
                                      brine_error *err)
{
    if (table->column_count != model->feature_count)
        return brn_fail(err, BRINE_INPUT, "the table has %zu columns, the model takes %zu",
                        table->column_count, model->feature_count);
    if (is_headless(table))
        return brn_fail(err, BRINE_INPUT,
                        "the first line, which should name the columns, is numbers (%.40s%s): put "
                        "a header above it",
                        table->columns[0].name, table->column_count > 1 ? ", …" : "");
    for (size_t f = 0; f < model->feature_count; f++)
        columns[f] = (int32_t)f;
    return BRINE_OK;
}

/* ---- dtypes whose answers scikit-learn gives in fewer bits than brine ---- */

static bool is_narrow(enum brn_type type)
{
    return type == BRN_TYPE_BOOL || type == BRN_TYPE_INT8 || type == BRN_TYPE_INT16 ||
           type == BRN_TYPE_UINT8 || type == BRN_TYPE_UINT16;
}

static brine_status refuse_type(const struct brn_feature *feature, enum brn_type type,
                                brine_error *err)
{
    brn_fail(err, BRINE_INPUT,
             "scikit-learn answers %s in half or single precision, which brine does not: give "
             "float64",
             brn_types[type].name);
    if (err)
        snprintf(err->column, sizeof err->column, "%s", feature->name);
    return BRINE_INPUT;
}

static brine_status check_types(const struct brine_model *model, const struct brn_table *table,
                                const int32_t *columns, brine_error *err)
{
    for (size_t f = 0; f < model->feature_count; f++) {
        const struct brn_feature *feature = &model->features[f];
        enum brn_type type = feature->as_number ? table->columns[columns[f]].type : BRN_TYPE_NULL;
        if (type == BRN_TYPE_FLOAT16 || (feature->is_raw && is_narrow(type)))
            return refuse_type(feature, type, err);
    }
    return BRINE_OK;
}

/* Whatever columns there are, they are keys. */
static brine_status match_record(const struct brine_model *model, int32_t *columns)
{
    for (size_t f = 0; f < model->feature_count; f++)
        columns[f] = -1;
    return BRINE_OK;
}

brine_status brn_model_match(const struct brine_model *model, const struct brn_table *table,
                             struct brn_arena *arena, struct brn_matching *ret_matching,
                             brine_error *err)
{
    int32_t *columns = BRN_NEW(arena, int32_t, model->feature_count);
    if (!columns)
        return brn_fail_memory(err);
    ret_matching->columns = columns;
    if (model->input->layout->records)
        return match_record(model, columns);
    bool named = model->has_names && table->column_count > 0 && table->columns[0].name;
    BRN_TRY(named ? match_by_name(model, table, columns, err)
                  : match_by_position(model, table, columns, err));
    return check_types(model, table, columns, err);
}

bool brn_source_is_single(const struct brine_model *model, const struct brn_table *table,
                          const struct brn_matching *matching)
{
    bool any = false;
    for (size_t f = 0; f < model->feature_count; f++) {
        if (!model->features[f].as_number)
            continue;
        enum brn_type type = table->columns[matching->columns[f]].type;
        if (type != BRN_TYPE_FLOAT32)
            return false;
        any = true;
    }
    return any;
}

/* ---- numbers ---- */

static void fill_doubles(const struct brn_column *c, int64_t first, struct brn_tile *tile,
                         double *out)
{
    int64_t stride = c->stride ? c->stride : (int64_t)sizeof(double);
    const uint8_t *p = (const uint8_t *)c->values + (first + c->offset) * stride;
    for (size_t r = 0; r < tile->rows; r++, p += stride)
        memcpy(&out[r * tile->number_stride], p, sizeof(double));
}

/* A text that is a number as "true" is. */
static bool is_word(const struct brn_column *c, int64_t row)
{
    struct brn_slice text;
    bool holds_letters = false;
    double value;
    if (c->type != BRN_TYPE_LITERAL || !brn_column_text(c, row, &text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        holds_letters |= text.p[i] >= 'A';
    return holds_letters && !brn_parse_double(text, &value);
}

static brine_status fill_numbers(const struct brn_feature *feature, const struct brn_column *c,
                                 int64_t first, struct brn_tile *tile, const struct brn_work *work)
{
    double *out = tile->numbers + feature->number;
    struct brn_slice text;
    if (c->type == BRN_TYPE_FLOAT64 && !c->validity) {
        fill_doubles(c, first, tile, out);
        return BRINE_OK;
    }
    for (size_t r = 0; r < tile->rows; r++) {
        if (feature->is_raw && is_word(c, first + (int64_t)r))
            return brn_refuse(work, tile, r, feature->name,
                              "numpy answers booleans in half precision, which brine does not: "
                              "give 0 and 1, if the model was fitted on these");
        if (brn_column_number(c, first + (int64_t)r, &out[r * tile->number_stride]))
            continue;
        if (!brn_column_text(c, first + (int64_t)r, &text))
            text = (struct brn_slice){NULL, 0};
        return brn_refuse(work, tile, r, feature->name, "\"%.*s\" is no number",
                          text.n > 60 ? 60 : (int)text.n, text.n ? (const char *)text.p : "");
    }
    return BRINE_OK;
}

/* ---- a matrix that is a tile already ---- */

static bool is_whole_input(const struct brine_model *model)
{
    const struct brn_tile_layout *layout = model->input->layout;
    return model->feature_count > 0 && (size_t)layout->numbers == model->feature_count &&
           layout->codes == 0 && layout->documents == 0 && !layout->records;
}

const double *brn_source_matrix(const struct brine_model *model, const struct brn_table *table,
                                const struct brn_matching *matching, size_t *ret_stride)
{
    if (!is_whole_input(model))
        return NULL;
    const struct brn_column *first = &table->columns[matching->columns[0]];
    for (size_t f = 0; f < model->feature_count; f++)
        if (model->features[f].number != (int32_t)f ||
            !brn_column_is_beside(&table->columns[matching->columns[f]], first, f, sizeof(double)))
            return NULL;
    const uint8_t *at = (const uint8_t *)first->values + first->offset * first->stride;
    size_t width = model->feature_count * sizeof(double);
    if (first->type != BRN_TYPE_FLOAT64 || first->stride < (int64_t)width ||
        first->stride % (int64_t)sizeof(double) || (uintptr_t)at % sizeof(double))
        return NULL;
    *ret_stride = (size_t)first->stride / sizeof(double);
    return (const double *)(const void *)at;
}

/* ---- codes ---- */

static bool is_quoted(const struct brn_column *c, int64_t row)
{
    int64_t i = row + c->offset;
    return c->quoted && (c->quoted[i / 8] >> (i % 8) & 1);
}

/* A number without quotes may be a category that is a number; everything else is text. */
static int32_t code_of(const struct brn_dictionary *d, const struct brn_column *c, int64_t row)
{
    struct brn_slice text;
    double number;
    int32_t code = BRN_CODE_UNKNOWN;
    bool is_text = brn_column_text(c, row, &text);
    bool may_be_number = d->texts.count < d->count && !is_quoted(c, row);
    if (may_be_number && brn_column_number(c, row, &number))
        code = isnan(number) ? BRN_CODE_UNKNOWN : brn_dictionary_number(d, number);
    if (code == BRN_CODE_UNKNOWN && is_text)
        code = brn_dictionary_text(d, text);
    return code;
}

static bool is_missing(const struct brn_column *c, int64_t row)
{
    double number;
    if (!brn_column_is_valid(c, row))
        return true;
    bool is_float =
        c->type == BRN_TYPE_FLOAT64 || c->type == BRN_TYPE_FLOAT32 || c->type == BRN_TYPE_FLOAT16;
    return is_float && brn_column_number(c, row, &number) && isnan(number);
}

static void fill_codes(const struct brn_feature *feature, const struct brn_column *c, int64_t first,
                       struct brn_tile *tile)
{
    int32_t *out = tile->codes + feature->code;
    for (size_t r = 0; r < tile->rows; r++) {
        int64_t row = first + (int64_t)r;
        out[r * tile->code_stride] =
            is_missing(c, row) ? BRN_CODE_MISSING : code_of(feature->categories, c, row);
    }
}

/* ---- documents ---- */

/* A missing one has no bytes at all, an empty one has 0. */
static brine_status fill_documents(const struct brn_feature *feature, const struct brn_column *c,
                                   int64_t first, struct brn_tile *tile,
                                   const struct brn_work *work)
{
    struct brn_slice *out = tile->documents + feature->document;
    for (size_t r = 0; r < tile->rows; r++, out += tile->document_stride) {
        int64_t row = first + (int64_t)r;
        *out = (struct brn_slice){NULL, 0};
        if (is_missing(c, row))
            continue;
        if (!brn_column_text(c, row, out))
            return brn_refuse(work, tile, r, feature->name, "is no text");
        if (!out->p)
            *out = brn_slice_of("");
    }
    return BRINE_OK;
}

brine_status brn_source_fill(const struct brine_model *model, const struct brn_table *table,
                             const struct brn_matching *matching, int64_t first,
                             struct brn_tile *tile, const struct brn_work *work)
{
    if (model->input->layout->records) {
        tile->table = table;
        tile->table_row = first;
    }
    for (size_t f = 0; f < model->feature_count; f++) {
        const struct brn_feature *feature = &model->features[f];
        if (!feature->as_number && !feature->as_text && !feature->as_document)
            continue;
        const struct brn_column *c = &table->columns[matching->columns[f]];
        if (feature->as_number)
            BRN_TRY(fill_numbers(feature, c, first, tile, work));
        if (feature->as_text)
            fill_codes(feature, c, first, tile);
        if (feature->as_document)
            BRN_TRY(fill_documents(feature, c, first, tile, work));
    }
    return BRINE_OK;
}
