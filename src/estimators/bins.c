/* SPDX-License-Identifier: Apache-2.0
 *
 * bins.c - KBinsDiscretizer: the number of a value's bin, as it is or one-hot.
 * sklearn/preprocessing/_discretization.py. */
#include "model/estimator.h"

#include <math.h>

struct bins {
    const char *encode;
    const struct brn_node *edges_node, *dtype;
    bool is_ordinal, is_sparse;

    struct brn_matrix *edges; /* a row a feature */
    size_t *first;            /* of a feature: its first output, when one-hot */
    size_t width, outputs;
    enum { AS_IT_COMES, FLOAT32, FLOAT64 } precision;
    int32_t *columns;
};

static brine_status read_precision(struct bins *m, struct brn_build *build)
{
    struct brn_dtype dtype;
    if (!m->dtype || brn_is(m->dtype, BRN_NONE))
        return BRINE_OK;
    if (brn_node_is_global(m->dtype, "numpy", "float32"))
        m->precision = FLOAT32;
    else if (brn_node_is_global(m->dtype, "numpy", "float64"))
        m->precision = FLOAT64;
    else if (brn_node_dtype(m->dtype, build->scratch, &dtype, NULL) == BRINE_OK &&
             dtype.kind == 'f')
        m->precision = dtype.itemsize == 4 ? FLOAT32 : FLOAT64;
    else
        return brn_unsupported(build, "dtype", "is neither float32 nor float64");
    return BRINE_OK;
}

static brine_status read_edges(struct bins *m, struct brn_build *build, size_t i,
                               const struct brn_node *node)
{
    struct brn_matrix *edges = &m->edges[i];
    BRN_TRY(brn_decode_matrix(build, node, edges));
    if (edges->rows != 1 || edges->columns < 2)
        return brn_ill_formed(build, "bin_edges_", "of feature %zu are %zu", i,
                              edges->rows * edges->columns);
    for (size_t k = 0; k < edges->columns; k++)
        if (isnan(edges->values[k]) || (k && edges->values[k] < edges->values[k - 1]))
            return brn_ill_formed(build, "bin_edges_", "of feature %zu do not rise", i);
    m->first[i] = m->outputs;
    m->outputs += m->is_ordinal ? 1 : edges->columns - 1;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct bins *m = me->self;
    struct brn_array array;
    m->is_ordinal = brn_text_is(m->encode, "ordinal");
    m->is_sparse = brn_text_is(m->encode, "onehot");
    if (!m->is_ordinal && !m->is_sparse && !brn_text_is(m->encode, "onehot-dense"))
        return brn_ill_formed(build, "encode", "is none of onehot, onehot-dense and ordinal");
    BRN_TRY(read_precision(m, build));
    BRN_TRY(brn_node_array(m->edges_node, build->scratch, &array, build->err));
    if (array.dtype.kind != 'O' || array.dimensions != 1)
        return brn_ill_formed(build, "bin_edges_", "are no arrays, one a feature");
    m->width = array.count;
    BRN_TRY(brn_expect_features(build, me, m->width, "bin_edges_"));
    m->edges = BRN_BUILD_NEW(build, struct brn_matrix, m->width);
    m->first = BRN_BUILD_NEW(build, size_t, m->width);
    if (!m->edges || !m->first)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->width; i++)
        BRN_TRY(read_edges(m, build, i, array.objects[i]));
    return BRINE_OK;
}

/* "x0_1.0" */
static const char *bin_name(struct brn_build *build, const struct brn_schema *in, size_t feature,
                            size_t bin)
{
    const char *name = brn_schema_name(in, feature);
    return name ? brn_arena_printf(build->arena, "%s_%zu.0", name, bin)
                : brn_arena_printf(build->arena, "x%zu_%zu.0", feature, bin);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct bins *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (m->is_ordinal)
        return brn_bind_one_to_one(build, me, in, 0);
    const char **names = BRN_BUILD_NEW(build, const char *, m->outputs);
    for (size_t i = 0; names && i < m->width; i++)
        for (size_t k = 0; k + 1 < m->edges[i].columns; k++)
            if (!(names[m->first[i] + k] = bin_name(build, in, i, k)))
                return brn_fail_memory(build->err);
    struct brn_schema *out = names ? brn_schema_numbers(build->arena, m->outputs, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = m->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- running ---- */

static const struct brn_era tolerance_eras[] = {
    {0, 10100, true, "values are moved up by 1e-8 + 1e-5 |x| before they are compared"},
    {10100, 0, false, "they are compared as they are"},
    BRN_ERA_END,
};

static const struct brn_era single_eras[] = {
    {0, 2400, false, "one-hot outputs are float64"},
    {2400, 0, true, "one-hot outputs are of the input's type"},
    BRN_ERA_END,
};

static double rounded(double x, bool single)
{
    return single ? (double)(float)x : x;
}

static double moved_up(double x, bool single)
{
    double relative = rounded(rounded(1e-5, single) * fabs(x), single);
    double tolerance = rounded(rounded(1e-8, single) + relative, single);
    return rounded(x + tolerance, single);
}

/* How many of the inner edges are not above x. */
static size_t bin_of(const struct brn_matrix *edges, double x)
{
    const double *inner = edges->values + 1;
    size_t low = 0, high = edges->columns - 2;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (inner[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct bins *m = me->self;
    bool moves = brn_era_behaviour(tolerance_eras, me->version);
    bool single = m->precision == FLOAT32 || (m->precision == AS_IT_COMES && in->single);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    out->single = single && (m->is_ordinal || brn_era_behaviour(single_eras, me->version));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (!m->is_ordinal)
            memset(row, 0, m->outputs * sizeof *row);
        for (size_t i = 0; i < m->width; i++) {
            double x = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            x = rounded(x, single);
            if (isinf(x))
                return brn_refuse(work, in, r, NULL, "a value is too large for float32");
            size_t bin = bin_of(&m->edges[i], moves ? moved_up(x, single) : x);
            row[m->is_ordinal ? i : m->first[i] + bin] = m->is_ordinal ? (double)bin : 1;
        }
    }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct bins, encode, "encode", TEXT, "onehot, onehot-dense or ordinal"),
    BRN_FIELD(struct bins, edges_node, "bin_edges_", NODE, "of each feature"),
    BRN_FIELD_OPTIONAL(struct bins, dtype, "dtype", NODE, "of the result"),
    BRN_FIELD_IGNORE("n_bins", "of fit"),
    BRN_FIELD_IGNORE("n_bins_", "bin_edges_ has them"),
    BRN_FIELD_IGNORE("strategy", "of fit"),
    BRN_FIELD_IGNORE("quantile_method", "of fit"),
    BRN_FIELD_IGNORE("subsample", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("_encoder", "one-hot of 0, 1, 2… in order"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._discretization", NULL};

static const struct brn_estimator discretizer = {
    .name = "KBinsDiscretizer",
    .jumps = true,
    .modules = modules,
    .since = 2000,
    .size = sizeof(struct bins),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&discretizer, NULL};

const struct brn_family brn_family_bins = {estimators};
