/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/space_tree.h"

#include <math.h>

/* One node of each level waits at most; trees have as many levels as a count has bits. */
enum { DEEPEST = 66 };

static double beyond(const struct brn_space_tree *tree, size_t node, size_t f, const double *x)
{
    double low = tree->low[node * tree->metric.columns + f] - x[f];
    double high = x[f] - tree->high[node * tree->metric.columns + f];
    return 0.5 * ((low + fabs(low)) + (high + fabs(high)));
}

/* The least reduced distance that a row of the node may have. */
static double least_box(const struct brn_space_tree *tree, size_t node, const double *x)
{
    double sum = 0;
    for (size_t f = 0; f < tree->metric.columns; f++) {
        double d = beyond(tree, node, f, x);
        if (tree->metric.kind == BRN_METRIC_CHEBYSHEV)
            sum = fmax(sum, d);
        else
            sum += brn_metric_power(&tree->metric, d);
    }
    return sum;
}

static double least(const struct brn_space_tree *tree, size_t node, const double *x)
{
    if (!tree->is_ball)
        return least_box(tree, node, x);
    double d = brn_metric_distance(&tree->metric, x, tree->low + node * tree->metric.columns);
    return brn_metric_reduce(&tree->metric, fmax(0, d - tree->nodes[node].radius));
}

static void push_leaf(const struct brn_space_tree *tree, const struct brn_space_node *node,
                      const double *x, const struct brn_nearest *nearest)
{
    double distances[BRN_PANEL];
    size_t panel_values = tree->metric.columns * BRN_PANEL;
    for (size_t i = node->start; i < node->end;) {
        size_t panel = i / BRN_PANEL, last = (panel + 1) * BRN_PANEL;
        brn_metric_panel(&tree->metric, tree->panels + panel * panel_values, x, distances);
        for (; i < last && i < node->end; i++)
            brn_nearest_push(nearest, distances[i % BRN_PANEL], tree->order[i]);
    }
}

void brn_space_tree_nearest(const struct brn_space_tree *tree, const double *x,
                            const struct brn_nearest *nearest)
{
    struct {
        size_t node;
        double least;
    } waiting[DEEPEST];
    size_t count = 1;
    waiting[0].node = 0;
    waiting[0].least = least(tree, 0, x);
    while (count > 0) {
        size_t at = waiting[--count].node;
        double bound = waiting[count].least;
        while (!(bound > nearest->distances[0]) && !tree->nodes[at].is_leaf) {
            size_t first = 2 * at + 1, second = first + 1;
            double first_least = least(tree, first, x), second_least = least(tree, second, x);
            bool in_order = first_least <= second_least;
            waiting[count].node = in_order ? second : first;
            waiting[count++].least = in_order ? second_least : first_least;
            at = in_order ? first : second;
            bound = in_order ? first_least : second_least;
        }
        if (!(bound > nearest->distances[0]))
            push_leaf(tree, &tree->nodes[at], x, nearest);
    }
}

/* ---- within a radius ---- */

struct extent {
    double least, most;
};

static struct extent extent_box(const struct brn_space_tree *tree, size_t node, const double *x)
{
    const struct brn_metric *metric = &tree->metric;
    size_t at = node * metric->columns;
    bool largest = metric->kind == BRN_METRIC_CHEBYSHEV;
    struct extent e = {0, 0};
    for (size_t f = 0; f < metric->columns; f++) {
        double d = beyond(tree, node, f, x);
        double far = fmax(fabs(tree->low[at + f] - x[f]), fabs(x[f] - tree->high[at + f]));
        e.least = largest ? fmax(e.least, d) : e.least + brn_metric_power(metric, d);
        e.most = largest ? fmax(e.most, far) : e.most + brn_metric_power(metric, far);
    }
    double root = metric->kind == BRN_METRIC_EUCLIDEAN   ? 0.5
                  : metric->kind == BRN_METRIC_MINKOWSKI ? 1 / metric->p
                                                         : 1;
    return largest ? e : (struct extent){pow(e.least, root), pow(e.most, root)};
}

static struct extent extent_of(const struct brn_space_tree *tree, size_t node, const double *x)
{
    if (!tree->is_ball)
        return extent_box(tree, node, x);
    double d = brn_metric_distance(&tree->metric, x, tree->low + node * tree->metric.columns);
    double radius = tree->nodes[node].radius;
    return (struct extent){fmax(0, d - radius), d + radius};
}

/* What is found. */
struct hits {
    const struct brn_space_tree *tree;
    uint32_t *indices;
    double *distances;
    size_t count;
};

/* Rows of a node whose reduced distance is no larger than most. */
static void take(struct hits *hits, const struct brn_space_node *node, const double *x, double most)
{
    const struct brn_space_tree *tree = hits->tree;
    double reduced[BRN_PANEL];
    size_t panel_values = tree->metric.columns * BRN_PANEL;
    for (size_t i = node->start; i < node->end;) {
        size_t panel = i / BRN_PANEL, last = (panel + 1) * BRN_PANEL;
        brn_metric_panel(&tree->metric, tree->panels + panel * panel_values, x, reduced);
        for (; i < last && i < node->end; i++)
            if (reduced[i % BRN_PANEL] <= most) {
                hits->indices[hits->count] = tree->order[i];
                hits->distances[hits->count++] =
                    brn_metric_expand(&tree->metric, reduced[i % BRN_PANEL]);
            }
    }
}

size_t brn_space_tree_within(const struct brn_space_tree *tree, const double *x, double radius,
                             uint32_t *indices, double *distances)
{
    struct hits hits = {tree, indices, distances, 0};
    size_t waiting[DEEPEST], count = 0;
    waiting[count++] = 0;
    while (count > 0) {
        size_t at = waiting[--count];
        struct extent e = extent_of(tree, at, x);
        if (e.least > radius)
            continue;
        if (e.most <= radius) {
            take(&hits, &tree->nodes[at], x, (double)INFINITY);
        } else if (tree->nodes[at].is_leaf) {
            take(&hits, &tree->nodes[at], x, brn_metric_reduce(&tree->metric, radius));
        } else {
            waiting[count++] = 2 * at + 2;
            waiting[count++] = 2 * at + 1;
        }
    }
    return hits.count;
}
