/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stdio.h>

static int run(const struct brn_invocation *invocation)
{
    (void)invocation;
    printf("brine %s\n", brine_version());
#ifdef BRINE_HAS_SERVE
    printf("with: zlib bzip2 lzma lz4 zstd nettle libyaml pcre2 libmicrohttpd\n");
#else
    printf(
        "with: zlib bzip2 lzma lz4 zstd nettle libyaml pcre2; without: libmicrohttpd (no serve)\n");
#endif
    return BRN_EXIT_OK;
}

static const struct brn_option options[] = {{NULL, NULL, NULL}};

const struct brn_command brn_command_version = {
    .name = "version",
    .arguments = "",
    .summary = "print the version and the features that were built in",
    .description = "Prints the version, and which optional libraries this program was built with.",
    .example = "brine version",
    .options = options,
    .run = run,
};
