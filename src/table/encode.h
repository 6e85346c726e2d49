/* SPDX-License-Identifier: Apache-2.0
 *
 * encode.h - a table as the content of a .npy file, which an archive may hold, too.
 *
 * The dtype is that of the columns, float64 when they are several; texts become <U of the longest.
 * The header is written last, over the room left for it, because only then the rows are counted. */
#ifndef BRN_TABLE_ENCODE_H
#define BRN_TABLE_ENCODE_H

#include "base/buffer.h"
#include "table/sink.h"
#include "table/table.h"

enum { BRN_NPY_HEADER = 128 };

struct brn_encoder {
    struct brn_sink *sink;
    bool is_vector, has_type;
    enum brn_type type;
    size_t columns;
    uint64_t rows, bytes; /* bytes behind the header */
    uint32_t crc;         /* of those */
    struct brn_buffer batch;
    struct brn_buffer texts, lengths; /* of text cells, until the longest is known */
    uint64_t longest;                 /* code points */
};

/* Leaves the room for the header. */
brine_status brn_encoder_begin(struct brn_encoder *e, struct brn_sink *sink, bool is_vector,
                               brine_error *err);
brine_status brn_encoder_write(struct brn_encoder *e, const struct brn_table *table,
                               brine_error *err);

/* Writes what is left; the header that is to be patched over its room. */
brine_status brn_encoder_end(struct brn_encoder *e, uint8_t ret_header[BRN_NPY_HEADER],
                             brine_error *err);
void brn_encoder_free(struct brn_encoder *e);

#endif
