/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_neighbors.h"

#include "estimators/shared_csr.h"

#include <float.h>
#include <math.h>

/* ---- the metric ---- */

static const struct {
    const char *name;
    enum brn_metric_kind kind;
} metrics[] = {
    {"euclidean", BRN_METRIC_EUCLIDEAN}, {"l2", BRN_METRIC_EUCLIDEAN},
    {"manhattan", BRN_METRIC_MANHATTAN}, {"l1", BRN_METRIC_MANHATTAN},
    {"cityblock", BRN_METRIC_MANHATTAN}, {"chebyshev", BRN_METRIC_CHEBYSHEV},
    {"infinity", BRN_METRIC_CHEBYSHEV},  {"minkowski", BRN_METRIC_MINKOWSKI},
    {"p", BRN_METRIC_MINKOWSKI},         {"hamming", BRN_METRIC_HAMMING},
    {"canberra", BRN_METRIC_CANBERRA},   {"braycurtis", BRN_METRIC_BRAYCURTIS},
    {"cosine", BRN_METRIC_COSINE},
};

static brine_status read_power(struct brn_neighbors *m, struct brn_build *build)
{
    static const char attribute[] = "effective_metric_params_";
    BRN_TRY(brn_decode_number(build, brn_node_get(m->metric_params, "p"), &m->metric.p));
    if (!(m->metric.p > 0) || isinf(m->metric.p))
        return brn_ill_formed(build, attribute, "p is %g", m->metric.p);
    if (m->metric.p == 1)
        m->metric.kind = BRN_METRIC_MANHATTAN;
    if (m->metric.p == 2)
        m->metric.kind = BRN_METRIC_EUCLIDEAN;
    return BRINE_OK;
}

/* Nothing but p is known, and p matters for MINKOWSKI alone. */
static brine_status check_params(const struct brn_neighbors *m, struct brn_build *build)
{
    if (!brn_is(m->metric_params, BRN_DICT))
        return BRINE_OK;
    for (size_t i = 0; i + 1 < m->metric_params->as.items.count; i += 2) {
        struct brn_slice key = brn_node_text(m->metric_params->as.items.at[i]);
        bool is_none = brn_is(m->metric_params->as.items.at[i + 1], BRN_NONE);
        if (!brn_slice_is(key, "p") && !is_none)
            return brn_unsupported(build, "effective_metric_params_", "\"%.*s\" is not known",
                                   BRN_S(key));
    }
    return BRINE_OK;
}

static brine_status read_metric(struct brn_neighbors *m, struct brn_build *build)
{
    struct brn_slice name = brn_node_text(m->metric_name);
    if (!name.p)
        return brn_unsupported(build, "effective_metric_", "is a function of Python's");
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (brn_slice_is(name, metrics[i].name)) {
            m->metric.kind = metrics[i].kind;
            BRN_TRY(check_params(m, build));
            return m->metric.kind == BRN_METRIC_MINKOWSKI ? read_power(m, build) : BRINE_OK;
        }
    return brn_unsupported(build, "effective_metric_", "\"%.*s\" is not run", BRN_S(name));
}

/* ---- the rows ---- */

static brine_status read_matrix(struct brn_build *build, const struct brn_node *node,
                                struct brn_matrix *ret_matrix)
{
    enum { MOST_VALUES = 1 << 28 };
    struct brn_csr csr;
    size_t values;
    if (!brn_node_is_csr(node))
        return brn_decode_matrix(build, node, ret_matrix);
    BRN_TRY(brn_decode_csr(build, node, &csr));
    if (__builtin_mul_overflow(csr.rows, csr.columns, &values) || values > MOST_VALUES)
        return brn_unsupported(build, "", "%zu x %zu sparse training rows", csr.rows, csr.columns);
    return brn_csr_dense(build, &csr, ret_matrix);
}

/* order: where the rows come from, or NULL. */
static brine_status lay_out(struct brn_neighbors *m, struct brn_build *build,
                            const struct brn_matrix *matrix, const uint32_t *order)
{
    size_t width = matrix->columns, room = brn_panel_count(matrix->rows) * BRN_PANEL, values;
    if (__builtin_mul_overflow(room, width, &values))
        return brn_fail_memory(build->err);
    double *panels = brn_arena_alloc(build->arena, values, sizeof *panels, 64);
    if (!panels)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < matrix->rows; i++) {
        const double *from = matrix->values + (order ? order[i] : i) * width;
        double *to = panels + i / BRN_PANEL * width * BRN_PANEL + i % BRN_PANEL;
        for (size_t f = 0; f < width; f++)
            to[f * BRN_PANEL] = from[f];
    }
    m->tree.panels = panels;
    m->tree.count = matrix->rows;
    m->metric.columns = m->tree.metric.columns = width;
    return BRINE_OK;
}

static void to_unit_length(double *row, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += row[f] * row[f];
    double length = sqrt(sum);
    for (size_t f = 0; f < n && length > 0; f++)
        row[f] /= length;
}

static brine_status check_rows(struct brn_build *build, const struct brn_matrix *matrix,
                               const char *attribute)
{
    if (matrix->present && matrix->dimensions == 2 && matrix->rows > 0 && matrix->columns > 0 &&
        matrix->rows < UINT32_MAX)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "is no matrix of training rows");
}

/* scikit-learn (1.2 to 1.9, at least) takes the same neighbours for all rows when its sparse
 * training rows are not sorted by column and the metric is none of its matrix products. */
static brine_status check_sorted(const struct brn_neighbors *m, struct brn_build *build)
{
    struct brn_csr csr;
    if (!brn_node_is_csr(m->rows) || m->metric.kind == BRN_METRIC_EUCLIDEAN ||
        m->metric.kind == BRN_METRIC_COSINE)
        return BRINE_OK;
    BRN_TRY(brn_decode_csr(build, m->rows, &csr));
    for (size_t r = 0; r < csr.rows; r++)
        for (size_t i = csr.starts[r] + 1; i < csr.starts[r + 1]; i++)
            if (csr.entry_columns[i] < csr.entry_columns[i - 1])
                return brn_unsupported(build, "_fit_X",
                                       "the sparse training rows are not sorted by column, where "
                                       "scikit-learn's distances are wrong");
    return BRINE_OK;
}

static double largest_square(const struct brn_matrix *matrix)
{
    double most = 0;
    for (size_t r = 0; r < matrix->rows; r++) {
        double sum = 0;
        for (size_t f = 0; f < matrix->columns; f++)
            sum +=
                matrix->values[r * matrix->columns + f] * matrix->values[r * matrix->columns + f];
        most = fmax(most, sum);
    }
    return most;
}

static brine_status read_brute(struct brn_neighbors *m, struct brn_build *build)
{
    struct brn_build aside = *build; /* what is laid out anew is not kept */
    struct brn_matrix matrix = {0};
    aside.arena = build->scratch;
    BRN_TRY(check_sorted(m, &aside));
    brine_status status = read_matrix(&aside, m->rows, &matrix);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "_fit_X");
        return status;
    }
    BRN_TRY(check_rows(build, &matrix, "_fit_X"));
    for (size_t r = 0; m->metric.kind == BRN_METRIC_COSINE && r < matrix.rows; r++)
        to_unit_length(matrix.values + r * matrix.columns, matrix.columns);
    m->is_single = matrix.kind == 'f' && matrix.itemsize == sizeof(float);
    m->largest = largest_square(&matrix);
    return lay_out(m, build, &matrix, NULL);
}

/* ---- the tree ---- */

/* Items of the state of a KDTree or BallTree: _binary_tree.pxi __getstate__. */
enum { STATE_DATA, STATE_ORDER, STATE_NODES, STATE_BOUNDS, STATE_LEAST = 11 };

static const struct brn_node *tree_state(const struct brn_node *tree)
{
    if (!brn_is(tree, BRN_OBJECT) || tree->as.object->states.count != 1)
        return &brn_nil;
    const struct brn_node *state = tree->as.object->states.at[0];
    return brn_is(state, BRN_TUPLE) && brn_node_count(state) >= STATE_LEAST ? state : &brn_nil;
}

/* A permutation of the rows. */
static brine_status read_order(struct brn_neighbors *m, struct brn_build *build,
                               const struct brn_node *node, size_t count)
{
    struct brn_array array;
    BRN_TRY(brn_node_array(node, build->scratch, &array, build->err));
    uint32_t *order = BRN_BUILD_NEW(build, uint32_t, count);
    bool *seen = BRN_NEW(build->scratch, bool, count);
    if (!order || !seen)
        return brn_fail_memory(build->err);
    if (array.count != count || !strchr("iu", array.dtype.kind) || array.dtype.itemsize > 8)
        return brn_fail(build->err, BRINE_MODEL, "a tree of %zu rows has another order", count);
    for (size_t i = 0; i < count; i++) {
        int64_t at = brn_dtype_integer(&array.dtype, brn_array_element(&array, i));
        if (at < 0 || (uint64_t)at >= count || seen[at])
            return brn_fail(build->err, BRINE_MODEL, "place %zu of a tree's order is row %lld", i,
                            (long long)at);
        seen[at] = true;
        order[i] = (uint32_t)at;
    }
    m->tree.order = order;
    return BRINE_OK;
}

static const struct brn_dtype_field *field_of(const struct brn_dtype *dtype, const char *name,
                                              const char *kinds)
{
    for (size_t i = 0; i < dtype->field_count; i++)
        if (brn_slice_is(dtype->fields[i].name, name) &&
            strchr(kinds, dtype->fields[i].type.kind) && dtype->fields[i].type.itemsize <= 8)
            return &dtype->fields[i];
    return NULL;
}

static brine_status read_node(const struct brn_array *array, size_t i, size_t count,
                              const struct brn_dtype_field *const *fields,
                              struct brn_space_node *to, struct brn_build *build)
{
    const uint8_t *p = brn_array_element(array, i);
    int64_t start = brn_dtype_integer(&fields[0]->type, p + fields[0]->offset);
    int64_t end = brn_dtype_integer(&fields[1]->type, p + fields[1]->offset);
    int64_t leaf = brn_dtype_integer(&fields[2]->type, p + fields[2]->offset);
    if (start < 0 || end < start || (uint64_t)end > count ||
        (!leaf && (i >= array->count / 2 || 2 * i + 2 >= array->count)))
        return brn_fail(build->err, BRINE_MODEL,
                        "node %zu of a tree of %zu holds rows %lld to %lld", i,
                        (size_t)array->count, (long long)start, (long long)end);
    *to =
        (struct brn_space_node){.start = (size_t)start,
                                .end = (size_t)end,
                                .radius = brn_dtype_number(&fields[3]->type, p + fields[3]->offset),
                                .is_leaf = leaf != 0};
    return BRINE_OK;
}

/* The root has all rows, and children share out those of their parent: what walks collect is never
 * more than the rows. */
static brine_status check_partition(const struct brn_space_node *nodes, size_t node_count,
                                    size_t row_count, struct brn_build *build)
{
    bool is_partition = nodes[0].start == 0 && nodes[0].end == row_count;
    for (size_t i = 0; is_partition && i < node_count; i++) {
        if (nodes[i].is_leaf)
            continue;
        const struct brn_space_node *left = &nodes[2 * i + 1], *right = left + 1;
        is_partition = left->start == nodes[i].start && left->end == right->start &&
                       right->end == nodes[i].end;
    }
    return is_partition
               ? BRINE_OK
               : brn_fail(build->err, BRINE_MODEL, "a tree's nodes do not share out its rows");
}

static brine_status read_nodes(struct brn_neighbors *m, struct brn_build *build,
                               const struct brn_node *node)
{
    struct brn_array array;
    BRN_TRY(brn_node_array(node, build->scratch, &array, build->err));
    const struct brn_dtype_field *fields[] = {
        field_of(&array.dtype, "idx_start", "iu"), field_of(&array.dtype, "idx_end", "iu"),
        field_of(&array.dtype, "is_leaf", "iu"), field_of(&array.dtype, "radius", "f")};
    if (!fields[0] || !fields[1] || !fields[2] || !fields[3] || array.count == 0 ||
        array.dtype.has_objects || array.count > UINT32_MAX)
        return brn_fail(build->err, BRINE_MODEL, "a tree has no nodes that are known");
    struct brn_space_node *nodes = BRN_BUILD_NEW(build, struct brn_space_node, array.count);
    if (!nodes)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < array.count; i++)
        BRN_TRY(read_node(&array, i, m->tree.count, fields, &nodes[i], build));
    m->tree.nodes = nodes;
    m->tree.node_count = array.count;
    return check_partition(nodes, array.count, m->tree.count, build);
}

static brine_status read_bounds(struct brn_neighbors *m, struct brn_build *build,
                                const struct brn_node *node)
{
    struct brn_array array;
    double *values;
    BRN_TRY(brn_node_array(node, build->scratch, &array, build->err));
    if (array.dimensions != 3 || array.shape[0] < (m->tree.is_ball ? 1 : 2) ||
        array.shape[1] != m->tree.node_count || array.shape[2] != m->metric.columns)
        return brn_fail(build->err, BRINE_MODEL, "a tree has other bounds than nodes");
    BRN_TRY(brn_array_doubles(&array, build->arena, &values, build->err));
    m->tree.low = values;
    m->tree.high = m->tree.is_ball ? NULL : values + m->tree.node_count * m->metric.columns;
    return BRINE_OK;
}

static brine_status read_parts(struct brn_neighbors *m, struct brn_build *build,
                               const struct brn_node *state)
{
    struct brn_build aside = *build;
    struct brn_matrix matrix = {0};
    aside.arena = build->scratch;
    BRN_TRY(brn_decode_matrix(&aside, brn_node_item(state, STATE_DATA), &matrix));
    BRN_TRY(check_rows(build, &matrix, "data"));
    BRN_TRY(read_order(m, build, brn_node_item(state, STATE_ORDER), matrix.rows));
    BRN_TRY(lay_out(m, build, &matrix, m->tree.order));
    BRN_TRY(read_nodes(m, build, brn_node_item(state, STATE_NODES)));
    return read_bounds(m, build, brn_node_item(state, STATE_BOUNDS));
}

static brine_status read_tree(struct brn_neighbors *m, struct brn_build *build)
{
    const struct brn_node *state = tree_state(m->tree_node);
    m->has_tree = true;
    m->tree.is_ball = brn_text_is(m->method, "ball_tree");
    if (state->kind == BRN_NIL)
        return brn_ill_formed(build, "_tree", "is no tree");
    bool box = m->metric.kind <= BRN_METRIC_MINKOWSKI;
    if (m->metric.kind == BRN_METRIC_COSINE || (!m->tree.is_ball && !box))
        return brn_ill_formed(build, "effective_metric_", "is none of a %s", m->method);
    m->tree.metric = m->metric;
    brine_status status = read_parts(m, build, state);
    if (status != BRINE_OK)
        brn_error_within(build->err, "_tree");
    return status;
}

/* ---- preparing ---- */

static const struct brn_era sort_eras[] = {
    {0, 10900, BRN_SORT_QUICK, "utils/_sorting.pyx simultaneous_sort"},
    {10900, 0, BRN_SORT_INTRO, "introsort_2way"},
    BRN_ERA_END,
};

static const struct brn_era heap_eras[] = {
    {0, 10100, true, "all rows: what is infinitely far answers as well as another"},
    {10100, 0, false, "all rows: what is no nearer than the largest double does not answer"},
    BRN_ERA_END,
};

static const struct brn_era stay_eras[] = {
    {0, 10100, false, "numpy's argpartition takes any of the equally far rows"},
    {10100, 0, true, "a heap keeps the first: metrics/_pairwise_distances_reduction"},
    BRN_ERA_END,
};

static bool first_stays(const struct brn_neighbors *m, const struct brn_instance *me)
{
    return brn_era_behaviour(stay_eras, me->version) && m->metric.kind <= BRN_METRIC_MINKOWSKI &&
           !brn_node_is_csr(m->rows);
}

brine_status brn_neighbors_prepare(struct brn_neighbors *m, struct brn_instance *me,
                                   struct brn_build *build)
{
    m->sort = (enum brn_nearest_sort)brn_era_behaviour(sort_eras, me->version);
    BRN_TRY(read_metric(m, build));
    m->first_stays = first_stays(m, me);
    if (brn_text_is(m->method, "kd_tree") || brn_text_is(m->method, "ball_tree"))
        BRN_TRY(read_tree(m, build));
    else if (brn_text_is(m->method, "brute"))
        BRN_TRY(read_brute(m, build));
    else
        return brn_unsupported(build, "_fit_method", "\"%s\" is not known",
                               m->method ? m->method : "None");
    m->tree.metric = m->metric;
    bool infinite = m->has_tree || brn_era_behaviour(heap_eras, me->version);
    m->farthest = infinite ? (double)INFINITY : DBL_MAX;
    return brn_expect_features(build, me, m->metric.columns, "_fit_X");
}

static brine_status read_weights(struct brn_neighbors *m, struct brn_build *build)
{
    m->by_distance = brn_node_is_text(m->weights, "distance");
    if (m->by_distance || brn_node_is_text(m->weights, "uniform") || brn_is(m->weights, BRN_NONE))
        return BRINE_OK;
    return brn_unsupported(build, "weights", "is a function of Python's");
}

brine_status brn_neighbors_prepare_count(struct brn_neighbors *m, struct brn_instance *me,
                                         struct brn_build *build)
{
    BRN_TRY(brn_neighbors_prepare(m, me, build));
    brine_status status = brn_decode_int(build, m->k_node, &m->k);
    if (status != BRINE_OK)
        brn_error_within(build->err, "n_neighbors");
    else if (m->k < 1 || (uint64_t)m->k > m->tree.count)
        return brn_ill_formed(build, "n_neighbors", "is %lld of %zu training rows", (long long)m->k,
                              m->tree.count);
    return status;
}

brine_status brn_neighbors_prepare_k(struct brn_neighbors *m, struct brn_instance *me,
                                     struct brn_build *build)
{
    BRN_TRY(brn_neighbors_prepare_count(m, me, build));
    return read_weights(m, build);
}

brine_status brn_neighbors_prepare_radius(struct brn_neighbors *m, struct brn_instance *me,
                                          struct brn_build *build)
{
    BRN_TRY(brn_neighbors_prepare(m, me, build));
    BRN_TRY(read_weights(m, build));
    brine_status status = brn_decode_number(build, m->radius_node, &m->radius);
    if (status != BRINE_OK)
        brn_error_within(build->err, "radius");
    return status;
}

/* ---- searching ---- */

brine_status brn_neighbors_rows(const struct brn_neighbors *m, const struct brn_tile *in,
                                struct brn_work *work, const double **ret_x, size_t *ret_stride)
{
    size_t n = m->metric.columns;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, ret_stride);
    if (!x)
        return brn_fail_memory(work->err);
    *ret_x = x;
    if (m->metric.kind != BRN_METRIC_COSINE)
        return BRINE_OK;
    double *units = brn_work_take(work, in->rows * n, sizeof *units);
    if (!units)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        memcpy(units + r * n, x + r * *ret_stride, n * sizeof *units);
        to_unit_length(units + r * n, n);
    }
    *ret_x = units;
    *ret_stride = n;
    return BRINE_OK;
}

/* scikit-learn's x x - 2 x y + y y, which is no number where both x x and x y overflow. */
static double square_by_products(const double *panel, size_t i, const double *x, size_t columns)
{
    double own = 0, product = 0, other = 0;
    for (size_t f = 0; f < columns; f++) {
        double y = panel[f * BRN_PANEL + i];
        own += x[f] * x[f];
        product += -2 * x[f] * y;
        other += y * y;
    }
    return own + product + other;
}

void brn_neighbors_panel(const struct brn_neighbors *m, size_t first, const double *x,
                         double *distances)
{
    const double *panel = m->tree.panels + first * m->metric.columns;
    brn_metric_panel(&m->metric, panel, x, distances);
    if (m->metric.kind != BRN_METRIC_EUCLIDEAN || !isinf(distances[0]))
        return;
    for (size_t i = 0; i < BRN_PANEL; i++)
        if (isinf(distances[i]))
            distances[i] = square_by_products(panel, i, x, m->metric.columns);
}

static void push(const struct brn_nearest *nearest, double distance, uint32_t index,
                 struct brn_edge *edge)
{
    double top = nearest->distances[0];
    if (!(distance >= top)) {
        edge->next = top < edge->next ? top : edge->next;
        brn_nearest_replace(nearest, distance, index);
    } else if (distance < edge->next) {
        edge->next = distance;
    }
}

/* A panel meets every row of the tile while it is in cache. */
static void search_all(const struct brn_neighbors *m, const double *x, size_t stride, size_t rows,
                       const struct brn_found *found)
{
    for (size_t r = 0; r < rows; r++)
        found->edges[r].next = (double)INFINITY;
    double distances[BRN_PANEL];
    size_t k = (size_t)m->k;
    for (size_t first = 0; first < m->tree.count; first += BRN_PANEL) {
        size_t left = m->tree.count - first, count = left < BRN_PANEL ? left : BRN_PANEL;
        for (size_t r = 0; r < rows; r++) {
            struct brn_nearest nearest = {found->distances + r * k, found->indices + r * k, k};
            brn_neighbors_panel(m, first, x + r * stride, distances);
            for (size_t i = 0; i < count; i++)
                push(&nearest, distances[i], (uint32_t)(first + i), &found->edges[r]);
        }
    }
}

brine_status brn_neighbors_nearest(const struct brn_neighbors *m, const struct brn_tile *in,
                                   struct brn_work *work, struct brn_found *ret_found)
{
    const double *x;
    size_t stride, k = (size_t)m->k;
    BRN_TRY(brn_neighbors_rows(m, in, work, &x, &stride));
    struct brn_found found = {brn_work_take(work, in->rows * k, sizeof(double)),
                              brn_work_take(work, in->rows * k, sizeof(uint32_t)),
                              brn_work_take(work, in->rows, sizeof(struct brn_edge)), x, stride};
    if (!found.distances || !found.indices || !found.edges)
        return brn_fail_memory(work->err);
    brn_nearest_start(&(struct brn_nearest){found.distances, found.indices, in->rows * k},
                      m->farthest);
    if (!m->has_tree)
        search_all(m, x, stride, in->rows, &found);
    for (size_t r = 0; r < in->rows; r++) {
        struct brn_nearest nearest = {found.distances + r * k, found.indices + r * k, k};
        if (m->has_tree)
            brn_space_tree_nearest(&m->tree, x + r * stride, &nearest);
        brn_nearest_sort(&nearest, m->sort);
        found.edges[r].last = nearest.distances[k - 1];
    }
    for (size_t i = 0; i < in->rows * k; i++)
        found.distances[i] = brn_metric_expand(&m->metric, found.distances[i]);
    *ret_found = found;
    return BRINE_OK;
}

size_t brn_neighbors_within(const struct brn_neighbors *m, const double *x,
                            const struct brn_found *found)
{
    if (m->has_tree)
        return brn_space_tree_within(&m->tree, x, m->radius, found->indices, found->distances);
    double distances[BRN_PANEL], most = brn_metric_reduce(&m->metric, m->radius);
    size_t panel_values = m->metric.columns * BRN_PANEL, hits = 0;
    for (size_t i = 0; i < m->tree.count; i++) {
        if (i % BRN_PANEL == 0)
            brn_metric_panel(&m->metric, m->tree.panels + i / BRN_PANEL * panel_values, x,
                             distances);
        if (distances[i % BRN_PANEL] <= most) {
            found->indices[hits] = (uint32_t)i;
            found->distances[hits++] = brn_metric_expand(&m->metric, distances[i % BRN_PANEL]);
        }
    }
    return hits;
}

void brn_neighbors_weigh(double *distances, size_t n, bool zero_only)
{
    bool meets = false;
    for (size_t i = 0; i < n; i++)
        meets = meets || distances[i] == 0 || (!zero_only && isinf(1 / distances[i]));
    for (size_t i = 0; i < n; i++)
        distances[i] = !meets      ? 1 / distances[i]
                       : zero_only ? distances[i] == 0
                                   : isinf(1 / distances[i]);
}

enum brn_equality brn_neighbors_equality(const struct brn_neighbors *m)
{
    if (m->metric.kind == BRN_METRIC_MINKOWSKI)
        return BRN_ULPS;
    bool product = m->metric.kind == BRN_METRIC_EUCLIDEAN || m->metric.kind == BRN_METRIC_COSINE;
    return product && !m->has_tree ? BRN_BOUNDED : BRN_EXACT;
}

const struct brn_field brn_neighbors_fields[] = {
    BRN_FIELD(struct brn_neighbors, rows, "_fit_X", NODE, "the training rows"),
    BRN_FIELD(struct brn_neighbors, method, "_fit_method", TEXT, "kd_tree, ball_tree or brute"),
    BRN_FIELD(struct brn_neighbors, tree_node, "_tree", NODE, "the tree that is searched, or None"),
    BRN_FIELD(struct brn_neighbors, metric_name, "effective_metric_", NODE, "of distances"),
    BRN_FIELD(struct brn_neighbors, metric_params, "effective_metric_params_", NODE,
              "p of the metric minkowski"),
    BRN_FIELD(struct brn_neighbors, k_node, "n_neighbors", NODE, "how many rows answer"),
    BRN_FIELD(struct brn_neighbors, radius_node, "radius", NODE, "how far rows answer"),
    BRN_FIELD_OPTIONAL(struct brn_neighbors, weights, "weights", NODE, "uniform or distance"),
    BRN_FIELD_IGNORE("metric", "effective_metric_ is what it came to"),
    BRN_FIELD_IGNORE("metric_params", "effective_metric_params_ is what they came to"),
    BRN_FIELD_IGNORE("p", "effective_metric_params_ is what it came to"),
    BRN_FIELD_IGNORE("algorithm", "_fit_method is what it came to"),
    BRN_FIELD_IGNORE("leaf_size", "of the tree in fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("n_samples_fit_", "rows of _fit_X"),
    BRN_FIELD_END,
};
