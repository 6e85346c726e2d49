/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"

#include "estimators/registry.h"

/* ---- --map ---- */

static struct brn_slice trim(struct brn_slice s)
{
    while (s.n && strchr(" \t\r", s.p[0]))
        s = (struct brn_slice){s.p + 1, s.n - 1};
    while (s.n && strchr(" \t\r", s.p[s.n - 1]))
        s.n--;
    return s;
}

/* "name = numpy.name", a comment, or nothing. */
static bool read_mapping(struct brn_slice line, struct brn_arena *arena, const char **pair)
{
    const uint8_t *equals = line.n ? memchr(line.p, '=', line.n) : NULL;
    if (!equals)
        return false;
    size_t n = (size_t)(equals - line.p);
    struct brn_slice from = trim((struct brn_slice){line.p, n});
    struct brn_slice to = trim((struct brn_slice){equals + 1, line.n - n - 1});
    pair[0] = brn_arena_text(arena, from);
    pair[1] = brn_arena_text(arena, to);
    return from.n && to.n && pair[0] && pair[1];
}

static int bad_line(const char *path, size_t line)
{
    fprintf(stderr, "brine: %s: line %zu is no \"pkg.function = numpy.function\"\n", path, line);
    return BRN_EXIT_USAGE;
}

static int read_mappings(const char *path, struct brn_slice text, struct brn_arena *arena,
                         const char *const **ret_mappings)
{
    enum { MOST = 1000 };
    const char **pairs = BRN_NEW(arena, const char *, 2 * MOST + 1);
    size_t count = 0, number = 0;
    while (pairs && text.n) {
        const uint8_t *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        struct brn_slice line = trim((struct brn_slice){text.p, n});
        text = (struct brn_slice){text.p + n + (end != NULL), text.n - n - (end != NULL)};
        number++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (count == MOST || !read_mapping(line, arena, pairs + 2 * count))
            return bad_line(path, number);
        count++;
    }
    *ret_mappings = pairs;
    return 0;
}

static int given_mappings(const char *path, struct brn_arena *arena,
                          const char *const **ret_mappings)
{
    brine_error err;
    struct brn_bytes bytes;
    if (!path)
        return 0;
    if (brn_file_read(path, 1 << 20, false, &bytes, &err) != BRINE_OK) {
        brn_report_error(path, &err);
        return 2;
    }
    int code = read_mappings(path, bytes.view, arena, ret_mappings);
    brn_bytes_free(&bytes);
    return code;
}

int brn_given_model_options(const struct brn_invocation *invocation, struct brn_arena *arena,
                            brine_model_options *ret_options)
{
    *ret_options = (brine_model_options){
        .size = sizeof(brine_model_options),
        .allow_unproved = brn_given_switch(invocation, "--allow-unproved"),
        .assume_version = brn_given_text(invocation, "--assume-version", NULL),
        .until_step = brn_given_text(invocation, "--until", NULL),
    };
    return given_mappings(brn_given_text(invocation, "--map", NULL), arena, &ret_options->mappings);
}

/* ---- models ---- */

static int refused(const char *path, brine_status status, const brine_error *err)
{
    brn_report_error(path, err);
    if (status == BRINE_UNPROVED)
        fprintf(stderr,
                "brine: --allow-unproved runs it all the same; \"brine check %s\" tells more\n",
                path);
    return status == BRINE_USAGE ? BRN_EXIT_USAGE : 1;
}

static int open_and_decode(const char *path, const brine_options *limits,
                           const brine_model_options *options, brine_file **ret_file,
                           brine_model **ret_model)
{
    brine_error err;
    brine_file *file;
    if (brn_file_open(path, limits, false, &file, &err) != BRINE_OK) {
        brn_report_error(path, &err);
        return 2;
    }
    brine_status status = brn_model_decode(&file->graph, &brn_registry, options, ret_model, &err);
    if (status != BRINE_OK) {
        brn_file_close(file);
        return refused(path, status, &err);
    }
    *ret_file = file;
    return 0;
}

int brn_load_file_and_model(const struct brn_invocation *invocation, const char *path,
                            brine_file **ret_file, brine_model **ret_model)
{
    struct brn_arena arena;
    brine_options limits;
    brine_model_options options;
    if (!brn_given_limits(invocation, &limits))
        return BRN_EXIT_USAGE;
    brn_arena_init(&arena, 0);
    int code = brn_given_model_options(invocation, &arena, &options);
    if (!code)
        code = open_and_decode(path, &limits, &options, ret_file, ret_model);
    brn_arena_free(&arena);
    return code;
}

int brn_load_model(const struct brn_invocation *invocation, const char *path,
                   brine_model **ret_model)
{
    brine_file *file;
    int code = brn_load_file_and_model(invocation, path, &file, ret_model);
    if (!code)
        brn_file_close(file);
    return code;
}
