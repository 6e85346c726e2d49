/* SPDX-License-Identifier: Apache-2.0
 *
 * fit_categories.c - OneHotEncoder, OrdinalEncoder.  sklearn/preprocessing/_encoders.py (1.2
 * to 1.9).
 *
 * The categories are the values that were seen, so that a category of the test rows alone tells
 * whether they were; and those seen less than min_frequency times are kept apart. */
#include "evidence/fit.h"

#include "base/map.h"
#include "base/number.h"
#include "evidence/partition.h"

#include <math.h>

/* One feature: its values by number, and how often each stands in train and in test. */
struct tally {
    struct brn_map values;
    double *train, *test;
    size_t capacity;
    bool is_text; /* the stored categories hold texts */
};

static const uint8_t missing_key[] = "\xff missing"; /* no UTF-8 text is equal to it */

static struct brn_slice key_of_missing(void)
{
    return (struct brn_slice){missing_key, sizeof missing_key - 1};
}

/* ---- the stored side ---- */

/* A stored category as the key that a value of the data has; p NULL: of a kind that is not known.
 */
static struct brn_slice category_key(struct brn_fit *fit, const struct brn_array *array, uint64_t i)
{
    struct brn_slice text = {NULL, 0};
    double number = __builtin_nan("");
    char digits[BRN_NUMBER_TEXT];
    if (array->dtype.has_objects) {
        const struct brn_node *n = array->objects[i];
        text = brn_node_text(n);
        if (text.p)
            return text;
        if (brn_is(n, BRN_NONE))
            return key_of_missing();
        struct brn_array scalar;
        double *value;
        if (brn_node_scalar(n, fit->arena, &scalar, NULL) != BRINE_OK ||
            brn_array_doubles(&scalar, fit->arena, &value, NULL) != BRINE_OK)
            return text;
        number = value[0];
    } else if (array->dtype.kind == 'U' || array->dtype.kind == 'S') {
        if (brn_dtype_text(&array->dtype, brn_array_element(array, i), fit->arena, &text, NULL) !=
            BRINE_OK)
            return (struct brn_slice){NULL, 0};
        return text.p ? text : (struct brn_slice){(const uint8_t *)"", 0};
    } else {
        number = brn_dtype_number(&array->dtype, brn_array_element(array, i));
    }
    if (isnan(number))
        return key_of_missing();
    size_t n = brn_format_double(number, digits);
    char *copy = brn_arena_text(fit->arena, (struct brn_slice){(const uint8_t *)digits, n});
    return (struct brn_slice){(const uint8_t *)copy, copy ? n : 0};
}

static bool holds_text(const struct brn_array *array)
{
    if (!array->dtype.has_objects)
        return array->dtype.kind == 'U' || array->dtype.kind == 'S';
    for (uint64_t i = 0; i < array->count; i++)
        if (brn_node_text(array->objects[i]).p)
            return true;
    return false;
}

/* ---- the data's side ---- */

static struct brn_slice value_key(const struct tally *t, const struct brn_column *column,
                                  int64_t row, char *digits)
{
    double number;
    struct brn_slice text;
    if (t->is_text) {
        text = brn_column_key(column, row, digits);
        return text.p ? text : key_of_missing();
    }
    if (!brn_column_number(column, row, &number))
        return brn_column_key(column, row, digits);
    if (isnan(number))
        return key_of_missing();
    return (struct brn_slice){(const uint8_t *)digits, brn_format_double(number, digits)};
}

static brine_status add_key(struct brn_fit *fit, struct tally *t, struct brn_slice key,
                            uint32_t *ret_number)
{
    *ret_number = brn_map_find(&t->values, key);
    if (*ret_number != BRN_MAP_NONE)
        return BRINE_OK;
    size_t test_capacity = t->capacity;
    char *copy = brn_arena_text(fit->arena, key);
    bool room = BRN_ARENA_RESERVE(fit->arena, t->test, t->values.count, test_capacity) &&
                BRN_ARENA_RESERVE(fit->arena, t->train, t->values.count, t->capacity);
    if (copy && room)
        *ret_number = brn_map_add(&t->values, (struct brn_slice){(uint8_t *)copy, key.n});
    if (*ret_number == BRN_MAP_NONE)
        return brn_fail_memory(fit->err);
    t->train[*ret_number] = t->test[*ret_number] = 0;
    return BRINE_OK;
}

static brine_status count_values(struct brn_fit *fit, struct tally *t,
                                 const struct brn_column *column, bool is_test)
{
    char digits[BRN_NUMBER_TEXT];
    uint32_t number;
    for (int64_t i = 0; i < column->length; i++) {
        BRN_TRY(add_key(fit, t, value_key(t, column, i, digits), &number));
        *(is_test ? &t->test[number] : &t->train[number]) += 1;
    }
    return BRINE_OK;
}

static double times_seen(const struct tally *t, uint32_t number, enum brn_hypothesis h)
{
    return (h == BRN_ON_TEST ? 0 : t->train[number]) + (h == BRN_ON_TRAIN ? 0 : t->test[number]);
}

/* ---- comparing ---- */

/* How often a category must be seen to stand for itself; 0: no such rule, or one that is not
 * replayed. */
static double frequency_limit(struct brn_fit *fit, size_t rows)
{
    size_t count;
    const struct brn_node *node = brn_node_attribute(fit->object, "min_frequency");
    double *limit = brn_fit_array(fit, node, &count);
    if (!limit || !brn_is(brn_node_attribute(fit->object, "max_categories"), BRN_NONE))
        return 0;
    return limit[0] < 1 ? limit[0] * (double)rows : limit[0];
}

static bool lists(const double *indices, size_t count, double wanted)
{
    for (size_t i = 0; i < count; i++)
        if (indices[i] == wanted)
            return true;
    return false;
}

/* Category by category: was it rare? */
static void compare_rare(struct brn_fit *fit, const struct tally *t, const struct brn_node *rare,
                         const uint32_t *numbers, uint64_t stored)
{
    size_t count = 0, begin, end;
    double expected[BRN_HYPOTHESES];
    double *indices = brn_fit_array(fit, rare, &count);
    for (uint64_t i = 0; i < stored; i++) {
        for (int h = 0; h < BRN_HYPOTHESES; h++) {
            brn_fit_rows(fit, (enum brn_hypothesis)h, &begin, &end);
            double limit = frequency_limit(fit, end - begin);
            if (limit == 0)
                return;
            expected[h] = times_seen(t, numbers[i], (enum brn_hypothesis)h) < limit;
        }
        brn_fit_compare(fit, indices && lists(indices, count, (double)i), expected, 0);
    }
}

/* Value by value, of the file and of the data: was it seen? */
static void compare_seen(struct brn_fit *fit, const struct tally *t, const uint8_t *is_stored)
{
    for (uint32_t v = 0; v < t->values.count; v++) {
        double expected[BRN_HYPOTHESES];
        for (int h = 0; h < BRN_HYPOTHESES; h++)
            expected[h] = times_seen(t, v, (enum brn_hypothesis)h) > 0;
        brn_fit_compare(fit, is_stored[v], expected, 0);
    }
}

static brine_status compare_feature(struct brn_fit *fit, size_t feature,
                                    const struct brn_array *stored)
{
    struct tally t = {.is_text = holds_text(stored)};
    uint32_t *numbers = BRN_NEW(fit->arena, uint32_t, stored->count + 1);
    brn_map_init(&t.values, fit->arena);
    if (!numbers)
        return brn_fail_memory(fit->err);
    for (uint64_t i = 0; i < stored->count; i++) {
        struct brn_slice key = category_key(fit, stored, i);
        if (!key.p) {
            fit->component->why = "a category of a kind that is not compared";
            return BRINE_OK;
        }
        BRN_TRY(add_key(fit, &t, key, &numbers[i]));
    }
    size_t known = t.values.count;
    BRN_TRY(count_values(fit, &t, &fit->input->train.columns[feature], false));
    BRN_TRY(count_values(fit, &t, &fit->input->test.columns[feature], true));
    uint8_t *is_stored = BRN_NEW(fit->arena, uint8_t, t.values.count + 1);
    if (!is_stored)
        return brn_fail_memory(fit->err);
    memset(is_stored, 1, known);
    compare_seen(fit, &t, is_stored);
    const struct brn_node *rare = brn_node_attribute(fit->object, "_infrequent_indices");
    compare_rare(fit, &t, brn_node_item(rare, feature), numbers, stored->count);
    return BRINE_OK;
}

brine_status brn_fit_categories(struct brn_fit *fit)
{
    const struct brn_node *all = brn_node_attribute(fit->object, "categories_");
    if (!brn_node_is_text(brn_node_attribute(fit->object, "categories"), "auto")) {
        fit->component->why = "its categories were given, not learned";
        return BRINE_OK;
    }
    if (brn_node_count(all) != fit->input->train.column_count) {
        fit->component->why = "its categories are not one list for each of its input columns";
        return BRINE_OK;
    }
    fit->component->what = "categories seen, and which were rare";
    for (size_t i = 0; i < brn_node_count(all); i++) {
        struct brn_array array;
        if (brn_node_array(brn_node_item(all, i), fit->arena, &array, NULL) != BRINE_OK) {
            fit->component->why = "its categories_ are no arrays";
            return BRINE_OK;
        }
        BRN_TRY(compare_feature(fit, i, &array));
    }
    return BRINE_OK;
}
