/* SPDX-License-Identifier: Apache-2.0
 *
 * load.h - opening a model file, as every command that predicts does it. */
#ifndef BRN_CLI_LOAD_H
#define BRN_CLI_LOAD_H

#include "cli/command.h"
#include "joblib/joblib.h"
#include "model/model.h"

#define BRN_MODEL_OPTIONS                                                                     \
    {"--allow-unproved", NULL, "run what is decoded, but not proved equal to its writer"},    \
        {"--assume-version", "V", "for files that do not say which scikit-learn wrote them"}, \
        {"--map", "FILE",                                                                     \
         "lines \"pkg.function = numpy.log1p\": what a function in the model is"},            \
    {                                                                                         \
        "--until", "STEP", "stop a Pipeline before this step"                                 \
    }

/* Reads path and decodes its model, with the options of BRN_MODEL_OPTIONS and BRN_LIMIT_OPTIONS
 * that were given.  Returns 0, or an exit code after a message: 1 refused, 2 unreadable, 64 usage.
 */
int brn_load_model(const struct brn_invocation *invocation, const char *path,
                   brine_model **ret_model);

/* The same, keeping the file open: for commands that look into it too. */
int brn_load_file_and_model(const struct brn_invocation *invocation, const char *path,
                            brine_file **ret_file, brine_model **ret_model);

/* The options of BRN_MODEL_OPTIONS, in the arena.  Returns 0, or an exit code after a message. */
int brn_given_model_options(const struct brn_invocation *invocation, struct brn_arena *arena,
                            brine_model_options *ret_options);

#endif
