/* SPDX-License-Identifier: Apache-2.0
 *
 * error.h - how a failure is told: a status, and one sentence in the caller's brine_error.
 *
 * Each function returns the status that it stored, so that a failing line reads
 * "return brn_fail(err, BRINE_FORMAT, …)".  err may be NULL everywhere. */
#ifndef BRN_ERROR_H
#define BRN_ERROR_H

#include "brine.h"

#define BRN_PRINTF(format_index, first) \
    __attribute__((format(printf, format_index, first), cold, nonnull(format_index)))

brine_status brn_fail(brine_error *err, brine_status status, const char *format, ...)
    BRN_PRINTF(3, 4);

/* About the byte at offset of the expanded file. */
brine_status brn_fail_at(brine_error *err, brine_status status, uint64_t offset, const char *format,
                         ...) BRN_PRINTF(4, 5);

/* A row of the input that the model refuses; column may be NULL. */
brine_status brn_fail_row(brine_error *err, uint64_t row, const char *column, const char *format,
                          ...) BRN_PRINTF(4, 5);

/* BRINE_IO with errno's text behind the sentence. */
brine_status brn_fail_errno(brine_error *err, const char *format, ...) BRN_PRINTF(2, 3);

brine_status brn_fail_memory(brine_error *err);

/* Puts the object path in front of the one that a callee has stored: callers name where they are as
 * the failure goes up.  A component that starts with a name is joined with a dot. */
void brn_error_within(brine_error *err, const char *format, ...) BRN_PRINTF(2, 3);

#if defined(__clang_analyzer__) && !defined(BRN_ERROR_C)
/* It looks at one file at a time and would think that these might return BRINE_OK. */
#define brn_fail(err, status, ...) (brn_fail((err), (status), __VA_ARGS__), (status))
#define brn_fail_at(err, status, ...) (brn_fail_at((err), (status), __VA_ARGS__), (status))
#define brn_fail_row(err, ...) (brn_fail_row((err), __VA_ARGS__), BRINE_INPUT)
#define brn_fail_errno(err, ...) (brn_fail_errno((err), __VA_ARGS__), BRINE_IO)
#define brn_fail_memory(err) (brn_fail_memory(err), BRINE_NOMEM)
#endif

/* Returns from the calling function when the expression is not BRINE_OK. */
#define BRN_TRY(expression)                         \
    do {                                            \
        brine_status brn_try_status = (expression); \
        if (brn_try_status != BRINE_OK)             \
            return brn_try_status;                  \
    } while (0)

#endif
