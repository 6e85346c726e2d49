/* SPDX-License-Identifier: Apache-2.0 */
#include "joblib/container.h"
#include "base/reader.h"
#include "io/codec.h"

/* "ZF", then hex(length) padded with spaces: joblib/numpy_pickle_compat.py, read_zfile.  Python 2
 * wrote a longer field, so that one more space may follow. */
enum { ZFILE_HEADER = 21 };

bool brn_zfile_detect(struct brn_slice bytes)
{
    return bytes.n >= 2 && memcmp(bytes.p, "ZF", 2) == 0;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "0x31f", with Python 2's L behind it, and spaces. */
static bool read_length(struct brn_slice field, uint64_t *ret_length)
{
    uint64_t length = 0;
    size_t i = 2;
    if (field.n < 3 || memcmp(field.p, "0x", 2) != 0)
        return false;
    for (; i < field.n && hex_digit(field.p[i]) >= 0; i++) {
        if (length >> 60)
            return false;
        length = length << 4 | (uint64_t)hex_digit(field.p[i]);
    }
    if (i == 2)
        return false;
    i += i < field.n && field.p[i] == 'L';
    while (i < field.n && field.p[i] == ' ')
        i++;
    *ret_length = length;
    return i == field.n;
}

brine_status brn_zfile_expand(struct brn_slice bytes, const struct brn_io_limits *limits,
                              struct brn_buffer *out, uint64_t *ret_trailing, brine_error *err)
{
    uint64_t length;
    size_t header = ZFILE_HEADER, used;
    if (bytes.n <= header || !read_length((struct brn_slice){bytes.p + 2, header - 2}, &length))
        return brn_fail_at(err, BRINE_FORMAT, 2, "a ZF file whose length is not understood");
    header += bytes.p[header] == ' ';
    struct brn_slice body = {bytes.p + header, bytes.n - header};
    brine_status status = brn_codec_expand(&brn_codec_zlib, body, limits, out, &used, err);
    if (status != BRINE_OK) {
        if (err && err->offset != BRINE_NOWHERE)
            err->offset += header;
        return status;
    }
    *ret_trailing = body.n - used;
    if (out->size != length)
        return brn_fail_at(err, BRINE_FORMAT, 2,
                           "a ZF file that declares %llu bytes and expands to %zu",
                           (unsigned long long)length, out->size);
    return BRINE_OK;
}

static brine_status expand_zfile(struct brine_file *file, brine_error *err)
{
    file->codec = "zf";
    file->is_joblib = true;
    return brn_zfile_expand(file->bytes.view, &file->limits.io, &file->expanded,
                            &file->codec_trailing, err);
}

static brine_status expand_stream(struct brine_file *file, const struct brn_codec *codec,
                                  brine_error *err)
{
    size_t used;
    file->codec = codec->name;
    BRN_TRY(
        brn_codec_expand(codec, file->bytes.view, &file->limits.io, &file->expanded, &used, err));
    file->codec_trailing = file->bytes.view.n - used;
    return BRINE_OK;
}

brine_status brn_container_open(struct brine_file *file, brine_error *err)
{
    struct brn_slice bytes = file->bytes.view;
    bool zfile = brn_zfile_detect(bytes);
    const struct brn_codec *codec = zfile ? NULL : brn_codec_detect(bytes);
    file->content = bytes;
    if (!zfile && !codec)
        return BRINE_OK;
    brine_status status = zfile ? expand_zfile(file, err) : expand_stream(file, codec, err);
    file->content = brn_buffer_view(&file->expanded);
    return status;
}
