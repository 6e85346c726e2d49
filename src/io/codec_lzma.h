/* SPDX-License-Identifier: Apache-2.0
 *
 * codec_lzma.h - what liblzma's two formats, .lzma and .xz, have in common. */
#ifndef BRN_IO_CODEC_LZMA_H
#define BRN_IO_CODEC_LZMA_H

#include "io/codec.h"

#include <lzma.h>

void *brn_lzma_open(bool xz);
enum brn_codec_result brn_lzma_step(void *state, struct brn_codec_io *io);
void brn_lzma_close(void *state);

#endif
