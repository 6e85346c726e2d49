/* SPDX-License-Identifier: Apache-2.0
 *
 * discrete_nb.c - MultinomialNB, ComplementNB and BernoulliNB: counts, or bits, times logarithms of
 * probabilities.  sklearn/naive_bayes.py. */
#include "estimators/shared_likelihood.h"
#include "estimators/shared_product.h"

#include "kernel/dot.h"
#include "kernel/sum.h"

#include <math.h>

struct discrete {
    struct brn_likelihood base;
    struct brn_matrix log_probability; /* classes x features */
    struct brn_matrix log_prior;
    struct brn_product product;

    /* BernoulliNB */
    const struct brn_node *binarize;
    bool has_threshold;
    double threshold; /* above it a feature is there */
};

static brine_status joint(const struct brn_instance *me, const struct brn_tile *in, double *out,
                          size_t stride, struct brn_work *work)
{
    const struct discrete *m = me->self;
    return brn_product_run(&m->product, in, out, stride, work);
}

static brine_status check(struct discrete *m, struct brn_instance *me, struct brn_build *build,
                          brn_joint *how)
{
    size_t classes = m->base.classes.count;
    BRN_TRY(brn_likelihood_check(&m->base, build, how));
    BRN_TRY(brn_expect_features(build, me, m->log_probability.columns, "feature_log_prob_"));
    if (m->log_probability.rows != classes)
        return brn_ill_formed(build, "feature_log_prob_", "has %zu rows for %zu classes",
                              m->log_probability.rows, classes);
    if (m->log_prior.rows * m->log_prior.columns != classes)
        return brn_ill_formed(build, "class_log_prior_", "has %zu values for %zu classes",
                              m->log_prior.rows * m->log_prior.columns, classes);
    m->product = (struct brn_product){
        .outputs = classes, .weights = m->log_probability.values, .bias = m->log_prior.values};
    return BRINE_OK;
}

static brine_status prepare_multinomial(struct brn_instance *me, struct brn_build *build)
{
    return check(me->self, me, build, joint);
}

/* The prior is asked when there is one class only. */
static brine_status prepare_complement(struct brn_instance *me, struct brn_build *build)
{
    struct discrete *m = me->self;
    BRN_TRY(check(m, me, build, joint));
    if (m->base.classes.count > 1)
        m->product.bias = NULL;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct discrete *m = me->self;
    BRN_TRY(brn_product_bind(build, me, in, &m->product));
    return brn_likelihood_bind(me, build);
}

/* ---- BernoulliNB ---- */

static void to_bits(const double *values, size_t count, double threshold, double *bits)
{
    for (size_t i = 0; i < count; i++)
        bits[i] = values[i] > threshold;
}

/* numpy compares float32 values with a threshold of Python's as float32. */
static double threshold_of(const struct discrete *m, const struct brn_tile *in)
{
    return in->single ? (double)(float)m->threshold : m->threshold;
}

static brine_status joint_of_bits(const struct brn_instance *me, const struct brn_tile *in,
                                  double *out, size_t stride, struct brn_work *work)
{
    const struct discrete *m = me->self;
    const struct brn_product *p = &m->product;
    size_t n = p->features.count, x_stride;
    if (!m->has_threshold)
        return joint(me, in, out, stride, work);
    BRN_TRY(brn_features_check(&p->features, in, work));
    const struct brn_compressed *rows = in->compressed;
    size_t count = p->features.columns ? in->rows * n : rows->starts[in->rows];
    double *bits = brn_work_take(work, count, sizeof *bits);
    const double *x = p->features.columns ? brn_tile_gather(work, in, p->features.columns,
                                                            p->features.count, &x_stride)
                                          : rows->values;
    if (!bits || !x)
        return brn_fail_memory(work->err);
    if (!p->features.columns) {
        to_bits(x, count, threshold_of(m, in), bits);
        brn_dot_compressed(rows->starts, rows->columns, bits, in->rows, p->by_feature, p->outputs,
                           p->bias, out, stride);
        return BRINE_OK;
    }
    for (size_t r = 0; r < in->rows; r++)
        to_bits(x + r * x_stride, n, threshold_of(m, in), bits + r * n);
    brn_dot_rows(bits, in->rows, n, p->weights, p->outputs, n, p->bias, out, stride);
    return BRINE_OK;
}

/* A feature that is not there counts log(1 - p): the weights are the difference, the bias the sum.
 */
static brine_status prepare_weights(struct discrete *m, struct brn_build *build)
{
    size_t classes = m->log_probability.rows, n = m->log_probability.columns;
    const double *log_p = m->log_probability.values;
    double *absent = BRN_NEW(build->scratch, double, n);
    double *weights = BRN_BUILD_NEW(build, double, classes *n); /* as many as log_p */
    double *bias = BRN_BUILD_NEW(build, double, classes);
    if (!absent || !weights || !bias)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < classes; k++) {
        for (size_t i = 0; i < n; i++) {
            absent[i] = log(1 - exp(log_p[k * n + i]));
            weights[k * n + i] = log_p[k * n + i] - absent[i];
        }
        bias[k] = m->log_prior.values[k] + brn_sum_numpy(absent, n);
    }
    m->product.weights = weights;
    m->product.bias = bias;
    return BRINE_OK;
}

static brine_status prepare_bernoulli(struct brn_instance *me, struct brn_build *build)
{
    struct discrete *m = me->self;
    BRN_TRY(check(m, me, build, joint_of_bits));
    m->has_threshold = !brn_is(m->binarize, BRN_NONE);
    if (m->has_threshold && brn_decode_number(build, m->binarize, &m->threshold) != BRINE_OK) {
        brn_error_within(build->err, "binarize");
        return build->err->status;
    }
    return prepare_weights(m, build);
}

static brine_status bind_bernoulli(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct discrete *m = me->self;
    if (in->is_compressed && m->has_threshold && !(m->threshold >= 0))
        return brn_unsupported(build, "binarize", "is below 0, and rows come from a vectorizer");
    return bind(me, in, build);
}

/* ---- tables ---- */

#define DISCRETE_FIELDS                                                                           \
    BRN_LIKELIHOOD_FIELDS,                                                                        \
        BRN_FIELD(struct discrete, log_probability, "feature_log_prob_", MATRIX,                  \
                  "a logarithm a class and feature"),                                             \
        BRN_FIELD(struct discrete, log_prior, "class_log_prior_", MATRIX, "a logarithm a class"), \
        BRN_FIELD_IGNORE("alpha", "smoothing of fit"), BRN_FIELD_IGNORE("force_alpha", "of fit"), \
        BRN_FIELD_IGNORE("fit_prior", "of fit; class_log_prior_ has it"),                         \
        BRN_FIELD_IGNORE("class_prior", "of fit; class_log_prior_ has it"),                       \
        BRN_FIELD_IGNORE("class_count_", "rows of fit"),                                          \
        BRN_FIELD_IGNORE("feature_count_", "of the training rows"),                               \
        BRN_FIELD_IGNORE("feature_all_", "of the training rows"),                                 \
        BRN_FIELD_IGNORE("n_features_", "feature_log_prob_ has as many columns"),                 \
        BRN_FIELD_IGNORE("norm", "of fit; feature_log_prob_ has it applied")

static const struct brn_field fields[] = {DISCRETE_FIELDS, BRN_FIELD_END};

static const struct brn_field bernoulli_fields[] = {
    DISCRETE_FIELDS,
    BRN_FIELD(struct discrete, binarize, "binarize", NODE,
              "None, or above what a feature is there"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.naive_bayes", NULL};

#define DISCRETE(class, own_fields, own_prepare, own_bind, first, has_jumps)                      \
    &(const struct brn_estimator)                                                                 \
    {                                                                                             \
        .name = class, .modules = modules, .size = sizeof(struct discrete), .fields = own_fields, \
        .prepare = own_prepare, .bind = own_bind,                                                 \
        .methods = {BRN_LIKELIHOOD_METHODS(BRN_BOUNDED)}, .takes_compressed = true,               \
        .since = first, .jumps = has_jumps                                                        \
    }

static const struct brn_estimator *const estimators[] = {
    DISCRETE("BernoulliNB", bernoulli_fields, prepare_bernoulli, bind_bernoulli, 0, true),
    DISCRETE("ComplementNB", fields, prepare_complement, bind, 2000, false),
    DISCRETE("MultinomialNB", fields, prepare_multinomial, bind, 0, false),
    NULL,
};

const struct brn_family brn_family_discrete_nb = {estimators};
