/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_pass.c - classes of sklearn2pmml that pass columns on: MultiDomain, whose columns go through
 * a domain each or through none; the erasers of domains, IdentityTransformer, DataFrameConstructor,
 * SeriesConstructor and Slicer (sklearn2pmml/decoration, sklearn2pmml/preprocessing and
 * sklearn2pmml/util). */
#include "estimators/shared_frame.h"
#include "estimators/shared_union.h"

struct pass {
    const struct brn_node *domains, *columns, *name, *dtype;
    const struct brn_node *start, *stop, *step; /* of a slice */
    struct brn_values names;                    /* that the columns get; none: they keep theirs */
    struct brn_union all;
};

static brine_status take_parts(struct pass *m, size_t count, struct brn_build *build)
{
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, count);
    if (!m->all.parts)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        m->all.parts[i] = (struct brn_union_part){.name = "", .weight = 1};
    m->all.count = count;
    return BRINE_OK;
}

/* ---- MultiDomain ---- */

static brine_status prepare_domains(struct brn_instance *me, struct brn_build *build)
{
    struct pass *m = me->self;
    size_t count = brn_node_count(m->domains);
    BRN_TRY(take_parts(m, count, build));
    for (size_t i = 0; i < count; i++)
        if (!brn_is(brn_node_item(m->domains, i), BRN_NONE))
            BRN_TRY(brn_decode_child(build, me, brn_node_item(m->domains, i),
                                     &m->all.parts[i].transformer, "domains[%zu]", i));
    return brn_expect_features(build, me, count, "domains");
}

static brine_status bind_domains(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct pass *m = me->self;
    struct brn_schema *out = NULL;
    for (size_t i = 0; i < in->count; i++) {
        m->all.parts[i].in = brn_schema_select(build->arena, in, &i, 1);
        if (!m->all.parts[i].in)
            return brn_fail_memory(build->err);
    }
    BRN_TRY(brn_union_bind(&m->all, false, build, &out));
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- the others ---- */

static brine_status prepare_constructor(struct brn_instance *me, struct brn_build *build)
{
    struct pass *m = me->self;
    struct brn_frame_type type;
    BRN_TRY(brn_frame_type(build, m->dtype, &type));
    if (type.cast != BRN_CAST_NONE && type.cast != BRN_CAST_FLOAT && type.cast != BRN_CAST_OBJECT)
        return brn_unsupported(build, "dtype", "a cast to this type is not run here");
    if (m->columns && !brn_is(m->columns, BRN_NONE))
        BRN_TRY(brn_frame_values(build, m->columns, &m->names));
    return BRINE_OK;
}

static brine_status rename_outputs(const struct pass *m, const struct brn_schema *out,
                                   struct brn_build *build)
{
    if (!m->names.present)
        return BRINE_OK;
    if (m->names.count != out->count)
        return brn_ill_formed(build, "columns", "are %zu, %zu come", m->names.count, out->count);
    for (size_t i = 0; i < out->count; i++)
        if (!(out->slots[i]->name = brn_value_text(m->names.at[i], build->arena)))
            return brn_fail_memory(build->err);
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct pass *m = me->self;
    struct brn_schema *out = NULL;
    BRN_TRY(take_parts(m, 1, build));
    m->all.parts[0].in = in;
    BRN_TRY(brn_union_bind(&m->all, false, build, &out));
    BRN_TRY(rename_outputs(m, out, build));
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* ---- Slicer ---- */

/* A limit of a slice as Python takes it: None, or counted from the end when negative. */
static brine_status read_limit(struct brn_build *build, const char *attribute,
                               const struct brn_node *node, size_t count, size_t *limit)
{
    int64_t value = 0;
    if (!node || brn_is(node, BRN_NONE))
        return BRINE_OK;
    if (brn_decode_int(build, node, &value) != BRINE_OK)
        return brn_unsupported(build, attribute, "is no whole number");
    if (value < 0)
        value = value < -(int64_t)count ? 0 : value + (int64_t)count;
    *limit = (uint64_t)value < count ? (size_t)value : count;
    return BRINE_OK;
}

static brine_status read_step(struct brn_build *build, const struct brn_node *node, size_t *step)
{
    int64_t value = 1;
    if (node && !brn_is(node, BRN_NONE) && brn_decode_int(build, node, &value) != BRINE_OK)
        return brn_unsupported(build, "step", "is no whole number");
    *step = (size_t)value;
    return value > 0 ? BRINE_OK : brn_ill_formed(build, "step", "is %lld", (long long)value);
}

static brine_status bind_slice(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct pass *m = me->self;
    size_t start = 0, stop = in->count, step = 1, count = 0;
    BRN_TRY(read_limit(build, "start", m->start, in->count, &start));
    BRN_TRY(read_limit(build, "stop", m->stop, in->count, &stop));
    BRN_TRY(read_step(build, m->step, &step));
    if (start >= stop)
        return brn_unsupported(build, "start", "and stop leave no column");
    size_t *columns = BRN_BUILD_NEW(build, size_t, in->count);
    if (!columns)
        return brn_fail_memory(build->err);
    for (size_t i = start; i < stop; i += step < stop - i ? step : stop - i)
        columns[count++] = i;
    const struct brn_schema *taken = brn_schema_select(build->arena, in, columns, count);
    return taken ? bind(me, taken, build) : brn_fail_memory(build->err);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct pass *m = me->self;
    return brn_union_run(&m->all, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct pass *m = me->self;
    (void)method; /* it has one */
    return brn_union_equality(&m->all);
}

static const struct brn_field domains_fields[] = {
    BRN_FIELD(struct pass, domains, "domains", NODE, "a domain, or None, for each column"),
    BRN_FIELD_END,
};

static const struct brn_field no_fields[] = {BRN_FIELD_END};

static const struct brn_field frame_fields[] = {
    BRN_FIELD(struct pass, columns, "columns", NODE, "names of the columns"),
    BRN_FIELD(struct pass, dtype, "dtype", NODE, "what the columns are cast to"),
    BRN_FIELD_END,
};

static const struct brn_field series_fields[] = {
    BRN_FIELD_IGNORE("name", "name of the column"),
    BRN_FIELD(struct pass, dtype, "dtype", NODE, "what the column is cast to"),
    BRN_FIELD_END,
};

static const struct brn_field slicer_fields[] = {
    BRN_FIELD(struct pass, start, "start", NODE, "the first column, or None"),
    BRN_FIELD(struct pass, stop, "stop", NODE, "the one behind the last, or None"),
    BRN_FIELD(struct pass, step, "step", NODE, "from one to the next, or None"),
    BRN_FIELD_END,
};

static const char *const util[] = {"sklearn2pmml.util", NULL};
static const char *const decoration[] = {"sklearn2pmml.decoration", NULL};
static const char *const preprocessing[] = {"sklearn2pmml.preprocessing", NULL};

#define PASS(class, own_modules, own_fields, own_prepare, own_bind)                           \
    {                                                                                         \
        .name = class, .modules = own_modules, .library = "sklearn2pmml", .is_beside = true,  \
        .size = sizeof(struct pass), .fields = own_fields, .prepare = own_prepare,            \
        .bind = own_bind, .takes_any_width = true,                                            \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}}, .equality = equality, \
    }

static const struct brn_estimator multi_domain =
    PASS("MultiDomain", decoration, domains_fields, prepare_domains, bind_domains);
static const struct brn_estimator domain_eraser =
    PASS("DomainEraser", decoration, no_fields, NULL, bind);
static const struct brn_estimator continuous_eraser =
    PASS("ContinuousDomainEraser", decoration, no_fields, NULL, bind);
static const struct brn_estimator discrete_eraser =
    PASS("DiscreteDomainEraser", decoration, no_fields, NULL, bind);
static const struct brn_estimator identity =
    PASS("IdentityTransformer", preprocessing, no_fields, NULL, bind);
static const struct brn_estimator frame_constructor =
    PASS("DataFrameConstructor", preprocessing, frame_fields, prepare_constructor, bind);
static const struct brn_estimator series_constructor =
    PASS("SeriesConstructor", preprocessing, series_fields, prepare_constructor, bind);

static const struct brn_estimator slicer = PASS("Slicer", util, slicer_fields, NULL, bind_slice);

static const struct brn_estimator *const estimators[] = {
    &multi_domain,       &domain_eraser, &continuous_eraser,
    &discrete_eraser,    &identity,      &frame_constructor,
    &series_constructor, &slicer,        NULL};

const struct brn_family brn_family_pmml_pass = {estimators};
