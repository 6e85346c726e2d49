/* SPDX-License-Identifier: Apache-2.0 */
#include "joblib/wrapper.h"
#include "pickle/numpy.h"

static brine_status bad(const struct brn_node *object, const char *what, brine_error *err)
{
    return brn_fail_at(err, BRINE_FORMAT, object->offset, "a joblib array wrapper %s", what);
}

/* ---- NumpyArrayWrapper ---- */

/* Exactly the attributes that joblib 0.10 to 1.6 give it. */
static brine_status check_state(const struct brn_node *object, brine_error *err)
{
    static const char *const known[] = {"subclass", "shape",      "order",
                                        "dtype",    "allow_mmap", "numpy_array_alignment_bytes"};
    const struct brn_node *state = brn_node_state(object);
    if (!brn_is(state, BRN_DICT) || object->as.object->states.count != 1)
        return bad(object, "with a state that is not understood", err);
    for (size_t i = 0; i < state->as.items.count; i += 2) {
        size_t k = 0;
        while (k < 6 && !brn_node_is_text(state->as.items.at[i], known[k]))
            k++;
        if (k == 6)
            return bad(object, "with an attribute that is not understood", err);
    }
    return BRINE_OK;
}

/* CPython has read to the end of the frame before, so that joblib would find the array there. */
static brine_status check_frame(const struct brn_machine *machine, const struct brn_node *object,
                                brine_error *err)
{
    if (brn_machine_frame_end(machine) == 0)
        return BRINE_OK;
    return bad(object, "inside a frame that goes on behind it", err);
}

/* One byte n, then n bytes 0xff: joblib >= 1.2, when it knew where it was in its file. */
static brine_status skip_padding(struct brn_machine *machine, const struct brn_node *object,
                                 struct brn_reader *reader, brine_error *err)
{
    const struct brn_node *alignment = brn_node_attribute(object, "numpy_array_alignment_bytes");
    uint64_t begin = brn_reader_offset(reader);
    if (alignment->kind == BRN_NIL || alignment->kind == BRN_NONE)
        return BRINE_OK;
    if (!brn_is(alignment, BRN_INT))
        return bad(object, "with an alignment that is no number", err);
    struct brn_slice padding = brn_read(reader, brn_read_u8(reader));
    bool plain = padding.n && (int64_t)padding.n <= alignment->as.integer;
    for (size_t i = 0; i < padding.n; i++)
        plain &= padding.p[i] == 0xff;
    if (!brn_reader_ok(reader)) {
        if (err)
            *err = reader->error;
        return reader->error.status;
    }
    if (!plain)
        BRN_TRY(
            brn_machine_note(machine, "padding", "array padding that joblib does not write", err));
    return brn_machine_segment(machine, BRN_SEGMENT_PADDING, begin, brn_reader_offset(reader), err);
}

static brine_status take_raw(struct brn_machine *machine, struct brn_node *object, uint64_t bytes,
                             struct brn_reader *reader, brine_error *err)
{
    BRN_TRY(skip_padding(machine, object, reader, err));
    uint64_t begin = brn_reader_offset(reader);
    object->as.object->raw = brn_read(reader, bytes);
    if (!brn_reader_ok(reader)) {
        if (err)
            *err = reader->error;
        return reader->error.status;
    }
    return brn_machine_segment(machine, BRN_SEGMENT_ARRAY, begin, begin + bytes, err);
}

static brine_status read_stream_array(struct brn_wrapper_context *context,
                                      struct brn_machine *machine, struct brn_node *object,
                                      struct brn_reader *reader, brine_error *err)
{
    struct brn_array array;
    uint64_t bytes;
    BRN_TRY(check_state(object, err));
    BRN_TRY(check_frame(machine, object, err));
    BRN_TRY(brn_wrapper_layout(object, &context->scratch, &array, &bytes, err));
    context->file->storage = BRN_ARRAYS_IN_STREAM;
    if (brn_is(brn_node_attribute(object, "numpy_array_alignment_bytes"), BRN_INT))
        context->file->aligned = true;
    if (array.dtype.has_objects)
        return brn_machine_nested(machine, reader, &object->as.object->nested, err);
    return take_raw(machine, object, bytes, reader, err);
}

/* ---- the hook ---- */

/* joblib looks at the class, not at the name by which it came: a wrapper under another name could
 * hide opcodes in what Python takes for array bytes. */
static bool is_disguised(const struct brn_node *object)
{
    static const char *const names[] = {"NumpyArrayWrapper", "NDArrayWrapper"};
    const struct brn_node *class = brn_node_class(object);
    if (class->kind != BRN_GLOBAL)
        return false;
    struct brn_slice name = class->as.global.name;
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(names[i]);
        if (name.n >= n && memcmp(name.p + name.n - n, names[i], n) == 0)
            return true;
    }
    return false;
}

brine_status brn_wrapper_read(void *context, struct brn_machine *machine, struct brn_node *object,
                              struct brn_reader *reader, brine_error *err)
{
    struct brn_wrapper_context *c = context;
    enum brn_wrapper wrapper = brn_node_wrapper(object);
    if (wrapper == BRN_NO_WRAPPER)
        return is_disguised(object) ? bad(object, "under a name that is not joblib's own", err)
                                    : BRINE_OK;
    c->file->is_joblib = true;
    brn_arena_free(&c->scratch);
    brn_arena_init(&c->scratch, c->file->limits.max_memory);
    if (wrapper == BRN_WRAPPER_STREAM)
        return read_stream_array(c, machine, object, reader, err);
    return brn_companion_read(c, machine, object, err);
}
