/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_boosting.h"
#include "kernel/link.h"

static const char new_module[] = "sklearn._loss.loss";
static const char gb_module[] = "sklearn.ensemble._gb_losses"; /* GradientBoosting* until 1.3 */
static const char first_gb_module[] = "sklearn.ensemble.gradient_boosting"; /* and until 0.20 */
static const char hist_module[] = "sklearn.ensemble._hist_gradient_boosting.loss"; /* until 1.0 */

static const struct {
    const char *module, *name;
    enum brn_link link;
} losses[] = {
    {new_module, "HalfSquaredError", BRN_LINK_IDENTITY},
    {new_module, "AbsoluteError", BRN_LINK_IDENTITY},
    {new_module, "PinballLoss", BRN_LINK_IDENTITY},
    {new_module, "HuberLoss", BRN_LINK_IDENTITY},
    {new_module, "HalfPoissonLoss", BRN_LINK_LOG},
    {new_module, "HalfGammaLoss", BRN_LINK_LOG},
    {new_module, "HalfBinomialLoss", BRN_LINK_LOGIT},
    {new_module, "HalfMultinomialLoss", BRN_LINK_MULTINOMIAL},
    {new_module, "ExponentialLoss", BRN_LINK_HALF_LOGIT},
    {gb_module, "LeastSquaresError", BRN_LINK_IDENTITY},
    {gb_module, "LeastAbsoluteError", BRN_LINK_IDENTITY},
    {gb_module, "HuberLossFunction", BRN_LINK_IDENTITY},
    {gb_module, "QuantileLossFunction", BRN_LINK_IDENTITY},
    {gb_module, "BinomialDeviance", BRN_LINK_LOGIT},
    {gb_module, "MultinomialDeviance", BRN_LINK_MULTINOMIAL},
    {gb_module, "ExponentialLoss", BRN_LINK_HALF_LOGIT},
    {first_gb_module, "LeastSquaresError", BRN_LINK_IDENTITY},
    {first_gb_module, "LeastAbsoluteError", BRN_LINK_IDENTITY},
    {first_gb_module, "HuberLossFunction", BRN_LINK_IDENTITY},
    {first_gb_module, "QuantileLossFunction", BRN_LINK_IDENTITY},
    {first_gb_module, "BinomialDeviance", BRN_LINK_LOGIT},
    {first_gb_module, "MultinomialDeviance", BRN_LINK_MULTINOMIAL},
    {first_gb_module, "ExponentialLoss", BRN_LINK_HALF_LOGIT},
    {hist_module, "LeastSquares", BRN_LINK_IDENTITY},
    {hist_module, "LeastAbsoluteDeviation", BRN_LINK_IDENTITY},
    {hist_module, "Poisson", BRN_LINK_LOG},
    {hist_module, "BinaryCrossEntropy", BRN_LINK_LOGIT},
    {hist_module, "CategoricalCrossEntropy", BRN_LINK_MULTINOMIAL},
};

brine_status brn_loss_link(struct brn_build *build, const struct brn_node *loss,
                           enum brn_link *ret_link)
{
    char what[120];
    const struct brn_node *class = brn_node_class(loss);
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        if (brn_node_is_global(class, losses[i].module, losses[i].name)) {
            *ret_link = losses[i].link;
            return BRINE_OK;
        }
    brn_node_describe(loss, what, sizeof what);
    return brn_unsupported(build, "_loss", "%s is no loss that brine knows", what);
}

/* ---- classes ---- */

static bool fits(enum brn_link link, size_t classes)
{
    if (link == BRN_LINK_MULTINOMIAL)
        return classes > 2;
    return classes == 2 && (link == BRN_LINK_LOGIT || link == BRN_LINK_HALF_LOGIT);
}

brine_status brn_boosting_read(struct brn_build *build, const struct brn_values *classes,
                               const struct brn_node *loss, struct brn_boosting *ret_boosting)
{
    struct brn_boosting *b = ret_boosting;
    BRN_TRY(brn_loss_link(build, loss, &b->link));
    brine_status status = brn_labels(build, classes, &b->labels);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "classes_");
        return status;
    }
    if (classes->count == 1)
        return brn_unsupported(build, "classes_",
                               "a classifier of one class has nothing to decide");
    if (!fits(b->link, classes->count))
        return brn_ill_formed(build, "classes_", "has %zu classes, which do not fit the loss",
                              classes->count);
    b->scores = classes->count == 2 ? 1 : classes->count;
    return BRINE_OK;
}

static brine_status bind_columns(struct brn_build *build, struct brn_instance *me,
                                 brine_method method, size_t count)
{
    const struct brn_boosting *b = me->self;
    const char *const *names = NULL;
    if (count > 1 && !(names = brn_label_names(build, method, b->labels)))
        return brn_fail_memory(build->err);
    me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_boosting_bind(struct brn_build *build, struct brn_instance *me, bool with_log)
{
    const struct brn_boosting *b = me->self;
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &b->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT_PROBA, b->labels->count));
    if (with_log)
        BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT_LOG_PROBA, b->labels->count));
    return bind_columns(build, me, BRINE_METHOD_DECISION_FUNCTION, b->scores);
}

brine_status brn_boosting_bind_regressor(struct brn_build *build, struct brn_instance *me)
{
    return bind_columns(build, me, BRINE_METHOD_PREDICT, 1);
}

/* ---- running ---- */

/* Probabilities of one row from its raw scores; the two may not overlap. */
static void to_proba(const struct brn_boosting *b, const double *raw, double *ret_proba)
{
    if (b->link == BRN_LINK_MULTINOMIAL) {
        memcpy(ret_proba, raw, b->scores * sizeof *raw);
        brn_softmax(ret_proba, b->scores);
        return;
    }
    ret_proba[1] = brn_expit(b->link == BRN_LINK_HALF_LOGIT ? 2 * raw[0] : raw[0]);
    ret_proba[0] = 1 - ret_proba[1];
}

static int32_t to_label(const struct brn_boosting *b, const double *raw, double *proba)
{
    int32_t code = 0;
    if (b->by_proba)
        to_proba(b, raw, proba);
    else if (b->scores == 1)
        return b->zero_is_first ? raw[0] > 0 : raw[0] >= 0;
    brn_argmax(b->by_proba ? proba : raw, 1, b->labels->count, &code, 1);
    return code;
}

brine_status brn_boosting_run_raw(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_boosting *b = me->self;
    return b->find_raw(me, in, work, out->numbers, out->number_stride);
}

/* Raw scores of all rows, and room for one row's probabilities. */
static brine_status take_raw(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_work *work, double **ret_raw, double **ret_proba)
{
    const struct brn_boosting *b = me->self;
    *ret_raw = brn_work_take(work, in->rows * b->scores, sizeof **ret_raw);
    *ret_proba = brn_work_take(work, b->labels->count, sizeof **ret_proba);
    if (!*ret_raw || !*ret_proba)
        return brn_fail_memory(work->err);
    return b->find_raw(me, in, work, *ret_raw, b->scores);
}

brine_status brn_boosting_run_labels(const struct brn_instance *me, const struct brn_tile *in,
                                     struct brn_tile *out, struct brn_work *work)
{
    const struct brn_boosting *b = me->self;
    double *raw, *proba;
    BRN_TRY(take_raw(me, in, work, &raw, &proba));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = to_label(b, raw + r * b->scores, proba);
    return BRINE_OK;
}

brine_status brn_boosting_run_proba(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct brn_boosting *b = me->self;
    double *raw, *proba;
    BRN_TRY(take_raw(me, in, work, &raw, &proba));
    for (size_t r = 0; r < in->rows; r++)
        to_proba(b, raw + r * b->scores, out->numbers + r * out->number_stride);
    return BRINE_OK;
}
