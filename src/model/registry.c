/* SPDX-License-Identifier: Apache-2.0 */
#include "model/estimator.h"

static bool holds(const struct brn_estimator *estimator, struct brn_slice module,
                  struct brn_slice name)
{
    if (!brn_slice_is(name, estimator->name))
        return false;
    for (const char *const *m = estimator->modules; *m; m++)
        if (brn_slice_is(module, *m))
            return true;
    return false;
}

const struct brn_estimator *brn_registry_find(const struct brn_registry *registry,
                                              struct brn_slice module, struct brn_slice name)
{
    for (size_t f = 0; f < registry->family_count; f++)
        for (const struct brn_estimator *const *e = registry->families[f]->estimators; *e; e++)
            if (holds(*e, module, name))
                return *e;
    return NULL;
}

const struct brn_proof *brn_registry_proof(const struct brn_registry *registry,
                                           const char *estimator, brn_version version)
{
    for (size_t i = 0; i < registry->proof_count; i++)
        if (registry->proofs[i].release == version / 100 &&
            strcmp(registry->proofs[i].estimator, estimator) == 0)
            return &registry->proofs[i];
    return NULL;
}
