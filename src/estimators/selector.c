/* SPDX-License-Identifier: Apache-2.0
 *
 * selector.c - selection by what fit reckoned of each feature on its own: scores, p-values,
 * variance. sklearn/feature_selection/_univariate_selection.py, _variance_threshold.py. */
#include "estimators/shared_selector.h"

#include <float.h>
#include <math.h>

struct selector {
    struct brn_selector base;
    struct brn_matrix scores, pvalues, variances;
    const struct brn_node *parameter; /* k, param */
    double alpha, threshold, percentile;
    const char *mode;
};

/* ---- masks ---- */

static void mark_all(struct selector *m, bool value)
{
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = value;
}

/* _clean_nans: NaN is the least of all. */
static void clean(struct brn_matrix *scores)
{
    double least = scores->itemsize == 4 ? -(double)FLT_MAX : -DBL_MAX;
    for (size_t i = 0; i < scores->columns; i++)
        if (isnan(scores->values[i]))
            scores->values[i] = least;
}

static brine_status mark_best(struct selector *m, struct brn_build *build)
{
    int64_t k;
    if (brn_node_is_text(m->parameter, "all")) {
        mark_all(m, true);
        return BRINE_OK;
    }
    BRN_TRY(brn_decode_int(build, m->parameter, &k));
    if (k < 0)
        return brn_ill_formed(build, "k", "is %lld", (long long)k);
    clean(&m->scores);
    struct brn_ranked *ranks = brn_ranking(build, m->scores.values, m->base.width, 1);
    if (!ranks)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[ranks[i].place] = m->base.width - i <= (uint64_t)k;
    return BRINE_OK;
}

static const struct brn_era lerp_eras[] = {
    {0, 2400, false, "percentiles: each neighbour times its weight (numpy before 1.20)"},
    {2400, 0, true, "percentiles: from the nearer neighbour (numpy's _lerp)"},
    BRN_ERA_END,
};

/* numpy.percentile of sorted values, linear. */
static double percentile_of(const struct brn_ranked *ranks, size_t count, double percent, bool lerp)
{
    double at = percent / 100 * (double)(count - 1);
    size_t below = (size_t)at, above = below + 1 < count ? below + 1 : below;
    double share = at - floor(at), low = ranks[below].value, high = ranks[above].value;
    if (!lerp)
        return low * (1 - share) + high * share;
    return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

static brine_status mark_percentile(const struct brn_instance *me, struct brn_build *build,
                                    double percentile)
{
    struct selector *m = me->self;
    if (!(percentile >= 0 && percentile <= 100))
        return brn_ill_formed(build, "percentile", "is %g", percentile);
    mark_all(m, percentile >= 100);
    if (percentile <= 0 || percentile >= 100)
        return BRINE_OK;
    clean(&m->scores);
    struct brn_ranked *ranks = brn_ranking(build, m->scores.values, m->base.width, 1);
    if (!ranks)
        return brn_fail_memory(build->err);
    double edge = percentile_of(ranks, m->base.width, 100 - percentile,
                                brn_era_behaviour(lerp_eras, me->version));
    if (m->scores.itemsize == 4)
        edge = (double)(float)edge;
    size_t most = (size_t)((double)m->base.width * percentile / 100), taken = 0;
    for (size_t i = 0; i < m->base.width; i++)
        taken += m->base.mask[i] = m->scores.values[i] > edge;
    for (size_t i = 0; i < m->base.width && taken < most; i++)
        if (m->scores.values[i] <= edge && m->scores.values[i] >= edge) {
            m->base.mask[i] = true;
            taken++;
        }
    return BRINE_OK;
}

static void mark_below(struct selector *m, double limit)
{
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = m->pvalues.values[i] < limit;
}

/* Benjamini and Hochberg: all up to the last that is below its share of alpha. */
static brine_status mark_false_discovery(struct selector *m, struct brn_build *build, double alpha)
{
    struct brn_ranked *ranks = brn_ranking(build, m->pvalues.values, m->base.width, 1);
    double most = (double)-INFINITY;
    if (!ranks)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->base.width; i++)
        if (ranks[i].value <= alpha / (double)m->base.width * (double)(i + 1))
            most = ranks[i].value > most ? ranks[i].value : most;
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = m->pvalues.values[i] <= most;
    return BRINE_OK;
}

static brine_status prepare_best(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->scores, "scores_"));
    BRN_TRY(mark_best(m, build));
    return brn_selector_keep(me, build);
}

static brine_status prepare_percentile(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->scores, "scores_"));
    BRN_TRY(mark_percentile(me, build, m->percentile));
    return brn_selector_keep(me, build);
}

static brine_status prepare_fpr(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->pvalues, "pvalues_"));
    mark_below(m, m->alpha);
    return brn_selector_keep(me, build);
}

static brine_status prepare_fwe(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->pvalues, "pvalues_"));
    mark_below(m, m->alpha / (double)m->base.width);
    return brn_selector_keep(me, build);
}

static brine_status prepare_fdr(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->pvalues, "pvalues_"));
    BRN_TRY(mark_false_discovery(m, build, m->alpha));
    return brn_selector_keep(me, build);
}

static brine_status prepare_generic(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    if (brn_text_is(m->mode, "k_best"))
        return prepare_best(me, build);
    BRN_TRY(brn_decode_number(build, m->parameter, &m->alpha));
    m->percentile = m->alpha;
    if (brn_text_is(m->mode, "percentile"))
        return prepare_percentile(me, build);
    if (brn_text_is(m->mode, "fpr"))
        return prepare_fpr(me, build);
    if (brn_text_is(m->mode, "fdr"))
        return prepare_fdr(me, build);
    if (brn_text_is(m->mode, "fwe"))
        return prepare_fwe(me, build);
    return brn_ill_formed(build, "mode", "is none of a selector's");
}

static const struct brn_era tolerance_eras[] = {
    {0, 2200, false, "rows must be finite"},
    {2200, 0, true, "NaN and infinities pass"},
    BRN_ERA_END,
};

static brine_status prepare_variance(struct brn_instance *me, struct brn_build *build)
{
    struct selector *m = me->self;
    BRN_TRY(brn_selector_mask_for(me, build, &m->variances, "variances_"));
    for (size_t i = 0; i < m->base.width; i++)
        m->base.mask[i] = m->variances.values[i] > m->threshold;
    m->base.takes_any = brn_era_behaviour(tolerance_eras, me->version);
    return brn_selector_keep(me, build);
}

/* ---- classes ---- */

#define SCORED                                                                               \
    BRN_FIELD_OPTIONAL(struct selector, scores, "scores_", MATRIX, "of each feature"),       \
        BRN_FIELD_OPTIONAL(struct selector, pvalues, "pvalues_", MATRIX, "of each feature"), \
        BRN_FIELD_IGNORE("score_func", "scores_ are what came of it")

static const struct brn_field best_fields[] = {
    BRN_FIELD(struct selector, parameter, "k", NODE, "how many, or \"all\""),
    SCORED,
    BRN_FIELD_END,
};

static const struct brn_field percentile_fields[] = {
    BRN_FIELD(struct selector, percentile, "percentile", NUMBER, "the share that is kept"),
    SCORED,
    BRN_FIELD_END,
};

static const struct brn_field alpha_fields[] = {
    BRN_FIELD(struct selector, alpha, "alpha", NUMBER, "the largest p-value, of the test's kind"),
    SCORED,
    BRN_FIELD_END,
};

static const struct brn_field generic_fields[] = {
    BRN_FIELD(struct selector, mode, "mode", TEXT, "k_best, percentile, fpr, fdr or fwe"),
    BRN_FIELD(struct selector, parameter, "param", NODE, "of that mode"),
    SCORED,
    BRN_FIELD_END,
};

static const struct brn_field variance_fields[] = {
    BRN_FIELD(struct selector, variances, "variances_", MATRIX, "of each feature"),
    BRN_FIELD(struct selector, threshold, "threshold", NUMBER, "features above it are kept"),
    BRN_FIELD_END,
};

#define UNIVARIATE "sklearn.feature_selection._univariate_selection"
#define UNIVARIATE_OF_OLD "sklearn.feature_selection.univariate_selection"

static const char *const univariate_modules[] = {UNIVARIATE, UNIVARIATE_OF_OLD, NULL};
static const char *const variance_modules[] = {"sklearn.feature_selection._variance_threshold",
                                               "sklearn.feature_selection.variance_threshold",
                                               NULL};

#define SELECTOR(identifier, text, module_list, table, preparation)                  \
    static const struct brn_estimator identifier = {                                 \
        .name = text,                                                                \
        .modules = module_list,                                                      \
        .size = sizeof(struct selector),                                             \
        .fields = table,                                                             \
        .prepare = preparation,                                                      \
        .bind = brn_selector_bind,                                                   \
        .takes_compressed = true,                                                    \
        .methods = {[BRINE_METHOD_TRANSFORM] = {brn_selector_transform, BRN_EXACT}}, \
    }

SELECTOR(best, "SelectKBest", univariate_modules, best_fields, prepare_best);
SELECTOR(percentile, "SelectPercentile", univariate_modules, percentile_fields, prepare_percentile);
SELECTOR(fpr, "SelectFpr", univariate_modules, alpha_fields, prepare_fpr);
SELECTOR(fdr, "SelectFdr", univariate_modules, alpha_fields, prepare_fdr);
SELECTOR(fwe, "SelectFwe", univariate_modules, alpha_fields, prepare_fwe);
SELECTOR(generic, "GenericUnivariateSelect", univariate_modules, generic_fields, prepare_generic);
SELECTOR(variance, "VarianceThreshold", variance_modules, variance_fields, prepare_variance);

static const struct brn_estimator *const estimators[] = {&best, &percentile, &fpr,      &fdr,
                                                         &fwe,  &generic,    &variance, NULL};

const struct brn_family brn_family_selector = {estimators};
