/* SPDX-License-Identifier: Apache-2.0
 *
 * version.h - releases of scikit-learn, and what changed between them: rows, not ifs. */
#ifndef BRN_MODEL_VERSION_H
#define BRN_MODEL_VERSION_H

#include <stdbool.h>
#include <stdint.h>

/* major * 10000 + minor * 100 + patch: 10202 is 1.2.2.  Development and release candidate versions
 * count as their release. */
typedef uint32_t brn_version;

/* since <= version < until; 0 is open. */
static inline bool brn_version_within(brn_version version, brn_version since, brn_version until)
{
    return version >= since && (!until || version < until);
}

/* How an estimator behaves from one release to another.  A table of these covers all releases
 * without a gap, and ends with a doc of NULL. */
struct brn_era {
    brn_version since, until;
    int behaviour;   /* a bool, or an enumerator of the family's own */
    const char *doc; /* what it is, and where scikit-learn says so */
};

#define BRN_ERA_END   \
    {                 \
        0, 0, 0, NULL \
    }

static inline int brn_era_behaviour(const struct brn_era *eras, brn_version version)
{
    while (eras->doc && !brn_version_within(version, eras->since, eras->until))
        eras++;
    return eras->behaviour;
}

#endif
