/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"

#include "estimators/registry.h"

brine_model_options brn_given_model_options(const struct brn_invocation *invocation)
{
    return (brine_model_options){
        .size = sizeof(brine_model_options),
        .allow_unproved = brn_given_switch(invocation, "--allow-unproved"),
        .assume_version = brn_given_text(invocation, "--assume-version", NULL),
        .until_step = brn_given_text(invocation, "--until", NULL),
    };
}

static int refused(const char *path, brine_status status, const brine_error *err)
{
    brn_report_error(path, err);
    if (status == BRINE_UNPROVED)
        fprintf(stderr, "brine: --allow-unproved runs it all the same; \"brine check %s\" tells more\n",
                path);
    return status == BRINE_USAGE ? BRN_EXIT_USAGE : 1;
}

int brn_load_file_and_model(const struct brn_invocation *invocation, const char *path,
                            brine_file **ret_file, brine_model **ret_model)
{
    brine_error err;
    brine_options limits;
    brine_file *file;
    if (!brn_given_limits(invocation, &limits))
        return BRN_EXIT_USAGE;
    if (brn_file_open(path, &limits, false, &file, &err) != BRINE_OK) {
        brn_report_error(path, &err);
        return 2;
    }
    brine_model_options options = brn_given_model_options(invocation);
    brine_status status = brn_model_decode(&file->graph, &brn_registry, &options, ret_model, &err);
    if (status != BRINE_OK) {
        brn_file_close(file);
        return refused(path, status, &err);
    }
    *ret_file = file;
    return 0;
}

int brn_load_model(const struct brn_invocation *invocation, const char *path,
                   brine_model **ret_model)
{
    brine_file *file;
    int code = brn_load_file_and_model(invocation, path, &file, ret_model);
    if (!code)
        brn_file_close(file);
    return code;
}
