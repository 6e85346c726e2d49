/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec.h"

static const struct brn_codec *const codecs[] = {
#define X(name) &brn_codec_##name,
#include "io/codecs.inc"
#undef X
};
enum { CODEC_COUNT = sizeof codecs / sizeof codecs[0] };

/* Below this a large ratio does no harm and is common: arrays of zeros. */
static const uint64_t RATIO_FREE_BYTES = 64 << 20;

static bool begins_with(const struct brn_codec *codec, const uint8_t *p, size_t n)
{
    return n >= codec->magic_size && memcmp(p, codec->magic, codec->magic_size) == 0;
}

const struct brn_codec *brn_codec_detect(struct brn_slice bytes)
{
    for (size_t i = 0; i < CODEC_COUNT; i++)
        if (begins_with(codecs[i], bytes.p, bytes.n))
            return codecs[i];
    return NULL;
}

const struct brn_codec *brn_codec_named(const char *name)
{
    for (size_t i = 0; i < CODEC_COUNT; i++)
        if (strcmp(codecs[i]->name, name) == 0)
            return codecs[i];
    return NULL;
}

void brn_expander_init(struct brn_expander *x, const struct brn_codec *codec,
                       const struct brn_io_limits *limits)
{
    *x = (struct brn_expander){.codec = codec, .limits = *limits};
}

static void end_member(struct brn_expander *x)
{
    if (x->state)
        x->codec->close(x->state);
    x->state = NULL;
}

void brn_expander_free(struct brn_expander *x)
{
    end_member(x);
}

static brine_status check_limits(const struct brn_expander *x, brine_error *err)
{
    uint64_t most = x->limits.max_expanded_bytes, ratio = x->limits.max_ratio;
    if (most && x->made > most)
        return brn_fail_at(err, BRINE_LIMIT, x->used,
                           "the %s stream expands to more than the limit of %llu bytes",
                           x->codec->name, (unsigned long long)most);
    if (ratio && x->made > RATIO_FREE_BYTES && x->made / ratio > x->input_size)
        return brn_fail_at(err, BRINE_LIMIT, x->used,
                           "the %s stream expands to more than %llu times its size, the limit",
                           x->codec->name, (unsigned long long)ratio);
    return BRINE_OK;
}

/* Behind a member: padding, then another member or the end. */
static void look_for_member(struct brn_expander *x, struct brn_codec_io *io, bool is_last)
{
    while (x->codec->pads && io->in_left && *io->in == 0) {
        io->in++;
        io->in_left--;
        x->used++;
    }
    if (io->in_left < x->codec->magic_size && !is_last)
        return;
    x->is_between = false;
    x->is_done = !x->codec->concatenates || !begins_with(x->codec, io->in, io->in_left);
}

static brine_status fail_step(const struct brn_expander *x, enum brn_codec_result result,
                              const char *reason, brine_error *err)
{
    const char *name = x->codec->name;
    if (result == BRN_CODEC_NOMEM)
        return brn_fail_memory(err);
    if (result == BRN_CODEC_TOO_LARGE)
        return brn_fail_at(err, BRINE_LIMIT, x->used,
                           "the %s stream asks for a larger window than brine allows", name);
    return brn_fail_at(err, BRINE_FORMAT, x->used, "the %s stream is corrupt%s%s", name,
                       reason ? ": " : "", reason ? reason : "");
}

static brine_status step_member(struct brn_expander *x, struct brn_codec_io *io, bool is_last,
                                brine_error *err)
{
    if (!x->state && !(x->state = x->codec->open()))
        return brn_fail_memory(err);
    size_t in_before = io->in_left, out_before = io->out_left;
    enum brn_codec_result result = x->codec->step(x->state, io);
    x->used += in_before - io->in_left;
    x->made += out_before - io->out_left;
    bool is_stuck = in_before == io->in_left && out_before == io->out_left && io->out_left;
    if (result > BRN_CODEC_ENDED || (result == BRN_CODEC_GOING && is_stuck && io->in_left))
        return fail_step(x, result, io->reason, err);
    if (result == BRN_CODEC_ENDED) {
        end_member(x);
        x->is_between = true;
    } else if (is_stuck && is_last) {
        return brn_fail_at(err, BRINE_FORMAT, x->used,
                           "the %s stream is truncated: it ends before its last byte",
                           x->codec->name);
    }
    return check_limits(x, err);
}

brine_status brn_expander_step(struct brn_expander *x, struct brn_codec_io *io, bool is_last,
                               brine_error *err)
{
    if (x->is_between)
        look_for_member(x, io, is_last);
    if (x->is_between || x->is_done)
        return BRINE_OK;
    return step_member(x, io, is_last, err);
}

static brine_status fail_room(const struct brn_expander *x, const struct brn_buffer *out,
                              size_t wanted, brine_error *err)
{
    if (!out->limit || wanted <= out->limit)
        return brn_fail_memory(err);
    return brn_fail_at(err, BRINE_LIMIT, x->used,
                       "the %s stream expands to more than the limit of %zu bytes", x->codec->name,
                       out->limit);
}

/* One byte above the limit, so that content of exactly the limit can end. */
static size_t room_for(const struct brn_expander *x, const struct brn_buffer *out)
{
    size_t room = out->capacity > out->size ? out->capacity - out->size : 1 << 16;
    uint64_t most = x->limits.max_expanded_bytes;
    return most && room > most - x->made ? (size_t)(most - x->made) + 1 : room;
}

static brine_status expand_into(struct brn_expander *x, struct brn_slice in, struct brn_buffer *out,
                                brine_error *err)
{
    struct brn_codec_io io = {.in = in.p, .in_left = in.n};
    while (!x->is_done) {
        size_t room = room_for(x, out);
        io.out = brn_buffer_reserve(out, room);
        if (!io.out)
            return fail_room(x, out, out->size + room, err);
        io.out_left = room;
        BRN_TRY(brn_expander_step(x, &io, true, err));
        out->size += room - io.out_left;
    }
    return BRINE_OK;
}

brine_status brn_codec_expand(const struct brn_codec *codec, struct brn_slice in,
                              const struct brn_io_limits *limits, struct brn_buffer *out,
                              size_t *ret_used, brine_error *err)
{
    struct brn_expander x;
    brn_expander_init(&x, codec, limits);
    x.input_size = in.n;
    brine_status status = expand_into(&x, in, out, err);
    brn_expander_free(&x);
    if (status == BRINE_OK)
        *ret_used = (size_t)x.used;
    return status;
}
