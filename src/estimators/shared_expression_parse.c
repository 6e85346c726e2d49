/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_expression_parse.c - from Python's text to steps.  Operators bind as in Python's grammar
 * (docs.python.org/3/reference/expressions.html). */
#include "base/number.h"
#include "estimators/shared_expression_private.h"

#include <ctype.h>

enum { MOST_STEPS = 4096, MOST_DEPTH = 60, MOST_SOURCE = 65536 };

struct parser {
    struct brn_build *build;
    const char *at;
    const struct brn_schema *in;
    struct brn_expression *e;
    struct brn_expression_step *steps;
    size_t capacity, depth, height;
    bool assume_text; /* columns without form are text */
};

typedef enum brn_expression_type type;

static brine_status if_else(struct parser *p, type *ret_type);

static brine_status unknown(const struct parser *p, const char *why)
{
    return brn_fail(p->build->err, BRINE_UNSUPPORTED,
                    "this part of the expression is not run without Python (%s): %.60s", why,
                    p->at);
}

/* ---- tokens ---- */

static void skip_blanks(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Takes a word or a sign when it stands next. */
static bool take(struct parser *p, const char *text)
{
    size_t n = strlen(text);
    skip_blanks(p);
    if (strncmp(p->at, text, n) != 0 || (is_name(text[n - 1]) && is_name(p->at[n])))
        return false;
    p->at += n;
    return true;
}

static brine_status need(struct parser *p, const char *text)
{
    return take(p, text) ? BRINE_OK : unknown(p, text);
}

/* ---- steps ---- */

static brine_status add_step(struct parser *p, struct brn_expression_step step, int growth)
{
    if (p->e->count >= MOST_STEPS)
        return unknown(p, "it is too long");
    if (!BRN_ARENA_RESERVE(p->build->arena, p->steps, p->e->count, p->capacity))
        return brn_fail_memory(p->build->err);
    p->steps[p->e->count++] = step;
    p->height = (size_t)((long)p->height + growth);
    if (p->height > p->e->stack)
        p->e->stack = p->height;
    return BRINE_OK;
}

static brine_status add(struct parser *p, enum brn_expression_op op, int growth)
{
    return add_step(p, (struct brn_expression_step){.op = op}, growth);
}

static brine_status add_number(struct parser *p, double number)
{
    return add_step(
        p, (struct brn_expression_step){.op = BRN_EXPRESSION_CONSTANT, .number = number}, 1);
}

/* None goes with anything. */
static bool unify(type a, type b, type *ret_type)
{
    *ret_type = a == BRN_EXPRESSION_NOTHING ? b : a;
    return a == b || a == BRN_EXPRESSION_NOTHING || b == BRN_EXPRESSION_NOTHING;
}

static brine_status want(const struct parser *p, type have, type wanted)
{
    return have == wanted ? BRINE_OK
                          : unknown(p, wanted == BRN_EXPRESSION_TEXT ? "text is wanted here"
                                                                     : "a number is wanted here");
}

/* ---- columns ---- */

static brine_status find_column(struct parser *p, size_t column, type *ret_type)
{
    struct brn_expression *e = p->e;
    const struct brn_slot *slot = p->in->slots[column];
    bool known = slot->number >= 0 || slot->document >= 0 || slot->code >= 0;
    bool is_text = known ? slot->number < 0 : p->assume_text;
    if (e->places[column] < 0) {
        e->places[column] =
            is_text ? brn_schema_document(p->in, column) : brn_schema_number(p->in, column);
        e->is_text[column] = is_text;
    }
    if (e->places[column] < 0)
        return unknown(p, "a column has another form");
    *ret_type = e->is_text[column] ? BRN_EXPRESSION_TEXT : BRN_EXPRESSION_NUMBER;
    return add_step(p, (struct brn_expression_step){.op = BRN_EXPRESSION_COLUMN, .index = column},
                    1);
}

/* A quoted text without escapes; bytes are the source's. */
static brine_status quoted(struct parser *p, struct brn_slice *ret_text)
{
    char quote = *p->at++;
    const char *begin = p->at;
    while (*p->at && *p->at != quote && *p->at != '\\')
        p->at++;
    if (*p->at != quote || (p->at == begin && p->at[1] == quote))
        return unknown(p, "quotes");
    *ret_text = (struct brn_slice){(const uint8_t *)begin, (size_t)(p->at++ - begin)};
    return BRINE_OK;
}

static brine_status named_column(struct parser *p, size_t *ret_column)
{
    struct brn_slice name;
    BRN_TRY(quoted(p, &name));
    for (size_t i = 0; i < p->in->count; i++)
        if (p->in->slots[i]->name && brn_slice_is(name, p->in->slots[i]->name)) {
            *ret_column = i;
            return BRINE_OK;
        }
    return unknown(p, "there is no column of that name");
}

static brine_status numbered_column(struct parser *p, size_t *ret_column)
{
    bool is_negative = take(p, "-");
    size_t number = 0;
    skip_blanks(p);
    if (!isdigit((unsigned char)*p->at))
        return unknown(p, "the number of a column is wanted");
    while (isdigit((unsigned char)*p->at) && number < 1000000)
        number = 10 * number + (size_t)(*p->at++ - '0');
    if (number >= p->in->count + is_negative || (is_negative && number == 0))
        return unknown(p, "there is no such column");
    *ret_column = is_negative ? p->in->count - number : number;
    return BRINE_OK;
}

/* X[i], X[:, i] of the releases before 0.38, X['name']. */
static brine_status column(struct parser *p, type *ret_type)
{
    size_t number = 0;
    BRN_TRY(need(p, "["));
    if (take(p, ":"))
        BRN_TRY(need(p, ","));
    skip_blanks(p);
    BRN_TRY(*p->at == '\'' || *p->at == '"' ? named_column(p, &number)
                                            : numbered_column(p, &number));
    BRN_TRY(need(p, "]"));
    return find_column(p, number, ret_type);
}

/* ---- calls ---- */

static brine_status is_null(struct parser *p, bool negated, type *ret_type)
{
    type argument;
    BRN_TRY(need(p, "("));
    BRN_TRY(if_else(p, &argument));
    BRN_TRY(need(p, ")"));
    BRN_TRY(add(
        p, argument == BRN_EXPRESSION_TEXT ? BRN_EXPRESSION_IS_NULL_TEXT : BRN_EXPRESSION_IS_NULL,
        0));
    *ret_type = BRN_EXPRESSION_NUMBER;
    return negated ? add(p, BRN_EXPRESSION_NOT, 0) : BRINE_OK;
}

static brine_status length(struct parser *p, type *ret_type)
{
    type argument;
    BRN_TRY(need(p, "("));
    BRN_TRY(if_else(p, &argument));
    BRN_TRY(want(p, argument, BRN_EXPRESSION_TEXT));
    *ret_type = BRN_EXPRESSION_NUMBER;
    BRN_TRY(need(p, ")"));
    return add(p, BRN_EXPRESSION_LENGTH, 0);
}

/* numpy.where evaluates both. */
static brine_status where(struct parser *p, type *ret_type)
{
    type condition, yes, no;
    BRN_TRY(need(p, "("));
    BRN_TRY(if_else(p, &condition));
    BRN_TRY(want(p, condition, BRN_EXPRESSION_NUMBER));
    BRN_TRY(need(p, ","));
    BRN_TRY(if_else(p, &yes));
    BRN_TRY(need(p, ","));
    BRN_TRY(if_else(p, &no));
    BRN_TRY(need(p, ")"));
    if (!unify(yes, no, ret_type))
        return unknown(p, "text and numbers");
    return add(p, BRN_EXPRESSION_SELECT, -2);
}

static brine_status function(struct parser *p, type *ret_type)
{
    char name[32];
    size_t n = 0;
    type argument;
    while (is_name(p->at[n]) && n + 1 < sizeof name)
        n++;
    memcpy(name, p->at, n);
    name[n] = '\0';
    const struct brn_function *f = brn_function_named(name);
    if (!f)
        return unknown(p, "a function that is not known");
    p->at += n;
    BRN_TRY(need(p, "("));
    BRN_TRY(if_else(p, &argument));
    BRN_TRY(want(p, argument, BRN_EXPRESSION_NUMBER));
    BRN_TRY(need(p, ")"));
    p->e->uses_functions |= !f->is_exact;
    *ret_type = BRN_EXPRESSION_NUMBER;
    return add_step(
        p, (struct brn_expression_step){.op = BRN_EXPRESSION_FUNCTION, .apply = f->apply}, 0);
}

/* ---- operands ---- */

static brine_status number(struct parser *p, type *ret_type)
{
    struct brn_decimal decimal;
    const uint8_t *begin = (const uint8_t *)p->at, *end = begin + strlen(p->at);
    const uint8_t *behind = brn_decimal_scan(begin, end, &decimal);
    if (!behind || is_name((char)*behind))
        return unknown(p, "a number");
    p->at = (const char *)behind;
    *ret_type = BRN_EXPRESSION_NUMBER;
    return add_number(p, brn_decimal_double(&decimal));
}

static brine_status text(struct parser *p, type *ret_type)
{
    struct brn_slice content;
    BRN_TRY(quoted(p, &content));
    char *copy = brn_arena_text(p->build->arena, content);
    if (!copy)
        return brn_fail_memory(p->build->err);
    *ret_type = BRN_EXPRESSION_TEXT;
    return add_step(p,
                    (struct brn_expression_step){.op = BRN_EXPRESSION_CONSTANT,
                                                 .text = {(const uint8_t *)copy, content.n}},
                    1);
}

static brine_status constant(struct parser *p, double value, type of, type *ret_type)
{
    *ret_type = of;
    return add_number(p, value);
}

static bool take_any(struct parser *p, const char *const *words)
{
    for (; *words; words++)
        if (take(p, *words))
            return true;
    return false;
}

static brine_status operand(struct parser *p, type *ret_type)
{
    static const char *const null[] = {"pandas.isnull", "pandas.isna", "pd.isnull", "pd.isna",
                                       NULL};
    static const char *const not_null[] = {"pandas.notnull", "pandas.notna", "pd.notnull",
                                           "pd.notna", NULL};
    skip_blanks(p);
    if (take(p, "(")) {
        BRN_TRY(if_else(p, ret_type));
        return need(p, ")");
    }
    if (*p->at == '\'' || *p->at == '"')
        return text(p, ret_type);
    if (isdigit((unsigned char)*p->at) || *p->at == '.')
        return number(p, ret_type);
    if (take(p, "X"))
        return column(p, ret_type);
    if (take(p, "True"))
        return constant(p, 1, BRN_EXPRESSION_NUMBER, ret_type);
    if (take(p, "False"))
        return constant(p, 0, BRN_EXPRESSION_NUMBER, ret_type);
    if (take(p, "None"))
        return constant(p, (double)NAN, BRN_EXPRESSION_NOTHING, ret_type);
    if (take_any(p, null))
        return is_null(p, false, ret_type);
    if (take_any(p, not_null))
        return is_null(p, true, ret_type);
    if (take(p, "len"))
        return length(p, ret_type);
    if (take(p, "numpy.where") || take(p, "np.where"))
        return where(p, ret_type);
    if (strncmp(p->at, "numpy.", 6) == 0 || strncmp(p->at, "np.", 3) == 0) {
        p->at = strchr(p->at, '.') + 1;
        return function(p, ret_type);
    }
    return unknown(p, "an operand");
}

/* ---- operators, from those that bind most ---- */

static brine_status sign(struct parser *p, type *ret_type);

static brine_status power(struct parser *p, type *ret_type)
{
    type right;
    BRN_TRY(operand(p, ret_type));
    if (!take(p, "**"))
        return BRINE_OK;
    BRN_TRY(want(p, *ret_type, BRN_EXPRESSION_NUMBER));
    if (++p->depth > MOST_DEPTH)
        return unknown(p, "it is nested too deep");
    brine_status status = sign(p, &right);
    p->depth--;
    BRN_TRY(status);
    BRN_TRY(want(p, right, BRN_EXPRESSION_NUMBER));
    p->e->uses_functions = true;
    return add(p, BRN_EXPRESSION_POWER, -1);
}

static brine_status sign(struct parser *p, type *ret_type)
{
    bool is_minus = take(p, "-");
    if (!is_minus && !take(p, "+"))
        return power(p, ret_type);
    if (++p->depth > MOST_DEPTH)
        return unknown(p, "it is nested too deep");
    brine_status status = sign(p, ret_type);
    p->depth--;
    BRN_TRY(status);
    BRN_TRY(want(p, *ret_type, BRN_EXPRESSION_NUMBER));
    return is_minus ? add(p, BRN_EXPRESSION_NEGATE, 0) : BRINE_OK;
}

struct operator
{
    const char *sign;
    enum brn_expression_op op;
};

static const struct operator* find_operator(struct parser *p, const struct operator* operators)
{
    for (; operators->sign; operators++)
        if (take(p, operators->sign))
            return operators;
    return NULL;
}

static brine_status term(struct parser *p, type *ret_type)
{
    static const struct operator operators[] = {{"//", BRN_EXPRESSION_FLOOR_DIVIDE},
                                                {"*", BRN_EXPRESSION_MULTIPLY},
                                                {"/", BRN_EXPRESSION_DIVIDE},
                                                {"%", BRN_EXPRESSION_MODULO},
                                                {NULL, BRN_EXPRESSION_CONSTANT}};
    const struct operator* o;
    type right;
    BRN_TRY(sign(p, ret_type));
    while ((o = find_operator(p, operators))) {
        if (p->build->graph->python2 && o->op == BRN_EXPRESSION_DIVIDE)
            return unknown(p, "a division of Python 2");
        BRN_TRY(want(p, *ret_type, BRN_EXPRESSION_NUMBER));
        BRN_TRY(sign(p, &right));
        BRN_TRY(want(p, right, BRN_EXPRESSION_NUMBER));
        BRN_TRY(add(p, o->op, -1));
    }
    return BRINE_OK;
}

static brine_status sum(struct parser *p, type *ret_type)
{
    static const struct operator operators[] = {
        {"+", BRN_EXPRESSION_ADD}, {"-", BRN_EXPRESSION_SUBTRACT}, {NULL, BRN_EXPRESSION_CONSTANT}};
    const struct operator* o;
    type right;
    BRN_TRY(term(p, ret_type));
    while ((o = find_operator(p, operators))) {
        BRN_TRY(term(p, &right));
        bool joins = o->op == BRN_EXPRESSION_ADD && *ret_type == BRN_EXPRESSION_TEXT;
        BRN_TRY(want(p, *ret_type, joins ? BRN_EXPRESSION_TEXT : BRN_EXPRESSION_NUMBER));
        BRN_TRY(want(p, right, *ret_type));
        BRN_TRY(add(p, joins ? BRN_EXPRESSION_JOIN : o->op, -1));
    }
    return BRINE_OK;
}

static brine_status comparison(struct parser *p, type *ret_type)
{
    static const struct operator operators[] = {
        {"==", BRN_EXPRESSION_EQUAL},      {"!=", BRN_EXPRESSION_NOT_EQUAL},
        {"<=", BRN_EXPRESSION_LESS_EQUAL}, {">=", BRN_EXPRESSION_GREATER_EQUAL},
        {"<", BRN_EXPRESSION_LESS},        {">", BRN_EXPRESSION_GREATER},
        {NULL, BRN_EXPRESSION_CONSTANT}};
    type right;
    BRN_TRY(sum(p, ret_type));
    const struct operator* o = find_operator(p, operators);
    if (!o)
        return BRINE_OK;
    BRN_TRY(sum(p, &right));
    BRN_TRY(want(p, right, *ret_type));
    enum brn_expression_op text = BRN_EXPRESSION_TEXT_EQUAL + (o->op - BRN_EXPRESSION_EQUAL);
    BRN_TRY(add(p, *ret_type == BRN_EXPRESSION_TEXT ? text : o->op, -1));
    *ret_type = BRN_EXPRESSION_NUMBER;
    return find_operator(p, operators) ? unknown(p, "a chain of comparisons") : BRINE_OK;
}

static brine_status negation(struct parser *p, type *ret_type)
{
    if (!take(p, "not"))
        return comparison(p, ret_type);
    if (++p->depth > MOST_DEPTH)
        return unknown(p, "it is nested too deep");
    brine_status status = negation(p, ret_type);
    p->depth--;
    BRN_TRY(status);
    BRN_TRY(want(p, *ret_type, BRN_EXPRESSION_NUMBER));
    return add(p, BRN_EXPRESSION_NOT, 0);
}

/* The left operand is the result where it decides, else the right one. */
static brine_status choice(struct parser *p, const char *word, enum brn_expression_op op,
                           brine_status (*operand_of)(struct parser *, type *), type *ret_type)
{
    type right;
    BRN_TRY(operand_of(p, ret_type));
    while (take(p, word)) {
        size_t jump = p->e->count;
        BRN_TRY(want(p, *ret_type, BRN_EXPRESSION_NUMBER));
        BRN_TRY(add(p, op, -1));
        BRN_TRY(operand_of(p, &right));
        BRN_TRY(want(p, right, BRN_EXPRESSION_NUMBER));
        p->steps[jump].index = p->e->count;
    }
    return BRINE_OK;
}

static brine_status all_of(struct parser *p, type *ret_type)
{
    return choice(p, "and", BRN_EXPRESSION_AND, negation, ret_type);
}

static brine_status any_of(struct parser *p, type *ret_type)
{
    return choice(p, "or", BRN_EXPRESSION_OR, all_of, ret_type);
}

/* "yes if condition else no": yes is written first and evaluated second, so its steps are moved
 * behind the condition's by jumps. */
static brine_status if_else(struct parser *p, type *ret_type)
{
    type condition, no;
    if (++p->depth > MOST_DEPTH)
        return unknown(p, "it is nested too deep");
    size_t start = p->e->count;
    BRN_TRY(add(p, BRN_EXPRESSION_JUMP, 0)); /* to the condition; nothing to do without one */
    BRN_TRY(any_of(p, ret_type));
    p->steps[start].index = start + 1;
    if (take(p, "if")) {
        size_t behind_yes = p->e->count;
        BRN_TRY(add(p, BRN_EXPRESSION_JUMP, -1));
        p->steps[start].index = p->e->count;
        BRN_TRY(any_of(p, &condition));
        BRN_TRY(want(p, condition, BRN_EXPRESSION_NUMBER));
        BRN_TRY(add_step(
            p, (struct brn_expression_step){.op = BRN_EXPRESSION_JUMP_IF, .index = start + 1}, -1));
        BRN_TRY(need(p, "else"));
        BRN_TRY(if_else(p, &no));
        p->steps[behind_yes].index = p->e->count;
        if (!unify(*ret_type, no, ret_type))
            return unknown(p, "text and numbers");
    }
    p->depth--;
    return BRINE_OK;
}

static bool is_boolean_op(enum brn_expression_op op)
{
    return op == BRN_EXPRESSION_NOT || op == BRN_EXPRESSION_IS_NULL ||
           op == BRN_EXPRESSION_IS_NULL_TEXT ||
           (op >= BRN_EXPRESSION_EQUAL && op <= BRN_EXPRESSION_TEXT_GREATER);
}

static brine_status compile(struct brn_build *build, const char *source,
                            const struct brn_schema *in, bool assume_text, struct brn_expression *e)
{
    struct parser p = {.build = build, .at = source, .in = in, .e = e, .assume_text = assume_text};
    *e = (struct brn_expression){.in = in,
                                 .places = BRN_BUILD_NEW(build, int32_t, in->count),
                                 .is_text = BRN_BUILD_NEW(build, bool, in->count)};
    if (!e->places || !e->is_text)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++)
        e->places[i] = -1;
    BRN_TRY(if_else(&p, &e->type));
    skip_blanks(&p);
    if (*p.at)
        return unknown(&p, "something stands behind its end");
    e->steps = p.steps;
    e->is_boolean = is_boolean_op(p.steps[e->count - 1].op);
    return BRINE_OK;
}

brine_status brn_expression_compile(struct brn_build *build, const char *source,
                                    const struct brn_schema *in, struct brn_expression *ret)
{
    if (in->is_compressed || strlen(source) > MOST_SOURCE)
        return brn_unsupported(build, "expr", "an expression over a sparse matrix, or too long");
    brine_status status = BRINE_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        status = compile(build, source, in, attempt == 1, ret);
        if (status != BRINE_UNSUPPORTED)
            break;
    }
    if (status != BRINE_OK)
        brn_error_within(build->err, "expr");
    return status;
}
