/* SPDX-License-Identifier: Apache-2.0 */
#include "brine.h"

static const char *const methods[] = {
#define X(name, number, text) [BRINE_METHOD_##name] = text,
    BRINE_METHOD_MAP(X)
#undef X
};

const char *brine_method_name(brine_method method)
{
    return (size_t)method < BRINE_METHOD_COUNT ? methods[method] : "unknown method";
}
