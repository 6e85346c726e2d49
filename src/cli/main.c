/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return brn_run_command(argc, (const char *const *)argv);
}
