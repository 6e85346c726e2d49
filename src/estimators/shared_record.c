/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_record.h"

#include "base/number.h"
#include "kernel/tokens.h"

static bool is_quoted(const struct brn_column *c, int64_t row)
{
    int64_t i = row + c->offset;
    return c->quoted && (c->quoted[i / 8] >> (i % 8) & 1);
}

static bool is_truth(struct brn_slice text, double *ret_number)
{
    *ret_number = brn_slice_is(text, "true") || brn_slice_is(text, "True");
    return *ret_number != 0 || brn_slice_is(text, "false") || brn_slice_is(text, "False");
}

static struct brn_item text_item(const struct brn_column *c, int64_t row, struct brn_slice text)
{
    struct brn_item item = {.kind = BRN_ITEM_TEXT, .text = text};
    bool is_literal = c->type == BRN_TYPE_LITERAL && !is_quoted(c, row);
    if (is_literal && (brn_parse_double(text, &item.number) || is_truth(text, &item.number)))
        item.kind = BRN_ITEM_NUMBER;
    return item;
}

struct brn_item brn_record_item(const struct brn_column *column, int64_t row)
{
    struct brn_item item = {.kind = BRN_ITEM_NUMBER};
    struct brn_slice text;
    if (!brn_column_is_valid(column, row)) {
        bool is_null = column->type == BRN_TYPE_LITERAL && is_quoted(column, row);
        return (struct brn_item){.kind = is_null ? BRN_ITEM_NULL : BRN_ITEM_ABSENT};
    }
    if (brn_column_text(column, row, &text))
        return text_item(column, row, text);
    if (!brn_column_number(column, row, &item.number))
        item.kind = BRN_ITEM_ABSENT;
    return item;
}

static brine_status make_room(struct brn_record_name *name, size_t n, struct brn_work *work)
{
    size_t room = 2 * n + 256;
    if (name->text && n <= name->room)
        return BRINE_OK;
    name->text = brn_work_take(work, room + BRN_TOKEN_PADDING, 1);
    name->room = name->text ? room : 0;
    return name->text ? BRINE_OK : brn_fail_memory(work->err);
}

static uint8_t *append(uint8_t *at, struct brn_slice s)
{
    if (s.n)
        memcpy(at, s.p, s.n);
    return at + s.n;
}

brine_status brn_record_join(struct brn_record_name *name, struct brn_slice key,
                             struct brn_slice separator, struct brn_slice value,
                             struct brn_work *work, struct brn_slice *ret_name)
{
    size_t n = key.n + separator.n + value.n;
    BRN_TRY(make_room(name, n, work));
    uint8_t *end = append(append(append(name->text, key), separator), value);
    memset(end, 0, BRN_TOKEN_PADDING);
    *ret_name = (struct brn_slice){name->text, n};
    return BRINE_OK;
}

brine_status brn_record_bind(const struct brn_instance *me, const struct brn_schema *in,
                             struct brn_build *build)
{
    if (brn_schema_record(in))
        return BRINE_OK;
    return brn_unsupported(build, "", "%s takes rows as dicts, and must be the first step",
                           me->estimator->name);
}
