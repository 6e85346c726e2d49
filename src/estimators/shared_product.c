/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_product.h"

#include "estimators/shared_sparse.h"
#include "kernel/dot.h"
#include "kernel/finite.h"

brine_status brn_features_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_features *ret_features)
{
    *ret_features = (struct brn_features){.count = in->count};
    if (in->is_compressed)
        return BRINE_OK;
    BRN_TRY(brn_bind_numbers(build, me, in, &ret_features->columns));
    ret_features->is_contiguous = in->count > 0;
    for (size_t i = 1; i < in->count; i++)
        if (ret_features->columns[i] != ret_features->columns[i - 1] + 1)
            ret_features->is_contiguous = false;
    return BRINE_OK;
}

static bool is_finite(const struct brn_features *features, const struct brn_tile *in)
{
    for (size_t r = 0; r < in->rows; r++)
        if (!brn_all_finite(in->numbers + r * in->number_stride + features->columns[0],
                            features->count))
            return false;
    return true;
}

brine_status brn_features_check(const struct brn_features *features, const struct brn_tile *in,
                                const struct brn_work *work)
{
    if (!features->columns)
        return brn_check_compressed(work, in, BRN_NAN_REFUSED);
    if (features->is_contiguous && is_finite(features, in))
        return BRINE_OK;
    return brn_check_finite(work, in, features->columns, features->count, BRN_NAN_REFUSED);
}

const double *brn_features_gather(const struct brn_features *features, const struct brn_tile *in,
                                  struct brn_work *work, size_t *ret_stride)
{
    if (!features->is_contiguous)
        return brn_tile_gather(work, in, features->columns, features->count, ret_stride);
    *ret_stride = in->number_stride;
    return in->numbers + features->columns[0];
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

static brine_status run_dense(const struct brn_product *p, const struct brn_tile *in, double *out,
                              size_t stride, struct brn_work *work)
{
    size_t x_stride, n = p->features.count;
    const double *x = brn_features_gather(&p->features, in, work, &x_stride);
    if (!x)
        return brn_fail_memory(work->err);
    brn_dot_rows(x, in->rows, x_stride, p->weights, p->outputs, n, p->bias, out, stride);
    return BRINE_OK;
}

brine_status brn_product_run(const struct brn_product *p, const struct brn_tile *in, double *out,
                             size_t stride, struct brn_work *work)
{
    BRN_TRY(brn_features_check(&p->features, in, work));
    if (p->features.columns)
        return run_dense(p, in, out, stride, work);
    const struct brn_compressed *rows = in->compressed;
    brn_dot_compressed(rows->starts, rows->columns, rows->values, in->rows, p->by_feature,
                       p->outputs, p->bias, out, stride);
    return BRINE_OK;
}
