/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tfidf.h - weights and norms of compressed rows.
 *
 * Sums go in the order in which scikit-learn holds a row: a product with _idf_diag (before 1.5)
 * leaves scipy's rows from the last column to the first, all others ascend.  That makes norms bit-
 * equal. */
#ifndef BRN_ESTIMATORS_SHARED_TFIDF_H
#define BRN_ESTIMATORS_SHARED_TFIDF_H

#include "model/estimator.h"

enum brn_norm { BRN_NORM_NONE, BRN_NORM_L1, BRN_NORM_L2 };

struct brn_row_norm {
    enum brn_norm norm;
    bool descends; /* scikit-learn's row goes from the last column to the first */
};

/* norm="l1", "l2" or None. */
brine_status brn_norm_read(struct brn_build *build, const struct brn_node *node,
                           enum brn_norm *ret_norm);

/* sklearn/utils/sparsefuncs_fast.pyx, inplace_csr_row_normalize_*.  single: the values are float32,
 * and so is the result. */
void brn_norm_apply(struct brn_row_norm norm, double *values, size_t count, bool single);

/* ---- TfidfTransformer ---- */

struct brn_tfidf {
    const struct brn_node *norm_node, *idf_diag, *idf_node;
    bool use_idf, sublinear;
    struct brn_row_norm norm;
    double *idf; /* by column, or NULL */
    bool idf_is_single;
    bool keeps_type; /* idf_ is multiplied in place: the row's type stays */
    size_t count;
    int32_t *columns; /* of dense input */
};

/* Weighs one row; *single is the type of its values, and becomes the result's. */
void brn_tfidf_apply(const struct brn_tfidf *m, const uint32_t *columns, double *values,
                     size_t count, bool single);

/* Whether the result is float32. */
bool brn_tfidf_is_single(const struct brn_tfidf *m, bool single);

/* What an instance decoded as TfidfTransformer holds. */
extern const struct brn_estimator brn_tfidf_transformer;

#endif
