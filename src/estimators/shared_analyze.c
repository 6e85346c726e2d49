/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_analyze.c - the terms of one document: _word_ngrams, _char_ngrams, _char_wb_ngrams. */
#include "base/utf8.h"
#include "estimators/shared_analyzer.h"
#include "kernel/unicode.h"

enum { CHUNK = 64 };

/* One document on its way. */
struct analysis {
    const struct brn_analyzer *a;
    const struct brn_tile *in;
    size_t row;
    const struct brn_gram_sink *sink;
    struct brn_work *work;
    uint8_t *text; /* folded, padded */
    size_t n;
    struct brn_gram grams[CHUNK];
    size_t count;
};

static void flush(struct analysis *s)
{
    s->sink->take(s->sink, s->grams, s->count);
    s->count = 0;
}

static inline void give(struct analysis *s, const uint8_t *p, size_t n, uint64_t hash)
{
    if (s->count == CHUNK)
        flush(s);
    s->grams[s->count++] = (struct brn_gram){p, (uint32_t)n, hash};
}

static inline uint64_t hash_of(const struct analysis *s, const uint8_t *p, size_t n)
{
    return brn_token_hash(p, n, s->a->seed);
}

static brine_status refuse(const struct analysis *s, const char *why)
{
    const char *column = s->in->document_names ? s->in->document_names[s->a->document] : NULL;
    brn_refuse(s->work, s->in, s->row, column, "%s", why);
    return BRINE_INPUT;
}

static brine_status no_memory(const struct analysis *s)
{
    brn_fail_memory(s->work->err);
    return BRINE_NOMEM;
}

/* Memory for n bytes of text and its padding, which is zero. */
static uint8_t *take_text(struct analysis *s, size_t n)
{
    return n < INT32_MAX ? brn_work_take(s->work, n + BRN_TOKEN_PADDING, 1) : NULL;
}

static void pad(uint8_t *text, size_t n)
{
    memset(text + n, 0, BRN_TOKEN_PADDING);
}

/* ---- words ---- */

/* Tokens as they come: runs of word characters, or what the pattern finds. */
struct tokenizing {
    uint64_t *bits;
    size_t at;
    struct brn_token_search search;
};

static brine_status begin_tokens(struct analysis *s, struct tokenizing *t)
{
    struct brn_slice text = {s->text, s->n};
    if (!s->a->pattern.least)
        return brn_token_search_begin(&s->a->pattern, text, s->work, &t->search);
    t->at = 0;
    t->bits = brn_work_take(s->work, s->n / 64 + 1, sizeof *t->bits);
    if (!t->bits)
        return no_memory(s);
    brn_word_bits(s->text, s->n, t->bits);
    return BRINE_OK;
}

static brine_status next_tokens(struct analysis *s, struct tokenizing *t, struct brn_token *tokens,
                                size_t room, size_t *ret_count)
{
    if (s->a->pattern.least) {
        *ret_count =
            brn_word_tokens(s->text, s->n, t->bits, s->a->pattern.least, &t->at, tokens, room);
        return BRINE_OK;
    }
    if (brn_token_search_next(&t->search, tokens, room, ret_count))
        return BRINE_OK;
    return refuse(s, "token_pattern needs too many steps on this document");
}

static bool is_stop_word(const struct analysis *s, const uint8_t *p, size_t n, uint64_t hash)
{
    return s->a->stop.count > 0 && brn_term_find(&s->a->stop, p, (uint32_t)n, hash) >= 0;
}

static brine_status analyze_words(struct analysis *s)
{
    struct brn_token tokens[CHUNK];
    struct tokenizing t;
    size_t count = CHUNK;
    BRN_TRY(begin_tokens(s, &t));
    while (count == CHUNK) {
        BRN_TRY(next_tokens(s, &t, tokens, CHUNK, &count));
        for (size_t i = 0; i < count; i++) {
            const uint8_t *p = s->text + tokens[i].start;
            uint64_t hash = hash_of(s, p, tokens[i].length);
            if (!is_stop_word(s, p, tokens[i].length, hash))
                give(s, p, tokens[i].length, hash);
        }
    }
    return BRINE_OK;
}

/* ---- n-grams of words ---- */

/* The tokens that are no stop words, with a space between each two. */
struct joined {
    uint8_t *text;
    size_t n, count;
    struct brn_token *tokens;
    uint64_t *hashes, *grams; /* of tokens, and of the n-gram that begins with each */
};

static brine_status make_room(struct analysis *s, struct joined *j)
{
    size_t most = s->n + 1;
    *j = (struct joined){.text = take_text(s, 2 * most),
                         .tokens = brn_work_take(s->work, most, sizeof *j->tokens),
                         .hashes = brn_work_take(s->work, most, sizeof *j->hashes),
                         .grams = brn_work_take(s->work, most, sizeof *j->grams)};
    return j->text && j->tokens && j->hashes && j->grams ? BRINE_OK : no_memory(s);
}

static void join(struct analysis *s, struct joined *j, struct brn_token token)
{
    const uint8_t *p = s->text + token.start;
    uint64_t hash = hash_of(s, p, token.length);
    if (is_stop_word(s, p, token.length, hash))
        return;
    memcpy(j->text + j->n, p, token.length);
    j->tokens[j->count] = (struct brn_token){(uint32_t)j->n, token.length};
    j->hashes[j->count] = j->grams[j->count] = hash;
    j->count++;
    j->n += token.length;
    j->text[j->n++] = ' ';
}

static brine_status join_all(struct analysis *s, struct joined *j)
{
    struct brn_token tokens[CHUNK];
    struct tokenizing t;
    size_t count = CHUNK;
    BRN_TRY(begin_tokens(s, &t));
    while (count == CHUNK) {
        BRN_TRY(next_tokens(s, &t, tokens, CHUNK, &count));
        for (size_t i = 0; i < count; i++)
            join(s, j, tokens[i]);
    }
    pad(j->text, j->n);
    return BRINE_OK;
}

static void give_ngrams(struct analysis *s, struct joined *j, size_t n)
{
    bool joins = brn_analyzer_joins(s->a);
    for (size_t i = 0; i + n <= j->count; i++) {
        struct brn_token first = j->tokens[i], last = j->tokens[i + n - 1];
        const uint8_t *p = j->text + first.start;
        size_t length = last.start + last.length - first.start;
        if (n > 1 && joins)
            j->grams[i] = brn_token_join(j->grams[i], j->hashes[i + n - 1]);
        if (n >= s->a->least_n)
            give(s, p, length, joins || n == 1 ? j->grams[i] : hash_of(s, p, length));
    }
}

static brine_status analyze_ngrams(struct analysis *s)
{
    struct joined j;
    BRN_TRY(make_room(s, &j));
    BRN_TRY(join_all(s, &j));
    for (size_t n = 1; n <= s->a->most_n && n <= j.count; n++)
        give_ngrams(s, &j, n);
    return BRINE_OK;
}

/* ---- n-grams of characters ---- */

static bool is_space(const struct brn_analyzer *a, uint32_t code)
{
    if (a->ascii_spaces)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return brn_char_flags(code) & BRN_CHAR_SPACE;
}

/* Two or more characters of white space become one space. */
static void squeeze(struct analysis *s)
{
    const uint8_t *p = s->text, *end = s->text + s->n;
    uint8_t *out = s->text;
    while (p < end) {
        const uint8_t *begin = p;
        size_t spaces = 0;
        while (p < end) {
            const uint8_t *next = p;
            if (!is_space(s->a, brn_char_next(&next)))
                break;
            p = next;
            spaces++;
        }
        if (spaces == 0)
            (void)brn_char_next(&p);
        size_t n = (size_t)(p - begin);
        if (spaces > 1) {
            *out++ = ' ';
        } else {
            memmove(out, begin, n);
            out += n;
        }
    }
    s->n = (size_t)(out - s->text);
    pad(s->text, s->n);
}

/* Where the characters of n bytes begin, and their end; how many they are. */
static size_t find_starts(const uint8_t *text, size_t n, uint32_t *starts)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        starts[count] = (uint32_t)i;
        count += (text[i] & 0xC0) != 0x80;
    }
    starts[count] = (uint32_t)n;
    return count;
}

static void give_characters(struct analysis *s, const uint8_t *text, const uint32_t *starts,
                            size_t count, size_t n)
{
    for (size_t i = 0; i + n <= count; i++) {
        const uint8_t *p = text + starts[i];
        size_t length = starts[i + n] - starts[i];
        give(s, p, length, hash_of(s, p, length));
    }
}

static brine_status analyze_characters(struct analysis *s)
{
    uint32_t *starts = brn_work_take(s->work, s->n + 2, sizeof *starts);
    if (!starts)
        return no_memory(s);
    squeeze(s);
    size_t count = find_starts(s->text, s->n, starts);
    for (size_t n = s->a->least_n; n <= s->a->most_n && n <= count; n++)
        give_characters(s, s->text, starts, count, n);
    return BRINE_OK;
}

/* A word with a space on either side; n-grams as long as it or longer are the whole, once. */
static void give_padded(struct analysis *s, const uint8_t *text, size_t length, uint32_t *starts)
{
    size_t count = find_starts(text, length, starts);
    for (size_t n = s->a->least_n; n <= s->a->most_n; n++) {
        if (n >= count) {
            give(s, text, length, hash_of(s, text, length));
            return;
        }
        give_characters(s, text, starts, count, n);
    }
}

/* str.split(): white space of Unicode also in Python 2. */
static const uint8_t *end_of_word(const uint8_t *p, const uint8_t *end, bool in_word)
{
    while (p < end) {
        const uint8_t *next = p;
        bool space = brn_char_flags(brn_char_next(&next)) & BRN_CHAR_SPACE;
        if (space == in_word)
            break;
        p = next;
    }
    return p;
}

static brine_status analyze_padded_words(struct analysis *s)
{
    uint8_t *out = take_text(s, 2 * s->n + 2);
    uint32_t *starts = brn_work_take(s->work, s->n + 4, sizeof *starts);
    if (!out || !starts)
        return no_memory(s);
    pad(out, 2 * s->n + 2);
    const uint8_t *end = s->text + s->n, *p = end_of_word(s->text, end, false);
    while (p < end) {
        const uint8_t *behind = end_of_word(p, end, true);
        size_t n = (size_t)(behind - p);
        out[0] = out[n + 1] = ' ';
        memcpy(out + 1, p, n);
        give_padded(s, out, n + 2, starts);
        out += n + 2;
        p = end_of_word(behind, end, false);
    }
    return BRINE_OK;
}

/* ---- a document ---- */

static brine_status fold_ascii(struct analysis *s, struct brn_slice document)
{
    s->text = take_text(s, document.n);
    if (!s->text)
        return no_memory(s);
    s->n = document.n;
    brn_fold_ascii(s->a->fold, document, s->text);
    return BRINE_OK;
}

static brine_status fold_any(struct analysis *s, struct brn_slice document)
{
    if (brn_utf8_valid(document) != document.n)
        return refuse(s, "the document is not UTF-8");
    s->text = take_text(s, brn_fold_room(s->a->fold, document));
    if (!s->text)
        return no_memory(s);
    s->n = brn_fold_text(s->a->fold, document, s->text);
    return BRINE_OK;
}

static brine_status fold(struct analysis *s, struct brn_slice document)
{
    if (!document.p)
        return refuse(s, "the document is missing");
    if (brn_is_ascii(document))
        BRN_TRY(fold_ascii(s, document));
    else
        BRN_TRY(fold_any(s, document));
    pad(s->text, s->n);
    return BRINE_OK;
}

static brine_status analyze(struct analysis *s)
{
    switch (s->a->unit) {
    case BRN_UNIT_WORDS:
        return s->a->most_n > 1 ? analyze_ngrams(s) : analyze_words(s);
    case BRN_UNIT_CHARACTERS:
        return analyze_characters(s);
    case BRN_UNIT_PADDED_WORDS:
        return analyze_padded_words(s);
    }
    return BRINE_OK;
}

brine_status brn_analyze(const struct brn_analyzer *a, const struct brn_tile *in, size_t r,
                         const struct brn_gram_sink *sink, struct brn_work *work)
{
    struct brn_slice document = in->documents[r * in->document_stride + (size_t)a->document];
    struct brn_work_mark mark = brn_work_mark(work);
    struct analysis s = {.a = a, .in = in, .row = r, .sink = sink, .work = work};
    brine_status status = fold(&s, document);
    if (status == BRINE_OK)
        status = analyze(&s);
    if (status == BRINE_OK && s.count)
        flush(&s);
    brn_work_release(work, mark);
    return status;
}
