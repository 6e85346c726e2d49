/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Small writes are gathered: a system call a number would be the cost of a CSV. */
enum { PENDING = 1 << 16 };

struct brn_output_file {
    int fd;
    char *path;       /* what the caller named, symbolic links followed */
    char *temporary;  /* beside it; NULL: written in place (a pipe, a device, standard output) */
    bool is_nameless; /* the temporary gets its name at the end: a killed run leaves nothing */
    size_t pending;
    uint8_t bytes[PENDING];
};

static void free_file(struct brn_output_file *file)
{
    free(file->path);
    free(file->temporary);
    free(file);
}

static char *copy_text(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = malloc(n);
    return copy ? memcpy(copy, text, n) : NULL;
}

/* A link keeps pointing where it does: what it points to is replaced. */
static char *resolve(const char *path)
{
    char resolved[PATH_MAX];
    return copy_text(realpath(path, resolved) ? resolved : path);
}

static bool set_temporary_name(struct brn_output_file *file)
{
    static atomic_uint turn;
    const char *slash = strrchr(file->path, '/');
    int front = slash ? (int)(slash + 1 - file->path) : 0;
    size_t room = strlen(file->path) + 64;
    char *name = realloc(file->temporary, room);
    if (!name)
        return false;
    snprintf(name, room, "%.*s.%s.%ld-%u.tmp", front, file->path, file->path + front,
             (long)getpid(), atomic_fetch_add(&turn, 1));
    file->temporary = name;
    return true;
}

#ifdef O_TMPFILE
enum { LINK_TEXT = 32 };

static void nameless_link(const struct brn_output_file *file, char link[LINK_TEXT])
{
    snprintf(link, LINK_TEXT, "/proc/self/fd/%d", file->fd);
}

/* False where the system or the file system cannot. */
static bool open_nameless(struct brn_output_file *file)
{
    char link[LINK_TEXT], *copy = copy_text(file->path);
    if (!copy)
        return false;
    file->fd = open(dirname(copy), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    free(copy);
    nameless_link(file, link);
    file->is_nameless = file->fd >= 0 && access(link, F_OK) == 0;
    if (file->fd >= 0 && !file->is_nameless)
        close(file->fd);
    return file->is_nameless;
}

static int name_it(const struct brn_output_file *file)
{
    char link[LINK_TEXT];
    nameless_link(file, link);
    return linkat(AT_FDCWD, link, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW);
}
#else
static bool open_nameless(struct brn_output_file *file)
{
    (void)file;
    return false;
}

static int name_it(const struct brn_output_file *file)
{
    (void)file;
    return -1;
}
#endif

static brine_status give_name(struct brn_output_file *file, brine_error *err)
{
    while (name_it(file) != 0) {
        if (errno != EEXIST)
            return brn_fail_errno(err, "%s: no file can be written beside it", file->path);
        if (!set_temporary_name(file))
            return brn_fail_memory(err);
    }
    return BRINE_OK;
}

static brine_status open_named(struct brn_output_file *file, brine_error *err)
{
    while ((file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) < 0) {
        if (errno != EEXIST)
            return brn_fail_errno(err, "%s: no file can be written beside it", file->path);
        if (!set_temporary_name(file))
            return brn_fail_memory(err);
    }
    return BRINE_OK;
}

/* The mode is that of the file which is replaced, else what the umask leaves of rw-rw-rw-. */
static brine_status open_temporary(struct brn_output_file *file, const struct stat *old,
                                   brine_error *err)
{
    if (!set_temporary_name(file))
        return brn_fail_memory(err);
    if (!open_nameless(file))
        BRN_TRY(open_named(file, err));
    if (old && fchmod(file->fd, old->st_mode & 07777) != 0)
        return brn_fail_errno(err, "%s: its permissions cannot be set", file->path);
    return BRINE_OK;
}

static brine_status open_output(struct brn_output_file *file, const char *path, brine_error *err)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        file->path = copy_text("standard output");
        file->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
        if (!file->path)
            return brn_fail_memory(err);
        return file->fd < 0 ? brn_fail_errno(err, "cannot write to standard output") : BRINE_OK;
    }
    file->path = resolve(path);
    if (!file->path)
        return brn_fail_memory(err);
    bool exists = stat(file->path, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return brn_fail(err, BRINE_IO, "%s: is a directory: name a file in it", path);
    if (!exists || S_ISREG(st.st_mode))
        return open_temporary(file, exists ? &st : NULL, err);
    file->fd = open(file->path, O_WRONLY | O_CLOEXEC);
    return file->fd < 0 ? brn_fail_errno(err, "%s: cannot be written", path) : BRINE_OK;
}

brine_status brn_output_open(const char *path, struct brn_output_file **ret_file, brine_error *err)
{
    struct brn_output_file *file = calloc(1, sizeof *file);
    if (!file)
        return brn_fail_memory(err);
    file->fd = -1;
    brine_status status = open_output(file, path, err);
    if (status == BRINE_OK)
        *ret_file = file;
    else
        brn_output_abandon(file);
    return status;
}

static brine_status write_all(const struct brn_output_file *file, const uint8_t *p, size_t n,
                              brine_error *err)
{
    while (n) {
        ssize_t wrote = write(file->fd, p, n < 1 << 30 ? n : 1 << 30);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return brn_fail_errno(err, "%s: cannot be written", file->path);
        p += wrote;
        n -= (size_t)wrote;
    }
    return BRINE_OK;
}

static brine_status flush(struct brn_output_file *file, brine_error *err)
{
    size_t n = file->pending;
    file->pending = 0;
    return write_all(file, file->bytes, n, err);
}

brine_status brn_output_write(struct brn_output_file *file, struct brn_slice bytes,
                              brine_error *err)
{
    if (bytes.n > PENDING - file->pending)
        BRN_TRY(flush(file, err));
    if (bytes.n >= PENDING)
        return write_all(file, bytes.p, bytes.n, err);
    if (bytes.n)
        memcpy(file->bytes + file->pending, bytes.p, bytes.n);
    file->pending += bytes.n;
    return BRINE_OK;
}

brine_status brn_output_patch(struct brn_output_file *file, uint64_t offset, struct brn_slice bytes,
                              brine_error *err)
{
    BRN_TRY(flush(file, err));
    while (bytes.n) {
        ssize_t wrote = pwrite(file->fd, bytes.p, bytes.n, (off_t)offset);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return brn_fail_errno(err, "%s: must be a file, not a pipe", file->path);
        offset += (uint64_t)wrote;
        bytes = (struct brn_slice){bytes.p + wrote, bytes.n - (size_t)wrote};
    }
    return BRINE_OK;
}

/* Some file systems cannot sync a directory; the content is safe all the same, only its new name
 * may not outlive a power cut. */
static void sync_directory(char *path)
{
    int fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static brine_status put_in_place(struct brn_output_file *file, brine_error *err)
{
    BRN_TRY(flush(file, err));
    if (!file->temporary)
        return BRINE_OK;
    if (fsync(file->fd) != 0)
        return brn_fail_errno(err, "%s: cannot be written", file->path);
    if (file->is_nameless)
        BRN_TRY(give_name(file, err));
    int code = close(file->fd);
    file->fd = -1;
    if (code != 0 || rename(file->temporary, file->path) != 0)
        return brn_fail_errno(err, "%s: cannot be written", file->path);
    free(file->temporary);
    file->temporary = NULL;
    sync_directory(file->path);
    return BRINE_OK;
}

brine_status brn_output_commit(struct brn_output_file *file, brine_error *err)
{
    brine_status status = put_in_place(file, err);
    brn_output_abandon(file);
    return status;
}

void brn_output_abandon(struct brn_output_file *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    if (file->temporary)
        unlink(file->temporary);
    free_file(file);
}
