/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/yaml.h"

#include "base/msan.h"
#include "base/number.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

/* A collection that is still open. */
struct frame {
    struct brn_json_value value;
    size_t item_capacity, key_capacity;
    size_t key_count;
    size_t weight; /* values inside, aliases counted as copies */
    const char *anchor;
};

struct anchor {
    const char *name;
    struct brn_json_value value;
    size_t weight;
};

struct parse {
    yaml_parser_t parser;
    struct brn_yaml_limits limits;
    struct brn_arena *arena;
    struct frame *stack; /* limits.max_depth of them */
    uint32_t depth;
    struct anchor *anchors;
    size_t anchor_count, anchor_capacity;
    size_t total; /* values so far */
    struct brn_json_value root;
    bool has_root;
    brine_error *err;
};

brine_status brn_yaml_fail(brine_error *err, uint32_t line, uint32_t column, const char *format,
                           ...)
{
    char text[sizeof err->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return brn_fail(err, BRINE_FORMAT, "line %u, column %u: %s", line, column, text);
}

static brine_status fail_at_mark(struct parse *p, yaml_mark_t mark, const char *what)
{
    return brn_yaml_fail(p->err, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1, "%s", what);
}

/* ---- plain scalars ---- */

static bool is_one_of(struct brn_slice s, const char *const *words)
{
    for (; *words; words++)
        if (brn_slice_is(s, *words))
            return true;
    return false;
}

static bool all_digits(struct brn_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static struct brn_slice without_sign(struct brn_slice s)
{
    bool sign = s.n && (s.p[0] == '-' || s.p[0] == '+');
    return sign ? (struct brn_slice){s.p + 1, s.n - 1} : s;
}

static void set_integer(struct brn_json_value *v, bool negative, uint64_t magnitude)
{
    v->kind = BRN_JSON_NUMBER;
    v->is_integer = true;
    v->is_negative = negative && magnitude > 0;
    v->integer = negative ? 0 - magnitude : magnitude;
    v->number = negative ? -(double)magnitude : (double)magnitude;
}

/* 0x and 0o of the core schema; they take no sign. */
static bool based_integer(struct brn_slice s, struct brn_json_value *v)
{
    uint64_t base = s.n > 2 && s.p[0] == '0' ? (s.p[1] == 'x' ? 16 : s.p[1] == 'o' ? 8 : 0) : 0;
    uint64_t value = 0;
    for (size_t i = 2; base && i < s.n; i++) {
        uint8_t c = s.p[i];
        uint64_t digit = c >= '0' && c <= '9'   ? c - (uint64_t)'0'
                         : c >= 'a' && c <= 'f' ? c - (uint64_t)'a' + 10
                         : c >= 'A' && c <= 'F' ? c - (uint64_t)'A' + 10
                                                : 99;
        if (digit >= base || __builtin_mul_overflow(value, base, &value))
            return false;
        value += digit;
    }
    if (base)
        set_integer(v, false, value);
    return base != 0;
}

static bool decimal_integer(struct brn_slice s, struct brn_json_value *v)
{
    struct brn_slice digits = without_sign(s);
    bool negative = s.p[0] == '-';
    uint64_t value = 0;
    if (!all_digits(digits))
        return false;
    for (size_t i = 0; i < digits.n; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(digits.p[i] - '0'), &value))
            return false; /* still a number: the caller takes it as a float */
    if (negative && value > (uint64_t)1 << 63)
        return false;
    set_integer(v, negative, value);
    return true;
}

static bool special_float(struct brn_slice s, double *ret_value)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
    if (is_one_of(without_sign(s), infinities))
        *ret_value = s.p[0] == '-' ? -__builtin_inf() : __builtin_inf();
    else if (is_one_of(s, nans))
        *ret_value = __builtin_nan("");
    else
        return false;
    return true;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool looks_like_float(struct brn_slice s)
{
    struct brn_slice rest = without_sign(s);
    size_t i = 0, digits = 0;
    for (; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9'; i++)
        digits++;
    if (i < rest.n && rest.p[i] == '.')
        for (i++; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9'; i++)
            digits++;
    if (digits == 0)
        return false;
    if (i == rest.n)
        return true;
    if (rest.p[i] != 'e' && rest.p[i] != 'E')
        return false;
    return all_digits(without_sign((struct brn_slice){rest.p + i + 1, rest.n - i - 1}));
}

static void resolve_plain(struct brn_json_value *v)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    v->kind = BRN_JSON_STRING;
    if (is_one_of(v->text, nulls)) {
        v->kind = BRN_JSON_NULL;
    } else if (is_one_of(v->text, trues) || is_one_of(v->text, falses)) {
        v->kind = BRN_JSON_BOOL;
        v->boolean = is_one_of(v->text, trues);
    } else if (based_integer(v->text, v) || decimal_integer(v->text, v)) {
        return;
    } else if (special_float(v->text, &v->number) ||
               (looks_like_float(v->text) && brn_parse_double(v->text, &v->number))) {
        v->kind = BRN_JSON_NUMBER;
    }
}

/* ---- building the tree ---- */

static const char *copy_name(struct parse *p, const yaml_char_t *name)
{
    return name ? brn_arena_text(p->arena, brn_slice_of((const char *)name)) : NULL;
}

static brine_status add_anchor(struct parse *p, const char *name,
                               const struct brn_json_value *value, size_t weight)
{
    if (!name)
        return BRINE_OK;
    if (!BRN_ARENA_RESERVE(p->arena, p->anchors, p->anchor_count, p->anchor_capacity))
        return brn_fail_memory(p->err);
    p->anchors[p->anchor_count++] = (struct anchor){name, *value, weight};
    return BRINE_OK;
}

static const struct anchor *find_anchor(const struct parse *p, const char *name)
{
    for (size_t i = p->anchor_count; i-- > 0;) /* the last of a name counts */
        if (strcmp(p->anchors[i].name, name) == 0)
            return &p->anchors[i];
    return NULL;
}

static brine_status add_key(struct parse *p, struct frame *f, const struct brn_json_value *key)
{
    if (key->kind == BRN_JSON_ARRAY || key->kind == BRN_JSON_OBJECT)
        return brn_yaml_fail(p->err, key->line, key->column, "a key must be a plain word");
    for (size_t i = 0; i < f->key_count; i++)
        if (brn_slice_equal(f->value.keys[i], key->text))
            return brn_yaml_fail(p->err, key->line, key->column, "\"%.*s\" stands here twice",
                                 BRN_S(key->text));
    if (!BRN_ARENA_RESERVE(p->arena, f->value.keys, f->key_count, f->key_capacity))
        return brn_fail_memory(p->err);
    f->value.keys[f->key_count++] = key->text;
    return BRINE_OK;
}

/* A finished value goes where it belongs: key, member, item or root. */
static brine_status add_value(struct parse *p, const struct brn_json_value *value, size_t weight)
{
    p->total += weight;
    if (p->total > p->limits.max_values)
        return brn_yaml_fail(p->err, value->line, value->column, "more than %zu values",
                             p->limits.max_values);
    if (p->depth == 0) {
        p->root = *value;
        p->has_root = true;
        return BRINE_OK;
    }
    struct frame *f = &p->stack[p->depth - 1];
    f->weight += weight;
    if (f->value.kind == BRN_JSON_OBJECT && f->key_count == f->value.count)
        return add_key(p, f, value);
    if (!BRN_ARENA_RESERVE(p->arena, f->value.items, f->value.count, f->item_capacity))
        return brn_fail_memory(p->err);
    f->value.items[f->value.count++] = *value;
    return BRINE_OK;
}

static struct brn_json_value value_at(const yaml_event_t *e, enum brn_json_kind kind)
{
    return (struct brn_json_value){.kind = kind,
                                   .line = (uint32_t)e->start_mark.line + 1,
                                   .column = (uint32_t)e->start_mark.column + 1,
                                   .offset = e->start_mark.index};
}

static brine_status check_tag(struct parse *p, const yaml_event_t *e, const yaml_char_t *tag,
                              const char *expected)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    if (!tag || strcmp((const char *)tag, "!") == 0)
        return BRINE_OK;
    const char *name = strncmp((const char *)tag, prefix, sizeof prefix - 1) == 0
                           ? (const char *)tag + sizeof prefix - 1
                           : "";
    if (strcmp(name, expected) == 0)
        return BRINE_OK;
    return fail_at_mark(p, e->start_mark, "a tag that is not used here; leave it out");
}

static const char *core_tag(enum brn_json_kind kind, bool is_integer)
{
    switch (kind) {
    case BRN_JSON_NULL:
        return "null";
    case BRN_JSON_BOOL:
        return "bool";
    case BRN_JSON_NUMBER:
        return is_integer ? "int" : "float";
    default:
        return "str";
    }
}

static brine_status on_scalar(struct parse *p, const yaml_event_t *e)
{
    struct brn_json_value v = value_at(e, BRN_JSON_STRING);
    struct brn_slice raw = {e->data.scalar.value, e->data.scalar.length};
    char *copy = brn_arena_text(p->arena, raw);
    const char *anchor = copy_name(p, e->data.scalar.anchor);
    if (!copy || (e->data.scalar.anchor && !anchor))
        return brn_fail_memory(p->err);
    v.text = (struct brn_slice){(const uint8_t *)copy, raw.n};
    bool str = e->data.scalar.tag && strcmp((const char *)e->data.scalar.tag, YAML_STR_TAG) == 0;
    if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !str)
        resolve_plain(&v);
    BRN_TRY(check_tag(p, e, e->data.scalar.tag, core_tag(v.kind, v.is_integer)));
    BRN_TRY(add_anchor(p, anchor, &v, 1));
    return add_value(p, &v, 1);
}

static brine_status on_alias(struct parse *p, const yaml_event_t *e)
{
    const struct anchor *a = find_anchor(p, (const char *)e->data.alias.anchor);
    if (!a) /* also of an anchor around itself, which would make a cycle */
        return fail_at_mark(p, e->start_mark, "an alias of nothing that ended before it");
    return add_value(p, &a->value, a->weight);
}

static brine_status open_frame(struct parse *p, const yaml_event_t *e, enum brn_json_kind kind,
                               const yaml_char_t *anchor, const yaml_char_t *tag)
{
    BRN_TRY(check_tag(p, e, tag, kind == BRN_JSON_ARRAY ? "seq" : "map"));
    if (p->depth == p->limits.max_depth)
        return fail_at_mark(p, e->start_mark, "nested too deeply");
    const char *name = copy_name(p, anchor);
    if (anchor && !name)
        return brn_fail_memory(p->err);
    p->stack[p->depth++] = (struct frame){.value = value_at(e, kind), .weight = 1, .anchor = name};
    return BRINE_OK;
}

static brine_status close_frame(struct parse *p)
{
    struct frame f = p->stack[--p->depth];
    p->total -= f.weight - 1; /* its parts were counted one by one */
    BRN_TRY(add_anchor(p, f.anchor, &f.value, f.weight));
    return add_value(p, &f.value, f.weight);
}

static brine_status on_event(struct parse *p, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(p, e);
    case YAML_ALIAS_EVENT:
        return on_alias(p, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_frame(p, e, BRN_JSON_ARRAY, e->data.sequence_start.anchor,
                          e->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_frame(p, e, BRN_JSON_OBJECT, e->data.mapping_start.anchor,
                          e->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_frame(p);
    case YAML_DOCUMENT_START_EVENT:
        return p->has_root ? fail_at_mark(p, e->start_mark, "a second document in one file")
                           : BRINE_OK;
    default:
        return BRINE_OK;
    }
}

/* ---- driving libyaml ---- */

static brine_status parser_failure(struct parse *p)
{
    const yaml_parser_t *y = &p->parser;
    if (y->error == YAML_MEMORY_ERROR)
        return brn_fail_memory(p->err);
    if (y->error == YAML_READER_ERROR)
        return brn_fail_at(p->err, BRINE_FORMAT, y->problem_offset, "not YAML: %s",
                           y->problem ? y->problem : "unreadable");
    return brn_yaml_fail(p->err, (uint32_t)y->problem_mark.line + 1,
                         (uint32_t)y->problem_mark.column + 1, "not YAML: %s",
                         y->problem ? y->problem : "unreadable");
}

/* For MemorySanitizer: what libyaml filled in. */
static void mark_written(yaml_event_t *e)
{
    BRN_WRITTEN(e, sizeof *e);
    const yaml_char_t *texts[2] = {NULL, NULL};
    if (e->type == YAML_SCALAR_EVENT) {
        BRN_WRITTEN(e->data.scalar.value, e->data.scalar.length + 1);
        texts[0] = e->data.scalar.anchor, texts[1] = e->data.scalar.tag;
    } else if (e->type == YAML_ALIAS_EVENT) {
        texts[0] = e->data.alias.anchor;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        texts[0] = e->data.sequence_start.anchor, texts[1] = e->data.sequence_start.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        texts[0] = e->data.mapping_start.anchor, texts[1] = e->data.mapping_start.tag;
    }
    for (int i = 0; i < 2; i++)
        if (texts[i])
            BRN_WRITTEN_TEXT(texts[i]);
}

static brine_status drive(struct parse *p)
{
    for (bool done = false; !done;) {
        yaml_event_t e;
        BRN_FOREIGN_BEGIN();
        bool parsed = yaml_parser_parse(&p->parser, &e) != 0;
        BRN_FOREIGN_END();
        if (!parsed)
            return parser_failure(p);
        mark_written(&e);
        done = e.type == YAML_STREAM_END_EVENT;
        brine_status status = on_event(p, &e);
        yaml_event_delete(&e);
        BRN_TRY(status);
    }
    assert(p->depth == 0);
    return BRINE_OK;
}

static struct brn_yaml_limits effective(const struct brn_yaml_limits *given)
{
    struct brn_yaml_limits l = given ? *given : (struct brn_yaml_limits){0};
    l.max_bytes = l.max_bytes ? l.max_bytes : (size_t)4 << 20;
    l.max_values = l.max_values ? l.max_values : 100000;
    l.max_depth = l.max_depth ? l.max_depth : 64;
    return l;
}

/* JSON goes its own way first: libyaml refuses surrogate escapes.  What is no JSON may still be
 * YAML. */
static bool begins_as_json(struct brn_slice document)
{
    size_t i = 0;
    while (i < document.n && strchr(" \t\r\n", document.p[i]) && document.p[i])
        i++;
    return i < document.n && document.p[i] == '{';
}

brine_status brn_yaml_parse(struct brn_slice document, const struct brn_yaml_limits *limits,
                            struct brn_arena *arena, struct brn_json_value **ret_value,
                            brine_error *err)
{
    struct parse p = {.limits = effective(limits), .arena = arena, .err = err};
    if (document.n > p.limits.max_bytes)
        return brn_fail(err, BRINE_LIMIT, "the document has %zu bytes, more than %zu", document.n,
                        p.limits.max_bytes);
    if (begins_as_json(document) &&
        brn_json_parse(document, p.limits.max_depth, arena, ret_value, NULL) == BRINE_OK)
        return BRINE_OK;
    p.stack = BRN_NEW(arena, struct frame, p.limits.max_depth);
    struct brn_json_value *root = BRN_NEW(arena, struct brn_json_value, 1);
    if (!p.stack || !root || !yaml_parser_initialize(&p.parser))
        return brn_fail_memory(err);
    yaml_parser_set_encoding(&p.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.parser, document.p, document.n);
    brine_status status = drive(&p);
    yaml_parser_delete(&p.parser);
    BRN_TRY(status);
    if (!p.has_root)
        return brn_fail(err, BRINE_FORMAT, "the document is empty");
    *root = p.root;
    *ret_value = root;
    return BRINE_OK;
}
