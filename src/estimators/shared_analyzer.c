/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_analyzer.c - what the parameters of an analyzer mean. */
#include "estimators/shared_analyzer.h"

#include "estimators/shared_stop_words.h"
#include "estimators/shared_tokenizer.h"

/* Python 2 wrote the names of attributes as str. */
static bool is_python2(const struct brn_instance *me)
{
    const struct brn_node *state = brn_node_state(me->node);
    return brn_node_count(state) > 0 && brn_is(state->as.items.at[0], BRN_STRING);
}

static brine_status refuse_value(struct brn_build *build, const char *attribute,
                                 const struct brn_node *node)
{
    char what[160];
    brn_node_describe(node, what, sizeof what);
    return brn_unsupported(build, attribute, "is %s, which brine does not run", what);
}

static brine_status refuse_functions(const struct brn_analyzer *a, struct brn_build *build)
{
    if (!brn_text_is(a->input, "content"))
        return brn_unsupported(build, "input", "documents are read from files");
    if (!brn_is(a->preprocessor, BRN_NONE))
        return refuse_value(build, "preprocessor", a->preprocessor);
    if (a->unit == BRN_UNIT_WORDS && !brn_is(a->tokenizer, BRN_NONE) &&
        !brn_is_known_tokenizer(a->tokenizer))
        return refuse_value(build, "tokenizer", a->tokenizer);
    return BRINE_OK;
}

/* ---- preprocessing ---- */

static const struct brn_era accents_eras[] = {
    {0, 2200, BRN_ACCENTS_COMPOSED, "a text that NFKD does not change keeps its accents"},
    {2200, 0, BRN_ACCENTS_UNICODE, "a text of ASCII alone is not looked at"},
    BRN_ERA_END,
};

static brine_status read_accents(struct brn_analyzer *a, const struct brn_instance *me,
                                 struct brn_build *build)
{
    const struct brn_node *node = a->accents_node;
    if (brn_node_is_text(node, "ascii"))
        a->fold.accents = BRN_ACCENTS_ASCII;
    else if (brn_node_is_text(node, "unicode"))
        a->fold.accents = (enum brn_accents)brn_era_behaviour(accents_eras, me->version);
    else if (!brn_is(node, BRN_NONE) && !(brn_is(node, BRN_BOOL) && !node->as.boolean))
        return refuse_value(build, "strip_accents", node);
    return BRINE_OK;
}

static brine_status read_lowercase(struct brn_analyzer *a, const struct brn_instance *me,
                                   struct brn_build *build)
{
    const struct brn_node *node = a->lowercase;
    bool lowers = false;
    if (brn_is(node, BRN_BOOL))
        lowers = node->as.boolean;
    else if (brn_is(node, BRN_INT))
        lowers = node->as.integer != 0;
    else if (!brn_is(node, BRN_NONE))
        return refuse_value(build, "lowercase", node);
    if (lowers)
        a->fold.lower = is_python2(me) ? BRN_LOWER_SIMPLE : BRN_LOWER_FULL;
    return BRINE_OK;
}

/* ---- terms ---- */

static brine_status read_unit(struct brn_analyzer *a, struct brn_build *build)
{
    static const char *const names[] = {[BRN_UNIT_WORDS] = "word",
                                        [BRN_UNIT_CHARACTERS] = "char",
                                        [BRN_UNIT_PADDED_WORDS] = "char_wb"};
    for (enum brn_unit unit = BRN_UNIT_WORDS; unit <= BRN_UNIT_PADDED_WORDS; unit++)
        if (brn_node_is_text(a->analyzer, names[unit])) {
            a->unit = unit;
            return BRINE_OK;
        }
    return refuse_value(build, "analyzer", a->analyzer);
}

static brine_status read_range(struct brn_analyzer *a, struct brn_build *build)
{
    enum { MOST = 1000 };
    int64_t least, most;
    if (brn_node_count(a->ngram_range) != 2)
        return brn_ill_formed(build, "ngram_range", "is no pair");
    BRN_TRY(brn_decode_int(build, brn_node_item(a->ngram_range, 0), &least));
    BRN_TRY(brn_decode_int(build, brn_node_item(a->ngram_range, 1), &most));
    if (least < 1 || most < least || most > MOST)
        return brn_unsupported(build, "ngram_range", "is (%lld, %lld)", (long long)least,
                               (long long)most);
    a->least_n = (size_t)least;
    a->most_n = (size_t)most;
    return BRINE_OK;
}

static brine_status read_english(struct brn_analyzer *a, struct brn_build *build)
{
    struct brn_slice words[BRN_ENGLISH_STOP_WORDS];
    for (size_t i = 0; i < BRN_ENGLISH_STOP_WORDS; i++)
        words[i] = brn_slice_of(brn_english_stop_words[i]);
    return brn_terms_build(build, words, BRN_ENGLISH_STOP_WORDS, a->seed, false, &a->stop);
}

static brine_status read_stop_words(struct brn_analyzer *a, struct brn_build *build)
{
    struct brn_slice *texts;
    size_t count;
    if (brn_is(a->stop_words, BRN_NONE))
        return BRINE_OK;
    if (brn_node_is_text(a->stop_words, "english"))
        return read_english(a, build);
    BRN_TRY(brn_terms_texts(build, a->stop_words, "stop_words", &texts, &count));
    return brn_terms_build(build, texts, count, a->seed, false, &a->stop);
}

static brine_status read_words(struct brn_analyzer *a, const struct brn_instance *me,
                               struct brn_build *build)
{
    struct brn_slice pattern = brn_node_text(a->token_pattern);
    bool is_known = brn_is_known_tokenizer(a->tokenizer), python2 = is_python2(me);
    if (!is_known && !pattern.p)
        return refuse_value(build, "token_pattern", a->token_pattern);
    BRN_TRY(is_known ? brn_tokenizer_read(build, a->tokenizer, python2, &a->pattern)
                     : brn_token_pattern_read(build, pattern, python2, &a->pattern));
    return read_stop_words(a, build);
}

brine_status brn_analyzer_prepare(struct brn_analyzer *a, struct brn_instance *me,
                                  struct brn_build *build)
{
    a->seed = brn_terms_seed(build);
    a->ascii_spaces = is_python2(me);
    if (me->feature_count > 1)
        return brn_ill_formed(build, "n_features_in_", "is not 1 for documents");
    me->feature_count = 1;
    BRN_TRY(read_unit(a, build));
    BRN_TRY(refuse_functions(a, build));
    BRN_TRY(read_accents(a, me, build));
    BRN_TRY(read_lowercase(a, me, build));
    BRN_TRY(read_range(a, build));
    return a->unit == BRN_UNIT_WORDS ? read_words(a, me, build) : BRINE_OK;
}

bool brn_analyzer_joins(const struct brn_analyzer *a)
{
    return a->unit == BRN_UNIT_WORDS && a->most_n > 1 && a->pattern.least > 0;
}

brine_status brn_analyzer_bind(struct brn_analyzer *a, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_build *build)
{
    a->document = brn_schema_document(in, 0);
    if (a->document < 0)
        return brn_unsupported(build, "", "%s takes documents, but a step before makes them",
                               me->estimator->name);
    return BRINE_OK;
}
