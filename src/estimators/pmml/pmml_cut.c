/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_cut.c - CutTransformer of sklearn2pmml: pandas.cut with edges that are written down.
 * pandas/core/reshape/tile.py, _bins_to_cuts. */
#include "estimators/shared_frame.h"

#include <math.h>

struct cut {
    const struct brn_node *bins, *labels_node, *dtype;
    bool right, include_lowest;
    struct brn_matrix edges;
    struct brn_values labels; /* of each interval; none: its number */
    bool is_text;
    struct brn_dictionary *dictionary;
    int32_t place;
};

static brine_status read_labels(struct cut *m, struct brn_build *build)
{
    enum brn_form form;
    if (brn_is(m->labels_node, BRN_BOOL) && !m->labels_node->as.boolean)
        return BRINE_OK;
    if (brn_is(m->labels_node, BRN_NONE))
        return brn_unsupported(build, "labels", "is None: intervals as values are not run");
    brine_status status = brn_frame_values(build, m->labels_node, &m->labels);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "labels");
        return status;
    }
    if (m->labels.count + 1 != m->edges.columns || !brn_frame_form(&m->labels, &form))
        return brn_ill_formed(build, "labels", "has %zu values for %zu edges", m->labels.count,
                              m->edges.columns);
    m->is_text = form == BRN_FORM_DOCUMENT;
    return m->is_text ? brn_labels(build, &m->labels, &m->dictionary) : BRINE_OK;
}

static brine_status decode_edges(struct cut *m, struct brn_build *build)
{
    struct brn_values values;
    if (brn_node_is_array(m->bins))
        return brn_decode_matrix(build, m->bins, &m->edges);
    BRN_TRY(brn_decode_values(build, m->bins, &values));
    m->edges = (struct brn_matrix){.values = BRN_BUILD_NEW(build, double, values.count),
                                   .rows = 1,
                                   .columns = values.count,
                                   .present = true};
    if (!m->edges.values)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < values.count; i++)
        if (!brn_value_number(values.at[i], &m->edges.values[i]))
            return brn_fail(build->err, BRINE_MODEL, "edge %zu is no number", i);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct cut *m = me->self;
    if (brn_is(m->bins, BRN_INT))
        return brn_unsupported(build, "bins", "is a number: the edges would depend on the rows");
    if (m->dtype && !brn_is(m->dtype, BRN_NONE))
        return brn_unsupported(build, "dtype", "a categorical result is not run");
    brine_status status = decode_edges(m, build);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "bins");
        return status;
    }
    if (m->edges.rows != 1 || m->edges.columns < 2)
        return brn_ill_formed(build, "bins", "has fewer than two edges");
    for (size_t i = 1; i < m->edges.columns; i++)
        if (!(m->edges.values[i] > m->edges.values[i - 1]))
            return brn_ill_formed(build, "bins", "does not ascend at edge %zu", i);
    return read_labels(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct cut *m = me->self;
    int32_t *columns;
    if (in->count != 1)
        return brn_ill_formed(build, "", "CutTransformer takes one column, %zu come", in->count);
    BRN_TRY(brn_bind_numbers(build, me, in, &columns));
    m->place = columns[0];
    const char *name = brn_schema_name(in, 0);
    enum brn_form form = m->is_text ? BRN_FORM_CODE : BRN_FORM_NUMBER;
    me->out[BRINE_METHOD_TRANSFORM] =
        brn_schema_formed(build->arena, 1, &name, &form, &m->dictionary);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* The interval that holds v, or -1. */
static int32_t interval_of(const struct cut *m, double v)
{
    const double *edges = m->edges.values;
    size_t low = 0, high = m->edges.columns;
    if (isnan(v))
        return -1;
    if (m->include_lowest && v == edges[0])
        return 0;
    while (low < high) { /* the first edge that v does not lie behind */
        size_t middle = low + (high - low) / 2;
        if (m->right ? edges[middle] < v : edges[middle] <= v)
            low = middle + 1;
        else
            high = middle;
    }
    return low == m->edges.columns ? -1 : (int32_t)low - 1;
}

static double number_of(const struct cut *m, int32_t interval)
{
    double number = (double)NAN;
    if (interval >= 0 && !m->labels.present)
        number = interval;
    else if (interval >= 0)
        brn_value_number(m->labels.at[interval], &number);
    return number;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct cut *m = me->self;
    (void)work;
    for (size_t r = 0; r < in->rows; r++) {
        int32_t interval = interval_of(m, in->numbers[r * in->number_stride + (size_t)m->place]);
        if (m->is_text)
            out->codes[r * out->code_stride] = interval < 0 ? BRN_CODE_MISSING : interval;
        else
            out->numbers[r * out->number_stride] = number_of(m, interval);
    }
    out->single = false;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct cut, bins, "bins", NODE, "the edges"),
    BRN_FIELD(struct cut, right, "right", BOOL, "whether intervals hold their right edge"),
    BRN_FIELD(struct cut, labels_node, "labels", NODE, "values of the intervals; False: numbers"),
    BRN_FIELD(struct cut, include_lowest, "include_lowest", BOOL,
              "whether the first holds its left edge"),
    BRN_FIELD_OPTIONAL(struct cut, dtype, "dtype", NODE, "of the result"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

static const struct brn_estimator cut_transformer = {
    .name = "CutTransformer",
    .jumps = true,
    .modules = modules,
    .library = "sklearn2pmml",
    .is_beside = true,
    .size = sizeof(struct cut),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&cut_transformer, NULL};

const struct brn_family brn_family_pmml_cut = {estimators};
