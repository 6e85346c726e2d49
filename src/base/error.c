/* SPDX-License-Identifier: Apache-2.0 */
#define BRN_ERROR_C /* the functions themselves, not what the header tells the analyzer */
#include "base/error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void start(brine_error *err, brine_status status)
{
    *err = (brine_error){.status = status, .offset = BRINE_NOWHERE, .row = BRINE_NOWHERE};
}

#define FORMAT_INTO(field, format)                          \
    do {                                                    \
        va_list arguments;                                  \
        va_start(arguments, format);                        \
        vsnprintf(field, sizeof(field), format, arguments); \
        va_end(arguments);                                  \
    } while (0)

brine_status brn_fail(brine_error *err, brine_status status, const char *format, ...)
{
    if (err) {
        start(err, status);
        FORMAT_INTO(err->message, format);
    }
    return status;
}

brine_status brn_fail_at(brine_error *err, brine_status status, uint64_t offset, const char *format,
                         ...)
{
    if (err) {
        start(err, status);
        err->offset = offset;
        FORMAT_INTO(err->message, format);
    }
    return status;
}

brine_status brn_fail_row(brine_error *err, uint64_t row, const char *column, const char *format,
                          ...)
{
    if (err) {
        start(err, BRINE_INPUT);
        err->row = row;
        snprintf(err->column, sizeof err->column, "%s", column ? column : "");
        FORMAT_INTO(err->message, format);
    }
    return BRINE_INPUT;
}

brine_status brn_fail_errno(brine_error *err, const char *format, ...)
{
    int code = errno;
    if (err) {
        start(err, BRINE_IO);
        err->sys_errno = code;
        FORMAT_INTO(err->message, format);
        size_t used = strlen(err->message);
        snprintf(err->message + used, sizeof err->message - used, ": %s", strerror(code));
    }
    return BRINE_IO;
}

brine_status brn_fail_memory(brine_error *err)
{
    return brn_fail(err, BRINE_NOMEM, "out of memory");
}

void brn_error_within(brine_error *err, const char *format, ...)
{
    if (!err)
        return;
    char front[sizeof err->path];
    FORMAT_INTO(front, format);
    bool dot = isalnum((unsigned char)err->path[0]) || err->path[0] == '_';
    char joined[2 * sizeof err->path + 2];
    snprintf(joined, sizeof joined, "%s%s%s", front, dot && front[0] ? "." : "", err->path);
    joined[sizeof err->path - 1] = '\0';
    memcpy(err->path, joined, sizeof err->path);
}

static const struct {
    brine_status status;
    const char *text;
} statuses[] = {
#define X(name, number, text) {BRINE_##name, text},
    BRINE_STATUS_MAP(X)
#undef X
};

const char *brine_status_text(brine_status status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (statuses[i].status == status)
            return statuses[i].text;
    return "unknown status";
}
