/* SPDX-License-Identifier: Apache-2.0
 *
 * command.h - one file a command: cmd_NAME.c defines "const struct brn_command brn_command_NAME",
 * and commands.inc has its row.  Parsing, --help, usage errors, the man page and the shell
 * completions are all made from the struct. */
#ifndef BRN_CLI_COMMAND_H
#define BRN_CLI_COMMAND_H

#include "base/error.h"

#include <stdio.h>

enum { BRN_EXIT_OK = 0, BRN_EXIT_USAGE = 64 };

struct brn_option {
    const char *name;  /* "--method" */
    const char *value; /* what stands behind it, "M"; NULL for a switch */
    const char *help;  /* one line, no full stop */
};

struct brn_invocation;

struct brn_command {
    const char *name;                 /* "predict", or "evidence diff" */
    const char *arguments;            /* "MODEL DATA" */
    int min_arguments, max_arguments; /* max -1: any number */
    const char *summary;              /* one line for the list */
    const char *description;          /* a paragraph; what the exit codes mean */
    const char *example; /* a command line that works in a fresh clone after make demo */
    const struct brn_option *options; /* ended by a name of NULL; --help needs no row */
    /* Returns the exit code. */
    int (*run)(const struct brn_invocation *invocation);
};

extern const struct brn_command *const brn_commands[]; /* ended by NULL */

enum { BRN_MOST_GIVEN = 64 };

/* What was typed. */
struct brn_invocation {
    const struct brn_command *command;
    int argument_count;
    const char *const *arguments;
    int given_count;
    struct brn_given {
        const struct brn_option *option;
        const char *value;
    } given[BRN_MOST_GIVEN];
};

bool brn_given_switch(const struct brn_invocation *invocation, const char *option);
const char *brn_given_text(const struct brn_invocation *invocation, const char *option,
                           const char *otherwise);

/* The values of an option that may be given several times, ended by NULL. */
void brn_given_texts(const struct brn_invocation *invocation, const char *option,
                     const char *ret_texts[BRN_MOST_GIVEN + 1]);

/* A whole number with an optional suffix k, M, G (powers of 1024); false and a usage message on
 * standard error when it is none.  *ret_value is untouched when the option was not given. */
bool brn_given_uint(const struct brn_invocation *invocation, const char *option,
                    uint64_t *ret_value);

/* The reader's limits, for every command that opens a model file: rows for the command's option
 * table, and what was given of them.  brn_given_limits returns false after a usage message. */
#define BRN_LIMIT_OPTIONS                                                                   \
    {"--max-input", "BYTES", "limit of the file's size (default 16G)"},                     \
        {"--max-expanded", "BYTES", "limit of its size after decompression (default 16G)"}, \
        {"--max-ratio", "N", "limit of expanded over compressed size (default 1000)"},      \
        {"--max-memory", "BYTES", "limit of the memory for its objects (default 4G)"},      \
        {"--max-nodes", "N", "limit of the number of objects (default 100,000,000)"},       \
        {"--max-depth", "N", "limit of nesting (default 10,000, at most 1,000,000)"},       \
        {"--max-digits", "N", "limit of an integer's decimal digits (default 4,300)"},      \
        {"--max-array", "BYTES", "limit of all arrays together (default 16G)"},             \
    {                                                                                       \
        "--mmap", NULL, "map the file instead of reading it; it must not shrink meanwhile"  \
    }
bool brn_given_limits(const struct brn_invocation *invocation, brine_options *ret_options);

/* "brine: FILE: message (at byte N, in PATH)" on standard error. */
void brn_report_error(const char *subject, const brine_error *err);

/* Whether to colour: a terminal, and no NO_COLOR. */
bool brn_use_color(FILE *stream);

/* main() without the process: returns the exit code. */
int brn_run_command(int argc, const char *const *argv);

#endif
