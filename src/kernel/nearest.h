/* SPDX-License-Identifier: Apache-2.0
 *
 * nearest.h - the k nearest of many, in scikit-learn's order: a heap whose top is the farthest
 * (utils/_heap.pyx heap_push), and its sort (utils/_sorting.pyx).  Which of equally far rows stay,
 * and in what order, follows from them and from the order of the pushes. */
#ifndef BRN_KERNEL_NEAREST_H
#define BRN_KERNEL_NEAREST_H

#include <stddef.h>
#include <stdint.h>

/* k entries each; before the first push all are as far as can be, and indices 0. */
struct brn_nearest {
    double *distances;
    uint32_t *indices;
    size_t k;
};

void brn_nearest_start(const struct brn_nearest *nearest, double farthest);

void brn_nearest_replace(const struct brn_nearest *nearest, double distance, uint32_t index);

/* One as far as the farthest does not come in. */
static inline void brn_nearest_push(const struct brn_nearest *nearest, double distance,
                                    uint32_t index)
{
    if (!(distance >= nearest->distances[0]))
        brn_nearest_replace(nearest, distance, index);
}

enum brn_nearest_sort {
    BRN_SORT_QUICK, /* through 1.8 */
    BRN_SORT_INTRO, /* since 1.9 */
};

/* By rising distance. */
void brn_nearest_sort(const struct brn_nearest *nearest, enum brn_nearest_sort sort);

#endif
