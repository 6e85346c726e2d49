/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/function.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static double sign(double x)
{
    return isnan(x) ? x : (double)((x > 0) - (x < 0));
}

static double is_nan(double x)
{
    return isnan(x);
}

/* None whose result on whole numbers is another than on the same floats: square, negative and
 * reciprocal wrap or truncate there. */
static const struct brn_function functions[] = {
    {"abs", fabs, true},       {"absolute", fabs, true},  {"fabs", fabs, true},
    {"sqrt", sqrt, true},      {"sign", sign, true},      {"floor", floor, true},
    {"ceil", ceil, true},      {"rint", rint, true},      {"trunc", trunc, true},
    {"isnan", is_nan, true},   {"log", log, false},       {"log1p", log1p, false},
    {"log2", log2, false},     {"log10", log10, false},   {"exp", exp, false},
    {"exp2", exp2, false},     {"expm1", expm1, false},   {"cbrt", cbrt, false},
    {"sin", sin, false},       {"cos", cos, false},       {"tan", tan, false},
    {"arcsin", asin, false},   {"arccos", acos, false},   {"arctan", atan, false},
    {"sinh", sinh, false},     {"cosh", cosh, false},     {"tanh", tanh, false},
    {"arcsinh", asinh, false}, {"arccosh", acosh, false}, {"arctanh", atanh, false},
};

const struct brn_function *brn_function_named(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}
