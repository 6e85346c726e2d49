/* SPDX-License-Identifier: Apache-2.0
 *
 * imputer.c - SimpleImputer and the MissingIndicator in it.  sklearn/impute/_base.py.
 *
 * A column is text when its statistic is, else numbers; a column without statistic (nothing was
 * seen in fit) is dropped, unless it is to be kept. */
#include "estimators/shared_indicator.h"

#include <math.h>

static const char *const modules[] = {"sklearn.impute._base", "sklearn.impute", NULL};

/* ---- SimpleImputer ---- */

/* One column that is kept. */
struct kept {
    int32_t place; /* in the input's numbers or codes */
    bool is_text;
    bool is_document;                /* text that a step before wrote */
    double fill;                     /* of numbers */
    int32_t fill_code, missing_code; /* of text */
    struct brn_slice fill_text;      /* of documents */
};

/* One indicator. */
struct flag {
    int32_t place;
    bool is_text, is_document;
    int32_t missing_code;
};

struct imputer {
    const char *strategy;
    const struct brn_node *missing_node, *fit_dtype;
    bool of_objects;     /* fitted on an object array, whose values are not checked */
    bool takes_infinity; /* the Imputer of old checks nothing */
    int64_t axis;
    struct brn_value missing; /* what counts as missing */
    bool keep_empty_features, add_indicator;
    struct brn_values statistics;
    struct brn_instance *indicator;

    struct kept *kept;
    size_t kept_count;
    struct flag *flags;
    size_t flag_count;
    int32_t *numbers; /* places of all numbers that are read, for the check of infinities */
    size_t number_count;
};

static brine_status check_indicator(const struct imputer *m, const struct brn_instance *me,
                                    const struct brn_build *build)
{
    if (!m->indicator)
        return BRINE_OK;
    if (m->indicator->estimator != &brn_missing_indicator)
        return brn_ill_formed(build, "indicator_", "is a %s, not a MissingIndicator",
                              m->indicator->estimator->name);
    size_t count = ((struct brn_indicator *)m->indicator->self)->features.count;
    if (count > me->feature_count)
        return brn_ill_formed(build, "indicator_.features_", "names %zu of %zu columns", count,
                              me->feature_count);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct imputer *m = me->self;
    BRN_TRY(brn_expect_features(build, me, m->statistics.count, "statistics_"));
    struct brn_dtype dtype = {.kind = m->statistics.kind};
    if (m->fit_dtype)
        BRN_TRY(brn_node_dtype(m->fit_dtype, build->scratch, &dtype, build->err));
    m->of_objects = dtype.kind == 'O';
    if (brn_decode_value(build, m->missing_node, &m->missing) != BRINE_OK)
        return brn_unsupported(build, "missing_values", "is no plain value");
    return check_indicator(m, me, build);
}

static const struct brn_era constant_eras[] = {
    {0, 10800, true, "strategy=\"constant\" keeps columns whose fill value is NaN"},
    {10800, 0, false, "it drops them as every strategy does"},
    BRN_ERA_END,
};

static bool keeps_empty(const struct brn_instance *me)
{
    const struct imputer *m = me->self;
    return m->keep_empty_features ||
           (brn_text_is(m->strategy, "constant") && brn_era_behaviour(constant_eras, me->version));
}

static bool is_text_column(const struct imputer *m, const struct brn_schema *in, size_t i)
{
    if (m->statistics.at[i].kind == BRN_VALUE_TEXT)
        return true;
    return m->of_objects && (brn_schema_is_code(in, i) || brn_schema_is_written_text(in, i));
}

static brine_status no_column(struct brn_build *build, size_t i)
{
    return brn_fail(build->err, BRINE_MODEL,
                    "column %zu of the step before has another form than "
                    "its statistic",
                    i);
}

static int32_t missing_code(struct brn_dictionary *d, struct brn_value missing)
{
    return brn_value_is_missing(missing) ? BRN_CODE_MISSING : brn_dictionary_add(d, missing);
}

static brine_status bind_text(struct imputer *m, const struct brn_schema *in, size_t i,
                              struct kept *kept, struct brn_build *build)
{
    struct brn_dictionary *d = NULL;
    kept->is_text = true;
    kept->is_document = brn_schema_is_written_text(in, i);
    if (kept->is_document) {
        struct brn_value fill = m->statistics.at[i];
        if (fill.kind != BRN_VALUE_TEXT && !brn_value_is_missing(fill))
            return no_column(build, i);
        if (fill.kind == BRN_VALUE_TEXT)
            kept->fill_text = fill.as.text;
        kept->place = brn_schema_document(in, i);
        return kept->place >= 0 ? BRINE_OK : no_column(build, i);
    }
    kept->place = brn_schema_code(in, i, &d);
    if (kept->place == -1)
        return no_column(build, i);
    kept->fill_code = d ? brn_dictionary_add(d, m->statistics.at[i]) : BRN_CODE_UNKNOWN;
    kept->missing_code = d ? missing_code(d, m->missing) : BRN_CODE_UNKNOWN;
    if (d && m->missing.kind == BRN_VALUE_FLOAT && isnan(m->missing.as.real))
        d->nan_imputed = true;
    bool ok = kept->fill_code != BRN_CODE_UNKNOWN && kept->missing_code != BRN_CODE_UNKNOWN;
    return ok ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_number(struct imputer *m, const struct brn_schema *in, size_t i,
                                struct kept *kept, struct brn_build *build)
{
    struct brn_value fill = m->statistics.at[i];
    kept->place = brn_schema_number(in, i);
    if (kept->place < 0)
        return no_column(build, i);
    kept->fill = fill.kind == BRN_VALUE_FLOAT  ? fill.as.real
                 : fill.kind == BRN_VALUE_INT  ? (double)fill.as.integer
                 : fill.kind == BRN_VALUE_BOOL ? fill.as.boolean
                                               : (double)NAN;
    m->numbers[m->number_count++] = kept->place;
    return BRINE_OK;
}

static brine_status bind_column(struct imputer *m, const struct brn_schema *in, size_t i,
                                struct kept *kept, struct brn_build *build)
{
    return is_text_column(m, in, i) ? bind_text(m, in, i, kept, build)
                                    : bind_number(m, in, i, kept, build);
}

static brine_status bind_flag(struct imputer *m, const struct brn_schema *in, size_t column,
                              struct flag *flag, struct brn_build *build)
{
    struct kept like = {0};
    if (is_text_column(m, in, column))
        BRN_TRY(bind_text(m, in, column, &like, build));
    else
        BRN_TRY(bind_number(m, in, column, &like, build));
    *flag = (struct flag){like.place, like.is_text, like.is_document, like.missing_code};
    return BRINE_OK;
}

/* The columns that get an indicator; NULL: none does. */
static const struct brn_values *indicated(const struct imputer *m)
{
    return m->add_indicator && m->indicator
               ? &((struct brn_indicator *)m->indicator->self)->features
               : NULL;
}

static brine_status bind_flags(struct imputer *m, const struct brn_schema *in, const char **names,
                               struct brn_build *build)
{
    const struct brn_values *features = indicated(m);
    if (!features)
        return BRINE_OK;
    m->flags = BRN_BUILD_NEW(build, struct flag, features->count);
    if (!m->flags)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < features->count; i++) {
        struct brn_value v = features->at[i];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (size_t)v.as.integer >= in->count)
            return brn_ill_formed(build, "indicator_.features_", "names no column of the input");
        size_t column = (size_t)v.as.integer;
        BRN_TRY(bind_flag(m, in, column, &m->flags[m->flag_count++], build));
        const char *name = in->slots[column]->name;
        names[m->kept_count + i] =
            brn_arena_printf(build->arena, "missingindicator_%s", name ? name : "");
        if (!names[m->kept_count + i])
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

static brine_status bind_kept(struct brn_instance *me, const struct brn_schema *in,
                              const char **names, struct brn_dictionary **dictionaries,
                              struct brn_build *build)
{
    struct imputer *m = me->self;
    for (size_t i = 0; i < in->count; i++) {
        struct kept *kept = &m->kept[m->kept_count];
        bool dropped = brn_value_is_missing(m->statistics.at[i]) && !keeps_empty(me);
        if (dropped && m->of_objects)
            continue;
        BRN_TRY(bind_column(m, in, i, kept, build));
        if (dropped) /* read all the same: an infinity in it is refused */
            continue;
        names[m->kept_count] = in->slots[i]->name;
        dictionaries[m->kept_count] = kept->is_text ? in->slots[i]->dictionary : NULL;
        m->kept_count++;
    }
    return BRINE_OK;
}

static struct brn_schema *make_schema(const struct imputer *m, const char *const *names,
                                      struct brn_dictionary *const *dictionaries,
                                      struct brn_build *build)
{
    size_t count = m->kept_count + m->flag_count;
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, count); /* flags are numbers */
    for (size_t i = 0; forms && i < m->kept_count; i++)
        forms[i] = m->kept[i].is_document ? BRN_FORM_DOCUMENT
                   : m->kept[i].is_text   ? BRN_FORM_CODE
                                          : BRN_FORM_NUMBER;
    return forms ? brn_schema_formed(build->arena, count, names, forms, dictionaries) : NULL;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct imputer *m = me->self;
    m->kept = BRN_BUILD_NEW(build, struct kept, in->count);
    m->numbers = BRN_BUILD_NEW(build, int32_t, 2 * in->count);
    const char **names = BRN_BUILD_NEW(build, const char *, 2 * in->count);
    struct brn_dictionary **dictionaries =
        BRN_BUILD_NEW(build, struct brn_dictionary *, 2 * in->count);
    if (!m->kept || !m->numbers || !names || !dictionaries)
        return brn_fail_memory(build->err);
    BRN_TRY(bind_kept(me, in, names, dictionaries, build));
    BRN_TRY(bind_flags(m, in, names, build));
    me->out[BRINE_METHOD_TRANSFORM] = make_schema(m, names, dictionaries, build);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

static double missing_number(const struct imputer *m)
{
    struct brn_value v = m->missing;
    return v.kind == BRN_VALUE_INT     ? (double)v.as.integer
           : v.kind == BRN_VALUE_FLOAT ? v.as.real
                                       : (double)NAN;
}

static bool is_missing_number(double value, double missing)
{
    return isnan(missing) ? isnan(value) : value == missing;
}

static bool is_missing_text(const struct imputer *m, struct brn_slice text)
{
    if (brn_value_is_missing(m->missing))
        return !text.p;
    return text.p && m->missing.kind == BRN_VALUE_TEXT && brn_slice_equal(text, m->missing.as.text);
}

static void fill_row(const struct imputer *m, const struct brn_tile *in, struct brn_tile *out,
                     size_t r)
{
    const double *numbers = in->numbers + r * in->number_stride;
    const int32_t *codes = in->codes + r * in->code_stride;
    const struct brn_slice *texts = in->documents + r * in->document_stride;
    double *to_numbers = out->numbers + r * out->number_stride, missing = missing_number(m);
    int32_t *to_codes = out->codes + r * out->code_stride;
    struct brn_slice *to_texts = out->documents + r * out->document_stride;
    for (size_t i = 0; i < m->kept_count; i++) {
        const struct kept *k = &m->kept[i];
        if (k->is_document) {
            bool is_missing = is_missing_text(m, texts[k->place]);
            *to_texts++ = is_missing ? k->fill_text : texts[k->place];
        } else if (k->is_text) {
            int32_t code = codes[k->place];
            *to_codes++ = code == k->missing_code ? k->fill_code : code;
        } else {
            double v = numbers[k->place], fill = in->single ? (double)(float)k->fill : k->fill;
            *to_numbers++ = is_missing_number(v, missing) ? fill : v;
        }
    }
    for (size_t i = 0; i < m->flag_count; i++) {
        const struct flag *f = &m->flags[i];
        *to_numbers++ = f->is_document ? is_missing_text(m, texts[f->place])
                        : f->is_text   ? codes[f->place] == f->missing_code
                                       : is_missing_number(numbers[f->place], missing);
    }
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct imputer *m = me->self;
    enum brn_missing allowed = isnan(missing_number(m)) ? BRN_NAN_ALLOWED : BRN_NAN_REFUSED;
    if (!m->of_objects && !m->takes_infinity)
        BRN_TRY(brn_check_finite(work, in, m->numbers, m->number_count, allowed));
    for (size_t r = 0; r < in->rows; r++)
        fill_row(m, in, out, r);
    return BRINE_OK;
}

static const struct brn_field imputer_fields[] = {
    BRN_FIELD(struct imputer, strategy, "strategy", TEXT,
              "mean, median, most_frequent or constant"),
    BRN_FIELD(struct imputer, missing_node, "missing_values", NODE, "what counts as missing"),
    BRN_FIELD_OPTIONAL(struct imputer, keep_empty_features, "keep_empty_features", BOOL,
                       "whether columns that fit saw empty stay"),
    BRN_FIELD_WINDOW(struct imputer, add_indicator, "add_indicator", BOOL, 2100, 0,
                     "whether indicators follow"),
    BRN_FIELD(struct imputer, statistics, "statistics_", VALUES, "the fill value of each feature"),
    BRN_FIELD_OPTIONAL(struct imputer, indicator, "indicator_", CHILD,
                       "which columns have indicators"),
    BRN_FIELD_IGNORE("fill_value", "statistics_ has it"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_OPTIONAL(struct imputer, fit_dtype, "_fit_dtype", NODE, "dtype of the training rows"),
    BRN_FIELD_IGNORE("_fill_dtype", "the statistics' own"),
    BRN_FIELD_END,
};

/* A number that counts as missing is met, or just missed. */
static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct imputer *m = me->self;
    (void)method;
    return brn_value_is_missing(m->missing) ? BRN_EXACT : brn_jumping(me->given);
}

static const struct brn_estimator simple_imputer = {
    .name = "SimpleImputer",
    .modules = modules,
    .size = sizeof(struct imputer),
    .fields = imputer_fields,
    .prepare = prepare,
    .bind = bind,
    .equality = equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

/* ---- Imputer, until 0.21: sklearn/preprocessing/imputation.py ---- */

static brine_status prepare_old(struct brn_instance *me, struct brn_build *build)
{
    struct imputer *m = me->self;
    if (m->axis != 0)
        return brn_unsupported(build, "axis", "an Imputer of axis %lld looks at rows",
                               (long long)m->axis);
    m->takes_infinity = true;
    if (brn_node_is_text(m->missing_node, "NaN"))
        m->missing = (struct brn_value){.kind = BRN_VALUE_FLOAT, .as.real = (double)NAN};
    else if (brn_decode_value(build, m->missing_node, &m->missing) != BRINE_OK)
        return brn_unsupported(build, "missing_values", "is no plain value");
    return brn_expect_features(build, me, m->statistics.count, "statistics_");
}

static const struct brn_field old_fields[] = {
    BRN_FIELD(struct imputer, strategy, "strategy", TEXT, "mean, median or most_frequent"),
    BRN_FIELD(struct imputer, missing_node, "missing_values", NODE, "what counts as missing"),
    BRN_FIELD(struct imputer, axis, "axis", INT, "0: statistics of columns"),
    BRN_FIELD_OPTIONAL(struct imputer, statistics, "statistics_", VALUES,
                       "the fill value of each feature"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_END,
};

static const char *const old_modules[] = {"sklearn.preprocessing.imputation", NULL};

static const struct brn_estimator old_imputer = {
    .name = "Imputer",
    .modules = old_modules,
    .size = sizeof(struct imputer),
    .fields = old_fields,
    .prepare = prepare_old,
    .bind = bind,
    .equality = equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .until = 2200,
};

static const struct brn_estimator *const estimators[] = {&simple_imputer, &old_imputer, NULL};

const struct brn_family brn_family_imputer = {estimators};
