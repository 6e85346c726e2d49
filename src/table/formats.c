/* SPDX-License-Identifier: Apache-2.0 */
#include "table/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

const struct brn_table_format *const brn_table_formats[] = {
    &brn_format_csv, &brn_format_tsv, &brn_format_jsonl, &brn_format_npy, &brn_format_npz, NULL,
};

static const char *const codec_suffixes[] = {".gz", ".bz2", ".xz", ".lzma", ".lz4", ".zst", ".z"};

static bool ends_with(const char *name, size_t n, const char *suffix)
{
    size_t m = strlen(suffix);
    return n >= m && strncasecmp(name + n - m, suffix, m) == 0;
}

bool brn_name_is_gzip(const char *path)
{
    return ends_with(path, strlen(path), ".gz");
}

static size_t without_codec(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof codec_suffixes / sizeof codec_suffixes[0]; i++)
        if (ends_with(path, n, codec_suffixes[i]))
            return n - strlen(codec_suffixes[i]);
    return n;
}

const struct brn_table_format *brn_format_of_name(const char *path)
{
    size_t n = without_codec(path);
    for (size_t i = 0; brn_table_formats[i]; i++)
        for (const char *const *s = brn_table_formats[i]->suffixes; *s; s++)
            if (ends_with(path, n, *s))
                return brn_table_formats[i];
    return NULL;
}

brine_status brn_fail_table_row(brine_error *err, uint64_t row, const char *column,
                                const char *format, ...)
{
    if (!err)
        return BRINE_FORMAT;
    va_list arguments;
    char message[sizeof err->message];
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    brn_fail_row(err, row, column, "%s", message);
    err->status = BRINE_FORMAT;
    return BRINE_FORMAT;
}
