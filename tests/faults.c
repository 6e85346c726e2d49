/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

static long left, reads_left;
static bool hit;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

void brn_faults_after(long n)
{
    left = n;
    hit = false;
}

bool brn_faults_hit(void)
{
    return hit;
}

void brn_faults_read_after(long n)
{
    reads_left = n;
    hit = false;
}

static bool refuse_when(long *countdown)
{
    if (*countdown == 0)
        return false;
    if (*countdown > 1) {
        (*countdown)--;
        return false;
    }
    hit = true;
    return true;
}

static bool refuse(void)
{
    return refuse_when(&left);
}

ssize_t __wrap_read(int fd, void *to, size_t n)
{
    if (!refuse_when(&reads_left))
        return __real_read(fd, to, n);
    errno = EIO;
    return -1;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return refuse() ? NULL : __real_realloc(p, size);
}
