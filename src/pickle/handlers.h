/* SPDX-License-Identifier: Apache-2.0
 *
 * handlers.h - what the opcode table runs; of the machine's own files.
 *
 * When a handler is called, the opcode's mark has been taken (machine->slice is the place of the
 * first item above it) and the items that it needs are there. */
#ifndef BRN_PICKLE_HANDLERS_H
#define BRN_PICKLE_HANDLERS_H

#include "pickle/opcode.h"

typedef brine_status brn_op_handler(struct brn_machine *machine,
                                    const struct brn_argument *argument);

/* machine_values.c: what carries its value with it */
brn_op_handler brn_op_int, brn_op_int_line, brn_op_long, brn_op_long_line, brn_op_float,
    brn_op_float_line, brn_op_true, brn_op_empty, brn_op_string, brn_op_string_line, brn_op_bytes,
    brn_op_unicode, brn_op_unicode_line, brn_op_next_buffer, brn_op_readonly_buffer;
/* machine_containers.c */
brn_op_handler brn_op_append, brn_op_appends, brn_op_collect, brn_op_tuple, brn_op_setitem,
    brn_op_setitems, brn_op_additems;
/* machine_stack.c: stack, marks, memo */
brn_op_handler brn_op_pop, brn_op_dup, brn_op_mark, brn_op_pop_mark, brn_op_get, brn_op_get_line,
    brn_op_put, brn_op_put_line, brn_op_memoize;
/* machine_calls.c: what Python would import, call or change */
brn_op_handler brn_op_extension, brn_op_global, brn_op_stack_global, brn_op_call, brn_op_newobj_ex,
    brn_op_build, brn_op_inst, brn_op_obj, brn_op_persid, brn_op_persid_line;
/* machine_stream.c */
brn_op_handler brn_op_proto, brn_op_frame, brn_op_stop;

#endif
