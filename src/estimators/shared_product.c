/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_product.h"

#include "estimators/shared_sparse.h"
#include "kernel/dot.h"

brine_status brn_features_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_features *ret_features)
{
    *ret_features = (struct brn_features){.count = in->count};
    if (in->is_compressed)
        return BRINE_OK;
    return brn_bind_numbers(build, me, in, &ret_features->columns);
}

brine_status brn_features_check(const struct brn_features *features, const struct brn_tile *in,
                                const struct brn_work *work)
{
    if (!features->columns)
        return brn_check_compressed(work, in, BRN_NAN_REFUSED);
    return brn_check_finite(work, in, features->columns, features->count, BRN_NAN_REFUSED);
}

brine_status brn_product_bind(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_schema *in, struct brn_product *product)
{
    BRN_TRY(brn_features_bind(build, me, in, &product->features));
    if (!in->is_compressed)
        return BRINE_OK;
    size_t room = product->outputs * in->count + BRN_DOT_SPARE; /* the weights exist: no overflow */
    product->by_feature = BRN_BUILD_NEW(build, double, room);
    if (!product->by_feature)
        return brn_fail_memory(build->err);
    brn_dot_by_feature(product->weights, product->outputs, in->count, product->by_feature);
    return BRINE_OK;
}

/* A NaN or an infinity among a row's features makes each of its results one: products with it are,
 * and so are sums with those.  Finite results therefore show that the features are finite, without
 * reading the features again. */
static bool results_show_finite(const double *out, size_t rows, size_t stride, size_t outputs)
{
    double sum = 0;
    for (size_t r = 0; r < rows && outputs > 0; r++)
        sum += out[r * stride] * 0;
    return outputs > 0 && sum == 0;
}

static brine_status run_dense(const struct brn_product *p, const struct brn_tile *in, double *out,
                              size_t stride, struct brn_work *work)
{
    size_t x_stride, n = p->features.count;
    const double *x = brn_tile_gather(work, in, p->features.columns, p->features.count, &x_stride);
    if (!x)
        return brn_fail_memory(work->err);
    brn_dot_rows(x, in->rows, x_stride, p->weights, p->outputs, n, p->bias, out, stride);
    return results_show_finite(out, in->rows, stride, p->outputs)
               ? BRINE_OK
               : brn_features_check(&p->features, in, work);
}

brine_status brn_product_run(const struct brn_product *p, const struct brn_tile *in, double *out,
                             size_t stride, struct brn_work *work)
{
    if (p->features.columns)
        return run_dense(p, in, out, stride, work);
    BRN_TRY(brn_features_check(&p->features, in, work));
    const struct brn_compressed *rows = in->compressed;
    brn_dot_compressed(rows->starts, rows->columns, rows->values, in->rows, p->by_feature,
                       p->outputs, p->bias, out, stride);
    return BRINE_OK;
}
