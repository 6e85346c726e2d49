/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/measure.h"

#include "base/map.h"
#include "pickle/numpy.h"
#include "pickle/walk.h"

struct measurer {
    const struct brine_file *file;
    struct brn_arena arena;
    struct brn_map contents; /* digests of array contents */
    struct brn_measure m;
};

static void measure_file(struct measurer *r)
{
    const struct brine_file *f = r->file;
    r->m.disk_bytes = f->bytes.view.n;
    r->m.expanded_bytes = f->content.n;
    for (const struct brn_joblib_companion *c = f->companions; c; c = c->next) {
        r->m.disk_bytes += c->bytes.view.n;
        r->m.expanded_bytes += c->expanded.size ? c->expanded.size : c->bytes.view.n;
    }
    r->m.memory_bytes = f->graph.arena.used;
    r->m.opcodes = f->graph.opcode_count;
    r->m.objects = f->graph.node_count;
}

/* Dtype, shape and bytes in 32 bytes that live as long as the arena. */
static brine_status content_key(struct measurer *r, const struct brn_array *a,
                                struct brn_slice *ret_key, brine_error *err)
{
    struct {
        struct brn_digest data;
        uint64_t kind, itemsize, dimensions;
        uint64_t shape[BRN_MAX_DIMENSIONS];
    } whole = {
        .data = brn_sha256(a->data),
        .kind = (uint64_t)a->dtype.kind << 1 | a->dtype.swapped,
        .itemsize = a->dtype.itemsize,
        .dimensions = a->dimensions,
    };
    memcpy(whole.shape, a->shape, a->dimensions * sizeof a->shape[0]);
    struct brn_digest *key = BRN_NEW(&r->arena, struct brn_digest, 1);
    if (!key)
        return brn_fail_memory(err);
    *key = brn_sha256((struct brn_slice){(const uint8_t *)&whole, sizeof whole});
    *ret_key = (struct brn_slice){key->bytes, sizeof key->bytes};
    return BRINE_OK;
}

static brine_status note_content(struct measurer *r, const struct brn_array *a, brine_error *err)
{
    struct brn_slice key;
    BRN_TRY(content_key(r, a, &key, err));
    size_t before = r->contents.count;
    if (brn_map_add(&r->contents, key) == BRN_MAP_NONE)
        return brn_fail_memory(err);
    if (r->contents.count == before) {
        r->m.duplicate_arrays++;
        r->m.duplicate_bytes += a->data.n;
    }
    return BRINE_OK;
}

/* Only joblib's arrays in an uncompressed file: the others lie inside the pickle. */
static void note_place(struct measurer *r, const struct brn_node *n, const struct brn_array *a)
{
    const struct brn_slice all = r->file->content;
    bool is_inside = a->data.p >= all.p && a->data.p < all.p + all.n;
    if (is_inside && (uint64_t)(a->data.p - all.p) % BRN_ARRAY_ALIGNMENT == 0)
        r->m.aligned_arrays++;
    if (is_inside && !r->file->codec && n->as.object->raw.n) {
        r->m.mapped_arrays++;
        r->m.mapped_bytes += a->data.n;
    }
}

static brine_status measure_array(struct measurer *r, const struct brn_node *n, brine_error *err)
{
    struct brn_array a;
    struct brn_arena scratch;
    brn_arena_init(&scratch, 0);
    brine_status status = brn_node_array(n, &scratch, &a, err);
    if (status == BRINE_OK && a.dtype.has_objects) {
        r->m.object_arrays++;
    } else if (status == BRINE_OK) {
        r->m.arrays++;
        r->m.array_bytes += a.data.n;
        note_place(r, n, &a);
        status = a.data.n ? note_content(r, &a, err) : BRINE_OK;
    }
    brn_arena_free(&scratch);
    return status;
}

/* The pickle in the place of a wrapper's array is that array, not another one. */
static void count_uses(struct measurer *r, const struct brn_node *n)
{
    const struct brn_node *child;
    const struct brn_node *nested = brn_is(n, BRN_OBJECT) ? n->as.object->nested : NULL;
    for (size_t i = 0; (child = brn_node_child(n, i)) != NULL; i++)
        r->m.array_uses += child != nested && brn_node_is_array(child);
}

static brine_status measure_nodes(struct measurer *r, brine_error *err)
{
    const struct brn_graph *g = &r->file->graph;
    struct brn_walk walk;
    struct brn_walk_frame *frame;
    brn_walk_init(&walk, g, &r->arena);
    r->m.array_uses = brn_node_is_array(g->root);
    brn_walk_start(&walk, g->root);
    while ((frame = brn_walk_next(&walk)) != NULL) {
        const struct brn_node *n = frame->node;
        count_uses(r, n);
        if (brn_node_is_array(n) && !frame->is_nested)
            BRN_TRY(measure_array(r, n, err));
    }
    return walk.failed ? brn_fail_memory(err) : BRINE_OK;
}

brine_status brn_measure_file(const struct brine_file *file, struct brn_measure *ret_measure,
                              brine_error *err)
{
    struct measurer r = {.file = file};
    brn_arena_init(&r.arena, 0);
    brn_map_init(&r.contents, &r.arena);
    measure_file(&r);
    brine_status status = measure_nodes(&r, err);
    brn_arena_free(&r.arena);
    if (status == BRINE_OK)
        *ret_measure = r.m;
    return status;
}
