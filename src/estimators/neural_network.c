/* SPDX-License-Identifier: Apache-2.0
 *
 * neural_network.c - MLPClassifier and MLPRegressor: layers of dot products and activations.
 * sklearn/neural_network/_multilayer_perceptron.py, _base.py. */
#include "estimators/shared_multilabel.h"
#include "estimators/shared_product.h"

#include "kernel/dot.h"
#include "kernel/link.h"
#include "kernel/rectify.h"

#include <float.h>
#include <math.h>

typedef void activation(double *row, size_t n);

struct layer {
    size_t inputs, outputs;
    double *weights; /* by feature: inputs x outputs, and BRN_DOT_SPARE */
    double *bias;
};

struct network {
    const struct brn_node *coefs, *intercepts; /* lists: an item a layer */
    int64_t counted;                           /* n_layers_, the input's among them: what is run */
    const char *hidden_name, *output_name;     /* activations */
    const struct brn_node *label_binarizer;    /* of a classifier */
    struct brn_values classes;
    struct brn_dictionary *labels;
    bool is_multilabel;

    struct layer *layers;
    size_t layer_count, width; /* of the widest layer */
    activation *hidden, *output;
    bool is_single; /* all weights are float32 */
    struct brn_features features;
};

/* ---- activations ---- */

static void identity(double *row, size_t n)
{
    (void)row;
    (void)n;
}

static void exponential(double *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = exp(row[i]);
}

static void logistic(double *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = brn_expit(row[i]);
}

static void hyperbolic(double *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = tanh(row[i]);
}

static void rectified_finite(double *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = row[i] < 0 ? 0 : row[i] > DBL_MAX ? DBL_MAX : row[i];
}

static const struct brn_era finite_eras[] = {
    {0, 2400, true, "relu gives the largest number for infinity: _base.py 0.23.2, np.clip"},
    {2400, 0, false, "np.maximum"},
    BRN_ERA_END,
};

static const struct named_activation {
    const char *name;
    activation *apply;
} activations[] = {
    {"identity", identity}, {"exp", exponential},     {"logistic", logistic},
    {"tanh", hyperbolic},   {"softmax", brn_softmax}, {"relu", brn_rectify},
};

static activation *activation_named(const char *name, brn_version version)
{
    for (size_t i = 0; i < sizeof activations / sizeof activations[0]; i++)
        if (brn_text_is(name, activations[i].name)) {
            activation *apply = activations[i].apply;
            bool finite = apply == brn_rectify && brn_era_behaviour(finite_eras, version);
            return finite ? rectified_finite : apply;
        }
    return NULL;
}

/* ---- preparing ---- */

static brine_status fill_layer(struct brn_build *build, const struct brn_matrix *coef,
                               const struct brn_matrix *intercept, struct layer *layer)
{
    size_t count = coef->rows * coef->columns;
    *layer = (struct layer){coef->rows, coef->columns,
                            BRN_BUILD_NEW(build, double, count + BRN_DOT_SPARE), intercept->values};
    if (!layer->weights)
        return brn_fail_memory(build->err);
    memcpy(layer->weights, coef->values, count * sizeof *layer->weights);
    return BRINE_OK;
}

static brine_status read_layer(struct network *m, struct brn_build *build, size_t k)
{
    struct brn_matrix coef = {0}, intercept = {0};
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->coefs, k), &coef));
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->intercepts, k), &intercept));
    size_t inputs = k ? m->layers[k - 1].outputs : coef.rows;
    if (!coef.present || coef.dimensions != 2 || coef.rows != inputs || inputs == 0 ||
        coef.columns == 0)
        return brn_fail(build->err, BRINE_MODEL, "is %zu x %zu for %zu inputs", coef.rows,
                        coef.columns, inputs);
    if (!intercept.present || intercept.rows != 1 || intercept.columns != coef.columns)
        return brn_fail(build->err, BRINE_MODEL, "has %zu outputs and %zu intercepts", coef.columns,
                        intercept.columns);
    m->is_single = m->is_single && coef.itemsize == 4 && intercept.itemsize == 4;
    m->width = coef.columns > m->width ? coef.columns : m->width;
    return fill_layer(build, &coef, &intercept, &m->layers[k]);
}

static brine_status read_layers(struct network *m, struct brn_build *build)
{
    m->layer_count = brn_node_count(m->coefs);
    if (m->layer_count == 0 || brn_node_count(m->intercepts) != m->layer_count)
        return brn_ill_formed(build, "coefs_", "has %zu layers, intercepts_ %zu", m->layer_count,
                              brn_node_count(m->intercepts));
    m->layers = BRN_BUILD_NEW(build, struct layer, m->layer_count);
    if (!m->layers)
        return brn_fail_memory(build->err);
    m->is_single = true;
    for (size_t k = 0; k < m->layer_count; k++) {
        brine_status status = read_layer(m, build, k);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "coefs_[%zu]", k);
            return status;
        }
    }
    return BRINE_OK;
}

static size_t outputs_of(const struct network *m)
{
    return m->layers[m->layer_count - 1].outputs;
}

/* Fewer than there are: sklearn2pmml's MLPTransformer stops at a hidden layer. */
static brine_status count_layers(struct network *m, const struct brn_build *build)
{
    if (m->counted < 2 || (uint64_t)m->counted - 1 > m->layer_count)
        return brn_ill_formed(build, "n_layers_", "is %lld, coefs_ has %zu", (long long)m->counted,
                              m->layer_count);
    m->layer_count = (size_t)m->counted - 1;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct network *m = me->self;
    BRN_TRY(read_layers(m, build));
    BRN_TRY(count_layers(m, build));
    m->hidden = activation_named(m->hidden_name, me->version);
    m->output = activation_named(m->output_name, me->version);
    if (!m->hidden || m->hidden == brn_softmax)
        return brn_unsupported(build, "activation", "is none that brine knows");
    if (!m->output)
        return brn_unsupported(build, "out_activation_", "is none that brine knows");
    return brn_expect_features(build, me, m->layers[0].inputs, "coefs_");
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct network *m = me->self;
    BRN_TRY(prepare(me, build));
    m->is_multilabel = brn_is_multilabel(m->label_binarizer);
    size_t classes = m->classes.count, outputs = outputs_of(m);
    bool one = classes == 2 && !m->is_multilabel;
    if (classes < 2 || outputs != (one ? 1 : classes))
        return brn_ill_formed(build, "coefs_", "has %zu outputs for %zu classes", outputs, classes);
    return brn_labels(build, &m->classes, &m->labels);
}

/* ---- binding ---- */

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct network *m = me->self;
    BRN_TRY(brn_features_bind(build, me, in, &m->features));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, outputs_of(m), NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_probabilities(struct brn_instance *me, struct brn_build *build,
                                       brine_method method)
{
    const struct network *m = me->self;
    const char *const *names = brn_label_names(build, method, m->labels);
    if (names)
        me->out[method] = brn_schema_numbers(build->arena, m->classes.count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct network *m = me->self;
    BRN_TRY(brn_features_bind(build, me, in, &m->features));
    me->out[BRINE_METHOD_PREDICT] = m->is_multilabel
                                        ? brn_multilabel_schema(build, m->classes.count)
                                        : brn_schema_labels(build->arena, &m->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    BRN_TRY(bind_probabilities(me, build, BRINE_METHOD_PREDICT_PROBA));
    return bind_probabilities(me, build, BRINE_METHOD_PREDICT_LOG_PROBA);
}

/* ---- running ---- */

static void run_layer(const struct layer *layer, const double *x, size_t rows, size_t stride,
                      double *out)
{
    void (*dot)(const double *, size_t, size_t, const double *, size_t, size_t, const double *,
                double *, size_t) = layer->outputs == 1 ? brn_dot_rows : brn_dot_layer;
    dot(x, rows, stride, layer->weights, layer->outputs, layer->inputs, layer->bias, out,
        layer->outputs);
}

static brine_status run_first(const struct network *m, const struct brn_tile *in, double *out,
                              struct brn_work *work)
{
    const struct layer *layer = &m->layers[0];
    const struct brn_compressed *rows = in->compressed;
    BRN_TRY(brn_features_check(&m->features, in, work));
    if (!m->features.columns) {
        brn_dot_compressed(rows->starts, rows->columns, rows->values, in->rows, layer->weights,
                           layer->outputs, layer->bias, out, layer->outputs);
        return BRINE_OK;
    }
    size_t stride;
    const double *x = brn_tile_gather(work, in, m->features.columns, m->features.count, &stride);
    if (!x)
        return brn_fail_memory(work->err);
    run_layer(layer, x, in->rows, stride, out);
    return BRINE_OK;
}

/* scikit-learn keeps float32 between the layers when all is float32. */
static void round_all(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(float)values[i];
}

static void activate(const struct network *m, size_t k, double *values, size_t rows, bool single)
{
    size_t n = m->layers[k].outputs;
    activation *apply = k + 1 < m->layer_count ? m->hidden : m->output;
    if (single)
        round_all(values, rows * n);
    for (size_t r = 0; r < rows; r++)
        apply(values + r * n, n);
}

/* *ret_outputs: in->rows x outputs, in work. */
static brine_status forward(const struct network *m, const struct brn_tile *in,
                            struct brn_work *work, double **ret_outputs)
{
    bool single = in->single && m->is_single;
    double *at = brn_work_take(work, in->rows * m->width, sizeof *at);
    double *next = brn_work_take(work, in->rows * m->width, sizeof *next);
    if (!at || !next)
        return brn_fail_memory(work->err);
    BRN_TRY(run_first(m, in, at, work));
    activate(m, 0, at, in->rows, single);
    for (size_t k = 1; k < m->layer_count; k++) {
        double *swap = at;
        run_layer(&m->layers[k], at, in->rows, m->layers[k].inputs, next);
        activate(m, k, next, in->rows, single);
        at = next;
        next = swap;
    }
    *ret_outputs = at;
    return BRINE_OK;
}

static brine_status predict_numbers(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct network *m = me->self;
    size_t n = outputs_of(m);
    double *outputs = NULL;
    BRN_TRY(forward(m, in, work, &outputs));
    for (size_t r = 0; r < in->rows; r++)
        memcpy(out->numbers + r * out->number_stride, outputs + r * n, n * sizeof *outputs);
    out->single = in->single && m->is_single;
    return BRINE_OK;
}

static brine_status predict_labels(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct network *m = me->self;
    size_t n = outputs_of(m);
    double *outputs = NULL;
    BRN_TRY(forward(m, in, work, &outputs));
    if (n > 1 && !m->is_multilabel) {
        brn_argmax(outputs, in->rows, n, out->codes, out->code_stride);
        return BRINE_OK;
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < n; k++)
            out->codes[r * out->code_stride + k] = outputs[r * n + k] > 0.5;
    return BRINE_OK;
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct network *m = me->self;
    BRN_TRY(predict_numbers(me, in, out, work));
    for (size_t r = 0; outputs_of(m) == 1 && r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        row[1] = row[0];
        row[0] = 1 - row[0];
    }
    return BRINE_OK;
}

/* ---- tables ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct network, coefs, "coefs_", NODE, "weights of each layer, inputs x outputs"),
    BRN_FIELD(struct network, intercepts, "intercepts_", NODE, "biases of each layer"),
    BRN_FIELD(struct network, hidden_name, "activation", TEXT, "of the hidden layers"),
    BRN_FIELD(struct network, output_name, "out_activation_", TEXT, "of the last layer"),
    BRN_FIELD(struct network, counted, "n_layers_", INT, "layers, the input's among them"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct network, coefs, "coefs_", NODE, "weights of each layer, inputs x outputs"),
    BRN_FIELD(struct network, intercepts, "intercepts_", NODE, "biases of each layer"),
    BRN_FIELD(struct network, hidden_name, "activation", TEXT, "of the hidden layers"),
    BRN_FIELD(struct network, output_name, "out_activation_", TEXT, "of the last layer"),
    BRN_FIELD(struct network, counted, "n_layers_", INT, "layers, the input's among them"),
    BRN_FIELD(struct network, classes, "classes_", VALUES, "labels in the order of the outputs"),
    BRN_FIELD(struct network, label_binarizer, "_label_binarizer", NODE,
              "whether each class is a label of its own"),
    BRN_FIELD_END,
};

static const struct brn_field fit_fields[] = {
    BRN_FIELD_IGNORE("_best_coefs", "of early stopping; coefs_ is what predicts"),
    BRN_FIELD_IGNORE("_best_intercepts", "of early stopping; intercepts_ is what predicts"),
    BRN_FIELD_IGNORE("_coef_indptr", "of fit"),
    BRN_FIELD_IGNORE("_intercept_indptr", "of fit"),
    BRN_FIELD_IGNORE("_no_improvement_count", "of fit"),
    BRN_FIELD_IGNORE("_optimizer", "of fit"),
    BRN_FIELD_IGNORE("_random_state", "of fit"),
    BRN_FIELD_IGNORE("alpha", "strength of the penalty of fit"),
    BRN_FIELD_IGNORE("batch_size", "of fit"),
    BRN_FIELD_IGNORE("best_loss_", "of fit"),
    BRN_FIELD_IGNORE("best_validation_score_", "of fit"),
    BRN_FIELD_IGNORE("beta_1", "of fit"),
    BRN_FIELD_IGNORE("beta_2", "of fit"),
    BRN_FIELD_IGNORE("early_stopping", "of fit"),
    BRN_FIELD_IGNORE("epsilon", "of fit"),
    BRN_FIELD_IGNORE("hidden_layer_sizes", "coefs_ has them"),
    BRN_FIELD_IGNORE("learning_rate", "of fit"),
    BRN_FIELD_IGNORE("learning_rate_init", "of fit"),
    BRN_FIELD_IGNORE("loss", "of fit; out_activation_ has what it means"),
    BRN_FIELD_IGNORE("loss_", "of fit"),
    BRN_FIELD_IGNORE("loss_curve_", "of fit"),
    BRN_FIELD_IGNORE("max_fun", "limit of fit"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("momentum", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("n_iter_no_change", "limit of fit"),
    BRN_FIELD_IGNORE("n_outputs_", "the last of coefs_ has them"),
    BRN_FIELD_IGNORE("nesterovs_momentum", "of fit"),
    BRN_FIELD_IGNORE("power_t", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("shuffle", "of fit"),
    BRN_FIELD_IGNORE("solver", "of fit"),
    BRN_FIELD_IGNORE("t_", "steps of fit"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("validation_fraction", "of fit"),
    BRN_FIELD_IGNORE("validation_scores_", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("warm_start", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.neural_network._multilayer_perceptron",
                                      "sklearn.neural_network.multilayer_perceptron", NULL};

static const struct brn_estimator classifier = {
    .name = "MLPClassifier",
    .modules = modules,
    .size = sizeof(struct network),
    .fields = classifier_fields,
    .more_fields = fit_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict_labels, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_BOUNDED},
        },
    .takes_compressed = true,
};

static const struct brn_estimator regressor = {
    .name = "MLPRegressor",
    .modules = modules,
    .size = sizeof(struct network),
    .fields = fields,
    .more_fields = fit_fields,
    .prepare = prepare,
    .bind = bind_regressor,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_numbers, BRN_BOUNDED}},
    .takes_compressed = true,
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_neural_network = {estimators};
