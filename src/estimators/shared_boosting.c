/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_boosting.h"
#include "kernel/link.h"

static const char new_module[] = "sklearn._loss.loss";
static const char old_module[] = "sklearn.ensemble._gb_losses"; /* GradientBoosting* until 1.3 */

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
    {old_module, "LeastSquaresError", BRN_LINK_IDENTITY},
    {old_module, "LeastAbsoluteError", BRN_LINK_IDENTITY},
    {old_module, "HuberLossFunction", BRN_LINK_IDENTITY},
    {old_module, "QuantileLossFunction", BRN_LINK_IDENTITY},
    {old_module, "BinomialDeviance", BRN_LINK_LOGIT},
    {old_module, "MultinomialDeviance", BRN_LINK_MULTINOMIAL},
    {old_module, "ExponentialLoss", BRN_LINK_HALF_LOGIT},
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

brine_status brn_boosting_classes_read(struct brn_build *build, const struct brn_values *classes,
                                       const struct brn_node *loss,
                                       struct brn_boosting_classes *ret_classes)
{
    struct brn_boosting_classes made = {NULL, BRN_LINK_IDENTITY, 0};
    BRN_TRY(brn_loss_link(build, loss, &made.link));
    brine_status status = brn_labels(build, classes, &made.labels);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "classes_");
        return status;
    }
    if (classes->count == 1)
        return brn_unsupported(build, "classes_", "a classifier of one class has nothing to decide");
    if (!fits(made.link, classes->count))
        return brn_ill_formed(build, "classes_", "has %zu classes, which do not fit the loss",
                              classes->count);
    made.scores = classes->count == 2 ? 1 : classes->count;
    *ret_classes = made;
    return BRINE_OK;
}

static brine_status bind_columns(struct brn_build *build, struct brn_instance *me,
                                 brine_method method, const struct brn_boosting_classes *classes,
                                 size_t count)
{
    const char *const *names = NULL;
    if (count > 1 && !(names = brn_label_names(build, method, classes->labels)))
        return brn_fail_memory(build->err);
    me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_boosting_classes_bind(struct brn_build *build, struct brn_instance *me,
                                       const struct brn_boosting_classes *classes, bool with_log)
{
    size_t count = classes->labels->count;
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &classes->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT_PROBA, classes, count));
    if (with_log)
        BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT_LOG_PROBA, classes, count));
    return bind_columns(build, me, BRINE_METHOD_DECISION_FUNCTION, classes, classes->scores);
}

void brn_boosting_proba(const struct brn_boosting_classes *classes, const double *raw,
                        double *ret_proba)
{
    if (classes->link == BRN_LINK_MULTINOMIAL) {
        memcpy(ret_proba, raw, classes->scores * sizeof *raw);
        brn_softmax(ret_proba, classes->scores);
        return;
    }
    double score = classes->link == BRN_LINK_HALF_LOGIT ? 2 * raw[0] : raw[0];
    ret_proba[1] = brn_expit(score);
    ret_proba[0] = 1 - ret_proba[1];
}
