/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_pattern_text.h - a regular expression of Python's re, written for PCRE2. */
#ifndef BRN_ESTIMATORS_SHARED_PATTERN_TEXT_H
#define BRN_ESTIMATORS_SHARED_PATTERN_TEXT_H

#include "model/estimator.h"

/* The expression for PCRE2_UTF, in the scratch arena, and how many capturing groups it has.  What
 * is not known to mean the same is refused. */
brine_status brn_pattern_text(struct brn_build *build, struct brn_slice pattern, bool python2,
                              const char **ret_expression, size_t *ret_groups);

#endif
