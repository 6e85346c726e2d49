/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_cast.c - CastTransformer and MultiCastTransformer of sklearn2pmml, and DateDomain and
 * DateTimeDomain, which cast texts to times.  sklearn2pmml/preprocessing, sklearn2pmml/decoration
 * and sklearn2pmml/util, cast(). */
#include "estimators/shared_frame.h"
#include "estimators/shared_spelling.h"
#include "estimators/shared_time.h"

#include <math.h>

enum { DAY = 86400 };

/* One column. */
struct column {
    struct brn_frame_type type;
    enum brn_form from, to;
    int32_t place;
    struct brn_dictionary *categories; /* of CATEGORY: values that stay; NULL: all */
};

struct cast {
    const struct brn_node *dtype, *fitted, *dtypes, *fitted_dtypes;
    const struct brn_node *missing_values, *missing_replacement;
    enum brn_cast unsaid; /* what a missing dtype stands for */
    struct column *columns;
    struct brn_spelling *spellings; /* of casts to text; NULL: there are none */
    size_t count;
};

static bool is_none(const struct brn_node *node)
{
    return !node || brn_is(node, BRN_NONE);
}

/* Releases up to 0.43 gave it no dtype, and up to 0.49 no attribute for a replacement that is not
 * there. */
static brine_status prepare_domain(struct cast *m, enum brn_cast cast, struct brn_build *build)
{
    bool plain = is_none(m->missing_values) && is_none(m->missing_replacement);
    m->unsaid = cast;
    return plain ? BRINE_OK
                 : brn_unsupported(build, "missing_values", "of a domain of times is not run");
}

static brine_status prepare_date(struct brn_instance *me, struct brn_build *build)
{
    return prepare_domain(me->self, BRN_CAST_DAY, build);
}

static brine_status prepare_date_time(struct brn_instance *me, struct brn_build *build)
{
    return prepare_domain(me->self, BRN_CAST_SECOND, build);
}

static const struct brn_node *dtype_of(const struct cast *m, size_t i)
{
    if (m->fitted_dtypes || m->dtypes)
        return brn_node_item(m->fitted_dtypes ? m->fitted_dtypes : m->dtypes, i);
    return is_none(m->fitted) ? m->dtype : m->fitted;
}

/* ---- binding ---- */

static brine_status take_categories(struct column *c, struct brn_build *build)
{
    enum brn_form form;
    if (!c->type.categories.present)
        return BRINE_OK;
    if (!brn_frame_form(&c->type.categories, &form) || form != c->from)
        return brn_unsupported(build, "dtype_", "has categories of another kind than the column");
    return brn_labels(build, &c->type.categories, &c->categories);
}

/* A column that stays what it is: in the form that it has, or that its categories have. */
static brine_status bind_same(struct column *c, const struct brn_schema *in, size_t i,
                              struct brn_build *build)
{
    const struct brn_slot *slot = in->slots[i];
    enum brn_form wanted = slot->number >= 0 ? BRN_FORM_NUMBER : BRN_FORM_DOCUMENT;
    if (brn_schema_untouched(in, i) && c->type.categories.present)
        brn_frame_form(&c->type.categories, &wanted);
    else if (brn_schema_untouched(in, i))
        return brn_unsupported(build, "dtype", "nothing says whether column %zu is text or numbers",
                               i);
    c->from = c->to = wanted;
    c->place = wanted == BRN_FORM_NUMBER ? brn_schema_number(in, i) : brn_schema_document(in, i);
    return c->place >= 0 ? take_categories(c, build)
                         : brn_ill_formed(build, "dtype", "column %zu has another form", i);
}

static brine_status bind_number(struct column *c, const struct brn_schema *in, size_t i,
                                struct brn_build *build)
{
    c->from = c->to = BRN_FORM_NUMBER;
    c->place = brn_schema_number(in, i);
    if (c->place < 0 || in->slots[i]->numbers_are == BRN_NUMBERS_TIME)
        return brn_unsupported(build, "dtype", "text to numbers (column %zu) is not run", i);
    return BRINE_OK;
}

/* From a text, or from what is a time already. */
static brine_status bind_time(struct column *c, const struct brn_schema *in, size_t i,
                              struct brn_build *build)
{
    bool is_time = in->slots[i]->numbers_are == BRN_NUMBERS_TIME;
    c->from = is_time ? BRN_FORM_NUMBER : BRN_FORM_DOCUMENT;
    c->to = BRN_FORM_NUMBER;
    c->place = is_time ? brn_schema_number(in, i) : brn_schema_document(in, i);
    return c->place >= 0 ? BRINE_OK
                         : brn_unsupported(build, "dtype", "numbers to times (column %zu)", i);
}

static brine_status bind_text(struct cast *m, struct column *c, const struct brn_schema *in,
                              struct brn_build *build)
{
    c->from = c->to = BRN_FORM_DOCUMENT;
    return m->spellings ? BRINE_OK : brn_spelling_bind(build, in, &m->spellings);
}

static brine_status bind_column(struct cast *m, const struct brn_schema *in, size_t i,
                                struct brn_build *build)
{
    struct column *c = &m->columns[i];
    BRN_TRY(brn_frame_type(build, dtype_of(m, i), &c->type));
    if (c->type.cast == BRN_CAST_NONE)
        c->type.cast = m->unsaid;
    switch (c->type.cast) {
    case BRN_CAST_FLOAT:
    case BRN_CAST_INT:
    case BRN_CAST_BOOL:
        return bind_number(c, in, i, build);
    case BRN_CAST_TEXT:
        return m->count == 1 || !(m->dtypes || m->fitted_dtypes)
                   ? bind_text(m, c, in, build)
                   : brn_unsupported(build, "dtypes", "text beside other types is not run");
    case BRN_CAST_CATEGORY:
    case BRN_CAST_OBJECT:
        return bind_same(c, in, i, build);
    case BRN_CAST_DAY:
    case BRN_CAST_SECOND:
        return bind_time(c, in, i, build);
    case BRN_CAST_NONE:
    case BRN_CAST_OTHER:
        break;
    }
    return brn_unsupported(build, "dtype", "is a type that columns are not cast to");
}

static enum brn_numbers numbers_of(const struct column *c, const struct brn_slot *from)
{
    switch (c->type.cast) {
    case BRN_CAST_FLOAT:
        return BRN_NUMBERS_FLOAT;
    case BRN_CAST_INT:
        return BRN_NUMBERS_WHOLE;
    case BRN_CAST_BOOL:
        return BRN_NUMBERS_BOOL;
    case BRN_CAST_DAY:
    case BRN_CAST_SECOND:
        return BRN_NUMBERS_TIME;
    default:
        return from->numbers_are;
    }
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct cast *m = me->self;
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, in->count);
    const struct brn_node *list = m->fitted_dtypes ? m->fitted_dtypes : m->dtypes;
    m->columns = BRN_BUILD_NEW(build, struct column, in->count);
    m->count = in->count;
    if (!forms || !m->columns)
        return brn_fail_memory(build->err);
    if (in->is_compressed || (list && brn_node_count(list) != in->count))
        return brn_ill_formed(build, "dtypes", "are not as many as the columns");
    for (size_t i = 0; i < in->count; i++) {
        BRN_TRY(bind_column(m, in, i, build));
        forms[i] = m->columns[i].to;
    }
    struct brn_schema *out = brn_frame_schema(build, in, forms);
    if (!out)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++)
        out->slots[i]->numbers_are = numbers_of(&m->columns[i], in->slots[i]);
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- running ---- */

static brine_status cast_number(const struct column *c, const struct brn_tile *in, size_t r,
                                const struct brn_work *work, double *v)
{
    if (c->type.cast == BRN_CAST_BOOL)
        *v = *v != 0; /* NaN is True, too */
    if (c->type.cast == BRN_CAST_INT && !(trunc(*v) >= c->type.low && trunc(*v) <= c->type.high))
        return brn_refuse(work, in, r, NULL, "a number that its integers do not hold is cast");
    if (c->type.cast == BRN_CAST_INT)
        *v = trunc(*v);
    if (c->type.cast == BRN_CAST_DAY)
        *v = floor(*v / DAY) * DAY;
    if (c->categories && !isnan(*v) && brn_dictionary_number(c->categories, *v) < 0)
        *v = (double)NAN;
    return BRINE_OK;
}

static brine_status cast_time(const struct column *c, const struct brn_tile *in, size_t r,
                              const struct brn_work *work, double *v)
{
    struct brn_slice text = in->documents[r * in->document_stride + (size_t)c->place];
    if (!brn_time_parse(text, v))
        return brn_refuse(work, in, r, NULL,
                          "\"%.*s\" is no date or time of ISO 8601 without a time zone",
                          text.n > 40 ? 40 : (int)text.n, text.p ? (const char *)text.p : "");
    return cast_number(c, in, r, work, v);
}

static brine_status cast_text(const struct cast *m, size_t i, const struct brn_tile *in, size_t r,
                              struct brn_work *work, struct brn_slice *ret_text)
{
    const struct column *c = &m->columns[i];
    if (c->type.cast == BRN_CAST_TEXT)
        return brn_spelling_text(m->spellings, m->count, i, in, r, work, ret_text);
    *ret_text = in->documents[r * in->document_stride + (size_t)c->place];
    if (c->categories && ret_text->p && brn_dictionary_text(c->categories, *ret_text) < 0)
        *ret_text = (struct brn_slice){NULL, 0};
    return BRINE_OK;
}

static brine_status cast_cell(const struct cast *m, size_t i, const struct brn_tile *in, size_t r,
                              const struct brn_slot *slot, struct brn_tile *out,
                              struct brn_work *work)
{
    const struct column *c = &m->columns[i];
    if (c->to == BRN_FORM_DOCUMENT)
        return cast_text(m, i, in, r, work,
                         &out->documents[r * out->document_stride + (size_t)slot->document]);
    double *v = &out->numbers[r * out->number_stride + (size_t)slot->number];
    if (c->from == BRN_FORM_DOCUMENT)
        return cast_time(c, in, r, work, v);
    *v = in->numbers[r * in->number_stride + (size_t)c->place];
    return cast_number(c, in, r, work, v);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct cast *m = me->self;
    const struct brn_schema *schema = me->out[BRINE_METHOD_TRANSFORM];
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            BRN_TRY(cast_cell(m, i, in, r, schema->slots[i], out, work));
    out->single = false;
    return BRINE_OK;
}

/* ---- classes ---- */

static const struct brn_field cast_fields[] = {
    BRN_FIELD(struct cast, dtype, "dtype", NODE, "what the column is cast to"),
    BRN_FIELD_OPTIONAL(struct cast, fitted, "dtype_", NODE, "the same, fitted"),
    BRN_FIELD_END,
};

static const struct brn_field multi_fields[] = {
    BRN_FIELD(struct cast, dtypes, "dtypes", NODE, "what each column is cast to"),
    BRN_FIELD_OPTIONAL(struct cast, fitted_dtypes, "dtypes_", NODE, "the same, fitted"),
    BRN_FIELD_END,
};

static const struct brn_field domain_fields[] = {
    BRN_FIELD_OPTIONAL(struct cast, dtype, "dtype", NODE, "datetime64[D] or datetime64[s]"),
    BRN_FIELD_OPTIONAL(struct cast, missing_values, "missing_values", NODE,
                       "what counts as missing"),
    BRN_FIELD_OPTIONAL(struct cast, missing_replacement, "missing_value_replacement", NODE,
                       "what missing values become"),
    BRN_FIELD_IGNORE("missing_value_treatment", "rows with missing times are refused"),
    BRN_FIELD_IGNORE("invalid_value_treatment", "all times are valid"),
    BRN_FIELD_IGNORE("invalid_value_replacement", "all times are valid"),
    BRN_FIELD_IGNORE("with_data", "of fit"),
    BRN_FIELD_IGNORE("with_statistics", "of fit"),
    BRN_FIELD_IGNORE("display_name", "of the PMML document"),
    BRN_FIELD_IGNORE("dtype_", "of the training column"),
    BRN_FIELD_END,
};

static const char *const preprocessing[] = {"sklearn2pmml.preprocessing", NULL};
static const char *const decoration[] = {"sklearn2pmml.decoration", NULL};

#define CAST(class, own_modules, own_fields, own_prepare)                                \
    {                                                                                    \
        .name = class, .jumps = true, .modules = own_modules, .library = "sklearn2pmml", \
        .is_beside = true, .size = sizeof(struct cast), .fields = own_fields,            \
        .prepare = own_prepare, .bind = bind, .takes_any_width = true,                   \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},                  \
    }

static const struct brn_estimator cast = CAST("CastTransformer", preprocessing, cast_fields, NULL);
static const struct brn_estimator multi_cast =
    CAST("MultiCastTransformer", preprocessing, multi_fields, NULL);
static const struct brn_estimator date =
    CAST("DateDomain", decoration, domain_fields, prepare_date);
static const struct brn_estimator date_time =
    CAST("DateTimeDomain", decoration, domain_fields, prepare_date_time);

static const struct brn_estimator *const estimators[] = {&cast, &multi_cast, &date, &date_time,
                                                         NULL};

const struct brn_family brn_family_pmml_cast = {estimators};
