/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/nearest.h"

#include <math.h>

void brn_nearest_start(const struct brn_nearest *nearest, double farthest)
{
    for (size_t i = 0; i < nearest->k; i++) {
        nearest->distances[i] = farthest;
        nearest->indices[i] = 0;
    }
}

void brn_nearest_replace(const struct brn_nearest *nearest, double distance, uint32_t index)
{
    double *values = nearest->distances;
    size_t at = 0, k = nearest->k;
    for (;;) {
        size_t left = 2 * at + 1, right = left + 1, next = left;
        if (left >= k)
            break;
        if (right < k && !(values[left] >= values[right]))
            next = right;
        if (!(distance < values[next]))
            break;
        values[at] = values[next];
        nearest->indices[at] = nearest->indices[next];
        at = next;
    }
    values[at] = distance;
    nearest->indices[at] = index;
}

/* ---- sorting: a part of both arrays ---- */

struct part {
    double *values;
    uint32_t *indices;
    size_t n;
};

static void swap(const struct part *p, size_t a, size_t b)
{
    double value = p->values[a];
    uint32_t index = p->indices[a];
    p->values[a] = p->values[b];
    p->indices[a] = p->indices[b];
    p->values[b] = value;
    p->indices[b] = index;
}

static struct part part_of(const struct part *p, size_t first, size_t n)
{
    return (struct part){p->values + first, p->indices + first, n};
}

static void swap_if(const struct part *p, size_t a, size_t b)
{
    if (p->values[a] > p->values[b])
        swap(p, a, b);
}

/* The least of three goes to the front, the median to the back, the largest into the middle. */
static double median_to_back(const struct part *p)
{
    size_t last = p->n - 1, middle = p->n / 2;
    swap_if(p, 0, last);
    if (p->values[last] > p->values[middle]) {
        swap(p, last, middle);
        swap_if(p, 0, last);
    }
    return p->values[last];
}

static void sort_three(const struct part *p)
{
    swap_if(p, 0, 1);
    if (p->n == 3 && p->values[1] > p->values[2]) {
        swap(p, 1, 2);
        swap_if(p, 0, 1);
    }
}

static size_t split_quick(const struct part *p)
{
    double pivot = median_to_back(p);
    size_t store = 0;
    for (size_t i = 0; i + 1 < p->n; i++)
        if (p->values[i] < pivot)
            swap(p, i, store++);
    swap(p, store, p->n - 1);
    return store;
}

/* The parts do not depend on each other: the larger one waits, so that few wait at a time. */
static void sort_quick(struct part p)
{
    struct part waiting[64];
    size_t count = 0;
    for (;;) {
        while (p.n > 3) {
            size_t pivot = split_quick(&p);
            struct part low = part_of(&p, 0, pivot);
            struct part high = part_of(&p, pivot + 1, p.n - pivot - 1);
            waiting[count++] = low.n > high.n ? low : high;
            p = low.n > high.n ? high : low;
        }
        if (p.n > 1)
            sort_three(&p);
        if (count == 0)
            return;
        p = waiting[--count];
    }
}

static void insert_all(const struct part *p)
{
    for (size_t i = 1; i < p->n; i++) {
        double value = p->values[i];
        uint32_t index = p->indices[i];
        size_t j = i;
        for (; j > 0 && p->values[j - 1] > value; j--) {
            p->values[j] = p->values[j - 1];
            p->indices[j] = p->indices[j - 1];
        }
        p->values[j] = value;
        p->indices[j] = index;
    }
}

static void sift_down(const struct part *p, size_t root, size_t end)
{
    for (;;) {
        size_t child = root * 2 + 1, most = root;
        if (child < end && p->values[most] < p->values[child])
            most = child;
        if (child + 1 < end && p->values[most] < p->values[child + 1])
            most = child + 1;
        if (most == root)
            return;
        swap(p, root, most);
        root = most;
    }
}

static void sort_heap(const struct part *p)
{
    for (size_t start = (p->n - 2) / 2 + 1; start > 0; start--)
        sift_down(p, start - 1, p->n);
    for (size_t end = p->n - 1; end > 0; end--) {
        swap(p, 0, end);
        sift_down(p, 0, end);
    }
}

static size_t split_intro(const struct part *p)
{
    double pivot = median_to_back(p);
    size_t i = 1, j = p->n - 2;
    for (;;) {
        while (i <= j && p->values[i] < pivot)
            i++;
        while (i <= j && p->values[j] > pivot)
            j--;
        if (i >= j)
            break;
        swap(p, i++, j--);
    }
    swap(p, i, p->n - 1);
    return i;
}

enum { FEW = 15 };

/* Each level of depth leaves one part waiting, and there are 2 log2 n levels. */
static void sort_intro(struct part p)
{
    struct {
        struct part part;
        int depth;
    } waiting[130];
    size_t count = 0;
    int depth = p.n ? 2 * (int)log2((double)p.n) : 0;
    for (;;) {
        while (p.n > FEW && depth > 0) {
            size_t pivot = split_intro(&p);
            depth--;
            waiting[count].part = part_of(&p, pivot + 1, p.n - pivot - 1);
            waiting[count++].depth = depth;
            p.n = pivot;
        }
        if (p.n > FEW)
            sort_heap(&p);
        else
            insert_all(&p);
        if (count == 0)
            return;
        p = waiting[--count].part;
        depth = waiting[count].depth;
    }
}

void brn_nearest_sort(const struct brn_nearest *nearest, enum brn_nearest_sort sort)
{
    struct part whole = {nearest->distances, nearest->indices, nearest->k};
    if (sort == BRN_SORT_QUICK)
        sort_quick(whole);
    else
        sort_intro(whole);
}
