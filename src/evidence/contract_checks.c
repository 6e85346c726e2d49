/* SPDX-License-Identifier: Apache-2.0
 *
 * contract_checks.c - does the contract say enough, and is the model the one that it speaks of? */
#include "evidence/evidence.h"

#include <strings.h>

/* ---- contract.complete ---- */

static bool has_member(const struct brn_contract *c, const char *role)
{
    const struct brn_member_part *members = c->team.members.at;
    for (size_t i = 0; i < c->team.members.count; i++)
        if (members[i].role && strcmp(members[i].role, role) == 0)
            return true;
    return false;
}

static void check_complete(struct brn_evidence *e)
{
    const struct brn_contract *c = e->contract;
    const struct brn_evaluation_part *v = &c->brine.evaluation;
    const struct {
        bool is_there, is_needed;
        const char *what;
    } parts[] = {
        {brn_contract_role(c, BRN_ROLE_LABEL) != NULL, true, "a column with role:label"},
        {v->metric.name != NULL, true, "evaluation.metric"},
        {v->split.strategy != 0, true, "evaluation.split"},
        {v->baselines.count > 0, true, "evaluation.baselines"},
        {c->brine.gates.count > 0, true, "gates"},
        {v->slices.count > 0, false, "evaluation.slices"},
        {c->description.purpose != NULL, false, "description.purpose"},
        {has_member(c, "owner"), false, "a team member with role owner"},
        {has_member(c, "decision owner"), false, "a team member with role decision owner"},
    };
    bool complete = true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].is_there)
            continue;
        complete = false;
        struct brn_check *row =
            brn_check_add(&e->checks, "contract.complete", parts[i].is_needed ? BRN_FAIL : BRN_WARN,
                          "the contract says what a judgement needs", "%s", parts[i].what);
        row->finding = brn_check_text(&e->checks, "the contract does not say %s", parts[i].what);
        row->advice = "add it to the contract";
    }
    if (complete)
        brn_check_add(&e->checks, "contract.complete", BRN_PASS,
                      "the contract says what a judgement needs", "%s", "")
            ->finding = "label, metric, split, baselines, slices, gates, owners";
}

/* ---- contract.seed, contract.digest ---- */

static void check_seed(struct brn_evidence *e)
{
    const struct brn_optional *seed = &e->contract->brine.evaluation.seed;
    struct brn_check *row =
        brn_check_add(&e->checks, "contract.seed", seed->given ? BRN_PASS : BRN_FAIL,
                      "evaluation.seed is there", "%s", "");
    row->value = *seed;
    row->finding =
        seed->given ? "every drawing has the contract's seed" : "the contract has no seed";
    row->advice = seed->given ? NULL : "add evaluation.seed, so that the run can be repeated";
}

static void check_digest(struct brn_evidence *e)
{
    char hex[65];
    const char *wanted = e->contract->brine.model.sha256;
    brn_digest_hex(e->model_digest, hex);
    bool same = wanted && strcasecmp(wanted, hex) == 0;
    struct brn_check *row = brn_check_add(&e->checks, "contract.digest",
                                          !wanted ? BRN_NOT_APPLICABLE
                                          : same  ? BRN_PASS
                                                  : BRN_FAIL,
                                          "SHA-256 of the model file is the contract's", "%s", "");
    row->finding = brn_check_text(&e->checks, "the file is %s%s%s", hex,
                                  wanted && !same ? ", the contract asks for " : "",
                                  wanted && !same ? wanted : "");
    row->advice = wanted && !same ? "validate the file that the contract names" : NULL;
}

/* ---- contract.versions ---- */

/* The first version in the file that is not wanted, or NULL. */
static const char *other_version(const struct brn_evidence *e, const char *wanted)
{
    size_t count;
    const struct brn_instance *const *all = brn_model_instances(e->subject.model, &count);
    for (size_t i = 0; i < count; i++)
        if (all[i]->version_text && !all[i]->estimator->library &&
            strcmp(all[i]->version_text, wanted) != 0)
            return all[i]->version_text;
    return NULL;
}

static void check_versions(struct brn_evidence *e)
{
    const char *wanted = e->contract->brine.versions.scikit_learn;
    const char *other = wanted ? other_version(e, wanted) : NULL;
    struct brn_check *row = brn_check_add(
        &e->checks, "contract.versions",
        !wanted ? BRN_NOT_APPLICABLE
        : other ? BRN_FAIL
                : BRN_PASS,
        "_sklearn_version of every estimator in the file is the contract's", "scikit-learn");
    if (!wanted)
        row->finding = "the contract names no version of scikit-learn";
    else if (other)
        row->finding = brn_check_text(
            &e->checks, "the file was written by %s, the contract says %s", other, wanted);
    else
        row->finding =
            brn_check_text(&e->checks, "the file was written by %s, as the contract says", wanted);
    row->advice =
        other ? "correct versions in the contract, or fit the model with that version" : NULL;
}

/* ---- contract.features, contract.order ---- */

static void feature_finding(struct brn_evidence *e, enum brn_check_status status, const char *name,
                            const char *finding, const char *advice)
{
    struct brn_check *row =
        brn_check_add(&e->checks, "contract.features", status,
                      "the model's columns are the contract's features", "%s", name);
    row->finding = brn_check_text(&e->checks, "%s %s", name, finding);
    row->advice = advice;
}

static bool model_takes(const struct brn_evidence *e, const struct brn_contract_column *column)
{
    for (size_t i = 0; i < e->subject.feature_count; i++)
        if (brn_evidence_feature(e, i) == column)
            return true;
    return false;
}

static void check_features(struct brn_evidence *e)
{
    const struct brn_contract_column *columns = e->contract->data->columns.at;
    size_t before = e->checks.count;
    for (size_t i = 0; i < e->subject.feature_count; i++) {
        const struct brn_contract_column *c = brn_evidence_feature(e, i);
        if (!c)
            feature_finding(e, BRN_FAIL, e->subject.features[i].name,
                            "is a column of the model that the contract does not name",
                            "add the column to the contract, or fit the model without it");
        else if (!(c->roles & BRN_ROLE_FEATURE))
            feature_finding(
                e, BRN_FAIL, c->name,
                "is a column of the model, but the contract does not give it role:feature",
                "fit the model without it, or declare it a feature with its availableAt");
    }
    for (size_t i = 0; i < e->contract->data->columns.count; i++)
        if ((columns[i].roles & BRN_ROLE_FEATURE) && !model_takes(e, &columns[i]))
            feature_finding(e, BRN_WARN, columns[i].name,
                            "is a feature of the contract that the model does not take", NULL);
    if (e->checks.count == before)
        brn_check_add(&e->checks, "contract.features", BRN_PASS,
                      "the model's columns are the contract's features", "%zu columns",
                      e->subject.feature_count)
            ->finding = "every column of the model is a feature of the contract, and the other way";
}

static void check_order(struct brn_evidence *e)
{
    const struct brn_texts *order = &e->contract->brine.model.features;
    bool named = brn_model_has_names(e->subject.model),
         same = order->count == e->subject.feature_count;
    for (size_t i = 0; named && same && i < order->count; i++)
        same = strcmp(order->at[i], e->subject.features[i].name) == 0;
    enum brn_check_status status = order->count == 0 ? (named ? BRN_NOT_APPLICABLE : BRN_FAIL)
                                   : same            ? BRN_PASS
                                                     : BRN_FAIL;
    struct brn_check *row =
        brn_check_add(&e->checks, "contract.order", status,
                      "model.features is the model's order of columns", "%s", "");
    row->finding = order->count == 0 && named ? "the model knows its columns by name"
                   : order->count == 0        ? "the model knows no names and the contract no order"
                   : same                     ? "the contract's order is the model's"
                                              : "the contract's order is not the model's";
    row->advice = status == BRN_FAIL ? "list model.features in the order of fitting" : NULL;
}

/* ---- contract.classes ---- */

static bool is_class(const struct brn_dictionary *classes, size_t code,
                     const struct brn_json_value *scalar)
{
    int32_t found =
        scalar->kind == BRN_JSON_STRING
            ? brn_dictionary_text(classes, scalar->text)
            : brn_dictionary_number(classes, scalar->kind == BRN_JSON_BOOL ? (double)scalar->boolean
                                                                           : scalar->number);
    return found == (int32_t)code;
}

static void check_classes(struct brn_evidence *e)
{
    const struct brn_value_list *declared = &e->contract->brine.model.classes;
    const struct brn_dictionary *classes = e->subject.classes;
    bool same = classes && declared->count == classes->count;
    for (size_t i = 0; same && i < declared->count; i++)
        same = is_class(classes, i, &declared->at[i]);
    enum brn_check_status status = !declared->count ? BRN_NOT_APPLICABLE
                                   : same           ? BRN_PASS
                                                    : BRN_FAIL;
    struct brn_check *row = brn_check_add(&e->checks, "contract.classes", status,
                                          "model.classes are the model's, in its order", "%s", "");
    row->finding = !declared->count ? "the contract lists no classes"
                   : same           ? "the contract's classes are the model's"
                                    : "the contract's classes are not the model's";
    row->advice = status == BRN_FAIL ? "list the model's classes in its order" : NULL;
}

brine_status brn_check_contract(struct brn_evidence *e, brine_error *err)
{
    (void)err;
    check_complete(e);
    check_digest(e);
    check_versions(e);
    check_features(e);
    check_order(e);
    check_classes(e);
    check_seed(e);
    return BRINE_OK;
}
