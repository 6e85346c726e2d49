/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/gate.h"

#include "base/number.h"

#include <stdarg.h>
#include <stdio.h>

enum token { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_MARK, TOKEN_WRONG };

struct lexer {
    const char *text, *at;
    enum token token;
    struct brn_slice spelling; /* of the token */
    double number;
    brine_error *err;
};

/* ---- tokens ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A hyphen belongs to a word when the next character does, too. */
static const char *word_end(const char *p)
{
    while (is_letter(*p) || is_digit(*p) || (*p == '-' && (is_letter(p[1]) || is_digit(p[1]))))
        p++;
    return p;
}

static const char *number_end(const char *p)
{
    while (is_digit(*p) || *p == '.' || *p == 'e' || *p == 'E' ||
           ((*p == '-' || *p == '+') && (p[-1] == 'e' || p[-1] == 'E')))
        p++;
    return p;
}

static void next(struct lexer *l)
{
    while (*l->at == ' ' || *l->at == '\t' || *l->at == '\n')
        l->at++;
    const char *begin = l->at, *end = begin + 1;
    if (*begin == '\0') {
        l->token = TOKEN_END;
        end = begin;
    } else if (is_letter(*begin)) {
        l->token = TOKEN_WORD;
        end = word_end(begin);
    } else if (is_digit(*begin) || ((*begin == '-' || *begin == '+') && is_digit(begin[1]))) {
        l->token = TOKEN_NUMBER;
        end = number_end(begin + 1);
    } else if (strchr("<>=", *begin)) {
        l->token = TOKEN_SIGN;
        end += begin[1] == '=';
    } else {
        l->token = strchr("().*-", *begin) ? TOKEN_MARK : TOKEN_WRONG;
    }
    l->spelling = (struct brn_slice){(const uint8_t *)begin, (size_t)(end - begin)};
    l->at = end;
    if (l->token == TOKEN_NUMBER && !brn_parse_double(l->spelling, &l->number))
        l->token = TOKEN_WRONG;
}

static brine_status fail(struct lexer *l, const char *expected)
{
    size_t place = (size_t)((const char *)l->spelling.p - l->text) + 1;
    if (l->token == TOKEN_END)
        return brn_fail(l->err, BRINE_FORMAT, "\"%s\" ends where %s is needed", l->text, expected);
    return brn_fail(l->err, BRINE_FORMAT, "\"%s\", character %zu: %s is needed, not \"%.*s\"",
                    l->text, place, expected, BRN_S(l->spelling));
}

static bool is_word(const struct lexer *l, const char *text)
{
    return l->token != TOKEN_END && brn_slice_is(l->spelling, text);
}

static brine_status take(struct lexer *l, const char *text)
{
    if (!is_word(l, text))
        return fail(l, text);
    next(l);
    return BRINE_OK;
}

/* ---- pieces ---- */

static brine_status parse_metric(struct lexer *l, struct brn_gate *gate)
{
    gate->metric = l->token == TOKEN_WORD ? brn_metric_find(l->spelling) : NULL;
    if (!gate->metric)
        return fail(l, "a metric");
    next(l);
    return BRINE_OK;
}

static brine_status parse_part(struct lexer *l, struct brn_gate *gate)
{
    static const char *const parts[] = {"point", "lower", "upper"};
    for (int i = 0; i < 3; i++)
        if (is_word(l, parts[i])) {
            gate->part = (enum brn_gate_part_of)i;
            next(l);
            return BRINE_OK;
        }
    return fail(l, "lower, upper or point");
}

static brine_status parse_amount(struct lexer *l, struct brn_gate *gate)
{
    BRN_TRY(parse_metric(l, gate));
    if (!is_word(l, "-"))
        return BRINE_OK;
    next(l);
    BRN_TRY(take(l, "baseline"));
    BRN_TRY(take(l, "."));
    if (l->token != TOKEN_WORD)
        return fail(l, "a baseline's name");
    gate->baseline = l->spelling;
    next(l);
    return BRINE_OK;
}

static brine_status parse_where(struct lexer *l, struct brn_gate *gate)
{
    if (!is_word(l, "where"))
        return BRINE_OK;
    next(l);
    BRN_TRY(take(l, "n"));
    BRN_TRY(take(l, ">="));
    if (l->token != TOKEN_NUMBER)
        return fail(l, "a number of rows");
    gate->least_rows = l->number;
    next(l);
    return BRINE_OK;
}

static brine_status parse_slices(struct lexer *l, struct brn_gate *gate)
{
    gate->kind = BRN_GATE_SLICES;
    gate->is_max = is_word(l, "max");
    next(l);
    BRN_TRY(take(l, "over"));
    BRN_TRY(take(l, "slice"));
    BRN_TRY(parse_where(l, gate));
    BRN_TRY(take(l, "of"));
    BRN_TRY(parse_metric(l, gate));
    BRN_TRY(take(l, "."));
    return parse_part(l, gate);
}

static brine_status parse_sign(struct lexer *l, struct brn_gate *gate)
{
    for (int i = 0; i <= BRN_SIGN_EQUAL; i++)
        if (is_word(l, brn_gate_sign_text((enum brn_gate_sign)i))) {
            gate->sign = (enum brn_gate_sign)i;
            next(l);
            return BRINE_OK;
        }
    return fail(l, "<, <=, >, >= or ==");
}

static brine_status parse_threshold(struct lexer *l, struct brn_gate *gate)
{
    BRN_TRY(parse_sign(l, gate));
    if (l->token != TOKEN_NUMBER)
        return fail(l, "a number");
    gate->threshold = l->number;
    next(l);
    return BRINE_OK;
}

/* "leakage.*" or "contract.range", behind which "== pass" stands. */
static brine_status parse_checks(struct lexer *l, struct brn_gate *gate)
{
    static const char *const families[] = {"leakage",     "contract", "drift", "skew",
                                           "calibration", "metric",   "power", NULL};
    const uint8_t *begin = l->spelling.p;
    bool known = false;
    for (int i = 0; families[i]; i++)
        known = known || is_word(l, families[i]);
    if (!known)
        return fail(l, "a metric, lower(…), min over slice, or checks such as leakage.*");
    gate->kind = BRN_GATE_CHECKS;
    next(l);
    BRN_TRY(take(l, "."));
    gate->is_exact = l->token == TOKEN_WORD;
    if (!gate->is_exact && !is_word(l, "*"))
        return fail(l, "* or the name of a check");
    const uint8_t *end = gate->is_exact ? l->spelling.p + l->spelling.n : l->spelling.p;
    gate->prefix = (struct brn_slice){begin, (size_t)(end - begin)};
    next(l);
    BRN_TRY(take(l, "=="));
    return take(l, "pass");
}

static brine_status parse_parity(struct lexer *l, struct brn_gate *gate)
{
    gate->kind = BRN_GATE_PARITY;
    next(l);
    BRN_TRY(take(l, "."));
    BRN_TRY(take(l, "max_abs_diff"));
    return parse_threshold(l, gate);
}

/* lower(…), upper(…), point(…) */
static brine_status parse_bounded(struct lexer *l, struct brn_gate *gate)
{
    BRN_TRY(parse_part(l, gate));
    BRN_TRY(take(l, "("));
    BRN_TRY(parse_amount(l, gate));
    BRN_TRY(take(l, ")"));
    return parse_threshold(l, gate);
}

static brine_status parse_gate(struct lexer *l, struct brn_gate *gate)
{
    if (is_word(l, "parity"))
        return parse_parity(l, gate);
    if (is_word(l, "min") || is_word(l, "max")) {
        BRN_TRY(parse_slices(l, gate));
        return parse_threshold(l, gate);
    }
    if (is_word(l, "lower") || is_word(l, "upper") || is_word(l, "point"))
        return parse_bounded(l, gate);
    if (l->token == TOKEN_WORD && brn_metric_find(l->spelling)) {
        BRN_TRY(parse_amount(l, gate));
        return parse_threshold(l, gate);
    }
    return parse_checks(l, gate);
}

brine_status brn_gate_parse(const char *text, struct brn_gate *ret_gate, brine_error *err)
{
    struct lexer l = {.text = text, .at = text, .err = err};
    struct brn_gate gate = {.kind = BRN_GATE_AMOUNT};
    next(&l);
    BRN_TRY(parse_gate(&l, &gate));
    if (l.token != TOKEN_END)
        return fail(&l, "the end");
    *ret_gate = gate;
    return BRINE_OK;
}

const char *brn_gate_sign_text(enum brn_gate_sign sign)
{
    static const char *const texts[] = {"<", "<=", ">", ">=", "=="};
    return texts[sign];
}

bool brn_gate_compare(const struct brn_gate *gate, double value)
{
    switch (gate->sign) {
    case BRN_SIGN_LESS:
        return value < gate->threshold;
    case BRN_SIGN_LESS_EQUAL:
        return value <= gate->threshold;
    case BRN_SIGN_GREATER:
        return value > gate->threshold;
    case BRN_SIGN_GREATER_EQUAL:
        return value >= gate->threshold;
    default:
        return value == gate->threshold;
    }
}
