/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/text_fold.h"

#include "base/utf8.h"
#include "kernel/clones.h"
#include "kernel/unicode.h"

/* ---- ASCII ---- */

BRN_CLONES static uint8_t bits_of(const uint8_t *p, size_t n)
{
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= p[i];
    return all;
}

bool brn_is_ascii(struct brn_slice text)
{
    return text.n == 0 || bits_of(text.p, text.n) < 0x80;
}

BRN_CLONES static void lower_ascii(const uint8_t *p, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t is_upper = (uint8_t)(p[i] - 'A') < 26;
        out[i] = (uint8_t)(p[i] + (is_upper << 5));
    }
}

void brn_fold_ascii(struct brn_fold fold, struct brn_slice text, uint8_t *out)
{
    if (fold.lower != BRN_LOWER_NOT)
        lower_ascii(text.p, text.n, out);
    else if (text.n)
        memcpy(out, text.p, text.n);
}

/* ---- lower case ---- */

/* Where a text is read and its lower case made, character by character. */
struct lowering {
    const uint8_t *p, *end;
    enum brn_lower how;
    bool behind_cased; /* but for characters that are looked past */
    bool dot_is_due;   /* of BRN_DOTTED_I */
};

/* A sigma, which stands before p, has a cased character behind it. */
static bool is_before_cased(const struct lowering *l)
{
    for (const uint8_t *p = l->p; p < l->end;) {
        uint8_t flags = brn_char_flags(brn_char_next(&p));
        if (!(flags & BRN_CHAR_SKIPPED))
            return flags & BRN_CHAR_CASED;
    }
    return false;
}

static uint32_t lower_case(struct lowering *l, uint32_t code, uint8_t flags)
{
    if (l->how == BRN_LOWER_FULL && code == BRN_SIGMA && l->behind_cased && !is_before_cased(l))
        return BRN_FINAL_SIGMA;
    if (l->how == BRN_LOWER_FULL && code == BRN_DOTTED_I)
        l->dot_is_due = true;
    return flags & BRN_CHAR_LOWERS ? brn_char_lower(code) : code;
}

/* The next character of the result; false at the end. */
static bool next_lower(struct lowering *l, uint32_t *ret_code)
{
    if (l->dot_is_due) {
        l->dot_is_due = false;
        *ret_code = BRN_DOT_ABOVE;
        return true;
    }
    if (l->p == l->end)
        return false;
    uint32_t code = brn_char_next(&l->p);
    *ret_code = code;
    if (l->how == BRN_LOWER_NOT)
        return true;
    uint8_t flags = brn_char_flags(code);
    *ret_code = lower_case(l, code, flags);
    if (!(flags & BRN_CHAR_SKIPPED))
        l->behind_cased = flags & BRN_CHAR_CASED;
    return true;
}

static struct lowering begin(struct brn_fold fold, struct brn_slice text)
{
    return (struct lowering){.p = text.p, .end = text.p + text.n, .how = fold.lower};
}

/* ---- accents ---- */

/* Whether NFKD leaves the text as it is: nothing decomposes, and combining characters stand in
 * their canonical order. */
static bool is_normalized(struct lowering l)
{
    uint32_t code;
    uint8_t before = 0;
    while (next_lower(&l, &code)) {
        uint8_t combining = brn_char_combining(code);
        if (brn_char_flags(code) & BRN_CHAR_DECOMPOSES || (combining && combining < before))
            return false;
        before = combining;
    }
    return true;
}

static bool is_kept(enum brn_accents accents, uint32_t code)
{
    return accents == BRN_ACCENTS_ASCII ? code < 0x80 : brn_char_combining(code) == 0;
}

/* Writes the character's NFKD without its accents, or only says how long it is. */
static size_t put_stripped(enum brn_accents accents, uint32_t code, uint8_t *out)
{
    uint8_t parts[BRN_NFKD_MOST], one[4];
    size_t n = brn_char_flags(code) & BRN_CHAR_DECOMPOSES ? brn_char_nfkd(code, parts)
                                                          : brn_utf8_encode(code, parts);
    size_t length = 0;
    for (const uint8_t *p = parts, *end = parts + n; p < end;) {
        uint32_t part = brn_char_next(&p);
        if (!is_kept(accents, part))
            continue;
        size_t bytes = brn_utf8_encode(part, one);
        if (out)
            memcpy(out + length, one, bytes);
        length += bytes;
    }
    return length;
}

static size_t strip(struct brn_fold fold, struct brn_slice text, uint8_t *out)
{
    struct lowering l = begin(fold, text);
    uint32_t code;
    size_t n = 0;
    while (next_lower(&l, &code))
        n += put_stripped(fold.accents, code, out ? out + n : NULL);
    return n;
}

static bool strips(struct brn_fold fold, struct brn_slice text)
{
    return fold.accents != BRN_ACCENTS_KEPT &&
           !(fold.accents == BRN_ACCENTS_COMPOSED && is_normalized(begin(fold, text)));
}

/* ---- all of it ---- */

size_t brn_fold_room(struct brn_fold fold, struct brn_slice text)
{
    if (brn_is_ascii(text))
        return text.n;
    if (strips(fold, text))
        return strip(fold, text, NULL);
    return text.n + text.n / 2; /* two bytes become three at most */
}

static size_t lower_all(struct brn_fold fold, struct brn_slice text, uint8_t *out)
{
    struct lowering l = begin(fold, text);
    uint32_t code;
    size_t n = 0;
    while (next_lower(&l, &code))
        n += brn_utf8_encode(code, out + n);
    return n;
}

size_t brn_fold_text(struct brn_fold fold, struct brn_slice text, uint8_t *out)
{
    if (brn_is_ascii(text)) {
        brn_fold_ascii(fold, text, out);
        return text.n;
    }
    if (strips(fold, text))
        return strip(fold, text, out);
    if (fold.lower != BRN_LOWER_NOT)
        return lower_all(fold, text, out);
    memcpy(out, text.p, text.n);
    return text.n;
}
