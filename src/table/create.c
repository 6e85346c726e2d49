/* SPDX-License-Identifier: Apache-2.0 */
#include "table/format.h"

#include <stdlib.h>

struct brn_table_writer {
    const struct brn_table_format *format;
    struct brn_sink *sink;
    void *state;
    brine_status failure; /* of an earlier write: nothing can be committed any more */
};

static brine_status find_format(const char *path, const struct brn_table_format **ret,
                                brine_error *err)
{
    bool is_stdout = strcmp(path, "-") == 0;
    *ret = is_stdout ? &brn_format_csv : brn_format_of_name(path);
    if (!*ret || !(*ret)->create)
        return brn_fail(
            err, BRINE_UNSUPPORTED,
            "%s names no form to write: end it in .csv, .jsonl (each also .gz), .npy or "
            ".npz",
            path);
    if ((*ret)->is_binary_output && brn_name_is_gzip(path))
        return brn_fail(err, BRINE_UNSUPPORTED, "%s: %s is written without .gz", path,
                        (*ret)->name);
    return BRINE_OK;
}

static brine_status open_writer(struct brn_table_writer *w, const char *path, bool is_vector,
                                brine_error *err)
{
    BRN_TRY(find_format(path, &w->format, err));
    BRN_TRY(brn_sink_open(path, brn_name_is_gzip(path), &w->sink, err));
    return w->format->create(w->sink, is_vector, &w->state, err);
}

brine_status brn_table_create(const char *path, bool is_vector,
                              struct brn_table_writer **ret_writer, brine_error *err)
{
    struct brn_table_writer *w = calloc(1, sizeof *w);
    if (!w)
        return brn_fail_memory(err);
    brine_status status = open_writer(w, path, is_vector, err);
    if (status == BRINE_OK)
        *ret_writer = w;
    else
        brn_table_abandon(w);
    return status;
}

brine_status brn_table_write(struct brn_table_writer *writer, const struct brn_table *table,
                             brine_error *err)
{
    brine_status status = writer->format->write(writer->state, table, err);
    if (status != BRINE_OK)
        writer->failure = status;
    return status;
}

static void free_writer(struct brn_table_writer *writer)
{
    if (writer->state)
        writer->format->destroy(writer->state);
    free(writer);
}

brine_status brn_table_commit(struct brn_table_writer *writer, brine_error *err)
{
    brine_status status = writer->failure;
    if (status != BRINE_OK)
        brn_fail(err, status, "an earlier write failed: nothing was kept");
    else
        status = writer->format->finish(writer->state, err);
    if (status != BRINE_OK) {
        brn_table_abandon(writer);
        return status;
    }
    status = brn_sink_commit(writer->sink, err);
    free_writer(writer);
    return status;
}

void brn_table_abandon(struct brn_table_writer *writer)
{
    if (!writer)
        return;
    brn_sink_abandon(writer->sink);
    free_writer(writer);
}
