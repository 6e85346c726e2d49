/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/number.h"
#include "base/utf8.h"

#include <math.h>

/* What may come next. */
enum {
    EXPECT_VALUE,        /* the document's, or behind a comma */
    EXPECT_FIRST,        /* behind '[' or '{': an item or the end */
    EXPECT_COMMA_OR_END, /* behind a value */
    EXPECT_NOTHING,      /* the document's end was reported */
};

void brn_json_init(struct brn_json *json, struct brn_slice document, uint8_t *nesting,
                   uint32_t max_depth)
{
    if (document.n == 0)
        document.p = (const uint8_t *)"";
    *json = (struct brn_json){
        .begin = document.p,
        .at = document.p,
        .end = document.p + document.n,
        .error = {.status = BRINE_OK},
        .max_depth = max_depth,
    };
    json->nesting = nesting;
}

void brn_json_free(struct brn_json *json)
{
    brn_buffer_free(&json->scratch[0]);
    brn_buffer_free(&json->scratch[1]);
}

static uint64_t offset_of(const struct brn_json *json, const uint8_t *at)
{
    return (uint64_t)(at - json->begin);
}

/* Always false, so that a parser says "return fail(…)". */
static bool fail_at(struct brn_json *json, const uint8_t *at, const char *message)
{
    if (json->error.status == BRINE_OK)
        brn_fail_at(&json->error, BRINE_FORMAT, offset_of(json, at), "%s", message);
    json->at = at;
    return false;
}

static bool fail(struct brn_json *json, const char *message)
{
    return fail_at(json, json->at, json->at < json->end ? message : "the document ends early");
}

static void skip_space(struct brn_json *json)
{
    const uint8_t *p = json->at;
    while (p < json->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    json->at = p;
}

/* ---- strings ---- */

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits at p, or -1. */
static int32_t hex_four(const uint8_t *p, const uint8_t *end)
{
    int32_t value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* at stands behind "\u"; a high surrogate takes the low one behind it along. */
static bool unescape_unicode(struct brn_json *json, struct brn_buffer *out)
{
    uint8_t bytes[4];
    int32_t code = hex_four(json->at, json->end), low;
    if (code < 0)
        return fail(json, "\\u needs four hexadecimal digits");
    json->at += 4;
    if (code >= 0xd800 && code < 0xe000) {
        bool pair =
            code < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\' && json->at[1] == 'u';
        low = pair ? hex_four(json->at + 2, json->end) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return fail(json, "half of a surrogate pair: no character");
        json->at += 6;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    brn_buffer_add(out, bytes, brn_utf8_encode((uint32_t)code, bytes));
    return true;
}

static bool unescape(struct brn_json *json, struct brn_buffer *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (++json->at >= json->end)
        return fail(json, "");
    uint8_t c = *json->at++;
    if (c == 'u')
        return unescape_unicode(json, out);
    const char *known = c ? strchr(from, c) : NULL;
    if (!known)
        return fail_at(json, json->at - 1, "no such escape in JSON");
    brn_buffer_byte(out, to[known - from]);
    return true;
}

/* The end of the run of plain characters: a quote, a backslash, or what may not stand in a string.
 */
static const uint8_t *plain_run(const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p != '"' && *p != '\\' && *p >= 0x20) {
        size_t n = brn_utf8_length(p, end);
        if (n == 0)
            break;
        p += n;
    }
    return p;
}

static bool check_run_end(struct brn_json *json)
{
    if (json->at >= json->end)
        return fail(json, "");
    if (*json->at < 0x20)
        return fail(json, "a control character in a string must be escaped");
    if (*json->at >= 0x80)
        return fail(json, "not UTF-8");
    return true;
}

/* From the first backslash on, into scratch. */
static bool read_escaped(struct brn_json *json, const uint8_t *begin, struct brn_buffer *scratch,
                         struct brn_slice *ret_text)
{
    scratch->size = 0;
    brn_buffer_add(scratch, begin, (size_t)(json->at - begin));
    while (*json->at == '\\') {
        if (!unescape(json, scratch))
            return false;
        const uint8_t *run = json->at;
        json->at = plain_run(run, json->end);
        brn_buffer_add(scratch, run, (size_t)(json->at - run));
        if (!check_run_end(json))
            return false;
    }
    if (scratch->failed) {
        brn_fail_memory(&json->error);
        return false;
    }
    json->at++;
    *ret_text = brn_buffer_view(scratch);
    return true;
}

/* at stands on the opening quote. */
static bool read_string(struct brn_json *json, struct brn_buffer *scratch,
                        struct brn_slice *ret_text)
{
    const uint8_t *begin = json->at + 1;
    json->at = plain_run(begin, json->end);
    if (!check_run_end(json))
        return false;
    if (*json->at == '\\')
        return read_escaped(json, begin, scratch, ret_text);
    *ret_text = (struct brn_slice){begin, (size_t)(json->at - begin)};
    json->at++;
    return true;
}

/* ---- numbers and words ---- */

static bool take_word(struct brn_json *json, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(json->end - json->at) < n || memcmp(json->at, word, n) != 0)
        return false;
    json->at += n;
    return true;
}

static bool read_special(struct brn_json *json)
{
    static const struct {
        const char *text;
        double value;
    } specials[] = {{"NaN", (double)NAN},           {"nan", (double)NAN},
                    {"Infinity", (double)INFINITY}, {"-Infinity", -(double)INFINITY},
                    {"inf", (double)INFINITY},      {"-inf", -(double)INFINITY}};
    const uint8_t *begin = json->at;
    for (size_t i = 0; json->allow_nan && i < sizeof specials / sizeof specials[0]; i++)
        if (take_word(json, specials[i].text)) {
            json->kind = BRN_JSON_NUMBER;
            json->number = specials[i].value;
            json->text = (struct brn_slice){begin, (size_t)(json->at - begin)};
            return true;
        }
    return fail(json, "a JSON value was expected");
}

/* What brn_decimal_scan() takes and JSON does not: a plus, leading zeros, a bare point. */
static bool is_json_number(const struct brn_decimal *d, const uint8_t *begin)
{
    const uint8_t *whole_end = d->point ? d->point : d->end;
    ptrdiff_t whole = whole_end - d->begin;
    return *begin != '+' && whole > 0 && (whole == 1 || *d->begin != '0') &&
           (!d->point || d->end - d->point > 1);
}

/* An integer of at most 19 digits that fits its type; -0 is no integer, because it has a sign. */
static void set_integer(struct brn_json *json, const struct brn_decimal *d)
{
    bool fits = d->is_integer && !d->is_cut &&
                (!d->is_negative || (d->digits && d->digits <= (uint64_t)1 << 63));
    json->is_integer = fits;
    json->is_negative = fits && d->is_negative;
    json->integer = d->is_negative ? -d->digits : d->digits;
}

static uint64_t parse_uint64(struct brn_slice text, bool *ret_fits)
{
    uint64_t value = 0;
    *ret_fits = true;
    for (size_t i = 0; i < text.n; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text.p[i] - '0', &value))
            *ret_fits = false;
    return value;
}

/* Twenty digits may still fit uint64_t. */
static void set_long_integer(struct brn_json *json, const struct brn_decimal *d)
{
    bool fits;
    uint64_t value = parse_uint64((struct brn_slice){d->begin, (size_t)(d->end - d->begin)}, &fits);
    if (!fits)
        return;
    json->is_integer = true;
    json->integer = value;
}

static bool read_number(struct brn_json *json)
{
    struct brn_decimal decimal;
    const uint8_t *begin = json->at, *end = brn_decimal_scan(begin, json->end, &decimal);
    if (!end)
        return *begin == '-' && json->allow_nan ? read_special(json)
                                                : fail(json, "not a JSON number");
    if (!is_json_number(&decimal, begin))
        return fail(json, "not a JSON number: no leading '+' or zeros, digits around the point");
    json->kind = BRN_JSON_NUMBER;
    json->number = brn_decimal_double(&decimal);
    if (isinf(json->number) && !json->allow_nan)
        return fail(json, "the number is out of the range of float64");
    set_integer(json, &decimal);
    if (decimal.is_cut && decimal.is_integer && !decimal.is_negative &&
        decimal.end - decimal.begin == 20)
        set_long_integer(json, &decimal);
    json->at = end;
    json->text = (struct brn_slice){begin, (size_t)(end - begin)};
    return true;
}

static bool read_word(struct brn_json *json)
{
    static const struct {
        const char *text;
        enum brn_json_kind kind;
        bool value;
    } words[] = {
        {"true", BRN_JSON_BOOL, true}, {"false", BRN_JSON_BOOL, false}, {"null", BRN_JSON_NULL, 0}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (take_word(json, words[i].text)) {
            json->kind = words[i].kind;
            json->boolean = words[i].value;
            return true;
        }
    return read_special(json);
}

/* ---- structure ---- */

static bool open_container(struct brn_json *json, enum brn_json_kind kind)
{
    if (json->depth == json->max_depth) {
        brn_fail_at(&json->error, BRINE_LIMIT, offset_of(json, json->at),
                    "nested deeper than the limit of %u levels", json->max_depth);
        return false;
    }
    json->nesting[json->depth++] = (uint8_t)kind;
    json->kind = kind;
    json->expect = EXPECT_FIRST;
    json->at++;
    return true;
}

static bool inside_object(const struct brn_json *json)
{
    return json->depth && json->nesting[json->depth - 1] == BRN_JSON_OBJECT;
}

static bool close_container(struct brn_json *json)
{
    json->kind = inside_object(json) ? BRN_JSON_OBJECT_END : BRN_JSON_ARRAY_END;
    json->depth--;
    json->expect = EXPECT_COMMA_OR_END;
    json->value = json->at++;
    return true;
}

static bool read_key(struct brn_json *json)
{
    if (json->at >= json->end || *json->at != '"')
        return fail(json, "a member's name in double quotes was expected");
    if (!read_string(json, &json->scratch[0], &json->key))
        return false;
    skip_space(json);
    if (json->at >= json->end || *json->at != ':')
        return fail(json, "a ':' was expected behind the member's name");
    json->at++;
    skip_space(json);
    return true;
}

static bool read_value(struct brn_json *json)
{
    if (inside_object(json) && !read_key(json))
        return false;
    if (json->at >= json->end)
        return fail(json, "");
    json->value = json->at;
    json->expect = EXPECT_COMMA_OR_END;
    switch (*json->at) {
    case '{':
        return open_container(json, BRN_JSON_OBJECT);
    case '[':
        return open_container(json, BRN_JSON_ARRAY);
    case '"':
        json->kind = BRN_JSON_STRING;
        return read_string(json, &json->scratch[1], &json->text);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(json);
    default:
        return read_word(json);
    }
}

static bool finish(struct brn_json *json)
{
    if (json->at < json->end)
        return fail(json, "something stands behind the document");
    json->expect = EXPECT_NOTHING;
    json->kind = BRN_JSON_END;
    return true;
}

static bool read_event(struct brn_json *json)
{
    skip_space(json);
    if (json->expect == EXPECT_VALUE)
        return read_value(json);
    if (json->depth == 0)
        return finish(json);
    uint8_t c = json->at < json->end ? *json->at : 0;
    if (c == (inside_object(json) ? '}' : ']'))
        return close_container(json);
    if (json->expect == EXPECT_FIRST)
        return read_value(json);
    if (c != ',')
        return fail(json, inside_object(json) ? "a ',' or '}' was expected"
                                              : "a ',' or ']' was expected");
    json->at++;
    skip_space(json);
    return read_value(json);
}

enum brn_json_kind brn_json_next(struct brn_json *json)
{
    json->key.n = json->text.n = 0;
    json->is_integer = false;
    if (json->error.status != BRINE_OK || !read_event(json))
        json->kind = BRN_JSON_END;
    return json->kind;
}

void brn_json_skip(struct brn_json *json)
{
    if (json->kind != BRN_JSON_ARRAY && json->kind != BRN_JSON_OBJECT)
        return;
    uint32_t depth = json->depth;
    while (json->depth >= depth && brn_json_next(json) != BRN_JSON_END)
        continue;
}
