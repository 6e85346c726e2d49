/* SPDX-License-Identifier: Apache-2.0
 *
 * timing.h - how long brine takes to load each of several files, measured side by side. */
#ifndef BRN_COMPARE_TIMING_H
#define BRN_COMPARE_TIMING_H

#include "base/error.h"

struct brn_timing {
    unsigned runs;
    double lower, median, upper; /* seconds; quartiles */
};

/* Loads the files in turn, A B A B…, so that what disturbs one disturbs the other, until each has
 * been loaded 21 times or two seconds are over (three times at least).  The files are in the page
 * cache after the first round, which is not counted. */
brine_status brn_time_loads(const char *const *paths, size_t count, const brine_options *options,
                            struct brn_timing *ret_timings, brine_error *err);

#endif
