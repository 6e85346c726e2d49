/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_expression.c - the machine that runs an expression's steps for a row. */
#include "estimators/shared_expression_private.h"

/* One row under way. */
struct run {
    const struct brn_tile *in;
    size_t row;
    struct brn_work *work;
    struct brn_expression_value *top; /* behind the last value */
};

static brine_status refuse(const struct run *run, const char *why)
{
    return brn_refuse(run->work, run->in, run->row, NULL, "the expression %s", why);
}

static struct brn_expression_value column_value(const struct brn_expression *e,
                                                const struct brn_tile *in, size_t r, size_t i)
{
    struct brn_expression_value v = {0, {NULL, 0}};
    if (e->is_text[i])
        v.text = in->documents[r * in->document_stride + (size_t)e->places[i]];
    else
        v.number = in->numbers[r * in->number_stride + (size_t)e->places[i]];
    return v;
}

/* ---- numbers ---- */

static bool is_whole(double v)
{
    return v == floor(v);
}

/* Whole numbers may be integers in Python, which are exact where float64 is not. */
static bool is_exact(double left, double right, double result)
{
    return fabs(result) < 0x1p53 || !is_whole(left) || !is_whole(right) || !isfinite(left) ||
           !isfinite(right);
}

/* numpy's npy_divmod. */
static double modulo(double a, double b)
{
    double mod = fmod(a, b);
    if (mod == 0)
        return copysign(0, b);
    return (b < 0) != (mod < 0) ? mod + b : mod;
}

static double floor_divide(double a, double b)
{
    double mod = fmod(a, b), quotient = (a - mod) / b;
    if (mod != 0 && (b < 0) != (mod < 0))
        quotient -= 1;
    if (quotient == 0)
        return copysign(0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static double arithmetic(enum brn_expression_op op, double a, double b)
{
    switch (op) {
    case BRN_EXPRESSION_ADD:
        return a + b;
    case BRN_EXPRESSION_SUBTRACT:
        return a - b;
    case BRN_EXPRESSION_MULTIPLY:
        return a * b;
    case BRN_EXPRESSION_DIVIDE:
        return a / b;
    case BRN_EXPRESSION_FLOOR_DIVIDE:
        return floor_divide(a, b);
    case BRN_EXPRESSION_MODULO:
        return modulo(a, b);
    default:
        return pow(a, b);
    }
}

static brine_status calculate(struct run *run, enum brn_expression_op op)
{
    double b = (--run->top)->number, a = run->top[-1].number;
    bool divides = op == BRN_EXPRESSION_DIVIDE || op == BRN_EXPRESSION_FLOOR_DIVIDE ||
                   op == BRN_EXPRESSION_MODULO;
    if (divides && b == 0)
        return refuse(run, "divides by zero");
    if (op == BRN_EXPRESSION_POWER && (a == 0 || is_whole(a)) && b < 0)
        return refuse(run, "has a negative power of a whole number");
    double result = arithmetic(op, a, b);
    if (!is_exact(a, b, result))
        return refuse(run, "gives a whole number beyond 2^53");
    run->top[-1].number = result;
    return BRINE_OK;
}

static bool compare(enum brn_expression_op op, double a, double b)
{
    switch (op) {
    case BRN_EXPRESSION_EQUAL:
        return a == b;
    case BRN_EXPRESSION_NOT_EQUAL:
        return a != b;
    case BRN_EXPRESSION_LESS_EQUAL:
        return a <= b;
    case BRN_EXPRESSION_GREATER_EQUAL:
        return a >= b;
    case BRN_EXPRESSION_LESS:
        return a < b;
    default:
        return a > b;
    }
}

static brine_status apply(struct run *run, double (*function)(double x))
{
    double x = run->top[-1].number, y = function(x);
    if (isfinite(x) && !isfinite(y))
        return refuse(run, "asks a function for a value that it does not have");
    run->top[-1].number = y;
    return BRINE_OK;
}

/* ---- texts ---- */

static brine_status join(struct run *run)
{
    struct brn_slice b = (--run->top)->text, a = run->top[-1].text;
    if (!a.p || !b.p)
        return refuse(run, "joins a missing text");
    uint8_t *bytes = brn_work_text(run->work, a.n + b.n + 1);
    if (!bytes)
        return brn_fail_memory(run->work->err);
    memcpy(bytes, a.p, a.n);
    memcpy(bytes + a.n, b.p, b.n);
    run->top[-1].text = (struct brn_slice){bytes, a.n + b.n};
    return BRINE_OK;
}

/* UTF-8 compares as its code points do. */
static int order(struct brn_slice a, struct brn_slice b)
{
    int by_bytes = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return by_bytes ? by_bytes : (a.n > b.n) - (a.n < b.n);
}

static brine_status compare_texts(struct run *run, enum brn_expression_op op)
{
    struct brn_slice b = (--run->top)->text, a = run->top[-1].text;
    if (!a.p || !b.p)
        return refuse(run, "compares a missing text");
    enum brn_expression_op of_numbers = op - BRN_EXPRESSION_TEXT_EQUAL + BRN_EXPRESSION_EQUAL;
    run->top[-1] = (struct brn_expression_value){compare(of_numbers, order(a, b), 0), {NULL, 0}};
    return BRINE_OK;
}

static brine_status length(struct run *run)
{
    struct brn_slice text = run->top[-1].text;
    size_t characters = 0;
    if (!text.p)
        return refuse(run, "asks a missing text for its length");
    for (size_t i = 0; i < text.n; i++)
        characters += (text.p[i] & 0xC0) != 0x80;
    run->top[-1] = (struct brn_expression_value){(double)characters, {NULL, 0}};
    return BRINE_OK;
}

/* ---- steps ---- */

static bool is_true(const struct run *run)
{
    return run->top[-1].number != 0; /* NaN is true */
}

/* A step that jumps; the number of the next one. */
static size_t jump(struct run *run, const struct brn_expression_step *step, size_t next)
{
    bool holds = step->op != BRN_EXPRESSION_JUMP && is_true(run);
    switch (step->op) {
    case BRN_EXPRESSION_JUMP:
        return step->index;
    case BRN_EXPRESSION_JUMP_IF:
        run->top--;
        return holds ? step->index : next;
    default:
        if (holds == (step->op == BRN_EXPRESSION_OR))
            return step->index;
        run->top--;
        return next;
    }
}

static void select_value(struct run *run)
{
    run->top -= 2;
    run->top[-1] = is_true(run) ? run->top[0] : run->top[1];
}

static brine_status take_step(const struct brn_expression *e,
                              const struct brn_expression_step *step, struct run *run)
{
    enum brn_expression_op op = step->op;
    if (op >= BRN_EXPRESSION_ADD && op <= BRN_EXPRESSION_POWER)
        return calculate(run, op);
    if (op >= BRN_EXPRESSION_TEXT_EQUAL && op <= BRN_EXPRESSION_TEXT_GREATER)
        return compare_texts(run, op);
    if (op >= BRN_EXPRESSION_EQUAL && op <= BRN_EXPRESSION_GREATER) {
        double b = (--run->top)->number;
        run->top[-1].number = compare(op, run->top[-1].number, b);
        return BRINE_OK;
    }
    switch (op) {
    case BRN_EXPRESSION_CONSTANT:
        *run->top++ = (struct brn_expression_value){step->number, step->text};
        return BRINE_OK;
    case BRN_EXPRESSION_COLUMN:
        *run->top++ = column_value(e, run->in, run->row, step->index);
        return BRINE_OK;
    case BRN_EXPRESSION_NEGATE:
        run->top[-1].number = -run->top[-1].number;
        return BRINE_OK;
    case BRN_EXPRESSION_NOT:
        run->top[-1].number = !is_true(run);
        return BRINE_OK;
    case BRN_EXPRESSION_IS_NULL:
        run->top[-1].number = isnan(run->top[-1].number);
        return BRINE_OK;
    case BRN_EXPRESSION_IS_NULL_TEXT:
        run->top[-1] = (struct brn_expression_value){!run->top[-1].text.p, {NULL, 0}};
        return BRINE_OK;
    case BRN_EXPRESSION_JOIN:
        return join(run);
    case BRN_EXPRESSION_LENGTH:
        return length(run);
    case BRN_EXPRESSION_FUNCTION:
        return apply(run, step->apply);
    default:
        select_value(run);
        return BRINE_OK;
    }
}

brine_status brn_expression_run(const struct brn_expression *e, const struct brn_tile *in, size_t r,
                                struct brn_expression_value *stack, struct brn_work *work,
                                struct brn_expression_value *ret_value)
{
    struct run run = {.in = in, .row = r, .work = work, .top = stack};
    for (size_t i = 0; i < e->count;) {
        const struct brn_expression_step *step = &e->steps[i++];
        if (step->op >= BRN_EXPRESSION_AND)
            i = jump(&run, step, i);
        else
            BRN_TRY(take_step(e, step, &run));
    }
    *ret_value = run.top[-1];
    return BRINE_OK;
}

bool brn_expression_row_is_missing(const struct brn_expression *e, const struct brn_tile *in,
                                   size_t r)
{
    for (size_t i = 0; i < e->in->count; i++) {
        if (e->places[i] < 0)
            continue;
        struct brn_expression_value v = column_value(e, in, r, i);
        if (e->is_text[i] ? !v.text.p : isnan(v.number))
            return true;
    }
    return false;
}
