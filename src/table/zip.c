/* SPDX-License-Identifier: Apache-2.0 */
#include "table/zip.h"

#include "base/reader.h"

#include <zlib.h>

static const uint32_t END = 0x06054b50, END64 = 0x06064b50, LOCATOR64 = 0x07064b50,
                      ENTRY = 0x02014b50, LOCAL = 0x04034b50;
enum { END_SIZE = 22, LOCATOR_SIZE = 20, MAX_COMMENT = 65535 };

struct directory {
    uint64_t offset, count;
};

static struct brn_reader reader_at(struct brn_slice bytes, uint64_t offset)
{
    struct brn_reader r;
    brn_reader_init(&r, bytes);
    brn_read(&r, offset);
    return r;
}

static brine_status fail(const char *name, uint64_t offset, const char *what, brine_error *err)
{
    return brn_fail_at(err, BRINE_FORMAT, offset, "the zip archive %s is damaged: %s", name, what);
}

/* The end record is the last thing but for a comment. */
static bool find_end(struct brn_slice bytes, uint64_t *ret_offset)
{
    if (bytes.n < END_SIZE)
        return false;
    uint64_t last = bytes.n - END_SIZE, first = last > MAX_COMMENT ? last - MAX_COMMENT : 0;
    for (uint64_t at = last + 1; at > first; at--)
        if (brn_load_le(bytes.p + at - 1, 4) == END) {
            *ret_offset = at - 1;
            return true;
        }
    return false;
}

static brine_status find_end64(struct brn_slice bytes, uint64_t end, const char *name,
                               struct directory *d, brine_error *err)
{
    struct brn_reader r = reader_at(bytes, end - LOCATOR_SIZE + 8);
    r = reader_at(bytes, brn_read_u64le(&r));
    uint64_t at = brn_reader_offset(&r);
    bool right = brn_read_u32le(&r) == END64;
    brn_read(&r, 20);
    brn_read_u64le(&r); /* entries on this disk */
    d->count = brn_read_u64le(&r);
    brn_read_u64le(&r); /* size of the directory */
    d->offset = brn_read_u64le(&r);
    return right && brn_reader_ok(&r) ? BRINE_OK : fail(name, at, "its zip64 end record", err);
}

static brine_status find_directory(struct brn_slice bytes, const char *name, struct directory *d,
                                   brine_error *err)
{
    uint64_t end;
    if (!find_end(bytes, &end))
        return fail(name, bytes.n, "it has no end record: it was cut off", err);
    struct brn_reader r = reader_at(bytes, end + 8);
    brn_read_u16le(&r);
    d->count = brn_read_u16le(&r);
    brn_read_u32le(&r);
    d->offset = brn_read_u32le(&r);
    if (end >= LOCATOR_SIZE && brn_load_le(bytes.p + end - LOCATOR_SIZE, 4) == LOCATOR64)
        return find_end64(bytes, end, name, d, err);
    return BRINE_OK;
}

struct entry {
    uint16_t flags, method, name_size, extra_size, comment_size;
    uint32_t crc;
    uint64_t packed, size, local;
};

static struct entry read_entry(struct brn_reader *r)
{
    struct entry e = {0};
    if (brn_read_u32le(r) != ENTRY)
        brn_reader_fail(r, BRINE_FORMAT, "no entry of the directory");
    brn_read(r, 4);
    e.flags = brn_read_u16le(r);
    e.method = brn_read_u16le(r);
    brn_read(r, 4);
    e.crc = brn_read_u32le(r);
    e.packed = brn_read_u32le(r);
    e.size = brn_read_u32le(r);
    e.name_size = brn_read_u16le(r);
    e.extra_size = brn_read_u16le(r);
    e.comment_size = brn_read_u16le(r);
    brn_read(r, 8);
    e.local = brn_read_u32le(r);
    return e;
}

/* The zip64 field holds, in this order, those that did not fit. */
static void read_zip64(struct brn_slice extra, struct entry *e)
{
    struct brn_reader r;
    brn_reader_init(&r, extra);
    while (brn_reader_left(&r) >= 4) {
        uint16_t tag = brn_read_u16le(&r), size = brn_read_u16le(&r);
        struct brn_slice body = brn_read(&r, size);
        struct brn_reader field;
        if (!brn_reader_ok(&r))
            return;
        brn_reader_init(&field, body);
        uint64_t *const values[] = {&e->size, &e->packed, &e->local};
        for (size_t i = 0; tag == 1 && i < 3; i++)
            if (*values[i] == UINT32_MAX)
                *values[i] = brn_read_u64le(&field);
    }
}

/* Behind the local header, whose name and extra field may be longer than the directory's. */
static brine_status find_data(struct brn_slice bytes, const struct entry *e, const char *name,
                              struct brn_slice *ret, brine_error *err)
{
    struct brn_reader r = reader_at(bytes, e->local);
    bool right = brn_read_u32le(&r) == LOCAL;
    brn_read(&r, 22);
    uint16_t name_size = brn_read_u16le(&r), extra_size = brn_read_u16le(&r);
    brn_read(&r, (uint64_t)name_size + extra_size);
    *ret = brn_read(&r, e->packed);
    return right && brn_reader_ok(&r) ? BRINE_OK
                                      : fail(name, e->local, "a member is not there", err);
}

static brine_status check_entry(const struct entry *e, const char *name, brine_error *err)
{
    if (e->flags & 1)
        return brn_fail(err, BRINE_UNSUPPORTED, "%s is encrypted", name);
    if (e->method != 0 && e->method != 8)
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "%s is packed by method %u: only stored and deflated members are read",
                        name, e->method);
    if (e->method == 0 && e->packed != e->size)
        return fail(name, e->local, "a stored member has two sizes", err);
    return BRINE_OK;
}

static brine_status read_members(struct brn_slice bytes, const struct directory *d,
                                 const char *name, struct brn_arena *arena, struct brn_zip *zip,
                                 brine_error *err)
{
    struct brn_reader r = reader_at(bytes, d->offset);
    for (uint64_t i = 0; i < d->count; i++) {
        struct entry e = read_entry(&r);
        struct brn_slice own_name = brn_read(&r, e.name_size), extra = brn_read(&r, e.extra_size);
        brn_read(&r, e.comment_size);
        if (!brn_reader_ok(&r))
            return fail(name, brn_reader_offset(&r), "its directory ends early", err);
        read_zip64(extra, &e);
        BRN_TRY(check_entry(&e, name, err));
        struct brn_zip_member *m = &zip->members[zip->count++];
        *m = (struct brn_zip_member){.name = brn_arena_text(arena, own_name),
                                     .size = e.size,
                                     .crc = e.crc,
                                     .is_deflated = e.method == 8};
        if (!m->name)
            return brn_fail_memory(err);
        BRN_TRY(find_data(bytes, &e, name, &m->data, err));
    }
    return BRINE_OK;
}

brine_status brn_zip_parse(struct brn_slice bytes, const char *name, struct brn_arena *arena,
                           struct brn_zip *ret_zip, brine_error *err)
{
    struct directory d;
    struct brn_zip zip = {NULL, 0};
    BRN_TRY(find_directory(bytes, name, &d, err));
    if (d.offset > bytes.n || d.count > (bytes.n - d.offset) / 46) /* bytes of an entry, at least */
        return fail(name, d.offset, "its directory does not fit into it", err);
    zip.members = BRN_NEW(arena, struct brn_zip_member, (size_t)d.count);
    if (!zip.members)
        return brn_fail_memory(err);
    BRN_TRY(read_members(bytes, &d, name, arena, &zip, err));
    *ret_zip = zip;
    return BRINE_OK;
}

/* zlib's crc32() counts in unsigned int. */
static uint32_t checksum(struct brn_slice bytes)
{
    uLong crc = crc32(0, NULL, 0);
    while (bytes.n) {
        size_t n = bytes.n < 1 << 30 ? bytes.n : 1 << 30;
        crc = crc32(crc, bytes.p, (uInt)n);
        bytes = (struct brn_slice){bytes.p + n, bytes.n - n};
    }
    return (uint32_t)crc;
}

brine_status brn_zip_extract(const struct brn_zip_member *member,
                             const struct brn_io_limits *limits, struct brn_buffer *out,
                             struct brn_slice *ret_content, brine_error *err)
{
    struct brn_slice content = member->data;
    size_t used;
    if (member->is_deflated) {
        struct brn_io_limits own = *limits;
        if (!own.max_expanded_bytes || own.max_expanded_bytes > member->size)
            own.max_expanded_bytes = member->size ? member->size : 1;
        BRN_TRY(brn_codec_expand(&brn_codec_deflate, member->data, &own, out, &used, err));
        content = brn_buffer_view(out);
    }
    if (content.n != member->size || checksum(content) != member->crc)
        return fail(member->name, 0, "the member's size or checksum is wrong", err);
    *ret_content = content;
    return BRINE_OK;
}
