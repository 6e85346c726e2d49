/* SPDX-License-Identifier: Apache-2.0
 *
 * clones.h - one text, compiled for several instruction sets; the program's loader takes the widest
 * that the machine has.  Only for loops whose results do not depend on it: bytes, comparisons, and
 * sums in a fixed order (nothing is contracted to multiply-add: -ffp-contract=off).  On static
 * functions only: clang 14 gives what it clones no name that other files find. */
#ifndef BRN_KERNEL_CLONES_H
#define BRN_KERNEL_CLONES_H

#include <stdint.h>

#if defined(__has_feature)
#define BRN_HAS_FEATURE(x) __has_feature(x)
#else
#define BRN_HAS_FEATURE(x) 0
#endif

/* Sanitizers are not yet awake when the loader asks. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) &&       \
    !defined(__SANITIZE_ADDRESS__) && !BRN_HAS_FEATURE(address_sanitizer) && \
    !defined(__SANITIZE_THREAD__) && !BRN_HAS_FEATURE(thread_sanitizer) &&   \
    !BRN_HAS_FEATURE(memory_sanitizer)
#define BRN_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BRN_CLONES
#endif

/* Before a loop of few turns over an array: gcc keeps the array in registers only where the loop is
 * unrolled, which -O2 alone does not. */
#ifdef __clang__
#define BRN_UNROLL _Pragma("unroll")
#else
#define BRN_UNROLL _Pragma("GCC unroll 16")
#endif

#endif
