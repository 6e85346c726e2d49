/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST
#include "table/sink.h"

#include "base/msan.h"

#include <stdlib.h>
#include <zlib.h>

enum { PIECE = 1 << 16, LEVEL = 6 };

struct brn_sink {
    struct brn_output_file *file;
    bool is_gzip;
    z_stream z;
    uint8_t packed[PIECE];
};

brine_status brn_sink_open(const char *path, bool gzip, struct brn_sink **ret_sink,
                           brine_error *err)
{
    struct brn_sink *sink = calloc(1, sizeof *sink);
    if (!sink)
        return brn_fail_memory(err);
    /* 31: a gzip header without name and time, so that equal tables are equal files */
    if (gzip && deflateInit2(&sink->z, LEVEL, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(sink);
        return brn_fail_memory(err);
    }
    sink->is_gzip = gzip;
    brine_status status = brn_output_open(path, &sink->file, err);
    if (status == BRINE_OK)
        *ret_sink = sink;
    else
        brn_sink_abandon(sink);
    return status;
}

static brine_status pack(struct brn_sink *sink, struct brn_slice bytes, int flush, brine_error *err)
{
    sink->z.next_in = bytes.p;
    sink->z.avail_in = (uInt)bytes.n;
    do {
        sink->z.next_out = sink->packed;
        sink->z.avail_out = PIECE;
        deflate(&sink->z, flush);
        size_t n = PIECE - sink->z.avail_out;
        BRN_WRITTEN(sink->packed, n);
        BRN_TRY(brn_output_write(sink->file, (struct brn_slice){sink->packed, n}, err));
    } while (sink->z.avail_out == 0);
    return BRINE_OK;
}

brine_status brn_sink_write(struct brn_sink *sink, struct brn_slice bytes, brine_error *err)
{
    if (!sink->is_gzip)
        return brn_output_write(sink->file, bytes, err);
    while (bytes.n) {
        size_t n = bytes.n < 1 << 30 ? bytes.n : 1 << 30;
        BRN_TRY(pack(sink, (struct brn_slice){bytes.p, n}, Z_NO_FLUSH, err));
        bytes = (struct brn_slice){bytes.p + n, bytes.n - n};
    }
    return BRINE_OK;
}

brine_status brn_sink_patch(struct brn_sink *sink, uint64_t offset, struct brn_slice bytes,
                            brine_error *err)
{
    return brn_output_patch(sink->file, offset, bytes, err);
}

static void free_sink(struct brn_sink *sink)
{
    if (sink->is_gzip)
        deflateEnd(&sink->z);
    free(sink);
}

brine_status brn_sink_commit(struct brn_sink *sink, brine_error *err)
{
    brine_status status = BRINE_OK;
    if (sink->is_gzip)
        status = pack(sink, (struct brn_slice){NULL, 0}, Z_FINISH, err);
    if (status == BRINE_OK)
        status = brn_output_commit(sink->file, err);
    else
        brn_output_abandon(sink->file);
    free_sink(sink);
    return status;
}

void brn_sink_abandon(struct brn_sink *sink)
{
    if (!sink)
        return;
    brn_output_abandon(sink->file);
    free_sink(sink);
}
