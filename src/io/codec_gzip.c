/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec_zlib.h"

static void *open_gzip(void)
{
    return brn_inflate_open(31);
}

static const uint8_t magic[] = {0x1f, 0x8b};

const struct brn_codec brn_codec_gzip = {
    .name = "gzip",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .pads = true,
    .open = open_gzip,
    .step = brn_inflate_step,
    .close = brn_inflate_close,
};
