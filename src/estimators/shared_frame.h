/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_frame.h - what steps that work on tables share: dtypes that a cast names, values held by
 * pandas objects. */
#ifndef BRN_ESTIMATORS_SHARED_FRAME_H
#define BRN_ESTIMATORS_SHARED_FRAME_H

#include "model/estimator.h"

/* What a column is cast to. */
enum brn_cast {
    BRN_CAST_NONE, /* no dtype is named */
    BRN_CAST_FLOAT,
    BRN_CAST_INT,
    BRN_CAST_BOOL,
    BRN_CAST_TEXT,
    BRN_CAST_CATEGORY, /* values stay; those that are no category become missing */
    BRN_CAST_OBJECT,   /* values stay */
    BRN_CAST_DAY,      /* datetime64[D] */
    BRN_CAST_SECOND,   /* datetime64[s] */
    BRN_CAST_OTHER,
};

struct brn_frame_type {
    enum brn_cast cast;
    double low, high;             /* of INT: what it holds */
    struct brn_values categories; /* of CATEGORY, when it names them */
};

/* A dtype as Python code names it: None, a type, its name, numpy's dtype or pandas's
 * CategoricalDtype. */
brine_status brn_frame_type(struct brn_build *build, const struct brn_node *dtype,
                            struct brn_frame_type *ret_type);

/* Values as brn_decode_values reads them, or of a pandas Index. */
brine_status brn_frame_values(struct brn_build *build, const struct brn_node *node,
                              struct brn_values *ret_values);

/* How a column of these values is read: BRN_FORM_DOCUMENT when all are text, BRN_FORM_NUMBER when
 * all are numbers or booleans (or there are none, in a numeric array).  False: neither. */
bool brn_frame_form(const struct brn_values *values, enum brn_form *ret_form);

/* The schema of one output a column of in, under its name, in forms[i]. */
struct brn_schema *brn_frame_schema(struct brn_build *build, const struct brn_schema *in,
                                    const enum brn_form *forms);

#endif
