/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <stddef.h>

static long left;
static bool hit;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
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

static bool refuse(void)
{
    if (left == 0)
        return false;
    if (left > 1) {
        left--;
        return false;
    }
    hit = true;
    return true;
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
