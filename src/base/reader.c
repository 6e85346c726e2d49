/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

#include <stdarg.h>
#include <stdio.h>

void brn_reader_fail(struct brn_reader *r, brine_status status, const char *format, ...)
{
    if (!brn_reader_ok(r))
        return;
    brn_fail_at(&r->error, status, brn_reader_offset(r), "%s", "");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->error.message, sizeof r->error.message, format, arguments);
    va_end(arguments);
}

void brn_reader_short(struct brn_reader *r, uint64_t wanted)
{
    brn_reader_fail(r, BRINE_FORMAT,
                    "the data ends early: %llu bytes are needed here, %llu are left",
                    (unsigned long long)wanted, (unsigned long long)brn_reader_left(r));
}

struct brn_slice brn_read_line(struct brn_reader *r)
{
    const uint8_t *newline = NULL;
    if (brn_reader_ok(r) && r->at < r->end)
        newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (!newline) {
        brn_reader_fail(r, BRINE_FORMAT, "the data ends early: no newline behind this line");
        return (struct brn_slice){NULL, 0};
    }
    struct brn_slice line = {r->at, (size_t)(newline - r->at)};
    r->at = newline + 1;
    return line;
}
