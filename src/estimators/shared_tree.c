/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tree.c - pickled trees: their arrays, seen through the dtype that their writer gave them.
 */
#include "estimators/shared_tree.h"

#include "kernel/finite.h"

#include <math.h>

/* ---- record arrays ---- */

struct wanted_field {
    const char *name;
    uint32_t offset; /* in struct brn_tree_source */
    const char *kinds;
    bool optional;
};

#define WANTED(member, name, kinds, optional)                                     \
    {                                                                             \
        name, (uint32_t)offsetof(struct brn_tree_source, member), kinds, optional \
    }

/* tree/_tree.pyx: NODE_DTYPE; missing_go_to_left since 1.3. */
static const struct wanted_field tree_fields[] = {
    WANTED(left, "left_child", "i", false),
    WANTED(right, "right_child", "i", false),
    WANTED(feature, "feature", "i", false),
    WANTED(threshold, "threshold", "f", false),
    WANTED(missing_left, "missing_go_to_left", "u", true),
    WANTED(samples, "n_node_samples", "i", true),
    {NULL, 0, NULL, false},
};

/* ensemble/_hist_gradient_boosting/common.pyx: PREDICTOR_RECORD_DTYPE; feature_idx is signed
 * since 1.4, missing values came with 0.22, categories with 0.24, where threshold was renamed. */
static const struct wanted_field predictor_fields[] = {
    WANTED(left, "left", "u", false),
    WANTED(right, "right", "u", false),
    WANTED(feature, "feature_idx", "iu", false),
    WANTED(threshold, "num_threshold", "f", true),
    WANTED(threshold, "threshold", "f", true),
    WANTED(missing_left, "missing_go_to_left", "u", true),
    WANTED(is_leaf, "is_leaf", "u", false),
    WANTED(is_categorical, "is_categorical", "u", true),
    WANTED(set, "bitset_idx", "u", true),
    WANTED(value, "value", "f", false),
    {NULL, 0, NULL, false},
};

static const struct brn_dtype_field *find_field(const struct brn_dtype *dtype, const char *name)
{
    for (size_t i = 0; i < dtype->field_count; i++)
        if (brn_slice_is(dtype->fields[i].name, name))
            return &dtype->fields[i];
    return NULL;
}

static bool is_plain(const struct brn_dtype *type, const char *kinds)
{
    bool size_ok = type->kind == 'f' ? type->itemsize == 8 : type->itemsize <= 8;
    return strchr(kinds, type->kind) && size_ok && type->itemsize > 0 && !type->base;
}

static brine_status read_field(struct brn_build *build, const struct brn_dtype *dtype,
                               const struct wanted_field *wanted, struct brn_tree_source *source)
{
    const struct brn_dtype_field *field = find_field(dtype, wanted->name);
    if (!field && wanted->optional)
        return BRINE_OK;
    if (!field || !is_plain(&field->type, wanted->kinds))
        return brn_ill_formed(
            build, "nodes", "the records have no field %s of the kind it should be", wanted->name);
    struct brn_tree_field *to = (struct brn_tree_field *)((char *)source + wanted->offset);
    *to = (struct brn_tree_field){field->offset, field->type.itemsize, field->type.kind,
                                  field->type.swapped};
    return BRINE_OK;
}

static brine_status open_nodes(struct brn_build *build, const struct brn_node *object,
                               const struct wanted_field *fields, struct brn_tree_source *source)
{
    const struct brn_node *nodes = brn_node_attribute(object, "nodes");
    if (nodes->kind == BRN_NIL)
        return brn_ill_formed(build, "nodes", "is missing");
    brine_status status = brn_node_array(nodes, build->scratch, &source->nodes, build->err);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "nodes");
        return status;
    }
    const struct brn_dtype *dtype = &source->nodes.dtype;
    if (dtype->kind != 'V' || dtype->has_objects || source->nodes.dimensions != 1)
        return brn_ill_formed(build, "nodes", "is no array of records");
    if (source->nodes.count == 0 || source->nodes.count > INT32_MAX)
        return brn_ill_formed(build, "nodes", "has %llu nodes",
                              (unsigned long long)source->nodes.count);
    source->node_count = (uint32_t)source->nodes.count;
    for (const struct wanted_field *f = fields; f->name; f++)
        BRN_TRY(read_field(build, dtype, f, source));
    if (!source->threshold.itemsize)
        return brn_ill_formed(build, "nodes", "the records have no thresholds");
    return BRINE_OK;
}

/* ---- sklearn.tree._tree.Tree ---- */

static bool is_c_order(const struct brn_array *array)
{
    uint64_t stride = array->dtype.itemsize;
    for (uint32_t i = array->dimensions; i-- > 0; stride *= array->shape[i])
        if (array->shape[i] > 1 && array->strides[i] != stride)
            return false;
    return true;
}

/* Borrowed from the file where it holds them as we need them. */
static brine_status borrow_doubles(struct brn_build *build, const struct brn_array *array,
                                   const double **ret_values)
{
    double *copy = NULL;
    if (array->dtype.kind == 'f' && array->dtype.itemsize == 8 && !array->dtype.swapped &&
        is_c_order(array)) {
        *ret_values = (const double *)(const void *)array->data.p;
        return BRINE_OK;
    }
    BRN_TRY(brn_array_doubles(array, build->scratch, &copy, build->err));
    *ret_values = copy;
    return BRINE_OK;
}

static brine_status open_values(struct brn_build *build, const struct brn_node *tree,
                                struct brn_tree_source *source)
{
    struct brn_array values;
    const struct brn_node *node = brn_node_attribute(tree, "values");
    brine_status status = BRINE_MODEL;
    if (node->kind == BRN_NIL)
        return brn_ill_formed(build, "values", "is missing");
    status = brn_node_array(node, build->scratch, &values, build->err);
    if (status == BRINE_OK && (values.dimensions != 3 || values.shape[0] != source->node_count ||
                               values.dtype.kind != 'f' || values.count == 0))
        status = brn_fail(build->err, BRINE_MODEL,
                          "is no array of float64 values [%u nodes, outputs, classes]",
                          source->node_count);
    if (status == BRINE_OK)
        status = borrow_doubles(build, &values, &source->values);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "values");
        return status;
    }
    source->outputs = (size_t)values.shape[1];
    source->classes = (size_t)values.shape[2];
    source->value_count = source->outputs * source->classes;
    return BRINE_OK;
}

/* Tree(n_features, n_classes, n_outputs). */
static brine_status read_features(struct brn_build *build, const struct brn_node *tree,
                                  size_t *ret_count)
{
    enum { MOST_FEATURES = 1 << 24 };
    const struct brn_node *args = tree->as.object->args;
    int64_t features = -1;
    brine_status status = brn_decode_int(build, brn_node_item(args, 0), &features);
    if (status != BRINE_OK)
        return status;
    if (features < 0 || features > MOST_FEATURES)
        return brn_fail(build->err, BRINE_MODEL, "is a tree of %lld features", (long long)features);
    *ret_count = (size_t)features;
    return BRINE_OK;
}

brine_status brn_tree_open(struct brn_build *build, const struct brn_node *tree,
                           const struct brn_tree_source **ret_source)
{
    struct brn_tree_source *source = BRN_NEW(build->scratch, struct brn_tree_source, 1);
    if (!source)
        return brn_fail_memory(build->err);
    if (!brn_is(tree, BRN_OBJECT) ||
        !brn_node_is_global(brn_node_class(tree), "sklearn.tree._tree", "Tree"))
        return brn_fail(build->err, BRINE_MODEL, "is no sklearn.tree._tree.Tree");
    BRN_TRY(read_features(build, tree, &source->feature_count));
    BRN_TRY(open_nodes(build, tree, tree_fields, source));
    BRN_TRY(open_values(build, tree, source));
    *ret_source = source;
    return BRINE_OK;
}

/* ---- TreePredictor ---- */

static brine_status open_sets(struct brn_build *build, const struct brn_node *predictor,
                              struct brn_tree_source *source)
{
    const struct brn_node *node = brn_node_attribute(predictor, "raw_left_cat_bitsets");
    if (node->kind == BRN_NIL)
        return BRINE_OK; /* a categorical node then has no set to point to */
    brine_status status = brn_node_array(node, build->scratch, &source->sets, build->err);
    const struct brn_array *sets = &source->sets;
    if (status == BRINE_OK && (sets->dimensions != 2 || sets->shape[1] != 8 ||
                               sets->dtype.kind != 'u' || sets->dtype.itemsize != 4))
        status = brn_fail(build->err, BRINE_MODEL, "is no array of uint32 [sets, 8]");
    if (status != BRINE_OK)
        brn_error_within(build->err, "raw_left_cat_bitsets");
    return status;
}

brine_status brn_predictor_open(struct brn_build *build, const struct brn_node *predictor,
                                const struct brn_tree_source **ret_source)
{
    static const char module[] = "sklearn.ensemble._hist_gradient_boosting.predictor";
    struct brn_tree_source *source = BRN_NEW(build->scratch, struct brn_tree_source, 1);
    if (!source)
        return brn_fail_memory(build->err);
    source->value_count = source->outputs = source->classes = 1;
    if (!brn_is(predictor, BRN_OBJECT) ||
        !brn_node_is_global(brn_node_class(predictor), module, "TreePredictor"))
        return brn_fail(build->err, BRINE_MODEL, "is no TreePredictor");
    BRN_TRY(open_nodes(build, predictor, predictor_fields, source));
    BRN_TRY(open_sets(build, predictor, source));
    *ret_source = source;
    return BRINE_OK;
}

/* ---- rows ---- */

static brine_status refuse_single(const struct brn_work *work, const struct brn_tile *tile,
                                  size_t r, int32_t column, double x)
{
    const char *name = tile->number_names ? tile->number_names[column] : NULL;
    if (isnan(x))
        return brn_refuse(work, tile, r, name, "the model takes no missing value (NaN) here");
    return brn_refuse(work, tile, r, name, "infinity or a value too large for float32");
}

/* Where each row's float32 goes: float for narrow nodes, double for wide ones. */
static void store_single(const struct brn_forest *forest, void *values, size_t at, float x)
{
    if (forest->layout == BRN_TREE_NARROW)
        ((float *)values)[at] = x;
    else
        ((double *)values)[at] = (double)x;
}

/* Columns side by side, all of them finite: what most rows are. */
static bool round_plain_rows(const struct brn_tile *tile, const int32_t *columns, size_t count,
                             float *values)
{
    bool finite = brn_are_contiguous(columns, count);
    for (size_t r = 0; finite && r < tile->rows; r++)
        finite = brn_round_to_single(tile->numbers + r * tile->number_stride + columns[0], count,
                                     values + r * count);
    return finite;
}

brine_status brn_forest_single_rows(const struct brn_forest *forest, struct brn_work *work,
                                    const struct brn_tile *tile, const int32_t *columns,
                                    size_t count, enum brn_missing missing,
                                    struct brn_forest_rows *ret_rows)
{
    size_t size = forest->layout == BRN_TREE_NARROW ? sizeof(float) : sizeof(double);
    void *values = brn_work_take(work, tile->rows * count, size);
    if (!values)
        return brn_fail_memory(work->err);
    *ret_rows = (struct brn_forest_rows){values, tile->rows, count, false};
    if (forest->layout == BRN_TREE_NARROW && round_plain_rows(tile, columns, count, values))
        return BRINE_OK;
    for (size_t r = 0; r < tile->rows; r++) {
        const double *row = tile->numbers + r * tile->number_stride;
        for (size_t i = 0; i < count; i++) {
            float x = (float)row[columns[i]];
            if (__builtin_expect(!isfinite(x), 0)) {
                if (missing == BRN_NAN_REFUSED || (!isnan(x) && missing == BRN_NAN_ALLOWED))
                    return refuse_single(work, tile, r, columns[i], row[columns[i]]);
                ret_rows->has_missing = true;
            }
            store_single(forest, values, r * count + i, x);
        }
    }
    return BRINE_OK;
}
