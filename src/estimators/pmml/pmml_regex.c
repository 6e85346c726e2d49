/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_regex.c - MatchesTransformer and ReplaceTransformer of sklearn2pmml: whether a text holds a
 * match of a regular expression, and the text with all matches replaced. sklearn2pmml/preprocessing
 * and Lib/re. */
#include "estimators/shared_frame.h"
#include "estimators/shared_spelling.h"
#include "estimators/shared_token_pattern.h"

struct regex {
    const char *pattern_text, *replacement;
    struct brn_token_pattern pattern;
    struct brn_slice by;
    struct brn_spelling *columns;
    size_t count;
};

/* Python's re is the default flavour; those of PCRE agree with it in what brine takes. */
static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct regex *m = me->self;
    if (!m->pattern_text)
        return brn_ill_formed(build, "pattern", "is None");
    BRN_TRY(brn_token_pattern_compile(build, brn_slice_of(m->pattern_text), build->graph->python2,
                                      &m->pattern));
    m->pattern.is_grouped = false; /* the whole match counts, not its group */
    return BRINE_OK;
}

static brine_status prepare_replacement(struct brn_instance *me, struct brn_build *build)
{
    struct regex *m = me->self;
    if (!m->replacement || strpbrk(m->replacement, "\\$"))
        return brn_unsupported(build, "replacement", "holds references to groups");
    m->by = brn_slice_of(m->replacement);
    return prepare(me, build);
}

/* ---- matches ---- */

static brine_status bind_matches(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct regex *m = me->self;
    m->count = in->count;
    BRN_TRY(brn_spelling_bind(build, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 0));
    for (size_t i = 0; i < in->count; i++)
        me->out[BRINE_METHOD_TRANSFORM]->slots[i]->numbers_are = BRN_NUMBERS_BOOL;
    return BRINE_OK;
}

static brine_status too_hard(const struct regex *m, size_t i, const struct brn_tile *in, size_t r,
                             const struct brn_work *work)
{
    return brn_refuse(work, in, r, m->columns[i].name,
                      "the pattern needs too many steps on this text");
}

/* Up to room matches of the text of column i, from where the search stands. */
static brine_status begin(const struct regex *m, size_t i, const struct brn_tile *in, size_t r,
                          struct brn_work *work, struct brn_token_search *search)
{
    struct brn_slice text;
    BRN_TRY(brn_spelling_text(m->columns, m->count, i, in, r, work, &text));
    return brn_token_search_begin(&m->pattern, text, work, search);
}

static brine_status match_cell(const struct regex *m, size_t i, const struct brn_tile *in, size_t r,
                               struct brn_work *work, double *ret)
{
    struct brn_token_search search;
    struct brn_token token;
    size_t found = 0;
    BRN_TRY(begin(m, i, in, r, work, &search));
    if (!brn_token_search_next(&search, &token, 1, &found))
        return too_hard(m, i, in, r, work);
    *ret = found > 0;
    return BRINE_OK;
}

static brine_status run_matches(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    const struct regex *m = me->self;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            struct brn_work_mark mark = brn_work_mark(work);
            BRN_TRY(match_cell(m, i, in, r, work, &out->numbers[r * out->number_stride + i]));
            brn_work_release(work, mark);
        }
    out->single = false;
    return BRINE_OK;
}

/* ---- replacing ---- */

static brine_status bind_replace(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct regex *m = me->self;
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, in->count);
    m->count = in->count;
    if (!forms)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_spelling_bind(build, in, &m->columns));
    for (size_t i = 0; i < in->count; i++)
        forms[i] = BRN_FORM_DOCUMENT;
    me->out[BRINE_METHOD_TRANSFORM] = brn_frame_schema(build, in, forms);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static uint8_t *put(uint8_t *at, const uint8_t *bytes, size_t n)
{
    if (n)
        memcpy(at, bytes, n);
    return at + n;
}

/* No match is empty: there are at most as many as bytes. */
static brine_status replace_cell(const struct regex *m, size_t i, const struct brn_tile *in,
                                 size_t r, struct brn_work *work, struct brn_slice *ret)
{
    struct brn_token_search search;
    struct brn_token token;
    size_t found = 1, most, behind = 0;
    BRN_TRY(begin(m, i, in, r, work, &search));
    struct brn_slice text = search.text;
    if (__builtin_mul_overflow(text.n, 1 + m->by.n, &most))
        return brn_fail_memory(work->err);
    uint8_t *to = brn_work_text(work, most + 1), *at = to;
    if (!to)
        return brn_fail_memory(work->err);
    for (;;) {
        if (!brn_token_search_next(&search, &token, 1, &found))
            return too_hard(m, i, in, r, work);
        if (!found)
            break;
        at = put(at, text.p + behind, token.start - behind);
        at = put(at, m->by.p, m->by.n);
        behind = token.start + token.length;
    }
    at = put(at, text.p + behind, text.n - behind);
    *ret = (struct brn_slice){to, (size_t)(at - to)};
    return BRINE_OK;
}

static brine_status run_replace(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    const struct regex *m = me->self;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            struct brn_work_mark mark = brn_work_mark(work);
            BRN_TRY(replace_cell(m, i, in, r, work, &out->documents[r * out->document_stride + i]));
            brn_work_release(work, mark);
        }
    return BRINE_OK;
}

/* ---- classes ---- */

static const struct brn_field matches_fields[] = {
    BRN_FIELD(struct regex, pattern_text, "pattern", TEXT, "the regular expression"),
    BRN_FIELD_IGNORE("re_flavour", "which library matches"),
    BRN_FIELD_END,
};

static const struct brn_field replace_fields[] = {
    BRN_FIELD(struct regex, pattern_text, "pattern", TEXT, "the regular expression"),
    BRN_FIELD(struct regex, replacement, "replacement", TEXT, "what stands for its matches"),
    BRN_FIELD_IGNORE("re_flavour", "which library matches"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

#define REGEX(class, own_fields, own_prepare, own_bind, own_run)                         \
    {                                                                                    \
        .name = class, .modules = modules, .library = "sklearn2pmml", .is_beside = true, \
        .size = sizeof(struct regex), .fields = own_fields, .prepare = own_prepare,      \
        .bind = own_bind, .takes_any_width = true,                                       \
        .methods = {[BRINE_METHOD_TRANSFORM] = {own_run, BRN_EXACT}},                    \
    }

static const struct brn_estimator matches =
    REGEX("MatchesTransformer", matches_fields, prepare, bind_matches, run_matches);
static const struct brn_estimator replace =
    REGEX("ReplaceTransformer", replace_fields, prepare_replacement, bind_replace, run_replace);

static const struct brn_estimator *const estimators[] = {&matches, &replace, NULL};

const struct brn_family brn_family_pmml_regex = {estimators};
