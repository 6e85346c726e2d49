/* SPDX-License-Identifier: Apache-2.0
 *
 * limits.c - what the machine allows one thread, to set beside a benchmark.
 *
 * usage: brine-limits FILE      FILE: a large file, for the speed of reading from the page cache
 *
 * Prints "NAME VALUE" a line: bytes a nanosecond, or nanoseconds a row and tree of the bare loop
 * over perfect trees of 8-byte nodes: one row with eight trees abreast, and sixteen rows abreast on
 * one tree. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FEATURES = 20, ROWS = 4096, ABREAST = 16, TREES_ABREAST = 8, REPEATS = 15 };

struct node {
    float threshold;
    uint32_t link; /* left child << 8 | feature; a leaf links in front of itself */
};

static volatile double sink;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint32_t draw(void)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32);
}

/* ---- memory ---- */

static double copy_speed(void)
{
    enum { BYTES = 64 << 20 };
    char *from = malloc(BYTES), *to = malloc(BYTES);
    double best = 0;
    if (!from || !to)
        exit(1);
    memset(from, 1, BYTES);
    memset(to, 1, BYTES);
    for (int k = 0; k < REPEATS; k++) {
        double start = now();
        memcpy(to, from, BYTES);
        double speed = BYTES / (now() - start);
        best = speed > best ? speed : best;
        from[k] = to[2 * k];
    }
    free(from);
    free(to);
    return best;
}

static double read_speed(const char *path)
{
    enum { CHUNK = 1 << 20 };
    char *chunk = malloc(CHUNK);
    double best = 0;
    for (int k = 0; chunk && k < REPEATS; k++) {
        int file = open(path, O_RDONLY);
        double total = 0, start = now();
        for (ssize_t n; file >= 0 && (n = read(file, chunk, CHUNK)) > 0;)
            total += (double)n;
        double speed = total / (now() - start);
        best = speed > best ? speed : best;
        if (file >= 0)
            close(file);
    }
    free(chunk);
    return best;
}

/* ---- trees ---- */

struct trees {
    struct node *nodes;
    double *values;
    uint32_t count, depth, size;
};

/* Perfect trees, breadth-first, random features and thresholds. */
static struct trees grow(uint32_t count, uint32_t depth)
{
    struct trees t = {.count = count, .depth = depth, .size = 2u << depth};
    t.nodes = calloc((size_t)t.size * count, sizeof *t.nodes);
    t.values = calloc((size_t)t.size * count, sizeof *t.values);
    if (!t.nodes || !t.values)
        exit(1);
    for (size_t i = 0; i < (size_t)t.size * count; i++) {
        uint32_t self = (uint32_t)(i % t.size);
        t.nodes[i] = (struct node){(float)(draw() % 1000) / 1000,
                                   2 * self << 8 | draw() % (uint32_t)FEATURES};
        t.values[i] = (double)(draw() % 1000);
    }
    return t;
}

static inline uint32_t step(const struct node *tree, uint32_t at, const float *row)
{
    struct node n = tree[at];
    return (n.link >> 8) + (row[n.link & 255] <= n.threshold ? 0u : 1u);
}

static void rows_abreast(const struct trees *t, const float *rows, double *sums)
{
    for (uint32_t k = 0; k < t->count; k++) {
        const struct node *tree = t->nodes + (size_t)k * t->size;
        const double *values = t->values + (size_t)k * t->size;
        for (size_t r = 0; r < ROWS; r += ABREAST) {
            uint32_t at[ABREAST];
            for (size_t j = 0; j < ABREAST; j++)
                at[j] = 1;
            for (uint32_t level = 0; level < t->depth; level++)
                for (size_t j = 0; j < ABREAST; j++)
                    at[j] = step(tree, at[j], rows + (r + j) * FEATURES);
            for (size_t j = 0; j < ABREAST; j++)
                sums[r + j] += values[at[j]];
        }
    }
}

static void trees_abreast(const struct trees *t, const float *rows, double *sums)
{
    for (size_t r = 0; r < ROWS; r++)
        for (uint32_t k = 0; k + TREES_ABREAST <= t->count; k += TREES_ABREAST) {
            uint32_t at[TREES_ABREAST];
            for (size_t j = 0; j < TREES_ABREAST; j++)
                at[j] = 1;
            for (uint32_t level = 0; level < t->depth; level++)
                for (size_t j = 0; j < TREES_ABREAST; j++)
                    at[j] = step(t->nodes + (k + j) * t->size, at[j], rows + r * FEATURES);
            for (size_t j = 0; j < TREES_ABREAST; j++)
                sums[r] += t->values[(k + j) * t->size + at[j]];
        }
}

static void time_trees(const char *name, uint32_t count, uint32_t depth,
                       void (*walk)(const struct trees *, const float *, double *))
{
    static float rows[ROWS * FEATURES];
    static double sums[ROWS];
    struct trees t = grow(count, depth);
    double best = 1e30;
    for (size_t i = 0; i < ROWS * FEATURES; i++)
        rows[i] = (float)(draw() % 1000) / 1000;
    for (int k = 0; k < REPEATS; k++) {
        double start = now();
        walk(&t, rows, sums);
        double took = (now() - start) / ROWS / count;
        best = took < best ? took : best;
    }
    sink = sums[draw() % ROWS];
    printf("%s %.2f\n", name, best);
    free(t.nodes);
    free(t.values);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: brine-limits FILE\n");
        return 64;
    }
    printf("memcpy %.2f\n", copy_speed());
    printf("read %.2f\n", read_speed(argv[1]));
    time_trees("row.100x8", 104, 8, trees_abreast);
    time_trees("rows.100x8", 104, 8, rows_abreast);
    time_trees("row.500x11", 504, 11, trees_abreast);
    time_trees("rows.500x11", 504, 11, rows_abreast);
    return 0;
}
