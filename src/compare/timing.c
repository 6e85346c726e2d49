/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/timing.h"

#include "joblib/joblib.h"

#include <stdlib.h>
#include <time.h>

enum { MOST_RUNS = 21, LEAST_RUNS = 3, MOST_FILES = 2 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static brine_status time_one(const char *path, const brine_options *options, double *ret_seconds,
                             brine_error *err)
{
    struct brine_file *file;
    double start = now();
    BRN_TRY(brn_file_open(path, options, false, &file, err));
    *ret_seconds = now() - start;
    brn_file_close(file);
    return BRINE_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static struct brn_timing summarize(double *seconds, unsigned runs)
{
    qsort(seconds, runs, sizeof *seconds, compare_doubles);
    return (struct brn_timing){runs, seconds[(runs - 1) / 4], seconds[runs / 2],
                               seconds[(runs - 1) - (runs - 1) / 4]};
}

brine_status brn_time_loads(const char *const *paths, size_t count, const brine_options *options,
                            struct brn_timing *ret_timings, brine_error *err)
{
    double seconds[MOST_FILES][MOST_RUNS], warm_up;
    double deadline = now() + 2;
    unsigned runs = 0;
    if (count > MOST_FILES)
        return brn_fail(err, BRINE_USAGE, "at most %d files are timed together", MOST_FILES);
    for (size_t i = 0; i < count; i++)
        BRN_TRY(time_one(paths[i], options, &warm_up, err));
    for (; runs < MOST_RUNS && (runs < LEAST_RUNS || now() < deadline); runs++)
        for (size_t i = 0; i < count; i++)
            BRN_TRY(time_one(paths[i], options, &seconds[i][runs], err));
    for (size_t i = 0; i < count; i++)
        ret_timings[i] = summarize(seconds[i], runs);
    return BRINE_OK;
}
