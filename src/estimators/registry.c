/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/registry.h"

#define X(name) extern const struct brn_family brn_family_##name;
#include "estimators.inc"
#undef X

static const struct brn_family *const families[] = {
#define X(name) &brn_family_##name,
#include "estimators.inc"
#undef X
};

static const struct brn_proof proofs[] = {
#define X(estimator, release, version) {estimator, release, version},
#include "proved.inc"
#undef X
};

const struct brn_registry brn_registry = {
    .families = families,
    .family_count = sizeof families / sizeof families[0],
    .proofs = proofs,
    .proof_count = sizeof proofs / sizeof proofs[0],
};
