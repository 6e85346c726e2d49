/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/* By first byte: the length and what the second byte may be (Unicode 15, table 3-7). */
static const struct {
    uint8_t first, last, length, second_first, second_last;
} forms[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

size_t brn_utf8_length(const uint8_t *p, const uint8_t *end)
{
    if (*p < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t n = forms[i].length;
        if (*p < forms[i].first || *p > forms[i].last)
            continue;
        if ((size_t)(end - p) < n || p[1] < forms[i].second_first || p[1] > forms[i].second_last)
            return 0;
        for (size_t k = 2; k < n; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return n;
    }
    return 0;
}

size_t brn_utf8_valid(struct brn_slice text)
{
    if (text.n == 0)
        return 0;
    const uint8_t *p = text.p, *end = text.p + text.n;
    while (p < end) {
        uint64_t word;
        for (; end - p >= 8; p += 8) {
            memcpy(&word, p, 8);
            if (word & 0x8080808080808080u)
                break;
        }
        if (p == end)
            break;
        size_t n = brn_utf8_length(p, end);
        if (n == 0)
            break;
        p += n;
    }
    return (size_t)(p - text.p);
}

size_t brn_utf8_encode(uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        out[i] = (uint8_t)(0x80 | (code & 0x3f));
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (uint8_t)(leads[n] | code);
    return n;
}
