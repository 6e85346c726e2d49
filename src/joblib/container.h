/* SPDX-License-Identifier: Apache-2.0
 *
 * container.h - from the bytes of a file to the bytes of its pickle. */
#ifndef BRN_JOBLIB_CONTAINER_H
#define BRN_JOBLIB_CONTAINER_H

#include "joblib/joblib.h"

/* Sets codec, expanded, content and codec_trailing from bytes.  On failure content holds what could
 * be expanded. */
brine_status brn_container_open(struct brine_file *file, brine_error *err);

/* Whether bytes begin as joblib's Z-files (joblib <= 0.9) do. */
bool brn_zfile_detect(struct brn_slice bytes);

/* Expands one; the length that it declares must be right. */
brine_status brn_zfile_expand(struct brn_slice bytes, const struct brn_io_limits *limits,
                              struct brn_buffer *out, uint64_t *ret_trailing, brine_error *err);

#endif
