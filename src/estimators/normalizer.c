/* SPDX-License-Identifier: Apache-2.0
 *
 * normalizer.c - Normalizer, each row by its own norm, and Binarizer, 1 above a threshold.
 * sklearn/preprocessing/_data.py: normalize, binarize. */
#include "estimators/shared_sparse.h"
#include "kernel/sum.h"
#include "model/estimator.h"

#include <float.h>
#include <math.h>

static const char *const modules[] = {"sklearn.preprocessing._data", "sklearn.preprocessing.data",
                                      NULL};

/* Columns of either class. */
struct inputs {
    size_t count;
    int32_t *columns;
    bool is_sparse, is_compressed;
};

static brine_status bind_inputs(struct inputs *inputs, struct brn_instance *me,
                                const struct brn_schema *in, struct brn_build *build)
{
    inputs->count = in->count;
    inputs->is_sparse = in->is_sparse;
    inputs->is_compressed = in->is_compressed;
    if (!in->is_compressed)
        BRN_TRY(brn_bind_numbers(build, me, in, &inputs->columns));
    return brn_bind_like(build, me, in);
}

static brine_status check_inputs(const struct inputs *inputs, const struct brn_tile *in,
                                 const struct brn_work *work)
{
    return inputs->is_compressed
               ? brn_check_compressed(work, in, BRN_NAN_REFUSED)
               : brn_check_finite(work, in, inputs->columns, inputs->count, BRN_NAN_REFUSED);
}

/* ---- Normalizer ---- */

enum norm { L1, L2, MAX };

struct normalizer {
    const char *name;
    enum norm norm;
    struct inputs inputs;
};

static brine_status prepare_normalizer(struct brn_instance *me, struct brn_build *build)
{
    static const char *const names[] = {[L1] = "l1", [L2] = "l2", [MAX] = "max"};
    struct normalizer *m = me->self;
    for (enum norm norm = L1; norm <= MAX; norm++)
        if (brn_text_is(m->name, names[norm])) {
            m->norm = norm;
            return BRINE_OK;
        }
    return brn_ill_formed(build, "norm", "is none of l1, l2 and max");
}

static brine_status bind_normalizer(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct normalizer *m = me->self;
    return bind_inputs(&m->inputs, me, in, build);
}

static const struct brn_era signed_eras[] = {
    {0, 2300, true, "the largest value, not the largest magnitude"},
    {2300, 0, false, "the largest magnitude"},
    BRN_ERA_END,
};

static const struct brn_era tiny_eras[] = {
    {0, 10000, false, "only rows of norm 0 are left as they are"},
    {10000, 0, true, "rows of a norm below 10 eps are, too (_handle_zeros_in_scale)"},
    BRN_ERA_END,
};

static double max_of(const double *row, size_t n, bool is_signed)
{
    double most = n ? row[0] : 0;
    for (size_t i = 0; i < n; i++) {
        double v = is_signed ? row[i] : fabs(row[i]);
        most = i == 0 || v > most ? v : most;
    }
    return most;
}

/* numpy's sum of magnitudes; einsum's sum of squares, whose order its registers decide.  Squares
 * of float32 rows overflow as float32 does. */
static double dense_norm(enum norm norm, const double *row, size_t n, bool is_signed, bool single,
                         double *scratch)
{
    if (norm == MAX)
        return max_of(row, n, is_signed);
    for (size_t i = 0; i < n; i++) {
        double term = norm == L1 ? fabs(row[i]) : row[i] * row[i];
        scratch[i] = single ? (double)(float)term : term;
    }
    double sum = brn_sum_numpy(scratch, n);
    sum = single ? (double)(float)sum : sum;
    return norm == L1 ? sum : sqrt(sum);
}

/* One by one, as sparsefuncs_fast.pyx. */
static double sparse_norm(enum norm norm, const double *values, size_t n, size_t width,
                          bool is_signed)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += norm == L1 ? fabs(values[i]) : values[i] * values[i];
    if (norm == MAX)
        sum = n ? max_of(values, n, is_signed) : 0;
    if (norm == MAX && n < width && sum < 0) /* the zeros that are not stored count */
        sum = 0;
    return norm == L2 ? sqrt(sum) : sum;
}

static bool is_left_alone(double norm, bool single, bool tiny)
{
    if (!tiny)
        return !(norm < 0 || norm > 0);
    return norm < 10 * (single ? (double)FLT_EPSILON : DBL_EPSILON);
}

static brine_status normalize_compressed(const struct brn_instance *me, const struct brn_tile *in,
                                         struct brn_tile *out, struct brn_work *work)
{
    const struct normalizer *m = me->self;
    const struct brn_compressed *from = in->compressed;
    bool is_signed = brn_era_behaviour(signed_eras, me->version);
    for (size_t r = 0; r < in->rows; r++) {
        const double *values = from->values + from->starts[r];
        size_t n = from->starts[r + 1] - from->starts[r];
        double norm = sparse_norm(m->norm, values, n, m->inputs.count, is_signed);
        for (size_t k = 0; k < n; k++) {
            double v = is_left_alone(norm, in->single, false) ? values[k] : values[k] / norm;
            BRN_TRY(brn_compressed_add(work, out->compressed, from->columns[from->starts[r] + k],
                                       in->single ? (double)(float)v : v));
        }
        brn_compressed_end_row(out->compressed, r);
    }
    return BRINE_OK;
}

static void normalize_row(const struct brn_instance *me, double *row, bool single, double *scratch)
{
    const struct normalizer *m = me->self;
    size_t n = m->inputs.count;
    bool is_signed = brn_era_behaviour(signed_eras, me->version), left;
    double norm;
    if (m->inputs.is_sparse) {
        norm = sparse_norm(m->norm, row, n, n, is_signed);
        left = is_left_alone(norm, single, false);
    } else {
        norm = dense_norm(m->norm, row, n, is_signed, single, scratch);
        norm = single ? (double)(float)norm : norm;
        left = is_left_alone(norm, single, brn_era_behaviour(tiny_eras, me->version));
    }
    for (size_t i = 0; i < n && !left; i++)
        row[i] = single ? (double)(float)(row[i] / norm) : row[i] / norm;
}

static brine_status normalize(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct normalizer *m = me->self;
    BRN_TRY(check_inputs(&m->inputs, in, work));
    if (m->inputs.is_compressed)
        return normalize_compressed(me, in, out, work);
    double *scratch = brn_work_take(work, m->inputs.count, sizeof *scratch);
    if (!scratch)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        for (size_t i = 0; i < m->inputs.count; i++)
            row[i] = in->numbers[r * in->number_stride + (size_t)m->inputs.columns[i]];
        normalize_row(me, row, in->single, scratch);
    }
    return BRINE_OK;
}

static enum brn_equality normalizer_equality(const struct brn_instance *me, brine_method method)
{
    const struct normalizer *m = me->self;
    (void)method;
    return m->norm == MAX ? BRN_EXACT : BRN_BOUNDED;
}

static const struct brn_field normalizer_fields[] = {
    BRN_FIELD(struct normalizer, name, "norm", TEXT, "l1, l2 or max"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const struct brn_estimator normalizer = {
    .name = "Normalizer",
    .modules = modules,
    .size = sizeof(struct normalizer),
    .fields = normalizer_fields,
    .prepare = prepare_normalizer,
    .bind = bind_normalizer,
    .takes_any_width = true,
    .keeps_width = true,
    .takes_compressed = true,
    .equality = normalizer_equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {normalize, BRN_BOUNDED}},
};

/* ---- Binarizer ---- */

struct binarizer {
    double threshold;
    struct inputs inputs;
};

static brine_status bind_binarizer(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct binarizer *m = me->self;
    if (in->is_sparse && m->threshold < 0)
        return brn_unsupported(build, "threshold", "is below 0, and sparse rows hold zeros");
    return bind_inputs(&m->inputs, me, in, build);
}

static brine_status binarize_compressed(const struct brn_tile *in, struct brn_tile *out,
                                        double threshold, struct brn_work *work)
{
    const struct brn_compressed *from = in->compressed;
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t k = from->starts[r]; k < from->starts[r + 1]; k++)
            if (from->values[k] > threshold)
                BRN_TRY(brn_compressed_add(work, out->compressed, from->columns[k], 1));
        brn_compressed_end_row(out->compressed, r);
    }
    return BRINE_OK;
}

static brine_status binarize(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work)
{
    const struct binarizer *m = me->self;
    double threshold = in->single ? (double)(float)m->threshold : m->threshold;
    BRN_TRY(check_inputs(&m->inputs, in, work));
    if (m->inputs.is_compressed)
        return binarize_compressed(in, out, threshold, work);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->inputs.count; i++)
            out->numbers[r * out->number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->inputs.columns[i]] > threshold;
    return BRINE_OK;
}

static const struct brn_field binarizer_fields[] = {
    BRN_FIELD(struct binarizer, threshold, "threshold", NUMBER, "above it is 1"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const struct brn_estimator binarizer = {
    .name = "Binarizer",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct binarizer),
    .fields = binarizer_fields,
    .bind = bind_binarizer,
    .takes_any_width = true,
    .keeps_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {binarize, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&normalizer, &binarizer, NULL};

const struct brn_family brn_family_normalizer = {estimators};
