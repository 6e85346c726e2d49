/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_node.h - the bits of nodes: for those who make them, and for the walks.
 *
 * A node is made without its place, and then placed: a split by the number of its left child, a
 * leaf by the number in front of its own. */
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
#define WIDE_QUIET_NAN UINT64_C(0x7ff8000000000000)

/* The largest float32 that is not above t: x <= t exactly when x <= it, for every float32 x. */
static inline float brn_threshold_single(double t)
{
    float single = (float)t;
    uint32_t bits;
    if ((double)single <= t)
        return single;
    memcpy(&bits, &single, sizeof bits);
    bits = bits << 1 == 0 ? UINT32_C(0x80000001) : bits >> 31 ? bits + 1 : bits - 1;
    memcpy(&single, &bits, sizeof bits);
    return single;
}

/* ---- narrow ---- */

static inline struct brn_narrow_node brn_narrow_split(uint32_t feature, double threshold,
                                                      bool missing_left)
{
    return (struct brn_narrow_node){brn_threshold_single(threshold),
                                    missing_left ? feature | NARROW_MISSING_LEFT : feature};
}

static inline struct brn_narrow_node brn_narrow_leaf(uint32_t leaf)
{
    struct brn_narrow_node node = {.link = 0};
    uint32_t bits = NARROW_QUIET_NAN | (leaf & NARROW_PAYLOAD) | leaf >> NARROW_PAYLOAD_BITS << 31;
    memcpy(&node.threshold, &bits, sizeof bits);
    return node;
}

static inline struct brn_narrow_node brn_narrow_placed(struct brn_narrow_node node, uint32_t left)
{
    node.link |= left << NARROW_LEFT_SHIFT;
    return node;
}

static inline uint32_t brn_narrow_leaf_of(struct brn_narrow_node node)
{
    uint32_t bits;
    memcpy(&bits, &node.threshold, sizeof bits);
    return (bits & NARROW_PAYLOAD) | bits >> 31 << NARROW_PAYLOAD_BITS;
}

/* ---- wide ---- */

static inline struct brn_wide_node brn_wide_split(uint32_t feature, double threshold,
                                                  bool missing_left)
{
    return (struct brn_wide_node){threshold, 0,
                                  missing_left ? feature | WIDE_MISSING_LEFT : feature};
}

/* set: number among the forest's sets. */
static inline struct brn_wide_node brn_wide_category_split(uint32_t feature, uint32_t set,
                                                           bool missing_left)
{
    struct brn_wide_node node = brn_wide_split(feature, set, missing_left);
    node.test |= WIDE_CATEGORICAL;
    return node;
}

static inline struct brn_wide_node brn_wide_leaf(uint32_t leaf)
{
    struct brn_wide_node node = {.left = 0};
    uint64_t bits = WIDE_QUIET_NAN | leaf;
    memcpy(&node.threshold, &bits, sizeof bits);
    return node;
}

static inline struct brn_wide_node brn_wide_placed(struct brn_wide_node node, uint32_t left)
{
    node.left = left;
    return node;
}

static inline uint32_t brn_wide_leaf_of(struct brn_wide_node node)
{
    uint64_t bits;
    memcpy(&bits, &node.threshold, sizeof bits);
    return (uint32_t)bits;
}

/* What the compiled _predictor.pyx does with (uint8_t)x on x86-64: conversion to int32, whose low
 * byte is kept; beyond int32 that is 0. */
static inline uint32_t brn_category_of(double x)
{
    return x < 2147483648.0 ? (uint32_t)(int32_t)x & 255 : 0;
}

/* The same under a limit, when there is one; x >= 0. */
static inline uint32_t brn_category_below(double x, uint32_t limit)
{
    if (!limit)
        return brn_category_of(x);
    return x < (double)limit ? (uint32_t)x : limit;
}

#endif
