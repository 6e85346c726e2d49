/* SPDX-License-Identifier: Apache-2.0
 *
 * traits.h - what the names and forms in a file tell about the programs that wrote it.  Only
 * scikit-learn writes its version down; the others are told by what changed between them. */
#ifndef BRN_JOBLIB_TRAITS_H
#define BRN_JOBLIB_TRAITS_H

#include "joblib/joblib.h"

/* Sentences, or NULL where nothing is known. */
struct brn_traits {
    const char *container; /* "joblib file", "pickle" */
    const char *joblib;    /* "joblib 1.2 or later (its arrays are aligned)" */
    const char *numpy;     /* "numpy 2 (names numpy._core)" */
    const char *python;    /* "Python 2", "Python 3" */
};

struct brn_traits brn_file_traits(const struct brine_file *file);

#endif
