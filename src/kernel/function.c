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
    {"abs", fabs, true, false},       {"absolute", fabs, true, false},
    {"fabs", fabs, true, false},      {"sqrt", sqrt, true, false},
    {"sign", sign, true, true},       {"floor", floor, true, true},
    {"ceil", ceil, true, true},       {"rint", rint, true, true},
    {"trunc", trunc, true, true},     {"isnan", is_nan, true, true},
    {"log", log, false, false},       {"log1p", log1p, false, false},
    {"log2", log2, false, false},     {"log10", log10, false, false},
    {"exp", exp, false, false},       {"exp2", exp2, false, false},
    {"expm1", expm1, false, false},   {"cbrt", cbrt, false, false},
    {"sin", sin, false, false},       {"cos", cos, false, false},
    {"tan", tan, false, false},       {"arcsin", asin, false, false},
    {"arccos", acos, false, false},   {"arctan", atan, false, false},
    {"sinh", sinh, false, false},     {"cosh", cosh, false, false},
    {"tanh", tanh, false, false},     {"arcsinh", asinh, false, false},
    {"arccosh", acosh, false, false}, {"arctanh", atanh, false, false},
};

const struct brn_function *brn_function_named(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}
