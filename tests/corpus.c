/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"

#include "io/codec.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* By brine's own zstd and the system's tar. */
static bool unpack(const char *archive, const char *folder)
{
    const uint64_t most = UINT64_C(1) << 33;
    struct brn_io_limits limits = {most, most, 1000000};
    struct brn_bytes packed;
    struct brn_buffer tar = {0};
    size_t used;
    brine_error err;
    char command[8192], path[2048];
    if (brn_file_read(archive, most, false, &packed, &err) != BRINE_OK)
        return false;
    bool ok =
        brn_codec_expand(&brn_codec_zstd, packed.view, &limits, &tar, &used, &err) == BRINE_OK;
    snprintf(path, sizeof path, "%s.tar", folder);
    ok = ok && brn_file_write(path, brn_buffer_view(&tar), &err) == BRINE_OK;
    brn_bytes_free(&packed);
    brn_buffer_free(&tar);
    snprintf(command, sizeof command, "mkdir -p '%s' && tar -xf '%s' -C '%s' && rm '%s'", folder,
             path, folder, path);
    return ok && system(command) == 0;
}

const char *brn_test_corpus(const char *name)
{
    static char folder[1024];
    char archive[1024], here[1024];
    const char *corpus = getenv("BRINE_CORPUS");
    if (!corpus)
        corpus = BRINE_SOURCE_DIR "/../shared/corpus";
    snprintf(folder, sizeof folder, "%s/%s", corpus, name);
    if (is_folder(folder))
        return folder;
    snprintf(archive, sizeof archive, "%s/%s.tar.zst", corpus, name);
    snprintf(here, sizeof here, "%s", brn_test_path("corpus"));
    snprintf(folder, sizeof folder, "%.900s/%s", here, name);
    if (is_folder(folder))
        return folder;
    mkdir(here, 0777);
    return unpack(archive, folder) && is_folder(folder) ? folder : NULL;
}
