/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tokenizer.h - tokenizers of other libraries that a vectorizer may hold. */
#ifndef BRN_ESTIMATORS_SHARED_TOKENIZER_H
#define BRN_ESTIMATORS_SHARED_TOKENIZER_H

#include "estimators/shared_token_pattern.h"

/* Whether it is sklearn2pmml's Matcher or Splitter. */
bool brn_is_known_tokenizer(const struct brn_node *tokenizer);

/* The pattern whose matches are the tokens. */
brine_status brn_tokenizer_read(struct brn_build *build, const struct brn_node *tokenizer,
                                bool python2, struct brn_token_pattern *ret_pattern);

#endif
