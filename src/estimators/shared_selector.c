/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_selector.h"
#include "estimators/shared_importance.h"
#include "estimators/shared_sparse.h"

#include <stdlib.h>

static const size_t DROPPED = SIZE_MAX;

brine_status brn_selector_mask(struct brn_instance *me, struct brn_build *build, size_t width,
                               const char *attribute)
{
    struct brn_selector *m = me->self;
    BRN_TRY(brn_expect_features(build, me, width, attribute));
    m->width = width;
    m->mask = BRN_BUILD_NEW(build, bool, width);
    return m->mask ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_selector_mask_for(struct brn_instance *me, struct brn_build *build,
                                   const struct brn_matrix *values, const char *attribute)
{
    if (!values->present || values->rows != 1)
        return brn_ill_formed(build, attribute, "is no row of numbers");
    return brn_selector_mask(me, build, values->columns, attribute);
}

static int by_value(const void *a, const void *b)
{
    const struct brn_ranked *x = a, *y = b;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

struct brn_ranked *brn_ranking(struct brn_build *build, const double *values, size_t count,
                               double sign)
{
    struct brn_ranked *ranks = BRN_NEW(build->scratch, struct brn_ranked, count);
    for (size_t i = 0; ranks && i < count; i++)
        ranks[i] = (struct brn_ranked){sign * values[i], i};
    if (ranks)
        qsort(ranks, count, sizeof *ranks, by_value);
    return ranks;
}

brine_status brn_selector_keep(struct brn_instance *me, struct brn_build *build)
{
    struct brn_selector *m = me->self;
    m->places = BRN_BUILD_NEW(build, size_t, m->width);
    m->targets = BRN_BUILD_NEW(build, size_t, m->width);
    if (!m->places || !m->targets)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->width; i++) {
        m->targets[i] = m->mask[i] ? m->kept : DROPPED;
        if (m->mask[i])
            m->places[m->kept++] = i;
    }
    return m->kept ? BRINE_OK : brn_unsupported(build, "", "no feature is selected");
}

/* ---- whether NaN is for the estimator to judge ---- */

/* Releases that let NaN and infinities pass on to an estimator of this class ("allow_nan"), with
 * its default parameters. */
static const struct tolerant {
    const char *name;
    brn_version since;
    const char *splitter; /* of a tree: only with this one, or NULL */
} tolerant[] = {
    {"HistGradientBoostingClassifier", 2200, NULL},
    {"HistGradientBoostingRegressor", 2200, NULL},
    {"DecisionTreeClassifier", 10300, "best"},
    {"DecisionTreeRegressor", 10300, "best"},
    {"RandomForestClassifier", 10400, NULL},
    {"RandomForestRegressor", 10400, NULL},
    {"ExtraTreeClassifier", 10600, "random"},
    {"ExtraTreeRegressor", 10600, "random"},
    {"ExtraTreesClassifier", 10600, NULL},
    {"ExtraTreesRegressor", 10600, NULL},
    {"IsolationForest", 10600, NULL},
    {"BaggingClassifier", 10300, NULL},
    {"BaggingRegressor", 10300, NULL},
};

static bool tolerates(const struct tolerant *t, const struct brn_node *estimator,
                      brn_version version)
{
    const struct brn_node *splitter = brn_node_attribute(estimator, "splitter");
    const struct brn_node *criterion = brn_node_attribute(estimator, "criterion");
    bool absolute = brn_node_is_text(criterion, "absolute_error") && version < 10900;
    return version >= t->since && !absolute &&
           (!t->splitter || version >= 10600 || brn_node_is_text(splitter, t->splitter));
}

static brine_status judge_missing(struct brn_instance *me, struct brn_build *build,
                                  const struct brn_node *estimator)
{
    struct brn_selector *m = me->self;
    bool is_sklearn = false;
    struct brn_slice name = brn_importance_class(estimator, &is_sklearn);
    static const char *const composites[] = {"Pipeline", "GridSearchCV", "RandomizedSearchCV",
                                             "VotingClassifier", "StackingClassifier"};
    for (size_t i = 0; i < sizeof tolerant / sizeof tolerant[0]; i++)
        if (is_sklearn && brn_slice_is(name, tolerant[i].name))
            m->takes_any = tolerates(&tolerant[i], estimator, me->version);
    for (size_t i = 0; i < sizeof composites / sizeof composites[0]; i++)
        is_sklearn &= !brn_slice_is(name, composites[i]);
    bool is_plain = brn_slice_is(name, "EstimatorProxy"); /* sklearn2pmml's: without the tag */
    return is_sklearn || is_plain || me->version < tolerant[0].since
               ? BRINE_OK
               : brn_unsupported(build, "estimator", "whether %.*s lets NaN pass is not known here",
                                 BRN_S(name));
}

static const struct brn_era preserve_eras[] = {
    {0, 10300, false, "rows are checked"},
    {10300, 0, true, "rows of a DataFrame are not, where set_output asks for one"},
    BRN_ERA_END,
};

static void judge_output(struct brn_instance *me)
{
    struct brn_selector *m = me->self;
    const struct brn_node *config = brn_node_attribute(me->node, "_sklearn_output_config");
    if (brn_era_behaviour(preserve_eras, me->version) &&
        brn_node_is_text(brn_node_get(config, "transform"), "pandas"))
        m->takes_any = true;
}

brine_status brn_selector_judge(struct brn_instance *me, struct brn_build *build,
                                const struct brn_node *estimator)
{
    BRN_TRY(judge_missing(me, build, estimator));
    judge_output(me);
    return BRINE_OK;
}

/* ---- binding and running ---- */

brine_status brn_selector_bind(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct brn_selector *m = me->self;
    const char **names = BRN_BUILD_NEW(build, const char *, m->kept);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->kept; i++)
        names[i] = brn_schema_name(in, m->places[i]);
    m->is_compressed = in->is_compressed;
    struct brn_schema *out = in->is_compressed ? brn_schema_compressed(build->arena, m->kept, names)
                                               : brn_schema_numbers(build->arena, m->kept, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = in->is_sparse;
    out->integer_bytes = in->integer_bytes;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return in->is_compressed ? BRINE_OK : brn_bind_numbers(build, me, in, &m->columns);
}

static brine_status select_compressed(const struct brn_selector *m, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct brn_compressed *from = in->compressed;
    if (!m->takes_any)
        BRN_TRY(brn_check_compressed(work, in, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t k = from->starts[r]; k < from->starts[r + 1]; k++) {
            size_t target = m->targets[from->columns[k]];
            if (target != DROPPED)
                BRN_TRY(
                    brn_compressed_add(work, out->compressed, (uint32_t)target, from->values[k]));
        }
        brn_compressed_end_row(out->compressed, r);
    }
    return BRINE_OK;
}

brine_status brn_selector_transform(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct brn_selector *m = me->self;
    if (m->is_compressed)
        return select_compressed(m, in, out, work);
    if (!m->takes_any)
        BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->kept; i++)
            out->numbers[r * out->number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->columns[m->places[i]]];
    return BRINE_OK;
}
