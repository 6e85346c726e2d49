/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_report.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *key, *label;
} questions[BRN_QUESTION_COUNT] = {
    [BRN_ASK_READABLE] = {"readable", "readable to the last byte"},
    [BRN_ASK_SAFE] = {"safe", "safe to unpickle in Python"},
    [BRN_ASK_PREDICTABLE] = {"predictable", "predicts as its writer did"},
    [BRN_ASK_WELL_FORMED] = {"well_formed", "well-formed"},
};

static const struct {
    const char *letter, *text;
} equalities[] = {
    [BRN_EXACT] = {"A", "bit-equal"},
    [BRN_BOUNDED] = {"B", "within the rounding of one dot product"},
    [BRN_ULPS] = {"C", "within 4 ulp of exp, log or pow"},
    [BRN_JUMPS] = {"C with jumps",
                   "a value within its bound of a threshold may fall on either side"},
};

/* ---- what the model is ---- */

/* Depth in the tree of estimators: one for each attribute that leads there. */
static int depth_of(const char *path)
{
    int depth = path[0] != '\0';
    for (; *path; path++)
        depth += *path == '.';
    return depth;
}

/* "estimators_[3][0]" and "estimators_[4][0]" are places of one kind. */
static bool same_place(const char *a, const char *b)
{
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            while (isdigit((unsigned char)*a))
                a++;
            while (isdigit((unsigned char)*b))
                b++;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

/* How many instances from here on are alike: the trees of a forest. */
static size_t run_length(const struct brn_instance *const *at, size_t count)
{
    size_t n = 1;
    while (n < count && at[n]->estimator == at[0]->estimator && at[n]->version == at[0]->version &&
           same_place(at[n]->path, at[0]->path))
        n++;
    return n >= 4 ? n : 1; /* a handful is shown one by one */
}

/* Where it stands in the one that holds it; errors and --json give the whole path. */
static void print_instance(const struct brn_instance *i, size_t times)
{
    const char *dot = strrchr(i->path, '.');
    char place[200];
    snprintf(place, sizeof place, "%*s%s", 2 * depth_of(i->path), "",
             dot          ? dot + 1
             : i->path[0] ? i->path
                          : "the model");
    printf("    %-40s %s", place, i->estimator->name);
    if (times > 1)
        printf(" x %zu", times);
    if (i->feature_count)
        printf(", %zu features", i->feature_count);
    printf("\n");
}

static void print_steps(const struct brine_model *model)
{
    size_t count;
    const struct brn_instance *const *all = brn_model_instances(model, &count);
    for (size_t i = 0; i < count;) {
        size_t times = run_length(all + i, count - i);
        print_instance(all[i], times);
        i += times;
    }
}

/* CatBoost has an exp of its own for several classes. */
static const char *equality_text(const struct brine_model *model, enum brn_equality e)
{
    size_t count;
    const struct brn_instance *const *all = brn_model_instances(model, &count);
    for (size_t i = 0; e == BRN_ULPS && i < count; i++)
        if (!strcmp(brn_library_of(all[i]->estimator), "catboost"))
            return "within 8 ulp of exp, log or pow";
    return equalities[e].text;
}

static void print_methods(const struct brine_model *model)
{
    printf("\n  methods\n");
    for (int m = 0; m < BRINE_METHOD_COUNT; m++) {
        const struct brn_outputs *outputs = brn_model_outputs(model, (brine_method)m);
        if (!outputs)
            continue;
        enum brn_equality e = brn_model_equality(model, (brine_method)m);
        printf("    %-40s %zu column%s, class %s: %s\n", brine_method_name((brine_method)m),
               outputs->width, outputs->width == 1 ? "" : "s", equalities[e].letter,
               equality_text(model, e));
    }
}

/* ---- text ---- */

/* What a file says must not steer the terminal. */
static void print_shown(const char *text)
{
    for (; *text; text++)
        putchar((unsigned char)*text < 32 || *text == 127 ? '.' : *text);
}

static void print_answer(const struct brn_answer *a, const char *label, bool color)
{
    const char *on = !color ? "" : a->yes ? "\033[32m" : "\033[1;31m";
    printf("  %-28s %s%-3s%s  ", label, on, a->yes ? "yes" : "no", color ? "\033[0m" : "");
    print_shown(a->reason);
    printf("\n");
    if (a->remedy)
        printf("  %-28s      -> %s\n", "", a->remedy);
}

static void describe_file(const struct brine_file *f, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s, pickle protocol %d%s, %" PRIu64 " bytes",
             f->is_joblib ? "joblib" : "pickle", f->codec ? " compressed with " : "",
             f->codec ? f->codec : "", f->graph.protocol,
             f->graph.python2 ? ", written by Python 2" : "", (uint64_t)f->bytes.view.n);
}

static void print_text(const struct brn_check *c, bool color)
{
    char about[160], digest[65];
    brn_digest_hex(brn_file_digest(c->file), digest);
    describe_file(c->file, about, sizeof about);
    print_shown(c->path);
    printf("\n  %s\n  sha256 %s\n\n", about, digest);
    for (int q = 0; q < BRN_QUESTION_COUNT; q++)
        print_answer(&c->answers[q], questions[q].label, color);
    if (!c->model)
        return;
    const struct brn_instance *root = brn_model_root(c->model);
    printf("\n  what it is%*swritten by %s %s\n", 35, "", brn_library_of(root->estimator),
           root->version_text);
    print_steps(c->model);
    print_methods(c->model);
}

/* ---- JSON ---- */

static void write_answers(struct brn_json_writer *w, const struct brn_check *c)
{
    brn_json_begin_object(w);
    for (int q = 0; q < BRN_QUESTION_COUNT; q++) {
        brn_json_key(w, questions[q].key);
        brn_json_begin_object(w);
        brn_json_key(w, "yes");
        brn_json_bool(w, c->answers[q].yes);
        brn_json_key(w, "reason");
        brn_json_string(w, c->answers[q].reason);
        if (c->answers[q].remedy) {
            brn_json_key(w, "remedy");
            brn_json_string(w, c->answers[q].remedy);
        }
        brn_json_end_object(w);
    }
    brn_json_end_object(w);
}

static void write_instances(struct brn_json_writer *w, const struct brine_model *model)
{
    size_t count;
    const struct brn_instance *const *all = brn_model_instances(model, &count);
    brn_json_begin_array(w);
    for (size_t i = 0; i < count; i++) {
        brn_json_begin_object(w);
        brn_json_key(w, "path");
        brn_json_string(w, all[i]->path);
        brn_json_key(w, "estimator");
        brn_json_string(w, all[i]->estimator->name);
        brn_json_key(w, all[i]->estimator->library ? all[i]->estimator->library : "scikit_learn");
        brn_json_string(w, all[i]->version_text);
        brn_json_key(w, "features");
        brn_json_uint(w, all[i]->feature_count);
        brn_json_end_object(w);
    }
    brn_json_end_array(w);
}

static void write_methods(struct brn_json_writer *w, const struct brine_model *model)
{
    brn_json_begin_object(w);
    for (int m = 0; m < BRINE_METHOD_COUNT; m++) {
        const struct brn_outputs *outputs = brn_model_outputs(model, (brine_method)m);
        if (!outputs)
            continue;
        brn_json_key(w, brine_method_name((brine_method)m));
        brn_json_begin_object(w);
        brn_json_key(w, "columns");
        brn_json_uint(w, outputs->width);
        brn_json_key(w, "class");
        enum brn_equality e = brn_model_equality(model, (brine_method)m);
        brn_json_string(w, equalities[e == BRN_JUMPS ? BRN_ULPS : e].letter);
        brn_json_key(w, "jumps");
        brn_json_bool(w, e == BRN_JUMPS);
        brn_json_end_object(w);
    }
    brn_json_end_object(w);
}

static void write_check(struct brn_json_writer *w, const struct brn_check *c)
{
    char about[160], digest[65];
    brn_digest_hex(brn_file_digest(c->file), digest);
    describe_file(c->file, about, sizeof about);
    brn_json_begin_object(w);
    brn_json_key(w, "file");
    brn_json_string(w, c->path);
    brn_json_key(w, "container");
    brn_json_string(w, about);
    brn_json_key(w, "sha256");
    brn_json_string(w, digest);
    brn_json_key(w, "questions");
    write_answers(w, c);
    if (c->model) {
        const struct brn_instance *root = brn_model_root(c->model);
        brn_json_key(w, root->estimator->library ? root->estimator->library : "scikit_learn");
        brn_json_string(w, root->version_text);
        brn_json_key(w, "estimators");
        write_instances(w, c->model);
        brn_json_key(w, "methods");
        write_methods(w, c->model);
    }
    brn_json_end_object(w);
}

void brn_check_print(const struct brn_check *check, bool as_json, bool color)
{
    if (!as_json) {
        print_text(check, color);
        return;
    }
    struct brn_buffer out = {0};
    struct brn_json_writer w = {.out = &out, .indent = 2};
    write_check(&w, check);
    brn_buffer_byte(&out, '\n');
    fwrite(out.data, 1, out.size, stdout);
    brn_buffer_free(&out);
}
