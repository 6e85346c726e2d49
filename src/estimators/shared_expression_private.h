/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_expression_private.h - the steps that the parser writes and the machine runs. */
#ifndef BRN_ESTIMATORS_SHARED_EXPRESSION_PRIVATE_H
#define BRN_ESTIMATORS_SHARED_EXPRESSION_PRIVATE_H

#include "estimators/shared_expression.h"
#include "kernel/function.h"

#include <math.h>

/* Comparisons of numbers and of texts stand in the same order. */
enum brn_expression_op {
    BRN_EXPRESSION_CONSTANT,
    BRN_EXPRESSION_COLUMN,
    BRN_EXPRESSION_NEGATE,
    BRN_EXPRESSION_NOT,
    BRN_EXPRESSION_ADD,
    BRN_EXPRESSION_SUBTRACT,
    BRN_EXPRESSION_MULTIPLY,
    BRN_EXPRESSION_DIVIDE,
    BRN_EXPRESSION_FLOOR_DIVIDE,
    BRN_EXPRESSION_MODULO,
    BRN_EXPRESSION_POWER,
    BRN_EXPRESSION_JOIN, /* of texts */
    BRN_EXPRESSION_EQUAL,
    BRN_EXPRESSION_NOT_EQUAL,
    BRN_EXPRESSION_LESS_EQUAL,
    BRN_EXPRESSION_GREATER_EQUAL,
    BRN_EXPRESSION_LESS,
    BRN_EXPRESSION_GREATER,
    BRN_EXPRESSION_TEXT_EQUAL,
    BRN_EXPRESSION_TEXT_NOT_EQUAL,
    BRN_EXPRESSION_TEXT_LESS_EQUAL,
    BRN_EXPRESSION_TEXT_GREATER_EQUAL,
    BRN_EXPRESSION_TEXT_LESS,
    BRN_EXPRESSION_TEXT_GREATER,
    BRN_EXPRESSION_IS_NULL,
    BRN_EXPRESSION_IS_NULL_TEXT,
    BRN_EXPRESSION_LENGTH,
    BRN_EXPRESSION_FUNCTION,
    BRN_EXPRESSION_SELECT, /* condition, yes, no */
    BRN_EXPRESSION_AND,    /* jumps when the top is false, and leaves it; else drops it */
    BRN_EXPRESSION_OR,
    BRN_EXPRESSION_JUMP,
    BRN_EXPRESSION_JUMP_IF, /* the top is true; drops it */
};

struct brn_expression_step {
    enum brn_expression_op op;
    double number;             /* of CONSTANT */
    struct brn_slice text;     /* of CONSTANT */
    size_t index;              /* of COLUMN: which; of jumps: where to */
    double (*apply)(double x); /* of FUNCTION */
};

#endif
