/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_node.h - the bits of nodes; for the files of kernel/ alone. */
#ifndef BRN_KERNEL_TREE_NODE_H
#define BRN_KERNEL_TREE_NODE_H

#include "kernel/tree.h"

#include <string.h>

enum {
    NARROW_FEATURE = 0xff,
    NARROW_MISSING_LEFT = 0x100,
    NARROW_LEFT_SHIFT = 9,
    NARROW_PAYLOAD = 0x3fffff,
    NARROW_PAYLOAD_BITS = 22,
    WIDE_FEATURE = 0xffffff,
    WIDE_MISSING_LEFT = 0x1000000,
    WIDE_CATEGORICAL = 0x2000000,
};
#define NARROW_QUIET_NAN UINT32_C(0x7fc00000)
#define NARROW_SIGN UINT32_C(0x80000000)
#define WIDE_QUIET_NAN UINT64_C(0x7ff8000000000000)

static inline uint32_t narrow_leaf_of(struct brn_narrow_node node)
{
    uint32_t bits;
    memcpy(&bits, &node.threshold, sizeof bits);
    return (bits & NARROW_PAYLOAD) | bits >> 31 << NARROW_PAYLOAD_BITS;
}

static inline uint32_t wide_leaf_of(struct brn_wide_node node)
{
    uint64_t bits;
    memcpy(&bits, &node.threshold, sizeof bits);
    return (uint32_t)bits;
}

#endif
