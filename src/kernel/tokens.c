/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/tokens.h"

#include "kernel/clones.h"
#include "kernel/unicode.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ---- word characters ---- */

static const uint8_t is_word[128] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['_'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1,
    ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1,
    ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1,
    ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1,
    ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1,
    ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1,
    ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};

#if defined(__SSE2__)

/* first <= x < first + count, for all bytes at once: signed comparison after a shift. */
static inline __m128i within(__m128i x, char first, char count)
{
    __m128i shifted = _mm_add_epi8(x, _mm_set1_epi8((char)(-128 - first)));
    return _mm_cmplt_epi8(shifted, _mm_set1_epi8((char)(-128 + count)));
}

/* Bits of 16 bytes; *high gathers those that are not ASCII. */
static inline uint64_t word_bits_16(const uint8_t *p, uint64_t *high)
{
    __m128i x = _mm_loadu_si128((const __m128i *)p);
    __m128i letters = within(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26);
    __m128i others = _mm_or_si128(within(x, '0', 10), _mm_cmpeq_epi8(x, _mm_set1_epi8('_')));
    *high |= (uint64_t)_mm_movemask_epi8(x);
    return (uint64_t)_mm_movemask_epi8(_mm_or_si128(letters, others));
}

static uint64_t word_bits_64(const uint8_t *p, uint64_t *high)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= word_bits_16(p + 16 * i, high) << (16 * i);
    return bits;
}

#else

static uint64_t word_bits_64(const uint8_t *p, uint64_t *high)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) {
        *high |= p[i] >> 7;
        bits |= (uint64_t)is_word[p[i] & 0x7F] << i;
    }
    return bits;
}

#endif

/* Sets or clears the bits of [from, to). */
static void set_bits(uint64_t *bits, size_t from, size_t to, bool on)
{
    for (size_t i = from; i < to; i++) {
        uint64_t bit = (uint64_t)1 << (i % 64);
        bits[i / 64] = on ? bits[i / 64] | bit : bits[i / 64] & ~bit;
    }
}

/* Character by character, for as long as a block is not ASCII; returns where it ended. */
static size_t mark_block(const uint8_t *text, size_t at, size_t end, size_t n, uint64_t *bits)
{
    while (at < end && at < n) {
        const uint8_t *p = text + at;
        uint32_t code = brn_char_next(&p);
        size_t next = (size_t)(p - text);
        bool on = code < 0x80 ? is_word[code] : brn_char_flags(code) & BRN_CHAR_WORD;
        set_bits(bits, at, next, on);
        at = next;
    }
    return at;
}

void brn_word_bits(const uint8_t *text, size_t n, uint64_t *bits)
{
    size_t done = 0; /* characters before it have their bits, when they reach into a block */
    for (size_t block = 0; block < n; block += 64) {
        uint64_t high = 0, kept = 0;
        size_t carried = done > block ? done - block : 0;
        if (carried)
            kept = bits[block / 64] & (((uint64_t)1 << carried) - 1);
        uint64_t word = word_bits_64(text + block, &high);
        if (n - block < 64)
            word &= ((uint64_t)1 << (n - block)) - 1;
        if (!high) {
            bits[block / 64] = word;
            continue;
        }
        bits[block / 64] = kept;
        if (block + 64 < n)
            bits[block / 64 + 1] = 0;
        done = mark_block(text, block + carried, block + 64, n, bits);
    }
}

/* ---- runs ---- */

/* The first place from at on whose bit is as wanted; n when there is none. */
static inline size_t next_bit(const uint64_t *bits, size_t at, size_t n, bool wanted)
{
    while (at < n) {
        uint64_t word = (wanted ? bits[at / 64] : ~bits[at / 64]) >> (at % 64);
        if (word) {
            at += (size_t)__builtin_ctzll(word);
            return at < n ? at : n;
        }
        at = (at / 64 + 1) * 64;
    }
    return n;
}

static bool has_characters(const uint8_t *p, size_t n, size_t least)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count < least; i++)
        count += (p[i] & 0xC0) != 0x80;
    return count >= least;
}

size_t brn_word_tokens(const uint8_t *text, size_t n, const uint64_t *bits, size_t least,
                       size_t *at, struct brn_token *tokens, size_t room)
{
    size_t count = 0, i = *at;
    while (count < room) {
        size_t start = next_bit(bits, i, n, true);
        if (start == n) {
            i = n;
            break;
        }
        size_t end = next_bit(bits, start, n, false);
        i = end;
        tokens[count] = (struct brn_token){(uint32_t)start, (uint32_t)(end - start)};
        count += end - start >= least && has_characters(text + start, end - start, least);
    }
    *at = i;
    return count;
}

/* ---- terms ---- */

uint64_t brn_term_hash(const struct brn_terms *terms, const uint8_t *p, size_t n)
{
    if (!terms->by_parts)
        return brn_token_hash(p, n, terms->seed);
    uint64_t hash = 0;
    const uint8_t *end = p + n;
    for (bool first = true;; first = false) {
        const uint8_t *space = memchr(p, ' ', (size_t)(end - p));
        size_t length = (size_t)((space ? space : end) - p);
        uint64_t part = brn_token_hash(p, length, terms->seed);
        hash = first ? part : brn_token_join(hash, part);
        if (!space)
            return hash;
        p = space + 1;
    }
}

/* ---- counts ---- */

void brn_counter_take(struct brn_counter *c, uint32_t *columns, double *counts)
{
    size_t n = 0;
    for (size_t s = 0; s < brn_counter_summary(c->width); s++) {
        for (uint64_t words = c->summary[s]; words; words &= words - 1) {
            size_t word = s * 64 + (size_t)__builtin_ctzll(words);
            for (uint64_t bits = c->marks[word]; bits; bits &= bits - 1) {
                size_t column = word * 64 + (size_t)__builtin_ctzll(bits);
                columns[n] = (uint32_t)column;
                counts[n++] = c->counts[column];
            }
            c->marks[word] = 0;
        }
        c->summary[s] = 0;
    }
    c->marked = 0;
}

/* ---- murmur ---- */

static inline uint32_t rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static inline uint32_t murmur_block(uint32_t k)
{
    return rotate(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}

static uint32_t murmur_end(uint32_t h, size_t n)
{
    h ^= (uint32_t)n;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

/* Austin Appleby's, which is in the public domain; written anew from its definition. */
uint32_t brn_murmur3(const uint8_t *p, size_t n, uint32_t seed)
{
    uint32_t h = seed, k;
    size_t left = n;
    for (; left >= 4; p += 4, left -= 4) {
        memcpy(&k, p, 4);
        h = rotate(h ^ murmur_block(k), 13) * 5 + 0xe6546b64u;
    }
    k = 0;
    for (size_t i = 0; i < left; i++)
        k |= (uint32_t)p[i] << (8 * i);
    return murmur_end(left ? h ^ murmur_block(k) : h, n);
}
