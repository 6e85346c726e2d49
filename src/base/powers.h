/* SPDX-License-Identifier: Apache-2.0
 *
 * powers.h - the leading 128 bits of the powers of five, which reading and writing float64 share.
 */
#ifndef BRN_POWERS_H
#define BRN_POWERS_H

#include <stdint.h>

enum { BRN_POWER_FIRST = -342, BRN_POWER_LAST = 324 };

/* The high bit is set.  Truncated, but rounded up from 5^-27 to 5^-1; exact from 5^0 to 5^55. */
struct brn_power {
    uint64_t high, low;
};

extern const struct brn_power brn_powers_of_five[BRN_POWER_LAST - BRN_POWER_FIRST + 1];

#endif
