/* SPDX-License-Identifier: Apache-2.0
 *
 * registry.h - every estimator that brine knows: made from the files in this folder, and handed to
 * the layers above as an argument. */
#ifndef BRN_ESTIMATORS_REGISTRY_H
#define BRN_ESTIMATORS_REGISTRY_H

#include "model/estimator.h"

extern const struct brn_registry brn_registry;

#endif
