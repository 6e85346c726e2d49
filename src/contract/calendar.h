/* SPDX-License-Identifier: Apache-2.0
 *
 * calendar.h - dates and timestamps of a table's texts, as ISO 8601 writes them. */
#ifndef BRN_CONTRACT_CALENDAR_H
#define BRN_CONTRACT_CALENDAR_H

#include "base/slice.h"

/* Seconds since 1970-01-01 of "2013-10-01" (midnight) or "2013-10-01T05:15:00[.5][Z|+01:00]" (a
 * blank for the T is taken too; no zone means UTC).  False when the text is neither, or no day of
 * the calendar. */
bool brn_parse_time(struct brn_slice text, double *ret_seconds);

/* Exactly "yyyy-MM-dd". */
bool brn_parse_date(struct brn_slice text, double *ret_seconds);

/* 1 to 12. */
int brn_time_month(double seconds);

#endif
