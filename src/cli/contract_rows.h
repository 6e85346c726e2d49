/* SPDX-License-Identifier: Apache-2.0
 *
 * contract_rows.h - the rows of brine predict under a contract: the same rules as brine serve's. */
#ifndef BRN_CLI_CONTRACT_ROWS_H
#define BRN_CLI_CONTRACT_ROWS_H

#include "contract/rows.h"

struct brn_contract_rows {
    struct brn_contract *contract;
    struct brn_rules *rules;
};

/* The contract at path for the model, which must outlive it.  End: brn_contract_rows_free(). */
brine_status brn_contract_rows_open(const char *path, const struct brine_model *model,
                                    struct brn_contract_rows *ret_rows, brine_error *err);
void brn_contract_rows_free(struct brn_contract_rows *rows);

/* Checks a batch.  Without refused, the first row that breaks the contract is the error
 * (BRINE_INPUT, its row and column in err); with it, refused[r] is 1 for each such row.
 * *ret_applied is the batch as the model is to see it (unknown categories made missing where the
 * contract says so), in the arena. */
brine_status brn_contract_rows_check(const struct brn_contract_rows *rows,
                                     const struct brn_table *batch, uint64_t first_row,
                                     uint8_t *refused, struct brn_arena *arena,
                                     struct brn_table *ret_applied, brine_error *err);

/* Makes the refused rows of the predictions missing. */
brine_status brn_contract_rows_mask(const uint8_t *refused, struct brn_arena *arena,
                                    struct brn_table *predictions, brine_error *err);

#endif
