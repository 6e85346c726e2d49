/* SPDX-License-Identifier: Apache-2.0
 *
 * datatype.h - the tensor datatypes of the Open Inference Protocol, and how one element of each is
 * taken from JSON.
 *
 * Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md, "Tensor Data
 * Types". */
#ifndef BRN_SERVE_DATATYPE_H
#define BRN_SERVE_DATATYPE_H

#include "serve/text_pool.h"
#include "table/table.h"

enum brn_datatype_kind {
    BRN_DATATYPE_BOOL,
    BRN_DATATYPE_INT,
    BRN_DATATYPE_UINT,
    BRN_DATATYPE_FLOAT,
    BRN_DATATYPE_BYTES,
};

struct brn_datatype {
    const char *name;
    enum brn_datatype_kind kind;
    uint8_t wire_size;  /* of an element in a binary tensor; 0: its length (u32) and bytes */
    uint8_t size;       /* in memory: as on the wire, little-endian; BYTES is a struct brn_slice */
    enum brn_type type; /* of the column that it becomes */
};

/* NULL: no such datatype. */
const struct brn_datatype *brn_datatype_find(struct brn_slice name);

/* The value of the event just read, as an element at out.  null is NaN in floats and a slice with p
 * NULL in BYTES; elsewhere it is refused.  A number that the datatype does not hold is refused; a
 * float is rounded to its precision, but never to infinity. */
brine_status brn_datatype_element(const struct brn_datatype *datatype, const struct brn_json *event,
                                  struct brn_text_pool *texts, void *out, brine_error *err);

/* Round to nearest, ties to even; what is too large becomes infinite. */
uint16_t brn_half_from_double(double value);

#endif
