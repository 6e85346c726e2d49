/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_spelling.h - columns as the texts that Python's str() makes of their values.
 *
 * A column of the input that no step has read yet is taken as pandas reads a table: numbers must
 * stand there as str() would write them, else the row is refused. */
#ifndef BRN_ESTIMATORS_SHARED_SPELLING_H
#define BRN_ESTIMATORS_SHARED_SPELLING_H

#include "model/estimator.h"

struct brn_spelling {
    bool is_text;   /* a document, else a number of this kind */
    bool is_unread; /* the input's own */
    enum brn_numbers numbers_are;
    int32_t place;
    const char *name;
};

/* All columns, which numpy holds in one array: whole numbers beside fractions are fractions. */
brine_status brn_spelling_bind(struct brn_build *build, const struct brn_schema *in,
                               struct brn_spelling **ret_columns);

/* The text of column i of count in row r; a missing value is refused.  The bytes live as long as
 * the tile. */
brine_status brn_spelling_text(const struct brn_spelling *columns, size_t count, size_t i,
                               const struct brn_tile *in, size_t r, struct brn_work *work,
                               struct brn_slice *ret_text);

#endif
