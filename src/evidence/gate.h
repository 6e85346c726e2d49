/* SPDX-License-Identifier: Apache-2.0
 *
 * gate.h - the language of a gate's "require".
 *
 *     gate   = part sign number | slices sign number | "parity.max_abs_diff" sign number
 *            | checks "==" "pass"
 *     part   = ("lower" | "upper" | "point") "(" amount ")" | amount          (an amount alone: its
 * point) amount = METRIC [ "-" "baseline." NAME ]                                  (paired
 * difference) slices = ("min" | "max") "over" "slice" [ "where" "n" ">=" N ] "of" METRIC "."
 * ("lower" | "upper" | "point") checks = WORD ".*" | ID (leakage.*, contract.range…) sign   = "<" |
 * "<=" | ">" | ">=" | "=="
 *
 * A minus stands between blanks, because names may hold one. */
#ifndef BRN_EVIDENCE_GATE_H
#define BRN_EVIDENCE_GATE_H

#include "evidence/metric.h"

enum brn_gate_kind { BRN_GATE_AMOUNT, BRN_GATE_SLICES, BRN_GATE_PARITY, BRN_GATE_CHECKS };
enum brn_gate_part_of { BRN_POINT, BRN_LOWER, BRN_UPPER };
enum brn_gate_sign {
    BRN_SIGN_LESS,
    BRN_SIGN_LESS_EQUAL,
    BRN_SIGN_GREATER,
    BRN_SIGN_GREATER_EQUAL,
    BRN_SIGN_EQUAL
};

struct brn_gate {
    enum brn_gate_kind kind;
    enum brn_gate_part_of part;
    enum brn_gate_sign sign;
    double threshold;
    const struct brn_metric *metric;
    struct brn_slice baseline; /* of AMOUNT; p NULL: none */
    bool is_max;               /* of SLICES */
    double least_rows;         /* of SLICES */
    struct brn_slice prefix;   /* of CHECKS: "leakage." or a whole id */
    bool is_exact;             /* of CHECKS: a whole id */
};

/* BRINE_FORMAT with the character where it went wrong.  Slices point into text. */
brine_status brn_gate_parse(const char *text, struct brn_gate *ret_gate, brine_error *err);

bool brn_gate_compare(const struct brn_gate *gate, double value);

const char *brn_gate_sign_text(enum brn_gate_sign sign);

#endif
