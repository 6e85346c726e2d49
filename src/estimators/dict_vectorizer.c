/* SPDX-License-Identifier: Apache-2.0
 *
 * dict_vectorizer.c - DictVectorizer.  sklearn/feature_extraction/_dict_vectorizer.py. */
#include "estimators/shared_count_type.h"
#include "estimators/shared_counting.h"
#include "estimators/shared_record.h"
#include "estimators/shared_terms.h"

#include <math.h>

struct dict_vectorizer {
    const struct brn_node *vocabulary_, *dtype;
    const char *separator;
    bool is_sparse;
    bool adds; /* the values of a feature that stands twice in a dict */
    struct brn_count_type type;
    struct brn_terms terms;
};

static const struct brn_era twice_eras[] = {
    {0, 10000, false, "dense: Xa[i, vocab[f]] = v, where the last of the dict counts"},
    {10000, 0, true, "by way of a sparse matrix, which adds them"},
    BRN_ERA_END,
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct dict_vectorizer *m = me->self;
    struct brn_slice *texts;
    size_t count;
    if (me->feature_count > 1)
        return brn_ill_formed(build, "n_features_in_", "is not 1 for dicts");
    me->feature_count = 1;
    if (!m->separator)
        return brn_ill_formed(build, "separator", "is None");
    m->adds = m->is_sparse || brn_era_behaviour(twice_eras, me->version);
    BRN_TRY(brn_count_type_read(build, m->dtype, &m->type));
    BRN_TRY(brn_terms_numbered(build, m->vocabulary_, "vocabulary_", &texts, &count));
    BRN_TRY(brn_terms_build(build, texts, count, brn_terms_seed(build), false, &m->terms));
    return m->terms.repeats ? brn_ill_formed(build, "vocabulary_", "has a feature twice")
                            : BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct dict_vectorizer *m = me->self;
    const char *const *names = brn_terms_names(build, &m->terms);
    BRN_TRY(brn_record_bind(me, in, build));
    if (!names)
        return brn_fail_memory(build->err);
    struct brn_schema *out = m->is_sparse
                                 ? brn_schema_compressed(build->arena, m->terms.count, names)
                                 : brn_schema_numbers(build->arena, m->terms.count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = m->type.integer_bytes;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- running ---- */

/* One row on its way. */
struct reading {
    const struct dict_vectorizer *m;
    const struct brn_tile *in;
    struct brn_work *work;
    struct brn_counter counter;
    struct brn_record_name name;
};

static int64_t find(const struct reading *s, struct brn_slice name)
{
    const struct brn_terms *terms = &s->m->terms;
    uint64_t hash = brn_term_hash(terms, name.p, name.n);
    return name.n < UINT32_MAX ? brn_term_find(terms, name.p, (uint32_t)name.n, hash) : -1;
}

/* Which of two is the last, a table does not tell. */
static brine_status put(struct reading *s, size_t r, const char *key, int64_t term, double value)
{
    struct brn_counter *c = &s->counter;
    if (!s->m->adds && (c->marks[term / 64] >> (term % 64) & 1))
        return brn_refuse(s->work, s->in, r, key,
                          "two items are the same feature, of which the "
                          "last in the dict counts");
    brn_counter_add(c, (size_t)term, value);
    return BRINE_OK;
}

/* dtype(v): an integer of a float is cut off, and there is none of None or NaN.  Tables hold
 * numbers as float64, which may not have held the integer beyond 2^53. */
static brine_status convert(const struct reading *s, size_t r, const char *key, double *value)
{
    if (s->m->type.integer_bytes) {
        double limit = s->m->type.integer_bytes == 8 ? 0x1p53 : 0x1p31;
        *value = trunc(*value);
        if (!(*value >= -limit && *value < limit))
            return brn_refuse(s->work, s->in, r, key, "the value is no integer of %d bits",
                              s->m->type.integer_bytes == 8 ? 53 : 32);
    } else if (s->m->type.is_single) {
        *value = (double)(float)*value;
    }
    return BRINE_OK;
}

/* Text to a table of words, a boolean where the model knows the key as a number. */
static bool is_capital_truth(struct brn_slice text, double *ret_value)
{
    bool is_true = brn_slice_is(text, "TRUE");
    if (!is_true && !brn_slice_is(text, "FALSE"))
        return false;
    *ret_value = is_true;
    return true;
}

static brine_status put_item(struct reading *s, size_t r, const struct brn_column *column)
{
    struct brn_item item = brn_record_item(column, s->in->table_row + (int64_t)r);
    struct brn_slice key = brn_slice_of(column->name ? column->name : ""), none = {NULL, 0}, name;
    bool is_text = item.kind == BRN_ITEM_TEXT;
    double value = is_text ? 1 : item.kind == BRN_ITEM_NULL ? (double)NAN : item.number;
    if (item.kind == BRN_ITEM_ABSENT)
        return BRINE_OK;
    BRN_TRY(brn_record_join(&s->name, key, is_text ? brn_slice_of(s->m->separator) : none,
                            is_text ? item.text : none, s->work, &name));
    int64_t term = find(s, name);
    if (term < 0 && is_text && is_capital_truth(item.text, &value))
        term = find(s, key); /* pandas reads it as a boolean */
    if (term < 0)
        return BRINE_OK;
    BRN_TRY(convert(s, r, column->name, &value));
    return put(s, r, column->name, term, value);
}

static brine_status end_row(struct reading *s, size_t r, struct brn_tile *out)
{
    size_t first, width = s->m->terms.count;
    if (s->m->is_sparse)
        return brn_counter_end_row(s->work, &s->counter, out->compressed, r, &first);
    double *row = out->numbers + r * out->number_stride;
    for (size_t i = 0; i < width; i++)
        row[i] = s->counter.marks[i / 64] >> (i % 64) & 1 ? s->counter.counts[i] : 0;
    for (size_t i = 0; s->m->adds && i < width; i++)
        row[i] += 0.0; /* toarray() makes no -0 */
    memset(s->counter.marks, 0, brn_counter_marks(width) * sizeof *s->counter.marks);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct dict_vectorizer *m = me->self;
    struct reading s = {.m = m, .in = in, .work = work};
    BRN_TRY(brn_counter_begin(work, m->terms.count, &s.counter));
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t c = 0; c < in->table->column_count; c++)
            BRN_TRY(put_item(&s, r, &in->table->columns[c]));
        BRN_TRY(end_row(&s, r, out));
    }
    out->single = m->type.is_single;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct dict_vectorizer, vocabulary_, "vocabulary_", NODE, "features by name"),
    BRN_FIELD(struct dict_vectorizer, separator, "separator", TEXT, "between key and value"),
    BRN_FIELD(struct dict_vectorizer, is_sparse, "sparse", BOOL, "the kind of the result"),
    BRN_FIELD(struct dict_vectorizer, dtype, "dtype", NODE, "of the result"),
    BRN_FIELD_IGNORE("feature_names_", "vocabulary_ in order"),
    BRN_FIELD_IGNORE("sort", "of fit; vocabulary_ is what came of it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.feature_extraction._dict_vectorizer",
                                      "sklearn.feature_extraction.dict_vectorizer", NULL};

static const struct brn_estimator dict_vectorizer = {
    .name = "DictVectorizer",
    .modules = modules,
    .size = sizeof(struct dict_vectorizer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&dict_vectorizer, NULL};

const struct brn_family brn_family_dict_vectorizer = {estimators};
