/* SPDX-License-Identifier: Apache-2.0
 *
 * argument_text.h - an opcode's argument as pickletools prints it. */
#ifndef BRN_PICKLE_ARGUMENT_TEXT_H
#define BRN_PICKLE_ARGUMENT_TEXT_H

#include "base/buffer.h"
#include "pickle/opcode.h"

void brn_argument_text(const struct brn_argument_kind *kind, const struct brn_argument *argument,
                       struct brn_buffer *out);

/* The number in the line of a PUT or GET; 0 when it is none. */
uint64_t brn_argument_index(const struct brn_argument *argument);

#endif
