/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_gp_kernel.h"

#include "kernel/exponential.h"
#include "kernel/panel.h"

#include <math.h>

/* ---- reading ---- */

const struct brn_era brn_gp_single_eras[] = {
    {0, 10500, true, "float32 rows are divided by one length_scale as float32 (numpy 1)"},
    {10500, 0, false, "they become float64 (numpy 2)"},
    BRN_ERA_END,
};

struct reading {
    struct brn_build *build;
    const struct brn_matrix *rows;
    bool single, divides_single; /* the rows are float32; one scale divides them so */
    struct brn_gp_kernel *kernel;
    const double *plain; /* panels of the rows as they are */
};

static brine_status number(const struct reading *reading, const struct brn_node *node,
                           const char *attribute, double *ret)
{
    brine_status status =
        brn_decode_number(reading->build, brn_node_attribute(node, attribute), ret);
    if (status != BRINE_OK)
        brn_error_within(reading->build->err, "%s", attribute);
    return status;
}

static double divided(double value, double scale, bool single)
{
    return single ? (double)((float)value / (float)scale) : value / scale;
}

/* The training rows, each feature divided by its scale, in panels. */
static brine_status lay_out(const struct reading *reading, const double *scales, bool single,
                            const double **ret_panels)
{
    const struct brn_matrix *rows = reading->rows;
    size_t values = reading->kernel->stride * rows->columns;
    double *panels = brn_arena_alloc(reading->build->arena, values, sizeof *panels, 64);
    if (!panels)
        return brn_fail_memory(reading->build->err);
    brn_panel_fill(rows->values, rows->rows, rows->columns, panels);
    for (size_t i = 0; scales && i < values; i++)
        panels[i] = divided(panels[i], scales[i / BRN_PANEL % rows->columns], single);
    *ret_panels = panels;
    return BRINE_OK;
}

/* A number, an array or a list of numbers. */
static brine_status read_numbers(const struct reading *reading, const struct brn_node *node,
                                 const double **ret_values, size_t *ret_count)
{
    struct brn_build *build = reading->build;
    struct brn_matrix matrix = {0};
    struct brn_values values = {0};
    if (!brn_is(node, BRN_LIST) && !brn_is(node, BRN_TUPLE)) {
        BRN_TRY(brn_decode_matrix(build, node, &matrix));
        *ret_values = matrix.values;
        *ret_count = matrix.rows * matrix.columns;
        return BRINE_OK;
    }
    BRN_TRY(brn_decode_values(build, node, &values));
    double *numbers = BRN_BUILD_NEW(build, double, values.count);
    if (!numbers)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < values.count; i++)
        if (!brn_value_number(values.at[i], &numbers[i]))
            return brn_fail(build->err, BRINE_MODEL, "item %zu is no number", i);
    *ret_values = numbers;
    *ret_count = values.count;
    return BRINE_OK;
}

/* length_scale: one number, or one a feature. */
static brine_status read_scaled(const struct reading *reading, const struct brn_node *node,
                                struct brn_gp_step *step)
{
    const double *given = NULL;
    size_t count = 0, n = reading->rows->columns;
    double *scales = BRN_BUILD_NEW(reading->build, double, n);
    if (!scales)
        return brn_fail_memory(reading->build->err);
    brine_status status =
        read_numbers(reading, brn_node_attribute(node, "length_scale"), &given, &count);
    if (status == BRINE_OK && count != 1 && count != n)
        status =
            brn_fail(reading->build->err, BRINE_MODEL, "has %zu values for %zu features", count, n);
    if (status != BRINE_OK) {
        brn_error_within(reading->build->err, "length_scale");
        return status;
    }
    for (size_t f = 0; f < n; f++)
        scales[f] = given[count == 1 ? 0 : f];
    step->scales = scales;
    step->one_scale = count == 1;
    return lay_out(reading, scales, step->one_scale && reading->divides_single, &step->panels);
}

static brine_status read_plain(struct reading *reading, struct brn_gp_step *step)
{
    if (!reading->plain)
        BRN_TRY(lay_out(reading, NULL, false, &reading->plain));
    step->panels = reading->plain;
    return BRINE_OK;
}

static brine_status read_rbf(struct reading *reading, const struct brn_node *node,
                             struct brn_gp_step *step)
{
    step->operation = BRN_GP_RBF;
    return read_scaled(reading, node, step);
}

static brine_status read_matern(struct reading *reading, const struct brn_node *node,
                                struct brn_gp_step *step)
{
    double nu;
    BRN_TRY(number(reading, node, "nu", &nu));
    if (nu != 0.5 && nu != 1.5 && nu != 2.5)
        return brn_unsupported(reading->build, "nu", "of Matern is %g", nu);
    step->operation = nu == 0.5 ? BRN_GP_MATERN_1 : nu == 1.5 ? BRN_GP_MATERN_3 : BRN_GP_MATERN_5;
    return read_scaled(reading, node, step);
}

static brine_status read_rational(struct reading *reading, const struct brn_node *node,
                                  struct brn_gp_step *step)
{
    double scale;
    step->operation = BRN_GP_RATIONAL;
    BRN_TRY(number(reading, node, "length_scale", &scale));
    BRN_TRY(number(reading, node, "alpha", &step->a));
    step->b = 2 * step->a * (scale * scale);
    return read_plain(reading, step);
}

static brine_status read_periodic(struct reading *reading, const struct brn_node *node,
                                  struct brn_gp_step *step)
{
    step->operation = BRN_GP_PERIODIC;
    BRN_TRY(number(reading, node, "length_scale", &step->a));
    BRN_TRY(number(reading, node, "periodicity", &step->b));
    return read_plain(reading, step);
}

static brine_status read_dot(struct reading *reading, const struct brn_node *node,
                             struct brn_gp_step *step)
{
    step->operation = BRN_GP_DOT;
    if (reading->single)
        return brn_unsupported(reading->build, "",
                               "DotProduct of float32 training rows is not run");
    BRN_TRY(number(reading, node, "sigma_0", &step->a));
    step->a *= step->a;
    return read_plain(reading, step);
}

static brine_status read_constant(struct reading *reading, const struct brn_node *node,
                                  struct brn_gp_step *step)
{
    step->operation = BRN_GP_CONSTANT;
    return number(reading, node, "constant_value", &step->a);
}

static brine_status read_white(struct reading *reading, const struct brn_node *node,
                               struct brn_gp_step *step)
{
    step->operation = BRN_GP_WHITE;
    return number(reading, node, "noise_level", &step->a);
}

static brine_status read_power(struct reading *reading, const struct brn_node *node,
                               struct brn_gp_step *step)
{
    step->operation = BRN_GP_POWER;
    return number(reading, node, "exponent", &step->a);
}

static brine_status read_sum(struct reading *reading, const struct brn_node *node,
                             struct brn_gp_step *step)
{
    (void)reading;
    (void)node;
    step->operation = BRN_GP_SUM;
    return BRINE_OK;
}

static brine_status read_product(struct reading *reading, const struct brn_node *node,
                                 struct brn_gp_step *step)
{
    (void)reading;
    (void)node;
    step->operation = BRN_GP_PRODUCT;
    return BRINE_OK;
}

/* A kernel class: how its own parameters are read, and which attributes are its operands. */
static const struct rule {
    const char *name;
    brine_status (*read)(struct reading *reading, const struct brn_node *node,
                         struct brn_gp_step *step);
    const char *operands[2];
} rules[] = {
    {"RBF", read_rbf, {0}},
    {"Matern", read_matern, {0}},
    {"RationalQuadratic", read_rational, {0}},
    {"ExpSineSquared", read_periodic, {0}},
    {"DotProduct", read_dot, {0}},
    {"ConstantKernel", read_constant, {0}},
    {"WhiteKernel", read_white, {0}},
    {"Sum", read_sum, {"k1", "k2"}},
    {"Product", read_product, {"k1", "k2"}},
    {"Exponentiation", read_power, {"kernel", NULL}},
};

static const struct rule *rule_of(const struct brn_node *node)
{
    static const char module[] = "sklearn.gaussian_process.kernels";
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (brn_node_is_global(brn_node_class(node), module, rules[i].name))
            return &rules[i];
    return NULL;
}

/* The tree in the order node, second operand, first operand: backwards, that is operands first. */
static brine_status flatten(struct reading *reading, const struct brn_node *root,
                            const struct brn_node **order, size_t *ret_count)
{
    const struct brn_node *waiting[BRN_GP_MOST_STEPS + 2];
    size_t count = 0, left = 0;
    waiting[left++] = root;
    while (left > 0) {
        const struct brn_node *node = waiting[--left];
        const struct rule *rule = rule_of(node);
        char what[120];
        brn_node_describe(node, what, sizeof what);
        if (!rule)
            return brn_fail(reading->build->err, BRINE_UNSUPPORTED, "%s is not run", what);
        if (count + left >= BRN_GP_MOST_STEPS)
            return brn_fail(reading->build->err, BRINE_UNSUPPORTED, "more than %d kernels",
                            BRN_GP_MOST_STEPS);
        order[count++] = node;
        for (size_t i = 0; i < 2 && rule->operands[i]; i++)
            waiting[left++] = brn_node_attribute(node, rule->operands[i]);
    }
    *ret_count = count;
    return BRINE_OK;
}

static brine_status read_steps(struct reading *reading, const struct brn_node *root)
{
    const struct brn_node *order[BRN_GP_MOST_STEPS];
    struct brn_gp_kernel *kernel = reading->kernel;
    size_t depth = 0;
    BRN_TRY(flatten(reading, root, order, &kernel->step_count));
    kernel->steps = BRN_BUILD_NEW(reading->build, struct brn_gp_step, kernel->step_count);
    if (!kernel->steps)
        return brn_fail_memory(reading->build->err);
    for (size_t i = 0; i < kernel->step_count; i++) {
        const struct brn_node *node = order[kernel->step_count - 1 - i];
        const struct rule *rule = rule_of(node);
        BRN_TRY(rule->read(reading, node, &kernel->steps[i]));
        depth = rule->operands[1] ? depth - 1 : rule->operands[0] ? depth : depth + 1;
        kernel->depth = depth > kernel->depth ? depth : kernel->depth;
    }
    return BRINE_OK;
}

brine_status brn_gp_kernel_read(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_node *node, const struct brn_matrix *rows,
                                struct brn_gp_kernel *ret_kernel)
{
    struct brn_gp_kernel kernel = {.count = rows->rows,
                                   .columns = rows->columns,
                                   .stride = brn_panel_count(rows->rows) * BRN_PANEL};
    bool single = rows->kind == 'f' && rows->itemsize == 4;
    struct reading reading = {.build = build, .rows = rows, .kernel = &kernel, .single = single};
    reading.divides_single = single && brn_era_behaviour(brn_gp_single_eras, me->version);
    size_t values;
    if (__builtin_mul_overflow(kernel.stride, kernel.columns, &values))
        return brn_fail_memory(build->err);
    BRN_TRY(read_steps(&reading, node));
    *ret_kernel = kernel;
    return BRINE_OK;
}

/* ---- running ---- */

static void sums(const struct brn_gp_kernel *kernel, const double *panels, brn_panel_sum *sum,
                 const double *x, double *out)
{
    for (size_t i = 0; i < kernel->count; i += BRN_PANEL)
        sum(panels + i * kernel->columns, x, kernel->columns, 0, out + i);
}

static void roots(double *values, size_t n, double factor)
{
    for (size_t i = 0; i < n; i++)
        values[i] = sqrt(values[i]) * factor;
}

/* (1 + k) e^-k, or (1 + k + k^2 / 3) e^-k; room for one block. */
static void matern(double *values, size_t n, bool squares)
{
    enum { BLOCK = 64 };
    double factors[BLOCK];
    for (size_t first = 0; first < n; first += BLOCK) {
        size_t count = n - first < BLOCK ? n - first : BLOCK;
        double *k = values + first;
        for (size_t i = 0; i < count; i++)
            factors[i] = squares ? 1 + k[i] + k[i] * k[i] / 3.0 : 1 + k[i];
        brn_exp_each(k, count, -1);
        for (size_t i = 0; i < count; i++)
            k[i] = factors[i] * k[i];
    }
}

static void periodic(const struct brn_gp_step *step, double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double s = sin(3.14159265358979323846 / step->b * sqrt(values[i])) / step->a;
        values[i] = s * s;
    }
    brn_exp_each(values, n, -2);
}

/* A leaf: the kernel of x (scaled: divided by the scales) into out. */
static void leaf(const struct brn_gp_kernel *kernel, const struct brn_gp_step *step,
                 const double *x, double *out)
{
    size_t n = kernel->count;
    if (step->panels)
        sums(kernel, step->panels,
             step->operation == BRN_GP_DOT ? brn_panel_dot : brn_panel_squared, x, out);
    switch (step->operation) {
    case BRN_GP_RBF:
        brn_exp_each(out, n, -0.5);
        break;
    case BRN_GP_MATERN_1:
        roots(out, n, 1);
        brn_exp_each(out, n, -1);
        break;
    case BRN_GP_MATERN_3:
        roots(out, n, sqrt(3));
        matern(out, n, false);
        break;
    case BRN_GP_MATERN_5:
        roots(out, n, sqrt(5));
        matern(out, n, true);
        break;
    case BRN_GP_RATIONAL:
        for (size_t i = 0; i < n; i++)
            out[i] = pow(1 + out[i] / step->b, -step->a);
        break;
    case BRN_GP_PERIODIC:
        periodic(step, out, n);
        break;
    case BRN_GP_DOT:
        for (size_t i = 0; i < n; i++)
            out[i] += step->a;
        break;
    case BRN_GP_CONSTANT:
    case BRN_GP_WHITE:
        for (size_t i = 0; i < n; i++)
            out[i] = step->operation == BRN_GP_CONSTANT ? step->a : 0;
        break;
    case BRN_GP_SUM:
    case BRN_GP_PRODUCT:
    case BRN_GP_POWER:
        break;
    }
}

/* The two rows that end at top, joined into the first. */
static void join(const struct brn_gp_kernel *kernel, enum brn_gp_operation operation, double *first)
{
    const double *second = first + kernel->stride;
    for (size_t i = 0; i < kernel->count; i++)
        first[i] = operation == BRN_GP_SUM ? first[i] + second[i] : first[i] * second[i];
}

static void divide(const struct brn_gp_step *step, const double *x, size_t n, bool single,
                   double *to)
{
    for (size_t f = 0; f < n; f++)
        to[f] = divided(x[f], step->scales[f], single && step->one_scale);
}

void brn_gp_kernel_values(const struct brn_gp_kernel *kernel, const double *x, bool single,
                          double *stack)
{
    double *scaled = stack + kernel->depth * kernel->stride, *top = stack;
    for (size_t s = 0; s < kernel->step_count; s++) {
        const struct brn_gp_step *step = &kernel->steps[s];
        if (step->operation == BRN_GP_POWER) {
            double *row = top - kernel->stride;
            for (size_t i = 0; i < kernel->count; i++)
                row[i] = pow(row[i], step->a);
            continue;
        }
        if (step->operation == BRN_GP_SUM || step->operation == BRN_GP_PRODUCT) {
            top -= kernel->stride;
            join(kernel, step->operation, top - kernel->stride);
            continue;
        }
        if (step->scales)
            divide(step, x, kernel->columns, single, scaled);
        leaf(kernel, step, step->scales ? scaled : x, top);
        top += kernel->stride;
    }
}

/* ---- of a row and itself: each kernel's diag() ---- */

static double own_dot(const double *x, size_t n, double constant, bool single)
{
    double sum = 0;
    for (size_t f = 0; f < n; f++)
        sum += x[f] * x[f];
    return single ? (double)((float)sum + (float)constant) : sum + constant;
}

static double own_leaf(const struct brn_gp_kernel *kernel, const struct brn_gp_step *step,
                       const double *x, bool single)
{
    if (step->operation == BRN_GP_DOT)
        return own_dot(x, kernel->columns, step->a, single);
    return step->operation == BRN_GP_CONSTANT || step->operation == BRN_GP_WHITE ? step->a : 1;
}

double brn_gp_kernel_own(const struct brn_gp_kernel *kernel, const double *x, bool single_x,
                         double *stack)
{
    double *top = stack;
    for (size_t s = 0; s < kernel->step_count; s++) {
        const struct brn_gp_step *step = &kernel->steps[s];
        if (step->operation == BRN_GP_POWER) {
            top[-1] = pow(top[-1], step->a);
        } else if (step->operation == BRN_GP_SUM || step->operation == BRN_GP_PRODUCT) {
            top--;
            top[-1] = step->operation == BRN_GP_SUM ? top[-1] + top[0] : top[-1] * top[0];
        } else {
            *top++ = own_leaf(kernel, step, x, single_x);
        }
    }
    return stack[0];
}
