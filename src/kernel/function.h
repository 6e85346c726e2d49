/* SPDX-License-Identifier: Apache-2.0
 *
 * function.h - the numpy functions that a model may name, element by element. */
#ifndef BRN_KERNEL_FUNCTION_H
#define BRN_KERNEL_FUNCTION_H

#include <stdbool.h>

struct brn_function {
    const char *name; /* numpy's: "log1p" */
    double (*apply)(double x);
    bool is_exact; /* one correctly rounded operation; else within 4 ulp */
    bool jumps;    /* floor, but not exp */
};

/* NULL when there is none of that name. */
const struct brn_function *brn_function_named(const char *name);

#endif
