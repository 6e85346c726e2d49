/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_categories.h"

#include <math.h>

/* Numeric arrays are searched; object arrays of numbers alone are too, once sorted. */
static brine_status take_numbers(struct brn_build *build, struct brn_categories *c)
{
    c->numbers = BRN_BUILD_NEW(build, double, c->values.count);
    if (!c->numbers)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < c->values.count; i++) {
        double number;
        if ((int32_t)i == c->missing || !brn_value_number(c->values.at[i], &number))
            continue;
        if (c->number_count && !(number > c->numbers[c->number_count - 1]))
            return brn_fail(build->err, BRINE_MODEL, "the categories are not in ascending order");
        c->numbers[c->number_count++] = number;
    }
    return BRINE_OK;
}

/* NaN counts before None: missing values of a table are NaN when a column has both. */
static void find_missing(struct brn_categories *c)
{
    c->missing = BRN_CATEGORY_UNKNOWN;
    for (size_t i = 0; i < c->values.count; i++)
        if (brn_value_is_missing(c->values.at[i]) && !c->missing_is_nan) {
            c->missing = (int32_t)i;
            c->missing_is_nan = c->values.at[i].kind == BRN_VALUE_FLOAT;
        }
}

static bool any_text(const struct brn_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->at[i].kind == BRN_VALUE_TEXT)
            return true;
    return false;
}

/* Values of a table come as float64, where larger integers fall together. */
static brine_status check_integers(struct brn_build *build, const struct brn_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        int64_t v = values->at[i].kind == BRN_VALUE_INT ? values->at[i].as.integer : 0;
        if (v >= (int64_t)1 << 53 || v <= -((int64_t)1 << 53))
            return brn_fail(build->err, BRINE_UNSUPPORTED,
                            "the category %lld is beyond 2^53, where numbers are not told apart",
                            (long long)v);
    }
    return BRINE_OK;
}

brine_status brn_categories_decode_one(struct brn_build *build, const struct brn_node *node,
                                       struct brn_categories *c)
{
    BRN_TRY(brn_decode_values(build, node, &c->values));
    BRN_TRY(check_integers(build, &c->values));
    if (c->values.count > INT32_MAX / 2)
        return brn_fail(build->err, BRINE_LIMIT, "too many categories");
    c->is_text = any_text(&c->values) || (c->values.kind == 'O' && c->values.count == 0);
    find_missing(c);
    bool last = c->missing == BRN_CATEGORY_UNKNOWN || (size_t)c->missing + 1 == c->values.count;
    if (!c->is_text && !last)
        return brn_fail(build->err, BRINE_MODEL, "the missing category is not the last");
    return c->is_text ? BRINE_OK : take_numbers(build, c);
}

brine_status brn_categories_decode(struct brn_build *build, const struct brn_node *list,
                                   size_t features, struct brn_categories **ret_categories)
{
    if (brn_node_count(list) != features)
        return brn_ill_formed(build, "categories_", "has %zu entries for %zu features",
                              brn_node_count(list), features);
    struct brn_categories *categories = BRN_BUILD_NEW(build, struct brn_categories, features);
    if (!categories)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < features; i++) {
        brine_status status =
            brn_categories_decode_one(build, brn_node_item(list, i), &categories[i]);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "categories_[%zu]", i);
            return status;
        }
    }
    *ret_categories = categories;
    return BRINE_OK;
}

static brine_status bind_text(struct brn_build *build, const struct brn_schema *in, size_t i,
                              struct brn_categories *c)
{
    struct brn_dictionary *d = NULL;
    c->place = brn_schema_code(in, i, &d);
    if (!d)
        return c->place == -2 ? brn_fail_memory(build->err)
                              : brn_fail(build->err, BRINE_MODEL,
                                         "column %zu is numbers, its categories are text", i);
    if (d->nan_imputed && c->missing >= 0 && !c->missing_is_nan)
        return brn_unsupported(build, "categories_",
                               "column %zu knows None, which the imputer before leaves as it is "
                               "while it fills in NaN; a table cannot tell the two apart",
                               i);
    for (size_t k = 0; k < c->values.count; k++)
        if (brn_dictionary_add(d, c->values.at[k]) == BRN_CODE_UNKNOWN)
            return brn_fail_memory(build->err);
    c->code_count = d->count;
    c->of_code = BRN_BUILD_NEW(build, int32_t, d->count);
    if (!c->of_code)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < d->count; k++)
        c->of_code[k] = BRN_CATEGORY_UNKNOWN;
    for (size_t k = c->values.count; k-- > 0;) {
        int32_t code = brn_dictionary_add(d, c->values.at[k]);
        if (code >= 0)
            c->of_code[code] = (int32_t)k;
    }
    return BRINE_OK;
}

brine_status brn_categories_bind_column(struct brn_build *build, const struct brn_schema *in,
                                        size_t i, struct brn_categories *c)
{
    if (c->is_text)
        return bind_text(build, in, i, c);
    c->place = brn_schema_number(in, i);
    if (c->place < 0)
        return brn_fail(build->err, BRINE_MODEL, "column %zu is text, its categories are numbers",
                        i);
    return BRINE_OK;
}

brine_status brn_categories_bind(struct brn_build *build, const struct brn_schema *in,
                                 struct brn_categories *categories)
{
    for (size_t i = 0; i < in->count; i++)
        BRN_TRY(brn_categories_bind_column(build, in, i, &categories[i]));
    return BRINE_OK;
}

static int32_t find_number(const struct brn_categories *c, double value)
{
    size_t low = 0, high = c->number_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->numbers[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->number_count && c->numbers[low] == value ? (int32_t)low : BRN_CATEGORY_UNKNOWN;
}

int32_t brn_category_of(const struct brn_categories *c, const struct brn_tile *tile, size_t r)
{
    if (!c->is_text) {
        double value = tile->numbers[r * tile->number_stride + (size_t)c->place];
        return isnan(value) ? c->missing : find_number(c, value);
    }
    int32_t code = tile->codes[r * tile->code_stride + (size_t)c->place];
    if (code == BRN_CODE_MISSING)
        return c->missing;
    return code >= 0 && (size_t)code < c->code_count ? c->of_code[code] : BRN_CATEGORY_UNKNOWN;
}

static const char *column_name(const struct brn_categories *c, const struct brn_tile *tile)
{
    const char *const *names = c->is_text ? tile->code_names : tile->number_names;
    return names ? names[c->place] : NULL;
}

static bool is_missing(const struct brn_categories *c, const struct brn_tile *tile, size_t r)
{
    if (c->is_text)
        return tile->codes[r * tile->code_stride + (size_t)c->place] == BRN_CODE_MISSING;
    return isnan(tile->numbers[r * tile->number_stride + (size_t)c->place]);
}

static brine_status check_value(const struct brn_categories *c, const struct brn_tile *tile,
                                size_t r, struct brn_category_rule rule,
                                const struct brn_work *work)
{
    if (rule.refuse_missing && is_missing(c, tile, r))
        return brn_refuse(work, tile, r, column_name(c, tile),
                          "the encoder takes no missing value");
    if (rule.refuse_unknown && brn_category_of(c, tile, r) == BRN_CATEGORY_UNKNOWN)
        return brn_refuse(work, tile, r, column_name(c, tile),
                          "the encoder has never seen this category, and refuses unknown ones "
                          "(handle_unknown=\"error\")");
    return BRINE_OK;
}

static brine_status check_column(const struct brn_categories *c, const struct brn_tile *tile,
                                 struct brn_category_rule rule, const struct brn_work *work)
{
    if (!c->is_text && c->values.kind != 'O')
        BRN_TRY(brn_check_finite(work, tile, &c->place, 1, BRN_NAN_ALLOWED));
    if (rule.refuse_unknown || rule.refuse_missing)
        for (size_t r = 0; r < tile->rows; r++)
            BRN_TRY(check_value(c, tile, r, rule, work));
    return BRINE_OK;
}

brine_status brn_categories_check(const struct brn_categories *categories, size_t count,
                                  const struct brn_tile *tile, struct brn_category_rule rule,
                                  const struct brn_work *work)
{
    for (size_t i = 0; i < count; i++)
        BRN_TRY(check_column(&categories[i], tile, rule, work));
    return BRINE_OK;
}

static brine_status read_mapping(struct brn_build *build, const struct brn_node *node,
                                 size_t categories, bool missing_last, struct brn_grouping *g)
{
    struct brn_values values;
    BRN_TRY(brn_decode_values(build, node, &values));
    bool all_but_missing = missing_last && values.count + 1 == categories;
    if ((values.count != categories && !all_but_missing) || categories == 0)
        return brn_fail(build->err, BRINE_MODEL, "has %zu entries for %zu categories", values.count,
                        categories);
    g->mapping = BRN_BUILD_NEW(build, int64_t, categories);
    if (!g->mapping)
        return brn_fail_memory(build->err);
    g->mapping[categories - 1] = (int64_t)categories - 1;
    for (size_t i = 0; i < values.count; i++) {
        int64_t group = values.at[i].kind == BRN_VALUE_INT ? values.at[i].as.integer : -1;
        if (group < 0 || (size_t)group >= categories)
            return brn_fail(build->err, BRINE_MODEL, "names no category");
        g->mapping[i] = group;
        g->largest = group > g->largest ? group : g->largest;
    }
    return BRINE_OK;
}

static brine_status read_first_infrequent(struct brn_build *build, const struct brn_node *node,
                                          size_t categories, struct brn_grouping *g)
{
    struct brn_values values;
    BRN_TRY(brn_decode_values(build, node, &values));
    bool ok = values.count > 0 && values.at[0].kind == BRN_VALUE_INT &&
              values.at[0].as.integer >= 0 && (size_t)values.at[0].as.integer < categories;
    if (!ok)
        return brn_fail(build->err, BRINE_MODEL, "names no category");
    g->first_infrequent = values.at[0].as.integer;
    return BRINE_OK;
}

brine_status brn_grouping_decode(struct brn_build *build, const struct brn_node *mappings,
                                 const struct brn_node *indices, size_t feature,
                                 const struct brn_categories *c, struct brn_grouping *ret_grouping)
{
    size_t categories = c->values.count;
    bool missing_last = c->missing >= 0 && (size_t)c->missing + 1 == categories;
    struct brn_grouping g = {0};
    const struct brn_node *mapping = mappings ? brn_node_item(mappings, feature) : &brn_nil;
    const struct brn_node *infrequent = indices ? brn_node_item(indices, feature) : &brn_nil;
    if (mapping->kind != BRN_NIL && mapping->kind != BRN_NONE) {
        g.present = true;
        brine_status status = read_mapping(build, mapping, categories, missing_last, &g);
        if (status == BRINE_OK)
            status = read_first_infrequent(build, infrequent, categories, &g);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "_default_to_infrequent_mappings[%zu]", feature);
            return status;
        }
    }
    *ret_grouping = g;
    return BRINE_OK;
}
