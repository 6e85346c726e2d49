/* SPDX-License-Identifier: Apache-2.0
 *
 * Python's answers for every code point, and texts whose characters depend on their neighbours. */
#include "base/buffer.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "kernel/text_fold.h"
#include "kernel/unicode.h"
#include "test.h"

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code < 0xE000;
}

static void put_char(struct brn_buffer *b, uint32_t code)
{
    uint8_t text[4];
    size_t n = brn_utf8_encode(code, text);
    brn_buffer_add(b, text, n);
}

static void put_nfkd(struct brn_buffer *b, uint32_t code, uint8_t flags)
{
    uint8_t text[BRN_NFKD_MOST];
    if (flags & BRN_CHAR_DECOMPOSES)
        brn_buffer_add(b, text, brn_char_nfkd(code, text));
    else
        put_char(b, code);
}

/* As tools/unicode.py writes the answers. */
static void put_answers(struct brn_buffer *b, uint32_t code)
{
    uint8_t flags = brn_char_flags(code), head[2] = {flags, brn_char_combining(code)};
    brn_buffer_add(b, head, sizeof head);
    if (!is_surrogate(code))
        put_char(b, brn_char_lower(code));
    if (code == BRN_DOTTED_I)
        put_char(b, BRN_DOT_ABOVE);
    brn_buffer_add(b, "", 1);
    if (!is_surrogate(code))
        put_nfkd(b, code, flags);
    brn_buffer_add(b, "", 1);
}

TEST(unicode_every_code_point_as_python_says)
{
    struct brn_buffer b = {0};
    char digest[65];
    for (uint32_t code = 0; code < 0x110000; code++)
        put_answers(&b, code);
    brn_digest_hex(brn_sha256(brn_buffer_view(&b)), digest);
    CHECK_TEXT(digest, brn_unicode_digest());
    brn_buffer_free(&b);
}

/* What Python 3.13 answers. */
static const struct {
    struct brn_fold fold;
    const char *text, *folded;
} folds[] = {
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "", ""},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "ABC xyz [@Z`", "abc xyz [@z`"},
    {{BRN_LOWER_NOT, BRN_ACCENTS_KEPT}, "ABC \xc3\x84", "ABC \xc3\x84"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT},
     "\xce\x9f\xce\xa3 \xce\x9f\xce\xa3",
     "\xce\xbf\xcf\x82 \xce\xbf\xcf\x82"},
    {{BRN_LOWER_SIMPLE, BRN_ACCENTS_KEPT}, "\xce\x9f\xce\xa3", "\xce\xbf\xcf\x83"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "\xce\xa3", "\xcf\x83"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "A.\xce\xa3.", "a.\xcf\x82."},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "A\xce\xa3.B", "a\xcf\x83.b"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "A\xce\xa3\xce\xa3", "a\xcf\x83\xcf\x82"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "\xc4\xb0X", "i\xcc\x87x"},
    {{BRN_LOWER_SIMPLE, BRN_ACCENTS_KEPT}, "\xc4\xb0X", "ix"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_KEPT}, "\xc8\xba\xc8\xba", "\xe2\xb1\xa5\xe2\xb1\xa5"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_ASCII},
     "\xc4\xb0\xc3\x9f\xc3\x89t\xc3\xa9 \xef\xac\x81",
     "iete fi"},
    {{BRN_LOWER_FULL, BRN_ACCENTS_UNICODE},
     "\xc4\xb0\xc3\x9f\xc3\x89",
     "i\xc3\x9f"
     "e"},
    {{BRN_LOWER_NOT, BRN_ACCENTS_UNICODE}, "e\xcc\x81", "e"},
    {{BRN_LOWER_NOT, BRN_ACCENTS_COMPOSED}, "e\xcc\x81", "e\xcc\x81"},
    {{BRN_LOWER_NOT, BRN_ACCENTS_COMPOSED}, "e\xcc\x81\xc3\xa9", "ee"},
    {{BRN_LOWER_NOT, BRN_ACCENTS_COMPOSED}, "e\xcc\x81\xcc\xa3", "e"}, /* not in order */
    {{BRN_LOWER_NOT, BRN_ACCENTS_UNICODE}, "\xed\x95\x9c", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"},
};

TEST(unicode_texts_fold_as_in_python)
{
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++) {
        uint8_t out[64];
        struct brn_slice text = brn_slice_of(folds[i].text);
        size_t room = brn_fold_room(folds[i].fold, text);
        size_t n = brn_fold_text(folds[i].fold, text, out);
        CHECK(n <= room && brn_slice_is((struct brn_slice){out, n}, folds[i].folded));
    }
}
