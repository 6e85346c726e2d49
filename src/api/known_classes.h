/* SPDX-License-Identifier: Apache-2.0
 *
 * known_classes.h - the estimator registry's names, as scan/ wants them. */
#ifndef BRN_API_KNOWN_CLASSES_H
#define BRN_API_KNOWN_CLASSES_H

#include "scan/policy.h"

extern const struct brn_known_classes brn_registry_classes;

#endif
