/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_product.h"

#include "estimators/shared_sparse.h"
#include "kernel/dot.h"

brine_status brn_features_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_features *ret_features)
{
    *ret_features = (struct brn_features){.count = in->count};
    return in->is_compressed ? BRINE_OK : brn_bind_numbers(build, me, in, &ret_features->columns);
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

static brine_status run_dense(const struct brn_product *p, const struct brn_tile *in, double *out,
                              size_t stride, struct brn_work *work)
{
    size_t x_stride, n = p->features.count;
    const double *x = brn_tile_gather(work, in, p->features.columns, n, &x_stride);
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
