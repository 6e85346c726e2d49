/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/oip.h"

#include <math.h>

static double number_at(const struct brn_output *o, size_t row, size_t column)
{
    return o->numbers[row * o->stride + (size_t)o->places[column]];
}

static size_t code_at(const struct brn_output *o, size_t row, size_t column)
{
    return (size_t)o->codes[row * o->stride + (size_t)o->places[column]];
}

static void label_json(const struct brn_output *o, const struct brn_label_set *labels, size_t code,
                       struct brn_json_writer *w)
{
    switch (o->datatype->kind) {
    case BRN_DATATYPE_INT:
        brn_json_int(w, labels->values[code].as.integer);
        break;
    case BRN_DATATYPE_BOOL:
        brn_json_bool(w, labels->values[code].as.boolean);
        break;
    case BRN_DATATYPE_FLOAT:
        brn_json_double(w, labels->values[code].as.real);
        break;
    default:
        brn_json_slice(w, labels->texts[code]);
    }
}

bool brn_output_json(const struct brn_output *output, size_t row, size_t column,
                     struct brn_json_writer *writer)
{
    if (output->labels) {
        label_json(output, &output->labels[column], code_at(output, row, column), writer);
        return true;
    }
    double v = number_at(output, row, column);
    if (output->datatype->kind == BRN_DATATYPE_INT)
        brn_json_int(writer, (int64_t)v);
    else
        brn_json_double(writer, v);
    return !isinf(v);
}

static brine_status write_data(const struct brn_output *o, struct brn_json_writer *w,
                               brine_error *err)
{
    brn_json_key(w, "data");
    brn_json_begin_array(w);
    for (size_t r = 0; r < o->rows; r++)
        for (size_t c = 0; c < o->width; c++)
            if (!brn_output_json(o, r, c, w))
                return brn_fail_row(err, r, NULL,
                                    "%s is infinite, which JSON cannot say; ask for binary data",
                                    o->name);
    brn_json_end_array(w);
    return BRINE_OK;
}

/* ---- binary ---- */

static void add_u32(struct brn_buffer *out, uint32_t v)
{
    uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    brn_buffer_add(out, bytes, 4);
}

static void add_label(const struct brn_output *o, const struct brn_label_set *labels, size_t code,
                      struct brn_buffer *out)
{
    const struct brn_value *v = &labels->values[code];
    uint8_t truth = v->as.boolean;
    switch (o->datatype->kind) {
    case BRN_DATATYPE_INT:
        brn_buffer_add(out, &v->as.integer, sizeof v->as.integer);
        break;
    case BRN_DATATYPE_BOOL:
        brn_buffer_add(out, &truth, 1);
        break;
    case BRN_DATATYPE_FLOAT:
        brn_buffer_add(out, &v->as.real, sizeof v->as.real);
        break;
    default:
        add_u32(out, (uint32_t)labels->texts[code].n);
        brn_buffer_slice(out, labels->texts[code]);
    }
}

static void add_number(const struct brn_output *o, double v, struct brn_buffer *out)
{
    int64_t whole = (int64_t)v;
    if (o->datatype->kind == BRN_DATATYPE_INT)
        brn_buffer_add(out, &whole, sizeof whole);
    else
        brn_buffer_add(out, &v, sizeof v);
}

static void add_binary(const struct brn_output *o, struct brn_buffer *out)
{
    for (size_t r = 0; r < o->rows; r++)
        for (size_t c = 0; c < o->width; c++)
            if (o->labels)
                add_label(o, &o->labels[c], code_at(o, r, c), out);
            else
                add_number(o, number_at(o, r, c), out);
}

static uint64_t binary_size(const struct brn_output *o)
{
    if (o->datatype->wire_size)
        return (uint64_t)o->rows * o->width * o->datatype->wire_size;
    uint64_t size = 0;
    for (size_t r = 0; r < o->rows; r++)
        for (size_t c = 0; c < o->width; c++)
            size += 4 + o->labels[c].texts[code_at(o, r, c)].n;
    return size;
}

static void write_binary_size(const struct brn_output *o, struct brn_json_writer *w)
{
    brn_json_key(w, "parameters");
    brn_json_begin_object(w);
    brn_json_key(w, "binary_data_size");
    brn_json_uint(w, binary_size(o));
    brn_json_end_object(w);
}

/* ---- the whole ---- */

static brine_status write_output(const struct brn_output *o, struct brn_json_writer *w,
                                 brine_error *err)
{
    brn_json_begin_object(w);
    brn_json_key(w, "name");
    brn_json_string(w, o->name);
    brn_json_key(w, "datatype");
    brn_json_string(w, o->datatype->name);
    brn_json_key(w, "shape");
    brn_json_begin_array(w);
    brn_json_uint(w, o->rows);
    if (!o->is_vector)
        brn_json_uint(w, o->width);
    brn_json_end_array(w);
    if (o->is_binary)
        write_binary_size(o, w);
    else
        BRN_TRY(write_data(o, w, err));
    brn_json_end_object(w);
    return BRINE_OK;
}

static void write_head(const struct brn_oip_answer *answer, struct brn_json_writer *w)
{
    brn_json_begin_object(w);
    brn_json_key(w, "model_name");
    brn_json_string(w, answer->model);
    brn_json_key(w, "model_version");
    brn_json_string(w, answer->version);
    brn_json_key(w, "id");
    brn_json_slice(w, answer->id);
    brn_json_key(w, "outputs");
}

brine_status brn_oip_encode(const struct brn_oip_answer *answer, struct brn_buffer *out,
                            size_t *ret_json_length, brine_error *err)
{
    struct brn_json_writer w = {.out = out};
    size_t begin = out->size, json_length = 0;
    write_head(answer, &w);
    brn_json_begin_array(&w);
    for (size_t i = 0; i < answer->output_count; i++)
        BRN_TRY(write_output(&answer->outputs[i], &w, err));
    brn_json_end_array(&w);
    brn_json_end_object(&w);
    for (size_t i = 0; i < answer->output_count; i++)
        if (answer->outputs[i].is_binary) {
            json_length = json_length ? json_length : out->size - begin;
            add_binary(&answer->outputs[i], out);
        }
    if (out->failed)
        return brn_fail(err, BRINE_LIMIT, "the answer is larger than one may be; send fewer rows");
    *ret_json_length = json_length;
    return BRINE_OK;
}
