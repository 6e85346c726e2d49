/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_svm.h"

#include "kernel/dot.h"

#include <math.h>

/* One block of rows on its way. */
struct block {
    const struct brn_svm *m;
    const double *kernels; /* rows->stride a row */
    size_t rows;
    double *pairs; /* pair_count a row (1 for one score) */
    double *sums;  /* room: class_count x (class_count - 1) */
};

/* Sums that leave the range of doubles do so in libsvm's order: one by one, to one infinity. */
static double add_products(double sum, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void score_one(const struct block *b)
{
    const struct brn_svm *m = b->m;
    double own = m->intercept.values[0];
    brn_dot_rows(b->kernels, b->rows, m->rows.stride, m->coefs, 1, m->rows.count, &own, b->pairs,
                 1);
    for (size_t r = 0; r < b->rows; r++)
        if (!isfinite(b->pairs[r]))
            b->pairs[r] =
                add_products(0, m->coefs, b->kernels + r * m->rows.stride, m->rows.count) + own;
}

/* Of classes i < j, again. */
static double pair_sum(const struct brn_svm *m, const double *kernels, size_t i, size_t j)
{
    size_t others = m->class_count - 1, first = m->starts[i], second = m->starts[j];
    size_t first_n = m->starts[i + 1] - first, second_n = m->starts[j + 1] - second;
    double sum =
        add_products(0, m->coefs + first * others + (j - 1) * first_n, kernels + first, first_n);
    return add_products(sum, m->coefs + second * others + i * second_n, kernels + second, second_n);
}

static void score_pairs(const struct block *b, size_t r)
{
    const struct brn_svm *m = b->m;
    size_t others = m->class_count - 1;
    const double *kernels = b->kernels + r * m->rows.stride;
    double *to = b->pairs + r * m->pair_count;
    for (size_t c = 0; c < m->class_count; c++)
        brn_dot_rows(kernels + m->starts[c], 1, 0, m->coefs + m->starts[c] * others, others,
                     m->starts[c + 1] - m->starts[c], NULL, b->sums + c * others, others);
    for (size_t i = 0, p = 0; i < m->class_count; i++)
        for (size_t j = i + 1; j < m->class_count; j++, p++) {
            double sum = b->sums[i * others + j - 1] + b->sums[j * others + i];
            if (!isfinite(sum))
                sum = pair_sum(m, kernels, i, j);
            to[p] = sum + m->intercept.values[p];
        }
}

static void score_block(const struct block *b)
{
    if (!b->m->class_count)
        score_one(b);
    for (size_t r = 0; b->m->class_count && r < b->rows; r++)
        score_pairs(b, r);
}

brine_status brn_svm_decide(const struct brn_svm *m, const struct brn_tile *in,
                            struct brn_work *work, double **ret_pairs)
{
    size_t width = m->class_count ? m->pair_count : 1, n = m->rows.columns, x_stride;
    size_t most = brn_kernel_rows_block(&m->rows);
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    double *pairs = brn_work_take(work, in->rows * width, sizeof *pairs);
    double *kernels = brn_work_take(work, most * m->rows.stride, sizeof *kernels);
    double *sums = brn_work_take(work, m->class_count * m->class_count, sizeof *sums);
    if (!x || !pairs || !kernels || !sums)
        return brn_fail_memory(work->err);
    for (size_t first = 0; first < in->rows; first += most) {
        size_t left = in->rows - first, rows = left < most ? left : most;
        brn_kernel_rows_values(&m->rows, x + first * x_stride, rows, x_stride, kernels);
        score_block(&(struct block){m, kernels, rows, pairs + first * width, sums});
    }
    *ret_pairs = pairs;
    return BRINE_OK;
}

void brn_svm_against_rest(const struct brn_svm *m, const double *pairs, double *confidences,
                          double *out)
{
    for (size_t c = 0; c < m->class_count; c++)
        out[c] = confidences[c] = 0;
    for (size_t i = 0, p = 0; i < m->class_count; i++)
        for (size_t j = i + 1; j < m->class_count; j++, p++) {
            confidences[i] += pairs[p];
            confidences[j] -= pairs[p];
            out[pairs[p] < 0 ? j : i] += 1;
        }
    for (size_t c = 0; c < m->class_count; c++)
        out[c] += confidences[c] / (3 * (fabs(confidences[c]) + 1));
}

int32_t brn_svm_elect(const struct brn_svm *m, const double *pairs, int32_t *votes)
{
    int32_t best = 0;
    memset(votes, 0, m->class_count * sizeof *votes);
    for (size_t i = 0, p = 0; i < m->class_count; i++)
        for (size_t j = i + 1; j < m->class_count; j++, p++)
            votes[pairs[p] > 0 ? i : j]++;
    for (size_t c = 1; c < m->class_count; c++)
        if (votes[c] > votes[best])
            best = (int32_t)c;
    return best;
}
