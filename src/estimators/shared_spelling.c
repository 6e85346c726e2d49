/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_spelling.h"

#include "base/number.h"

#include <math.h>

static brine_status bind_column(struct brn_build *build, const struct brn_schema *in, size_t i,
                                struct brn_spelling *s)
{
    const struct brn_slot *slot = in->slots[i];
    *s = (struct brn_spelling){.name = slot->name,
                               .is_unread = brn_schema_untouched(in, i) != NULL,
                               .numbers_are = slot->numbers_are};
    for (const struct brn_slot *at = slot; at && !s->is_unread; at = at->origin)
        s->is_unread = at->is_input;
    s->is_text = s->is_unread || slot->number < 0;
    if (!s->is_text && s->numbers_are == BRN_NUMBERS_UNKNOWN)
        return brn_unsupported(build, "",
                               "column %zu is to be text, but no step says whether its numbers are "
                               "whole (70) or not (70.0)",
                               i);
    if (!s->is_text && s->numbers_are == BRN_NUMBERS_TIME)
        return brn_unsupported(build, "", "column %zu, a time, is to be text", i);
    s->place = s->is_text ? brn_schema_document(in, i) : slot->number;
    return s->place >= 0 ? BRINE_OK : brn_ill_formed(build, "", "column %zu has no text", i);
}

brine_status brn_spelling_bind(struct brn_build *build, const struct brn_schema *in,
                               struct brn_spelling **ret_columns)
{
    struct brn_spelling *columns = BRN_BUILD_NEW(build, struct brn_spelling, in->count);
    if (in->is_compressed || !columns)
        return columns ? brn_unsupported(build, "", "text of a sparse matrix")
                       : brn_fail_memory(build->err);
    bool any_text = false, any_fraction = false;
    for (size_t i = 0; i < in->count; i++) {
        BRN_TRY(bind_column(build, in, i, &columns[i]));
        any_text |= columns[i].is_text && !columns[i].is_unread;
        any_fraction |= !columns[i].is_text && columns[i].numbers_are == BRN_NUMBERS_FLOAT;
    }
    for (size_t i = 0; i < in->count; i++)
        if (any_fraction && !any_text && columns[i].numbers_are == BRN_NUMBERS_WHOLE)
            columns[i].numbers_are = BRN_NUMBERS_FLOAT;
    *ret_columns = columns;
    return BRINE_OK;
}

/* ---- running ---- */

static bool is_word_of_truth(struct brn_slice text)
{
    static const char *const words[] = {"true", "TRUE", "false", "FALSE"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (brn_slice_is(text, words[i]))
            return true;
    return false;
}

/* Whether str() of what pandas reads here is the same text. */
static bool is_as_written(struct brn_slice text, bool alone)
{
    char canonical[BRN_NUMBER_TEXT];
    int64_t whole;
    double fraction;
    size_t n = 0;
    if (brn_parse_int64(text, &whole))
        n = brn_format_int64(whole, canonical);
    else if (brn_parse_double(text, &fraction))
        n = alone && isfinite(fraction) ? brn_format_double(fraction, canonical) : 0;
    else
        return !is_word_of_truth(text);
    return brn_slice_equal(text, (struct brn_slice){(const uint8_t *)canonical, n});
}

static brine_status document_text(const struct brn_spelling *s, size_t count,
                                  const struct brn_tile *in, size_t r, const struct brn_work *work,
                                  struct brn_slice *ret_text)
{
    *ret_text = in->documents[r * in->document_stride + (size_t)s->place];
    if (!ret_text->p)
        return brn_refuse(work, in, r, s->name, "a missing value is to be text");
    if (s->is_unread && !is_as_written(*ret_text, count == 1))
        return brn_refuse(work, in, r, s->name,
                          "\"%.*s\" is to be text, but pandas might read it as something that it "
                          "writes otherwise",
                          ret_text->n > 40 ? 40 : (int)ret_text->n, (const char *)ret_text->p);
    return BRINE_OK;
}

static size_t format(enum brn_numbers kind, double v, char out[BRN_NUMBER_TEXT])
{
    if (kind == BRN_NUMBERS_WHOLE)
        return brn_format_int64((int64_t)v, out);
    if (kind == BRN_NUMBERS_FLOAT)
        return brn_format_double(v, out);
    const char *word = v != 0 ? "True" : "False";
    memcpy(out, word, strlen(word));
    return strlen(word);
}

brine_status brn_spelling_text(const struct brn_spelling *columns, size_t count, size_t i,
                               const struct brn_tile *in, size_t r, struct brn_work *work,
                               struct brn_slice *ret_text)
{
    const struct brn_spelling *s = &columns[i];
    char digits[BRN_NUMBER_TEXT];
    if (s->is_text)
        return document_text(s, count, in, r, work, ret_text);
    double v = in->numbers[r * in->number_stride + (size_t)s->place];
    bool is_odd = s->numbers_are == BRN_NUMBERS_WHOLE && !(fabs(v) < 0x1p53 && v == floor(v));
    if (isnan(v) || is_odd || in->single)
        return brn_refuse(work, in, r, s->name,
                          "a value that is missing, or of another kind than the model's, is to be "
                          "text");
    size_t n = format(s->numbers_are, v, digits);
    uint8_t *bytes = brn_work_text(work, n + 1);
    if (!bytes)
        return brn_fail_memory(work->err);
    memcpy(bytes, digits, n);
    *ret_text = (struct brn_slice){bytes, n};
    return BRINE_OK;
}
