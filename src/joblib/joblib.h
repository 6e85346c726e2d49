/* SPDX-License-Identifier: Apache-2.0
 *
 * joblib.h - a pickle or joblib file of any era, from bytes to graph.
 *
 * The container is decided by content, never by suffix: codec (io/codec.h), legacy "ZF", plain
 * pickle. Arrays of joblib >= 0.10 stand in the stream; those of 0.8 and 0.9 may stand in companion
 * files beside it, of which only plain base names are accepted. */
#ifndef BRN_JOBLIB_JOBLIB_H
#define BRN_JOBLIB_JOBLIB_H

#include "base/buffer.h"
#include "base/digest.h"
#include "io/file.h"
#include "pickle/machine.h"

struct brn_load_limits {
    struct brn_pickle_limits pickle;
    struct brn_io_limits io;
    uint64_t max_memory;
};

/* From brine_options (NULL for the defaults). */
struct brn_load_limits brn_load_limits(const brine_options *options);

enum brn_array_storage {
    BRN_ARRAYS_NONE,
    BRN_ARRAYS_IN_PICKLE,
    BRN_ARRAYS_IN_STREAM,
    BRN_ARRAYS_BESIDE
};

struct brn_joblib_companion {
    char *name;
    struct brn_bytes bytes;     /* as on disk */
    struct brn_buffer expanded; /* when it is compressed */
    struct brn_joblib_companion *next;
};

struct brine_file {
    char *path;
    struct brn_bytes bytes;     /* as on disk */
    const char *codec;          /* "zlib", "gzip"… "zf", or NULL: stored plain */
    struct brn_buffer expanded; /* when there is a codec */
    struct brn_slice content;   /* what the graph was read from */
    bool is_joblib;             /* names a joblib array wrapper, or is a ZF file */
    bool aligned;               /* joblib >= 1.2: arrays are aligned */
    enum brn_array_storage storage;
    uint64_t codec_trailing;                 /* bytes behind the compressed stream */
    struct brn_joblib_companion *companions; /* newest first */
    struct brn_load_limits limits;
    bool on_disk; /* path names a file, beside which companions may be */
    struct brn_graph graph;
    brine_error failure; /* status BRINE_OK when everything parsed to its last byte */
};

/* Reads path.  With keep_partial a file that does not parse is returned all the same, with what was
 * understood and .failure set; without, the failure is returned.  End: brn_file_close(). */
brine_status brn_file_open(const char *path, const brine_options *options, bool keep_partial,
                           struct brine_file **ret_file, brine_error *err);

/* The same from memory; bytes are borrowed and must outlive the file. */
brine_status brn_file_open_bytes(struct brn_slice bytes, const char *name,
                                 const brine_options *options, bool keep_partial,
                                 struct brine_file **ret_file, brine_error *err);

/* SHA-256 of exactly the bytes that were read.  Computed when asked: at a gigabyte a second it
 * would cost more than reading the graph of a large forest. */
struct brn_digest brn_file_digest(const struct brine_file *file);

void brn_file_close(struct brine_file *file);

#endif
