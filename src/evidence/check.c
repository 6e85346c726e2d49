/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/check.h"

#include <stdarg.h>
#include <stdio.h>

const char *brn_check_status_name(enum brn_check_status status)
{
    static const char *const names[BRN_CHECK_STATUSES] = {"pass", "warn", "fail", "not-run",
                                                          "not-applicable"};
    return names[status];
}

static const char *print(struct brn_checks *checks, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *print(struct brn_checks *checks, const char *format, va_list arguments)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    const char *copy = brn_arena_text(checks->arena, brn_slice_of(text));
    checks->failed = checks->failed || !copy;
    return copy ? copy : "";
}

const char *brn_check_text(struct brn_checks *checks, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(checks, format, arguments);
    va_end(arguments);
    return text;
}

struct brn_check *brn_check_add(struct brn_checks *checks, const char *id,
                                enum brn_check_status status, const char *definition,
                                const char *detail, ...)
{
    va_list arguments;
    va_start(arguments, detail);
    const char *text = print(checks, detail, arguments);
    va_end(arguments);
    struct brn_check *check = &checks->spare;
    if (BRN_ARENA_RESERVE(checks->arena, checks->at, checks->count, checks->capacity))
        check = &checks->at[checks->count++];
    else
        checks->failed = true;
    *check = (struct brn_check){
        .id = id, .detail = text, .status = status, .definition = definition, .finding = ""};
    return check;
}
