/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/predict.h"

#include <strings.h>

void brn_want_defaults(const struct brn_served *served, struct brn_prediction *p)
{
    for (size_t i = 0; i < served->output_count; i++)
        if (served->outputs[i].is_default)
            p->wanted[p->count++] = &served->outputs[i];
}

static struct brn_deadline deadline_of(const struct brn_exchange *x, uint64_t timeout_us)
{
    uint64_t ns = x->service->deadline_ns, asked;
    if (timeout_us && !__builtin_mul_overflow(timeout_us, UINT64_C(1000), &asked) &&
        (ns == 0 || asked < ns))
        ns = asked;
    return (struct brn_deadline){ns ? x->request->received_at + ns : 0, false};
}

/* ---- contract ---- */

enum { MOST_VIOLATIONS = 100 };

static bool lacks_columns(const struct brn_rows_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (result->list[i].row == BRINE_NOWHERE)
            return true;
    return false;
}

/* Piece by piece; but what is wrong with the whole table is said once. */
static brine_status check_rows(struct brn_exchange *x, const struct brn_table *rows,
                               struct brn_deadline *deadline, struct brn_rows_result *result,
                               brine_error *err)
{
    const struct brn_rules *rules = x->service->rules;
    struct brn_column *columns =
        brn_work_take(&x->desk->work, rows->column_count + 1, sizeof *columns);
    if (!columns)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    int64_t first = 0;
    do {
        struct brn_table piece = brn_table_piece(rows, first, columns);
        if (brn_deadline_is_passed(deadline))
            return brn_fail(err, BRINE_LIMIT, "the deadline passed at work");
        BRN_TRY(brn_rows_check(rules, &piece, (uint64_t)first, result, err));
        first += piece.rows;
    } while (first < rows->rows && !lacks_columns(result));
    return BRINE_OK;
}

/* BRINE_INPUT: the rows break it, and the reply says so. */
static brine_status check_contract(struct brn_exchange *x, const struct brn_table *rows,
                                   struct brn_deadline *deadline, brine_error *err)
{
    struct brn_work *work = &x->desk->work;
    size_t count = brn_rules_count(x->service->rules);
    struct brn_rows_result result = {.capacity = MOST_VIOLATIONS};
    result.list = brn_work_take(work, MOST_VIOLATIONS, sizeof *result.list);
    result.by_rule = brn_work_take(work, count + 1, sizeof *result.by_rule);
    if (!result.list || !result.by_rule)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    memset(result.by_rule, 0, (count + 1) * sizeof *result.by_rule);
    BRN_TRY(check_rows(x, rows, deadline, &result, err));
    brn_metrics_violations(x->service->metrics, result.by_rule);
    if (result.total)
        brn_reply_violations(x, &result);
    return result.total ? BRINE_INPUT : BRINE_OK;
}

/* ---- model ---- */

static brine_status predict(struct brn_exchange *x, const struct brn_table *rows,
                            struct brn_prediction *p, struct brn_deadline *deadline,
                            brine_error *err)
{
    const struct brn_served *s = x->service->served;
    struct brn_matching matching;
    struct brn_table applied = *rows;
    if (x->service->rules)
        BRN_TRY(brn_rows_apply(x->service->rules, rows, &x->desk->arena, &applied, err));
    BRN_TRY(brn_served_match(s, &applied, &x->desk->work, &matching, err));
    if (p->is_text_checked)
        BRN_TRY(brn_served_check_kinds(s, &applied, &matching, err));
    brn_metrics_rows(x->service->metrics, (uint64_t)rows->rows);
    return brn_served_run(s, &applied, &matching, p->wanted, p->count, deadline, &x->desk->work,
                          p->outputs, err);
}

static void reply_failed(struct brn_exchange *x, const struct brn_deadline *deadline,
                         const brine_error *err)
{
    if (deadline->is_passed)
        brn_reply_error(x, 504, "the deadline passed at work; send fewer rows");
    else
        brn_reply_failure(x, err);
}

static bool predict_checked(struct brn_exchange *x, const struct brn_table *rows,
                            struct brn_prediction *p, struct brn_deadline *deadline)
{
    brine_error err = {.status = BRINE_OK};
    brine_status status = predict(x, rows, p, deadline, &err);
    brn_arena_free(&x->desk->arena); /* outputs stand in the work memory */
    if (status == BRINE_INPUT)
        brn_metrics_refusal(x->service->metrics);
    if (status != BRINE_OK)
        reply_failed(x, deadline, &err);
    for (size_t i = 0; status == BRINE_OK && i < p->count; i++)
        brn_metrics_prediction(x->service->metrics, p->wanted[i], x->reply->rows);
    return status == BRINE_OK;
}

bool brn_predict_rows(struct brn_exchange *x, struct brn_table *rows, struct brn_prediction *p)
{
    brine_error err = {.status = BRINE_OK};
    struct brn_deadline deadline = deadline_of(x, p->timeout_us);
    x->reply->rows = (uint64_t)rows->rows;
    brn_served_name_columns(x->service->served, rows);
    if (x->service->rules) {
        brine_status status = check_contract(x, rows, &deadline, &err);
        if (status != BRINE_OK && status != BRINE_INPUT)
            reply_failed(x, &deadline, &err);
        if (status != BRINE_OK)
            return false;
    }
    return predict_checked(x, rows, p, &deadline);
}

/* ---- content types ---- */

static struct brn_slice trim(struct brn_slice s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (struct brn_slice){s.p + 1, s.n - 1};
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* The part up to the next ';', taken off *rest. */
static struct brn_slice next_part(struct brn_slice *rest)
{
    const uint8_t *semicolon = rest->n ? memchr(rest->p, ';', rest->n) : NULL;
    size_t n = semicolon ? (size_t)(semicolon - rest->p) : rest->n;
    struct brn_slice part = {rest->p, n};
    size_t used = semicolon ? n + 1 : n;
    *rest = (struct brn_slice){rest->p + used, rest->n - used};
    return trim(part);
}

static bool is_text(struct brn_slice s, const char *text)
{
    return s.n == strlen(text) && strncasecmp((const char *)s.p, text, s.n) == 0;
}

static bool is_utf8_charset(struct brn_slice parameter)
{
    return is_text(parameter, "charset=utf-8") || is_text(parameter, "charset=\"utf-8\"") ||
           parameter.n == 0;
}

bool brn_accept_type(struct brn_exchange *x, const char *const *types, size_t *ret_index)
{
    struct brn_slice sent = x->request->content_type;
    struct brn_slice rest = sent.p ? sent : brn_slice_of(""), type = next_part(&rest);
    bool is_plain = true;
    while (rest.n)
        is_plain = is_utf8_charset(next_part(&rest)) && is_plain;
    for (size_t i = 0; is_plain && types[i]; i++)
        if (is_text(type, types[i])) {
            *ret_index = i;
            return true;
        }
    brn_reply_error(x, 415,
                    "Content-Type \"%.*s\" is not read here; send \"%s\" (curl needs -H "
                    "'Content-Type: %s')",
                    BRN_S(sent), types[0], types[0]);
    return false;
}
