/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/diff.h"

#include "io/file.h"

#include <sys/stat.h>

static const uint64_t MAX_RESULTS_BYTES = (uint64_t)256 << 20;

const char *brn_change_name(enum brn_change_kind kind)
{
    static const char *const names[BRN_CHANGE_KINDS] = {"broken", "mended", "status",
                                                        "value",  "new",    "gone"};
    return names[kind];
}

/* ---- reading ---- */

static bool is_text(const struct brn_json_value *object, const char *key)
{
    const struct brn_json_value *v = brn_json_get(object, key);
    return v && v->kind == BRN_JSON_STRING;
}

static brine_status check_shape(const char *path, const struct brn_json_value *root,
                                brine_error *err)
{
    const struct brn_json_value *checks = brn_json_get(root, "checks");
    bool ok = is_text(root, "decision") && checks && checks->kind == BRN_JSON_ARRAY;
    for (size_t i = 0; ok && i < checks->count; i++)
        ok = is_text(&checks->items[i], "id") && is_text(&checks->items[i], "status");
    return ok ? BRINE_OK
              : brn_fail(err, BRINE_FORMAT, "%s is no results.json of brine validate", path);
}

static brine_status read_results(const char *path, struct brn_arena *arena,
                                 const struct brn_json_value **ret_root, brine_error *err)
{
    struct stat st;
    struct brn_bytes bytes;
    struct brn_json_value *root = NULL;
    bool is_directory = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    char *file = brn_arena_printf(arena, "%s%s", path, is_directory ? "/results.json" : "");
    if (!file)
        return brn_fail_memory(err);
    BRN_TRY(brn_file_read(file, MAX_RESULTS_BYTES, false, &bytes, err));
    brine_status status = brn_json_parse(bytes.view, 64, arena, &root, err);
    brn_bytes_free(&bytes);
    if (status == BRINE_OK)
        status = check_shape(file, root, err);
    *ret_root = root;
    return status;
}

/* ---- comparing ---- */

static struct brn_slice text_of(const struct brn_json_value *check, const char *key)
{
    return brn_json_text(brn_json_get(check, key), "");
}

static bool same_check(const struct brn_json_value *a, const struct brn_json_value *b)
{
    return brn_slice_equal(text_of(a, "id"), text_of(b, "id")) &&
           brn_slice_equal(text_of(a, "detail"), text_of(b, "detail"));
}

/* The n-th row with the id and detail of wanted, where wanted is the n-th of its own. */
static const struct brn_json_value *find(const struct brn_json_value *root,
                                         const struct brn_json_value *from,
                                         const struct brn_json_value *wanted)
{
    const struct brn_json_value *checks = brn_json_get(root, "checks");
    const struct brn_json_value *own = brn_json_get(from, "checks");
    size_t turn = 0;
    for (const struct brn_json_value *c = own->items; c < wanted; c++)
        turn += same_check(c, wanted);
    for (size_t i = 0; i < checks->count; i++)
        if (same_check(&checks->items[i], wanted) && turn-- == 0)
            return &checks->items[i];
    return NULL;
}

static bool is_kept(const struct brn_json_value *check)
{
    struct brn_slice status = text_of(check, "status");
    return !brn_slice_is(status, "fail") && !brn_slice_is(status, "not-run");
}

static bool same_value(const struct brn_json_value *a, const struct brn_json_value *b)
{
    const struct brn_json_value *x = brn_json_get(a, "value"), *y = brn_json_get(b, "value");
    bool has_x = x && x->kind == BRN_JSON_NUMBER, has_y = y && y->kind == BRN_JSON_NUMBER;
    return has_x == has_y && (!has_x || x->number == y->number);
}

/* False: nothing changed. */
static bool classify(const struct brn_json_value *before, const struct brn_json_value *after,
                     enum brn_change_kind *ret_kind)
{
    bool was = !before || is_kept(before), is = !after || is_kept(after);
    if (was != is)
        *ret_kind = is ? BRN_CHANGE_MENDED : BRN_CHANGE_BROKEN;
    else if (!before || !after)
        *ret_kind = before ? BRN_CHANGE_GONE : BRN_CHANGE_NEW;
    else if (!brn_slice_equal(text_of(before, "status"), text_of(after, "status")))
        *ret_kind = BRN_CHANGE_STATUS;
    else if (!same_value(before, after))
        *ret_kind = BRN_CHANGE_VALUE;
    else
        return false;
    return true;
}

static brine_status add_change(struct brn_evidence_diff *d, enum brn_change_kind wanted,
                               const struct brn_json_value *before,
                               const struct brn_json_value *after, brine_error *err)
{
    enum brn_change_kind kind;
    if (!classify(before, after, &kind) || kind != wanted)
        return BRINE_OK;
    if (!BRN_ARENA_RESERVE(&d->arena, d->changes, d->count, d->capacity))
        return brn_fail_memory(err);
    d->changes[d->count++] = (struct brn_change){kind, before, after};
    return BRINE_OK;
}

static brine_status add_kind(struct brn_evidence_diff *d, enum brn_change_kind kind,
                             brine_error *err)
{
    const struct brn_json_value *old = brn_json_get(d->before, "checks");
    const struct brn_json_value *new = brn_json_get(d->after, "checks");
    for (size_t i = 0; i < old->count; i++)
        BRN_TRY(
            add_change(d, kind, &old->items[i], find(d->after, d->before, &old->items[i]), err));
    for (size_t i = 0; i < new->count; i++)
        if (!find(d->before, d->after, &new->items[i]))
            BRN_TRY(add_change(d, kind, NULL, &new->items[i], err));
    return BRINE_OK;
}

brine_status brn_evidence_diff_read(const char *before, const char *after,
                                    struct brn_evidence_diff *ret_diff, brine_error *err)
{
    *ret_diff = (struct brn_evidence_diff){0};
    brn_arena_init(&ret_diff->arena, (uint64_t)1 << 30);
    BRN_TRY(read_results(before, &ret_diff->arena, &ret_diff->before, err));
    BRN_TRY(read_results(after, &ret_diff->arena, &ret_diff->after, err));
    for (int kind = 0; kind < BRN_CHANGE_KINDS; kind++)
        BRN_TRY(add_kind(ret_diff, (enum brn_change_kind)kind, err));
    return BRINE_OK;
}

void brn_evidence_diff_free(struct brn_evidence_diff *diff)
{
    brn_arena_free(&diff->arena);
    *diff = (struct brn_evidence_diff){0};
}
