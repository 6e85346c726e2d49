/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"
#include "io/file.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* brn_test_path() has one static buffer. */
static void test_path(const char *name, char out[1024])
{
    snprintf(out, 1024, "%s", brn_test_path(name));
}

static int temporaries(const char *name)
{
    char path[1024], front[256];
    test_path("", path);
    snprintf(front, sizeof front, ".%s.", name);
    DIR *folder = opendir(path);
    int count = 0;
    for (struct dirent *e; folder && (e = readdir(folder));)
        count += strncmp(e->d_name, front, strlen(front)) == 0;
    if (folder)
        closedir(folder);
    return count;
}

static bool holds(const char *path, const char *text)
{
    struct brn_bytes bytes;
    brine_error err;
    if (brn_file_read(path, 0, false, &bytes, &err) != BRINE_OK)
        return false;
    bool equal = brn_slice_is(bytes.view, text);
    brn_bytes_free(&bytes);
    return equal;
}

TEST(file_is_written_whole_and_read_back)
{
    char path[1024];
    brine_error err;
    struct brn_bytes bytes;
    test_path("whole", path);
    REQUIRE_OK(brn_file_write(path, brn_slice_of("first"), &err), &err);
    REQUIRE_OK(brn_file_write(path, brn_slice_of("second"), &err), &err);
    for (int map = 0; map < 2; map++) {
        REQUIRE_OK(brn_file_read(path, 6, map, &bytes, &err), &err);
        CHECK(brn_slice_is(bytes.view, "second") && (bytes.mapped == 6) == map);
        brn_bytes_free(&bytes);
        CHECK_STATUS(brn_file_read(path, 5, map, &bytes, &err), BRINE_LIMIT, &err);
    }
    CHECK(temporaries("whole") == 0);
}

TEST(file_keeps_its_permissions_and_its_link)
{
    char path[1024], link[1024];
    struct stat st;
    brine_error err;
    test_path("private", path);
    test_path("link", link);
    unlink(path);
    unlink(link);
    mode_t old = umask(027);
    REQUIRE_OK(brn_file_write(path, brn_slice_of("1"), &err), &err);
    umask(old);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
    CHECK(chmod(path, 0600) == 0 && symlink(path, link) == 0);
    REQUIRE_OK(brn_file_write(link, brn_slice_of("2"), &err), &err);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    CHECK(holds(path, "2"));
}

TEST(file_abandoned_leaves_the_old_content)
{
    char path[1024];
    brine_error err;
    struct brn_output_file *file;
    test_path("abandoned", path);
    REQUIRE_OK(brn_file_write(path, brn_slice_of("old"), &err), &err);
    REQUIRE_OK(brn_output_open(path, &file, &err), &err);
    REQUIRE_OK(brn_output_write(file, brn_slice_of("half of the new"), &err), &err);
    CHECK(temporaries("abandoned") <= 1); /* none where it has no name yet */
    brn_output_abandon(file);
    CHECK(temporaries("abandoned") == 0 && holds(path, "old"));
}

TEST(file_written_in_pieces_of_every_size)
{
    char path[1024];
    brine_error err;
    struct brn_output_file *file;
    struct brn_buffer want = {0};
    test_path("pieces", path);
    REQUIRE_OK(brn_output_open(path, &file, &err), &err);
    for (size_t n = 0; n < 200000; n = n * 2 + 1) {
        struct brn_slice piece = {calloc(1, n + 1), n};
        REQUIRE_OK(brn_output_write(file, piece, &err), &err);
        brn_buffer_slice(&want, piece);
        free((void *)(uintptr_t)piece.p);
    }
    REQUIRE_OK(brn_output_commit(file, &err), &err);
    struct brn_bytes bytes;
    REQUIRE_OK(brn_file_read(path, 0, false, &bytes, &err), &err);
    CHECK(brn_slice_equal(bytes.view, brn_buffer_view(&want)));
    brn_bytes_free(&bytes);
    brn_buffer_free(&want);
}

TEST(file_refusals_say_what_to_do)
{
    char path[1024];
    brine_error err;
    struct brn_bytes bytes;
    test_path("", path);
    CHECK_STATUS(brn_file_read(path, 0, false, &bytes, &err), BRINE_IO, &err);
    CHECK(strstr(err.message, "is a directory") != NULL);
    CHECK_STATUS(brn_file_read("/dev/zero", 0, false, &bytes, &err), BRINE_IO, &err);
    CHECK(strstr(err.message, "is a device") != NULL);
    CHECK_STATUS(brn_file_write(path, brn_slice_of(""), &err), BRINE_IO, &err);
    CHECK_STATUS(brn_file_read("no-such-file", 0, true, &bytes, &err), BRINE_IO, &err);
    CHECK(err.sys_errno != 0 && strstr(err.message, "no-such-file") != NULL);
    CHECK_STATUS(brn_file_write("no-such-folder/x", brn_slice_of(""), &err), BRINE_IO, &err);
}

TEST(file_from_a_pipe_is_read_to_its_end_under_the_limit)
{
    char path[1024];
    int ends[2];
    brine_error err;
    struct brn_bytes bytes;
    for (uint64_t limit = 3; limit < 5; limit++) {
        REQUIRE(pipe(ends) == 0 && write(ends[1], "pipe", 4) == 4);
        close(ends[1]);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        brine_status status = brn_file_read(path, limit, true, &bytes, &err);
        CHECK(status == (limit < 4 ? BRINE_LIMIT : BRINE_OK));
        if (status == BRINE_OK) {
            CHECK(brn_slice_is(bytes.view, "pipe"));
            brn_bytes_free(&bytes);
        }
        close(ends[0]);
    }
}

TEST(file_survives_every_failing_allocation)
{
    char path[1024];
    brine_error err;
    struct brn_bytes bytes;
    test_path("faults", path);
    REQUIRE_OK(brn_file_write(path, brn_slice_of("old"), &err), &err);
    for (long n = 1;; n++) {
        brn_faults_after(n);
        brine_status wrote = brn_file_write(path, brn_slice_of("old"), &err);
        brine_status got = brn_file_read(path, 0, false, &bytes, &err);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        CHECK(hit ? wrote == BRINE_NOMEM || got == BRINE_NOMEM : got == BRINE_OK);
        if (got == BRINE_OK)
            brn_bytes_free(&bytes);
        if (!hit)
            break;
    }
    CHECK(temporaries("faults") == 0 && holds(path, "old"));
}
