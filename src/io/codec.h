/* SPDX-License-Identifier: Apache-2.0
 *
 * codec.h - compressed streams: one file a codec, one row in codecs.inc.
 *
 * A codec only knows how to go on by one step; limits, concatenated members and the words of errors
 * are the expander's, for all codecs alike. */
#ifndef BRN_IO_CODEC_H
#define BRN_IO_CODEC_H

#include "io/file.h"

/* What a step may take and fill; it moves the pointers. */
struct brn_codec_io {
    const uint8_t *in;
    size_t in_left;
    uint8_t *out;
    size_t out_left;
    const char *reason; /* static text behind BRN_CODEC_CORRUPT, or NULL */
};

enum brn_codec_result {
    BRN_CODEC_GOING, /* took or made something, or needs more room or input */
    BRN_CODEC_ENDED, /* the member is complete, its checksum right */
    BRN_CODEC_CORRUPT,
    BRN_CODEC_TOO_LARGE, /* asks for a window above the decoder's limit */
    BRN_CODEC_NOMEM,
};

enum {
    BRN_CODEC_MAX_WINDOW = 512 << 20
}; /* bytes of liblzma's own memory; zstd's own default is 128 MiB */

struct brn_codec {
    const char *name;
    const uint8_t *magic;
    size_t magic_size;
    bool concatenates;   /* a member behind a member belongs to the same content */
    bool pads;           /* zero bytes may stand behind a member */
    void *(*open)(void); /* NULL: out of memory */
    enum brn_codec_result (*step)(void *state, struct brn_codec_io *io);
    void (*close)(void *state);
};

#define X(name) extern const struct brn_codec brn_codec_##name;
#include "io/codecs.inc"
#undef X

/* Without a wrapping, as zip archives hold it: never detected. */
extern const struct brn_codec brn_codec_deflate;

/* The codec whose magic the bytes begin with, or NULL.  That of zlib is the one byte 'x', as joblib
 * has it: for content that may be plain text ask for more. */
const struct brn_codec *brn_codec_detect(struct brn_slice bytes);
const struct brn_codec *brn_codec_named(const char *name);

/* ---- in memory ---- */

/* Expands one stream, and those concatenated behind it where the format allows, behind what is in
 * out; *ret_used says how many bytes of in it took, trailing bytes not among them.  Limits (0:
 * none) are checked while expanding, the ratio above 64 MiB.  Errors carry the offset in in. */
brine_status brn_codec_expand(const struct brn_codec *codec, struct brn_slice in,
                              const struct brn_io_limits *limits, struct brn_buffer *out,
                              size_t *ret_used, brine_error *err);

/* ---- in pieces ---- */

struct brn_expander {
    const struct brn_codec *codec;
    struct brn_io_limits limits;
    void *state;
    uint64_t used, made; /* bytes taken and made so far */
    uint64_t input_size; /* compressed bytes that are known to exist: the ratio is against these */
    bool is_between;     /* a member has ended; another may follow */
    bool is_done;
};

void brn_expander_init(struct brn_expander *x, const struct brn_codec *codec,
                       const struct brn_io_limits *limits);
void brn_expander_free(struct brn_expander *x);

/* Goes on with what io gives.  is_last: nothing comes behind io->in.  When it takes nothing and
 * makes nothing it needs more input (fewer than eight bytes may be left in io->in, to be given
 * again). is_done afterwards: the content is complete, and what is left in io->in is trailing. */
brine_status brn_expander_step(struct brn_expander *x, struct brn_codec_io *io, bool is_last,
                               brine_error *err);

#endif
