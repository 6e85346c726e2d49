/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.h - makes the n-th allocation or read of brine's own code fail (the runner is linked with
 * --wrap).
 */
#ifndef BRN_TEST_FAULTS_H
#define BRN_TEST_FAULTS_H

#include <stdbool.h>

/* The n-th allocation from now on (from 1), and all after it, fail.  0 switches it off. */
void brn_faults_after(long n);

/* The n-th read() of a file from now on, and all after it, fail with EIO.  0 switches it off. */
void brn_faults_read_after(long n);

/* Whether an allocation or a read has failed since. */
bool brn_faults_hit(void);

#endif
