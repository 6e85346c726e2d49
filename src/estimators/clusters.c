/* SPDX-License-Identifier: Apache-2.0
 *
 * clusters.c - KMeans, MiniBatchKMeans, BisectingKMeans, Birch, MeanShift and AffinityPropagation:
 * the nearest of some centers.  sklearn/cluster/.  scikit-learn takes distances from matrix
 * products; here they are plain sums of squares, but where it leaves the row's own square out,
 * which decides between centers of a row that is far from all. */
#include "estimators/shared_integer_labels.h"
#include "estimators/shared_outputs.h"
#include "kernel/panel.h"

#include <float.h>
#include <math.h>

/* A node of BisectingKMeans: its own center and children, or a label. */
struct split {
    int32_t left, right; /* -1: a leaf */
    int32_t label;
};

struct clusters {
    struct brn_matrix centers, mean;
    struct brn_values labels; /* Birch: of each center */
    const struct brn_node *tree, *affinity;

    const double *panels;
    double *norms; /* squares of the centers, when they are compared without the row's */
    struct split *splits;
    double *split_centers; /* of each split */
    struct brn_dictionary *dictionary;
    int32_t *codes; /* Birch: of each center's label */
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status lay_out(struct clusters *m, struct brn_build *build)
{
    size_t panels = brn_panel_count(m->centers.rows), values;
    if (__builtin_mul_overflow(panels * BRN_PANEL, m->centers.columns, &values))
        return brn_fail_memory(build->err);
    double *to = brn_arena_alloc(build->arena, values, sizeof *to, 64);
    if (!to)
        return brn_fail_memory(build->err);
    brn_panel_fill(m->centers.values, m->centers.rows, m->centers.columns, to);
    m->panels = to;
    return BRINE_OK;
}

static brine_status prepare_centers(struct brn_instance *me, struct brn_build *build,
                                    const char *attribute)
{
    enum { MOST_CENTERS = 1 << 28 };
    struct clusters *m = me->self;
    if (!m->centers.present || m->centers.dimensions != 2 || m->centers.rows == 0 ||
        m->centers.rows > MOST_CENTERS)
        return brn_ill_formed(build, attribute, "is no matrix of centers");
    BRN_TRY(brn_expect_features(build, me, m->centers.columns, attribute));
    return lay_out(m, build);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    return prepare_centers(me, build, "cluster_centers_");
}

static const struct brn_era norm_eras[] = {
    {0, 2300, false, "KMeans: x^2 - 2 x c + c^2 (_k_means.pyx, _assign_labels_array)"},
    {2300, 0, true, "c^2 - 2 x c (_k_means_lloyd.pyx, _update_chunk_dense)"},
    BRN_ERA_END,
};

static brine_status prepare_means(struct brn_instance *me, struct brn_build *build)
{
    struct clusters *m = me->self;
    BRN_TRY(prepare(me, build));
    if (!brn_era_behaviour(norm_eras, me->version))
        return BRINE_OK;
    size_t room = brn_panel_count(m->centers.rows) * BRN_PANEL;
    m->norms = BRN_BUILD_NEW(build, double, room);
    if (!m->norms)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->centers.rows; i++)
        for (size_t f = 0; f < m->centers.columns; f++) {
            double v = m->centers.values[i * m->centers.columns + f];
            m->norms[i] += v * v;
        }
    for (size_t i = m->centers.rows; i < room; i++)
        m->norms[i] = DBL_MAX; /* farther than every center */
    return BRINE_OK;
}

static brine_status prepare_birch(struct brn_instance *me, struct brn_build *build)
{
    struct clusters *m = me->self;
    BRN_TRY(prepare_centers(me, build, "subcluster_centers_"));
    if (m->labels.count != m->centers.rows)
        return brn_ill_formed(build, "subcluster_labels_", "has %zu labels of %zu centers",
                              m->labels.count, m->centers.rows);
    for (size_t i = 0; i < m->labels.count; i++)
        if (m->labels.at[i].kind != BRN_VALUE_INT)
            return brn_ill_formed(build, "subcluster_labels_", "label %zu is no integer", i);
    return BRINE_OK;
}

static brine_status prepare_propagation(struct brn_instance *me, struct brn_build *build)
{
    const struct clusters *m = me->self;
    if (!brn_node_is_text(m->affinity, "euclidean"))
        return brn_unsupported(build, "affinity", "is not euclidean: there is no predict");
    return prepare(me, build);
}

/* ---- the tree of BisectingKMeans ---- */

/* Nodes wait for their place until their children have one. */
struct bisection {
    struct clusters *m;
    struct brn_build *build;
    const struct brn_node **nodes; /* in order of their places */
    size_t count, most;
};

static brine_status add_split(struct bisection *b, const struct brn_node *node, int32_t *ret_place)
{
    if (b->count == b->most)
        return brn_ill_formed(b->build, "_bisecting_tree", "has more than %zu nodes", b->most);
    *ret_place = (int32_t)b->count;
    b->nodes[b->count++] = node;
    return BRINE_OK;
}

static brine_status read_center(const struct bisection *b, const struct brn_node *node, double *to)
{
    const struct clusters *m = b->m;
    struct brn_matrix center = {0};
    struct brn_build aside = *b->build;
    aside.arena = b->build->scratch;
    BRN_TRY(brn_decode_matrix(&aside, brn_node_attribute(node, "center"), &center));
    if (!center.present || center.rows != 1 || center.columns != m->centers.columns)
        return brn_fail(b->build->err, BRINE_MODEL, "a node has no center");
    for (size_t f = 0; f < center.columns; f++)
        to[f] = center.values[f] + (m->mean.present ? m->mean.values[f] : 0);
    return BRINE_OK;
}

static brine_status read_split(struct bisection *b, size_t at)
{
    const struct brn_node *node = b->nodes[at];
    const struct brn_node *left = brn_node_attribute(node, "left");
    const struct brn_node *right = brn_node_attribute(node, "right");
    struct split *split = &b->m->splits[at];
    int64_t label = -1;
    *split = (struct split){-1, -1, -1};
    if (at > 0)
        BRN_TRY(read_center(b, node, b->m->split_centers + at * b->m->centers.columns));
    if (brn_is(left, BRN_OBJECT) && brn_is(right, BRN_OBJECT)) {
        BRN_TRY(add_split(b, left, &split->left));
        return add_split(b, right, &split->right);
    }
    BRN_TRY(brn_decode_int(b->build, brn_node_attribute(node, "label"), &label));
    if (label < 0 || (uint64_t)label >= b->m->centers.rows)
        return brn_fail(b->build->err, BRINE_MODEL, "a leaf has label %lld", (long long)label);
    split->label = (int32_t)label;
    return BRINE_OK;
}

static brine_status prepare_bisecting(struct brn_instance *me, struct brn_build *build)
{
    struct clusters *m = me->self;
    BRN_TRY(prepare(me, build));
    if (m->mean.present && m->mean.rows * m->mean.columns != m->centers.columns)
        return brn_ill_formed(build, "_X_mean", "has %zu values", m->mean.rows * m->mean.columns);
    struct bisection b = {.m = m, .build = build, .most = 2 * m->centers.rows - 1};
    int32_t root;
    b.nodes = BRN_NEW(build->scratch, const struct brn_node *, b.most);
    m->splits = BRN_BUILD_NEW(build, struct split, b.most);
    m->split_centers = BRN_BUILD_NEW(build, double, b.most * m->centers.columns);
    if (!b.nodes || !m->splits || !m->split_centers)
        return brn_fail_memory(build->err);
    BRN_TRY(add_split(&b, m->tree, &root));
    brine_status status = BRINE_OK;
    for (size_t i = 0; i < b.count && status == BRINE_OK; i++)
        status = read_split(&b, i);
    if (status != BRINE_OK)
        brn_error_within(build->err, "_bisecting_tree");
    return status;
}

/* ---- binding ---- */

static brine_status bind_predict(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct clusters *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_cluster_labels(build, me, m->centers.rows);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    const struct clusters *m = me->self;
    BRN_TRY(bind_predict(me, in, build));
    return brn_bind_prefixed(build, me, m->centers.rows);
}

/* Several centers may have one label. */
static brine_status bind_birch(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct clusters *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    m->dictionary = BRN_BUILD_NEW(build, struct brn_dictionary, 1);
    if (!m->dictionary)
        return brn_fail_memory(build->err);
    brn_dictionary_init(m->dictionary, build->arena);
    m->codes = BRN_BUILD_NEW(build, int32_t, m->labels.count);
    for (size_t i = 0; m->codes && i < m->labels.count; i++)
        if ((m->codes[i] = brn_dictionary_add(m->dictionary, m->labels.at[i])) < 0)
            return brn_fail_memory(build->err);
    if (!m->codes)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &m->dictionary, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    return brn_bind_prefixed(build, me, m->centers.rows);
}

/* ---- running ---- */

static brine_status rows_of(const struct clusters *m, const struct brn_tile *in,
                            struct brn_work *work, const double **ret_x, size_t *ret_stride)
{
    BRN_TRY(brn_check_finite(work, in, m->columns, m->centers.columns, BRN_NAN_REFUSED));
    *ret_x = brn_tile_gather(work, in, m->columns, m->centers.columns, ret_stride);
    return *ret_x ? BRINE_OK : brn_fail_memory(work->err);
}

/* The first of the nearest centers, of which the first stands until another is nearer. */
static int32_t nearest_by_products(const struct clusters *m, const double *x)
{
    double distances[BRN_PANEL], least = 0;
    size_t best = 0;
    for (size_t first = 0; first < m->centers.rows; first += BRN_PANEL) {
        brn_panel_dot(m->panels + first * m->centers.columns, x, m->centers.columns, 0, distances);
        for (size_t i = 0; i < BRN_PANEL; i++)
            distances[i] = m->norms[first + i] - 2 * distances[i];
        if (first == 0 && isnan(distances[0]))
            return 0; /* nothing is less */
        size_t place = brn_panel_least(distances);
        if (first == 0 || distances[place] < least) {
            least = distances[place];
            best = first + place;
        }
    }
    return (int32_t)best;
}

/* The first of the nearest centers. */
static int32_t nearest(const struct clusters *m, const double *x)
{
    double squares[BRN_PANEL], least = (double)INFINITY;
    size_t best = 0;
    for (size_t i = 0; i < m->centers.rows; i++) {
        if (i % BRN_PANEL == 0)
            brn_panel_squared(m->panels + i * m->centers.columns, x, m->centers.columns, 0,
                              squares);
        if (squares[i % BRN_PANEL] < least) {
            least = squares[i % BRN_PANEL];
            best = i;
        }
    }
    return (int32_t)best;
}

static const struct brn_era type_eras[] = {
    {0, 2300, false, "KMeans: rows and centers may be of different types"},
    {2300, 0, true, "predict refuses rows of another type than the centers"},
    BRN_ERA_END,
};

static brine_status check_type(const struct brn_instance *me, const struct brn_tile *in,
                               const struct brn_work *work)
{
    const struct clusters *m = me->self;
    bool single = m->centers.itemsize == 4;
    if (in->single == single || !in->rows || !brn_era_behaviour(type_eras, me->version))
        return BRINE_OK;
    return brn_refuse(work, in, 0, NULL, "the rows are %s, the centers %s: scikit-learn refuses it",
                      in->single ? "float32" : "float64", single ? "float32" : "float64");
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct clusters *m = me->self;
    const double *x;
    size_t stride;
    BRN_TRY(rows_of(m, in, work, &x, &stride));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] =
            m->norms ? nearest_by_products(m, x + r * stride) : nearest(m, x + r * stride);
    return BRINE_OK;
}

static brine_status predict_same_type(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(check_type(me, in, work));
    return predict(me, in, out, work);
}

static brine_status predict_birch(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct clusters *m = me->self;
    BRN_TRY(predict(me, in, out, work));
    for (size_t r = 0; r < in->rows; r++) {
        int32_t *code = &out->codes[r * out->code_stride];
        *code = m->codes[*code];
    }
    return BRINE_OK;
}

static double square(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += (a[f] - b[f]) * (a[f] - b[f]);
    return sum;
}

static brine_status predict_bisecting(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct clusters *m = me->self;
    const double *x;
    size_t stride, n = m->centers.columns;
    BRN_TRY(check_type(me, in, work));
    BRN_TRY(rows_of(m, in, work, &x, &stride));
    for (size_t r = 0; r < in->rows; r++) {
        const struct split *at = m->splits;
        while (at->left >= 0) {
            double left = square(x + r * stride, m->split_centers + (size_t)at->left * n, n);
            double right = square(x + r * stride, m->split_centers + (size_t)at->right * n, n);
            at = m->splits + (right < left ? at->right : at->left);
        }
        out->codes[r * out->code_stride] = at->label;
    }
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct clusters *m = me->self;
    const double *x;
    double squares[BRN_PANEL];
    size_t stride;
    out->single = in->single && m->centers.itemsize == 4;
    BRN_TRY(rows_of(m, in, work, &x, &stride));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->centers.rows; i++) {
            if (i % BRN_PANEL == 0)
                brn_panel_squared(m->panels + i * m->centers.columns, x + r * stride,
                                  m->centers.columns, 0, squares);
            double d = sqrt(squares[i % BRN_PANEL]);
            out->numbers[r * out->number_stride + i] = out->single ? (double)(float)d : d;
        }
    return BRINE_OK;
}

/* ---- tables ---- */

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field means_fields[] = {
    BRN_FIELD(struct clusters, centers, "cluster_centers_", MATRIX, "clusters x features"),
    OF_FIT("labels_"),
    OF_FIT("inertia_"),
    OF_FIT("n_clusters"),
    OF_FIT("init"),
    OF_FIT("max_iter"),
    OF_FIT("tol"),
    OF_FIT("n_init"),
    OF_FIT("n_iter_"),
    OF_FIT("random_state"),
    OF_FIT("verbose"),
    OF_FIT("copy_x"),
    OF_FIT("algorithm"),
    OF_FIT("n_jobs"),
    OF_FIT("precompute_distances"),
    OF_FIT("_algorithm"),
    OF_FIT("_n_init"),
    OF_FIT("_n_threads"),
    OF_FIT("_tol"),
    OF_FIT("_n_features_out"),
    BRN_FIELD_END,
};

static const struct brn_field batch_fields[] = {
    OF_FIT("batch_size"),         OF_FIT("compute_labels"),
    OF_FIT("max_no_improvement"), OF_FIT("init_size"),
    OF_FIT("reassignment_ratio"), OF_FIT("counts_"),
    OF_FIT("init_size_"),         OF_FIT("random_state_"),
    OF_FIT("_init_size"),         OF_FIT("_counts"),
    OF_FIT("_batch_size"),        OF_FIT("_ewa_inertia"),
    OF_FIT("_ewa_inertia_min"),   OF_FIT("_n_since_last_reassign"),
    OF_FIT("_no_improvement"),    OF_FIT("_random_state"),
    OF_FIT("n_steps_"),           BRN_FIELD_END,
};

static const struct brn_field bisecting_fields[] = {
    BRN_FIELD(struct clusters, tree, "_bisecting_tree", NODE, "which centers stand for which"),
    BRN_FIELD_OPTIONAL(struct clusters, mean, "_X_mean", MATRIX, "what the tree's centers lack"),
    OF_FIT("bisecting_strategy"),
    OF_FIT("_kmeans_single"),
    OF_FIT("_random_state"),
    BRN_FIELD_END,
};

static const struct brn_field birch_fields[] = {
    BRN_FIELD(struct clusters, centers, "subcluster_centers_", MATRIX, "subclusters x features"),
    BRN_FIELD(struct clusters, labels, "subcluster_labels_", VALUES, "the cluster of each"),
    BRN_FIELD_IGNORE("_subcluster_norms", "of the centers"),
    BRN_FIELD_IGNORE("root_", "the tree of fit; predict goes by its leaves' centers"),
    BRN_FIELD_IGNORE("dummy_leaf_", "the tree of fit; predict goes by its leaves' centers"),
    OF_FIT("threshold"),
    OF_FIT("branching_factor"),
    OF_FIT("n_clusters"),
    OF_FIT("compute_labels"),
    OF_FIT("copy"),
    OF_FIT("labels_"),
    OF_FIT("fit_"),
    OF_FIT("partial_fit_"),
    OF_FIT("_deprecated_fit"),
    OF_FIT("_deprecated_partial_fit"),
    OF_FIT("_n_features_out"),
    BRN_FIELD_END,
};

static const struct brn_field shift_fields[] = {
    BRN_FIELD(struct clusters, centers, "cluster_centers_", MATRIX, "clusters x features"),
    OF_FIT("bandwidth"),
    OF_FIT("bin_seeding"),
    OF_FIT("cluster_all"),
    OF_FIT("labels_"),
    OF_FIT("min_bin_freq"),
    OF_FIT("n_jobs"),
    OF_FIT("seeds"),
    OF_FIT("max_iter"),
    OF_FIT("n_iter_"),
    BRN_FIELD_END,
};

static const struct brn_field propagation_fields[] = {
    BRN_FIELD(struct clusters, centers, "cluster_centers_", MATRIX, "clusters x features"),
    BRN_FIELD(struct clusters, affinity, "affinity", NODE, "euclidean, or no predict"),
    OF_FIT("affinity_matrix_"),
    OF_FIT("cluster_centers_indices_"),
    OF_FIT("convergence_iter"),
    OF_FIT("copy"),
    OF_FIT("damping"),
    OF_FIT("labels_"),
    OF_FIT("max_iter"),
    OF_FIT("n_iter_"),
    OF_FIT("preference"),
    OF_FIT("verbose"),
    OF_FIT("random_state"),
    BRN_FIELD_END,
};

static const char *const means_modules[] = {"sklearn.cluster._kmeans", "sklearn.cluster.k_means_",
                                            "sklearn.cluster._k_means", NULL};
static const char *const bisecting_modules[] = {"sklearn.cluster._bisect_k_means", NULL};
static const char *const birch_modules[] = {"sklearn.cluster._birch", "sklearn.cluster.birch",
                                            NULL};
static const char *const shift_modules[] = {"sklearn.cluster._mean_shift",
                                            "sklearn.cluster.mean_shift_", NULL};
static const char *const propagation_modules[] = {"sklearn.cluster._affinity_propagation",
                                                  "sklearn.cluster.affinity_propagation_", NULL};

#define ESTIMATOR(identifier, text, of, rows, more, preparing, binding, predicting, transforming) \
    static const struct brn_estimator identifier = {                                              \
        .name = text,                                                                             \
        .modules = of,                                                                            \
        .size = sizeof(struct clusters),                                                          \
        .fields = rows,                                                                           \
        .more_fields = more,                                                                      \
        .prepare = preparing,                                                                     \
        .bind = binding,                                                                          \
        .methods =                                                                                \
            {                                                                                     \
                [BRINE_METHOD_PREDICT] = {predicting, BRN_BOUNDED},                               \
                [BRINE_METHOD_TRANSFORM] = {transforming, BRN_BOUNDED},                           \
            },                                                                                    \
    }

ESTIMATOR(k_means, "KMeans", means_modules, means_fields, NULL, prepare_means, bind,
          predict_same_type, transform);
ESTIMATOR(mini_batch, "MiniBatchKMeans", means_modules, means_fields, batch_fields, prepare_means,
          bind, predict_same_type, transform);
ESTIMATOR(bisecting, "BisectingKMeans", bisecting_modules, means_fields, bisecting_fields,
          prepare_bisecting, bind, predict_bisecting, transform);
ESTIMATOR(birch, "Birch", birch_modules, birch_fields, NULL, prepare_birch, bind_birch,
          predict_birch, transform);
ESTIMATOR(mean_shift, "MeanShift", shift_modules, shift_fields, NULL, prepare, bind_predict,
          predict, NULL);
ESTIMATOR(propagation, "AffinityPropagation", propagation_modules, propagation_fields, NULL,
          prepare_propagation, bind_predict, predict, NULL);

static const struct brn_estimator *const estimators[] = {
    &k_means, &mini_batch, &bisecting, &birch, &mean_shift, &propagation, NULL};

const struct brn_family brn_family_clusters = {estimators};
