/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/pattern.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps that one match may take; a field of a row is short. */
enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 1024, MAX_EXPRESSION = 4096 };

struct brn_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

static brine_status compile_failure(int code, size_t at, const char *expression, brine_error *err)
{
    char reason[160] = "";
    if (code == PCRE2_ERROR_NOMEMORY)
        return brn_fail_memory(err);
    pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
    return brn_fail(err, BRINE_FORMAT, "pattern %s: %s at character %zu", expression, reason,
                    at + 1);
}

brine_status brn_pattern_compile(const char *expression, struct brn_pattern **ret_pattern,
                                 brine_error *err)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    if (strlen(expression) > MAX_EXPRESSION)
        return brn_fail(err, BRINE_LIMIT, "a pattern of more than %d bytes", MAX_EXPRESSION);
    struct brn_pattern *p = calloc(1, sizeof *p);
    if (!p)
        return brn_fail_memory(err);
    p->code =
        pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    p->limits = p->code ? pcre2_match_context_create(NULL) : NULL;
    if (!p->limits) {
        brine_status status =
            p->code ? brn_fail_memory(err) : compile_failure(code, at, expression, err);
        brn_pattern_free(p);
        return status;
    }
    pcre2_set_match_limit(p->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(p->limits, HEAP_LIMIT_KIB);
    *ret_pattern = p;
    return BRINE_OK;
}

void brn_pattern_free(struct brn_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_match_context_free(pattern->limits);
    pcre2_code_free(pattern->code);
    free(pattern);
}

bool brn_pattern_matches(const struct brn_pattern *pattern, struct brn_slice text)
{
    pcre2_match_data *found = pcre2_match_data_create(1, NULL);
    if (!found)
        return false;
    int code = pcre2_match(pattern->code, text.p ? text.p : (PCRE2_SPTR) "", text.n, 0, 0, found,
                           pattern->limits);
    pcre2_match_data_free(found);
    return code >= 0;
}
