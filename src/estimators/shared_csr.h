/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_csr.h - a scipy.sparse.csr_matrix (or csr_array) inside a model. */
#ifndef BRN_ESTIMATORS_SHARED_CSR_H
#define BRN_ESTIMATORS_SHARED_CSR_H

#include "model/estimator.h"

/* Row r has the entries starts[r] up to starts[r + 1]; every column is below columns. */
struct brn_csr {
    size_t rows, columns, count;
    double *values;
    uint32_t *entry_columns;
    size_t *starts; /* rows + 1 of them, rising, the last one is count */
};

bool brn_node_is_csr(const struct brn_node *node);

/* Shape, rise of the starts and ranges of the columns are checked. */
brine_status brn_decode_csr(struct brn_build *build, const struct brn_node *node,
                            struct brn_csr *ret_csr);

/* The same as a matrix of all values; entries that stand there twice are added. */
brine_status brn_csr_dense(struct brn_build *build, const struct brn_csr *csr,
                           struct brn_matrix *ret_matrix);

#endif
