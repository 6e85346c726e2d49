/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/manual.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define X(name) extern const struct brn_command brn_command_##name;
#include "cli/commands.inc"
#undef X

const struct brn_command *const brn_commands[] = {
#define X(name) &brn_command_##name,
#include "cli/commands.inc"
#undef X
    NULL,
};

static void print_overview(FILE *out)
{
    fprintf(out,
            "brine %s: the model file that you already have, in production, without Python\n\n",
            brine_version());
    fprintf(out, "usage: brine COMMAND [ARGUMENT…] [OPTION…]\n\n");
    for (const struct brn_command *const *c = brn_commands; *c; c++)
        fprintf(out, "  %-16s %s\n", (*c)->name, (*c)->summary);
    fprintf(out, "\n\"brine COMMAND --help\" tells more, with an example.\n");
}

static void print_help(const struct brn_command *c)
{
    printf("usage: brine %s %s%s\n\n%s\n", c->name, c->arguments,
           c->options[0].name ? " [OPTION…]" : "", c->description);
    if (c->options[0].name)
        printf("\noptions:\n");
    for (const struct brn_option *o = c->options; o->name; o++) {
        char head[64];
        snprintf(head, sizeof head, "%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        printf("  %-24s %s\n", head, o->help);
    }
    printf("\nexample:\n  %s\n", c->example);
}

static int usage(const struct brn_command *c, const char *what, const char *which)
{
    fprintf(stderr, "brine %s: %s%s%s\n", c->name, what, which ? ": " : "", which ? which : "");
    fprintf(stderr, "usage: brine %s %s; \"brine %s --help\" tells more\n", c->name, c->arguments,
            c->name);
    return BRN_EXIT_USAGE;
}

/* Commands of two words come first: "evidence diff" before "evidence". */
static const struct brn_command *find_command(int argc, const char *const *argv, int *ret_words)
{
    for (int words = 2; words > 0; words--) {
        if (argc < words + 1)
            continue;
        char name[128];
        snprintf(name, sizeof name, words == 2 ? "%s %s" : "%s", argv[1], argv[words]);
        for (const struct brn_command *const *c = brn_commands; *c; c++)
            if (strcmp((*c)->name, name) == 0) {
                *ret_words = words;
                return *c;
            }
    }
    return NULL;
}

static const struct brn_option *find_option(const struct brn_command *c, const char *text, size_t n)
{
    for (const struct brn_option *o = c->options; o->name; o++)
        if (strlen(o->name) == n && strncmp(o->name, text, n) == 0)
            return o;
    return NULL;
}

/* argv[*at] is an option; takes its value too.  Returns an exit code on misuse, else 0. */
static int take_option(struct brn_invocation *v, int argc, const char *const *argv, int *at)
{
    const char *text = argv[*at], *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    const struct brn_option *o = find_option(v->command, text, n);
    if (!o)
        return usage(v->command, "no such option", text);
    if (!o->value && equals)
        return usage(v->command, "takes no value", o->name);
    const char *value = equals ? equals + 1 : NULL;
    if (o->value && !value) {
        if (*at + 1 >= argc)
            return usage(v->command, "needs a value", o->name);
        value = argv[++*at];
    }
    if (v->given_count == (int)(sizeof v->given / sizeof v->given[0]))
        return usage(v->command, "too many options", text);
    v->given[v->given_count++] = (struct brn_given){o, value};
    return 0;
}

static int parse(struct brn_invocation *v, int argc, const char *const *argv,
                 const char **arguments)
{
    bool options_end = false;
    for (int i = 0; i < argc; i++) {
        if (options_end || argv[i][0] != '-' || argv[i][1] == '\0') {
            arguments[v->argument_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else {
            int code = take_option(v, argc, argv, &i);
            if (code)
                return code;
        }
    }
    const struct brn_command *c = v->command;
    if (v->argument_count < c->min_arguments)
        return usage(c, "needs more arguments", NULL);
    if (c->max_arguments >= 0 && v->argument_count > c->max_arguments)
        return usage(c, "one argument too many", arguments[c->max_arguments]);
    return 0;
}

static bool wants_help(int argc, const char *const *argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "brine: standard output could not be written\n");
    return code ? code : 2;
}

static int run_parsed(const struct brn_command *c, int argc, const char *const *argv)
{
    const char **arguments = calloc((size_t)argc + 1, sizeof *arguments);
    if (!arguments) {
        fprintf(stderr, "brine: out of memory\n");
        return 2;
    }
    struct brn_invocation v = {.command = c, .arguments = arguments};
    int code = parse(&v, argc, argv, arguments);
    if (!code)
        code = finish(c->run(&v));
    free(arguments);
    return code;
}

static int no_such_command(const char *name)
{
    fprintf(stderr, "brine: no such command: %s; \"brine --help\" lists them\n", name);
    return BRN_EXIT_USAGE;
}

/* "brine help", "brine help COMMAND", "brine help --man". */
static int run_help(int argc, const char *const *argv)
{
    int words = 0;
    brn_manual *manual = argc > 2 ? brn_find_manual(argv[2]) : NULL;
    const struct brn_command *c = argc > 2 ? find_command(argc - 1, argv + 1, &words) : NULL;
    if (manual)
        manual(stdout);
    else if (c)
        print_help(c);
    else if (argc > 2)
        return no_such_command(argv[2]);
    else
        print_overview(stdout);
    return finish(BRN_EXIT_OK);
}

int brn_run_command(int argc, const char *const *argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return BRN_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return run_help(2, argv);
    if (strcmp(argv[1], "help") == 0)
        return run_help(argc, argv);
    int words = 0;
    const struct brn_command *c = find_command(argc, argv, &words);
    if (!c && strcmp(argv[1], "--version") == 0) {
        printf("brine %s\n", brine_version());
        return finish(BRN_EXIT_OK);
    }
    if (!c)
        return no_such_command(argv[1]);
    if (wants_help(argc - 1 - words, argv + 1 + words)) {
        print_help(c);
        return finish(BRN_EXIT_OK);
    }
    return run_parsed(c, argc - 1 - words, argv + 1 + words);
}

static const struct brn_given *find_given(const struct brn_invocation *v, const char *option)
{
    for (int i = v->given_count; i-- > 0;)
        if (strcmp(v->given[i].option->name, option) == 0)
            return &v->given[i];
    return NULL;
}

bool brn_given_switch(const struct brn_invocation *invocation, const char *option)
{
    return find_given(invocation, option) != NULL;
}

const char *brn_given_text(const struct brn_invocation *invocation, const char *option,
                           const char *otherwise)
{
    const struct brn_given *given = find_given(invocation, option);
    return given ? given->value : otherwise;
}

void brn_given_texts(const struct brn_invocation *v, const char *option,
                     const char *ret_texts[BRN_MOST_GIVEN + 1])
{
    size_t count = 0;
    for (int i = 0; i < v->given_count; i++)
        if (strcmp(v->given[i].option->name, option) == 0)
            ret_texts[count++] = v->given[i].value;
    ret_texts[count] = NULL;
}

static bool parse_uint(const char *text, uint64_t *ret_value)
{
    static const char suffixes[] = "kMG";
    uint64_t value = 0;
    const char *p = text;
    for (; isdigit((unsigned char)*p); p++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
            return false;
    const char *suffix = *p ? strchr(suffixes, *p) : NULL;
    if (p == text || (*p && (!suffix || p[1])))
        return false;
    uint64_t scale = suffix ? UINT64_C(1) << (10 * (suffix - suffixes + 1)) : 1;
    return !__builtin_mul_overflow(value, scale, ret_value);
}

bool brn_given_uint(const struct brn_invocation *invocation, const char *option,
                    uint64_t *ret_value)
{
    const struct brn_given *given = find_given(invocation, option);
    uint64_t value;
    if (!given)
        return true;
    if (!parse_uint(given->value, &value)) {
        fprintf(stderr, "brine %s: %s: \"%s\" is no whole number\n", invocation->command->name,
                option, given->value);
        return false;
    }
    *ret_value = value;
    return true;
}

bool brn_given_limits(const struct brn_invocation *invocation, brine_options *ret_options)
{
    brine_options o = {.size = sizeof o};
    uint64_t depth = 0, digits = 0;
    bool ok = brn_given_uint(invocation, "--max-input", &o.max_input_bytes) &&
              brn_given_uint(invocation, "--max-expanded", &o.max_expanded_bytes) &&
              brn_given_uint(invocation, "--max-ratio", &o.max_ratio) &&
              brn_given_uint(invocation, "--max-memory", &o.max_memory) &&
              brn_given_uint(invocation, "--max-nodes", &o.max_nodes) &&
              brn_given_uint(invocation, "--max-depth", &depth) &&
              brn_given_uint(invocation, "--max-digits", &digits) &&
              brn_given_uint(invocation, "--max-array", &o.max_array_bytes);
    if (depth > 1000000 || digits > UINT32_MAX) {
        fprintf(stderr, "brine %s: --max-depth is at most 1,000,000\n", invocation->command->name);
        return false;
    }
    o.max_depth = (uint32_t)depth;
    o.max_digits = (uint32_t)digits;
    o.map_file = brn_given_switch(invocation, "--mmap");
    if (ok)
        *ret_options = o;
    return ok;
}

void brn_report_error(const char *subject, const brine_error *err)
{
    bool is_named = strncmp(err->message, subject, strlen(subject)) == 0;
    fprintf(stderr, "brine: %s%s", is_named ? "" : subject, is_named ? "" : ": ");
    if (err->row != BRINE_NOWHERE)
        fprintf(stderr, "row %" PRIu64 "%s%s: ", err->row + 1, err->column[0] ? ", column " : "",
                err->column);
    fprintf(stderr, "%s", err->message);
    const char *open = " (";
    if (err->path[0]) {
        fprintf(stderr, "%sin %s", open, err->path);
        open = ", ";
    }
    if (err->offset != BRINE_NOWHERE) {
        fprintf(stderr, "%sat byte %" PRIu64, open, err->offset);
        open = ", ";
    }
    fprintf(stderr, "%s\n", open[0] == ',' ? ")" : "");
}

bool brn_use_color(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");
    return (!no_color || !no_color[0]) && isatty(fileno(stream));
}
