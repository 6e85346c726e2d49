/* SPDX-License-Identifier: Apache-2.0
 *
 * measure.h - what one file costs and holds: bytes, objects, arrays, sharing, what could be mapped.
 */
#ifndef BRN_COMPARE_MEASURE_H
#define BRN_COMPARE_MEASURE_H

#include "joblib/joblib.h"

/* joblib.numpy_pickle.NUMPY_ARRAY_ALIGNMENT_BYTES, since joblib 1.2 */
enum { BRN_ARRAY_ALIGNMENT = 16 };

struct brn_measure {
    uint64_t disk_bytes;     /* of the file and its companions */
    uint64_t expanded_bytes; /* after decompression; the same when there is none */
    uint64_t memory_bytes;   /* that brine needs for the graph, beside the expanded bytes */
    uint64_t opcodes, objects;
    uint64_t arrays, array_bytes; /* numeric ones, each array object once */
    uint64_t object_arrays;
    uint64_t aligned_arrays; /* whose data begin at a multiple of BRN_ARRAY_ALIGNMENT */
    uint64_t mapped_arrays, mapped_bytes; /* that joblib.load(mmap_mode="r") would map */
    uint64_t array_uses; /* references to arrays; more than arrays when some are shared */
    /* Arrays equal to an earlier one in dtype, shape and bytes: the identity was lost, or never
     * was. */
    uint64_t duplicate_arrays, duplicate_bytes;
};

/* The file must have been read to its end. */
brine_status brn_measure_file(const struct brine_file *file, struct brn_measure *ret_measure,
                              brine_error *err);

#endif
