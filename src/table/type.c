/* SPDX-License-Identifier: Apache-2.0 */
#include "table/type.h"

#include <math.h>

double brn_half_to_double(uint16_t half)
{
    int exponent = half >> 10 & 31, mantissa = half & 1023;
    double value = exponent == 0    ? ldexp(mantissa, -24)
                   : exponent == 31 ? (mantissa ? (double)NAN : (double)INFINITY)
                                    : ldexp(mantissa + 1024, exponent - 25);
    return half >> 15 ? -value : value;
}

#define NUMBER(name, type)                     \
    static double name##_number(const void *p) \
    {                                          \
        type value;                            \
        memcpy(&value, p, sizeof value);       \
        return (double)value;                  \
    }
#define INTEGER(name, type)                      \
    NUMBER(name, type)                           \
    static int64_t name##_integer(const void *p) \
    {                                            \
        type value;                              \
        memcpy(&value, p, sizeof value);         \
        return (int64_t)value;                   \
    }

INTEGER(int8, int8_t)
INTEGER(int16, int16_t)
INTEGER(int32, int32_t)
INTEGER(int64, int64_t)
INTEGER(uint8, uint8_t)
INTEGER(uint16, uint16_t)
INTEGER(uint32, uint32_t)
INTEGER(uint64, uint64_t)
NUMBER(float32, float)
NUMBER(float64, double)

static double float16_number(const void *p)
{
    uint16_t half;
    memcpy(&half, p, sizeof half);
    return brn_half_to_double(half);
}

const struct brn_type_info brn_types[BRN_TYPE_COUNT] = {
    [BRN_TYPE_NULL] = {"null", "n", NULL, 0, 0, false, NULL, NULL},
    [BRN_TYPE_BOOL] = {"bool", "b", "b1", 0, 2, false, NULL, NULL},
    [BRN_TYPE_INT8] = {"int8", "c", "i1", 1, 2, true, int8_number, int8_integer},
    [BRN_TYPE_INT16] = {"int16", "s", "i2", 2, 2, true, int16_number, int16_integer},
    [BRN_TYPE_INT32] = {"int32", "i", "i4", 4, 2, true, int32_number, int32_integer},
    [BRN_TYPE_INT64] = {"int64", "l", "i8", 8, 2, true, int64_number, int64_integer},
    [BRN_TYPE_UINT8] = {"uint8", "C", "u1", 1, 2, true, uint8_number, uint8_integer},
    [BRN_TYPE_UINT16] = {"uint16", "S", "u2", 2, 2, true, uint16_number, uint16_integer},
    [BRN_TYPE_UINT32] = {"uint32", "I", "u4", 4, 2, true, uint32_number, uint32_integer},
    [BRN_TYPE_UINT64] = {"uint64", "L", "u8", 8, 2, true, uint64_number, uint64_integer},
    [BRN_TYPE_FLOAT16] = {"float16", "e", "f2", 2, 2, false, float16_number, NULL},
    [BRN_TYPE_FLOAT32] = {"float32", "f", "f4", 4, 2, false, float32_number, NULL},
    [BRN_TYPE_FLOAT64] = {"float64", "g", "f8", 8, 2, false, float64_number, NULL},
    [BRN_TYPE_UTF8] = {"text", "u", NULL, 4, 3, false, NULL, NULL},
    [BRN_TYPE_LARGE_UTF8] = {"text", "U", NULL, 8, 3, false, NULL, NULL},
    [BRN_TYPE_DICTIONARY] = {"category", NULL, NULL, 0, 2, false, NULL, NULL},
    [BRN_TYPE_LITERAL] = {"literal", NULL, NULL, 0, 0, false, NULL, NULL},
};

int64_t brn_column_code(const struct brn_column *c, int64_t row)
{
    const struct brn_type_info *info = &brn_types[c->index_type];
    int64_t stride = c->stride ? c->stride : info->size;
    return info->integer((const uint8_t *)c->values + stride * (row + c->offset));
}
