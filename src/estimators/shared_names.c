/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_names.h"

#include <ctype.h>

const char *const *brn_class_names(struct brn_build *build, const struct brn_instance *me,
                                   size_t count)
{
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    char *class = brn_arena_text(build->scratch, brn_slice_of(me->estimator->name));
    if (!names || !class)
        return NULL;
    for (char *c = class; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    for (size_t i = 0; i < count; i++)
        if (!(names[i] = brn_arena_printf(build->arena, "%s%zu", class, i)))
            return NULL;
    return names;
}
