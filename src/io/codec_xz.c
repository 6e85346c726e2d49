/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec_lzma.h"

static void *open_xz(void)
{
    return brn_lzma_open(true);
}

static const uint8_t magic[] = {0xfd, '7', 'z', 'X', 'Z'};

const struct brn_codec brn_codec_xz = {
    .name = "xz",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .pads = true,
    .open = open_xz,
    .step = brn_lzma_step,
    .close = brn_lzma_close,
};
