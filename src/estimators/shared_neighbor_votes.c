/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_neighbor_votes.h"

#include "kernel/sum.h"

static double sum_of(const double *values, size_t n)
{
    return brn_sum_numpy(values, n);
}

/* Each class's weight among the neighbours; out has the classes of the output. */
static void count_votes(const struct brn_near *near, size_t output, double *out)
{
    const struct brn_neighbor_model *m = near->m;
    memset(out, 0, m->labels.classes[output] * sizeof *out);
    for (size_t i = 0; i < near->n; i++)
        out[m->codes[near->indices[i] * m->outputs + output]] +=
            near->weights ? near->weights[i] : 1;
}

static void to_shares(double *votes, size_t n, bool zero_stays)
{
    double sum = sum_of(votes, n);
    if (zero_stays && sum == 0)
        return;
    for (size_t c = 0; c < n; c++)
        votes[c] /= sum;
}

void brn_near_shares(const struct brn_near *near, bool zero_stays, double *out)
{
    const struct brn_class_outputs *labels = &near->m->labels;
    for (size_t o = 0; o < labels->count; out += labels->classes[o++]) {
        count_votes(near, o, out);
        to_shares(out, labels->classes[o], zero_stays);
    }
}

/* utils/extmath.py weighted_mode: the sum of each class is numpy's over all neighbours, those of
 * other classes being 0. */
static int32_t weighted_mode(const struct brn_near *near, size_t output)
{
    const struct brn_neighbor_model *m = near->m;
    int32_t best = 0;
    double most = 0;
    for (size_t c = 0; c < m->labels.classes[output]; c++) {
        for (size_t i = 0; i < near->n; i++) {
            bool is = m->codes[near->indices[i] * m->outputs + output] == (int32_t)c;
            near->room[i] = is ? near->weights[i] : 0;
        }
        double sum = sum_of(near->room, near->n);
        if (sum > most) {
            most = sum;
            best = (int32_t)c;
        }
    }
    return best;
}

int32_t brn_near_mode(const struct brn_near *near, size_t output, double *votes)
{
    int32_t best;
    if (near->weights)
        return weighted_mode(near, output);
    count_votes(near, output, votes);
    brn_argmax(votes, 1, near->m->labels.classes[output], &best, 1);
    return best;
}

/* numpy adds one column by its own tree, several of them one row after the other. */
double brn_near_mean(const struct brn_near *near, size_t output)
{
    const struct brn_neighbor_model *m = near->m;
    double sum = 0;
    for (size_t i = 0; i < near->n; i++) {
        near->room[i] = m->targets[near->indices[i] * m->outputs + output];
        sum += near->room[i];
    }
    return (m->outputs == 1 ? sum_of(near->room, near->n) : sum) / (double)near->n;
}

double brn_near_weighted_mean(const struct brn_near *near, size_t output, bool one_by_one)
{
    const struct brn_neighbor_model *m = near->m;
    double sum = 0, whole = sum_of(near->weights, near->n);
    for (size_t i = 0; i < near->n; i++) {
        double target = m->targets[near->indices[i] * m->outputs + output];
        near->room[i] = target * near->weights[i];
        sum += near->room[i];
    }
    return (one_by_one ? sum : sum_of(near->room, near->n)) / whole;
}
