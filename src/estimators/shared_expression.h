/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_expression.h - a small, safe part of Python's expressions over the columns of a row, as
 * sklearn2pmml's ExpressionTransformer and its kin evaluate them.
 *
 * Numbers and texts; X[i], X[:, i] and X['name']; + - * / // % ** and signs; comparisons, not, and,
 * or, if-else; pandas.isnull and its like, numpy.where, numpy's functions of one number that brine
 * has, len of a text.  Everything else is refused by name.  Compiled to steps of a stack machine:
 * no expression runs longer than it is. */
#ifndef BRN_ESTIMATORS_SHARED_EXPRESSION_H
#define BRN_ESTIMATORS_SHARED_EXPRESSION_H

#include "model/estimator.h"

enum brn_expression_type { BRN_EXPRESSION_NUMBER, BRN_EXPRESSION_TEXT, BRN_EXPRESSION_NOTHING };

struct brn_expression_value {
    double number;         /* NaN is missing */
    struct brn_slice text; /* p NULL is missing */
};

struct brn_expression_step;

struct brn_expression {
    const struct brn_expression_step *steps;
    size_t count, stack; /* steps, and the most values at a time */
    enum brn_expression_type type;
    bool is_boolean;     /* the result is True or False, as 1 or 0 */
    bool uses_functions; /* exp, log, pow: the result is within a few ulp */
    const struct brn_schema *in;
    int32_t *places; /* of the columns; -1: not read */
    bool *is_text;   /* of the columns */
};

/* Compiles source and finds the columns in the schema.  A column that has no form yet is read as a
 * number where that makes sense of the expression, else as text. */
brine_status brn_expression_compile(struct brn_build *build, const char *source,
                                    const struct brn_schema *in, struct brn_expression *ret);

/* Of row r.  BRINE_INPUT: Python would raise, or releases differ.  stack has room for ->stack. */
brine_status brn_expression_run(const struct brn_expression *e, const struct brn_tile *in, size_t r,
                                struct brn_expression_value *stack, struct brn_work *work,
                                struct brn_expression_value *ret_value);

/* Whether any column of the row that the expression reads is missing. */
bool brn_expression_row_is_missing(const struct brn_expression *e, const struct brn_tile *in,
                                   size_t r);

#endif
