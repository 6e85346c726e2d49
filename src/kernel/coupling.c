/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/coupling.h"

#include <math.h>

double brn_platt(double decision, double a, double b)
{
    const double least = 1e-7;
    double at = decision * a + b;
    double p = at >= 0 ? exp(-at) / (1.0 + exp(-at)) : 1.0 / (1 + exp(at));
    p = p > least ? p : least;
    return p < 1 - least ? p : 1 - least;
}

struct coupling {
    size_t k;
    const double *r;
    double *q;  /* k x k */
    double *qp; /* k */
};

static void start_coupling(const struct coupling *c, double *p)
{
    size_t k = c->k;
    for (size_t t = 0; t < k; t++) {
        p[t] = 1.0 / (double)k;
        c->q[t * k + t] = 0;
        for (size_t j = 0; j < t; j++) {
            c->q[t * k + t] += c->r[j * k + t] * c->r[j * k + t];
            c->q[t * k + j] = c->q[j * k + t];
        }
        for (size_t j = t + 1; j < k; j++) {
            c->q[t * k + t] += c->r[j * k + t] * c->r[j * k + t];
            c->q[t * k + j] = -c->r[j * k + t] * c->r[t * k + j];
        }
    }
}

/* The largest error; *ret_pqp is p Q p. */
static double coupling_error(const struct coupling *c, const double *p, double *ret_pqp)
{
    double pqp = 0, most = 0;
    for (size_t t = 0; t < c->k; t++) {
        c->qp[t] = 0;
        for (size_t j = 0; j < c->k; j++)
            c->qp[t] += c->q[t * c->k + j] * p[j];
        pqp += p[t] * c->qp[t];
    }
    for (size_t t = 0; t < c->k; t++) {
        double error = fabs(c->qp[t] - pqp);
        most = error > most ? error : most;
    }
    *ret_pqp = pqp;
    return most;
}

/* One round of coordinate steps. */
static void improve(const struct coupling *c, double *p, double pqp)
{
    size_t k = c->k;
    for (size_t t = 0; t < k; t++) {
        double own = c->q[t * k + t], diff = (-c->qp[t] + pqp) / own;
        p[t] += diff;
        pqp = (pqp + diff * (diff * own + 2 * c->qp[t])) / (1 + diff) / (1 + diff);
        for (size_t j = 0; j < k; j++) {
            c->qp[j] = (c->qp[j] + diff * c->q[t * k + j]) / (1 + diff);
            p[j] /= 1 + diff;
        }
    }
}

void brn_couple(const double *rates, size_t k, double *room, double *p)
{
    struct coupling c = {.k = k, .r = rates, .q = room, .qp = room + k * k};
    size_t most = k > 100 ? k : 100;
    double pqp, enough = 0.005 / (double)k;
    start_coupling(&c, p);
    for (size_t round = 0; round < most; round++) {
        if (coupling_error(&c, p, &pqp) < enough)
            break;
        improve(&c, p, pqp);
    }
}
