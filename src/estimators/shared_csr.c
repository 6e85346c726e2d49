/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_csr.h"

enum { MOST_SIDE = 1 << 30 };

bool brn_node_is_csr(const struct brn_node *node)
{
    static const char *const modules[] = {"scipy.sparse.csr", "scipy.sparse._csr"};
    const struct brn_node *class = brn_node_class(node);
    for (size_t i = 0; i < 2; i++)
        if (brn_node_is_global(class, modules[i], "csr_matrix") ||
            brn_node_is_global(class, modules[i], "csr_array"))
            return true;
    return false;
}

static brine_status read_side(struct brn_build *build, const struct brn_node *shape, size_t i,
                              size_t *ret)
{
    int64_t side;
    BRN_TRY(brn_decode_int(build, brn_node_item(shape, i), &side));
    if (side < 0 || side > MOST_SIDE)
        return brn_fail(build->err, BRINE_MODEL, "a sparse matrix has a side of %lld",
                        (long long)side);
    *ret = (size_t)side;
    return BRINE_OK;
}

static brine_status integers(struct brn_build *build, const struct brn_node *node,
                             struct brn_array *ret_array)
{
    if (!brn_node_is_array(node))
        return brn_fail(build->err, BRINE_MODEL, "a sparse matrix lacks its indices");
    BRN_TRY(brn_node_array(node, build->scratch, ret_array, build->err));
    if (!strchr("iu", ret_array->dtype.kind) || ret_array->dtype.itemsize > 8)
        return brn_fail(build->err, BRINE_MODEL, "the indices of a sparse matrix are no integers");
    return BRINE_OK;
}

static brine_status read_starts(struct brn_build *build, const struct brn_node *node,
                                struct brn_csr *csr)
{
    struct brn_array array;
    BRN_TRY(integers(build, node, &array));
    if (array.count != csr->rows + 1)
        return brn_fail(build->err, BRINE_MODEL, "a sparse matrix of %zu rows has %llu starts",
                        csr->rows, (unsigned long long)array.count);
    csr->starts = BRN_BUILD_NEW(build, size_t, csr->rows + 1);
    if (!csr->starts)
        return brn_fail_memory(build->err);
    int64_t before = 0;
    for (size_t r = 0; r <= csr->rows; r++) {
        int64_t at = brn_dtype_integer(&array.dtype, brn_array_element(&array, r));
        if (at < before || (uint64_t)at > csr->count || (r == 0 && at != 0))
            return brn_fail(build->err, BRINE_MODEL, "row %zu of a sparse matrix starts at %lld", r,
                            (long long)at);
        csr->starts[r] = (size_t)at;
        before = at;
    }
    csr->count = csr->starts[csr->rows];
    return BRINE_OK;
}

static brine_status read_columns(struct brn_build *build, const struct brn_node *node,
                                 struct brn_csr *csr)
{
    struct brn_array array;
    BRN_TRY(integers(build, node, &array));
    if (array.count < csr->count)
        return brn_fail(build->err, BRINE_MODEL, "a sparse matrix lacks indices");
    csr->entry_columns = BRN_BUILD_NEW(build, uint32_t, csr->count);
    if (!csr->entry_columns)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < csr->count; i++) {
        int64_t at = brn_dtype_integer(&array.dtype, brn_array_element(&array, i));
        if (at < 0 || (uint64_t)at >= csr->columns)
            return brn_fail(build->err, BRINE_MODEL,
                            "entry %zu of a sparse matrix stands in column %lld of %zu", i,
                            (long long)at, csr->columns);
        csr->entry_columns[i] = (uint32_t)at;
    }
    return BRINE_OK;
}

brine_status brn_decode_csr(struct brn_build *build, const struct brn_node *node,
                            struct brn_csr *ret_csr)
{
    struct brn_csr csr = {0};
    struct brn_matrix data = {0};
    if (!brn_node_is_csr(node))
        return brn_fail(build->err, BRINE_MODEL, "is no sparse matrix of rows");
    const struct brn_node *state = brn_node_state(node), *shape = brn_node_get(state, "_shape");
    if (brn_node_count(shape) != 2)
        return brn_fail(build->err, BRINE_MODEL, "a sparse matrix has no shape");
    BRN_TRY(read_side(build, shape, 0, &csr.rows));
    BRN_TRY(read_side(build, shape, 1, &csr.columns));
    BRN_TRY(brn_decode_matrix(build, brn_node_get(state, "data"), &data));
    csr.count = data.rows * data.columns;
    csr.values = data.values;
    BRN_TRY(read_starts(build, brn_node_get(state, "indptr"), &csr));
    BRN_TRY(read_columns(build, brn_node_get(state, "indices"), &csr));
    *ret_csr = csr;
    return BRINE_OK;
}

brine_status brn_csr_dense(struct brn_build *build, const struct brn_csr *csr,
                           struct brn_matrix *ret_matrix)
{
    size_t count;
    if (__builtin_mul_overflow(csr->rows, csr->columns, &count))
        return brn_fail_memory(build->err);
    double *values = BRN_BUILD_NEW(build, double, count);
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t r = 0; r < csr->rows; r++)
        for (size_t i = csr->starts[r]; i < csr->starts[r + 1]; i++)
            values[r * csr->columns + csr->entry_columns[i]] += csr->values[i];
    *ret_matrix = (struct brn_matrix){.values = values,
                                      .rows = csr->rows,
                                      .columns = csr->columns,
                                      .dimensions = 2,
                                      .kind = 'f',
                                      .itemsize = 8,
                                      .present = true};
    return BRINE_OK;
}
