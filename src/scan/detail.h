/* SPDX-License-Identifier: Apache-2.0
 *
 * detail.h - what stands at the place of a finding: the opcode and its argument, or what a call was
 * given. */
#ifndef BRN_SCAN_DETAIL_H
#define BRN_SCAN_DETAIL_H

#include "scan/scan.h"

/* Sets opcode, length and argument of a finding about node (NULL: none).  The texts are static or
 * in the arena, and escaped as repr() escapes; they stay "" when memory is out. */
void brn_finding_detail(const struct brine_file *file, const struct brn_node *node,
                        struct brn_arena *arena, struct brn_finding *finding);

/* The arguments of a call, "('touch PWNED', 3)"; long ones are cut. */
void brn_call_text(const struct brn_node *object, struct brn_buffer *out);

#endif
