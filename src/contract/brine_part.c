/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of the model's part: the customProperties entry named brine. */
#include "contract/reading.h"

#define TEXT(type, member, word, doc) BRN_ROW(type, member, word, TEXT, false, doc)

static const char *const tasks[] = {"binary", "multiclass", "regression", NULL};
static const char *const unknowns[] = {"reject", "as-missing", "ignore", NULL};
static const char *const extras[] = {"ignore", "reject", NULL};
static const char *const missings[] = {"by-model", "reject", NULL};
static const char *const strategies[] = {"random", "stratified", "time",
                                         "group",  "predefined", NULL};
static const char *const fit_scopes[] = {"train", NULL};
static const char *const directions[] = {"max", "min", NULL};
static const char *const binnings[] = {"equal-mass", "equal-width", NULL};
static const char *const methods[] = {"bootstrap", "bca", "delong", "wilson", NULL};
static const char *const elses[] = {"hold", "warn", NULL};

/* ---- model, data, versions ---- */

static const struct brn_word model_rows[] = {
    TEXT(struct brn_model_part, file, "file", "path beside the contract"),
    TEXT(struct brn_model_part, twin, "twin",
         "the same model in the other format, for the parity gate"),
    TEXT(struct brn_model_part, sha256, "sha256", "of the file's bytes, 64 hexadecimal digits"),
    BRN_CHOICES(struct brn_model_part, task, "task", tasks,
                "default: what the model's methods and classes say"),
    BRN_ROW(struct brn_model_part, positive, "positive", SCALAR, false,
            "the class whose probability counts; default: the last of two"),
    BRN_ROW(struct brn_model_part, features, "features", TEXTS, false,
            "the columns in order, for models that know no names"),
    BRN_ROW(struct brn_model_part, classes, "classes", VALUES, false,
            "must be the model's own, in its order"),
    BRN_ROW(struct brn_model_part, decision_threshold, "decision-threshold", NUMBER, false,
            "the decision is yes at this probability and above; default 0.5"),
    {0},
};

static const struct brn_words model_words = {"model", sizeof(struct brn_model_part), model_rows,
                                             NULL};

static const struct brn_word data_rows[] = {
    TEXT(struct brn_data_part, train, "train", "path beside the contract: the rows to fit on"),
    TEXT(struct brn_data_part, test, "test", "path beside the contract: the rows to judge on"),
    TEXT(struct brn_data_part, serving, "serving",
         "a log of requests with the id column; read, not used yet"),
    {0},
};

static const struct brn_words data_words = {"data", sizeof(struct brn_data_part), data_rows, NULL};

static const struct brn_word version_rows[] = {
    TEXT(struct brn_versions_part, scikit_learn, "scikit-learn", "must be what the file says"),
    TEXT(struct brn_versions_part, numpy, "numpy", "a file does not say it; kept as evidence"),
    TEXT(struct brn_versions_part, joblib, "joblib", "a file does not say it; kept as evidence"),
    {0},
};

static const struct brn_words version_words = {"versions", sizeof(struct brn_versions_part),
                                               version_rows, NULL};

static brine_status read_policies(const struct brn_reading *reading,
                                  const struct brn_json_value *value, struct brn_policy *policy)
{
    policy->columns = BRN_NEW(reading->arena, struct brn_column_policy, value->count + 1);
    if (!policy->columns)
        return brn_fail_memory(reading->err);
    for (size_t i = 0; i < value->count; i++) {
        struct brn_column_policy *c = &policy->columns[i];
        c->column = brn_arena_text(reading->arena, value->keys[i]);
        if (!c->column)
            return brn_fail_memory(reading->err);
        BRN_TRY(brn_words_choice(reading, &value->items[i], unknowns, &c->policy));
        policy->count++;
    }
    return BRINE_OK;
}

static brine_status read_policy(const struct brn_reading *reading,
                                const struct brn_json_value *value, void *member)
{
    struct brn_policy *policy = member;
    if (value->kind == BRN_JSON_OBJECT)
        return read_policies(reading, value, policy);
    return brn_words_choice(reading, value, unknowns, &policy->all);
}

/* ---- evaluation ---- */

static const struct brn_word split_rows[] = {
    BRN_CHOICES(struct brn_split_part, strategy, "strategy", strategies, "how rows were parted"),
    TEXT(struct brn_split_part, time, "time", "strategy time: the column"),
    TEXT(struct brn_split_part, cutoff, "cutoff",
         "strategy time: train lies before it, test at it or later"),
    BRN_ROW(struct brn_split_part, gap_days, "gap-days", NUMBER, false,
            "strategy time: least days from the last of train to the first of test; default 0"),
    TEXT(struct brn_split_part, group, "group",
         "strategy group: the column; no group on both sides"),
    {0},
};

static const struct brn_words split_words = {"split", sizeof(struct brn_split_part), split_rows,
                                             NULL};

static brine_status finish_ci(const struct brn_reading *reading, const struct brn_json_value *value,
                              void *self)
{
    const struct brn_ci_part *ci = self;
    if (ci->method > 1)
        return brn_words_fail(reading, value, "method %s is not there yet; use bootstrap",
                              methods[ci->method - 1]);
    if (ci->level.given && (ci->level.value <= 0 || ci->level.value >= 1))
        return brn_words_fail(reading, value, "level lies between 0 and 1");
    if (ci->resamples.given && (ci->resamples.value < 20 || ci->resamples.value > 1000000))
        return brn_words_fail(reading, value, "resamples are 20 to 1,000,000");
    return BRINE_OK;
}

static const struct brn_word ci_rows[] = {
    BRN_CHOICES(struct brn_ci_part, method, "method", methods,
                "default bootstrap (percentiles); the others are not there yet"),
    TEXT(struct brn_ci_part, unit, "unit",
         "row, or a column: rows with one value of it are drawn together; default row"),
    BRN_ROW(struct brn_ci_part, resamples, "resamples", COUNT, false, "default 1000"),
    BRN_ROW(struct brn_ci_part, level, "level", NUMBER, false, "default 0.95"),
    {0},
};

static const struct brn_words ci_words = {"ci", sizeof(struct brn_ci_part), ci_rows, finish_ci};

static brine_status finish_metric(const struct brn_reading *reading,
                                  const struct brn_json_value *value, void *self)
{
    const struct brn_metric_part *m = self;
    if (m->bins.given && (m->bins.value < 1 || m->bins.value > 1000))
        return brn_words_fail(reading, value, "bins are 1 to 1000");
    return BRINE_OK;
}

static const struct brn_word metric_rows[] = {
    BRN_ROW(struct brn_metric_part, name, "name", TEXT, true,
            "average_precision, roc_auc, brier, log_loss, ece, accuracy, f1, rmse, mae, r2"),
    BRN_CHOICES(struct brn_metric_part, direction, "direction", directions,
                "must be the metric's own; default that"),
    TEXT(struct brn_metric_part, average, "average", "of f1 over classes: macro; default macro"),
    BRN_ROW(struct brn_metric_part, positive, "positive", SCALAR, false,
            "must be the model's positive class; default that"),
    BRN_ROW(struct brn_metric_part, bins, "bins", COUNT, false, "of ece; default 15"),
    BRN_CHOICES(struct brn_metric_part, binning, "binning", binnings,
                "of ece; default equal-mass: as many rows in each"),
    BRN_OBJECT(struct brn_metric_part, ci, "ci", ci_words, "how the interval is made"),
    {0},
};

static const struct brn_words metric_words = {"a metric", sizeof(struct brn_metric_part),
                                              metric_rows, finish_metric};

static brine_status finish_baseline(const struct brn_reading *reading,
                                    const struct brn_json_value *value, void *self)
{
    const struct brn_baseline_part *b = self;
    const struct brn_json_value *bins = b->bins;
    if (bins && !brn_slice_is(bins->text, "none") &&
        (bins->kind != BRN_JSON_NUMBER || !bins->is_integer || bins->is_negative ||
         bins->integer < 1 || bins->integer > 1000))
        return brn_words_fail(reading, bins, "bins are 1 to 1000, or none");
    if (b->file || strcmp(b->name, "prior") == 0)
        return BRINE_OK;
    if (strcmp(b->name, "single-feature") == 0)
        return b->column ? BRINE_OK : brn_words_fail(reading, value, "single-feature needs column");
    if (strcmp(b->name, "rate-by") == 0)
        return b->columns.count ? BRINE_OK
                                : brn_words_fail(reading, value, "rate-by needs columns");
    return brn_words_fail(reading, value,
                          "baseline \"%s\": prior, single-feature and rate-by need no file, any "
                          "other name does",
                          b->name);
}

static const struct brn_word baseline_rows[] = {
    BRN_ROW(struct brn_baseline_part, name, "name", TEXT, true,
            "prior: train's rate (or mean); single-feature; rate-by; any other name: a model file"),
    TEXT(struct brn_baseline_part, column, "column", "of single-feature"),
    BRN_ROW(
        struct brn_baseline_part, bins, "bins", SCALAR, false,
        "of single-feature: train's rate in as many quantile bins and among the missing (default "
        "8); the word none: the raw value, oriented on train"),
    BRN_ROW(struct brn_baseline_part, columns, "columns", TEXTS, false,
            "of rate-by: train's rate in each combination; a column, or floor(COLUMN / n)"),
    BRN_ROW(struct brn_baseline_part, smoothing, "smoothing", NUMBER, false,
            "of rate-by: rows of the overall rate that are added to each; default 0"),
    TEXT(struct brn_baseline_part, file, "file", "a model beside the contract"),
    {0},
};

static const struct brn_words baseline_words = {"a baseline", sizeof(struct brn_baseline_part),
                                                baseline_rows, finish_baseline};

static const struct brn_word evaluation_rows[] = {
    BRN_OBJECT(struct brn_evaluation_part, split, "split", split_words,
               "checked on the data, not believed"),
    BRN_CHOICES(struct brn_evaluation_part, fit_scope, "fit-scope", fit_scopes,
                "the rows that the model may have been fitted on; default train"),
    BRN_ROW(struct brn_evaluation_part, seed, "seed", COUNT, false,
            "of every drawing; a contract without it fails contract.seed"),
    BRN_OBJECT(struct brn_evaluation_part, metric, "metric", metric_words,
               "the one that decides, with its interval"),
    BRN_LISTED(struct brn_evaluation_part, guard_metrics, "guard-metrics", metric_words,
               "printed with their intervals; gates may use them"),
    BRN_LISTED(struct brn_evaluation_part, baselines, "baselines", baseline_words,
               "what the model must beat; prior is always computed"),
    BRN_ROW(struct brn_evaluation_part, slices, "slices", TEXTS, false,
            "COLUMN, COLUMN in [a,b), missing(COLUMN), month(COLUMN), COLUMN == value"),
    BRN_ROW(struct brn_evaluation_part, robustness, "robustness", TEXTS, false,
            "missing, shifted, rare, invalid; reported as not run yet"),
    {0},
};

static const struct brn_words evaluation_words = {"evaluation", sizeof(struct brn_evaluation_part),
                                                  evaluation_rows, NULL};

/* ---- gates ---- */

static const struct brn_word gate_rows[] = {
    BRN_ROW(struct brn_gate_part, id, "id", TEXT, true, "gate.ID in the results"),
    BRN_ROW(
        struct brn_gate_part, require, "require", TEXT, true,
        "lower(X) > n, upper(X) <= n with X a metric or metric - baseline.NAME (paired); min|max "
        "over slice where n >= N of METRIC.lower|upper|point >= n; leakage.* == pass, "
        "contract.*, drift.*; parity.max_abs_diff <= n"),
    BRN_CHOICES(struct brn_gate_part, otherwise, "else", elses, "default hold"),
    {0},
};

static const struct brn_words gate_words = {"a gate", sizeof(struct brn_gate_part), gate_rows,
                                            NULL};

static brine_status finish_part(const struct brn_reading *reading,
                                const struct brn_json_value *value, void *self)
{
    const struct brn_brine_part *part = self;
    const struct brn_gate_part *gates = part->gates.at;
    (void)value;
    for (size_t i = 0; i < part->gates.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(gates[i].id, gates[j].id) == 0)
                return brn_words_fail(reading, gates[i].source, "a second gate \"%s\"",
                                      gates[i].id);
    return BRINE_OK;
}

static const struct brn_word part_rows[] = {
    BRN_OBJECT(struct brn_brine_part, model, "model", model_words, "which model, and its task"),
    BRN_OBJECT(struct brn_brine_part, data, "data", data_words, "where the rows are"),
    BRN_SPECIAL(struct brn_brine_part, unknown_category, "unknown-category", read_policy,
                "what becomes of a category that the model does not know: reject, as-missing or "
                "ignore (as the model takes it), for all or by column; default reject"),
    BRN_CHOICES(struct brn_brine_part, extra_columns, "extra-columns", extras,
                "columns that the contract does not name; default ignore"),
    BRN_CHOICES(struct brn_brine_part, missing, "missing", missings,
                "values missing where the contract allows it; default by-model"),
    BRN_OBJECT(struct brn_brine_part, versions, "versions", version_words,
               "of what wrote the model"),
    BRN_OBJECT(struct brn_brine_part, evaluation, "evaluation", evaluation_words,
               "how the model is judged"),
    BRN_LISTED(struct brn_brine_part, gates, "gates", gate_words,
               "what decides between ship and hold"),
    {0},
};

const struct brn_words brn_words_brine = {"the brine part", sizeof(struct brn_brine_part),
                                          part_rows, finish_part};
