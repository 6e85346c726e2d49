/* SPDX-License-Identifier: Apache-2.0 */
#include "brine.h"

const char *brine_version(void)
{
    return BRINE_VERSION_TEXT;
}
