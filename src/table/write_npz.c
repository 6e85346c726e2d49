/* SPDX-License-Identifier: Apache-2.0
 *
 * One stored member, arr_0.npy, as numpy.savez() writes it: with the zip64 field, because the size
 * is known last. */
#include "table/encode.h"
#include "table/format.h"

#include <stdlib.h>
#include <zlib.h>

static const char name[] = "arr_0.npy";
enum { NAME_SIZE = sizeof name - 1, LOCAL_SIZE = 30 + NAME_SIZE + 20, NEEDS_ZIP64 = 45 };
static const uint16_t JANUARY_1980 = 0x21; /* MS-DOS date, so that equal tables are equal files */

static void put(struct brn_buffer *b, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        brn_buffer_byte(b, (char)(value >> (8 * i)));
}

/* From "version needed" to "crc-32", alike in both headers. */
static void put_common(struct brn_buffer *b, uint32_t crc)
{
    put(b, NEEDS_ZIP64, 2);
    put(b, 0, 2); /* flags */
    put(b, 0, 2); /* stored */
    put(b, 0, 2); /* time */
    put(b, JANUARY_1980, 2);
    put(b, crc, 4);
    put(b, UINT32_MAX, 4); /* both sizes stand in the zip64 field */
    put(b, UINT32_MAX, 4);
    put(b, NAME_SIZE, 2);
    put(b, 20, 2); /* extra field */
}

static void put_name_and_sizes(struct brn_buffer *b, uint64_t size)
{
    brn_buffer_add(b, name, NAME_SIZE);
    put(b, 1, 2);
    put(b, 16, 2);
    put(b, size, 8);
    put(b, size, 8);
}

static void put_local(struct brn_buffer *b, uint32_t crc, uint64_t size)
{
    put(b, 0x04034b50, 4);
    put_common(b, crc);
    put_name_and_sizes(b, size);
}

static void put_directory(struct brn_buffer *b, uint32_t crc, uint64_t size)
{
    put(b, 0x02014b50, 4);
    put(b, 3 << 8 | NEEDS_ZIP64, 2); /* made on Unix */
    put_common(b, crc);
    put(b, 0, 2);                       /* comment */
    put(b, 0, 2);                       /* disk */
    put(b, 0, 2);                       /* internal attributes */
    put(b, (uint64_t)0100644 << 16, 4); /* mode */
    put(b, 0, 4);                       /* offset of the local header */
    put_name_and_sizes(b, size);
}

static void put_end(struct brn_buffer *b, uint64_t directory, uint64_t directory_size)
{
    put(b, 0x06064b50, 4); /* zip64 end record */
    put(b, 44, 8);
    put(b, 3 << 8 | NEEDS_ZIP64, 2);
    put(b, NEEDS_ZIP64, 2);
    put(b, 0, 8); /* disks */
    put(b, 1, 8);
    put(b, 1, 8);
    put(b, directory_size, 8);
    put(b, directory, 8);
    put(b, 0x07064b50, 4); /* its locator */
    put(b, 0, 4);
    put(b, directory + directory_size, 8);
    put(b, 1, 4);
    put(b, 0x06054b50, 4); /* end record */
    put(b, 0, 4);
    put(b, 1, 2);
    put(b, 1, 2);
    put(b, directory_size, 4);
    put(b, UINT32_MAX, 4);
    put(b, 0, 2);
}

static brine_status emit(struct brn_sink *sink, struct brn_buffer *b, brine_error *err)
{
    brine_status status =
        b->failed ? brn_fail_memory(err) : brn_sink_write(sink, brn_buffer_view(b), err);
    brn_buffer_free(b);
    return status;
}

brine_status brn_npz_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err)
{
    struct brn_encoder *e = calloc(1, sizeof *e);
    struct brn_buffer local = {0};
    if (!e)
        return brn_fail_memory(err);
    *ret_state = e; /* destroyed by the caller on failure, too */
    put_local(&local, 0, 0);
    BRN_TRY(emit(sink, &local, err));
    return brn_encoder_begin(e, sink, is_vector, err);
}

brine_status brn_npz_write(void *state, const struct brn_table *table, brine_error *err)
{
    return brn_encoder_write(state, table, err);
}

static brine_status patch_headers(struct brn_encoder *e, const uint8_t *header, uint32_t crc,
                                  uint64_t size, brine_error *err)
{
    struct brn_buffer local = {0};
    put_local(&local, crc, size);
    brine_status status = local.failed ? brn_fail_memory(err)
                                       : brn_sink_patch(e->sink, 0, brn_buffer_view(&local), err);
    brn_buffer_free(&local);
    BRN_TRY(status);
    return brn_sink_patch(e->sink, LOCAL_SIZE, (struct brn_slice){header, BRN_NPY_HEADER}, err);
}

brine_status brn_npz_finish(void *state, brine_error *err)
{
    struct brn_encoder *e = state;
    struct brn_buffer tail = {0};
    uint8_t header[BRN_NPY_HEADER];
    BRN_TRY(brn_encoder_end(e, header, err));
    uint64_t size = BRN_NPY_HEADER + e->bytes;
    uLong crc = crc32(0, header, BRN_NPY_HEADER);
    crc = crc32_combine(crc, e->crc, (z_off_t)e->bytes);
    BRN_TRY(patch_headers(e, header, (uint32_t)crc, size, err));
    put_directory(&tail, (uint32_t)crc, size);
    put_end(&tail, LOCAL_SIZE + size, tail.size);
    return emit(e->sink, &tail, err);
}

void brn_npz_destroy(void *state)
{
    brn_encoder_free(state);
    free(state);
}
