/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_node.c - nodes, as the walks in tree.c read them. */
#include "kernel/tree_node.h"

#include <math.h>
#include <string.h>

float brn_threshold_single(double t)
{
    float single = (float)t;
    return (double)single > t ? nextafterf(single, -INFINITY) : single;
}

struct brn_narrow_node brn_narrow_split(uint32_t left, uint32_t feature, double threshold,
                                        bool missing_left)
{
    uint32_t link = left << NARROW_LEFT_SHIFT | feature;
    return (struct brn_narrow_node){brn_threshold_single(threshold),
                                    missing_left ? link | NARROW_MISSING_LEFT : link};
}

struct brn_narrow_node brn_narrow_leaf(uint32_t self, uint32_t leaf)
{
    struct brn_narrow_node node = {.link = (self - 1) << NARROW_LEFT_SHIFT};
    uint32_t bits = NARROW_QUIET_NAN | (leaf & NARROW_PAYLOAD) | (leaf > NARROW_PAYLOAD) * NARROW_SIGN;
    memcpy(&node.threshold, &bits, sizeof bits);
    return node;
}

struct brn_wide_node brn_wide_split(uint32_t left, uint32_t feature, double threshold,
                                    bool missing_left)
{
    return (struct brn_wide_node){threshold, left,
                                  missing_left ? feature | WIDE_MISSING_LEFT : feature};
}

struct brn_wide_node brn_wide_category_split(uint32_t left, uint32_t feature, uint32_t set,
                                             bool missing_left)
{
    struct brn_wide_node node = brn_wide_split(left, feature, set, missing_left);
    node.test |= WIDE_CATEGORICAL;
    return node;
}

struct brn_wide_node brn_wide_leaf(uint32_t self, uint32_t leaf)
{
    struct brn_wide_node node = {.left = self - 1};
    uint64_t bits = WIDE_QUIET_NAN | leaf;
    memcpy(&node.threshold, &bits, sizeof bits);
    return node;
}
