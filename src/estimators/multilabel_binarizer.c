/* SPDX-License-Identifier: Apache-2.0
 *
 * multilabel_binarizer.c - MultiLabelBinarizer: which of its classes a row has.
 * sklearn/preprocessing/_label.py.
 *
 * scikit-learn takes any number of labels a row.  Here they are the cells of the row, whatever the
 * columns are; an empty cell is no label. */
#include "estimators/shared_record.h"

struct multilabel_binarizer {
    const struct brn_node *classes_node;
    bool is_sparse;

    struct brn_dictionary *classes;
    bool all_texts; /* what reads as a number is text, too */
    bool refuses;   /* what is no class */
};

static const struct brn_era unknown_eras[] = {
    {0, 2000, true, "class_mapping[label] fails"},
    {2000, 0, false, "unknown labels are ignored: _transform"},
    BRN_ERA_END,
};

/* Cells come as float64, where larger integers fall together. */
static brine_status check_class(struct brn_build *build, const struct brn_value *value)
{
    int64_t v = value->kind == BRN_VALUE_INT ? value->as.integer : 0;
    if (v >= (int64_t)1 << 53 || v <= -((int64_t)1 << 53))
        return brn_unsupported(build, "classes_", "%lld is beyond 2^53", (long long)v);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct multilabel_binarizer *m = me->self;
    struct brn_values values = {0};
    if (me->feature_count > 1)
        return brn_ill_formed(build, "n_features_in_", "is not 1 for rows of labels");
    me->feature_count = 1;
    m->refuses = brn_era_behaviour(unknown_eras, me->version);
    brine_status status = brn_decode_values(build, m->classes_node, &values);
    if (status == BRINE_OK)
        status = brn_labels(build, &values, &m->classes);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "classes_");
        return status;
    }
    if (values.count == 0)
        return brn_unsupported(build, "classes_", "is empty");
    m->all_texts = true;
    for (size_t i = 0; i < values.count; i++) {
        BRN_TRY(check_class(build, &values.at[i]));
        m->all_texts = m->all_texts && values.at[i].kind == BRN_VALUE_TEXT;
    }
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct multilabel_binarizer *m = me->self;
    BRN_TRY(brn_record_bind(me, in, build));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->classes->count, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = 8;
    out->is_sparse = m->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static int32_t class_of(const struct multilabel_binarizer *m, const struct brn_item *item)
{
    if (item->kind == BRN_ITEM_TEXT || (m->all_texts && item->text.p))
        return brn_dictionary_text(m->classes, item->text);
    return brn_dictionary_number(m->classes, item->number);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct multilabel_binarizer *m = me->self;
    const struct brn_table *table = in->table;
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        memset(row, 0, m->classes->count * sizeof *row);
        for (size_t c = 0; c < table->column_count; c++) {
            struct brn_item item = brn_record_item(&table->columns[c], in->table_row + (int64_t)r);
            if (item.kind == BRN_ITEM_ABSENT || item.kind == BRN_ITEM_NULL)
                continue;
            int32_t label = class_of(m, &item);
            if (label >= 0)
                row[label] = 1;
            else if (m->refuses)
                return brn_refuse(work, in, r, table->columns[c].name,
                                  "a label that was not seen in training");
        }
    }
    out->single = false;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct multilabel_binarizer, classes_node, "classes_", NODE, "labels in their order"),
    BRN_FIELD(struct multilabel_binarizer, is_sparse, "sparse_output", BOOL,
              "the container of the result"),
    BRN_FIELD_IGNORE("classes", "of fit; classes_ is what came of it"),
    BRN_FIELD_IGNORE("_cached_dict", "classes_ by name, or nothing"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._label", "sklearn.preprocessing.label",
                                      NULL};

static const struct brn_estimator multilabel_binarizer = {
    .name = "MultiLabelBinarizer",
    .modules = modules,
    .size = sizeof(struct multilabel_binarizer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&multilabel_binarizer, NULL};

const struct brn_family brn_family_multilabel_binarizer = {estimators};
