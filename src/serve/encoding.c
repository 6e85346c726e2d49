/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/encoding.h"

#include "io/codec.h"

static const struct {
    const char *name;
    const struct brn_codec *codec;
} encodings[] = {
    {"gzip", &brn_codec_gzip}, {"x-gzip", &brn_codec_gzip}, {"deflate", &brn_codec_zlib}};

static const struct brn_codec *codec_of(struct brn_slice encoding)
{
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++)
        if (brn_slice_is(encoding, encodings[i].name))
            return encodings[i].codec;
    return NULL;
}

bool brn_encoding_is_plain(struct brn_slice encoding)
{
    return encoding.n == 0 || brn_slice_is(encoding, "identity");
}

bool brn_encoding_is_known(struct brn_slice encoding)
{
    return brn_encoding_is_plain(encoding) || codec_of(encoding);
}

brine_status brn_encoding_expand(struct brn_slice encoding, struct brn_slice body,
                                 uint64_t max_bytes, struct brn_buffer *out, brine_error *err)
{
    const struct brn_io_limits limits = {.max_expanded_bytes = max_bytes};
    size_t used = 0;
    out->size = 0;
    BRN_TRY(brn_codec_expand(codec_of(encoding), body, &limits, out, &used, err));
    if (used != body.n)
        return brn_fail(err, BRINE_FORMAT, "bytes stand behind the compressed body");
    return BRINE_OK;
}
