/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.h - makes the n-th allocation of brine's own code fail (the runner is linked with --wrap).
 */
#ifndef BRN_TEST_FAULTS_H
#define BRN_TEST_FAULTS_H

#include <stdbool.h>

/* The n-th allocation from now on (from 1), and all after it, fail.  0 switches it off. */
void brn_faults_after(long n);

/* Whether an allocation has failed since. */
bool brn_faults_hit(void);

#endif
