/* SPDX-License-Identifier: Apache-2.0
 *
 * fit_linear.c - LogisticRegression of two classes with an L2 penalty.
 * sklearn/linear_model/_logistic.py (1.2 to 1.9).
 *
 * At the coefficients that were found, the gradient of the mean penalised loss over the rows of
 * fitting is within the solver's tol, and over other rows it is not: the mean of (p - y) x_j + w_j
 * / (C n) for each feature, and of (p - y) for the intercept. */
#include "evidence/fit.h"

#include <math.h>

struct logistic {
    const double *coef;
    size_t features;
    double intercept, c;
    double *residual; /* p - y by row of train and test */
};

static double one_number(struct brn_fit *fit, const char *attribute, double otherwise)
{
    size_t count;
    double *value = brn_fit_array(fit, brn_node_attribute(fit->object, attribute), &count);
    return value && count == 1 ? value[0] : otherwise;
}

static bool is_one_of(const struct brn_node *n, const char *const *words)
{
    for (; *words; words++)
        if (brn_node_is_text(n, *words))
            return true;
    return false;
}

/* Why the gradient says nothing here, or NULL. */
static const char *not_judged(struct brn_fit *fit)
{
    static const char *const solvers[] = {"lbfgs", "newton-cg", "newton-cholesky", NULL};
    static const char *const penalties[] = {"l2", "deprecated", NULL};
    const struct brn_node *o = fit->object;
    if (!fit->truth)
        return "the labels are not those of two classes";
    if (!is_one_of(brn_node_attribute(o, "solver"), solvers) ||
        !is_one_of(brn_node_attribute(o, "penalty"), penalties) ||
        one_number(fit, "l1_ratio", 0) != 0)
        return "its solver or penalty is one that is not judged";
    if (!brn_is(brn_node_attribute(o, "class_weight"), BRN_NONE))
        return "its rows were weighted by class";
    if (one_number(fit, "n_iter_", 0) >= one_number(fit, "max_iter", 0))
        return "it stopped before it converged";
    return NULL;
}

static bool read_model(struct brn_fit *fit, struct logistic *m)
{
    size_t count = 0;
    m->coef = brn_fit_array(fit, brn_node_attribute(fit->object, "coef_"), &m->features);
    double *intercept = brn_fit_array(fit, brn_node_attribute(fit->object, "intercept_"), &count);
    m->c = one_number(fit, "C", 1);
    m->intercept = intercept && count == 1 ? intercept[0] : 0;
    return m->coef && count == 1 && m->features == fit->input->train.column_count && m->c > 0;
}

static size_t all_rows(const struct brn_fit *fit)
{
    return (size_t)(fit->input->train.rows + fit->input->test.rows);
}

static bool fill_residuals(struct brn_fit *fit, struct logistic *m)
{
    size_t rows = all_rows(fit);
    for (size_t i = 0; i < rows; i++)
        m->residual[i] = m->intercept;
    for (size_t c = 0; c < m->features; c++) {
        if (!brn_fit_read(fit, c))
            return false;
        for (size_t i = 0; i < rows; i++)
            m->residual[i] += m->coef[c] * fit->numbers[i];
    }
    for (size_t i = 0; i < rows; i++)
        m->residual[i] = 1 / (1 + exp(-m->residual[i])) - fit->truth[i];
    return true;
}

/* Mean of residual x feature over a hypothesis' rows; feature NULL: of the residual. */
static double mean_product(const struct brn_fit *fit, const struct logistic *m,
                           enum brn_hypothesis h, const double *feature)
{
    size_t begin, end;
    double sum = 0;
    brn_fit_rows(fit, h, &begin, &end);
    for (size_t i = begin; i < end; i++)
        sum += m->residual[i] * (feature ? feature[i] : 1);
    return sum / (double)(end - begin);
}

static void raise(struct brn_fit *fit, enum brn_hypothesis h, double gradient)
{
    double size = isfinite(gradient) ? fabs(gradient) : 1;
    fit->component->error[h] = fmax(fit->component->error[h], size);
}

static void compare_gradients(struct brn_fit *fit, const struct logistic *m)
{
    size_t begin, end;
    for (int h = 0; h < BRN_HYPOTHESES; h++)
        raise(fit, (enum brn_hypothesis)h, mean_product(fit, m, (enum brn_hypothesis)h, NULL));
    for (size_t c = 0; c < m->features && brn_fit_read(fit, c); c++)
        for (int h = 0; h < BRN_HYPOTHESES; h++) {
            brn_fit_rows(fit, (enum brn_hypothesis)h, &begin, &end);
            raise(fit, (enum brn_hypothesis)h,
                  mean_product(fit, m, (enum brn_hypothesis)h, fit->numbers) +
                      m->coef[c] / (m->c * (double)(end - begin)));
        }
    fit->component->statistics = m->features + 1;
}

brine_status brn_fit_logistic(struct brn_fit *fit)
{
    struct logistic m;
    fit->component->why = not_judged(fit);
    if (fit->component->why)
        return BRINE_OK;
    fit->component->what = "gradients of its loss";
    if (!read_model(fit, &m)) {
        fit->component->why = "it is not a model of two classes with an intercept";
        return BRINE_OK;
    }
    m.residual = BRN_NEW(fit->arena, double, all_rows(fit) + 1);
    if (!m.residual)
        return brn_fail_memory(fit->err);
    fit->tolerance = 1.05 * one_number(fit, "tol", 1e-4);
    if (fill_residuals(fit, &m))
        compare_gradients(fit, &m);
    return BRINE_OK;
}
