/* SPDX-License-Identifier: Apache-2.0
 *
 * count_vectorizer.c - CountVectorizer and TfidfVectorizer.  sklearn/feature_extraction/text.py.
 *
 * scikit-learn makes a list of every term of a document, counts them in a dict and weighs the
 * matrix afterwards, in several passes.  Here terms are hashed where they stand in the lowered
 * document, looked up some at a time (so that the table's memory arrives in time), counted by
 * column, and the row is weighed when it is done. */
#include "estimators/shared_analyzer.h"
#include "estimators/shared_count_type.h"
#include "estimators/shared_counting.h"
#include "estimators/shared_tfidf.h"

#include <stdlib.h>

struct count_vectorizer {
    struct brn_analyzer analyzer;
    const struct brn_node *vocabulary_, *vocabulary, *dtype;
    bool binary;
    struct brn_count_type type;
    struct brn_terms terms;
    struct brn_instance *tfidf; /* of a TfidfVectorizer */
};

/* ---- vocabulary ---- */

static int by_bytes(const void *a, const void *b)
{
    const struct brn_slice *x = a, *y = b;
    int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* vocabulary, of an object that was never fitted: a list in its order, a set sorted. */
static brine_status given_vocabulary(const struct count_vectorizer *m, struct brn_build *build,
                                     struct brn_slice **ret_texts, size_t *ret_count)
{
    const struct brn_node *node = m->vocabulary;
    if (brn_is(node, BRN_DICT))
        return brn_terms_numbered(build, node, "vocabulary", ret_texts, ret_count);
    if (brn_is(node, BRN_NONE))
        return brn_ill_formed(build, "vocabulary_", "is missing: this was not fitted");
    BRN_TRY(brn_terms_texts(build, node, "vocabulary", ret_texts, ret_count));
    bool in_order = brn_is(node, BRN_LIST) || brn_is(node, BRN_TUPLE) || brn_node_is_array(node);
    if (!in_order)
        qsort(*ret_texts, *ret_count, sizeof **ret_texts, by_bytes);
    return BRINE_OK;
}

static brine_status read_vocabulary(struct count_vectorizer *m, struct brn_build *build)
{
    struct brn_slice *texts = NULL;
    size_t count = 0;
    if (m->vocabulary_)
        BRN_TRY(brn_terms_numbered(build, m->vocabulary_, "vocabulary_", &texts, &count));
    else
        BRN_TRY(given_vocabulary(m, build, &texts, &count));
    BRN_TRY(brn_terms_build(build, texts, count, m->analyzer.seed, brn_analyzer_joins(&m->analyzer),
                            &m->terms));
    if (count == 0 || m->terms.repeats)
        return brn_ill_formed(build, "vocabulary_", count ? "has a term twice" : "is empty");
    return BRINE_OK;
}

/* Without n-grams, stop words only matter when they stand in the vocabulary. */
static void drop_idle_stop_words(struct count_vectorizer *m)
{
    struct brn_analyzer *a = &m->analyzer;
    if (a->most_n > 1)
        return;
    for (size_t i = 0; i < m->terms.count; i++) {
        const uint8_t *p = m->terms.bytes + m->terms.starts[i];
        uint32_t n = m->terms.starts[i + 1] - m->terms.starts[i] - 1;
        if (brn_term_find(&a->stop, p, n, brn_term_hash(&a->stop, p, n)) >= 0)
            return;
    }
    a->stop.count = 0;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct count_vectorizer *m = me->self;
    BRN_TRY(brn_analyzer_prepare(&m->analyzer, me, build));
    BRN_TRY(read_vocabulary(m, build));
    if (m->analyzer.stop.count)
        drop_idle_stop_words(m);
    return brn_count_type_read(build, m->dtype, &m->type);
}

static brine_status prepare_tfidf(struct brn_instance *me, struct brn_build *build)
{
    struct count_vectorizer *m = me->self;
    BRN_TRY(prepare(me, build));
    if (!m->tfidf || m->tfidf->estimator != &brn_tfidf_transformer)
        return brn_ill_formed(build, "_tfidf", "is no TfidfTransformer");
    if (m->tfidf->feature_count && m->tfidf->feature_count != m->terms.count)
        return brn_ill_formed(build, "_tfidf", "is for %zu terms, vocabulary_ has %zu",
                              m->tfidf->feature_count, m->terms.count);
    return BRINE_OK;
}

/* ---- binding ---- */

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct count_vectorizer *m = me->self;
    BRN_TRY(brn_analyzer_bind(&m->analyzer, me, in, build));
    const char *const *names = brn_terms_names(build, &m->terms);
    struct brn_schema *out =
        names ? brn_schema_compressed(build->arena, m->terms.count, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    if (!m->tfidf)
        out->integer_bytes = m->type.integer_bytes;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- running ---- */

static void count_grams(const struct brn_gram_sink *sink, const struct brn_gram *grams,
                        size_t count)
{
    const struct brn_terms *terms = sink->from;
    struct brn_counter *counter = sink->to;
    for (size_t i = 0; i < count; i++)
        brn_term_prefetch(terms, grams[i].hash);
    for (size_t i = 0; i < count; i++) {
        int64_t term = brn_term_find(terms, grams[i].p, grams[i].length, grams[i].hash);
        if (term >= 0)
            brn_counter_add(counter, (size_t)term, 1);
    }
}

static void weigh(const struct count_vectorizer *m, const struct brn_compressed *to, size_t first)
{
    size_t count = to->count - first;
    if (count == 0)
        return;
    double *values = to->values + first;
    for (size_t i = 0; m->binary && i < count; i++)
        values[i] = 1;
    if (m->tfidf)
        brn_tfidf_apply(m->tfidf->self, to->columns + first, values, count, m->type.is_single);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct count_vectorizer *m = me->self;
    struct brn_counter counter;
    BRN_TRY(brn_counter_begin(work, m->terms.count, &counter));
    struct brn_gram_sink sink = {count_grams, &m->terms, &counter};
    for (size_t r = 0; r < in->rows; r++) {
        size_t first;
        BRN_TRY(brn_analyze(&m->analyzer, in, r, &sink, work));
        BRN_TRY(brn_counter_end_row(work, &counter, out->compressed, r, &first));
        weigh(m, out->compressed, first);
    }
    out->single = m->type.is_single;
    if (m->tfidf)
        out->single = brn_tfidf_is_single(m->tfidf->self, m->type.is_single);
    return BRINE_OK;
}

static enum brn_equality equality_tfidf(const struct brn_instance *me, brine_method method)
{
    const struct count_vectorizer *m = me->self;
    return brn_equality_of(m->tfidf, method);
}

/* ---- classes ---- */

static const struct brn_field fields[] = {
    BRN_ANALYZER_FIELDS(struct count_vectorizer, analyzer),
    BRN_FIELD_OPTIONAL(struct count_vectorizer, vocabulary_, "vocabulary_", NODE,
                       "terms and their columns"),
    BRN_FIELD(struct count_vectorizer, vocabulary, "vocabulary", NODE,
              "vocabulary_, where it was given and not fitted"),
    BRN_FIELD(struct count_vectorizer, dtype, "dtype", NODE, "of the counts"),
    BRN_FIELD(struct count_vectorizer, binary, "binary", BOOL, "1 for every count"),
    BRN_FIELD_IGNORE("max_df", "of fit; vocabulary_ is what came of it"),
    BRN_FIELD_IGNORE("min_df", "of fit; vocabulary_ is what came of it"),
    BRN_FIELD_IGNORE("max_features", "of fit; vocabulary_ is what came of it"),
    BRN_FIELD_IGNORE("fixed_vocabulary_", "vocabulary_ was given"),
    BRN_FIELD_IGNORE("stop_words_", "terms that fit left out"),
    BRN_FIELD_END,
};

static const struct brn_field tfidf_fields[] = {
    BRN_FIELD(struct count_vectorizer, tfidf, "_tfidf", CHILD, "weights and norm"),
    BRN_FIELD_IGNORE("norm", "_tfidf has it"),
    BRN_FIELD_IGNORE("use_idf", "_tfidf has it"),
    BRN_FIELD_IGNORE("smooth_idf", "_tfidf has it"),
    BRN_FIELD_IGNORE("sublinear_tf", "_tfidf has it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.feature_extraction.text", NULL};

static const struct brn_estimator count_vectorizer = {
    .name = "CountVectorizer",
    .modules = modules,
    .size = sizeof(struct count_vectorizer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator tfidf_vectorizer = {
    .name = "TfidfVectorizer",
    .modules = modules,
    .size = sizeof(struct count_vectorizer),
    .fields = fields,
    .more_fields = tfidf_fields,
    .prepare = prepare_tfidf,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality_tfidf,
};

static const struct brn_estimator *const estimators[] = {&count_vectorizer, &tfidf_vectorizer,
                                                         NULL};

const struct brn_family brn_family_count_vectorizer = {estimators};
