/* SPDX-License-Identifier: Apache-2.0
 *
 * runner.c - runs the registered tests; arguments select those whose name or file contains one of
 * them. */
#include "test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct brn_test *tests;
static bool failed, skipped;

void brn_test_register(struct brn_test *test)
{
    struct brn_test **at = &tests;
    while (*at && strcmp((*at)->file, test->file) <= 0)
        at = &(*at)->next;
    test->next = *at;
    *at = test;
}

bool brn_test_check(bool ok, const char *file, int line, const char *format, ...)
{
    if (ok)
        return true;
    failed = true;
    va_list arguments;
    va_start(arguments, format);
    printf("  %s:%d: ", file, line);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    return false;
}

void brn_test_skip(const char *format, ...)
{
    skipped = true;
    va_list arguments;
    va_start(arguments, format);
    printf("  skipped: ");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
}

const char *brn_test_path(const char *name)
{
    static char path[1024];
    mkdir(BRINE_BINARY_DIR "/test-files", 0777);
    snprintf(path, sizeof path, "%s/test-files/%s", BRINE_BINARY_DIR, name);
    return path;
}

static bool selected(const struct brn_test *test, int count, char **names)
{
    for (int i = 1; i < count; i++)
        if (strstr(test->name, names[i]) || strstr(test->file, names[i]))
            return true;
    return count < 2;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int count, char **names)
{
    size_t passes = 0, failures = 0, skips = 0;
    for (const struct brn_test *t = tests; t; t = t->next) {
        if (!selected(t, count, names))
            continue;
        failed = skipped = false;
        double start = seconds();
        t->run();
        double took = seconds() - start;
        if (failed || skipped || took > 1)
            printf("%s %s (%.1f s)\n", failed ? "FAIL" : skipped ? "skip" : "slow", t->name, took);
        fflush(stdout);
        *(failed ? &failures : skipped ? &skips : &passes) += 1;
    }
    printf("%zu passed, %zu failed", passes, failures);
    printf(skips ? ", %zu skipped\n" : "\n", skips);
    return failures > 0 || passes == 0;
}
