/* SPDX-License-Identifier: Apache-2.0
 *
 * lint.h - what can be seen wrong in a contract without a model and without data. */
#ifndef BRN_EVIDENCE_LINT_H
#define BRN_EVIDENCE_LINT_H

#include "contract/contract.h"
#include "evidence/check.h"

/* Adds a row "lint.ID" for each finding: fail for what a run could not do, warn for what it would
 * miss. */
brine_status brn_contract_lint(const struct brn_contract *contract, struct brn_checks *checks,
                               brine_error *err);

#endif
