/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_columns.h"

#include "estimators/shared_frame.h"

static brine_status no_column(struct brn_build *build)
{
    return brn_fail(build->err, BRINE_MODEL, "selects a column that is not there");
}

/* ---- single columns ---- */

static brine_status find_name(struct brn_build *build, const struct brn_instance *me,
                              struct brn_slice name, size_t *ret_column)
{
    if (!me->feature_names)
        return brn_fail(build->err, BRINE_UNSUPPORTED,
                        "selects columns by name, and the file does not say their order");
    for (size_t i = 0; i < me->feature_count; i++)
        if (brn_slice_is(name, me->feature_names[i])) {
            *ret_column = i;
            return BRINE_OK;
        }
    return no_column(build);
}

static brine_status find_column(struct brn_build *build, const struct brn_instance *me,
                                struct brn_value value, size_t *ret_column)
{
    int64_t count = (int64_t)me->feature_count;
    if (value.kind == BRN_VALUE_TEXT)
        return find_name(build, me, value.as.text, ret_column);
    if (value.kind != BRN_VALUE_INT)
        return brn_fail(build->err, BRINE_UNSUPPORTED,
                        "selects columns by neither position nor name");
    int64_t at = value.as.integer < 0 ? value.as.integer + count : value.as.integer;
    if (value.as.integer < -count || at >= count)
        return no_column(build);
    *ret_column = (size_t)at;
    return BRINE_OK;
}

/* ---- lists and masks ---- */

static bool is_mask(const struct brn_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->at[i].kind != BRN_VALUE_BOOL)
            return false;
    return values->count > 0;
}

static brine_status select_by_mask(struct brn_build *build, const struct brn_instance *me,
                                   const struct brn_values *mask, struct brn_selection *ret)
{
    if (mask->count != me->feature_count)
        return brn_fail(build->err, BRINE_MODEL, "is a mask of %zu columns of %zu", mask->count,
                        me->feature_count);
    for (size_t i = 0; i < mask->count; i++)
        if (mask->at[i].as.boolean)
            ret->columns[ret->count++] = i;
    return BRINE_OK;
}

static brine_status select_list(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_node *selector, struct brn_selection *ret)
{
    struct brn_values values = {0};
    BRN_TRY(brn_frame_values(build, selector, &values));
    ret->columns = BRN_BUILD_NEW(build, size_t, values.count);
    if (!ret->columns)
        return brn_fail_memory(build->err);
    if (is_mask(&values))
        return select_by_mask(build, me, &values, ret);
    for (size_t i = 0; i < values.count; i++)
        BRN_TRY(find_column(build, me, values.at[i], &ret->columns[ret->count++]));
    return BRINE_OK;
}

/* ---- slices ---- */

static bool is_slice(const struct brn_node *node)
{
    const struct brn_node *class = brn_node_class(node);
    return brn_is(node, BRN_OBJECT) && (brn_node_is_global(class, "builtins", "slice") ||
                                        brn_node_is_global(class, "__builtin__", "slice"));
}

/* One end: a name, a position (clipped, as Python does), or None.  By name the end is part of it.
 */
static brine_status slice_end(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_node *node, bool is_stop, size_t *ret_at)
{
    struct brn_value value;
    int64_t count = (int64_t)me->feature_count;
    *ret_at = is_stop ? me->feature_count : 0;
    if (brn_is(node, BRN_NONE))
        return BRINE_OK;
    BRN_TRY(brn_decode_value(build, node, &value));
    if (value.kind == BRN_VALUE_TEXT) {
        BRN_TRY(find_name(build, me, value.as.text, ret_at));
        *ret_at += is_stop;
        return BRINE_OK;
    }
    if (value.kind != BRN_VALUE_INT)
        return brn_fail(build->err, BRINE_UNSUPPORTED, "is a slice of neither names nor positions");
    int64_t at = value.as.integer;
    at = at < -count ? 0 : at < 0 ? at + count : at > count ? count : at;
    *ret_at = (size_t)at;
    return BRINE_OK;
}

static brine_status select_slice(struct brn_build *build, const struct brn_instance *me,
                                 const struct brn_node *slice, struct brn_selection *ret)
{
    const struct brn_node *args = slice->as.object->args;
    size_t start, stop;
    if (brn_node_count(args) != 3 || !brn_is(brn_node_item(args, 2), BRN_NONE))
        return brn_fail(build->err, BRINE_UNSUPPORTED, "is a slice with a step");
    BRN_TRY(slice_end(build, me, brn_node_item(args, 0), false, &start));
    BRN_TRY(slice_end(build, me, brn_node_item(args, 1), true, &stop));
    ret->columns = BRN_BUILD_NEW(build, size_t, me->feature_count);
    if (!ret->columns)
        return brn_fail_memory(build->err);
    for (size_t i = start; i < stop; i++)
        ret->columns[ret->count++] = i;
    return BRINE_OK;
}

brine_status brn_columns_select(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_node *selector, struct brn_selection *ret)
{
    struct brn_value value;
    *ret = (struct brn_selection){0};
    if (is_slice(selector))
        return select_slice(build, me, selector, ret);
    if (brn_node_text(selector).p == NULL && !brn_is(selector, BRN_INT))
        return select_list(build, me, selector, ret);
    ret->columns = BRN_BUILD_NEW(build, size_t, 1);
    if (!ret->columns)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_decode_value(build, selector, &value));
    ret->count = 1;
    return find_column(build, me, value, ret->columns);
}
