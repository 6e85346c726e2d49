/* SPDX-License-Identifier: Apache-2.0
 *
 * tokens.h - words of a text, and terms found by them.
 *
 * A document is lowered into one buffer; there a bit a byte says what is a word character, tokens
 * are runs of these bits, their hashes are formed of eight bytes at a time, and the hash of an
 * n-gram of those of its tokens.  Every buffer can be read BRN_TOKEN_PADDING bytes past its end. */
#ifndef BRN_KERNEL_TOKENS_H
#define BRN_KERNEL_TOKENS_H

#include "base/slice.h"

enum { BRN_TOKEN_PADDING = 64 };

struct brn_token {
    uint32_t start, length; /* in the buffer */
};

/* A token or n-gram, and its hash. */
struct brn_gram {
    const uint8_t *p;
    uint32_t length;
    uint64_t hash;
};

/* ---- hashes: of a seed that is the process's own; no result depends on them ---- */

static inline uint64_t brn_token_mix(uint64_t x)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    unsigned __int128 product = (unsigned __int128)x * prime;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The first eight bytes of n (1 or more), zeros behind them. */
static inline uint64_t brn_token_head(const uint8_t *p, size_t n)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return n >= 8 ? word : word & (((uint64_t)1 << (8 * n)) - 1);
}

static inline uint64_t brn_token_hash(const uint8_t *p, size_t n, uint64_t seed)
{
    uint64_t hash = brn_token_mix(seed ^ n);
    for (; n > 8; p += 8, n -= 8)
        hash = brn_token_mix(hash ^ brn_token_head(p, 8));
    return n ? brn_token_mix(hash ^ brn_token_head(p, n)) : hash;
}

/* Of "a b", from those of "a" and "b". */
static inline uint64_t brn_token_join(uint64_t a, uint64_t b)
{
    return brn_token_mix((a << 23 | a >> 41) + 0x632be59bd9b4e019u) ^ b;
}

/* ---- words ---- */

/* A bit a byte, set for those of word characters: (n + 63) / 64 words.  text must be UTF-8, n bytes
 * of a padded buffer. */
void brn_word_bits(const uint8_t *text, size_t n, uint64_t *bits);

/* Runs of set bits that are at least so many characters long, from *at on, which moves behind the
 * last one; at most room of them.  Python's (?u)\b\w\w+\b with 2. */
size_t brn_word_tokens(const uint8_t *text, size_t n, const uint64_t *bits, size_t least,
                       size_t *at, struct brn_token *tokens, size_t room);

/* ---- terms ---- */

/* Of a term: its first bytes, which say all of most words, and its number. */
struct brn_term_slot {
    uint64_t head;
    uint32_t length; /* 0: free, but for the empty term, which is not kept here */
    uint32_t term;
};

/* A vocabulary by open addressing, half empty. */
struct brn_terms {
    struct brn_term_slot *slots;
    uint64_t mask;          /* number of slots - 1, a power of two */
    const uint8_t *bytes;   /* of all terms, padded */
    const uint32_t *starts; /* by term */
    uint64_t seed;
    size_t count;
    int64_t empty; /* the term of no bytes, or -1 */
    bool by_parts; /* hashes are joined of what stands between spaces */
    bool repeats;  /* a term stands there twice */
};

uint64_t brn_term_hash(const struct brn_terms *terms, const uint8_t *p, size_t n);

static inline void brn_term_prefetch(const struct brn_terms *terms, uint64_t hash)
{
    __builtin_prefetch(&terms->slots[hash & terms->mask]);
}

/* The term's number, or -1.  p is padded. */
static inline int64_t brn_term_find(const struct brn_terms *terms, const uint8_t *p, uint32_t n,
                                    uint64_t hash)
{
    if (n == 0)
        return terms->empty;
    uint64_t head = brn_token_head(p, n);
    for (uint64_t at = hash & terms->mask;; at = (at + 1) & terms->mask) {
        const struct brn_term_slot *slot = &terms->slots[at];
        if (slot->length == 0)
            return -1;
        if (slot->head == head && slot->length == n &&
            (n <= 8 || memcmp(terms->bytes + terms->starts[slot->term] + 8, p + 8, n - 8) == 0))
            return slot->term;
    }
}

/* ---- counts of one row ---- */

/* Columns below width that were added to, in bits of bits; what is not marked holds anything. */
struct brn_counter {
    uint64_t *marks;   /* a bit a column */
    uint64_t *summary; /* a bit a word of marks */
    double *counts;
    size_t width, marked;
    bool is_undefined; /* a term had no column: of old hashers */
};

/* Words of marks and of summary. */
static inline size_t brn_counter_marks(size_t width)
{
    return (width + 63) / 64;
}

static inline size_t brn_counter_summary(size_t width)
{
    return (brn_counter_marks(width) + 63) / 64;
}

static inline void brn_counter_add(struct brn_counter *c, size_t column, double by)
{
    uint64_t *word = &c->marks[column / 64], bit = (uint64_t)1 << (column % 64);
    if (*word & bit) {
        c->counts[column] += by;
        return;
    }
    *word |= bit;
    c->summary[column / 4096] |= (uint64_t)1 << (column / 64 % 64);
    c->counts[column] = by;
    c->marked++;
}

/* Writes the marked columns in ascending order (there is room for ->marked) and clears them. */
void brn_counter_take(struct brn_counter *c, uint32_t *columns, double *counts);

/* ---- MurmurHash3_x86_32, as sklearn/utils/murmurhash.pyx ---- */

uint32_t brn_murmur3(const uint8_t *p, size_t n, uint32_t seed);

#endif
