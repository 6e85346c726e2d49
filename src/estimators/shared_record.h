/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_record.h - a row of any table as a dict: its columns are the keys. */
#ifndef BRN_ESTIMATORS_SHARED_RECORD_H
#define BRN_ESTIMATORS_SHARED_RECORD_H

#include "model/estimator.h"
#include "table/table.h"

enum brn_item_kind {
    BRN_ITEM_ABSENT, /* a missing value: the dict has no such key */
    BRN_ITEM_NULL,   /* JSON's null: None */
    BRN_ITEM_NUMBER,
    BRN_ITEM_TEXT,
};

struct brn_item {
    enum brn_item_kind kind;
    double number;
    struct brn_slice text;
};

/* What is not quoted and reads as a number, true or false is a number, all other text is text. */
struct brn_item brn_record_item(const struct brn_column *column, int64_t row);

/* Names as they are put together: memory of the work, used again; padded for kernel/tokens.h. */
struct brn_record_name {
    uint8_t *text;
    size_t room;
};

/* key, separator and value as one. */
brine_status brn_record_join(struct brn_record_name *name, struct brn_slice key,
                             struct brn_slice separator, struct brn_slice value,
                             struct brn_work *work, struct brn_slice *ret_name);

/* Binds the rows of the table themselves; refused where a step stands before. */
brine_status brn_record_bind(const struct brn_instance *me, const struct brn_schema *in,
                             struct brn_build *build);

#endif
