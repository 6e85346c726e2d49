/* SPDX-License-Identifier: Apache-2.0
 *
 * oip.h - an inference request and its answer in the Open Inference Protocol v2, as bytes and back.
 * No sockets, no model.
 *
 * Sources: kserve/open-inference-protocol, specification/protocol/inference_rest.md; the binary
 * tensors of triton-inference-server/server, docs/protocol/extension_binary_data.md.  A body is
 * JSON, or JSON followed by raw tensors in the order of the inputs when
 * Inference-Header-Content-Length says where the JSON ends; nothing else decides it, because
 * clients say anything as Content-Type. */
#ifndef BRN_SERVE_OIP_H
#define BRN_SERVE_OIP_H

#include "serve/datatype.h"

enum {
    BRN_MAX_RANK = 8,
    BRN_MAX_JSON_DEPTH = 64, /* 50 must work and 120 must not: Triton, qa/L0_http */
    BRN_MAX_INPUTS = 100000,
    BRN_MAX_OUTPUTS = 64,
    BRN_MAX_ID = 256, /* bytes of a request's id */
};

struct brn_tensor {
    struct brn_slice name;
    const struct brn_datatype *datatype;
    uint32_t rank;
    int64_t shape[BRN_MAX_RANK];
    uint64_t elements;     /* product of the shape */
    void *data;            /* elements x datatype->size, row-major, in the work memory */
    struct brn_slice json; /* the text of "data" */
    uint64_t binary_size;  /* of its bytes behind the JSON, when is_binary */
    bool has_shape, is_binary;
};

enum brn_binary_choice { BRN_BINARY_UNSAID, BRN_BINARY_YES, BRN_BINARY_NO };

/* An output that the client asks for. */
struct brn_wanted {
    struct brn_slice name;
    enum brn_binary_choice binary;
};

struct brn_oip_request {
    struct brn_slice id; /* p NULL: none was given */
    struct brn_tensor *inputs;
    size_t input_count;
    struct brn_wanted outputs[BRN_MAX_OUTPUTS];
    size_t output_count;
    bool binary_outputs; /* for outputs that say nothing themselves */
    uint64_t timeout_us; /* 0: none was asked */
};

/* json_length is the header's text, p NULL when there was none.  Slices point into body or work
 * memory. *storage keeps the inputs between calls. */
brine_status brn_oip_decode(struct brn_slice body, struct brn_slice json_length,
                            struct brn_work *work, struct brn_buffer *storage,
                            struct brn_oip_request *ret_request, brine_error *err);

/* Gives each binary input its piece of the bytes behind the JSON; all of them must be used. */
brine_status brn_oip_take_binary(struct brn_oip_request *request, struct brn_slice bytes,
                                 struct brn_work *work, brine_error *err);

/* "data" of a tensor whose shape and datatype are known: nested as the shape says, or flat. */
brine_status brn_oip_take_json(struct brn_tensor *tensor, struct brn_text_pool *texts,
                               brine_error *err);

/* ---- members of JSON objects ---- */

/* A member that is known; read() is called with its value's first event. */
struct brn_member {
    const char *name;
    brine_status (*read)(struct brn_json *json, void *into, brine_error *err);
};

/* The rest of an object whose '{' was just read.  Unknown members are passed over; a known one that
 * comes twice is refused.  members ends with a name of NULL and has at most 32 rows. */
brine_status brn_members_read(struct brn_json *json, const struct brn_member *members, void *into,
                              brine_error *err);

/* The reader's own failure, as this function's. */
brine_status brn_json_failure(const struct brn_json *json, brine_error *err);

/* "WHAT must be …" at the reader's place. */
brine_status brn_json_wrong(const struct brn_json *json, const char *what, brine_error *err);

/* ---- answers ---- */

/* What the codes of one output column stand for. */
struct brn_label_set {
    size_t count;
    const struct brn_value *values;
    const struct brn_slice *texts; /* the same as Python's str() writes them */
};

/* An output's values: numbers, or codes of labels. */
struct brn_output {
    const char *name;
    const struct brn_datatype *datatype; /* FP64, INT64, BOOL or BYTES */
    size_t rows, width;
    bool is_vector;        /* shape [rows], else [rows, width] */
    const double *numbers; /* of row r and column c: at r * stride + places[c] */
    const int32_t *codes;
    size_t stride;
    const int32_t *places;
    const struct brn_label_set *labels; /* by column; NULL: numbers */
    bool is_binary;
};

struct brn_oip_answer {
    const char *model, *version;
    struct brn_slice id;
    const struct brn_output *outputs;
    size_t output_count;
};

/* Appends the body; *ret_json_length is the JSON's length when binary tensors follow, else 0.
 * BRINE_INPUT when a JSON output holds an infinity, which JSON cannot say; NaN is null. */
brine_status brn_oip_encode(const struct brn_oip_answer *answer, struct brn_buffer *out,
                            size_t *ret_json_length, brine_error *err);

/* One value of an output as JSON, as /invocations writes it too; false for an infinity. */
bool brn_output_json(const struct brn_output *output, size_t row, size_t column,
                     struct brn_json_writer *writer);

#endif
