/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_hasher.c - FeatureHasher of dicts.  sklearn/feature_extraction/_hash.py.
 *
 * Where three or more floats meet in a column, scipy adds them in the order of an unstable sort:
 * such sums are bounded, all others are exact. */
#include "estimators/shared_count_type.h"
#include "estimators/shared_counting.h"
#include "estimators/shared_feature_hash.h"
#include "estimators/shared_record.h"

#include <math.h>

struct feature_hasher {
    struct brn_feature_hash hash;
    const struct brn_node *dtype;
    const char *input_type;
    struct brn_count_type type;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct feature_hasher *m = me->self;
    if (me->feature_count > 1)
        return brn_ill_formed(build, "n_features_in_", "is not 1 for dicts");
    me->feature_count = 1;
    if (!brn_text_is(m->input_type, "dict"))
        return brn_unsupported(build, "input_type", "rows that are no dicts are not taken");
    BRN_TRY(brn_feature_hash_prepare(&m->hash, me, build));
    BRN_TRY(brn_count_type_read(build, m->dtype, &m->type));
    return m->type.integer_bytes ? brn_unsupported(build, "dtype", "integers are not added here")
                                 : BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct feature_hasher *m = me->self;
    BRN_TRY(brn_record_bind(me, in, build));
    me->out[BRINE_METHOD_TRANSFORM] =
        brn_schema_compressed(build->arena, (size_t)m->hash.n_features, NULL);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* One row on its way. */
struct hashing {
    const struct feature_hasher *m;
    const struct brn_tile *in;
    struct brn_work *work;
    struct brn_counter counter;
    struct brn_record_name name;
};

static brine_status put_item(struct hashing *s, size_t r, const struct brn_column *column)
{
    struct brn_item item = brn_record_item(column, s->in->table_row + (int64_t)r);
    struct brn_slice name = brn_slice_of(column->name ? column->name : "");
    double value = item.number;
    if (item.kind == BRN_ITEM_NULL)
        return brn_refuse(s->work, s->in, r, column->name, "None is no value of a feature");
    if (item.kind == BRN_ITEM_ABSENT)
        return BRINE_OK;
    if (item.kind == BRN_ITEM_TEXT) {
        BRN_TRY(brn_record_join(&s->name, name, brn_slice_of("="), item.text, s->work, &name));
        value = 1;
    }
    if (value == 0)
        return BRINE_OK;
    brn_feature_hash_add(&s->m->hash, name, s->m->type.is_single ? (double)(float)value : value,
                         &s->counter);
    return BRINE_OK;
}

static void finish_row(const struct feature_hasher *m, double *values, size_t count)
{
    for (size_t i = 0; m->type.is_single && i < count; i++)
        values[i] = (double)(float)values[i];
    for (size_t i = 0; m->hash.non_negative && i < count; i++)
        values[i] = fabs(values[i]);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct feature_hasher *m = me->self;
    struct hashing s = {.m = m, .in = in, .work = work};
    struct brn_compressed *to = out->compressed;
    BRN_TRY(brn_counter_begin(work, (size_t)m->hash.n_features, &s.counter));
    for (size_t r = 0; r < in->rows; r++) {
        size_t first;
        for (size_t c = 0; c < in->table->column_count; c++)
            BRN_TRY(put_item(&s, r, &in->table->columns[c]));
        BRN_TRY(brn_feature_hash_check(&s.counter, in, r, work));
        BRN_TRY(brn_counter_end_row(work, &s.counter, to, r, &first));
        finish_row(m, to->values + first, to->count - first);
    }
    out->single = m->type.is_single;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FEATURE_HASH_FIELDS(struct feature_hasher, hash),
    BRN_FIELD(struct feature_hasher, dtype, "dtype", NODE, "of the result"),
    BRN_FIELD(struct feature_hasher, input_type, "input_type", TEXT, "what a row is: dict"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.feature_extraction._hash",
                                      "sklearn.feature_extraction.hashing", NULL};

static const struct brn_estimator feature_hasher = {
    .name = "FeatureHasher",
    .modules = modules,
    .size = sizeof(struct feature_hasher),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}},
};

static const struct brn_estimator *const estimators[] = {&feature_hasher, NULL};

const struct brn_family brn_family_feature_hasher = {estimators};
