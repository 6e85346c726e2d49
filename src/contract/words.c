/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/words.h"

#include "contract/yaml.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

brine_status brn_words_fail(const struct brn_reading *reading, const struct brn_json_value *value,
                            const char *format, ...)
{
    char text[sizeof reading->err->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return brn_yaml_fail(reading->err, value->line, value->column, "%s", text);
}

static bool is_scalar(const struct brn_json_value *v)
{
    return v->kind == BRN_JSON_STRING || v->kind == BRN_JSON_NUMBER || v->kind == BRN_JSON_BOOL;
}

/* JSON's tree keeps no text of a bool. */
static struct brn_slice written(const struct brn_json_value *v)
{
    if (v->kind == BRN_JSON_BOOL && v->text.n == 0)
        return brn_slice_of(v->boolean ? "true" : "false");
    return v->text;
}

brine_status brn_words_text(const struct brn_reading *reading, const struct brn_json_value *value,
                            const char **ret_text)
{
    if (!is_scalar(value))
        return brn_words_fail(reading, value, "a text is needed here");
    struct brn_slice text = written(value);
    if (memchr(text.p ? text.p : (const uint8_t *)"", 0, text.n))
        return brn_words_fail(reading, value, "a text with a zero byte");
    *ret_text = brn_arena_text(reading->arena, text);
    return *ret_text ? BRINE_OK : brn_fail_memory(reading->err);
}

static void list_choices(const char *const *choices, char *out, size_t size)
{
    size_t used = 0;
    for (const char *const *c = choices; *c && used < size; c++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", *c);
}

brine_status brn_words_choice(const struct brn_reading *reading, const struct brn_json_value *value,
                              const char *const *choices, int *ret_choice)
{
    char list[200];
    for (int i = 0; is_scalar(value) && choices[i]; i++)
        if (brn_slice_is(written(value), choices[i])) {
            *ret_choice = i + 1;
            return BRINE_OK;
        }
    list_choices(choices, list, sizeof list);
    return brn_words_fail(reading, value, "%s%.*s%sone of these is needed: %s",
                          is_scalar(value) ? "\"" : "", BRN_S(written(value)),
                          is_scalar(value) ? "\": " : "", list);
}

static brine_status read_number(const struct brn_reading *reading, const struct brn_json_value *v,
                                bool is_count, struct brn_optional *ret_number)
{
    if (v->kind != BRN_JSON_NUMBER || isnan(v->number))
        return brn_words_fail(reading, v, "a number is needed here");
    if (is_count && (!v->is_integer || v->is_negative || v->integer > (uint64_t)1 << 53))
        return brn_words_fail(reading, v, "a whole number of 0 or more is needed here");
    *ret_number = (struct brn_optional){true, v->number};
    return BRINE_OK;
}

static brine_status read_texts(const struct brn_reading *reading, const struct brn_json_value *v,
                               struct brn_texts *ret_texts)
{
    bool is_list = v->kind == BRN_JSON_ARRAY;
    size_t count = is_list ? v->count : 1;
    struct brn_texts texts = {BRN_NEW(reading->arena, const char *, count + 1), count};
    if (!texts.at)
        return brn_fail_memory(reading->err);
    for (size_t i = 0; i < count; i++)
        BRN_TRY(brn_words_text(reading, is_list ? &v->items[i] : v, &texts.at[i]));
    *ret_texts = texts;
    return BRINE_OK;
}

static brine_status read_values(const struct brn_reading *reading, const struct brn_json_value *v,
                                struct brn_value_list *ret_list)
{
    if (v->kind != BRN_JSON_ARRAY)
        return brn_words_fail(reading, v, "a list is needed here");
    for (size_t i = 0; i < v->count; i++)
        if (!is_scalar(&v->items[i]))
            return brn_words_fail(reading, &v->items[i], "a text or number is needed here");
    *ret_list = (struct brn_value_list){v->items, v->count};
    return BRINE_OK;
}

/* The words of the format nest as the tables do, a handful of levels: recursion is bounded by them.
 */
static brine_status read_list(const struct brn_reading *reading, const struct brn_words *inside,
                              const struct brn_json_value *v, struct brn_list *ret_list)
{
    if (v->kind != BRN_JSON_ARRAY)
        return brn_words_fail(reading, v, "a list of %s is needed here", inside->title);
    struct brn_list list = {
        brn_arena_alloc(reading->arena, v->count + 1, inside->size, _Alignof(max_align_t)),
        v->count};
    if (!list.at)
        return brn_fail_memory(reading->err);
    for (size_t i = 0; i < v->count; i++)
        BRN_TRY(brn_words_read(reading, inside, &v->items[i], (char *)list.at + i * inside->size));
    *ret_list = list;
    return BRINE_OK;
}

static brine_status read_scalar(const struct brn_reading *reading, const struct brn_json_value *v,
                                const struct brn_json_value **ret_value)
{
    if (!is_scalar(v))
        return brn_words_fail(reading, v, "a text or number is needed here");
    *ret_value = v;
    return BRINE_OK;
}

static brine_status read_bool(const struct brn_reading *reading, const struct brn_json_value *v,
                              bool *ret_bool)
{
    if (v->kind != BRN_JSON_BOOL)
        return brn_words_fail(reading, v, "true or false is needed here");
    *ret_bool = v->boolean;
    return BRINE_OK;
}

static brine_status read_word(const struct brn_reading *reading, const struct brn_word *w,
                              const struct brn_json_value *v, void *member)
{
    switch (w->kind) {
    case BRN_WORD_IGNORED:
        return BRINE_OK;
    case BRN_WORD_TEXT:
        return brn_words_text(reading, v, member);
    case BRN_WORD_NUMBER:
    case BRN_WORD_COUNT:
        return read_number(reading, v, w->kind == BRN_WORD_COUNT, member);
    case BRN_WORD_BOOL:
        return read_bool(reading, v, member);
    case BRN_WORD_CHOICE:
        return brn_words_choice(reading, v, w->choices, member);
    case BRN_WORD_TEXTS:
        return read_texts(reading, v, member);
    case BRN_WORD_VALUES:
        return read_values(reading, v, member);
    case BRN_WORD_SCALAR:
        return read_scalar(reading, v, member);
    case BRN_WORD_OBJECT:
        return brn_words_read(reading, w->inside, v, member);
    case BRN_WORD_LIST:
        return read_list(reading, w->inside, v, member);
    case BRN_WORD_SPECIAL:
        return w->read(reading, v, member);
    }
    return BRINE_OK;
}

static const struct brn_word *find_word(const struct brn_words *words, struct brn_slice key)
{
    for (const struct brn_word *w = words->rows; w->word; w++)
        if (brn_slice_is(key, w->word))
            return w;
    return NULL;
}

static void list_words(const struct brn_words *words, char *out, size_t size)
{
    size_t used = 0;
    for (const struct brn_word *w = words->rows; w->word && used < size; w++)
        if (w->kind != BRN_WORD_IGNORED)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", w->word);
}

static brine_status unknown_word(const struct brn_reading *reading, const struct brn_words *words,
                                 const struct brn_json_value *value, struct brn_slice key)
{
    char list[200];
    list_words(words, list, sizeof list);
    return brn_words_fail(reading, value, "%s has no word \"%.*s\"; it has: %s", words->title,
                          BRN_S(key), list);
}

static brine_status check_required(const struct brn_reading *reading, const struct brn_words *words,
                                   const struct brn_json_value *value)
{
    for (const struct brn_word *w = words->rows; w->word; w++) {
        const struct brn_json_value *v = w->required ? brn_json_get(value, w->word) : value;
        if (!v || v->kind == BRN_JSON_NULL)
            return brn_words_fail(reading, value, "%s needs \"%s\"", words->title, w->word);
    }
    return BRINE_OK;
}

brine_status brn_words_read(const struct brn_reading *reading, const struct brn_words *words,
                            const struct brn_json_value *value, void *self)
{
    if (value->kind != BRN_JSON_OBJECT)
        return brn_words_fail(reading, value, "%s is needed here: words with values", words->title);
    BRN_TRY(check_required(reading, words, value));
    for (size_t i = 0; i < value->count; i++) {
        const struct brn_word *w = find_word(words, value->keys[i]);
        if (!w)
            return unknown_word(reading, words, &value->items[i], value->keys[i]);
        if (value->items[i].kind == BRN_JSON_NULL) /* as if it were not there */
            continue;
        brine_status status = read_word(reading, w, &value->items[i], (char *)self + w->offset);
        if (status != BRINE_OK) {
            brn_error_within(reading->err, "%s", w->word);
            return status;
        }
    }
    memcpy(self, &value, sizeof value); /* source; last, because parts may share the struct */
    return words->finish ? words->finish(reading, value, self) : BRINE_OK;
}
