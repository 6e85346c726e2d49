/* SPDX-License-Identifier: Apache-2.0 */
#include "model/decode_version.h"

#include "pickle/walk.h"

#include <ctype.h>

/* "1.5.2", "1.9.dev0", "0.24rc1"; false when it is no version. */
static bool parse(struct brn_slice text, brn_version *ret_version)
{
    uint32_t parts[3] = {0, 0, 0};
    size_t part = 0, digits = 0;
    for (size_t i = 0; i < text.n && part < 3; i++) {
        if (isdigit(text.p[i])) {
            parts[part] = parts[part] * 10 + (uint32_t)(text.p[i] - '0');
            if (++digits > 2)
                return false;
        } else if (text.p[i] == '.' && digits) {
            part++;
            digits = 0;
        } else {
            break;
        }
    }
    *ret_version = parts[0] * 10000 + parts[1] * 100 + parts[2];
    return *ret_version > 0;
}

static struct brn_slice version_of(const struct brn_node *object)
{
    return brn_node_text(brn_node_attribute(object, "_sklearn_version"));
}

static bool is_outside(const struct brn_node *object)
{
    static const char own[] = "sklearn.";
    const struct brn_node *class = brn_node_class(object);
    if (class->kind != BRN_GLOBAL)
        return false;
    struct brn_slice module = class->as.global.module;
    return module.n < strlen(own) || memcmp(module.p, own, strlen(own)) != 0;
}

/* Of the first object below me that says one. */
static brine_status first_below(struct brn_build *build, const struct brn_instance *me,
                                struct brn_slice *ret_text)
{
    struct brn_arena arena;
    struct brn_walk walk;
    struct brn_walk_frame *frame;
    brn_arena_init(&arena, build->scratch->limit);
    brn_walk_init(&walk, build->graph, &arena);
    brn_walk_start(&walk, me->node);
    while (!ret_text->n && (frame = brn_walk_next(&walk)))
        if (brn_is(frame->node, BRN_OBJECT))
            *ret_text = version_of(frame->node);
    bool failed = walk.failed;
    brn_arena_free(&arena);
    return failed ? brn_fail_memory(build->err) : BRINE_OK;
}

static brine_status find_text(struct brn_build *build, const struct brn_instance *me,
                              struct brn_slice *ret_text)
{
    *ret_text = version_of(me->node);
    if (!ret_text->n && build->around && is_outside(me->node))
        *ret_text = brn_slice_of(build->around);
    else if (!ret_text->n && is_outside(me->node))
        BRN_TRY(first_below(build, me, ret_text));
    if (!ret_text->n && build->options.assume_version)
        *ret_text = brn_slice_of(build->options.assume_version);
    return BRINE_OK;
}

brine_status brn_decode_version(struct brn_build *build, struct brn_instance *me)
{
    struct brn_slice text;
    BRN_TRY(find_text(build, me, &text));
    if (!text.n)
        return brn_unsupported(build, "_sklearn_version",
                               "the file does not say which scikit-learn wrote it (before 0.18 "
                               "none did); say it with --assume-version VERSION");
    if (!parse(text, &me->version))
        return brn_ill_formed(build, "_sklearn_version", "\"%.*s\" is no version", BRN_S(text));
    me->version_text = brn_arena_text(build->arena, text);
    return me->version_text ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_written_by(struct brn_build *build, struct brn_instance *me, const char *version)
{
    struct brn_slice text = brn_slice_of(version);
    if (!parse(text, &me->version))
        return brn_ill_formed(build, "", "\"%.40s\" is no version of %s", version,
                              me->estimator->library);
    me->version_text = brn_arena_text(build->arena, text);
    return me->version_text ? BRINE_OK : brn_fail_memory(build->err);
}
