/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_text.c - steps of sklearn2pmml on texts: StringNormalizer, SubstringTransformer,
 * ConcatTransformer, StringLengthTransformer.  sklearn2pmml/preprocessing.
 *
 * Upper case is made of ASCII alone: a row with other characters is refused. */
#include "estimators/shared_frame.h"
#include "estimators/shared_spelling.h"
#include "kernel/text_fold.h"
#include "kernel/unicode.h"

enum text_case { AS_IT_IS, LOWER, UPPER };

struct text {
    const char *function, *separator;
    bool trims;
    int64_t begin, end; /* in characters */
    enum text_case to;
    struct brn_slice between;
    struct brn_spelling *columns;
    size_t count;
};

/* ---- StringNormalizer ---- */

static brine_status prepare_normalizer(struct brn_instance *me, struct brn_build *build)
{
    static const struct {
        const char *name;
        enum text_case to;
    } functions[] = {
        {"lower", LOWER}, {"lowercase", LOWER}, {"upper", UPPER}, {"uppercase", UPPER}};
    struct text *m = me->self;
    for (size_t i = 0; m->function && i < sizeof functions / sizeof functions[0]; i++)
        if (brn_text_is(m->function, functions[i].name))
            m->to = functions[i].to;
    return !m->function || m->to ? BRINE_OK
                                 : brn_unsupported(build, "function", "is not a known one");
}

static uint32_t character_at(const uint8_t *p, const uint8_t **ret_next)
{
    uint32_t code = brn_char_next(&p);
    *ret_next = p;
    return code;
}

static bool is_blank(uint32_t code)
{
    return brn_char_flags(code) & BRN_CHAR_SPACE;
}

/* str.strip() */
static struct brn_slice trim(struct brn_slice text)
{
    const uint8_t *p = text.p, *end = text.p + text.n, *next, *stop;
    while (p < end && is_blank(character_at(p, &next)))
        p = next;
    text.p = stop = p;
    for (; p < end; p = next)
        if (!is_blank(character_at(p, &next)))
            stop = next;
    text.n = (size_t)(stop - text.p);
    return text;
}

/* U+0130 becomes two characters, of which numpy may cut off one. */
static bool grows(struct brn_slice text)
{
    const uint8_t *p = text.p, *end = text.p + text.n;
    while (p < end)
        if (brn_char_next(&p) == BRN_DOTTED_I)
            return true;
    return false;
}

static brine_status to_lower(struct brn_work *work, struct brn_slice *text)
{
    static const struct brn_fold fold = {.lower = BRN_LOWER_FULL};
    uint8_t *bytes = brn_work_text(work, brn_fold_room(fold, *text) + 1);
    if (!bytes)
        return brn_fail_memory(work->err);
    text->n = brn_fold_text(fold, *text, bytes);
    text->p = bytes;
    return BRINE_OK;
}

static brine_status to_upper(struct brn_work *work, struct brn_slice *text)
{
    uint8_t *bytes = brn_work_text(work, text->n + 1);
    if (!bytes)
        return brn_fail_memory(work->err);
    for (size_t i = 0; i < text->n; i++) {
        uint8_t c = text->p[i];
        bytes[i] = c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
    }
    text->p = bytes;
    return BRINE_OK;
}

static brine_status normalize(const struct text *m, struct brn_work *work, struct brn_slice *text,
                              const char **ret_why)
{
    if (m->to == UPPER && !brn_is_ascii(*text))
        *ret_why = "a text that is not all ASCII is to become upper case";
    else if (m->to == LOWER && grows(*text))
        *ret_why = "a text with U+0130 is to become lower case";
    if (*ret_why)
        return BRINE_INPUT;
    if (m->trims)
        *text = trim(*text);
    return m->to == LOWER ? to_lower(work, text) : m->to == UPPER ? to_upper(work, text) : BRINE_OK;
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
