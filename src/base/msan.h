/* SPDX-License-Identifier: Apache-2.0
 *
 * msan.h - tells MemorySanitizer which bytes a library that it has not instrumented has written. */
#ifndef BRN_MSAN_H
#define BRN_MSAN_H

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define BRN_WRITTEN(p, n) __msan_unpoison((p), (n))
#endif
#endif
#ifndef BRN_WRITTEN
#define BRN_WRITTEN(p, n) ((void)(p), (void)(n))
#endif

#endif
