/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_analyzer.h - from a document to its terms: what CountVectorizer, TfidfVectorizer and
 * HashingVectorizer share.  sklearn/feature_extraction/text.py, _VectorizerMixin. */
#ifndef BRN_ESTIMATORS_SHARED_ANALYZER_H
#define BRN_ESTIMATORS_SHARED_ANALYZER_H

#include "estimators/shared_terms.h"
#include "estimators/shared_token_pattern.h"
#include "kernel/text_fold.h"

enum brn_unit { BRN_UNIT_WORDS, BRN_UNIT_CHARACTERS, BRN_UNIT_PADDED_WORDS };

struct brn_analyzer {
    /* as in the file */
    const char *input;
    const struct brn_node *analyzer, *preprocessor, *tokenizer, *stop_words, *token_pattern,
        *ngram_range, *lowercase, *accents_node;

    struct brn_fold fold;
    enum brn_unit unit;
    struct brn_token_pattern pattern;
    size_t least_n, most_n;
    uint64_t seed;         /* of all hashes */
    struct brn_terms stop; /* count 0: none */
    bool ascii_spaces;     /* Python 2: \s of ASCII */
    int32_t document;      /* its place in the tile */
};

#define BRN_ANALYZER_FIELDS(type, member)                                                      \
    BRN_FIELD(type, member.input, "input", TEXT, "what a document is: \"content\""),           \
        BRN_FIELD(type, member.analyzer, "analyzer", NODE, "word, char or char_wb"),           \
        BRN_FIELD(type, member.lowercase, "lowercase", NODE, "whether documents are lowered"), \
        BRN_FIELD(type, member.accents_node, "strip_accents", NODE, "None, ascii or unicode"), \
        BRN_FIELD(type, member.preprocessor, "preprocessor", NODE, "a function is refused"),   \
        BRN_FIELD(type, member.tokenizer, "tokenizer", NODE, "a function is refused"),         \
        BRN_FIELD(type, member.stop_words, "stop_words", NODE, "a list, or \"english\""),      \
        BRN_FIELD(type, member.token_pattern, "token_pattern", NODE, "what a word is"),        \
        BRN_FIELD(type, member.ngram_range, "ngram_range", NODE, "how many make a term"),      \
        BRN_FIELD_IGNORE("encoding", "documents come as text, which is not decoded"),          \
        BRN_FIELD_IGNORE("decode_error", "documents come as text, which is not decoded"),      \
        BRN_FIELD_IGNORE("_stop_words_id", "a check that has been made")

/* Understands the fields, or refuses by name. */
brine_status brn_analyzer_prepare(struct brn_analyzer *a, struct brn_instance *me,
                                  struct brn_build *build);

/* Whether n-grams' hashes are joined of those of their words: terms must be built likewise. */
bool brn_analyzer_joins(const struct brn_analyzer *a);

/* Binds the only column as documents. */
brine_status brn_analyzer_bind(struct brn_analyzer *a, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_build *build);

/* Takes terms, some at a time, in no certain order; hashes are the analyzer's. */
struct brn_gram_sink {
    void (*take)(const struct brn_gram_sink *sink, const struct brn_gram *grams, size_t count);
    const void *from;
    void *to;
};

/* All terms of document r of the tile. */
brine_status brn_analyze(const struct brn_analyzer *a, const struct brn_tile *in, size_t r,
                         const struct brn_gram_sink *sink, struct brn_work *work);

#endif
