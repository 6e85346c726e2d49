/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.h - the door of decode.c for model.c; families use estimator.h. */
#ifndef BRN_MODEL_DECODE_H
#define BRN_MODEL_DECODE_H

#include "model/estimator.h"

/* The estimator that the node would make, decoded and prepared, not yet bound. */
brine_status brn_decode_object(struct brn_build *build, const struct brn_node *node,
                               const char *path, struct brn_instance **ret_instance);

#endif
