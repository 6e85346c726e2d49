/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_time.h - dates and times as seconds since 1970-01-01, without a time zone. */
#ifndef BRN_ESTIMATORS_SHARED_TIME_H
#define BRN_ESTIMATORS_SHARED_TIME_H

#include "base/slice.h"

/* ISO 8601's YYYY-MM-DD, alone or with HH:MM, HH:MM:SS or HH:MM:SS.f behind a T or a blank; years
 * 1678 to 2261, as pandas has them.  False: something else. */
bool brn_time_parse(struct brn_slice text, double *ret_seconds);

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
int64_t brn_time_days(int64_t year, int64_t month, int64_t day);

#endif
