/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/policy.h"

#define NAMED BRN_USE_NAMED
#define CALLED (BRN_USE_NAMED | BRN_USE_CALLED)
#define MADE (BRN_USE_NAMED | BRN_USE_CALLED | BRN_USE_BUILT)

const struct brn_policy_name brn_policy_names[] = {
#define NAME(module, name, uses, why) {module, name, uses, why},
#include "scan/policy.inc"
#undef NAME
    {NULL, NULL, 0, NULL},
};

const struct brn_danger brn_dangers[] = {
#define DANGER(module, name, why) {module, name, why},
#include "scan/dangerous.inc"
#undef DANGER
    {NULL, NULL, NULL},
};

unsigned brn_policy_uses(const struct brn_known_classes *classes, struct brn_slice module,
                         struct brn_slice name, const char **ret_why)
{
    const char *why = NULL;
    unsigned uses = 0;
    for (const struct brn_policy_name *row = brn_policy_names; row->module && !uses; row++)
        if (brn_slice_is(module, row->module) && brn_slice_is(name, row->name)) {
            uses = row->uses;
            why = row->why;
        }
    if (!uses && classes && classes->knows(classes->context, module, name)) {
        uses = MADE;
        why = "an estimator that brine decodes: it receives its attributes and runs nothing";
    }
    if (ret_why)
        *ret_why = why;
    return uses;
}

/* Whether module is root or stands below it. */
static bool is_below(struct brn_slice module, const char *root)
{
    size_t n = strlen(root);
    return module.n >= n && memcmp(module.p, root, n) == 0 && (module.n == n || module.p[n] == '.');
}

static const char *find_danger(struct brn_slice module, struct brn_slice name)
{
    for (const struct brn_danger *row = brn_dangers; row->module; row++)
        if (module.n && is_below(module, row->module) &&
            (row->name[0] == '*' || brn_slice_is(name, row->name)))
            return row->why;
    return NULL;
}

/* The first part of a dotted name; *rest gets what is behind its dot. */
static struct brn_slice first_part(struct brn_slice name, struct brn_slice *rest)
{
    const uint8_t *dot = name.n ? memchr(name.p, '.', name.n) : NULL;
    size_t n = dot ? (size_t)(dot - name.p) : name.n;
    *rest = dot ? (struct brn_slice){dot + 1, name.n - n - 1} : (struct brn_slice){name.p + n, 0};
    return (struct brn_slice){name.p, n};
}

/* Attributes by which any object leads to the interpreter's own functions. */
static bool is_internal(struct brn_slice part)
{
    static const char *const names[] = {
        "__builtins__", "__globals__",   "__subclasses__", "__getattribute__", "__import__",
        "__loader__",   "__reduce_ex__", "__code__",       "__dict__",         NULL,
    };
    for (const char *const *n = names; *n; n++)
        if (brn_slice_is(part, *n))
            return true;
    return false;
}

const char *brn_policy_danger(struct brn_slice module, struct brn_slice name)
{
    const char *why = find_danger(module, name);
    struct brn_slice rest = name;
    for (bool is_first = true; !why && rest.n; is_first = false) {
        struct brn_slice part = first_part(rest, &rest);
        if (is_internal(part))
            why = "an attribute that leads to the interpreter's own functions";
        else if (rest.n || !is_first)
            why = find_danger(part, rest); /* what a module imported, taken through it */
    }
    return why;
}
