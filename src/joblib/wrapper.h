/* SPDX-License-Identifier: Apache-2.0
 *
 * wrapper.h - joblib's stand-ins for arrays, filled when their BUILD has been read.
 *
 * As NumpyUnpickler.load_build of joblib/numpy_pickle.py (0.10 to 1.6) and numpy_pickle_compat.py
 * (0.8, 0.9) do.  A wrapper whose state is not exactly understood ends the reading: what follows it
 * could not be told from array bytes. */
#ifndef BRN_JOBLIB_WRAPPER_H
#define BRN_JOBLIB_WRAPPER_H

#include "joblib/joblib.h"

struct brn_wrapper_context {
    struct brine_file *file;
    struct brn_arena scratch; /* for descriptions of dtypes */
};

/* A brn_build_hook; context is a struct brn_wrapper_context. */
brine_status brn_wrapper_read(void *context, struct brn_machine *machine, struct brn_node *object,
                              struct brn_reader *reader, brine_error *err);

/* Of companion.c: fills an NDArrayWrapper or ZNDArrayWrapper from the file that it names.  A file
 * that is not there is noted as an oddity, and the wrapper stays empty. */
brine_status brn_companion_read(struct brn_wrapper_context *context, struct brn_machine *machine,
                                struct brn_node *object, brine_error *err);

#endif
