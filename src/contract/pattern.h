/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern.h - the regular expressions of a contract.
 *
 * ODCS asks for ECMA-262's; PCRE2 takes those but for rare constructs, works on UTF-8 whatever the
 * locale and has limits on its work, which POSIX regexec has not.  Steps and depth are limited for
 * each match, so that no pattern of a contract can stop a server: a match that reaches a limit
 * fails. */
#ifndef BRN_CONTRACT_PATTERN_H
#define BRN_CONTRACT_PATTERN_H

#include "base/error.h"
#include "base/slice.h"

struct brn_pattern;

/* End: brn_pattern_free(). */
brine_status brn_pattern_compile(const char *expression, struct brn_pattern **ret_pattern,
                                 brine_error *err);
void brn_pattern_free(struct brn_pattern *pattern);

/* Whether text, which must be UTF-8, holds a match.  Any number of threads. */
bool brn_pattern_matches(const struct brn_pattern *pattern, struct brn_slice text);

#endif
