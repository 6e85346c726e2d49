/* SPDX-License-Identifier: Apache-2.0
 *
 * zip.h - the members of a zip archive in memory (APPNOTE 6.3.10): stored and deflated, zip64. */
#ifndef BRN_TABLE_ZIP_H
#define BRN_TABLE_ZIP_H

#include "base/arena.h"
#include "io/codec.h"

struct brn_zip_member {
    const char *name;
    struct brn_slice data; /* as stored */
    uint64_t size;         /* expanded */
    uint32_t crc;
    bool is_deflated;
};

struct brn_zip {
    struct brn_zip_member *members;
    size_t count;
};

/* Everything in the arena but data, which is part of bytes.  name is for errors. */
brine_status brn_zip_parse(struct brn_slice bytes, const char *name, struct brn_arena *arena,
                           struct brn_zip *ret_zip, brine_error *err);

/* The member's content, its checksum verified: of out when it was deflated, else of the archive. */
brine_status brn_zip_extract(const struct brn_zip_member *member,
                             const struct brn_io_limits *limits, struct brn_buffer *out,
                             struct brn_slice *ret_content, brine_error *err);

#endif
