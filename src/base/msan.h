/* SPDX-License-Identifier: Apache-2.0
 *
 * msan.h - tells MemorySanitizer which bytes a library that it has not instrumented has written. */
#ifndef BRN_MSAN_H
#define BRN_MSAN_H

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define BRN_WRITTEN(p, n) __msan_unpoison((p), (n))
#define BRN_WRITTEN_TEXT(p) __msan_unpoison_string((const char *)(p))
/* Around a call of a library that hands its own memory to the C library. */
#define BRN_FOREIGN_BEGIN() __msan_scoped_disable_interceptor_checks()
#define BRN_FOREIGN_END() __msan_scoped_enable_interceptor_checks()
#endif
#endif
#ifndef BRN_WRITTEN
#define BRN_WRITTEN(p, n) ((void)(p), (void)(n))
#define BRN_WRITTEN_TEXT(p) ((void)(p))
#define BRN_FOREIGN_BEGIN() ((void)0)
#define BRN_FOREIGN_END() ((void)0)
#endif

#endif
