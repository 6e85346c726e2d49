/* SPDX-License-Identifier: Apache-2.0
 *
 * user.c - a program of somebody else: opens the model that it is given. */
#include <brine.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    brine_file *file;
    brine_model *model;
    brine_error error;
    if (argc != 2 || brine_open(argv[1], NULL, &file, &error) != BRINE_OK) {
        fprintf(stderr, "%s\n", argc == 2 ? error.message : "usage: user FILE");
        return 1;
    }
    brine_status status = brine_model_load(file, NULL, &model, &error);
    brine_close(file);
    if (status != BRINE_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("brine %s: %zu features\n", brine_version(), brine_model_feature_count(model));
    brine_model_unref(model);
    return 0;
}
