/* SPDX-License-Identifier: Apache-2.0
 *
 * sink.h - where a table's bytes go: a file that appears whole, gzipped or not. */
#ifndef BRN_TABLE_SINK_H
#define BRN_TABLE_SINK_H

#include "io/file.h"

struct brn_sink;

brine_status brn_sink_open(const char *path, bool gzip, struct brn_sink **ret_sink,
                           brine_error *err);
brine_status brn_sink_write(struct brn_sink *sink, struct brn_slice bytes, brine_error *err);

/* Writes over bytes that were written before; not for gzip.  BRINE_IO when the file is a pipe. */
brine_status brn_sink_patch(struct brn_sink *sink, uint64_t offset, struct brn_slice bytes,
                            brine_error *err);
brine_status brn_sink_commit(struct brn_sink *sink, brine_error *err); /* ends it */
void brn_sink_abandon(struct brn_sink *sink);                          /* ends it */

#endif
