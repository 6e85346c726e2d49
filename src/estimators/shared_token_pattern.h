/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_token_pattern.h - token_pattern, a regular expression of Python.
 *
 * Runs of word characters, the default among them, are found without a regular expression.  Others
 * are rewritten for PCRE2, with \w \s \d \b as explicit classes of brine's Unicode version; what is
 * not in the subset that was tested against Python is refused by name.  A model is read once and
 * used by any number of threads. */
#ifndef BRN_ESTIMATORS_SHARED_TOKEN_PATTERN_H
#define BRN_ESTIMATORS_SHARED_TOKEN_PATTERN_H

#include "kernel/tokens.h"
#include "model/estimator.h"

struct brn_token_pattern {
    size_t least; /* characters of a run of \w; 0: the pattern is of another kind */
    void *code;   /* PCRE2's, in the model's arena */
    bool is_grouped;
};

/* python2: without (?u), classes are of ASCII. */
brine_status brn_token_pattern_read(struct brn_build *build, struct brn_slice pattern, bool python2,
                                    struct brn_token_pattern *ret_pattern);

/* Always by PCRE2; for the test that both ways find the same. */
brine_status brn_token_pattern_compile(struct brn_build *build, struct brn_slice pattern,
                                       bool python2, struct brn_token_pattern *ret_pattern);

/* The same of an expression of PCRE2's own syntax, without groups. */
brine_status brn_token_pattern_compile_pcre(struct brn_build *build, const char *expression,
                                            struct brn_token_pattern *ret_pattern);

/* A pattern in use on one text, which must be UTF-8; memory is the work's. */
struct brn_token_search {
    const struct brn_token_pattern *pattern;
    struct brn_slice text;
    size_t at;
    void *found, *limits;
};

brine_status brn_token_search_begin(const struct brn_token_pattern *pattern, struct brn_slice text,
                                    struct brn_work *work, struct brn_token_search *ret_search);

/* Up to room tokens more, *ret_count less than room at the end; what re.findall() gives.  False:
 * the pattern needs too many steps on this text. */
bool brn_token_search_next(struct brn_token_search *search, struct brn_token *tokens, size_t room,
                           size_t *ret_count);

#endif
