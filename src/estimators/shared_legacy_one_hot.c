/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_legacy_one_hot.h"

#include "estimators/shared_columns.h"

enum { MOST_COLUMNS = 1 << 24, NO_COLUMN = -1 };

/* ---- preparing: the output of every value ---- */

static brine_status read_limits(struct brn_build *build, struct brn_legacy_one_hot *l)
{
    size_t total = 0;
    l->selected_count = l->limits.count;
    l->starts = BRN_BUILD_NEW(build, size_t, l->selected_count + 1);
    if (!l->starts)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < l->selected_count; i++) {
        struct brn_value v = l->limits.at[i];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || v.as.integer > MOST_COLUMNS ||
            (total += (size_t)v.as.integer) > MOST_COLUMNS)
            return brn_ill_formed(build, "n_values_", "is no number of values for feature %zu", i);
        l->starts[i + 1] = total;
    }
    l->column = BRN_BUILD_NEW(build, int32_t, total + 1);
    return l->column ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status keep_active(struct brn_build *build, struct brn_legacy_one_hot *l)
{
    size_t total = l->starts[l->selected_count];
    for (size_t k = 0; k < total; k++)
        l->column[k] = NO_COLUMN;
    for (size_t i = 0; i < l->active.count; i++) {
        struct brn_value v = l->active.at[i];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (uint64_t)v.as.integer >= total ||
            l->column[v.as.integer] != NO_COLUMN)
            return brn_ill_formed(build, "active_features_", "[%zu] is no value of a feature", i);
        l->column[v.as.integer] = (int32_t)i;
    }
    l->width = l->active.count;
    return BRINE_OK;
}

brine_status brn_legacy_one_hot_prepare(struct brn_instance *me, struct brn_build *build,
                                        struct brn_legacy_one_hot *l)
{
    struct brn_values mask = {0};
    BRN_TRY(read_limits(build, l));
    if (brn_node_is_text(l->selection, "all"))
        BRN_TRY(brn_expect_features(build, me, l->selected_count, "n_values_"));
    else if (brn_decode_values(build, l->selection, &mask) != BRINE_OK)
        return brn_unsupported(build, "categorical_features", "is no list of columns");
    if (mask.count && mask.at[0].kind == BRN_VALUE_BOOL)
        BRN_TRY(brn_expect_features(build, me, mask.count, "categorical_features"));
    if (brn_node_is_text(l->n_values, "auto"))
        return keep_active(build, l);
    l->width = l->starts[l->selected_count];
    for (size_t k = 0; k < l->width; k++)
        l->column[k] = (int32_t)k;
    return BRINE_OK;
}

/* ---- binding ---- */

/* A mark for each selected feature; the order in which they are named does not matter. */
static brine_status mark_selected(struct brn_instance *me, struct brn_build *build,
                                  const struct brn_legacy_one_hot *l, uint8_t *marks)
{
    struct brn_selection selection;
    size_t found = 0;
    if (brn_node_is_text(l->selection, "all")) {
        memset(marks, 1, me->feature_count);
        return BRINE_OK;
    }
    brine_status status = brn_columns_select(build, me, l->selection, &selection);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "categorical_features");
        return status;
    }
    for (size_t i = 0; i < selection.count; i++) {
        found += !marks[selection.columns[i]];
        marks[selection.columns[i]] = 1;
    }
    return found == l->selected_count
               ? BRINE_OK
               : brn_ill_formed(build, "categorical_features", "selects %zu columns, not %zu",
                                found, l->selected_count);
}

static brine_status name_values(struct brn_build *build, const struct brn_legacy_one_hot *l,
                                size_t feature, const char *name, const char **names)
{
    for (size_t k = l->starts[feature]; k < l->starts[feature + 1]; k++) {
        if (l->column[k] == NO_COLUMN)
            continue;
        const char *made = brn_arena_printf(build->arena, "%s_%zu", name, k - l->starts[feature]);
        if (!made)
            return brn_fail_memory(build->err);
        names[l->column[k]] = made;
    }
    return BRINE_OK;
}

static brine_status place(struct brn_build *build, const struct brn_schema *in,
                          struct brn_legacy_one_hot *l, const uint8_t *marks, const char **names)
{
    size_t selected = 0;
    for (size_t i = 0; i < in->count; i++) {
        const char *name = in->slots[i]->name ? in->slots[i]->name : "";
        int32_t number = brn_schema_number(in, i);
        if (number < 0)
            return brn_fail(build->err, BRINE_MODEL, "column %zu is text, not whole numbers", i);
        if (!marks[i]) {
            names[l->width + l->other_count] = name;
            l->others[l->other_count++] = number;
            continue;
        }
        BRN_TRY(name_values(build, l, selected, name, names));
        l->selected[selected++] = number;
    }
    return BRINE_OK;
}

brine_status brn_legacy_one_hot_bind(struct brn_instance *me, const struct brn_schema *in,
                                     struct brn_build *build, struct brn_legacy_one_hot *l,
                                     struct brn_schema **ret_out)
{
    me->feature_count = in->count;
    uint8_t *marks = BRN_NEW(build->scratch, uint8_t, in->count + 1);
    l->selected = BRN_BUILD_NEW(build, int32_t, in->count + 1);
    l->others = BRN_BUILD_NEW(build, int32_t, in->count + 1);
    const char **names = BRN_BUILD_NEW(build, const char *, l->width + in->count);
    if (!marks || !l->selected || !l->others || !names)
        return brn_fail_memory(build->err);
    BRN_TRY(mark_selected(me, build, l, marks));
    BRN_TRY(place(build, in, l, marks, names));
    *ret_out = brn_schema_numbers(build->arena, l->width + l->other_count, names);
    return *ret_out ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

static brine_status encode(const struct brn_legacy_one_hot *l, const struct brn_tile *in, size_t r,
                           size_t feature, double *row, const struct brn_work *work)
{
    int32_t place = l->selected[feature];
    const char *name = in->number_names ? in->number_names[place] : NULL;
    double x = in->numbers[r * in->number_stride + (size_t)place];
    size_t values = l->starts[feature + 1] - l->starts[feature];
    if (x <= -1 || x >= 0x1p63)
        return brn_refuse(work, in, r, name, "the encoder takes whole numbers from 0");
    if (x >= (double)values) {
        if (!l->refuse_unknown)
            return BRINE_OK;
        return brn_refuse(work, in, r, name,
                          "the encoder has never seen so large a value, and refuses unknown ones "
                          "(handle_unknown=\"error\")");
    }
    int32_t column = l->column[l->starts[feature] + (size_t)(x < 0 ? 0 : x)];
    if (column != NO_COLUMN)
        row[column] = 1;
    return BRINE_OK;
}

brine_status brn_legacy_one_hot_run(const struct brn_legacy_one_hot *l, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(brn_check_finite(work, in, l->selected, l->selected_count, BRN_NAN_REFUSED));
    BRN_TRY(brn_check_finite(work, in, l->others, l->other_count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        memset(row, 0, l->width * sizeof *row);
        for (size_t i = 0; i < l->selected_count; i++)
            BRN_TRY(encode(l, in, r, i, row, work));
        for (size_t i = 0; i < l->other_count; i++)
            row[l->width + i] = in->numbers[r * in->number_stride + (size_t)l->others[i]];
    }
    return BRINE_OK;
}
