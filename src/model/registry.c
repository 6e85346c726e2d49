/* SPDX-License-Identifier: Apache-2.0 */
#include "model/estimator.h"

#include <stdio.h>
#include <stdlib.h>

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

void brn_proof_name(const struct brn_estimator *estimator, char *out, size_t size)
{
    const char *library = estimator->library;
    snprintf(out, size, "%s%s%s", library ? library : "", library ? "." : "", estimator->name);
}

static int compare_proofs(const void *a, const void *b)
{
    const struct brn_proof *x = a, *y = b;
    int by_name = strcmp(x->estimator, y->estimator);
    return by_name ? by_name : (x->release > y->release) - (x->release < y->release);
}

const struct brn_proof *brn_registry_proof(const struct brn_registry *registry,
                                           const char *estimator, brn_version version)
{
    const struct brn_proof wanted = {estimator, (uint16_t)(version / 100), NULL};
    return bsearch(&wanted, registry->proofs, registry->proof_count, sizeof wanted, compare_proofs);
}
