/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_token_pattern.h"

#include "base/msan.h"

#include "estimators/shared_pattern_text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 1000000, HEAP_LIMIT_KIB = 64 << 10 };

/* ---- runs of word characters ---- */

static bool take(struct brn_slice *s, const char *word)
{
    size_t n = strlen(word);
    if (s->n < n || memcmp(s->p, word, n) != 0)
        return false;
    *s = (struct brn_slice){s->p + n, s->n - n};
    return true;
}

/* (?u)\b\w\w+\b and kin: the length of the shortest token, or 0.  A run is taken whole, so that \b
 * says nothing at its ends. */
static size_t run_length(struct brn_slice pattern, bool python2)
{
    size_t least = 1;
    if (!take(&pattern, "(?u)") && python2)
        return 0;
    take(&pattern, "\\b");
    while (take(&pattern, "\\w")) {
        if (take(&pattern, "+")) {
            take(&pattern, "\\b");
            return pattern.n == 0 ? least : 0;
        }
        least++;
    }
    return 0;
}

/* ---- others ---- */

static void *take_from_arena(size_t size, void *arena)
{
    return brn_arena_alloc(arena, size, 1, _Alignof(max_align_t));
}

static void *take_from_work(size_t size, void *work)
{
    return brn_work_take(work, size, 1);
}

static void leave(void *memory, void *ignored)
{
    (void)memory;
    (void)ignored;
}

static brine_status fail_compile(struct brn_build *build, int code)
{
    char reason[120] = "";
    if (code == PCRE2_ERROR_NOMEMORY)
        return brn_fail_memory(build->err);
    pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
    return brn_unsupported(build, "token_pattern", "PCRE2 does not take it: %s", reason);
}

static brine_status compile(struct brn_build *build, const char *expression,
                            struct brn_token_pattern *ret_pattern)
{
    int code = PCRE2_ERROR_NOMEMORY;
    PCRE2_SIZE at = 0;
    uint32_t matches_empty = 0;
    pcre2_general_context *memory =
        pcre2_general_context_create(take_from_arena, leave, build->arena);
    pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
    if (context)
        ret_pattern->code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                                          PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP,
                                          &code, &at, context);
    if (!ret_pattern->code)
        return fail_compile(build, code);
    pcre2_pattern_info(ret_pattern->code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
    return matches_empty
               ? brn_unsupported(build, "token_pattern", "it may match nothing, as an empty token")
               : BRINE_OK;
}

brine_status brn_token_pattern_compile_pcre(struct brn_build *build, const char *expression,
                                            struct brn_token_pattern *ret_pattern)
{
    *ret_pattern = (struct brn_token_pattern){0};
    return compile(build, expression, ret_pattern);
}

brine_status brn_token_pattern_compile(struct brn_build *build, struct brn_slice pattern,
                                       bool python2, struct brn_token_pattern *ret_pattern)
{
    const char *expression;
    size_t groups;
    *ret_pattern = (struct brn_token_pattern){0};
    BRN_TRY(brn_pattern_text(build, pattern, python2, &expression, &groups));
    if (groups > 1)
        return brn_unsupported(build, "token_pattern", "it has %zu capturing groups", groups);
    ret_pattern->is_grouped = groups == 1;
    return compile(build, expression, ret_pattern);
}

brine_status brn_token_pattern_read(struct brn_build *build, struct brn_slice pattern, bool python2,
                                    struct brn_token_pattern *ret_pattern)
{
    size_t least = run_length(pattern, python2);
    *ret_pattern = (struct brn_token_pattern){.least = least};
    return least ? BRINE_OK : brn_token_pattern_compile(build, pattern, python2, ret_pattern);
}

/* ---- searching ---- */

brine_status brn_token_search_begin(const struct brn_token_pattern *pattern, struct brn_slice text,
                                    struct brn_work *work, struct brn_token_search *ret_search)
{
    pcre2_general_context *memory = pcre2_general_context_create(take_from_work, leave, work);
    pcre2_match_context *limits = memory ? pcre2_match_context_create(memory) : NULL;
    pcre2_match_data *found = limits ? pcre2_match_data_create(2, memory) : NULL;
    if (!found)
        return brn_fail_memory(work->err);
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KIB);
    *ret_search = (struct brn_token_search){pattern, text, 0, found, limits};
    return BRINE_OK;
}

static struct brn_token token_of(const struct brn_token_search *s)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(s->found);
    BRN_WRITTEN(at, 4 * sizeof *at); /* by the library: two pairs */
    if (s->pattern->is_grouped)
        at += 2;
    if (at[0] == PCRE2_UNSET) /* a group that took no part: findall() gives "" */
        return (struct brn_token){0, 0};
    return (struct brn_token){(uint32_t)at[0], (uint32_t)(at[1] - at[0])};
}

bool brn_token_search_next(struct brn_token_search *s, struct brn_token *tokens, size_t room,
                           size_t *ret_count)
{
    size_t count = 0;
    while (count < room) {
        int code = pcre2_match(s->pattern->code, s->text.p, s->text.n, s->at, PCRE2_NO_UTF_CHECK,
                               s->found, s->limits);
        if (code == PCRE2_ERROR_NOMATCH)
            break;
        if (code < 0)
            return false;
        tokens[count++] = token_of(s);
        s->at = pcre2_get_ovector_pointer(s->found)[1];
    }
    *ret_count = count;
    return true;
}
