/* SPDX-License-Identifier: Apache-2.0
 *
 * invocations_csv.h - a body of CSV with a header, as the files of CSV are read: RFC 4180, an empty
 * field is missing. */
#ifndef BRN_SERVE_INVOCATIONS_CSV_H
#define BRN_SERVE_INVOCATIONS_CSV_H

#include "table/table.h"

struct brn_csv_body {
    struct brn_stream *stream;
    void *state; /* of the format */
};

/* The whole body as one table, valid until brn_csv_body_close(), which is due on failure too.  The
 * body is borrowed.  BRINE_LIMIT when its cells would take more than max_memory bytes. */
brine_status brn_csv_body_read(struct brn_csv_body *csv, struct brn_slice body, uint64_t max_memory,
                               struct brn_table *ret_table, brine_error *err);
void brn_csv_body_close(struct brn_csv_body *csv);

#endif
