/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include "base/map.h"
#include "pickle/repr.h"
#include "pickle/walk.h"
#include "scan/detail.h"

#include <stdlib.h>

const struct brn_rule brn_rules[BRN_RULE_COUNT] = {
#define RULE(identifier, id, severity, text) {id, BRN_##severity, text},
#include "scan/rules.inc"
#undef RULE
};

/* A name under way: what was seen, and where each use stood first. */
struct seen {
    struct brn_scanned_name name;
    const char *why;    /* of the policy's row */
    const char *danger; /* why it does harm, or NULL */
    uint64_t offset[3]; /* of NAMED, CALLED, BUILT */
    const struct brn_node *node[3];
    uint64_t times[3];
};

struct scanner {
    const struct brine_file *file;
    const struct brn_graph *graph;
    const struct brn_known_classes *classes;
    struct brn_arena *arena;
    struct brn_map by_node,
        by_name; /* GLOBAL node index -> number in globals; "module\nname" -> in seen */
    uint32_t *globals;
    size_t global_count, global_capacity;
    struct seen *seen;
    size_t seen_capacity;
    struct brn_finding *findings;
    const struct brn_node **nodes; /* that the findings are about, for their paths */
    size_t finding_count, finding_capacity, node_capacity;
    bool no_memory;
};

/* ---- findings ---- */

static struct brn_finding *add_finding(struct scanner *s, enum brn_rule_number rule,
                                       uint64_t offset, const struct brn_node *node)
{
    static struct brn_finding nowhere;
    if (!BRN_ARENA_RESERVE(s->arena, s->findings, s->finding_count, s->finding_capacity) ||
        !BRN_ARENA_RESERVE(s->arena, s->nodes, s->finding_count, s->node_capacity)) {
        s->no_memory = true;
        return &nowhere;
    }
    s->nodes[s->finding_count] = node;
    struct brn_finding *f = &s->findings[s->finding_count++];
    *f = (struct brn_finding){.rule = &brn_rules[rule],
                              .offset = offset,
                              .count = 1,
                              .subject = "",
                              .why = "",
                              .path = "",
                              .opcode = "",
                              .argument = ""};
    return f;
}

static const char *text_of(struct scanner *s, const char *text)
{
    s->no_memory = s->no_memory || !text;
    return text ? text : "";
}

/* ---- names ---- */

static uint32_t number_by_name(struct scanner *s, const struct brn_node *global)
{
    struct brn_slice module = global->as.global.module, name = global->as.global.name;
    size_t n = module.n + 1 + name.n;
    uint8_t *key = BRN_NEW(s->arena, uint8_t, n);
    if (!key)
        return BRN_MAP_NONE;
    if (module.n)
        memcpy(key, module.p, module.n);
    key[module.n] = '\n';
    if (name.n)
        memcpy(key + module.n + 1, name.p, name.n);
    size_t before = s->by_name.count;
    uint32_t number = brn_map_add(&s->by_name, (struct brn_slice){key, n});
    if (number == BRN_MAP_NONE || s->by_name.count == before)
        return number;
    if (!BRN_ARENA_RESERVE(s->arena, s->seen, before, s->seen_capacity))
        return BRN_MAP_NONE;
    struct seen *seen = &s->seen[number];
    *seen = (struct seen){.name = {.module = module, .name = name}};
    seen->name.allowed = brn_policy_uses(s->classes, module, name, &seen->why);
    seen->danger = seen->name.allowed ? NULL : brn_policy_danger(module, name);
    return number;
}

/* What is known about a GLOBAL; NULL: memory is out. */
static struct seen *find_seen(struct scanner *s, const struct brn_node *global)
{
    struct brn_slice key = {(const uint8_t *)&global->index, sizeof global->index};
    size_t before = s->by_node.count;
    uint32_t at = brn_map_add(&s->by_node, key);
    if (at != BRN_MAP_NONE && s->by_node.count > before) {
        uint32_t number = number_by_name(s, global);
        if (number == BRN_MAP_NONE ||
            !BRN_ARENA_RESERVE(s->arena, s->globals, before, s->global_capacity))
            at = BRN_MAP_NONE;
        else
            s->globals[at] = number;
    }
    s->no_memory = s->no_memory || at == BRN_MAP_NONE;
    return s->no_memory ? NULL : &s->seen[s->globals[at]];
}

static void note_use(struct scanner *s, const struct brn_node *global, enum brn_use use,
                     const struct brn_node *where, uint64_t offset)
{
    struct seen *seen = brn_is(global, BRN_GLOBAL) ? find_seen(s, global) : NULL;
    if (!seen)
        return;
    int i = use == BRN_USE_NAMED ? 0 : use == BRN_USE_CALLED ? 1 : 2;
    if (seen->times[i]++ == 0) {
        seen->offset[i] = offset;
        seen->node[i] = where;
    }
    seen->name.uses |= use;
    seen->name.count += use != BRN_USE_BUILT;
}

/* ---- events ---- */

/* numpy.core._ufunc_reconstruct(module, name) imports any module it is told. */
static bool is_honest_ufunc(const struct brn_node *args)
{
    static const char *const known[] = {"numpy",
                                        "numpy.core",
                                        "numpy.core._multiarray_umath",
                                        "numpy._core._multiarray_umath",
                                        "numpy._core",
                                        "numpy.core.umath",
                                        "numpy.core.numeric",
                                        "scipy.special",
                                        NULL};
    struct brn_slice module = brn_node_text(brn_node_item(args, 0));
    for (const char *const *m = known; *m; m++)
        if (brn_slice_is(module, *m))
            return true;
    return false;
}

/* _codecs.encode(text, codec): some codecs do more than encode. */
static bool is_honest_codec(const struct brn_node *args)
{
    const struct brn_node *codec = brn_node_item(args, 1);
    return brn_node_count(args) == 1 || brn_node_is_text(codec, "latin1") ||
           brn_node_is_text(codec, "latin-1") || brn_node_is_text(codec, "utf-8") ||
           brn_node_is_text(codec, "utf8") || brn_node_is_text(codec, "ascii");
}

/* functools.partial(function, …): a function that a name tells. */
static bool is_honest_partial(const struct brn_node *args)
{
    return brn_is(brn_node_item(args, 0), BRN_GLOBAL);
}

static const struct argument_rule {
    const char *module, *name;
    bool (*is_honest)(const struct brn_node *args);
    enum brn_rule_number rule; /* when it is not */
} argument_rules[] = {
    {"numpy.core", "_ufunc_reconstruct", is_honest_ufunc, BRN_RULE_CRAFTED_ARGUMENT},
    {"numpy._core", "_ufunc_reconstruct", is_honest_ufunc, BRN_RULE_CRAFTED_ARGUMENT},
    {"_codecs", "encode", is_honest_codec, BRN_RULE_UNLISTED_USE},
    {"functools", "partial", is_honest_partial, BRN_RULE_CRAFTED_ARGUMENT},
    {NULL, NULL, NULL, BRN_RULE_COUNT},
};

static void check_arguments(struct scanner *s, const struct brn_node *object, uint64_t offset)
{
    const struct brn_object *o = object->as.object;
    for (const struct argument_rule *rule = argument_rules; rule->module; rule++)
        if (brn_node_is_global(o->callable, rule->module, rule->name) && !rule->is_honest(o->args))
            add_finding(s, rule->rule, offset, object)->subject =
                text_of(s, brn_arena_printf(s->arena, "%s.%s", rule->module, rule->name));
}

static void note_call(struct scanner *s, const struct brn_node *object, uint64_t offset)
{
    const struct brn_node *callable = object->as.object->callable;
    if (!brn_is(callable, BRN_GLOBAL)) {
        char what[80];
        brn_node_describe(callable, what, sizeof what);
        add_finding(s, BRN_RULE_COMPUTED_CALL, offset, object)->subject =
            text_of(s, brn_arena_printf(s->arena, "a call of %s", what));
        return;
    }
    note_use(s, callable, BRN_USE_CALLED, object, offset);
    const struct brn_node *class = brn_node_class(object);
    if (class != callable)
        note_use(s, class, BRN_USE_CALLED, object, offset);
    check_arguments(s, object, offset);
}

static void note_build(struct scanner *s, const struct brn_node *object, uint64_t offset)
{
    if (brn_is(object, BRN_OBJECT))
        note_use(s, brn_node_class(object), BRN_USE_BUILT, object, offset);
    /* on something imported: the machine reports that as an oddity of its own */
}

static void note_events(struct scanner *s)
{
    for (size_t i = 0; i < s->graph->event_count && !s->no_memory; i++) {
        const struct brn_event *e = &s->graph->events[i];
        uint64_t offset = e->beside ? BRINE_NOWHERE : e->offset;
        if (e->kind == BRN_EVENT_IMPORT)
            note_use(s, e->node, BRN_USE_NAMED, e->node, offset);
        else if (e->kind == BRN_EVENT_BUILD)
            note_build(s, e->node, offset);
        else if (brn_is(e->node, BRN_OBJECT))
            note_call(s, e->node, offset);
    }
}

/* ---- from names to findings ---- */

static const char *const use_texts[] = {"named", "called", "built"};

/* The gravest use that was seen, by its place in offset[]. */
static int gravest(unsigned uses)
{
    return uses & BRN_USE_BUILT ? 2 : uses & BRN_USE_CALLED ? 1 : 0;
}

/* Escaped, because a name may hold anything, NUL among it. */
static const char *name_text(struct scanner *s, const struct brn_scanned_name *name,
                             const char *use)
{
    struct brn_buffer text = {0};
    brn_repr_name(name->module, &text);
    brn_buffer_byte(&text, '.');
    brn_repr_name(name->name, &text);
    brn_buffer_printf(&text, ", %s", use);
    const char *kept = text.failed ? NULL : brn_arena_text(s->arena, brn_buffer_view(&text));
    brn_buffer_free(&text);
    return text_of(s, kept);
}

static void judge_name(struct scanner *s, const struct seen *seen)
{
    unsigned refused = seen->name.uses & ~seen->name.allowed;
    if (!refused)
        return;
    int use = gravest(seen->name.allowed ? refused : seen->name.uses & ~4u);
    enum brn_rule_number rule = seen->danger         ? BRN_RULE_DANGEROUS_NAME
                                : seen->name.allowed ? BRN_RULE_UNLISTED_USE
                                                     : BRN_RULE_UNLISTED_NAME;
    struct brn_finding *f = add_finding(s, rule, seen->offset[use], seen->node[use]);
    f->count = seen->times[use];
    f->why = seen->danger ? seen->danger : seen->why ? seen->why : "";
    f->subject = name_text(s, &seen->name, use_texts[use]);
}

static void judge_names(struct scanner *s)
{
    for (size_t i = 0; i < s->by_name.count && !s->no_memory; i++)
        judge_name(s, &s->seen[i]);
}

/* ---- one walk: pickles in bytes, and where the findings stand ---- */

static bool holds_pickle(const struct brn_node *n)
{
    if (n->kind != BRN_BYTES && n->kind != BRN_BYTEARRAY && n->kind != BRN_STRING)
        return false;
    struct brn_slice b = n->as.bytes;
    return b.n > 4 && b.p[0] == 0x80 && b.p[1] >= 2 && b.p[1] <= 5 && b.p[b.n - 1] == '.';
}

/* One finding at the first of them, with their number. */
static void note_nested(struct scanner *s, const struct brn_node *n)
{
    for (size_t i = 0; i < s->finding_count; i++)
        if (s->findings[i].rule == &brn_rules[BRN_RULE_NESTED_PICKLE]) {
            s->findings[i].count++;
            return;
        }
    add_finding(s, BRN_RULE_NESTED_PICKLE, n->offset, n)->subject = "bytes that are a pickle";
}

static void note_place(struct scanner *s, const struct brn_walk *walk, const struct brn_node *n)
{
    char path[192];
    brn_walk_path(walk, path, sizeof path);
    for (size_t i = 0; i < s->finding_count; i++)
        if (s->nodes[i] == n)
            s->findings[i].path = text_of(s, brn_arena_text(s->arena, brn_slice_of(path)));
}

static void walk_from(struct scanner *s, struct brn_walk *walk, uint8_t *wanted)
{
    struct brn_walk_frame *frame;
    while (!s->no_memory && (frame = brn_walk_next(walk)) != NULL) {
        if (holds_pickle(frame->node)) {
            note_nested(s, frame->node);
            wanted[frame->node->index] = 1;
        }
        if (wanted[frame->node->index])
            note_place(s, walk, frame->node);
    }
}

static void walk_graph(struct scanner *s)
{
    struct brn_arena scratch;
    struct brn_walk walk;
    brn_arena_init(&scratch, 0);
    uint8_t *wanted = BRN_NEW(&scratch, uint8_t, (size_t)s->graph->node_count + 1);
    brn_walk_init(&walk, s->graph, &scratch);
    for (size_t i = 0; wanted && i < s->finding_count; i++)
        if (s->nodes[i])
            wanted[s->nodes[i]->index] = 1;
    for (size_t i = 0; wanted && i < s->graph->root_count; i++) {
        brn_walk_start(&walk, s->graph->roots[i]);
        walk_from(s, &walk, wanted);
    }
    s->no_memory = s->no_memory || walk.failed || !wanted;
    brn_arena_free(&scratch);
}

/* ---- bytes ---- */

static void count_bytes(const struct brine_file *file, struct brn_scan *scan)
{
    const struct brn_graph *g = &file->graph;
    uint64_t counted = 0;
    for (int i = 0; i < BRN_SEGMENT_KINDS; i++) {
        scan->bytes[i] = brn_segment_bytes(g, (enum brn_segment_kind)i);
        counted += scan->bytes[i];
    }
    scan->total_bytes = file->content.n;
    if (counted < file->content.n) /* what nothing accounts for was not read */
        scan->bytes[BRN_SEGMENT_UNREAD] += file->content.n - counted;
}

static void judge_bytes(struct scanner *s, const struct brn_scan *scan)
{
    const struct brine_file *file = s->file;
    if (file->graph.root_count > 1)
        add_finding(s, BRN_RULE_SEVERAL_STREAMS, BRINE_NOWHERE, NULL)->subject =
            text_of(s, brn_arena_printf(s->arena, "%zu pickles in a row", file->graph.root_count));
    uint64_t trailing = scan->bytes[BRN_SEGMENT_TRAILING] + file->codec_trailing;
    if (file->failure.status != BRINE_OK) {
        struct brn_finding *f = add_finding(s, BRN_RULE_NOT_READ, file->failure.offset, NULL);
        f->subject = text_of(s, brn_arena_text(s->arena, brn_slice_of(file->failure.message)));
        f->path = text_of(s, brn_arena_text(s->arena, brn_slice_of(file->failure.path)));
    } else if (scan->bytes[BRN_SEGMENT_UNREAD]) {
        add_finding(s, BRN_RULE_NOT_READ, BRINE_NOWHERE, NULL)->subject =
            text_of(s, brn_arena_printf(s->arena, "%llu bytes that nothing accounts for",
                                        (unsigned long long)scan->bytes[BRN_SEGMENT_UNREAD]));
    }
    if (trailing)
        add_finding(s, BRN_RULE_TRAILING_BYTES, file->content.n - scan->bytes[BRN_SEGMENT_TRAILING],
                    NULL)
            ->subject = text_of(s, brn_arena_printf(s->arena, "%llu bytes behind the end",
                                                    (unsigned long long)trailing));
}

/* What the reader's own rules mean here; one that is not in the table is an ODDITY. */
static const struct {
    const char *oddity;
    enum brn_rule_number rule;
} oddity_rules[] = {
    {"frame-straddled", BRN_RULE_DIVERGENT},
    {"frame-in-frame", BRN_RULE_DIVERGENT},
    {"frame-too-long", BRN_RULE_DIVERGENT},
    {"arguments-no-tuple", BRN_RULE_DIVERGENT},
    {"integer-octal", BRN_RULE_DIVERGENT},
    {"integer-or-bool", BRN_RULE_DIVERGENT},
    {"float-space", BRN_RULE_DIVERGENT},
    {"float-overflow", BRN_RULE_DIVERGENT},
    {"build-of-nothing", BRN_RULE_DIVERGENT},
    {"memo-index-far", BRN_RULE_DIVERGENT},
    {"extension-code", BRN_RULE_EXTENSION_CODE},
    {"persistent-id", BRN_RULE_PERSISTENT_ID},
    {"out-of-band-buffer", BRN_RULE_BUFFER},
    {"imported-object-changed", BRN_RULE_BUILD_ON_GLOBAL},
    {"computed-name", BRN_RULE_COMPUTED_NAME},
};

static enum brn_rule_number rule_of_oddity(const char *oddity)
{
    for (size_t i = 0; i < sizeof oddity_rules / sizeof oddity_rules[0]; i++)
        if (strcmp(oddity_rules[i].oddity, oddity) == 0)
            return oddity_rules[i].rule;
    return BRN_RULE_ODDITY;
}

static void judge_oddities(struct scanner *s)
{
    for (size_t i = 0; i < s->graph->oddity_count && !s->no_memory; i++) {
        const struct brn_oddity *o = &s->graph->oddities[i];
        struct brn_finding *f = add_finding(s, rule_of_oddity(o->rule), o->offset, NULL);
        f->subject = o->rule;
        f->why = o->detail;
    }
}

/* ---- all of it ---- */

static int compare_findings(const void *a, const void *b)
{
    const struct brn_finding *x = a, *y = b;
    if (x->rule->severity != y->rule->severity)
        return x->rule->severity < y->rule->severity ? 1 : -1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static brine_status store(struct scanner *s, struct brn_scan *scan, brine_error *err)
{
    struct brn_scanned_name *names =
        BRN_NEW(s->arena, struct brn_scanned_name, s->by_name.count + 1);
    if (s->no_memory || !names)
        return brn_fail_memory(err);
    for (size_t i = 0; i < s->by_name.count; i++)
        names[i] = s->seen[i].name;
    for (size_t i = 0; i < s->finding_count; i++)
        brn_finding_detail(s->file, s->nodes[i], s->arena, &s->findings[i]);
    if (s->finding_count)
        qsort(s->findings, s->finding_count, sizeof *s->findings, compare_findings);
    scan->findings = s->findings;
    scan->finding_count = s->finding_count;
    scan->names = names;
    scan->name_count = s->by_name.count;
    scan->verdict = s->finding_count ? s->findings[0].rule->severity : BRN_NOTE;
    return BRINE_OK;
}

brine_status brn_scan_file(const struct brine_file *file, const struct brn_known_classes *classes,
                           struct brn_arena *arena, struct brn_scan *ret_scan, brine_error *err)
{
    struct scanner s = {.file = file, .graph = &file->graph, .classes = classes, .arena = arena};
    struct brn_scan scan = {.verdict = BRN_NOTE};
    brn_map_init(&s.by_node, arena);
    brn_map_init(&s.by_name, arena);
    count_bytes(file, &scan);
    judge_bytes(&s, &scan);
    judge_oddities(&s);
    note_events(&s);
    judge_names(&s);
    walk_graph(&s);
    BRN_TRY(store(&s, &scan, err));
    *ret_scan = scan;
    return BRINE_OK;
}
