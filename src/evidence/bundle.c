/* SPDX-License-Identifier: Apache-2.0
 *
 * bundle.c - the directory that holds the evidence.  results.json is written last: a bundle without
 * it is none, so that an interrupted run leaves nothing that looks whole. */
#include "evidence/evidence.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"report.txt", "junit.xml", "results.json"};
enum { REPORT, JUNIT, RESULTS, FILES };

static bool is_ours(const char *name)
{
    for (size_t i = 0; i < FILES; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

brine_status brn_bundle_prepare(const char *directory, brine_error *err)
{
    if (mkdir(directory, 0777) == 0)
        return BRINE_OK;
    if (errno != EEXIST)
        return brn_fail_errno(err, "%s cannot be made", directory);
    DIR *d = opendir(directory);
    if (!d)
        return brn_fail_errno(err, "%s cannot be read", directory);
    char foreign[256] = "";
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        if (!is_ours(entry->d_name))
            snprintf(foreign, sizeof foreign, "%s", entry->d_name);
    closedir(d);
    if (foreign[0])
        return brn_fail(
            err, BRINE_USAGE,
            "%s holds \"%.100s\" and is no evidence of an earlier run; give a new directory",
            directory, foreign);
    return BRINE_OK;
}

static brine_status write_file(const char *directory, const char *name,
                               const struct brn_buffer *bytes, brine_error *err)
{
    char path[4096];
    if (bytes->failed)
        return brn_fail_memory(err);
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path)
        return brn_fail(err, BRINE_USAGE, "the directory's name is too long");
    return brn_file_write(path, brn_buffer_view(bytes), err);
}

/* The old verdict goes first: a run that ends midway leaves none. */
static void remove_old(const char *directory)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", directory, names[RESULTS]) < (int)sizeof path)
        unlink(path);
}

brine_status brn_bundle_write(const struct brn_evidence *e, const char *directory, brine_error *err)
{
    struct brn_buffer files[FILES] = {{0}};
    BRN_TRY(brn_bundle_prepare(directory, err));
    brn_report_text(e, false, &files[REPORT]);
    brn_results_junit(e, &files[JUNIT]);
    brn_results_json(e, &files[RESULTS]);
    remove_old(directory);
    brine_status status = BRINE_OK;
    for (size_t i = 0; i < FILES && status == BRINE_OK; i++)
        status = write_file(directory, names[i], &files[i], err);
    for (size_t i = 0; i < FILES; i++)
        brn_buffer_free(&files[i]);
    return status;
}
