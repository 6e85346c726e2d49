/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens by both ways, patterns that are refused, and vectorizers that no scikit-learn wrote. */
#include "base/buffer.h"
#include "base/utf8.h"
#include "estimators/registry.h"
#include "estimators/shared_token_pattern.h"
#include "model/model.h"
#include "pickles.h"

/* What reading a pattern needs. */
struct reading {
    struct brn_arena arena, scratch;
    struct brn_work work;
    brine_error err;
    struct brn_build build;
};

static void begin(struct reading *r)
{
    brn_arena_init(&r->arena, 0);
    brn_arena_init(&r->scratch, 0);
    brn_work_init(&r->work, 0);
    r->err = (brine_error){0};
    r->work.err = &r->err;
    r->build = (struct brn_build){.arena = &r->arena, .scratch = &r->scratch, .err = &r->err};
}

static void end(struct reading *r)
{
    brn_work_free(&r->work);
    brn_arena_free(&r->scratch);
    brn_arena_free(&r->arena);
}

/* ---- the default pattern by both ways ---- */

enum { MOST = 400 };

static size_t by_runs(const uint8_t *text, size_t n, size_t least, struct brn_token *tokens)
{
    uint64_t bits[MOST / 16 + 2];
    size_t at = 0, count = 0, more;
    brn_word_bits(text, n, bits);
    do { /* in small portions */
        more = brn_word_tokens(text, n, bits, least, &at, tokens + count, 3);
        count += more;
    } while (more == 3);
    return count;
}

static size_t by_pattern(struct reading *r, const struct brn_token_pattern *pattern,
                         const uint8_t *text, size_t n, struct brn_token *tokens)
{
    struct brn_token_search search;
    struct brn_slice whole = {text, n};
    size_t count = 0;
    bool ok = brn_token_search_begin(pattern, whole, &r->work, &search) == BRINE_OK &&
              brn_token_search_next(&search, tokens, MOST, &count);
    return CHECK(ok) ? count : 0;
}

/* Characters of every kind: ASCII, letters, digits, marks, spaces, any. */
static uint32_t some_character(uint32_t *state)
{
    static const uint32_t firsts[] = {'a',   '0',   ' ',    0xC0,   0x300,
                                      0x400, 0x660, 0x2000, 0x3040, 0x1F600};
    *state = *state * 1664525 + 1013904223;
    uint32_t kind = *state >> 28, low = *state >> 8 & 0xFFFFF;
    if (kind < 10)
        return firsts[kind] + low % (kind == 2 ? 1 : kind == 1 ? 10 : 26);
    if (kind < 14)
        return 0x20 + low % 95;
    return low % 0xD800;
}

static size_t some_text(uint32_t *state, uint8_t *text)
{
    size_t n = 0, most = *state >> 16 & 127;
    for (size_t i = 0; i < most; i++)
        n += brn_utf8_encode(some_character(state), text + n);
    memset(text + n, 0, BRN_TOKEN_PADDING);
    return n;
}

static bool same_tokens(const struct brn_token *a, size_t n, const struct brn_token *b, size_t m)
{
    for (size_t i = 0; i < n && n == m; i++)
        if (a[i].start != b[i].start || a[i].length != b[i].length)
            return false;
    return n == m;
}

static void compare_both_ways(const char *pattern, size_t least)
{
    struct reading r;
    struct brn_token_pattern fast, general;
    uint32_t state = 7;
    uint8_t text[4 * MOST + BRN_TOKEN_PADDING];
    struct brn_token a[MOST], b[MOST];
    begin(&r);
    CHECK(brn_token_pattern_read(&r.build, brn_slice_of(pattern), false, &fast) == BRINE_OK);
    CHECK(fast.least == least);
    brine_status status =
        brn_token_pattern_compile(&r.build, brn_slice_of(pattern), false, &general);
    CHECK_STATUS(status, BRINE_OK, &r.err);
    size_t different = 0;
    for (int i = 0; i < 400 && status == BRINE_OK; i++) {
        size_t n = some_text(&state, text);
        struct brn_work_mark mark = brn_work_mark(&r.work);
        size_t count = by_runs(text, n, least, a);
        different += !same_tokens(a, count, b, by_pattern(&r, &general, text, n, b));
        brn_work_release(&r.work, mark);
    }
    CHECK(different == 0);
    end(&r);
}

TEST(text_default_pattern_by_both_ways)
{
    compare_both_ways("(?u)\\b\\w\\w+\\b", 2);
    compare_both_ways("\\w+", 1);
    compare_both_ways("\\b\\w\\w\\w+", 3);
}

/* ---- refused ---- */

TEST(text_patterns_that_are_refused)
{
    static const char *const patterns[] = {"(?i)[a-z]+", "(?P<word>\\w+)",
                                           "(\\w)\\1",   "\\w*",
                                           "(a)(b)",     "a++",
                                           "(?#x)a",     "\\N{DIGIT ONE}",
                                           "(?>a+)",     "a|",
                                           "(?(1)a|b)",  "[z-a]",
                                           "[\\w-\\d]",  "*a",
                                           "(",          "[a",
                                           "a\\",        "\\u12",
                                           "\\ud800",    "\\p{L}+",
                                           "(?<n>a)",    "\\K",
                                           "\\Qa\\E",    "(*UCP)a",
                                           "\\Ca"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct reading r;
        struct brn_token_pattern pattern;
        begin(&r);
        brine_status status =
            brn_token_pattern_read(&r.build, brn_slice_of(patterns[i]), false, &pattern);
        if (status != BRINE_UNSUPPORTED)
            brn_test_check(false, __FILE__, __LINE__, "%s is taken", patterns[i]);
        end(&r);
    }
}

/* ---- hostile models ---- */

#define ANALYZER                                                                              \
    "Vinput\nVcontent\nVanalyzer\nVword\nVlowercase\nI01\nVstrip_accents\nNVpreprocessor\nN"  \
    "Vtokenizer\nNVstop_words\nNVtoken_pattern\nV(?u)\\b\\w\\w+\\b\nVngram_range\n(I1\nI1\nt" \
    "Vvocabulary\nNVbinary\nI00\nVdtype\ncnumpy\nint64\nV_sklearn_version\nV1.5.2\n"

#define COUNT(fields) \
    "csklearn.feature_extraction.text\nCountVectorizer\n)\x81}(" ANALYZER fields "ub."

static brine_status decode(struct brn_slice bytes, struct brine_model **ret_model, brine_error *err)
{
    static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};
    struct brn_graph graph;
    brine_status status = test_read(bytes, &graph, err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, ret_model, err);
    brn_graph_free(&graph);
    return status;
}

static void refuses(struct brn_slice bytes, brine_status expected)
{
    struct brine_model *model = NULL;
    brine_error err = {0};
    CHECK_STATUS(decode(bytes, &model, &err), expected, &err);
    brn_model_release(model);
}

TEST(text_hostile_vocabularies)
{
    struct brine_model *model = NULL;
    brine_error err = {0};
    REQUIRE_OK(decode(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nVcd\nI1\nu")), &model, &err), &err);
    brn_model_release(model);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nVcd\nI2\nu")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nVcd\nI0\nu")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nVab\nI1\nu")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI-1\nu")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI4294967296\nu")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(I1\nI0\nu")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("Vvocabulary_\n}")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("")), BRINE_MODEL);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nuVtokenizer\ncm\nf\n")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nuVngram_range\n(I0\nI1\nt")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nuVngram_range\n(I2\nI1\nt")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nuVinput\nVfile\n")), BRINE_UNSUPPORTED);
    refuses(BYTES(COUNT("Vvocabulary_\n}(Vab\nI0\nuVstop_words\nVfrench\n")), BRINE_UNSUPPORTED);
}
