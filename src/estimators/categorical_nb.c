/* SPDX-License-Identifier: Apache-2.0
 *
 * categorical_nb.c - CategoricalNB: a logarithm looked up a feature.  sklearn/naive_bayes.py. */
#include "estimators/shared_likelihood.h"

#include <math.h>

struct feature {
    size_t categories;
    double *logarithms; /* categories x classes */
};

struct categorical {
    struct brn_likelihood base;
    const struct brn_node *log_probability; /* a list: a matrix (classes x categories) a feature */
    struct brn_matrix log_prior;
    struct feature *features;
    size_t count;
    int32_t *columns;
};

/* The category is the value as an integer: what is after the point is cut off. */
static brine_status category_of(const struct categorical *m, const struct brn_tile *in, size_t r,
                                size_t i, struct brn_work *work, size_t *ret_category)
{
    double value = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
    const char *name = in->number_names ? in->number_names[m->columns[i]] : NULL;
    if (!(value > -1))
        return brn_refuse(work, in, r, name, "the model takes no negative value here");
    if (value >= (double)m->features[i].categories)
        return brn_refuse(work, in, r, name, "the model knows %zu categories here, not %.17g",
                          m->features[i].categories, value);
    *ret_category = (size_t)value;
    return BRINE_OK;
}

static brine_status joint(const struct brn_instance *me, const struct brn_tile *in, double *out,
                          size_t stride, struct brn_work *work)
{
    const struct categorical *m = me->self;
    size_t classes = m->base.classes.count, category = 0;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out + r * stride;
        memset(row, 0, classes * sizeof *row);
        for (size_t i = 0; i < m->count; i++) {
            BRN_TRY(category_of(m, in, r, i, work, &category));
            const double *logarithms = m->features[i].logarithms + category * classes;
            for (size_t k = 0; k < classes; k++)
                row[k] += logarithms[k];
        }
        for (size_t k = 0; k < classes; k++)
            row[k] += m->log_prior.values[k];
    }
    return BRINE_OK;
}

static brine_status read_feature(struct brn_build *build, const struct brn_node *node,
                                 size_t classes, struct feature *feature)
{
    struct brn_matrix matrix = {0};
    BRN_TRY(brn_decode_matrix(build, node, &matrix));
    if (!matrix.present || matrix.dimensions != 2 || matrix.rows != classes || matrix.columns == 0)
        return brn_fail(build->err, BRINE_MODEL, "is %zu x %zu for %zu classes", matrix.rows,
                        matrix.columns, classes);
    feature->categories = matrix.columns;
    feature->logarithms = BRN_BUILD_NEW(build, double, matrix.columns *classes);
    if (!feature->logarithms)
        return brn_fail_memory(build->err);
    for (size_t c = 0; c < matrix.columns; c++)
        for (size_t k = 0; k < classes; k++)
            feature->logarithms[c * classes + k] = matrix.values[k * matrix.columns + c];
    return BRINE_OK;
}

static brine_status read_features(struct categorical *m, struct brn_build *build)
{
    m->features = BRN_BUILD_NEW(build, struct feature, m->count);
    if (!m->features)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->count; i++) {
        brine_status status = read_feature(build, brn_node_item(m->log_probability, i),
                                           m->base.classes.count, &m->features[i]);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "feature_log_prob_[%zu]", i);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct categorical *m = me->self;
    m->count = brn_node_count(m->log_probability);
    BRN_TRY(brn_likelihood_check(&m->base, build, joint));
    BRN_TRY(brn_expect_features(build, me, m->count, "feature_log_prob_"));
    if (m->log_prior.rows * m->log_prior.columns != m->base.classes.count)
        return brn_ill_formed(build, "class_log_prior_", "has %zu values for %zu classes",
                              m->log_prior.rows * m->log_prior.columns, m->base.classes.count);
    return read_features(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct categorical *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_likelihood_bind(me, build);
}

static const struct brn_field fields[] = {
    BRN_LIKELIHOOD_FIELDS,
    BRN_FIELD(struct categorical, log_probability, "feature_log_prob_", NODE,
              "a logarithm a feature, class and category"),
    BRN_FIELD(struct categorical, log_prior, "class_log_prior_", MATRIX, "a logarithm a class"),
    BRN_FIELD_IGNORE("alpha", "smoothing of fit"),
    BRN_FIELD_IGNORE("force_alpha", "of fit"),
    BRN_FIELD_IGNORE("fit_prior", "of fit; class_log_prior_ has it"),
    BRN_FIELD_IGNORE("class_prior", "of fit; class_log_prior_ has it"),
    BRN_FIELD_IGNORE("min_categories", "of fit"),
    BRN_FIELD_IGNORE("n_categories_", "feature_log_prob_ has as many columns"),
    BRN_FIELD_IGNORE("class_count_", "rows of fit"),
    BRN_FIELD_IGNORE("category_count_", "of the training rows"),
    BRN_FIELD_IGNORE("n_features_", "feature_log_prob_ has as many items"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.naive_bayes", NULL};

static const struct brn_estimator categorical_nb = {
    .name = "CategoricalNB",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct categorical),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {BRN_LIKELIHOOD_METHODS(BRN_EXACT)},
    .since = 2200,
};

static const struct brn_estimator *const estimators[] = {&categorical_nb, NULL};

const struct brn_family brn_family_categorical_nb = {estimators};
