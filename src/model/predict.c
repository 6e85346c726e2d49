/* SPDX-License-Identifier: Apache-2.0
 *
 * predict.c - predictions as a table of columns. */
#include "model/model.h"

static const struct brn_column *label_column(const struct brn_dictionary *labels,
                                             struct brn_arena *arena);

/* Results row-major, as the kernels write them, and the columns that look into them. */
struct predictions {
    const struct brn_outputs *outputs;
    const struct brn_table *input;
    const struct brn_matching *matching;
    size_t rows;
    struct brn_results results;
    bool is_single;
    const struct number_form *form; /* of scikit-learn's array */
    const void *numbers;            /* results.numbers in that form */
    uint8_t *validity;              /* bitmap, or NULL */
    struct brn_arena *arena;
};

static brine_status make_room(struct predictions *p, bool null_refused, brine_error *err)
{
    size_t numbers, codes;
    if (__builtin_mul_overflow(p->rows, p->outputs->numbers, &numbers) ||
        __builtin_mul_overflow(p->rows, p->outputs->codes, &codes))
        return brn_fail(err, BRINE_LIMIT, "too many predictions");
    p->results.numbers = BRN_NEW(p->arena, double, numbers);
    p->results.codes = BRN_NEW(p->arena, int32_t, codes);
    if (null_refused)
        p->results.refused = BRN_NEW(p->arena, uint8_t, p->rows);
    bool ok = p->results.numbers && p->results.codes && (!null_refused || p->results.refused);
    return ok ? BRINE_OK : brn_fail_memory(err);
}

static brine_status make_validity(struct predictions *p, brine_error *err)
{
    if (!p->results.refused || !memchr(p->results.refused, 1, p->rows))
        return BRINE_OK;
    p->validity = BRN_NEW(p->arena, uint8_t, p->rows / 8 + 1);
    if (!p->validity)
        return brn_fail_memory(err);
    for (size_t r = 0; r < p->rows; r++)
        if (!p->results.refused[r])
            p->validity[r / 8] |= (uint8_t)(1u << (r % 8));
    return BRINE_OK;
}

/* ---- numbers in the type of scikit-learn's array ---- */

static void to_float32(const double *from, size_t count, void *to)
{
    for (size_t i = 0; i < count; i++)
        ((float *)to)[i] = (float)from[i];
}

/* Refused rows hold anything. */
static double whole(double value, double limit)
{
    return value >= -limit && value < limit ? value : 0;
}

static void to_int32(const double *from, size_t count, void *to)
{
    for (size_t i = 0; i < count; i++)
        ((int32_t *)to)[i] = (int32_t)whole(from[i], 0x1p31);
}

static void to_int64(const double *from, size_t count, void *to)
{
    for (size_t i = 0; i < count; i++)
        ((int64_t *)to)[i] = (int64_t)whole(from[i], 0x1p63);
}

static const struct number_form {
    enum brn_type type;
    size_t size;
    void (*convert)(const double *from, size_t count, void *to);
} FLOAT64 = {BRN_TYPE_FLOAT64, 8, NULL}, FLOAT32 = {BRN_TYPE_FLOAT32, 4, to_float32},
  INT32 = {BRN_TYPE_INT32, 4, to_int32}, INT64 = {BRN_TYPE_INT64, 8, to_int64};

static const struct number_form *choose_form(const struct predictions *p)
{
    if (p->outputs->integer_bytes)
        return p->outputs->integer_bytes == 8 ? &INT64 : &INT32;
    return p->is_single ? &FLOAT32 : &FLOAT64;
}

static brine_status convert_numbers(struct predictions *p, brine_error *err)
{
    size_t count = p->rows * p->outputs->numbers;
    p->form = choose_form(p);
    p->numbers = p->results.numbers;
    if (!p->form->convert)
        return BRINE_OK;
    void *converted = brn_arena_alloc(p->arena, count, p->form->size, 8);
    if (!converted)
        return brn_fail_memory(err);
    p->form->convert(p->results.numbers, count, converted);
    p->numbers = converted;
    return BRINE_OK;
}

static struct brn_column number_column(const struct predictions *p, size_t i)
{
    size_t width = p->outputs->numbers, item = p->form->size;
    return (struct brn_column){
        .name = p->outputs->names[i],
        .type = p->form->type,
        .length = (int64_t)p->rows,
        .validity = p->validity,
        .values = (const uint8_t *)p->numbers + (size_t)p->outputs->places[i] * item,
        .stride = width > 1 ? (int64_t)(width * item) : 0,
    };
}

static struct brn_column label_codes(const struct predictions *p, size_t i,
                                     const struct brn_column *labels)
{
    size_t width = p->outputs->codes;
    return (struct brn_column){
        .name = p->outputs->names[i],
        .type = BRN_TYPE_DICTIONARY,
        .index_type = BRN_TYPE_INT32,
        .length = (int64_t)p->rows,
        .validity = p->validity,
        .values = p->results.codes + p->outputs->places[i],
        .stride = width > 1 ? (int64_t)(width * sizeof(int32_t)) : 0,
        .dictionary = labels,
    };
}

/* ---- columns of the input, given back ---- */

static bool is_answered(const struct predictions *p, size_t row)
{
    return !p->results.refused || !p->results.refused[row];
}

/* An untouched column, without the refused rows. */
static brine_status echo_column(const struct predictions *p, const char *name,
                                const struct brn_column *from, struct brn_column *ret_column,
                                brine_error *err)
{
    *ret_column = *from;
    ret_column->name = name;
    if (!p->validity)
        return BRINE_OK;
    size_t bits = p->rows + (size_t)from->offset;
    uint8_t *validity = BRN_NEW(p->arena, uint8_t, bits / 8 + 1);
    if (!validity)
        return brn_fail_memory(err);
    for (size_t r = 0; r < p->rows; r++) {
        size_t bit = r + (size_t)from->offset;
        if (is_answered(p, r) && brn_column_is_valid(from, (int64_t)r))
            validity[bit / 8] |= (uint8_t)(1u << (bit % 8));
    }
    ret_column->validity = validity;
    return BRINE_OK;
}

/* A text as it is, even with a NUL in it. */
static bool label_text(struct brn_value label, struct brn_arena *arena, struct brn_slice *ret_text)
{
    if (label.kind == BRN_VALUE_TEXT) {
        *ret_text = label.as.text;
        return true;
    }
    char *text = brn_value_text(label, arena);
    *ret_text = text ? brn_slice_of(text) : (struct brn_slice){NULL, 0};
    return text;
}

/* The text that a code stands for; a text that no step knows is the input's own. */
static bool text_of(const struct predictions *p, size_t i, const struct brn_column *from,
                    size_t row, struct brn_slice *ret_text)
{
    const struct brn_dictionary *labels = p->outputs->labels[i];
    int32_t code = p->results.codes[row * p->outputs->codes + (size_t)p->outputs->places[i]];
    if (!is_answered(p, row) || code == BRN_CODE_MISSING)
        return false;
    if (code == BRN_CODE_UNKNOWN)
        return brn_column_text(from, (int64_t)row, ret_text);
    return label_text(labels->values[code], p->arena, ret_text);
}

static brine_status text_column(const struct predictions *p, size_t i,
                                const struct brn_column *from, struct brn_column *ret_column,
                                brine_error *err)
{
    struct brn_slice *slices = BRN_NEW(p->arena, struct brn_slice, p->rows);
    uint8_t *validity = BRN_NEW(p->arena, uint8_t, p->rows / 8 + 1);
    uint8_t *quoted = BRN_NEW(p->arena, uint8_t, p->rows / 8 + 1);
    if (!slices || !validity || !quoted)
        return brn_fail_memory(err);
    for (size_t r = 0; r < p->rows; r++)
        if (text_of(p, i, from, r, &slices[r]))
            validity[r / 8] |= (uint8_t)(1u << (r % 8));
    memset(quoted, 0xff, p->rows / 8 + 1);
    *ret_column = (struct brn_column){.name = p->outputs->names[i],
                                      .type = BRN_TYPE_LITERAL,
                                      .length = (int64_t)p->rows,
                                      .validity = validity,
                                      .slices = slices,
                                      .quoted = quoted};
    return BRINE_OK;
}

/* ---- all columns ---- */

static brine_status make_column(const struct predictions *p, size_t i,
                                struct brn_column *ret_column, brine_error *err)
{
    const struct brn_outputs *o = p->outputs;
    const struct brn_column *from =
        o->echoes[i] >= 0 ? &p->input->columns[p->matching->columns[o->echoes[i]]] : NULL;
    if (from)
        return o->labels[i] ? text_column(p, i, from, ret_column, err)
                            : echo_column(p, o->names[i], from, ret_column, err);
    if (!o->labels[i]) {
        *ret_column = number_column(p, i);
        return BRINE_OK;
    }
    const struct brn_column *dictionary = label_column(o->labels[i], p->arena);
    if (!dictionary)
        return brn_fail_memory(err);
    *ret_column = label_codes(p, i, dictionary);
    return BRINE_OK;
}

static brine_status make_columns(const struct predictions *p, struct brn_table *ret_table,
                                 brine_error *err)
{
    size_t width = p->outputs->width;
    struct brn_column *columns = BRN_NEW(p->arena, struct brn_column, width);
    if (!columns)
        return brn_fail_memory(err);
    for (size_t i = 0; i < width; i++)
        BRN_TRY(make_column(p, i, &columns[i], err));
    *ret_table = (struct brn_table){(int64_t)p->rows, width, columns};
    return BRINE_OK;
}

brine_status brn_model_predict(const struct brine_model *model, brine_method method,
                               const struct brn_table *rows, uint64_t first_row, bool null_refused,
                               struct brn_work *work, struct brn_arena *arena,
                               struct brn_table *ret_predictions, brine_error *err)
{
    struct brn_matching matching;
    struct predictions p = {.outputs = brn_model_outputs(model, method),
                            .input = rows,
                            .matching = &matching,
                            .rows = (size_t)rows->rows,
                            .arena = arena};
    if (!p.outputs)
        return brn_fail(err, BRINE_USAGE, "the model has no method %s", brine_method_name(method));
    BRN_TRY(brn_model_match(model, rows, arena, &matching, err));
    BRN_TRY(make_room(&p, null_refused, err));
    p.results.is_single = &p.is_single;
    BRN_TRY(brn_model_run(model, method, rows, &matching, first_row, work, &p.results, err));
    BRN_TRY(make_validity(&p, err));
    BRN_TRY(convert_numbers(&p, err));
    return make_columns(&p, ret_predictions, err);
}

/* ---- labels as a column of one type ---- */

static bool all_of(const struct brn_dictionary *labels, enum brn_value_kind kind)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->values[i].kind != kind)
            return false;
    return true;
}

static void *integer_labels(const struct brn_dictionary *labels, struct brn_arena *arena)
{
    int64_t *values = BRN_NEW(arena, int64_t, labels->count);
    for (size_t i = 0; values && i < labels->count; i++)
        values[i] = labels->values[i].as.integer;
    return values;
}

static void *float_labels(const struct brn_dictionary *labels, struct brn_arena *arena)
{
    double *values = BRN_NEW(arena, double, labels->count);
    for (size_t i = 0; values && i < labels->count; i++)
        values[i] = labels->values[i].as.real;
    return values;
}

static void *bool_labels(const struct brn_dictionary *labels, struct brn_arena *arena)
{
    uint8_t *bits = BRN_NEW(arena, uint8_t, labels->count / 8 + 1);
    for (size_t i = 0; bits && i < labels->count; i++)
        bits[i / 8] |= (uint8_t)(labels->values[i].as.boolean << (i % 8));
    return bits;
}

static struct brn_slice *text_labels(const struct brn_dictionary *labels, struct brn_arena *arena)
{
    struct brn_slice *slices = BRN_NEW(arena, struct brn_slice, labels->count);
    for (size_t i = 0; slices && i < labels->count; i++)
        if (!label_text(labels->values[i], arena, &slices[i]))
            return NULL;
    return slices;
}

static const struct brn_column *label_column(const struct brn_dictionary *labels,
                                             struct brn_arena *arena)
{
    static const struct {
        enum brn_value_kind kind;
        enum brn_type type;
        void *(*make)(const struct brn_dictionary *, struct brn_arena *);
    } forms[] = {
        {BRN_VALUE_INT, BRN_TYPE_INT64, integer_labels},
        {BRN_VALUE_FLOAT, BRN_TYPE_FLOAT64, float_labels},
        {BRN_VALUE_BOOL, BRN_TYPE_BOOL, bool_labels},
    };
    struct brn_column *column = BRN_NEW(arena, struct brn_column, 1);
    if (!column)
        return NULL;
    *column = (struct brn_column){.type = BRN_TYPE_LITERAL, .length = (int64_t)labels->count};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (all_of(labels, forms[i].kind)) {
            column->type = forms[i].type;
            column->values = forms[i].make(labels, arena);
            return column->values ? column : NULL;
        }
    column->slices = text_labels(labels, arena);
    return column->slices ? column : NULL;
}
