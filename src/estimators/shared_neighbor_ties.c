/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_neighbor_ties.h"

#include <float.h>
#include <math.h>

/* ---- what is tied ---- */

static bool is_product(const struct brn_neighbors *m)
{
    return m->metric.kind == BRN_METRIC_EUCLIDEAN || m->metric.kind == BRN_METRIC_COSINE;
}

/* A number whose products and sums have no rounding. */
static bool is_small_integer(double v)
{
    return fabs(v) < (1 << 20) && v == floor(v);
}

/* How far off scikit-learn's x x - 2 x y + y y (1 - x y of unit rows) may be: its products and sums
 * round relative to x x + y y, each by half of eps. */
static double error_of(const struct brn_neighbors *m, const double *x, size_t i, double eps)
{
    const double *y = m->tree.panels + i / BRN_PANEL * m->metric.columns * BRN_PANEL;
    double size = 0;
    bool is_whole = true;
    if (!is_product(m))
        return 0;
    if (m->metric.kind == BRN_METRIC_COSINE)
        return (2 * (double)m->metric.columns + 6) * eps;
    for (size_t f = 0; f < m->metric.columns; f++) {
        double v = y[f * BRN_PANEL + i % BRN_PANEL];
        size += x[f] * x[f] + v * v;
        is_whole = is_whole && is_small_integer(x[f]) && is_small_integer(v);
    }
    return is_whole ? 0 : ((double)m->metric.columns + 2) * eps * size;
}

/* No two errors together are larger. */
static double most_error(const struct brn_neighbors *m, const double *x, double eps)
{
    double size = m->largest;
    if (!is_product(m))
        return 0;
    for (size_t f = 0; f < m->metric.columns; f++)
        size += x[f] * x[f];
    return (4 * (double)m->metric.columns + 12) * eps * (1 + size);
}

struct edge {
    const double *x;
    double last, error, eps; /* of the k-th: reduced distance and its error */
    bool is_exact;           /* nothing that is tied has an error */
};

static void add_row(const struct brn_neighbors *m, struct edge *e, size_t i, double distance,
                    struct brn_tied *tied)
{
    double error = error_of(m, e->x, i, e->eps) + e->error;
    if (!(fabs(distance - e->last) > error)) {
        tied->indices[tied->count++] = (uint32_t)i;
        e->is_exact &= error <= 0;
    } else if (distance < e->last) {
        tied->places--;
    }
}

static void list_tied(const struct brn_neighbors *m, struct edge *e, struct brn_tied *tied)
{
    double distances[BRN_PANEL];
    for (size_t i = 0; i < m->tree.count; i++) {
        if (i % BRN_PANEL == 0)
            brn_neighbors_panel(m, i, e->x, distances);
        add_row(m, e, i, distances[i % BRN_PANEL], tied);
    }
}

brine_status brn_neighbors_tied(const struct brn_neighbors *m, const struct brn_found *found,
                                const struct brn_tile *in, size_t r, struct brn_work *work,
                                struct brn_tied *ret_tied)
{
    *ret_tied = (struct brn_tied){.places = (size_t)m->k};
    if (m->has_tree)
        return BRINE_OK;
    struct edge e = {.x = found->x + r * found->stride, .last = found->edges[r].last};
    bool stays = m->first_stays && in->single == m->is_single;
    e.eps = in->single && m->is_single ? (double)FLT_EPSILON : DBL_EPSILON;
    e.is_exact = true;
    if ((stays && !is_product(m)) || found->edges[r].next - e.last > most_error(m, e.x, e.eps))
        return BRINE_OK;
    e.error = error_of(m, e.x, found->indices[(r + 1) * (size_t)m->k - 1], e.eps);
    ret_tied->indices = brn_work_take(work, m->tree.count, sizeof *ret_tied->indices);
    if (!ret_tied->indices)
        return brn_fail_memory(work->err);
    list_tied(m, &e, ret_tied);
    if (ret_tied->count <= ret_tied->places || (stays && e.is_exact))
        ret_tied->count = 0;
    return BRINE_OK;
}

brine_status brn_refuse_tied(const struct brn_neighbors *m, const struct brn_tile *in, size_t r,
                             const struct brn_work *work)
{
    return brn_refuse(work, in, r, NULL,
                      "training rows of different answers are as far as neighbour %lld: "
                      "scikit-learn takes any of them",
                      (long long)m->k);
}

/* ---- what depends on it ---- */

static bool is_alike(const struct brn_neighbor_model *m, size_t a, size_t b)
{
    for (size_t o = 0; o < m->outputs; o++)
        if (m->codes ? m->codes[a * m->outputs + o] != m->codes[b * m->outputs + o]
                     : m->targets[a * m->outputs + o] != m->targets[b * m->outputs + o])
            return false;
    return true;
}

static bool are_alike(const struct brn_neighbor_model *m, const struct brn_tied *tied)
{
    for (size_t i = 1; i < tied->count; i++)
        if (!is_alike(m, tied->indices[0], tied->indices[i]))
            return false;
    return true;
}

/* Votes of each class: of what is certain, and of what is tied. */
struct votes {
    size_t *certain, *tied;
    size_t classes;
};

static bool holds(const uint32_t *sorted, size_t n, uint32_t index)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (sorted[low + half] < index) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return sorted[low] == index;
}

static void count(const struct brn_neighbor_model *m, const uint32_t *nearest,
                  const struct brn_tied *tied, size_t output, struct votes *v)
{
    v->classes = m->labels.classes[output];
    memset(v->certain, 0, v->classes * sizeof *v->certain);
    memset(v->tied, 0, v->classes * sizeof *v->tied);
    for (size_t i = 0; i < tied->count; i++)
        v->tied[m->codes[tied->indices[i] * m->outputs + output]]++;
    for (size_t i = 0; i < (size_t)m->neighbors.k; i++)
        if (nearest[i] > tied->indices[tied->count - 1] ||
            !holds(tied->indices, tied->count, nearest[i]))
            v->certain[m->codes[nearest[i] * m->outputs + output]]++;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whatever is picked, the class has more votes than the other (or as many, and comes first). */
static bool beats(const struct votes *v, const struct brn_tied *tied, size_t class, size_t other)
{
    size_t theirs = least(tied->places, v->tied[other]);
    size_t left = tied->places - theirs;
    size_t strangers = tied->count - v->tied[other] - v->tied[class];
    size_t ours = left > strangers ? left - strangers : 0;
    size_t a = v->certain[class] + ours, b = v->certain[other] + theirs;
    return a > b || (a == b && class < other);
}

static bool has_winner(const struct votes *v, const struct brn_tied *tied)
{
    for (size_t class = 0; class < v->classes; class ++) {
        bool wins = true;
        for (size_t other = 0; wins && other < v->classes; other++)
            wins = other == class || beats(v, tied, class, other);
        if (wins)
            return true;
    }
    return false;
}

static brine_status check_votes(const struct brn_neighbor_model *m, const uint32_t *nearest,
                                const struct brn_tied *tied, struct brn_work *work, bool *ret_won)
{
    struct votes v = {.certain = brn_work_take(work, m->labels.most, sizeof *v.certain),
                      .tied = brn_work_take(work, m->labels.most, sizeof *v.tied)};
    if (!v.certain || !v.tied)
        return brn_fail_memory(work->err);
    *ret_won = true;
    for (size_t o = 0; *ret_won && o < m->outputs; o++) {
        count(m, nearest, tied, o, &v);
        *ret_won = has_winner(&v, tied);
    }
    return BRINE_OK;
}

brine_status brn_near_check_tied(const struct brn_neighbor_model *m, const struct brn_found *found,
                                 const struct brn_tile *in, size_t r, bool is_vote,
                                 struct brn_work *work)
{
    struct brn_work_mark mark = brn_work_mark(work);
    const uint32_t *nearest = found->indices + r * (size_t)m->neighbors.k;
    struct brn_tied tied;
    bool is_settled = true;
    brine_status status = brn_neighbors_tied(&m->neighbors, found, in, r, work, &tied);
    if (status == BRINE_OK && tied.count > 0) {
        is_settled = are_alike(m, &tied);
        if (!is_settled && is_vote && !m->neighbors.by_distance)
            status = check_votes(m, nearest, &tied, work, &is_settled);
    }
    brn_work_release(work, mark);
    return status != BRINE_OK || is_settled ? status : brn_refuse_tied(&m->neighbors, in, r, work);
}
