/* SPDX-License-Identifier: Apache-2.0
 *
 * manual.h - the man page and the shell completions, made from the command table. */
#ifndef BRN_CLI_MANUAL_H
#define BRN_CLI_MANUAL_H

#include <stdio.h>

/* What "brine help FORM" prints: --man, --bash or --zsh.  NULL when there is no such form. */
typedef void brn_manual(FILE *out);
brn_manual *brn_find_manual(const char *form);

#endif
