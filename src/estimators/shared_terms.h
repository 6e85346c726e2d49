/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_terms.h - vocabularies and stop words, as tables that kernel/tokens.h looks terms up in.
 */
#ifndef BRN_ESTIMATORS_SHARED_TERMS_H
#define BRN_ESTIMATORS_SHARED_TERMS_H

#include "kernel/tokens.h"
#include "model/estimator.h"

/* A table of texts by their number; in the arena.  seed, by_parts and repeats as in
 * brn_terms. */
brine_status brn_terms_build(struct brn_build *build, const struct brn_slice *texts, size_t count,
                             uint64_t seed, bool by_parts, struct brn_terms *ret_terms);

/* The texts of a list, a tuple, a set, a frozenset or an array, borrowed from the graph or in the
 * arena. */
brine_status brn_terms_texts(struct brn_build *build, const struct brn_node *node,
                             const char *attribute, struct brn_slice **ret_texts,
                             size_t *ret_count);

/* A dict from texts to 0, 1, 2…, as texts by number. */
brine_status brn_terms_numbered(struct brn_build *build, const struct brn_node *dict,
                                const char *attribute, struct brn_slice **ret_texts,
                                size_t *ret_count);

/* A seed that nobody outside can know. */
uint64_t brn_terms_seed(struct brn_build *build);

/* Texts as names, NUL-terminated.  NULL: memory is out. */
const char *const *brn_terms_names(struct brn_build *build, const struct brn_terms *terms);

#endif
