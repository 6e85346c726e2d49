/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "cli/command.h"
#include "estimators/registry.h"

#include <stdio.h>

enum { EXIT_WRITE = 2 };

/* Calls visit for every estimator of the registry. */
static void each(void (*visit)(const struct brn_estimator *e, void *argument), void *argument)
{
    for (size_t f = 0; f < brn_registry.family_count; f++)
        for (const struct brn_estimator *const *e = brn_registry.families[f]->estimators; *e; e++)
            visit(*e, argument);
}

/* Of the releases that goldens prove, the i-th; NULL behind the last. */
static const char *proved_release(const struct brn_estimator *e, size_t i)
{
    char name[128];
    brn_proof_name(e, name, sizeof name);
    for (size_t k = 0; k < brn_registry.proof_count; k++)
        if (!strcmp(brn_registry.proofs[k].estimator, name) &&
            brn_version_within(brn_registry.proofs[k].release * 100u, e->since, e->until) &&
            i-- == 0)
            return brn_registry.proofs[k].version;
    return NULL;
}

/* ---- text ---- */

/* A composite is as close as its weakest part. */
static void print_methods(const struct brn_estimator *e, struct brn_buffer *out)
{
    static const char *const classes[] = {"A", "B", "C"};
    if (e->run)
        brn_buffer_text(out, "  as its parts do");
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (e->methods[m].run)
            brn_buffer_printf(out, "  %s %s", brine_method_name(m),
                              e->equality ? "(as its parts do)" : classes[e->methods[m].equality]);
    brn_buffer_text(out, "\n");
}

static void print_text(const struct brn_estimator *e, void *argument)
{
    struct brn_buffer *out = argument;
    brn_buffer_printf(out, "%s.%s\n  ", e->modules[0], e->name);
    print_methods(e, out);
    brn_buffer_text(out, proved_release(e, 0) ? "    proved:" : "    proved for no release");
    for (size_t i = 0; proved_release(e, i); i++)
        brn_buffer_printf(out, " %s", proved_release(e, i));
    brn_buffer_text(out, "\n");
}

/* ---- JSON ---- */

static void write_methods(const struct brn_estimator *e, struct brn_json_writer *w)
{
    static const char *const classes[] = {"A", "B", "C"};
    brn_json_key(w, "methods");
    brn_json_begin_object(w);
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (e->methods[m].run) {
            brn_json_key(w, brine_method_name(m));
            brn_json_string(w, classes[e->methods[m].equality]);
        }
    brn_json_end_object(w);
    brn_json_key(w, "by its parts");
    brn_json_bool(w, e->run || e->equality);
}

static void write_json(const struct brn_estimator *e, void *argument)
{
    struct brn_json_writer *w = argument;
    brn_json_begin_object(w);
    brn_json_key(w, "class");
    brn_json_string(w, e->name);
    brn_json_key(w, "library");
    brn_json_string(w, brn_library_of(e));
    brn_json_key(w, "modules");
    brn_json_begin_array(w);
    for (const char *const *m = e->modules; *m; m++)
        brn_json_string(w, *m);
    brn_json_end_array(w);
    brn_json_key(w, "since");
    brn_json_uint(w, e->since);
    brn_json_key(w, "until");
    brn_json_uint(w, e->until);
    write_methods(e, w);
    brn_json_key(w, "proved");
    brn_json_begin_array(w);
    for (size_t i = 0; proved_release(e, i); i++)
        brn_json_string(w, proved_release(e, i));
    brn_json_end_array(w);
    brn_json_end_object(w);
}

static void print_json(struct brn_buffer *out)
{
    struct brn_json_writer w = {.out = out, .indent = 1};
    brn_json_begin_array(&w);
    each(write_json, &w);
    brn_json_end_array(&w);
    brn_buffer_text(out, "\n");
}

static int run(const struct brn_invocation *invocation)
{
    struct brn_buffer out = {0};
    if (brn_given_switch(invocation, "--json"))
        print_json(&out);
    else
        each(print_text, &out);
    if (out.failed)
        fprintf(stderr, "brine: out of memory\n");
    else
        fwrite(out.data, 1, out.size, stdout);
    int code = out.failed ? EXIT_WRITE : BRN_EXIT_OK;
    brn_buffer_free(&out);
    return code;
}

static const struct brn_option options[] = {
    {"--json", NULL, "one JSON array, an object a class"},
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_estimators = {
    .name = "estimators",
    .arguments = "",
    .summary = "list the classes that brine predicts with, and what is proved of them",
    .description =
        "Lists every estimator: its methods, how close each is to the writer's answer (A: equal to "
        "the bit; B: within the rounding of a sum in another order; C: within a few units in the "
        "last place of exp or log), and the releases whose own answers it was held against.",
    .example = "brine estimators",
    .options = options,
    .run = run,
};
