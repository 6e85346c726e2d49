/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/exponential.h"

#include "kernel/clones.h"

#include <string.h>

enum { BLOCK = 32 };

#define LOG2_E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42fefa38p-1 /* 42 bits: its products with whole numbers are exact */
#define LN2_LOW 0x1.ef35793c7673p-45
#define MAGIC 0x1.8p52 /* adding it rounds to a whole number, which stands in the low bits */

/* 2^(k / 2), rounded down or up, of MAGIC + k.  The whole number 2 * BIAS + k is not negative. */
static inline double power(double shifted, uint64_t up)
{
    enum { BIAS = 1023 };
    uint64_t word;
    double magic = MAGIC, result;
    memcpy(&word, &shifted, sizeof word);
    uint64_t base;
    memcpy(&base, &magic, sizeof base);
    uint64_t half = (word - base + 2 * BIAS + up) >> 1;
    half <<= 52;
    memcpy(&result, &half, sizeof result);
    return result;
}

/* e^x = 2^k e^r with |r| <= ln2 / 2; e^r by its series, so that the last addition is 1 + what is
 * small.  2^k is applied in two steps: it may be subnormal or beyond the largest double.  Each step
 * is a loop over the block, which compilers turn into vectors. */
BRN_CLONES
static void exp_blocks(double *restrict x, size_t blocks, double factor)
{
    double shifted[BLOCK], r[BLOCK], sum[BLOCK];
    for (; blocks > 0; blocks--, x += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            double at = x[i] * factor; /* beyond the limits: 0 and infinity; NaN stays */
            at = at < -746 ? -746 : at;
            at = at > 710 ? 710 : at;
            shifted[i] = at * LOG2_E + MAGIC;
            double k = shifted[i] - MAGIC;
            r[i] = (at - k * LN2_HIGH) - k * LN2_LOW;
        }
        for (size_t i = 0; i < BLOCK; i++) {
            double t = 0x1.6124613a86d09p-33; /* 1 / 13! */
            t = 0x1.1eed8eff8d898p-29 + r[i] * t;
            t = 0x1.ae64567f544e4p-26 + r[i] * t;
            t = 0x1.27e4fb7789f5cp-22 + r[i] * t;
            t = 0x1.71de3a556c734p-19 + r[i] * t;
            t = 0x1.a01a01a01a01ap-16 + r[i] * t;
            t = 0x1.a01a01a01a01ap-13 + r[i] * t;
            t = 0x1.6c16c16c16c17p-10 + r[i] * t;
            t = 0x1.1111111111111p-7 + r[i] * t;
            t = 0x1.5555555555555p-5 + r[i] * t;
            t = 0x1.5555555555555p-3 + r[i] * t;
            t = 0.5 + r[i] * t;
            sum[i] = 1 + (r[i] + r[i] * r[i] * t);
        }
        for (size_t i = 0; i < BLOCK; i++)
            x[i] = sum[i] * power(shifted[i], 0) * power(shifted[i], 1);
    }
}

void brn_exp_each(double *values, size_t n, double factor)
{
    double last[BLOCK] = {0};
    size_t whole = n - n % BLOCK;
    exp_blocks(values, n / BLOCK, factor);
    if (n == whole)
        return;
    memcpy(last, values + whole, (n - whole) * sizeof *values);
    exp_blocks(last, 1, factor);
    memcpy(values + whole, last, (n - whole) * sizeof *values);
}
