/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/subject.h"

#include "table/type.h"

#include <math.h>

/* ---- task, classes ---- */

static struct brn_value value_of(const struct brn_json_value *scalar)
{
    if (scalar->kind == BRN_JSON_BOOL)
        return (struct brn_value){.kind = BRN_VALUE_BOOL, .as.boolean = scalar->boolean};
    if (scalar->kind == BRN_JSON_NUMBER)
        return (struct brn_value){.kind = BRN_VALUE_FLOAT, .as.real = scalar->number};
    return (struct brn_value){.kind = BRN_VALUE_TEXT, .as.text = scalar->text};
}

static int32_t class_of(const struct brn_dictionary *classes, struct brn_value v)
{
    if (v.kind == BRN_VALUE_TEXT)
        return brn_dictionary_text(classes, v.as.text);
    return brn_dictionary_number(classes,
                                 v.kind == BRN_VALUE_BOOL ? (double)v.as.boolean : v.as.real);
}

static brine_status find_positive(struct brn_subject *s, const struct brn_model_part *part,
                                  brine_error *err)
{
    s->positive = s->classes->count - 1;
    if (!part->positive)
        return BRINE_OK;
    int32_t code = class_of(s->classes, value_of(part->positive));
    if (code < 0)
        return brn_fail(err, BRINE_FORMAT, "the contract's positive \"%.*s\" is no class of %s",
                        BRN_S(part->positive->text), s->path);
    s->positive = (size_t)code;
    return BRINE_OK;
}

static brine_status find_task(struct brn_subject *s, const struct brn_model_part *part,
                              brine_error *err)
{
    const struct brn_outputs *out = brn_model_outputs(s->model, BRINE_METHOD_PREDICT);
    if (!out || out->width != 1)
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "%s gives no single prediction a row; validate judges classifiers and "
                        "regressors of one output",
                        s->path);
    s->classes = out->labels[0];
    s->task = !s->classes              ? BRN_TASK_REGRESSION
              : s->classes->count == 2 ? BRN_TASK_BINARY
                                       : BRN_TASK_MULTICLASS;
    s->threshold = part->decision_threshold.given ? part->decision_threshold.value : 0.5;
    if (part->task && part->task != (int)s->task)
        return brn_fail(err, BRINE_FORMAT, "the contract's task is not the one of %s", s->path);
    return s->task == BRN_TASK_BINARY ? find_positive(s, part, err) : BRINE_OK;
}

/* ---- opening ---- */

static brine_status open_model(const struct brn_loading *loading, const char *path,
                               struct brn_subject *s, brine_error *err)
{
    BRN_TRY(brn_file_open(path, loading->limits, false, &s->file, err));
    BRN_TRY(brn_model_decode(&s->file->graph, loading->registry, loading->options, &s->model, err));
    s->features = brn_model_features(s->model, &s->feature_count);
    return BRINE_OK;
}

brine_status brn_subject_open(const struct brn_loading *loading, const char *path,
                              const struct brn_contract *contract, struct brn_arena *arena,
                              struct brn_subject *ret_subject, brine_error *err)
{
    struct brn_subject s = {.path = brn_arena_text(arena, brn_slice_of(path))};
    brine_status status = s.path ? open_model(loading, path, &s, err) : brn_fail_memory(err);
    if (status == BRINE_OK)
        status = find_task(&s, &contract->brine.model, err);
    if (status == BRINE_OK)
        status = brn_rows_compile(contract, s.features, s.feature_count, BRN_ROWS_ONLINE, &s.online,
                                  err);
    if (status != BRINE_OK) {
        brn_subject_close(&s);
        return status;
    }
    *ret_subject = s;
    return BRINE_OK;
}

void brn_subject_close(struct brn_subject *subject)
{
    brn_rules_free(subject->online);
    brine_model_unref(subject->model);
    if (subject->file)
        brn_file_close(subject->file);
    *subject = (struct brn_subject){0};
}

/* ---- predicting ---- */

static double *column_numbers(const struct brn_column *column, struct brn_arena *arena)
{
    double *out = BRN_NEW(arena, double, (size_t)column->length + 1);
    for (int64_t i = 0; out && i < column->length; i++)
        brn_column_number(column, i, &out[i]);
    return out;
}

static double *class_codes(const struct brn_column *column, struct brn_arena *arena)
{
    double *out = BRN_NEW(arena, double, (size_t)column->length + 1);
    for (int64_t i = 0; out && i < column->length; i++)
        out[i] = (double)brn_column_code(column, i);
    return out;
}

/* 1: the positive class. */
static double *decide(const double *score, size_t rows, double threshold, struct brn_arena *arena)
{
    double *out = BRN_NEW(arena, double, rows + 1);
    for (size_t i = 0; out && i < rows; i++)
        out[i] = score[i] >= threshold;
    return out;
}

static double *all_probabilities(const struct brn_table *p, struct brn_arena *arena)
{
    double *out = BRN_NEW(arena, double, (size_t)p->rows * p->column_count + 1);
    for (size_t c = 0; out && c < p->column_count; c++)
        for (int64_t i = 0; i < p->rows; i++)
            brn_column_number(&p->columns[c], i, &out[(size_t)i * p->column_count + c]);
    return out;
}

static bool fill_binary(const struct brn_subject *s, const struct brn_table *p,
                        struct brn_arena *arena, struct brn_sample *sample)
{
    bool one = p->column_count == 1; /* decision_function */
    const double *score = column_numbers(&p->columns[one ? 0 : s->positive], arena);
    if (!score)
        return false;
    sample->score = score;
    sample->is_probability = !one;
    sample->decision = decide(score, sample->rows, one ? 0 : s->threshold, arena);
    sample->order = brn_sort_scores(score, sample->rows, arena);
    return sample->decision && sample->order;
}

static bool fill_sample(const struct brn_subject *s, brine_method method, const struct brn_table *p,
                        struct brn_arena *arena, struct brn_sample *sample)
{
    if (s->task == BRN_TASK_BINARY && method != BRINE_METHOD_PREDICT)
        return fill_binary(s, p, arena, sample);
    if (s->task == BRN_TASK_REGRESSION)
        return (sample->score = column_numbers(&p->columns[0], arena)) != NULL;
    if (method == BRINE_METHOD_PREDICT_PROBA) {
        sample->is_probability = true;
        return (sample->proba = all_probabilities(p, arena)) != NULL;
    }
    return (sample->decision = class_codes(&p->columns[0], arena)) != NULL;
}

static brine_status run_method(const struct brn_subject *s, brine_method method,
                               const struct brn_table *table, struct brn_arena *arena,
                               struct brn_sample *sample, brine_error *err)
{
    struct brn_work work;
    struct brn_table predictions = {0};
    brn_work_init(&work, 0);
    brine_status status =
        brn_model_predict(s->model, method, table, 0, false, &work, arena, &predictions, err);
    brn_work_free(&work);
    BRN_TRY(status);
    return fill_sample(s, method, &predictions, arena, sample) ? BRINE_OK : brn_fail_memory(err);
}

brine_status brn_subject_predict(const struct brn_subject *subject, const struct brn_table *table,
                                 struct brn_arena *arena, struct brn_sample *ret_sample,
                                 brine_error *err)
{
    const struct brine_model *m = subject->model;
    struct brn_sample sample = {.rows = (size_t)table->rows,
                                .classes = subject->classes ? subject->classes->count : 0,
                                .bins = 15};
    struct brn_table taken;
    bool is_classifier = subject->task != BRN_TASK_REGRESSION, binary = sample.classes == 2;
    BRN_TRY(brn_rows_apply(subject->online, table, arena, &taken, err));
    brine_method first = BRINE_METHOD_PREDICT;
    if (is_classifier && brine_model_has(m, BRINE_METHOD_PREDICT_PROBA))
        first = BRINE_METHOD_PREDICT_PROBA;
    else if (binary && brine_model_has(m, BRINE_METHOD_DECISION_FUNCTION))
        first = BRINE_METHOD_DECISION_FUNCTION;
    BRN_TRY(run_method(subject, first, &taken, arena, &sample, err));
    if (is_classifier && !sample.decision)
        BRN_TRY(run_method(subject, BRINE_METHOD_PREDICT, &taken, arena, &sample, err));
    *ret_sample = sample;
    return BRINE_OK;
}

/* ---- truth ---- */

static bool label_class(const struct brn_subject *s, const struct brn_column *column, int64_t row,
                        double *ret_class)
{
    struct brn_slice text;
    double number;
    int32_t code = BRN_CODE_UNKNOWN;
    if (brn_column_text(column, row, &text))
        code = brn_dictionary_text(s->classes, text);
    if (code < 0 && brn_column_number(column, row, &number))
        code = brn_dictionary_number(s->classes, number);
    *ret_class = s->task == BRN_TASK_BINARY ? (size_t)code == s->positive : code;
    return code >= 0;
}

brine_status brn_subject_truth(const struct brn_subject *subject,
                               const struct brn_partition *partition, const char *label,
                               struct brn_arena *arena, double **ret_truth, brine_error *err)
{
    const struct brn_column *column;
    if (subject->task == BRN_TASK_REGRESSION)
        return brn_partition_numbers(partition, label, arena, ret_truth, err);
    BRN_TRY(brn_partition_column(partition, label, &column, err));
    double *truth = BRN_NEW(arena, double, partition->rows + 1);
    if (!truth)
        return brn_fail_memory(err);
    for (size_t i = 0; i < partition->rows; i++)
        if (!label_class(subject, column, (int64_t)i, &truth[i]))
            return brn_fail_row(err, i, label, "a label that the model has no class for, in %s",
                                partition->path);
    *ret_truth = truth;
    return BRINE_OK;
}
