/* SPDX-License-Identifier: Apache-2.0
 *
 * A file's verdict, and the file held against itself: never anything but equal. */
#include "api/known_classes.h"
#include "compare/content.h"
#include "compare/measure.h"
#include "scan/scan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct brine_file *file, struct brn_arena *arena)
{
    brine_error err;
    struct brn_scan scan;
    struct brn_buffer text = {0};
    struct brn_json_writer json = {.out = &text};
    if (brn_scan_file(file, &brn_registry_classes, arena, &scan, &err) != BRINE_OK)
        abort();
    uint64_t bytes = 0;
    for (int i = 0; i < BRN_SEGMENT_KINDS; i++)
        bytes += scan.bytes[i];
    if (bytes != scan.total_bytes)
        abort();
    if (file->failure.status != BRINE_OK && scan.verdict < BRN_INCOMPLETE)
        abort();
    brn_scan_text(&scan, "file", true, &text);
    brn_scan_json(&scan, "file", &json);
    brn_buffer_free(&text);
}

static void compare(const struct brine_file *file, struct brn_arena *arena)
{
    brine_error err;
    struct brn_content content;
    struct brn_measure measure;
    brine_status status = brn_content_compare(&file->graph, &file->graph, arena, &content, &err);
    if (status == BRINE_OK && !content.is_equal)
        abort();
    status = brn_measure_file(file, &measure, &err);
    (void)status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const brine_options options = {.size = sizeof options,
                                   .max_expanded_bytes = 1 << 20,
                                   .max_memory = 64 << 20,
                                   .max_array_bytes = 1 << 20};
    struct brn_arena arena;
    brine_file *file;
    brine_error err;
    brn_arena_init(&arena, 0);
    if (brn_file_open_bytes((struct brn_slice){data, size}, "fuzz", &options, true, &file, &err) ==
        BRINE_OK) {
        judge(file, &arena);
        if (file->failure.status == BRINE_OK)
            compare(file, &arena);
        brn_file_close(file);
    }
    brn_arena_free(&arena);
    return 0;
}
