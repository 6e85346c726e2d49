/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_text.c - steps of sklearn2pmml on texts: StringNormalizer, SubstringTransformer,
 * ConcatTransformer, StringLengthTransformer.  sklearn2pmml/preprocessing.
 *
 * Case is changed, and blanks are trimmed, in ASCII alone: a row with other characters where these
 * would count is refused. */
#include "estimators/shared_frame.h"
#include "estimators/shared_spelling.h"

struct text {
    const char *function, *separator;
    bool trims;
    int64_t begin, end; /* in characters */
    uint8_t (*change)(uint8_t c);
    struct brn_slice between;
    struct brn_spelling *columns;
    size_t count;
};

/* ---- StringNormalizer ---- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static uint8_t upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
}

static brine_status prepare_normalizer(struct brn_instance *me, struct brn_build *build)
{
    static const struct {
        const char *name;
        uint8_t (*change)(uint8_t c);
    } functions[] = {
        {"lower", lower}, {"lowercase", lower}, {"upper", upper}, {"uppercase", upper}};
    struct text *m = me->self;
    for (size_t i = 0; m->function && i < sizeof functions / sizeof functions[0]; i++)
        if (brn_text_is(m->function, functions[i].name))
            m->change = functions[i].change;
    return !m->function || m->change ? BRINE_OK
                                     : brn_unsupported(build, "function", "is not a known one");
}

/* str.strip() takes these, and characters beyond ASCII. */
static bool is_blank(uint8_t c)
{
    return (c >= 9 && c <= 13) || (c >= 28 && c <= 32);
}

static bool is_ascii(struct brn_slice text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] & 0x80)
            return false;
    return true;
}

static struct brn_slice trim(struct brn_slice text)
{
    while (text.n && is_blank(text.p[text.n - 1]))
        text.n--;
    while (text.n && is_blank(text.p[0]))
        text = (struct brn_slice){text.p + 1, text.n - 1};
    return text;
}

static bool ends_in_ascii(struct brn_slice text)
{
    return !text.n || !((text.p[0] | text.p[text.n - 1]) & 0x80);
}

static brine_status normalize(const struct text *m, struct brn_work *work, struct brn_slice *text,
                              const char **ret_why)
{
    if (m->change && !is_ascii(*text)) {
        *ret_why = "the case of a text that is not all ASCII is to be changed";
        return BRINE_INPUT;
    }
    if (m->trims)
        *text = trim(*text);
    if (m->trims && !ends_in_ascii(*text)) {
        *ret_why = "blanks are to be trimmed from a text that does not begin and end in ASCII";
        return BRINE_INPUT;
    }
    if (!m->change)
        return BRINE_OK;
    uint8_t *bytes = brn_work_text(work, text->n + 1);
    if (!bytes)
        return brn_fail_memory(work->err);
    for (size_t i = 0; i < text->n; i++)
        bytes[i] = m->change(text->p[i]);
    text->p = bytes;
    return BRINE_OK;
}

/* ---- SubstringTransformer ---- */

static brine_status prepare_substring(struct brn_instance *me, struct brn_build *build)
{
    const struct text *m = me->self;
    return m->begin >= 0 && m->end >= m->begin
               ? BRINE_OK
               : brn_unsupported(build, "begin", "and end are no places in a text");
}

/* The byte at which character number wanted begins, or the end. */
static size_t byte_of(struct brn_slice text, int64_t wanted)
{
    size_t i = 0;
    for (int64_t seen = 0; i < text.n; i++)
        if ((text.p[i] & 0xC0) != 0x80 && seen++ == wanted)
            break;
    return i;
}

static brine_status cut(const struct text *m, struct brn_work *work, struct brn_slice *text,
                        const char **ret_why)
{
    size_t begin = byte_of(*text, m->begin), end = byte_of(*text, m->end);
    (void)work;
    (void)ret_why;
    *text = (struct brn_slice){text->p + begin, end - begin};
    return BRINE_OK;
}

/* ---- one to one ---- */

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct text *m = me->self;
    m->count = in->count;
    BRN_TRY(brn_spelling_bind(build, in, &m->columns));
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, in->count);
    if (!forms)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++)
        forms[i] = BRN_FORM_DOCUMENT;
    me->out[BRINE_METHOD_TRANSFORM] = brn_frame_schema(build, in, forms);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status each_text(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work,
                              brine_status (*change)(const struct text *m, struct brn_work *work,
                                                     struct brn_slice *text, const char **why))
{
    const struct text *m = me->self;
    const char *why = NULL;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            struct brn_slice *text = &out->documents[r * out->document_stride + i];
            BRN_TRY(brn_spelling_text(m->columns, m->count, i, in, r, work, text));
            brine_status status = change(m, work, text, &why);
            if (status == BRINE_INPUT)
                return brn_refuse(work, in, r, m->columns[i].name, "%s", why);
            BRN_TRY(status);
        }
    return BRINE_OK;
}

static brine_status run_normalizer(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    return each_text(me, in, out, work, normalize);
}

static brine_status run_substring(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    return each_text(me, in, out, work, cut);
}

/* ---- StringLengthTransformer ---- */

static brine_status bind_length(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct text *m = me->self;
    m->count = in->count;
    BRN_TRY(brn_spelling_bind(build, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 8));
    for (size_t i = 0; i < in->count; i++)
        me->out[BRINE_METHOD_TRANSFORM]->slots[i]->numbers_are = BRN_NUMBERS_WHOLE;
    return BRINE_OK;
}

static brine_status run_length(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct text *m = me->self;
    struct brn_slice text;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            size_t characters = 0;
            BRN_TRY(brn_spelling_text(m->columns, m->count, i, in, r, work, &text));
            for (size_t k = 0; k < text.n; k++)
                characters += (text.p[k] & 0xC0) != 0x80;
            out->numbers[r * out->number_stride + i] = (double)characters;
        }
    out->single = false;
    return BRINE_OK;
}

/* ---- ConcatTransformer ---- */

static brine_status prepare_concat(struct brn_instance *me, struct brn_build *build)
{
    struct text *m = me->self;
    m->between = m->separator ? brn_slice_of(m->separator) : brn_slice_of("");
    return m->separator ? BRINE_OK : brn_ill_formed(build, "separator", "is None");
}

static brine_status bind_concat(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct text *m = me->self;
    enum brn_form form = BRN_FORM_DOCUMENT;
    m->count = in->count;
    BRN_TRY(brn_spelling_bind(build, in, &m->columns));
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_formed(build->arena, 1, NULL, &form, NULL);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status concat_row(const struct text *m, const struct brn_tile *in, size_t r,
                               struct brn_slice *parts, struct brn_work *work,
                               struct brn_slice *ret_text)
{
    size_t bytes = 1;
    for (size_t i = 0; i < m->count; i++) {
        BRN_TRY(brn_spelling_text(m->columns, m->count, i, in, r, work, &parts[i]));
        bytes += parts[i].n + m->between.n;
    }
    uint8_t *to = brn_work_text(work, bytes), *at = to;
    if (!to)
        return brn_fail_memory(work->err);
    for (size_t i = 0; i < m->count; i++) {
        memcpy(at, m->between.p, i ? m->between.n : 0);
        at += i ? m->between.n : 0;
        memcpy(at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    *ret_text = (struct brn_slice){to, (size_t)(at - to)};
    return BRINE_OK;
}

static brine_status run_concat(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct text *m = me->self;
    struct brn_slice *parts = brn_work_take(work, m->count, sizeof *parts);
    if (!parts)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(concat_row(m, in, r, parts, work, &out->documents[r * out->document_stride]));
    return BRINE_OK;
}

/* ---- classes ---- */

static const struct brn_field normalizer_fields[] = {
    BRN_FIELD(struct text, function, "function", TEXT, "lowercase, uppercase or None"),
    BRN_FIELD(struct text, trims, "trim_blanks", BOOL, "whether blanks at the ends go"),
    BRN_FIELD_END,
};

static const struct brn_field substring_fields[] = {
    BRN_FIELD(struct text, begin, "begin", INT, "the first character"),
    BRN_FIELD(struct text, end, "end", INT, "the one behind the last"),
    BRN_FIELD_IGNORE("function", "of a base class, in 0.111; transform does not read it"),
    BRN_FIELD_IGNORE("trim_blanks", "of a base class, in 0.111; transform does not read it"),
    BRN_FIELD_END,
};

static const struct brn_field concat_fields[] = {
    BRN_FIELD(struct text, separator, "separator", TEXT, "what stands between the texts"),
    BRN_FIELD_END,
};

static const struct brn_field no_fields[] = {BRN_FIELD_END};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

#define TEXT_STEP(class, own_fields, own_prepare, own_bind, own_run)                     \
    {                                                                                    \
        .name = class, .modules = modules, .library = "sklearn2pmml", .is_beside = true, \
        .size = sizeof(struct text), .fields = own_fields, .prepare = own_prepare,       \
        .bind = own_bind, .takes_any_width = true,                                       \
        .methods = {[BRINE_METHOD_TRANSFORM] = {own_run, BRN_EXACT}},                    \
    }

static const struct brn_estimator normalizer =
    TEXT_STEP("StringNormalizer", normalizer_fields, prepare_normalizer, bind, run_normalizer);
static const struct brn_estimator substring =
    TEXT_STEP("SubstringTransformer", substring_fields, prepare_substring, bind, run_substring);
static const struct brn_estimator length =
    TEXT_STEP("StringLengthTransformer", no_fields, NULL, bind_length, run_length);
static const struct brn_estimator concat =
    TEXT_STEP("ConcatTransformer", concat_fields, prepare_concat, bind_concat, run_concat);

static const struct brn_estimator *const estimators[] = {&normalizer, &substring, &length, &concat,
                                                         NULL};

const struct brn_family brn_family_pmml_text = {estimators};
