/* SPDX-License-Identifier: Apache-2.0
 *
 * parity_checks.c - the same model in the other format: the largest difference of predictions on
 * test. */
#include "evidence/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

/* Whether two paths lead to one file. */
static bool same_file(const char *a, const char *b)
{
    char *x = realpath(a, NULL), *y = realpath(b, NULL);
    bool same = x && y && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* MODEL.pkl for MODEL.joblib and the other way; NULL: it has neither suffix, or there is no such
 * file. */
static const char *sibling(struct brn_evidence *e)
{
    static const char *const suffixes[][2] = {{".pkl", ".joblib"}, {".joblib", ".pkl"}};
    const char *path = e->subject.path;
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(path), s = strlen(suffixes[i][0]);
        if (n <= s || strcmp(path + n - s, suffixes[i][0]) != 0)
            continue;
        const char *other =
            brn_check_text(&e->checks, "%.*s%s", (int)(n - s), path, suffixes[i][1]);
        return access(other, R_OK) == 0 ? other : NULL;
    }
    return NULL;
}

/* The contract's twin when the model is the contract's (or the twin itself), else the file beside
 * it. */
static const char *find_twin(struct brn_evidence *e)
{
    const struct brn_model_part *part = &e->contract->brine.model;
    const char *file = part->file ? brn_contract_beside(e->contract, part->file, &e->arena) : NULL;
    const char *twin = part->twin ? brn_contract_beside(e->contract, part->twin, &e->arena) : NULL;
    if (twin && (!file || same_file(file, e->subject.path)))
        return twin;
    if (twin && file && same_file(twin, e->subject.path))
        return file;
    return sibling(e);
}

static double largest(double most, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; a && b && i < n; i++) {
        double d = fabs(a[i] - b[i]);
        most = isnan(d) && isnan(a[i]) == isnan(b[i]) ? most
               : isnan(d)                             ? __builtin_inf()
                                                      : fmax(most, d);
    }
    return most;
}

static double difference(const struct brn_sample *a, const struct brn_sample *b)
{
    double most = largest(0, a->score, b->score, a->rows);
    most = largest(most, a->proba, b->proba, a->rows * a->classes);
    return largest(most, a->decision, b->decision, a->rows);
}

static brine_status compare(struct brn_evidence *e, const char *path, double *ret_difference,
                            brine_error *err)
{
    struct brn_subject twin;
    struct brn_sample mine, other;
    BRN_TRY(brn_subject_open(&e->options->loading, path, e->contract, &e->arena, &twin, err));
    brine_status status = brn_subject_predict(&e->subject, &e->test.table, &e->arena, &mine, err);
    if (status == BRINE_OK && twin.task != e->subject.task)
        status = brn_fail(err, BRINE_MODEL, "it has another task");
    if (status == BRINE_OK)
        status = brn_subject_predict(&twin, &e->test.table, &e->arena, &other, err);
    brn_subject_close(&twin);
    BRN_TRY(status);
    *ret_difference = difference(&mine, &other);
    return BRINE_OK;
}

brine_status brn_check_parity(struct brn_evidence *e, brine_error *err)
{
    const char *twin = find_twin(e);
    double most;
    brine_error why;
    static const char definition[] = "largest absolute difference of predictions on the test rows";
    struct brn_check *row =
        brn_check_add(&e->checks, "parity.pickle-joblib", BRN_NOT_RUN, definition, "%s", "");
    if (!twin) {
        row->finding = "the model has no twin in the other format";
        row->advice = "name it as model.twin, or put it beside the model as .pkl or .joblib";
        return BRINE_OK;
    }
    brine_status status = compare(e, twin, &most, &why);
    if (status == BRINE_NOMEM)
        return brn_fail_memory(err);
    if (status != BRINE_OK) {
        row->finding = brn_check_text(&e->checks, "%s: %s", twin, why.message);
        row->advice = "write the twin again from the model";
        return BRINE_OK;
    }
    row->status = most == 0 ? BRN_PASS : BRN_WARN;
    row->value = brn_some(most);
    row->n = brn_some((double)e->test.rows);
    row->finding = brn_check_text(
        &e->checks, "%s gives the same predictions, largest difference %g", twin, most);
    if (most != 0)
        row->finding = brn_check_text(
            &e->checks, "%s gives other predictions, largest difference %g", twin, most);
    return BRINE_OK;
}
