/* SPDX-License-Identifier: Apache-2.0
 *
 * hashing_vectorizer.c - HashingVectorizer.
 * sklearn/feature_extraction/text.py and _hash.py. */
#include "estimators/shared_analyzer.h"
#include "estimators/shared_count_type.h"
#include "estimators/shared_counting.h"
#include "estimators/shared_feature_hash.h"
#include "estimators/shared_tfidf.h"

#include <math.h>

struct hashing_vectorizer {
    struct brn_analyzer analyzer;
    struct brn_feature_hash hash;
    const struct brn_node *norm_node, *dtype;
    bool binary;
    struct brn_count_type type;
    struct brn_row_norm norm;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct hashing_vectorizer *m = me->self;
    BRN_TRY(brn_analyzer_prepare(&m->analyzer, me, build));
    BRN_TRY(brn_feature_hash_prepare(&m->hash, me, build));
    BRN_TRY(brn_count_type_read(build, m->dtype, &m->type));
    BRN_TRY(brn_norm_read(build, m->norm_node, &m->norm.norm));
    if (m->norm.norm != BRN_NORM_NONE)
        m->type.integer_bytes = 0; /* normalize() makes floats */
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct hashing_vectorizer *m = me->self;
    BRN_TRY(brn_analyzer_bind(&m->analyzer, me, in, build));
    struct brn_schema *out = brn_schema_compressed(build->arena, (size_t)m->hash.n_features, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = m->type.integer_bytes;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static void hash_grams(const struct brn_gram_sink *sink, const struct brn_gram *grams, size_t count)
{
    const struct brn_feature_hash *hash = sink->from;
    for (size_t i = 0; i < count; i++)
        brn_feature_hash_add(hash, (struct brn_slice){grams[i].p, grams[i].length}, 1, sink->to);
}

/* What cancelled out is 0, but stays in scikit-learn's matrix, where binary makes it 1. */
static void finish_row(const struct hashing_vectorizer *m, double *values, size_t count)
{
    for (size_t i = 0; m->hash.non_negative && i < count; i++)
        values[i] = fabs(values[i]);
    for (size_t i = 0; m->binary && i < count; i++)
        values[i] = 1;
    brn_norm_apply(m->norm, values, count, m->type.is_single);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct hashing_vectorizer *m = me->self;
    struct brn_counter counter;
    BRN_TRY(brn_counter_begin(work, (size_t)m->hash.n_features, &counter));
    struct brn_gram_sink sink = {hash_grams, &m->hash, &counter};
    for (size_t r = 0; r < in->rows; r++) {
        size_t first;
        BRN_TRY(brn_analyze(&m->analyzer, in, r, &sink, work));
        BRN_TRY(brn_feature_hash_check(&counter, in, r, work));
        BRN_TRY(brn_counter_end_row(work, &counter, out->compressed, r, &first));
        finish_row(m, out->compressed->values + first, out->compressed->count - first);
    }
    out->single = m->type.is_single;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_ANALYZER_FIELDS(struct hashing_vectorizer, analyzer),
    BRN_FEATURE_HASH_FIELDS(struct hashing_vectorizer, hash),
    BRN_FIELD(struct hashing_vectorizer, norm_node, "norm", NODE, "l1, l2 or None"),
    BRN_FIELD(struct hashing_vectorizer, dtype, "dtype", NODE, "of the counts"),
    BRN_FIELD(struct hashing_vectorizer, binary, "binary", BOOL, "1 for every count"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.feature_extraction.text", NULL};

static const struct brn_estimator hashing_vectorizer = {
    .name = "HashingVectorizer",
    .modules = modules,
    .size = sizeof(struct hashing_vectorizer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&hashing_vectorizer, NULL};

const struct brn_family brn_family_hashing_vectorizer = {estimators};
