/* SPDX-License-Identifier: Apache-2.0
 *
 * numpy's archive of arrays: a matrix by one of the usual names or the first one, or a sparse
 * matrix. */
#include "table/format.h"
#include "table/npy.h"
#include "table/sparse.h"

#include <stdlib.h>

static const struct brn_io_limits limits = {.max_expanded_bytes = (uint64_t)16 << 30,
                                            .max_ratio = 1000};

/* In the order of preference. */
static const char *const usual_names[] = {"x.npy", "X.npy", "data.npy", "arr_0.npy"};

struct npz {
    struct brn_arena arena;
    struct brn_buffer bytes, expanded;
    struct brn_zip zip;
    struct brn_stream *stream; /* of the dense member */
    struct brn_npy_rows *rows;
    struct brn_sparse *sparse;
};

static void close_npz(void *state)
{
    struct npz *npz = state;
    brn_npy_rows_close(npz->rows);
    brn_sparse_close(npz->sparse);
    brn_stream_close(npz->stream);
    brn_buffer_free(&npz->expanded);
    brn_buffer_free(&npz->bytes);
    brn_arena_free(&npz->arena);
    free(npz);
}

static bool is_table(const struct brn_npy *npy)
{
    return npy->dimensions == 1 || npy->dimensions == 2;
}

/* The member's array when it is a table; false leaves npz as it was, with the reason in err. */
static bool try_member(struct npz *npz, const struct brn_zip_member *member, struct brn_npy *npy,
                       brine_error *err)
{
    struct brn_slice content;
    npz->expanded.size = 0;
    if (brn_zip_extract(member, &limits, &npz->expanded, &content, err) != BRINE_OK ||
        brn_stream_open_bytes(content, member->name, NULL, &limits, &npz->stream, err) != BRINE_OK)
        return false;
    if (brn_npy_read_header(npz->stream, npy, err) == BRINE_OK && is_table(npy))
        return true;
    brn_stream_close(npz->stream);
    npz->stream = NULL;
    return false;
}

static const struct brn_zip_member *usual_member(const struct npz *npz)
{
    for (size_t n = 0; n < sizeof usual_names / sizeof usual_names[0]; n++)
        for (size_t i = 0; i < npz->zip.count; i++)
            if (strcmp(npz->zip.members[i].name, usual_names[n]) == 0)
                return &npz->zip.members[i];
    return NULL;
}

static brine_status pass_on(const brine_error *why, brine_error *err)
{
    if (err)
        *err = *why;
    return why->status;
}

/* The first matrix; a vector will do when it is all there is. */
static brine_status find_matrix(struct npz *npz, const char *name, struct brn_npy *npy,
                                brine_error *err)
{
    brine_error why = {.status = BRINE_OK};
    for (size_t i = 0; i < npz->zip.count; i++) {
        if (!try_member(npz, &npz->zip.members[i], npy, &why))
            continue;
        if (npy->dimensions == 2 || npz->zip.count == 1)
            return BRINE_OK;
        brn_stream_close(npz->stream);
        npz->stream = NULL;
    }
    if (why.status == BRINE_NOMEM || (npz->zip.count == 1 && why.status != BRINE_OK))
        return pass_on(&why, err);
    return brn_fail(err, BRINE_FORMAT,
                    "%s holds no matrix: save one array with two dimensions, e.g. "
                    "numpy.savez(\"rows.npz\", x=matrix)",
                    name);
}

static brine_status open_dense(struct npz *npz, const struct brn_table_source *source,
                               brine_error *err)
{
    struct brn_npy npy;
    const struct brn_zip_member *usual = usual_member(npz);
    brine_error why = {.status = BRINE_OK};
    if (!usual)
        BRN_TRY(find_matrix(npz, brn_stream_name(source->stream), &npy, err));
    else if (!try_member(npz, usual, &npy, &why)) {
        if (why.status == BRINE_OK)
            return brn_fail(err, BRINE_UNSUPPORTED, "%s of %s has neither one nor two dimensions",
                            usual->name, brn_stream_name(source->stream));
        return pass_on(&why, err);
    }
    return brn_npy_rows_open(npz->stream, &npy, &source->options, &npz->rows, err);
}

static brine_status load(struct npz *npz, const struct brn_table_source *source, brine_error *err)
{
    const char *name = brn_stream_name(source->stream);
    BRN_TRY(brn_stream_read_all(source->stream, limits.max_expanded_bytes, &npz->bytes, err));
    BRN_TRY(brn_zip_parse(brn_buffer_view(&npz->bytes), name, &npz->arena, &npz->zip, err));
    if (brn_sparse_is(&npz->zip))
        return brn_sparse_open(&npz->zip, name, &source->options, &npz->sparse, err);
    return open_dense(npz, source, err);
}

static brine_status open_npz(const struct brn_table_source *source, void **ret_state,
                             brine_error *err)
{
    struct npz *npz = calloc(1, sizeof *npz);
    if (!npz)
        return brn_fail_memory(err);
    brn_arena_init(&npz->arena, 0);
    brine_status status = load(npz, source, err);
    if (status == BRINE_OK)
        *ret_state = npz;
    else
        close_npz(npz);
    return status;
}

static brine_status next_npz(void *state, struct brn_table *ret_table, brine_error *err)
{
    struct npz *npz = state;
    return npz->sparse ? brn_sparse_next(npz->sparse, ret_table, err)
                       : brn_npy_rows_next(npz->rows, ret_table, err);
}

const struct brn_table_format brn_format_npz = {
    .name = ".npz",
    .suffixes = {".npz"},
    .magic = "PK\3\4",
    .magic_size = 4,
    .open = open_npz,
    .next = next_npz,
    .close = close_npz,
    .is_binary_output = true,
    .create = brn_npz_create,
    .write = brn_npz_write,
    .finish = brn_npz_finish,
    .destroy = brn_npz_destroy,
};
