/* SPDX-License-Identifier: Apache-2.0
 *
 * slice.h - bytes that somebody else owns. */
#ifndef BRN_SLICE_H
#define BRN_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not NUL-terminated; p may be NULL when n is 0. */
struct brn_slice {
    const uint8_t *p;
    size_t n;
};

static inline struct brn_slice brn_slice_of(const char *text)
{
    return (struct brn_slice){(const uint8_t *)text, strlen(text)};
}

static inline bool brn_slice_equal(struct brn_slice a, struct brn_slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool brn_slice_is(struct brn_slice a, const char *text)
{
    return brn_slice_equal(a, brn_slice_of(text));
}

/* For printf's "%.*s": BRN_S(slice). */
#define BRN_S(slice) (int)(slice).n, (slice).n ? (const char *)(slice).p : ""

#endif
