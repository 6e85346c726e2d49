/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h - files read once and written whole. */
#ifndef BRN_IO_FILE_H
#define BRN_IO_FILE_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"

struct brn_io_limits {
    uint64_t max_input_bytes, max_expanded_bytes, max_ratio;
};

/* The bytes of a file: read, or mapped read-only on request. */
struct brn_bytes {
    struct brn_slice view;
    void *memory;  /* to be freed */
    size_t mapped; /* length of the mapping, 0 when read */
};

/* path "-" is standard input.  max_bytes 0: no limit.  Directories and endless devices are refused.
 */
brine_status brn_file_read(const char *path, uint64_t max_bytes, bool map,
                           struct brn_bytes *ret_bytes, brine_error *err);
void brn_bytes_free(struct brn_bytes *bytes);

/* For those who read in pieces.  An open descriptor of path (the caller closes it), or -1. */
int brn_file_descriptor(const char *path, brine_error *err);
/* At most n bytes from it; *ret_got is 0 at the end alone.  path is for the error. */
brine_status brn_descriptor_read(int fd, const char *path, uint8_t *to, size_t n, size_t *ret_got,
                                 brine_error *err);

/* Writes path atomically: temporary file beside it, fsync, rename.  The old content stays on any
 * failure, and no half file is left. */
brine_status brn_file_write(const char *path, struct brn_slice bytes, brine_error *err);

/* The same in pieces, for outputs that do not fit in memory; path "-" is standard output. */
struct brn_output_file;
brine_status brn_output_open(const char *path, struct brn_output_file **ret_file, brine_error *err);
brine_status brn_output_write(struct brn_output_file *file, struct brn_slice bytes,
                              brine_error *err);
/* Writes over what was written before at offset; BRINE_IO when the output is a pipe. */
brine_status brn_output_patch(struct brn_output_file *file, uint64_t offset, struct brn_slice bytes,
                              brine_error *err);
brine_status brn_output_commit(struct brn_output_file *file, brine_error *err); /* ends it */
void brn_output_abandon(struct brn_output_file *file); /* ends it; nothing is left behind */

#endif
