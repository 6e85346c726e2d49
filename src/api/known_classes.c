/* SPDX-License-Identifier: Apache-2.0 */
#include "api/known_classes.h"

#include "estimators/registry.h"

static bool knows(const void *registry, struct brn_slice module, struct brn_slice name)
{
    return brn_registry_find(registry, module, name) != NULL;
}

const struct brn_known_classes brn_registry_classes = {knows, &brn_registry};
