/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/datatype.h"

#include <float.h>
#include <math.h>

static const struct brn_datatype datatypes[] = {
    {"BOOL", BRN_DATATYPE_BOOL, 1, 1, BRN_TYPE_BOOL},
    {"INT8", BRN_DATATYPE_INT, 1, 1, BRN_TYPE_INT8},
    {"INT16", BRN_DATATYPE_INT, 2, 2, BRN_TYPE_INT16},
    {"INT32", BRN_DATATYPE_INT, 4, 4, BRN_TYPE_INT32},
    {"INT64", BRN_DATATYPE_INT, 8, 8, BRN_TYPE_INT64},
    {"UINT8", BRN_DATATYPE_UINT, 1, 1, BRN_TYPE_UINT8},
    {"UINT16", BRN_DATATYPE_UINT, 2, 2, BRN_TYPE_UINT16},
    {"UINT32", BRN_DATATYPE_UINT, 4, 4, BRN_TYPE_UINT32},
    {"UINT64", BRN_DATATYPE_UINT, 8, 8, BRN_TYPE_UINT64},
    {"FP16", BRN_DATATYPE_FLOAT, 2, 2, BRN_TYPE_FLOAT16},
    {"FP32", BRN_DATATYPE_FLOAT, 4, 4, BRN_TYPE_FLOAT32},
    {"FP64", BRN_DATATYPE_FLOAT, 8, 8, BRN_TYPE_FLOAT64},
    {"BYTES", BRN_DATATYPE_BYTES, 0, sizeof(struct brn_slice), BRN_TYPE_LITERAL},
};

const struct brn_datatype *brn_datatype_find(struct brn_slice name)
{
    for (size_t i = 0; i < sizeof datatypes / sizeof datatypes[0]; i++)
        if (brn_slice_is(name, datatypes[i].name))
            return &datatypes[i];
    return NULL;
}

uint16_t brn_half_from_double(double value)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double size = fabs(value);
    if (isnan(value))
        return 0x7E00;
    if (size >= 65520) /* half of the last step above the largest half, 65504 */
        return (uint16_t)(sign | 0x7C00);
    int exponent;
    frexp(size, &exponent);
    if (exponent < -13)
        exponent = -13; /* subnormal: steps of 2^-24 */
    /* In steps of the result; nearbyint rounds ties to even. */
    double steps = nearbyint(ldexp(size, 11 - exponent));
    if (steps >= 2048) {
        steps /= 2;
        exponent++;
    }
    if (steps < 1024)
        return (uint16_t)(sign | (uint16_t)steps);
    return (uint16_t)(sign | (uint16_t)((exponent + 14) << 10) | ((uint16_t)steps - 1024));
}

static brine_status refuse(brine_error *err, const struct brn_datatype *datatype,
                           const struct brn_json *event, const char *why)
{
    uint64_t at = (uint64_t)(event->at - event->begin);
    return brn_fail_at(err, BRINE_FORMAT, at, "%s %s", datatype->name, why);
}

static brine_status take_float(const struct brn_datatype *datatype, const struct brn_json *event,
                               void *out, brine_error *err)
{
    double v = event->kind == BRN_JSON_NULL ? (double)NAN : event->number;
    if (event->kind != BRN_JSON_NULL && event->kind != BRN_JSON_NUMBER)
        return refuse(err, datatype, event, "takes numbers and null");
    float single = datatype->size == 4 ? (float)v : 0;
    uint16_t half = datatype->size == 2 ? brn_half_from_double(v) : 0;
    bool overflown = isfinite(v) && (isinf(single) || (half & 0x7FFF) == 0x7C00);
    if (overflown)
        return refuse(err, datatype, event, "does not hold a number this large");
    const void *from = datatype->size == 8   ? (const void *)&v
                       : datatype->size == 4 ? (const void *)&single
                                             : (const void *)&half;
    memcpy(out, from, datatype->size);
    return BRINE_OK;
}

static bool integer_fits(const struct brn_datatype *datatype, const struct brn_json *event)
{
    unsigned bits = datatype->size * 8U - (datatype->kind == BRN_DATATYPE_INT);
    uint64_t largest = UINT64_MAX >> (64 - bits);
    if (!event->is_negative)
        return event->integer <= largest;
    return datatype->kind == BRN_DATATYPE_INT && ~event->integer <= largest;
}

static brine_status take_integer(const struct brn_datatype *datatype, const struct brn_json *event,
                                 void *out, brine_error *err)
{
    if (event->kind == BRN_JSON_NULL)
        return refuse(err, datatype, event, "has no null; send the column as FP64");
    if (event->kind != BRN_JSON_NUMBER || !event->is_integer)
        return refuse(err, datatype, event, "takes whole numbers");
    if (!integer_fits(datatype, event))
        return refuse(err, datatype, event, "does not hold a number this large");
    memcpy(out, &event->integer, datatype->size); /* little-endian: its low bytes */
    return BRINE_OK;
}

static brine_status take_bool(const struct brn_datatype *datatype, const struct brn_json *event,
                              void *out, brine_error *err)
{
    bool is_bit = event->kind == BRN_JSON_NUMBER && event->is_integer && event->integer <= 1;
    if (event->kind != BRN_JSON_BOOL && !is_bit)
        return refuse(err, datatype, event, "takes true and false");
    uint8_t value = event->kind == BRN_JSON_BOOL ? event->boolean : (uint8_t)event->integer;
    memcpy(out, &value, 1);
    return BRINE_OK;
}

static brine_status take_text(const struct brn_datatype *datatype, const struct brn_json *event,
                              struct brn_text_pool *texts, void *out, brine_error *err)
{
    struct brn_slice text = {NULL, 0};
    if (event->kind == BRN_JSON_STRING) {
        text = brn_text_pool_event(texts, event);
        if (!text.p)
            return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    } else if (event->kind != BRN_JSON_NULL) {
        return refuse(err, datatype, event, "takes strings and null");
    }
    memcpy(out, &text, sizeof text);
    return BRINE_OK;
}

brine_status brn_datatype_element(const struct brn_datatype *datatype, const struct brn_json *event,
                                  struct brn_text_pool *texts, void *out, brine_error *err)
{
    switch (datatype->kind) {
    case BRN_DATATYPE_BOOL:
        return take_bool(datatype, event, out, err);
    case BRN_DATATYPE_FLOAT:
        return take_float(datatype, event, out, err);
    case BRN_DATATYPE_BYTES:
        return take_text(datatype, event, texts, out, err);
    default:
        return take_integer(datatype, event, out, err);
    }
}
