/* SPDX-License-Identifier: Apache-2.0
 *
 * disassemble.h - opcodes as text, line by line as "python -m pickletools" (CPython 3.11) prints
 * them.
 *
 * pickletools loses its way at joblib's first array; this goes on behind it, because the machine
 * has told which bytes are opcodes. */
#ifndef BRN_PICKLE_DISASSEMBLE_H
#define BRN_PICKLE_DISASSEMBLE_H

#include "pickle/node.h"

/* Takes a line without its newline; what it returns other than BRINE_OK ends the work. */
typedef brine_status brn_line_sink(void *context, struct brn_slice line);

/* content is what the graph was read from.  Where reading failed, the opcode that failed is still
 * printed when it has an argument that can be read; the failure itself is the caller's to tell. */
brine_status brn_disassemble(const struct brn_graph *graph, struct brn_slice content,
                             brn_line_sink *sink, void *context, brine_error *err);

#endif
