/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_kernel_rows.h"

#include "kernel/exponential.h"

#include <math.h>

/* ---- reading ---- */

/* Sparse rows become dense ones unless that takes much more room. */
static bool is_worth_dense(const struct brn_csr *csr)
{
    enum { MOST_PER_ENTRY = 8, SMALL = 1 << 16 };
    size_t all;
    return !__builtin_mul_overflow(csr->rows, csr->columns, &all) &&
           (all <= SMALL || all / MOST_PER_ENTRY <= csr->count);
}

static brine_status lay_out(struct brn_build *build, const struct brn_matrix *matrix,
                            struct brn_kernel_rows *rows)
{
    size_t panels = brn_panel_count(matrix->rows), values;
    rows->count = matrix->rows;
    rows->columns = matrix->columns;
    rows->stride = panels * BRN_PANEL;
    if (__builtin_mul_overflow(rows->stride, matrix->columns, &values))
        return brn_fail_memory(build->err);
    rows->panels = brn_arena_alloc(build->arena, values, sizeof(double), 64);
    if (!rows->panels)
        return brn_fail_memory(build->err);
    brn_panel_fill(matrix->values, matrix->rows, matrix->columns, rows->panels);
    return BRINE_OK;
}

static brine_status read_norms(struct brn_build *build, const struct brn_matrix *matrix,
                               struct brn_kernel_rows *rows)
{
    rows->norms = BRN_BUILD_NEW(build, double, matrix->rows);
    if (!rows->norms)
        return brn_fail_memory(build->err);
    for (size_t r = 0; r < matrix->rows; r++) {
        double sum = 0;
        for (size_t f = 0; f < matrix->columns; f++)
            sum +=
                matrix->values[r * matrix->columns + f] * matrix->values[r * matrix->columns + f];
        rows->norms[r] = sum > 0 ? sqrt(sum) : 1;
    }
    return BRINE_OK;
}

static bool takes_sparse(enum brn_kernel_kind kind)
{
    return kind != BRN_KERNEL_LAPLACIAN && kind != BRN_KERNEL_COSINE;
}

brine_status brn_kernel_rows_read(struct brn_build *build, const struct brn_node *node,
                                  struct brn_kernel_rows *rows)
{
    struct brn_build aside = *build; /* what is laid out anew is not kept */
    struct brn_matrix matrix = {0};
    aside.arena = build->scratch;
    if (brn_node_is_csr(node)) {
        BRN_TRY(brn_decode_csr(build, node, &rows->csr));
        if (!is_worth_dense(&rows->csr) && takes_sparse(rows->kind)) {
            rows->count = rows->stride = rows->csr.rows;
            rows->columns = rows->csr.columns;
            return BRINE_OK;
        }
        BRN_TRY(brn_csr_dense(&aside, &rows->csr, &matrix));
    } else {
        BRN_TRY(brn_decode_matrix(&aside, node, &matrix));
        if (!matrix.present || matrix.dimensions != 2)
            return brn_fail(build->err, BRINE_MODEL, "is no matrix of training rows");
    }
    if (rows->kind == BRN_KERNEL_COSINE)
        BRN_TRY(read_norms(build, &matrix, rows));
    return lay_out(build, &matrix, rows);
}

/* ---- running ---- */

size_t brn_kernel_rows_block(const struct brn_kernel_rows *rows)
{
    enum { VALUES = 16 << 10, MOST = 64 };
    size_t block = VALUES / (rows->stride + 1);
    return block < 1 ? 1 : block > MOST ? MOST : block;
}

static brn_panel_sum *sum_of(enum brn_kernel_kind kind)
{
    switch (kind) {
    case BRN_KERNEL_RBF:
        return brn_panel_squared;
    case BRN_KERNEL_LAPLACIAN:
        return brn_panel_manhattan;
    case BRN_KERNEL_LINEAR:
    case BRN_KERNEL_POLY:
    case BRN_KERNEL_POWER:
    case BRN_KERNEL_SIGMOID:
    case BRN_KERNEL_COSINE:
        break;
    }
    return brn_panel_dot;
}

/* Products of x and sparse rows, or the squares of their differences. */
static void sparse_sums(const struct brn_kernel_rows *rows, const double *x, double *values)
{
    const struct brn_csr *csr = &rows->csr;
    bool squares = rows->kind == BRN_KERNEL_RBF;
    double own = 0;
    for (size_t f = 0; squares && f < csr->columns; f++)
        own += x[f] * x[f];
    for (size_t r = 0; r < csr->rows; r++) {
        double sum = 0, missed = own;
        for (size_t i = csr->starts[r]; i < csr->starts[r + 1]; i++) {
            double at = x[csr->entry_columns[i]], d = at - csr->values[i];
            sum += squares ? d * d : at * csr->values[i];
            missed -= squares ? at * at : 0;
        }
        values[r] = sum + (missed > 0 ? missed : 0);
    }
}

static double power_of(double base, int64_t times)
{
    double result = 1;
    for (int64_t t = times; t > 0; t /= 2) {
        if (t % 2 == 1)
            result *= base;
        base *= base;
    }
    return result;
}

/* From sums over the features to kernels, in place. */
static void apply(const struct brn_kernel_rows *rows, const double *x, double *values)
{
    double gamma = rows->gamma, coef0 = rows->coef0, own = 0;
    switch (rows->kind) {
    case BRN_KERNEL_LINEAR:
        break;
    case BRN_KERNEL_POLY:
        for (size_t i = 0; i < rows->count; i++)
            values[i] = power_of(gamma * values[i] + coef0, (int64_t)rows->degree);
        break;
    case BRN_KERNEL_POWER:
        for (size_t i = 0; i < rows->count; i++)
            values[i] = pow(gamma * values[i] + coef0, rows->degree);
        break;
    case BRN_KERNEL_SIGMOID:
        for (size_t i = 0; i < rows->count; i++)
            values[i] = tanh(gamma * values[i] + coef0);
        break;
    case BRN_KERNEL_RBF:
    case BRN_KERNEL_LAPLACIAN:
        brn_exp_each(values, rows->count, -gamma);
        break;
    case BRN_KERNEL_COSINE:
        for (size_t f = 0; f < rows->columns; f++)
            own += x[f] * x[f];
        own = own > 0 ? sqrt(own) : 1;
        for (size_t i = 0; i < rows->count; i++)
            values[i] /= own * rows->norms[i];
        break;
    }
}

void brn_kernel_rows_values(const struct brn_kernel_rows *rows, const double *x, size_t x_rows,
                            size_t x_stride, double *values)
{
    brn_panel_sum *sum = sum_of(rows->kind);
    size_t panel_values = rows->columns * BRN_PANEL, stride = rows->stride;
    for (size_t p = 0; rows->panels && p * BRN_PANEL < rows->count; p++)
        for (size_t r = 0; r < x_rows; r++)
            sum(rows->panels + p * panel_values, x + r * x_stride, rows->columns, 0,
                values + r * stride + p * BRN_PANEL);
    for (size_t r = 0; r < x_rows; r++) {
        if (!rows->panels)
            sparse_sums(rows, x + r * x_stride, values + r * stride);
        apply(rows, x + r * x_stride, values + r * stride);
    }
}
