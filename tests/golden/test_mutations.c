/* SPDX-License-Identifier: Apache-2.0
 *
 * Every truncation and every one-byte flip (XOR 0xFF) of the small files in tests/golden/mutate and
 * of the fuzzers' seeds, fifty in all: an answer or an error, with every byte of the content in one
 * segment; never a crash. */
#include "joblib/joblib.h"
#include "pickle/survey.h"
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {
    "protocol0.pkl",
    "protocol1.pkl",
    "protocol4.pkl",
    "protocol5.pkl",
    "two-streams.pkl",
    "python2-protocol0.pkl",
    "python2-protocol2.pkl",
    "legacy-zf.joblib",
    "aligned.joblib",
    "legacy-companions.joblib",
    "unaligned.joblib",
    "zlib.joblib",
    "gzip.joblib",
    "bz2.joblib",
    "lzma.joblib",
    "xz.joblib",
    "lz4.joblib",
    "zstd.joblib",
};

static bool covers_content(const struct brine_file *file)
{
    const struct brn_graph *g = &file->graph;
    uint64_t at = 0;
    for (size_t i = 0; i < g->segment_count; i++) {
        if (g->segments[i].begin != at || g->segments[i].end <= at)
            return false;
        at = g->segments[i].end;
    }
    return at == file->content.n;
}

static bool adds_up(const struct brine_file *file, struct brn_arena *arena)
{
    struct brn_survey survey;
    uint64_t bytes = 0;
    if (brn_graph_survey(&file->graph, file->content.n, arena, &survey, NULL) != BRINE_OK)
        return false;
    for (size_t i = 0; i < survey.place_count; i++)
        bytes += survey.places[i].bytes;
    return bytes == file->content.n && survey.places[0].bytes_below == bytes;
}

/* Whether it parsed to the last byte. */
static bool open_mutant(struct brn_slice bytes, const char *name, size_t at)
{
    struct brine_file *file;
    struct brn_arena arena;
    brine_error err;
    brine_status status = brn_file_open_bytes(bytes, name, NULL, true, &file, &err);
    if (!brn_test_check(status == BRINE_OK, __FILE__, __LINE__, "%s at %zu: %s", name, at,
                        err.message))
        return false;
    brn_arena_init(&arena, 0);
    brn_test_check(covers_content(file), __FILE__, __LINE__, "%s at %zu: segments", name, at);
    brn_test_check(adds_up(file, &arena), __FILE__, __LINE__, "%s at %zu: sizes", name, at);
    bool complete = file->failure.status == BRINE_OK;
    brn_test_check(complete || (file->failure.offset != BRINE_NOWHERE && file->failure.message[0]),
                   __FILE__, __LINE__, "%s at %zu: a failure without a place: %s", name, at,
                   file->failure.message);
    brn_arena_free(&arena);
    brn_file_close(file);
    return complete;
}

static void truncate_everywhere(const char *name, struct brn_slice bytes, bool may_be_whole)
{
    for (size_t n = 0; n < bytes.n; n++) {
        uint8_t *copy = malloc(n ? n : 1); /* exactly as long, so that ASan sees one byte more */
        REQUIRE(copy);
        memcpy(copy, bytes.p, n);
        bool complete = open_mutant((struct brn_slice){copy, n}, name, n);
        brn_test_check(!complete || may_be_whole, __FILE__, __LINE__,
                       "%s was taken though it was cut at %zu", name, n);
        free(copy);
    }
}

static void flip_everywhere(const char *name, struct brn_slice bytes)
{
    uint8_t *copy = calloc(bytes.n, 1);
    REQUIRE(copy);
    memcpy(copy, bytes.p, bytes.n);
    for (size_t i = 0; i < bytes.n; i++) {
        copy[i] ^= 0xff;
        open_mutant((struct brn_slice){copy, bytes.n}, name, i);
        copy[i] ^= 0xff;
    }
    free(copy);
}

TEST(mutations_of_small_files)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct brn_bytes bytes;
        brine_error err;
        char path[512];
        snprintf(path, sizeof path, "%s/tests/golden/mutate/%s", BRINE_SOURCE_DIR, names[i]);
        REQUIRE_OK(brn_file_read(path, 4096, false, &bytes, &err), &err);
        CHECK(open_mutant(bytes.view, names[i], 0));
        /* A file of two pickles is still one when the second is cut. */
        truncate_everywhere(names[i], bytes.view, strcmp(names[i], "two-streams.pkl") == 0);
        flip_everywhere(names[i], bytes.view);
        brn_bytes_free(&bytes);
    }
}

static size_t mutate_seeds(const char *folder)
{
    glob_t found = {0};
    char pattern[512];
    size_t count = 0;
    snprintf(pattern, sizeof pattern, "%s/tests/fuzz/corpus/%s/*", BRINE_SOURCE_DIR, folder);
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct brn_bytes bytes;
        brine_error err;
        if (!CHECK(brn_file_read(found.gl_pathv[i], 4096, false, &bytes, &err) == BRINE_OK))
            continue;
        truncate_everywhere(found.gl_pathv[i], bytes.view, true);
        flip_everywhere(found.gl_pathv[i], bytes.view);
        brn_bytes_free(&bytes);
        count++;
    }
    globfree(&found);
    return count;
}

TEST(mutations_of_fuzzing_seeds)
{
    size_t count = mutate_seeds("joblib") + mutate_seeds("pickle") + mutate_seeds("scan");
    CHECK(count + sizeof names / sizeof names[0] >= 50);
}
