/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks of engine brine: one table of words each. */
#include "contract/reading.h"

static const char *const train_only[] = {"train", NULL};
static const char *const model_only[] = {"model", NULL};
static const char *const overs[] = {"features", "features+label", NULL};
static const char *const statistics[] = {"psi", NULL};
static const char *const bin_sources[] = {"reference-quantiles", NULL};

#define SPEC(member, word, form, doc) BRN_ROW(struct brn_check_spec, member, word, form, false, doc)
#define CHECK_WORD BRN_IGNORED("check")

static const struct brn_word time_rows[] = {
    CHECK_WORD,
    BRN_ROW(struct brn_check_spec, time, "time", TEXT, true, "the column of the time"),
    SPEC(gap_days, "gap-days", NUMBER,
         "least days between the last of train and the first of test; default 0"),
    {0},
};

static const struct brn_word group_rows[] = {
    CHECK_WORD,
    BRN_ROW(struct brn_check_spec, key, "key", TEXT, true, "the column of the group"),
    SPEC(max, "max", COUNT, "rows of test whose group is in train too; default 0"),
    {0},
};

static const struct brn_word duplicate_rows[] = {
    CHECK_WORD,
    BRN_CHOICES(struct brn_check_spec, over, "over", overs, "what is compared; default features"),
    SPEC(max_fraction, "max-fraction", NUMBER,
         "share of test's rows that are in train too; default 0"),
    {0},
};

static const struct brn_word partition_rows[] = {
    SPEC(train, "train", TEXT, "path beside the contract; default data.train"),
    SPEC(test, "test", TEXT, "path beside the contract; default data.test"),
    {0},
};

static const struct brn_words partition_words = {"partitions", sizeof(struct brn_check_spec),
                                                 partition_rows, NULL};

/* Parts of the implementation share its struct. */
#define PART(word, words, doc) BRN_OBJECT(struct brn_check_spec, source, word, words, doc)

static const struct brn_word fit_rows[] = {
    CHECK_WORD,
    BRN_CHOICES(struct brn_check_spec, declared, "declared", train_only,
                "the rows that every part of the model was fitted on; default train"),
    PART("partitions", partition_words, "the files of train and test"),
    {0},
};

static const struct brn_word availability_rows[] = {
    CHECK_WORD,
    BRN_CHOICES(struct brn_check_spec, features_from, "features-from", model_only,
                "which columns must be there in time; default model: those that it uses"),
    SPEC(decision, "decision", TEXT, "the column of the decision's time"),
    {0},
};

static const struct brn_word bins_rows[] = {
    BRN_CHOICES(struct brn_check_spec, bins_from, "from", bin_sources,
                "default reference-quantiles"),
    SPEC(bin_count, "count", COUNT, "default 10"),
    {0},
};

static const struct brn_words bins_words = {"bins", sizeof(struct brn_check_spec), bins_rows, NULL};

static const struct brn_word alarm_rows[] = {
    SPEC(alarm_above, "above", NUMBER, "the statistic; default 0.2"),
    SPEC(alarm_quantile, "and-above-null-quantile", NUMBER,
         "of what chance alone gives with as many rows; default 0.999"),
    {0},
};

static const struct brn_words alarm_words = {"alarm", sizeof(struct brn_check_spec), alarm_rows,
                                             NULL};

static const struct brn_word window_rows[] = {
    SPEC(window_rows, "rows", COUNT, "in service: rows of one window"),
    {0},
};

static const struct brn_words window_words = {"window", sizeof(struct brn_check_spec), window_rows,
                                              NULL};

static const struct brn_word drift_rows[] = {
    CHECK_WORD,
    BRN_CHOICES(struct brn_check_spec, statistic, "statistic", statistics,
                "psi: sum of (q - p) ln(q / p) over bins"),
    BRN_CHOICES(struct brn_check_spec, reference, "reference", train_only, "default train"),
    PART("bins", bins_words, "where the bins' edges come from, and how many"),
    SPEC(floor, "floor", NUMBER, "least share of a bin; default 0.0001"),
    PART("alarm", alarm_words, "fires when the statistic is above both"),
    PART("window", window_words, "what is compared in service"),
    {0},
};

/* By enum brn_custom_check - 1; the names are the check's choices. */
static const char *const check_names[] = {"leakage.time-order",
                                          "leakage.group-overlap",
                                          "leakage.duplicate-rows",
                                          "leakage.fit-scope",
                                          "leakage.availability",
                                          "drift",
                                          NULL};

const struct brn_words brn_words_checks[] = {
    {"check leakage.time-order", sizeof(struct brn_check_spec), time_rows, NULL},
    {"check leakage.group-overlap", sizeof(struct brn_check_spec), group_rows, NULL},
    {"check leakage.duplicate-rows", sizeof(struct brn_check_spec), duplicate_rows, NULL},
    {"check leakage.fit-scope", sizeof(struct brn_check_spec), fit_rows, NULL},
    {"check leakage.availability", sizeof(struct brn_check_spec), availability_rows, NULL},
    {"check drift", sizeof(struct brn_check_spec), drift_rows, NULL},
    {0},
};

brine_status brn_read_check(const struct brn_reading *reading, const struct brn_json_value *value,
                            struct brn_check_spec *ret_check)
{
    const struct brn_json_value *name =
        value->kind == BRN_JSON_OBJECT ? brn_json_get(value, "check") : NULL;
    if (!name)
        return brn_words_fail(reading, value, "implementation needs \"check\"");
    BRN_TRY(brn_words_choice(reading, name, check_names, &ret_check->check));
    return brn_words_read(reading, &brn_words_checks[ret_check->check - 1], value, ret_check);
}
