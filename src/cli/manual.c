/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manual.h"

#include "cli/command.h"

#include <string.h>

/* ---- man page: roff with the macros of man(7) ---- */

/* A line that starts with a dot or quote would be a request; a hyphen must stay one when copied. */
static void put_roff(FILE *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        line_start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

static void put_options(FILE *out, const struct brn_command *c)
{
    for (const struct brn_option *o = c->options; o->name; o++) {
        fputs(".TP\n.B ", out);
        put_roff(out, o->name);
        if (o->value)
            fprintf(out, " \\fI%s\\fR", o->value);
        fputc('\n', out);
        put_roff(out, o->help);
        fputc('\n', out);
    }
}

static void put_command(FILE *out, const struct brn_command *c)
{
    fprintf(out, ".SS brine %s %s\n", c->name, c->arguments);
    put_roff(out, c->description);
    fputc('\n', out);
    put_options(out, c);
    fputs(".PP\n.EX\n", out);
    put_roff(out, c->example);
    fputs("\n.EE\n", out);
}

static void put_man(FILE *out)
{
    fprintf(out, ".TH BRINE 1 \"\" \"brine %s\" \"User Commands\"\n", brine_version());
    fputs(".SH NAME\nbrine \\- take a pickled scikit\\-learn model to production, without Python\n"
          ".SH SYNOPSIS\n.B brine\n.I command\n.RI [ argument ...]\n.RI [ option ...]\n"
          ".SH DESCRIPTION\n"
          "Reads model.pkl and model.joblib files of any era without running anything in them, "
          "says what is\n"
          "inside and whether it is safe, predicts what the scikit\\-learn that wrote the file "
          "would have\n"
          "predicted, compares the two formats, serves the model under a data contract and "
          "produces the\n"
          "evidence that decides between ship and hold.\n.SH COMMANDS\n",
          out);
    for (const struct brn_command *const *c = brn_commands; *c; c++)
        put_command(out, *c);
    fputs(
        ".SH EXIT STATUS\n0 is success and 64 misuse everywhere; what lies between is said with "
        "each "
        "command.\n.SH ENVIRONMENT\n.TP\n.B NO_COLOR\nwhen set and not empty, no colour even on a "
        "terminal\n",
        out);
}

/* ---- completions ---- */

/* "evidence" of "evidence diff", once for all commands that share it. */
static bool is_first_of_word(const struct brn_command *const *at, size_t length)
{
    for (const struct brn_command *const *c = brn_commands; c != at; c++)
        if (strncmp((*c)->name, (*at)->name, length) == 0 &&
            ((*c)->name[length] == ' ' || (*c)->name[length] == '\0'))
            return false;
    return true;
}

static void put_first_words(FILE *out)
{
    for (const struct brn_command *const *c = brn_commands; *c; c++) {
        size_t n = strcspn((*c)->name, " ");
        if (is_first_of_word(c, n))
            fprintf(out, "%.*s ", (int)n, (*c)->name);
    }
}

/* The arms of a case over "WORD WORD"; a command of two words stands before its first word alone.
 */
static void put_bash_arms(FILE *out)
{
    for (const struct brn_command *const *c = brn_commands; *c; c++) {
        fprintf(out, "    \"%s%s\"*) words=\"--help", (*c)->name,
                strchr((*c)->name, ' ') ? "" : " ");
        for (const struct brn_option *o = (*c)->options; o->name; o++)
            fprintf(out, " %s", o->name);
        fputs("\" ;;\n", out);
    }
}

/* "evidence " is to be followed by "diff". */
static void put_bash_second_words(FILE *out)
{
    for (const struct brn_command *const *c = brn_commands; *c; c++) {
        const char *space = strchr((*c)->name, ' ');
        if (space)
            fprintf(out, "    [ \"${COMP_WORDS[1]}\" = %.*s ] && second+=\" %s\"\n",
                    (int)(space - (*c)->name), (*c)->name, space + 1);
    }
}

static void put_bash(FILE *out)
{
    fputs("# bash completion for brine\n_brine() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} words= second=\n    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W \"",
          out);
    put_first_words(out);
    fputs("help\" -- \"$current\"))\n        return\n    fi\n", out);
    put_bash_second_words(out);
    fputs("    if [ \"$COMP_CWORD\" -eq 2 ] && [ -n \"$second\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$second\" -- \"$current\"))\n        return\n    fi\n"
          "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
          out);
    put_bash_arms(out);
    fputs("    esac\n    if [[ $current == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n    else\n"
          "        COMPREPLY=($(compgen -f -- \"$current\"))\n    fi\n}\n"
          "complete -o filenames -F _brine brine\n",
          out);
}

/* Inside '…[…]' of _arguments and '…:…' of _describe. */
static void put_zsh_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

static void put_zsh_options(FILE *out, const struct brn_command *c)
{
    for (const struct brn_option *o = c->options; o->name; o++) {
        fprintf(out, "            '%s[", o->name);
        put_zsh_text(out, o->help);
        fputs("]", out);
        if (o->value)
            fprintf(out, ":%s:_files", o->value);
        fputs("' \\\n", out);
    }
    fputs("            '--help[tell more]' '*:file:_files' ;;\n", out);
}

static void put_zsh(FILE *out)
{
    fputs("#compdef brine\n_brine() {\n    local -a commands=(\n", out);
    for (const struct brn_command *const *c = brn_commands; *c; c++) {
        fprintf(out, "        '%s:", (*c)->name);
        put_zsh_text(out, (*c)->summary);
        fputs("'\n", out);
    }
    fputs("    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        "
          "return\n"
          "    fi\n    case \"$words[2] $words[3]\" in\n",
          out);
    for (const struct brn_command *const *c = brn_commands; *c; c++) {
        fprintf(out, "        \"%s%s\"*) _arguments \\\n", (*c)->name,
                strchr((*c)->name, ' ') ? "" : " ");
        put_zsh_options(out, *c);
    }
    fputs("        *) _files ;;\n    esac\n}\n_brine \"$@\"\n", out);
}

brn_manual *brn_find_manual(const char *form)
{
    static const struct {
        const char *form;
        brn_manual *print;
    } forms[] = {{"--man", put_man}, {"--bash", put_bash}, {"--zsh", put_zsh}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i].form, form) == 0)
            return forms[i].print;
    return NULL;
}
