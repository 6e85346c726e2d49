/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_parts.h"

#include "base/number.h"

#include <math.h>

brine_status brn_parts_check(struct brn_build *build, const struct brn_instances *parts,
                             const char *attribute)
{
    for (size_t i = 0; i < parts->count; i++)
        if (!parts->at[i])
            return brn_ill_formed(build, attribute, "number %zu is None", i);
    return parts->count ? BRINE_OK : brn_ill_formed(build, attribute, "is empty");
}

brine_status brn_parts_bind(struct brn_build *build, const struct brn_instances *parts,
                            const struct brn_schema *in)
{
    for (size_t i = 0; i < parts->count; i++)
        BRN_TRY(brn_bind_child(build, parts->at[i], in));
    return BRINE_OK;
}

const struct brn_instance *brn_parts_first(const struct brn_instances *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->at[i] && (parts->at[i]->feature_count || parts->at[i]->estimator->input_of))
            return parts->at[i];
    return parts->count ? parts->at[0] : NULL;
}

bool brn_part_gives_numbers(const struct brn_instance *part, brine_method method)
{
    const struct brn_schema *out = part->out[method];
    if (!out || out->is_compressed)
        return false;
    for (size_t k = 0; k < out->count; k++)
        if (out->slots[k]->number != (int32_t)k)
            return false;
    return true;
}

bool brn_parts_offer(const struct brn_instances *parts, brine_method method, size_t width)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (!brn_part_gives_numbers(parts->at[i], method))
            return false;
        size_t count = parts->at[i]->out[method]->count;
        width = width ? width : count;
        if (count != width)
            return false;
    }
    return true;
}

static brine_status fail_part(const struct brn_build *build, const struct brn_instance *part,
                              brine_status status)
{
    brn_error_within(build->err, "%s", part->place);
    return status;
}

brine_status brn_part_needs(const struct brn_build *build, const struct brn_instance *part,
                            brine_method method)
{
    const struct brn_schema *out = part->out[method];
    if (out && !out->is_compressed)
        return BRINE_OK;
    brn_fail(build->err, BRINE_UNSUPPORTED, "%s has no %s that brine can compute",
             part->estimator->name, brine_method_name(method));
    return fail_part(build, part, BRINE_UNSUPPORTED);
}

static brine_status needs_numbers(const struct brn_build *build, const struct brn_instance *part)
{
    brn_fail(build->err, BRINE_UNSUPPORTED, "%s does not answer in numbers", part->estimator->name);
    return fail_part(build, part, BRINE_UNSUPPORTED);
}

const struct brn_dictionary *brn_part_classes(const struct brn_instance *part)
{
    const struct brn_schema *out = part->out[BRINE_METHOD_PREDICT];
    if (!out || out->is_compressed || out->count != 1 || !brn_schema_is_code(out, 0))
        return NULL;
    return out->slots[0]->dictionary;
}

static brine_status needs_classes(const struct brn_build *build, const struct brn_instance *part,
                                  const struct brn_dictionary **ret_classes)
{
    *ret_classes = brn_part_classes(part);
    if (*ret_classes)
        return BRINE_OK;
    brn_fail(build->err, BRINE_UNSUPPORTED, "%s is no classifier of one output",
             part->estimator->name);
    return fail_part(build, part, BRINE_UNSUPPORTED);
}

static brine_status bad_class(const struct brn_build *build, const struct brn_instance *part,
                              size_t k)
{
    brn_fail(build->err, BRINE_MODEL, "class %zu of it is none of the classes of the whole", k);
    return fail_part(build, part, BRINE_MODEL);
}

brine_status brn_part_codes(struct brn_build *build, const struct brn_instance *part,
                            const struct brn_dictionary *labels, int32_t **ret_codes)
{
    const struct brn_dictionary *classes;
    BRN_TRY(needs_classes(build, part, &classes));
    int32_t *codes = BRN_BUILD_NEW(build, int32_t, classes->count);
    if (!codes)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < classes->count; k++) {
        codes[k] = brn_dictionary_value(labels, classes->values[k]);
        if (codes[k] < 0)
            return bad_class(build, part, k);
    }
    *ret_codes = codes;
    return BRINE_OK;
}

brine_status brn_part_places(struct brn_build *build, const struct brn_instance *part, size_t count,
                             int32_t **ret_places)
{
    const struct brn_dictionary *classes;
    BRN_TRY(needs_classes(build, part, &classes));
    int32_t *places = BRN_BUILD_NEW(build, int32_t, classes->count);
    if (!places)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < classes->count; k++) {
        double number = -1;
        bool is_number = brn_value_number(classes->values[k], &number);
        if (!is_number || !(number >= 0) || !(number < (double)count) ||
            number != (double)(int32_t)number)
            return bad_class(build, part, k);
        places[k] = (int32_t)number;
    }
    *ret_places = places;
    return BRINE_OK;
}

bool brn_label_number(struct brn_value label, double *ret_number)
{
    return label.kind == BRN_VALUE_TEXT ? brn_parse_double(label.as.text, ret_number)
                                        : brn_value_number(label, ret_number);
}

brine_status brn_part_number(struct brn_build *build, const struct brn_instance *part,
                             struct brn_part_number *ret_number)
{
    *ret_number = (struct brn_part_number){NULL};
    BRN_TRY(brn_part_needs(build, part, BRINE_METHOD_PREDICT));
    const struct brn_dictionary *classes = brn_part_classes(part);
    if (part->out[BRINE_METHOD_PREDICT]->count == 1 &&
        brn_part_gives_numbers(part, BRINE_METHOD_PREDICT))
        return BRINE_OK;
    BRN_TRY(needs_classes(build, part, &classes));
    double *values = BRN_BUILD_NEW(build, double, classes->count);
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < classes->count; k++)
        if (!brn_label_number(classes->values[k], &values[k]))
            return bad_class(build, part, k);
    ret_number->classes = values;
    return BRINE_OK;
}

/* ---- one score of a binary part ---- */

brine_status brn_part_score(const struct brn_build *build, const struct brn_instance *part,
                            struct brn_part_score *ret_score)
{
    bool decides = part->out[BRINE_METHOD_DECISION_FUNCTION] != NULL;
    *ret_score = (struct brn_part_score){BRINE_METHOD_PREDICT, 0};
    if (decides)
        ret_score->method = BRINE_METHOD_DECISION_FUNCTION;
    else if (brn_part_classes(part))
        *ret_score = (struct brn_part_score){BRINE_METHOD_PREDICT_PROBA, 1};
    BRN_TRY(brn_part_needs(build, part, ret_score->method));
    if (!brn_part_gives_numbers(part, ret_score->method))
        return needs_numbers(build, part);
    size_t count = part->out[ret_score->method]->count;
    if (count == ret_score->column + 1)
        return BRINE_OK;
    brn_fail(build->err, BRINE_MODEL, "%s gives %zu columns for two classes",
             brine_method_name(ret_score->method), count);
    return fail_part(build, part, BRINE_MODEL);
}

brine_status brn_part_run_score(const struct brn_instance *part, const struct brn_part_score *score,
                                const struct brn_tile *in, double *values, size_t stride,
                                bool *ret_single, struct brn_work *work)
{
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tile tile;
    BRN_TRY(brn_run_into(part, score->method, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++)
        values[r * stride] = tile.numbers[r * tile.number_stride + score->column];
    *ret_single = tile.single;
    brn_work_release(work, mark);
    return BRINE_OK;
}

brine_status brn_parts_run_scores(const struct brn_instances *parts,
                                  const struct brn_part_score *scores, const struct brn_tile *in,
                                  double *values, size_t stride, bool *ret_single,
                                  struct brn_work *work)
{
    bool all = true, single = false;
    for (size_t i = 0; i < parts->count; i++) {
        BRN_TRY(
            brn_part_run_score(parts->at[i], &scores[i], in, values + i, stride, &single, work));
        all = all && single;
    }
    *ret_single = all;
    return BRINE_OK;
}

/* ---- input that the whole checks before its parts do ---- */

brine_status brn_input_check_bind(struct brn_build *build, const struct brn_instance *me,
                                  const struct brn_schema *in, bool is_on,
                                  struct brn_input_check *ret_check)
{
    *ret_check = (struct brn_input_check){.is_on = is_on, .count = in->count};
    return is_on && !in->is_compressed ? brn_bind_numbers(build, me, in, &ret_check->columns)
                                       : BRINE_OK;
}

static brine_status check_compressed(const struct brn_tile *in, const struct brn_work *work)
{
    const struct brn_compressed *rows = in->compressed;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = rows->starts[r]; k < rows->starts[r + 1]; k++)
            if (!isfinite(rows->values[k]))
                return brn_refuse(work, in, r, NULL,
                                  "the model takes no missing value or infinity");
    return BRINE_OK;
}

brine_status brn_input_check_run(const struct brn_input_check *check, const struct brn_tile *in,
                                 const struct brn_work *work)
{
    if (!check->is_on)
        return BRINE_OK;
    if (!check->columns)
        return check_compressed(in, work);
    return brn_check_finite(work, in, check->columns, check->count, BRN_NAN_REFUSED);
}

/* ---- sums over parts ---- */

static void add_tile(const struct brn_tile *from, struct brn_tile *out, size_t width)
{
    for (size_t r = 0; r < out->rows; r++) {
        double *to = out->numbers + r * out->number_stride;
        const double *values = from->numbers + r * from->number_stride;
        for (size_t k = 0; k < width; k++) {
            to[k] = brn_rounded(to[k] + values[k], out->single);
        }
    }
}

static void divide(struct brn_tile *out, size_t width, double divisor)
{
    for (size_t r = 0; r < out->rows; r++)
        for (size_t k = 0; k < width; k++) {
            double *v = &out->numbers[r * out->number_stride + k];
            *v = brn_rounded(*v / divisor, out->single);
        }
}

/* 0 + -0 is 0, as Python's sum() begins. */
static void clear(struct brn_tile *out, size_t width)
{
    for (size_t r = 0; r < out->rows; r++)
        memset(out->numbers + r * out->number_stride, 0, width * sizeof(double));
}

brine_status brn_parts_sum(const struct brn_instances *parts, brine_method method, double divisor,
                           const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    size_t width = parts->at[0]->out[method]->count;
    clear(out, width);
    for (size_t i = 0; i < parts->count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        struct brn_tile tile;
        BRN_TRY(brn_run_into(parts->at[i], method, in, work, &tile));
        out->single = tile.single && (i == 0 || out->single);
        add_tile(&tile, out, width);
        brn_work_release(work, mark);
    }
    divide(out, width, divisor);
    return BRINE_OK;
}

enum brn_equality brn_parts_equality(const struct brn_instances *parts, brine_method method)
{
    enum brn_equality weakest = BRN_EXACT;
    for (size_t i = 0; i < parts->count; i++)
        if (parts->at[i]->out[method])
            weakest = brn_weaker(weakest, brn_equality_of(parts->at[i], method));
    return weakest;
}

/* ---- outputs ---- */

brine_status brn_parts_offer_numbers(struct brn_build *build, struct brn_instance *me,
                                     brine_method method, size_t count, const char *const *names)
{
    me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_parts_offer_classes(struct brn_build *build, struct brn_instance *me,
                                     brine_method method, struct brn_dictionary *labels)
{
    if (method == BRINE_METHOD_PREDICT) {
        me->out[method] = brn_schema_labels(build->arena, &labels, 1);
        return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
    }
    if (method == BRINE_METHOD_DECISION_FUNCTION && labels->count <= 2)
        return brn_parts_offer_numbers(build, me, method, 1, NULL);
    const char *const *names = brn_label_names(build, method, labels);
    if (!names)
        return brn_fail_memory(build->err);
    return brn_parts_offer_numbers(build, me, method, labels->count, names);
}

brine_status brn_labels_of_node(struct brn_build *build, const struct brn_node *classes,
                                const char *attribute, struct brn_dictionary **ret_labels)
{
    struct brn_values values;
    brine_status status = brn_decode_values(build, classes, &values);
    if (status == BRINE_OK)
        status = brn_labels(build, &values, ret_labels);
    if (status == BRINE_OK && values.count == 0)
        status = brn_fail(build->err, BRINE_MODEL, "is empty");
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}
