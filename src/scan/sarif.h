/* SPDX-License-Identifier: Apache-2.0
 *
 * sarif.h - scans as one SARIF 2.1.0 log (OASIS, sarif-v2.1.0-errata01), which code scanning
 * services read.
 *
 * Rules come from rules.inc.  Regions are bytes of the file on disk; of a file that is compressed
 * there is none, and the offset in its expanded bytes stands in the result's properties. */
#ifndef BRN_SCAN_SARIF_H
#define BRN_SCAN_SARIF_H

#include "scan/scan.h"

struct brn_sarif {
    struct brn_buffer results, artifacts; /* items of the two arrays */
    struct brn_json_writer result_writer, artifact_writer;
    size_t file_count;
    bool has_failed; /* a file could not be opened */
};

/* Zeroed memory is not enough; the struct must stay where it is until the end. */
void brn_sarif_begin(struct brn_sarif *sarif);

void brn_sarif_add(struct brn_sarif *sarif, const struct brine_file *file,
                   const struct brn_scan *scan, const char *path);

/* A file that could not be opened at all. */
void brn_sarif_add_unreadable(struct brn_sarif *sarif, const char *path, const char *message);

/* The whole document behind what is in out; frees what was gathered. */
void brn_sarif_end(struct brn_sarif *sarif, struct brn_buffer *out);

#endif
