/* SPDX-License-Identifier: Apache-2.0
 *
 * decode_version.h - which scikit-learn an object is from. */
#ifndef BRN_MODEL_DECODE_VERSION_H
#define BRN_MODEL_DECODE_VERSION_H

#include "model/estimator.h"

/* Fills me->version and me->version_text: the object's own _sklearn_version; of a class outside
 * scikit-learn, which has none (sklearn/base.py, __getstate__), that of the object around it or
 * else the first in the file; or what --assume-version says. */
brine_status brn_decode_version(struct brn_build *build, struct brn_instance *me);

#endif
