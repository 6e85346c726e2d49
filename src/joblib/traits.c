/* SPDX-License-Identifier: Apache-2.0 */
#include "joblib/traits.h"

static bool starts_with(struct brn_slice s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* Whether something is imported from a module that begins so. */
static bool imports(const struct brn_graph *g, const char *prefix)
{
    for (size_t i = 0; i < g->event_count; i++)
        if (g->events[i].kind == BRN_EVENT_IMPORT && brn_is(g->events[i].node, BRN_GLOBAL) &&
            starts_with(g->events[i].node->as.global.module, prefix))
            return true;
    return false;
}

static const char *joblib_era(const struct brine_file *file)
{
    if (!file->is_joblib)
        return NULL;
    if (file->aligned)
        return "joblib 1.2 or later (arrays are aligned)";
    if (file->storage == BRN_ARRAYS_IN_STREAM)
        return "joblib 0.10 to 1.1 (arrays are not aligned)";
    return "joblib 0.9 or earlier";
}

static const char *numpy_era(const struct brn_graph *g)
{
    if (imports(g, "numpy._core"))
        return "numpy 2 (names numpy._core)";
    return imports(g, "numpy.core") ? "numpy 1 (names numpy.core)" : NULL;
}

/* STRING opcodes, and the names of modules that Python 3 renamed; protocols above 2 are Python 3's.
 */
static const char *python_era(const struct brn_graph *g)
{
    if (g->python2)
        return "Python 2";
    return g->protocol > 2 || imports(g, "builtins") || imports(g, "copyreg") ? "Python 3" : NULL;
}

struct brn_traits brn_file_traits(const struct brine_file *file)
{
    return (struct brn_traits){
        .container = file->is_joblib ? "joblib file" : "pickle",
        .joblib = joblib_era(file),
        .numpy = numpy_era(&file->graph),
        .python = python_era(&file->graph),
    };
}
