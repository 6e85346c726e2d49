/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_pattern_text.c - from the syntax of CPython's Lib/sre_parse.py to PCRE2's. */
#include "estimators/shared_pattern_text.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "kernel/unicode.h"

#include <ctype.h>
#include <stdio.h>

enum { MOST_BYTES = 2000, MOST_CLASSES = 40 };

struct rewriting {
    struct brn_slice pattern;
    size_t at;
    bool ascii; /* \w \s \d are of ASCII alone */
    bool has_boundary, can_repeat;
    size_t groups, classes;
    struct brn_buffer out;
    struct brn_build *build;
};

static brine_status refuse(const struct rewriting *w, const char *what)
{
    return brn_unsupported(w->build, "token_pattern", "%s at byte %zu is not known to brine", what,
                           w->at);
}

static int peek(const struct rewriting *w, size_t ahead)
{
    return w->at + ahead < w->pattern.n ? w->pattern.p[w->at + ahead] : -1;
}

static bool take(struct rewriting *w, const char *word)
{
    size_t n = strlen(word);
    if (w->pattern.n - w->at < n || memcmp(w->pattern.p + w->at, word, n) != 0)
        return false;
    w->at += n;
    return true;
}

/* ---- classes of characters ---- */

static void put_range(struct brn_buffer *out, uint32_t first, uint32_t last)
{
    enum { SURROGATES = 0xD800, SURROGATES_END = 0xE000 };
    if (first < SURROGATES && last >= SURROGATES) {
        put_range(out, first, SURROGATES - 1);
        first = SURROGATES;
    }
    if (first >= SURROGATES && first < SURROGATES_END)
        first = SURROGATES_END;
    if (first < last)
        brn_buffer_printf(out, "\\x{%x}-\\x{%x}", first, last);
    else if (first == last)
        brn_buffer_printf(out, "\\x{%x}", first);
}

static bool is_ascii_member(uint32_t code, uint8_t flag)
{
    static const char words[] = "0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const char *members = flag == BRN_CHAR_WORD    ? words
                          : flag == BRN_CHAR_DIGIT ? "0123456789"
                                                   : " \t\n\r\f\v";
    return code > 0 && code < 0x80 && strchr(members, (int)code);
}

static bool is_member(const struct rewriting *w, uint32_t code, uint8_t flag)
{
    return w->ascii ? is_ascii_member(code, flag) : brn_char_flags(code) & flag;
}

/* What stands between brackets for \w, or \W. */
static void put_members(struct rewriting *w, uint8_t flag, bool wanted)
{
    enum { END = 0x110000 };
    for (uint32_t code = 0, first; code < END; code++) {
        if (is_member(w, code, flag) != wanted)
            continue;
        for (first = code; code + 1 < END && is_member(w, code + 1, flag) == wanted;)
            code++;
        put_range(&w->out, first, code);
    }
}

static const struct {
    char letter;
    uint8_t flag;
    bool wanted;
} classes[] = {
    {'w', BRN_CHAR_WORD, true},   {'W', BRN_CHAR_WORD, false}, {'s', BRN_CHAR_SPACE, true},
    {'S', BRN_CHAR_SPACE, false}, {'d', BRN_CHAR_DIGIT, true}, {'D', BRN_CHAR_DIGIT, false},
};

/* \w and kin, whose letter is next. */
static bool put_class(struct rewriting *w, bool bracketed)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (peek(w, 0) != classes[i].letter)
            continue;
        w->at++;
        w->classes++;
        brn_buffer_text(&w->out, bracketed ? "" : "[");
        put_members(w, classes[i].flag, classes[i].wanted);
        brn_buffer_text(&w->out, bracketed ? "" : "]");
        return true;
    }
    return false;
}

/* ---- single characters ---- */

static bool take_hex(struct rewriting *w, size_t digits, uint32_t *ret_code)
{
    uint32_t code = 0;
    for (size_t i = 0; i < digits; i++) {
        int c = peek(w, i);
        if (c < 0 || !isxdigit(c))
            return false;
        code = code << 4 | (uint32_t)(isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    w->at += digits;
    *ret_code = code;
    return code < 0xD800 || (code >= 0xE000 && code < 0x110000);
}

/* Behind a backslash: a character of its own; \b only between brackets. */
static bool take_escaped(struct rewriting *w, bool bracketed, uint32_t *ret_code)
{
    static const char letters[] = "ntrfvab", codes[] = "\n\t\r\f\v\a\b";
    int c = peek(w, 0);
    const char *known = c > 0 ? strchr(letters, c) : NULL;
    if (known && (c != 'b' || bracketed)) {
        w->at++;
        *ret_code = (uint8_t)codes[known - letters];
        return true;
    }
    if (take(w, "x"))
        return take_hex(w, 2, ret_code);
    if (take(w, "u"))
        return take_hex(w, 4, ret_code);
    if (c < 0 || c >= 0x80 || isalnum(c))
        return false;
    w->at++;
    *ret_code = (uint32_t)c;
    return true;
}

static bool take_character(struct rewriting *w, uint32_t *ret_code)
{
    const uint8_t *p = w->pattern.p + w->at, *end = w->pattern.p + w->pattern.n;
    size_t n = p < end ? brn_utf8_length(p, end) : 0;
    if (n == 0)
        return false;
    w->at += n;
    *ret_code = brn_char_next(&p);
    return true;
}

/* ---- [...] ---- */

static brine_status take_member(struct rewriting *w, uint32_t *ret_code, bool *ret_is_class)
{
    *ret_is_class = false;
    if (!take(w, "\\"))
        return take_character(w, ret_code) ? BRINE_OK : refuse(w, "a class without an end");
    *ret_is_class = put_class(w, true);
    if (*ret_is_class || take_escaped(w, true, ret_code))
        return BRINE_OK;
    return refuse(w, "this escape");
}

static brine_status rewrite_member(struct rewriting *w)
{
    uint32_t first = 0, last;
    bool is_class;
    BRN_TRY(take_member(w, &first, &is_class));
    bool is_range = peek(w, 0) == '-' && peek(w, 1) != ']' && peek(w, 1) >= 0;
    if (is_class)
        return is_range ? refuse(w, "this range") : BRINE_OK;
    last = first;
    if (is_range) {
        w->at++;
        BRN_TRY(take_member(w, &last, &is_class));
        if (is_class || last < first)
            return refuse(w, "this range");
    }
    put_range(&w->out, first, last);
    return BRINE_OK;
}

static brine_status rewrite_class(struct rewriting *w)
{
    brn_buffer_text(&w->out, take(w, "^") ? "[^" : "[");
    do
        BRN_TRY(rewrite_member(w));
    while (peek(w, 0) != ']');
    w->at++;
    brn_buffer_text(&w->out, "]");
    w->can_repeat = true;
    return BRINE_OK;
}

/* ---- groups, repeats, escapes ---- */

static brine_status rewrite_group(struct rewriting *w)
{
    static const char *const kinds[] = {"?:", "?=", "?!", "?<=", "?<!", NULL};
    brn_buffer_text(&w->out, "(");
    w->can_repeat = false;
    if (peek(w, 0) != '?') {
        w->groups++;
        return BRINE_OK;
    }
    for (size_t i = 0; kinds[i]; i++)
        if (take(w, kinds[i])) {
            brn_buffer_text(&w->out, kinds[i]);
            return BRINE_OK;
        }
    return refuse(w, "this kind of group");
}

static size_t read_digits(const struct rewriting *w, size_t at, unsigned *ret_value)
{
    size_t n = 0;
    unsigned value = 0;
    for (; peek(w, at + n) >= '0' && peek(w, at + n) <= '9' && n < 5; n++)
        value = value * 10 + (unsigned)(peek(w, at + n) - '0');
    *ret_value = value;
    return n;
}

/* {m}, {m,}, {,n}, {m,n} behind the brace; anything else is a brace. */
static bool take_bounds(struct rewriting *w, char out[32])
{
    unsigned low, high = 0;
    size_t n = read_digits(w, 0, &low), more = 0;
    bool has_comma = peek(w, n) == ',';
    if (has_comma)
        more = read_digits(w, n + 1, &high);
    size_t length = n + has_comma + more;
    if ((n == 0 && !has_comma) || peek(w, length) != '}')
        return false;
    w->at += length + 1;
    if (more)
        snprintf(out, 32, "{%u,%u}", low, high);
    else
        snprintf(out, 32, has_comma ? "{%u,}" : "{%u}", low);
    return true;
}

/* Behind it there may be a '?'; a second repeat is possessive since Python 3.11, an error before.
 */
static brine_status end_repeat(struct rewriting *w)
{
    if (!w->can_repeat)
        return refuse(w, "a repeat of nothing");
    w->can_repeat = false;
    if (take(w, "?"))
        brn_buffer_text(&w->out, "?");
    int c = peek(w, 0);
    if (c == '*' || c == '+' || c == '?')
        return refuse(w, "a repeat of a repeat");
    return BRINE_OK;
}

static brine_status rewrite_brace(struct rewriting *w)
{
    char bounds[32];
    if (take_bounds(w, bounds)) {
        brn_buffer_text(&w->out, bounds);
        return end_repeat(w);
    }
    brn_buffer_text(&w->out, "\\{");
    w->can_repeat = true;
    return BRINE_OK;
}

static const struct {
    const char *letter, *text;
    bool is_boundary;
} assertions[] = {
    {"b", "(?:(?<=(?&w))(?!(?&w))|(?<!(?&w))(?=(?&w)))", true},
    {"B", "(?:(?<=(?&w))(?=(?&w))|(?<!(?&w))(?!(?&w)))", true},
    {"A", "\\A", false},
    {"Z", "\\z", false},
};

static brine_status rewrite_escape(struct rewriting *w)
{
    uint32_t code;
    for (size_t i = 0; i < sizeof assertions / sizeof assertions[0]; i++)
        if (take(w, assertions[i].letter)) {
            brn_buffer_text(&w->out, assertions[i].text);
            w->has_boundary |= assertions[i].is_boundary;
            w->can_repeat = false;
            return BRINE_OK;
        }
    w->can_repeat = true;
    if (put_class(w, false))
        return BRINE_OK;
    if (!take_escaped(w, false, &code))
        return refuse(w, "this escape");
    put_range(&w->out, code, code);
    return BRINE_OK;
}

/* ---- all of it ---- */

static brine_status rewrite_next(struct rewriting *w)
{
    uint32_t code;
    int c = peek(w, 0);
    if (c >= 0x80 || isalnum(c)) {
        if (!take_character(w, &code))
            return refuse(w, "what is not UTF-8");
        put_range(&w->out, code, code);
        w->can_repeat = true;
        return BRINE_OK;
    }
    w->at++;
    switch (c) {
    case '\\':
        return rewrite_escape(w);
    case '[':
        return rewrite_class(w);
    case '(':
        return rewrite_group(w);
    case '{':
        return rewrite_brace(w);
    case '*':
    case '+':
    case '?':
        brn_buffer_byte(&w->out, (char)c);
        return end_repeat(w);
    case '|':
    case ')':
        brn_buffer_byte(&w->out, (char)c);
        w->can_repeat = c == ')';
        return BRINE_OK;
    case '^':
        w->can_repeat = false;
        brn_buffer_text(&w->out, "\\A");
        return BRINE_OK;
    case '$':
        w->can_repeat = false;
        brn_buffer_text(&w->out, "(?=\\n?\\z)");
        return BRINE_OK;
    case '.':
        w->can_repeat = true;
        brn_buffer_text(&w->out, "[^\\n]");
        return BRINE_OK;
    default:
        put_range(&w->out, (uint32_t)c, (uint32_t)c);
        w->can_repeat = true;
        return BRINE_OK;
    }
}

static brine_status rewrite(struct rewriting *w)
{
    if (!take(w, "(?u)"))
        w->ascii |= take(w, "(?a)");
    else
        w->ascii = false;
    brn_buffer_text(&w->out, "(?:");
    while (w->at < w->pattern.n) {
        BRN_TRY(rewrite_next(w));
        if (w->classes > MOST_CLASSES)
            return refuse(w, "a pattern of so many classes");
    }
    brn_buffer_text(&w->out, ")");
    if (w->has_boundary) {
        brn_buffer_text(&w->out, "(?(DEFINE)(?<w>[");
        put_members(w, BRN_CHAR_WORD, true);
        brn_buffer_text(&w->out, "]))");
    }
    brn_buffer_byte(&w->out, '\0');
    return BRINE_OK;
}

brine_status brn_pattern_text(struct brn_build *build, struct brn_slice pattern, bool python2,
                              const char **ret_expression, size_t *ret_groups)
{
    struct rewriting w = {.pattern = pattern, .ascii = python2, .build = build};
    if (pattern.n > MOST_BYTES)
        return brn_unsupported(build, "token_pattern", "it is longer than %d bytes", MOST_BYTES);
    brine_status status = rewrite(&w);
    *ret_groups = w.groups;
    *ret_expression = NULL;
    if (status == BRINE_OK && !w.out.failed)
        *ret_expression = brn_arena_text(build->scratch, brn_buffer_view(&w.out));
    brn_buffer_free(&w.out);
    if (status == BRINE_OK && !*ret_expression)
        return brn_fail_memory(build->err);
    return status;
}
