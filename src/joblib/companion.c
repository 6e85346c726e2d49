/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays of joblib 0.8 and 0.9 in files of their own, beside the pickle. */
#include "joblib/container.h"
#include "joblib/wrapper.h"
#include "pickle/npy.h"
#include "pickle/text.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_NAME = 255 };

/* joblib joins it to the directory as it stands, so that "../x" and "/x" would read any file. */
static bool is_base_name(struct brn_slice name)
{
    return name.n > 0 && name.n <= MAX_NAME && !memchr(name.p, '/', name.n) &&
           !memchr(name.p, '\\', name.n) && !memchr(name.p, '\0', name.n) &&
           !brn_slice_is(name, ".") && !brn_slice_is(name, "..");
}

/* The name in the directory of path; NULL when memory is out. */
static char *beside(const char *path, struct brn_slice name)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 0;
    char *joined = malloc(n + name.n + 1);
    if (!joined)
        return NULL;
    memcpy(joined, path, n);
    memcpy(joined + n, name.p, name.n);
    joined[n + name.n] = '\0';
    return joined;
}

static struct brn_joblib_companion *add_companion(struct brine_file *file, struct brn_slice name)
{
    struct brn_joblib_companion *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = beside(file->path, name);
    c->next = file->companions;
    file->companions = c;
    return c->name ? c : NULL;
}

static brine_status take_npy(struct brn_wrapper_context *context, struct brn_machine *machine,
                             struct brn_node *object, brine_error *err)
{
    struct brn_npy npy;
    BRN_TRY(brn_npy_header(object->as.object->raw, &context->scratch, &npy, err));
    if (!npy.array.dtype.has_objects)
        return BRINE_OK;
    struct brn_reader reader;
    brn_reader_init(&reader, npy.data);
    return brn_machine_nested(machine, &reader, &object->as.object->nested, err);
}

static brine_status take_zfile(struct brn_wrapper_context *context, struct brn_node *object,
                               struct brn_joblib_companion *c, brine_error *err)
{
    struct brn_array array;
    uint64_t bytes, trailing;
    BRN_TRY(brn_wrapper_layout(object, &context->scratch, &array, &bytes, err));
    BRN_TRY(
        brn_zfile_expand(c->bytes.view, &context->file->limits.io, &c->expanded, &trailing, err));
    object->as.object->raw = brn_buffer_view(&c->expanded);
    return BRINE_OK;
}

static brine_status take_file(struct brn_wrapper_context *context, struct brn_machine *machine,
                              struct brn_node *object, struct brn_joblib_companion *c,
                              brine_error *err)
{
    if (brn_node_wrapper(object) == BRN_WRAPPER_NPY_Z) {
        BRN_TRY(take_zfile(context, object, c, err));
    } else {
        object->as.object->raw = c->bytes.view;
        BRN_TRY(take_npy(context, machine, object, err));
    }
    return brn_machine_count_array(machine, object->as.object->raw.n, err);
}

static brine_status note_missing(struct brn_machine *machine, brine_error *err)
{
    return brn_machine_note(machine, "companion-missing",
                            "an array stands in a file beside this one, which is not there", err);
}

static brine_status bad_name(const struct brn_node *object, struct brn_slice name, brine_error *err)
{
    char excerpt[80];
    brn_text_escape(name, excerpt, sizeof excerpt);
    return brn_fail_at(err, BRINE_FORMAT, object->offset,
                       "a joblib array whose file name \"%s\" is not a plain name", excerpt);
}

brine_status brn_companion_read(struct brn_wrapper_context *context, struct brn_machine *machine,
                                struct brn_node *object, brine_error *err)
{
    struct brine_file *file = context->file;
    struct brn_slice name = brn_node_text(brn_node_attribute(object, "filename"));
    brine_error own;
    file->storage = BRN_ARRAYS_BESIDE;
    if (object->as.object->states.count != 1 || !is_base_name(name))
        return bad_name(object, name, err);
    if (!file->on_disk)
        return note_missing(machine, err);
    struct brn_joblib_companion *c = add_companion(file, name);
    if (!c)
        return brn_fail_memory(err);
    brine_status status =
        brn_file_read(c->name, file->limits.io.max_input_bytes, false, &c->bytes, &own);
    if (status == BRINE_IO && own.sys_errno == ENOENT)
        return note_missing(machine, err);
    if (status == BRINE_OK)
        status = take_file(context, machine, object, c, &own);
    if (status == BRINE_OK)
        return BRINE_OK;
    if (err)
        *err = own;
    char excerpt[80];
    brn_text_escape(name, excerpt, sizeof excerpt);
    brn_error_within(err, "%s", excerpt);
    return status;
}
