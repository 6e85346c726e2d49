/* SPDX-License-Identifier: Apache-2.0
 *
 * tfidf_transformer.c - TfidfTransformer.  sklearn/feature_extraction/text.py. */
#include "estimators/shared_tfidf.h"

#include <math.h>

/* ---- norms ---- */

brine_status brn_norm_read(struct brn_build *build, const struct brn_node *node,
                           enum brn_norm *ret_norm)
{
    *ret_norm = BRN_NORM_NONE;
    if (brn_node_is_text(node, "l1"))
        *ret_norm = BRN_NORM_L1;
    else if (brn_node_is_text(node, "l2"))
        *ret_norm = BRN_NORM_L2;
    else if (!brn_is(node, BRN_NONE))
        return brn_unsupported(build, "norm", "is neither l1, l2 nor None");
    return BRINE_OK;
}

/* A float32's square is a float32 before it is added to the float64 sum. */
static inline double magnitude(enum brn_norm norm, double value, bool single)
{
    if (norm == BRN_NORM_L1)
        return fabs(value);
    return single ? (double)(float)(value * value) : value * value;
}

static double sum_of(struct brn_row_norm norm, const double *values, size_t count, bool single)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += magnitude(norm.norm, values[norm.descends ? count - 1 - i : i], single);
    return sum;
}

void brn_norm_apply(struct brn_row_norm norm, double *values, size_t count, bool single)
{
    if (norm.norm == BRN_NORM_NONE)
        return;
    double sum = sum_of(norm, values, count, single);
    if (sum == 0)
        return;
    if (norm.norm == BRN_NORM_L2)
        sum = sqrt(sum);
    for (size_t i = 0; i < count; i++)
        values[i] = single ? (double)(float)(values[i] / sum) : values[i] / sum;
}

/* ---- weights ---- */

static void weigh(double *values, const double *idf, const uint32_t *columns, size_t count,
                  bool single)
{
    for (size_t i = 0; i < count; i++) {
        double product = values[i] * idf[columns[i]];
        values[i] = single ? (double)(float)product : product;
    }
}

static double sublinear(double value, bool single)
{
    return single ? (double)(1 + logf((float)value)) : 1 + log(value);
}

bool brn_tfidf_is_single(const struct brn_tfidf *m, bool single)
{
    return single && (!m->idf || m->idf_is_single || m->keeps_type);
}

static void apply_weights(const struct brn_tfidf *m, const uint32_t *columns, double *values,
                          size_t count, bool single)
{
    for (size_t i = 0; m->sublinear && i < count; i++)
        values[i] = sublinear(values[i], single);
    if (m->idf)
        weigh(values, m->idf, columns, count, brn_tfidf_is_single(m, single));
}

void brn_tfidf_apply(const struct brn_tfidf *m, const uint32_t *columns, double *values,
                     size_t count, bool single)
{
    apply_weights(m, columns, values, count, single);
    brn_norm_apply(m->norm, values, count, brn_tfidf_is_single(m, single));
}

/* ---- decoding ---- */

enum product { BY_DIAGONAL, IN_PLACE };

static const struct brn_era product_eras[] = {
    {0, 10500, BY_DIAGONAL, "X @ _idf_diag: the wider type, and rows that descend"},
    {10500, 0, IN_PLACE, "X.data *= idf_[X.indices]: the type and the order of X"},
    BRN_ERA_END,
};

static brine_status check_idf(const struct brn_matrix *idf, const char *attribute,
                              struct brn_tfidf *m, struct brn_instance *me, struct brn_build *build)
{
    if (!idf->present || idf->rows != 1 || idf->kind != 'f')
        return brn_ill_formed(build, attribute, "is no row of floats");
    BRN_TRY(brn_expect_features(build, me, idf->columns, attribute));
    m->idf = idf->values;
    m->idf_is_single = idf->itemsize == 4;
    return BRINE_OK;
}

/* The diagonal of a scipy.sparse matrix: of csr its data, when each row holds its own column; of
 * dia its only row. */
static brine_status read_diagonal(struct brn_tfidf *m, struct brn_instance *me,
                                  struct brn_build *build)
{
    struct brn_matrix data = {0}, indices = {0};
    const struct brn_node *columns = brn_node_attribute(m->idf_diag, "indices");
    BRN_TRY(brn_decode_matrix(build, brn_node_attribute(m->idf_diag, "data"), &data));
    if (columns->kind != BRN_NIL)
        BRN_TRY(brn_decode_matrix(build, columns, &indices));
    else
        BRN_TRY(brn_decode_matrix(build, brn_node_attribute(m->idf_diag, "offsets"), &indices));
    bool is_row = columns->kind != BRN_NIL;
    if (is_row ? indices.columns != data.columns : indices.columns != 1)
        return brn_ill_formed(build, "_idf_diag", "is no diagonal");
    for (size_t i = 0; i < indices.columns; i++)
        if (indices.values[i] != (double)i)
            return brn_ill_formed(build, "_idf_diag", "is no diagonal");
    return check_idf(&data, "_idf_diag", m, me, build);
}

static brine_status read_idf(struct brn_tfidf *m, struct brn_instance *me, struct brn_build *build)
{
    struct brn_matrix idf = {0};
    if (brn_era_behaviour(product_eras, me->version) == BY_DIAGONAL) {
        if (!m->use_idf)
            return BRINE_OK;
        if (!m->idf_diag)
            return brn_ill_formed(build, "_idf_diag", "is missing: this was not fitted");
        m->norm.descends = true;
        return read_diagonal(m, me, build);
    }
    m->keeps_type = true;
    if (!m->idf_node)
        return BRINE_OK;
    BRN_TRY(brn_decode_matrix(build, m->idf_node, &idf));
    return check_idf(&idf, "idf_", m, me, build);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct brn_tfidf *m = me->self;
    BRN_TRY(brn_norm_read(build, m->norm_node, &m->norm.norm));
    return read_idf(m, me, build);
}

/* ---- binding and running ---- */

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct brn_tfidf *m = me->self;
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    if (!names)
        return brn_fail_memory(build->err);
    if (m->idf && me->feature_count != in->count)
        return brn_ill_formed(build, "", "idf is for %zu features, not %zu", me->feature_count,
                              in->count);
    m->count = in->count;
    for (size_t i = 0; i < in->count; i++)
        names[i] = brn_schema_name(in, i);
    if (!in->is_compressed)
        BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_compressed(build->arena, in->count, names);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* Row r of the input, its zeros left out where it is dense. */
static brine_status copy_row(const struct brn_tfidf *m, const struct brn_tile *in, size_t r,
                             struct brn_compressed *to, struct brn_work *work)
{
    const struct brn_compressed *from = in->compressed;
    for (size_t k = from ? from->starts[r] : 0; from && k < from->starts[r + 1]; k++)
        BRN_TRY(brn_compressed_add(work, to, from->columns[k], from->values[k]));
    for (size_t i = 0; !from && i < m->count; i++) {
        double value = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
        if (value != 0)
            BRN_TRY(brn_compressed_add(work, to, (uint32_t)i, value));
    }
    return BRINE_OK;
}

static const struct brn_era dense_eras[] = {
    {0, 2000, true, "csr_matrix(X): rows of float32 stay so"},
    {2000, 10500, false, "csr_matrix(X, dtype=float64) of what is not sparse"},
    {10500, 0, true, "csr_matrix(X, dtype=X.dtype)"},
    BRN_ERA_END,
};

static const struct brn_era check_eras[] = {
    {0, 2000, false, "no check_array in transform"},
    {2000, 0, true, "check_array"},
    BRN_ERA_END,
};

/* normalize() has a check_array of its own, which sees what the weights made. */
static brine_status check_weighed(const struct brn_tile *in, size_t r, const double *values,
                                  size_t count, struct brn_work *work)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return brn_refuse(work, in, r, NULL, "a weighed value is %s",
                              isnan(values[i]) ? "NaN" : "infinite");
    return BRINE_OK;
}

static brine_status transform_row(const struct brn_tfidf *m, const struct brn_tile *in, size_t r,
                                  bool single, struct brn_compressed *to, struct brn_work *work)
{
    size_t first = to->count;
    BRN_TRY(copy_row(m, in, r, to, work));
    double *values = to->values + first;
    size_t count = to->count - first;
    apply_weights(m, to->columns + first, values, count, single);
    if (m->norm.norm != BRN_NORM_NONE)
        BRN_TRY(check_weighed(in, r, values, count, work));
    brn_norm_apply(m->norm, values, count, brn_tfidf_is_single(m, single));
    brn_compressed_end_row(to, r);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct brn_tfidf *m = me->self;
    bool single = in->single && (in->compressed || brn_era_behaviour(dense_eras, me->version));
    if (!in->compressed && brn_era_behaviour(check_eras, me->version))
        BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(transform_row(m, in, r, single, out->compressed, work));
    out->single = brn_tfidf_is_single(m, single);
    return BRINE_OK;
}

/* A logarithm is of class C. */
static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct brn_tfidf *m = me->self;
    (void)method; /* it has one */
    return m->sublinear ? BRN_ULPS : BRN_EXACT;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct brn_tfidf, norm_node, "norm", NODE, "l1, l2 or None"),
    BRN_FIELD(struct brn_tfidf, use_idf, "use_idf", BOOL, "before 1.5: whether _idf_diag is used"),
    BRN_FIELD(struct brn_tfidf, sublinear, "sublinear_tf", BOOL, "1 + log(count) for count"),
    BRN_FIELD_OPTIONAL(struct brn_tfidf, idf_diag, "_idf_diag", NODE,
                       "before 1.5: weights, a diagonal matrix"),
    BRN_FIELD_OPTIONAL(struct brn_tfidf, idf_node, "idf_", NODE, "since 1.5: weights"),
    BRN_FIELD_IGNORE("smooth_idf", "of fit; the weights are what came of it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.feature_extraction.text", NULL};

const struct brn_estimator brn_tfidf_transformer = {
    .name = "TfidfTransformer",
    .modules = modules,
    .size = sizeof(struct brn_tfidf),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&brn_tfidf_transformer, NULL};

const struct brn_family brn_family_tfidf_transformer = {estimators};
