/* SPDX-License-Identifier: Apache-2.0 */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t READ_AT_ONCE = 1 << 20;

int brn_file_descriptor(const char *path, brine_error *err)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
            brn_fail_errno(err, "cannot read standard input");
        return fd;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        brn_fail_errno(err, "%s: cannot be opened", path);
    } else if (S_ISDIR(st.st_mode)) {
        brn_fail(err, BRINE_IO, "%s: is a directory: name a file in it", path);
    } else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
        brn_fail(err, BRINE_IO, "%s: is a device, and brine reads files and pipes alone", path);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

brine_status brn_descriptor_read(int fd, const char *path, uint8_t *to, size_t n, size_t *ret_got,
                                 brine_error *err)
{
    ssize_t got;
    do {
        got = read(fd, to, n < READ_AT_ONCE ? n : READ_AT_ONCE);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return brn_fail_errno(err, "%s: cannot be read", path);
    *ret_got = (size_t)got;
    return BRINE_OK;
}

static brine_status fail_size(const char *path, uint64_t max_bytes, brine_error *err)
{
    return brn_fail(err, BRINE_LIMIT, "%s: is larger than the limit of %llu bytes", path,
                    (unsigned long long)max_bytes);
}

static brine_status map_file(int fd, const char *path, size_t size, struct brn_bytes *ret_bytes,
                             brine_error *err)
{
    void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (memory == MAP_FAILED)
        return brn_fail_errno(err, "%s: cannot be mapped", path);
    *ret_bytes = (struct brn_bytes){{memory, size}, NULL, size};
    return BRINE_OK;
}

/* Up to the end, whatever size the file said it had: it may be a pipe, and it may grow. */
static brine_status read_all(int fd, const char *path, uint64_t max_bytes, struct brn_buffer *b,
                             brine_error *err)
{
    for (;;) {
        size_t room = b->capacity > b->size ? b->capacity - b->size : READ_AT_ONCE;
        size_t got = 0;
        uint8_t *to = brn_buffer_reserve(b, room);
        if (!to)
            return brn_fail_memory(err);
        BRN_TRY(brn_descriptor_read(fd, path, to, room, &got, err));
        if (got == 0)
            return BRINE_OK;
        b->size += got;
        if (max_bytes && b->size > max_bytes)
            return fail_size(path, max_bytes, err);
    }
}

/* A large file touches tens of thousands of fresh pages; in large ones reading it takes half the
 * time.  Advice: it may be refused. */
static void advise_large_pages(const struct brn_buffer *b)
{
#ifdef MADV_HUGEPAGE
    enum { LARGE = 8 << 20, PAGE = 4096 };
    uintptr_t begin = ((uintptr_t)b->data + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    if (b->capacity >= LARGE)
        (void)madvise((void *)begin, (uintptr_t)b->data + b->capacity - begin, MADV_HUGEPAGE);
#else
    (void)b;
#endif
}

static brine_status read_file(int fd, const char *path, uint64_t size_hint, uint64_t max_bytes,
                              struct brn_bytes *ret_bytes, brine_error *err)
{
    struct brn_buffer b = {0};
    /* one byte more, so that the read that finds the end needs no more room */
    if (size_hint && !brn_buffer_reserve(&b, (size_t)size_hint + 1))
        return brn_fail_memory(err);
    advise_large_pages(&b);
    brine_status status = read_all(fd, path, max_bytes, &b, err);
    if (status != BRINE_OK) {
        brn_buffer_free(&b);
        return status;
    }
    *ret_bytes = (struct brn_bytes){brn_buffer_view(&b), b.data, 0};
    return BRINE_OK;
}

static brine_status read_descriptor(int fd, const char *path, uint64_t max_bytes, bool map,
                                    struct brn_bytes *ret_bytes, brine_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return brn_fail_errno(err, "%s: cannot be read", path);
    uint64_t size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    if (max_bytes && size > max_bytes)
        return fail_size(path, max_bytes, err);
    if (map && size)
        return map_file(fd, path, (size_t)size, ret_bytes, err);
    return read_file(fd, path, size, max_bytes, ret_bytes, err);
}

brine_status brn_file_read(const char *path, uint64_t max_bytes, bool map,
                           struct brn_bytes *ret_bytes, brine_error *err)
{
    int fd = brn_file_descriptor(path, err);
    if (fd < 0)
        return BRINE_IO;
    brine_status status = read_descriptor(fd, path, max_bytes, map, ret_bytes, err);
    close(fd);
    return status;
}

void brn_bytes_free(struct brn_bytes *bytes)
{
    if (bytes->mapped)
        munmap((void *)(uintptr_t)bytes->view.p, bytes->mapped);
    free(bytes->memory);
    *bytes = (struct brn_bytes){0};
}

brine_status brn_file_write(const char *path, struct brn_slice bytes, brine_error *err)
{
    struct brn_output_file *file;
    BRN_TRY(brn_output_open(path, &file, err));
    brine_status status = brn_output_write(file, bytes, err);
    if (status == BRINE_OK)
        return brn_output_commit(file, err);
    brn_output_abandon(file);
    return status;
}
