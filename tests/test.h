/* SPDX-License-Identifier: Apache-2.0
 *
 * test.h - a test is TEST(name) { CHECK(…); }; it registers itself and the runner finds it.
 *
 * A failed CHECK prints its place and goes on; REQUIRE leaves the test.  SKIP needs a reason. */
#ifndef BRN_TEST_H
#define BRN_TEST_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct brn_test {
    const char *name, *file;
    void (*run)(void);
    struct brn_test *next;
};

void brn_test_register(struct brn_test *test);
bool brn_test_check(bool ok, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void brn_test_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A fresh path under the build directory, e.g. for a file that the test writes.  Static storage. */
const char *brn_test_path(const char *name);

#define TEST(name)                                                          \
    static void test_##name(void);                                          \
    __attribute__((constructor)) static void register_##name(void)          \
    {                                                                       \
        static struct brn_test test = {#name, __FILE__, test_##name, NULL}; \
        brn_test_register(&test);                                           \
    }                                                                       \
    static void test_##name(void)

#define CHECK(condition) brn_test_check((condition), __FILE__, __LINE__, "%s", #condition)

#define REQUIRE(condition)     \
    do {                       \
        if (!CHECK(condition)) \
            return;            \
    } while (0)

/* The status, with the error's own words when it is another. */
#define CHECK_STATUS(expression, expected, error)                                             \
    do {                                                                                      \
        brine_status got = (expression);                                                      \
        brn_test_check(got == (expected), __FILE__, __LINE__, "%s: %s, expected %s; %s (%s)", \
                       #expression, brine_status_text(got), brine_status_text(expected),      \
                       (error)->message, (error)->path);                                      \
    } while (0)

#define REQUIRE_OK(expression, error)                                                            \
    do {                                                                                         \
        brine_status got = (expression);                                                         \
        if (!brn_test_check(got == BRINE_OK, __FILE__, __LINE__, "%s: %s; %s (%s)", #expression, \
                            brine_status_text(got), (error)->message, (error)->path))            \
            return;                                                                              \
    } while (0)

#define CHECK_TEXT(got_text, expected_text)                                                       \
    do {                                                                                          \
        const char *got = (got_text), *want = (expected_text);                                    \
        brn_test_check(strcmp(got, want) == 0, __FILE__, __LINE__, "got \"%s\", expected \"%s\"", \
                       got, want);                                                                \
    } while (0)

#define SKIP(...)                   \
    do {                            \
        brn_test_skip(__VA_ARGS__); \
        return;                     \
    } while (0)

#endif
