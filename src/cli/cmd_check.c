/* SPDX-License-Identifier: Apache-2.0 */
#include "api/known_classes.h"
#include "cli/check_report.h"
#include "cli/load.h"
#include "estimators/registry.h"

#include <inttypes.h>
#include <stdarg.h>

static void answer(struct brn_check *c, enum brn_question question, bool yes, const char *remedy,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

static void answer(struct brn_check *c, enum brn_question question, bool yes, const char *remedy,
                   const char *format, ...)
{
    struct brn_answer *a = &c->answers[question];
    a->yes = yes;
    a->remedy = yes ? NULL : remedy;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->reason, sizeof a->reason, format, arguments);
    va_end(arguments);
}

/* ---- readable ---- */

static const char *read_remedy(brine_status status)
{
    if (status == BRINE_LIMIT)
        return "raise the limit that is named, if you trust where the file comes from";
    return "compare its size and digest with the original: it is damaged, or no model file";
}

static void ask_readable(struct brn_check *c)
{
    const brine_error *failure = &c->file->failure;
    if (failure->status == BRINE_OK)
        answer(c, BRN_ASK_READABLE, true, NULL, "all of its %" PRIu64 " bytes are understood",
               c->scan.total_bytes);
    else
        answer(c, BRN_ASK_READABLE, false, read_remedy(failure->status), "%s (at byte %" PRIu64 ")",
               failure->message, failure->offset == BRINE_NOWHERE ? 0 : failure->offset);
}

/* ---- safe to unpickle in Python ---- */

static const char *const safe_remedies[] = {
    [BRN_NOTE] = NULL,
    [BRN_OUTSIDE] = "brine may use it, since it runs nothing; before unpickling it in Python read "
                    "the code of the "
                    "names that \"brine scan\" lists",
    [BRN_INCOMPLETE] = "do not unpickle it: what could not be read could do anything",
    [BRN_DANGEROUS] =
        "do not unpickle it, and find out who made it; \"brine scan\" lists everything",
};

static void ask_safe(struct brn_check *c)
{
    const struct brn_scan *s = &c->scan;
    if (s->verdict == BRN_NOTE) {
        answer(c, BRN_ASK_SAFE, true, NULL, "all of its %zu names are in policy %d", s->name_count,
               BRN_POLICY_VERSION);
        return;
    }
    const struct brn_finding *f = &s->findings[0];
    char more[64] = "";
    if (s->finding_count > 1)
        snprintf(more, sizeof more, ", and %zu more findings", s->finding_count - 1);
    answer(c, BRN_ASK_SAFE, false, safe_remedies[s->verdict], "%s: %s%s%s%s",
           brn_severity_text(s->verdict), f->subject, f->path[0] ? ", in " : "", f->path, more);
}

/* ---- predictable, well-formed ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static const char *predict_remedy(brine_status status, const char *path)
{
    switch (status) {
    case BRINE_UNSUPPORTED:
        return ends_with(path, "func")
                   ? "say what the function is (predict --map FILE), or stop before the step "
                     "(--until STEP)"
                   : "in a Pipeline, predict --until STEP runs the steps before it";
    case BRINE_UNPROVED:
        return "predict --allow-unproved runs it: decoded and checked, but compared with no "
               "recorded "
               "answers of that version";
    case BRINE_MODEL:
        return "do not use it: the file was damaged or made up";
    default:
        return NULL;
    }
}

static void ask_proved(struct brn_check *c)
{
    brine_error why = {0};
    const struct brn_instance *root = brn_model_root(c->model);
    if (brn_model_is_proved(c->model, &why))
        answer(c, BRN_ASK_PREDICTABLE, true, NULL, "each of its parts was proved equal to %s %s",
               brn_library_of(root->estimator), root->version_text);
    else
        answer(c, BRN_ASK_PREDICTABLE, false, predict_remedy(BRINE_UNPROVED, why.path), "%s%s%s",
               why.path, why.path[0] ? ": " : "", why.message);
    answer(c, BRN_ASK_WELL_FORMED, true, NULL,
           "indices, shapes, classes and versions of all its parts agree");
}

static void ask_refused(struct brn_check *c, brine_status status, const brine_error *err)
{
    bool ill = status == BRINE_MODEL;
    answer(c, BRN_ASK_PREDICTABLE, false, predict_remedy(status, err->path), "%s%s%s", err->path,
           err->path[0] ? ": " : "", err->message);
    if (ill)
        answer(c, BRN_ASK_WELL_FORMED, false, NULL, "%s%s%s", err->path, err->path[0] ? ": " : "",
               err->message);
    else
        answer(c, BRN_ASK_WELL_FORMED, false, NULL, "not known: it was not decoded to its end");
}

static void ask_unread(struct brn_check *c)
{
    for (int q = BRN_ASK_PREDICTABLE; q <= BRN_ASK_WELL_FORMED; q++)
        answer(c, (enum brn_question)q, false, NULL, "not known: the file could not be read");
}

/* ---- the command ---- */

static void ask_all(struct brn_check *c, const brine_model_options *options, brine_model **model)
{
    brine_error err = {0};
    ask_readable(c);
    ask_safe(c);
    if (c->file->failure.status != BRINE_OK) {
        ask_unread(c);
        return;
    }
    brine_status status = brn_model_decode(&c->file->graph, &brn_registry, options, model, &err);
    c->model = *model;
    if (status == BRINE_OK)
        ask_proved(c);
    else
        ask_refused(c, status, &err);
}

static int exit_code(const struct brn_check *c)
{
    bool all = true;
    for (int q = 0; q < BRN_QUESTION_COUNT; q++)
        all = all && c->answers[q].yes;
    return !c->answers[BRN_ASK_READABLE].yes ? 2 : all ? 0 : 1;
}

static int check_file(const struct brn_invocation *v, brine_file *file,
                      const brine_model_options *options, struct brn_arena *arena)
{
    brine_error err;
    brine_model *model = NULL;
    struct brn_check c = {.path = v->arguments[0], .file = file};
    if (brn_scan_file(file, &brn_registry_classes, arena, &c.scan, &err) != BRINE_OK) {
        brn_report_error(c.path, &err);
        return 2;
    }
    ask_all(&c, options, &model);
    brn_check_print(&c, brn_given_switch(v, "--json"), brn_use_color(stdout));
    brine_model_unref(model);
    return exit_code(&c);
}

static int run(const struct brn_invocation *v)
{
    brine_error err;
    brine_file *file;
    brine_options limits;
    brine_model_options options;
    struct brn_arena arena;
    if (!brn_given_limits(v, &limits))
        return BRN_EXIT_USAGE;
    brn_arena_init(&arena, 0);
    int code = brn_given_model_options(v, &arena, &options);
    options.allow_unproved = true; /* so that there is a model to describe; the answer says it */
    if (!code && brn_file_open(v->arguments[0], &limits, true, &file, &err) != BRINE_OK) {
        brn_report_error(v->arguments[0], &err);
        code = 2;
    } else if (!code) {
        code = check_file(v, file, &options, &arena);
        brn_file_close(file);
    }
    brn_arena_free(&arena);
    return code;
}

static const struct brn_option option_rows[] = {
    {"--json", NULL, "one JSON object"},
    BRN_MODEL_OPTIONS,
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

const struct brn_command brn_command_check = {
    .name = "check",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "answer the four questions about a model file, on one screen",
    .description = "Can brine read the file to its last byte?  Would it be safe to unpickle in "
                   "Python?  Does brine\n"
                   "give its writer's predictions exactly?  Is the model in it well-formed?  Each "
                   "is yes or no, with\n"
                   "its reason and what to do.  Ends with 0 when all four are yes, 1 when one is "
                   "no, 2 when the\n"
                   "file could not be read.",
    .example = "brine check demo/models/clean-boosted.joblib",
    .options = option_rows,
    .run = run,
};
