/* SPDX-License-Identifier: Apache-2.0
 *
 * sparse.h - scipy's sparse matrices (scipy/sparse/_matrix_io.py, save_npz), densified batch by
 * batch. */
#ifndef BRN_TABLE_SPARSE_H
#define BRN_TABLE_SPARSE_H

#include "table/npy.h"
#include "table/zip.h"

/* An array of an archive, complete. */
struct brn_array {
    struct brn_npy npy;
    struct brn_buffer items;
    uint64_t count;
};

/* A member's array; at most max_dimensions. */
brine_status brn_array_load(const struct brn_zip_member *member, size_t max_dimensions,
                            struct brn_array *ret_array, brine_error *err);
void brn_array_free(struct brn_array *array);

struct brn_sparse;

/* Whether the archive was written by scipy.sparse.save_npz(). */
bool brn_sparse_is(const struct brn_zip *zip);

brine_status brn_sparse_open(const struct brn_zip *zip, const char *name,
                             const struct brn_read_options *options, struct brn_sparse **ret_sparse,
                             brine_error *err);
brine_status brn_sparse_next(struct brn_sparse *sparse, struct brn_table *ret_table,
                             brine_error *err);
void brn_sparse_close(struct brn_sparse *sparse);

#endif
