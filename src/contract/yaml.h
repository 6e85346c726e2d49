/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.h - YAML 1.2 (core schema) into the tree of base/json.h, with line and column.
 *
 * libyaml gives the events; what a plain scalar means is ours, because libyaml leaves that open and
 * other readers take NO, off or 12:30 for something else than text.  Source:
 * yaml.org/spec/1.2.2, 10.3.2.
 *
 * Refused: duplicate keys, keys that are no scalars, several documents, tags but !!str !!int
 * !!float !!bool
 * !!null, and whatever exceeds the limits.  An alias counts as a copy of what it stands for. */
#ifndef BRN_CONTRACT_YAML_H
#define BRN_CONTRACT_YAML_H

#include "base/json.h"

struct brn_yaml_limits {
    size_t max_bytes;   /* of the document; 0: 4 MiB */
    size_t max_values;  /* with aliases counted as copies; 0: 100,000 */
    uint32_t max_depth; /* of nesting; 0: 64 */
};

/* One document of YAML or JSON.  Everything is in the arena; document may go.  limits may be NULL.
 */
brine_status brn_yaml_parse(struct brn_slice document, const struct brn_yaml_limits *limits,
                            struct brn_arena *arena, struct brn_json_value **ret_value,
                            brine_error *err);

/* BRINE_FORMAT with "line N, column M: " in front of the sentence. */
brine_status brn_yaml_fail(brine_error *err, uint32_t line, uint32_t column, const char *format,
                           ...) BRN_PRINTF(4, 5);

#endif
