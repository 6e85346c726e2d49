/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.h - which names a pickle may hold, and how it may use them.
 *
 * Default deny: a name is allowed when it is an estimator that brine knows (handed in by the
 * caller, because the registry stands below this folder) or a row of policy.inc.  dangerous.inc
 * only tells names that are known to do harm from those that nobody knows. */
#ifndef BRN_SCAN_POLICY_H
#define BRN_SCAN_POLICY_H

#include "base/slice.h"

/* Of policy.inc, dangerous.inc and rules.inc together; printed with every verdict. */
#define BRN_POLICY_VERSION 2

/* How a stream uses a name: a set. */
enum brn_use {
    BRN_USE_NAMED = 1,
    BRN_USE_CALLED = 2,
    BRN_USE_BUILT = 4, /* BUILD sets the state of what a call of it returned */
};

/* The estimator registry's names. */
struct brn_known_classes {
    bool (*knows)(const void *context, struct brn_slice module, struct brn_slice name);
    const void *context;
};

struct brn_policy_name {
    const char *module, *name;
    unsigned uses; /* enum brn_use */
    const char *why;
};

/* Ended by a module of NULL. */
extern const struct brn_policy_name brn_policy_names[];

struct brn_danger {
    const char *module; /* itself and everything below it */
    const char *name;   /* "*": every name */
    const char *why;
};

extern const struct brn_danger brn_dangers[];

/* The uses that are allowed; 0 when the name is not listed.  classes may be NULL.  *ret_why, when
 * given, gets the row's reason. */
unsigned brn_policy_uses(const struct brn_known_classes *classes, struct brn_slice module,
                         struct brn_slice name, const char **ret_why);

/* The reason, when the name is known to do harm; else NULL.  A dotted name reaches through its
 * parts: "pathlib" and "os.system" is os.system. */
const char *brn_policy_danger(struct brn_slice module, struct brn_slice name);

#endif
