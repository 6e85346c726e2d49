/* SPDX-License-Identifier: Apache-2.0
 *
 * fit.c - comparing, deciding, and what the rules share. */
#include "evidence/fit.h"

#include <math.h>

const char *brn_fit_verdict_name(enum brn_fit_verdict verdict)
{
    static const char *const names[BRN_FIT_VERDICTS] = {
        "train", "train+test", "test", "test or train+test", "other", "undetermined"};
    return names[verdict];
}

static double relative_error(double stored, double expected, double scale)
{
    if (stored == expected || (isnan(stored) && isnan(expected)))
        return 0;
    if (!isfinite(stored) || !isfinite(expected))
        return 1;
    double size = fmax(fmax(fabs(stored), fabs(expected)), scale);
    return fabs(stored - expected) / size;
}

void brn_fit_compare(struct brn_fit *fit, double stored, const double expected[BRN_HYPOTHESES],
                     double scale)
{
    fit->component->statistics++;
    for (int h = 0; h < BRN_HYPOTHESES; h++)
        fit->component->error[h] =
            fmax(fit->component->error[h], relative_error(stored, expected[h], scale));
}

void brn_fit_rows(const struct brn_fit *fit, enum brn_hypothesis hypothesis, size_t *ret_begin,
                  size_t *ret_end)
{
    size_t train = (size_t)fit->input->train.rows, test = (size_t)fit->input->test.rows;
    *ret_begin = hypothesis == BRN_ON_TEST ? train : 0;
    *ret_end = hypothesis == BRN_ON_TRAIN ? train : train + test;
}

static bool read_numbers(const struct brn_column *column, double *out)
{
    for (int64_t i = 0; i < column->length; i++)
        if (!brn_column_number(column, i, &out[i]))
            return false;
    return true;
}

bool brn_fit_read(struct brn_fit *fit, size_t column)
{
    const struct brn_table *train = &fit->input->train, *test = &fit->input->test;
    bool ok = read_numbers(&train->columns[column], fit->numbers) &&
              read_numbers(&test->columns[column], fit->numbers + train->rows);
    if (!ok)
        fit->component->why = "its input columns are no numbers";
    return ok;
}

double *brn_fit_array(struct brn_fit *fit, const struct brn_node *node, size_t *ret_count)
{
    struct brn_array array;
    double *values;
    brine_status status = brn_node_is_array(node) ? brn_node_array(node, fit->arena, &array, NULL)
                                                  : brn_node_scalar(node, fit->arena, &array, NULL);
    if (status != BRINE_OK || brn_array_doubles(&array, fit->arena, &values, NULL) != BRINE_OK)
        return NULL;
    if (array.dtype.kind == 'f' && array.dtype.itemsize < 8)
        fit->tolerance = 1e-5;
    *ret_count = (size_t)array.count;
    return values;
}
