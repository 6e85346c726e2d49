/* SPDX-License-Identifier: Apache-2.0
 *
 * Well-formed pickles of models that contradict themselves: the input chooses one of the goldens'
 * models and says how to change nodes of its graph (numbers, arrays, attributes, who stands where);
 * what is decoded all the same then predicts.
 *
 * tools/fuzz unpacks the models to $BRINE_FUZZ_MODELS (default build/fuzz/models). */
#include "estimators/registry.h"
#include "joblib/joblib.h"
#include "model/model.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_MODELS = 20000, MOST_NODES = 1 << 16, MOST_FEATURES = 2000, ROWS = 5 };

/* ---- models ---- */

static char *models[MOST_MODELS];
static size_t model_count;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void collect(const char *folder, unsigned depth)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[1024];
        struct stat info;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode) && depth < 5)
            collect(path, depth + 1);
        else if (S_ISREG(info.st_mode) && info.st_size < 1 << 16 && model_count < MOST_MODELS)
            models[model_count++] = strdup(path);
    }
    if (dir)
        closedir(dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *folder = getenv("BRINE_FUZZ_MODELS");
    collect(folder ? folder : "build/fuzz/models", 0);
    qsort(models, model_count, sizeof *models, by_name);
    if (model_count == 0)
        fprintf(stderr, "fuzz_model: no models: tools/fuzz unpacks them\n");
    return 0;
}

/* ---- the graph's nodes ---- */

struct nodes {
    struct brn_node *at[MOST_NODES];
    size_t count;
    uint8_t *seen; /* by index */
    uint32_t index_count;
};

static void push(struct nodes *nodes, const struct brn_node *n)
{
    if (!n || n->index >= nodes->index_count || nodes->seen[n->index] || nodes->count == MOST_NODES)
        return;
    nodes->seen[n->index] = 1;
    nodes->at[nodes->count++] = (struct brn_node *)(uintptr_t)n;
}

static void push_items(struct nodes *nodes, const struct brn_items *items)
{
    for (size_t i = 0; i < items->count; i++)
        push(nodes, items->at[i]);
}

static void push_children(struct nodes *nodes, const struct brn_node *n)
{
    if (n->kind == BRN_TUPLE || n->kind == BRN_LIST || n->kind == BRN_DICT || n->kind == BRN_SET)
        push_items(nodes, &n->as.items);
    if (n->kind != BRN_OBJECT)
        return;
    push(nodes, n->as.object->args);
    push(nodes, n->as.object->nested);
    push_items(nodes, &n->as.object->states);
    push_items(nodes, &n->as.object->items);
    push_items(nodes, &n->as.object->pairs);
}

static void find_nodes(const struct brn_graph *graph, struct nodes *nodes)
{
    push(nodes, graph->root);
    for (size_t i = 0; i < nodes->count; i++)
        push_children(nodes, nodes->at[i]);
}

/* ---- changes ---- */

/* Four bytes of the input. */
struct change {
    uint8_t how, value;
    uint16_t where;
};

static void change_integer(struct brn_node *n, uint8_t value)
{
    static const int64_t some[] = {-1,  0,   1,     2,         3,         7,        16,
                                   255, 256, 65536, INT32_MAX, INT64_MAX, INT64_MIN};
    size_t count = sizeof some / sizeof some[0];
    n->as.integer = value < 128
                        ? some[value % count]
                        : (int64_t)((uint64_t)n->as.integer + (uint64_t)(int64_t)(value - 192));
}

static void change_real(struct brn_node *n, uint8_t value)
{
    static const double some[] = {0.0, -0.0, 1, -1, 0.5, 1e308, -1e308, 5e-324};
    n->as.real = value % 11 == 8    ? (double)NAN
                 : value % 11 == 9  ? (double)INFINITY
                 : value % 11 == 10 ? -(double)INFINITY
                                    : some[value % 8];
}

static void change_bytes(struct brn_slice *bytes, uint8_t value, struct brn_arena *arena)
{
    if (!bytes->n)
        return;
    if (value < 64) {
        bytes->n = bytes->n * value / 64;
        return;
    }
    uint8_t *copy = brn_arena_alloc(arena, bytes->n, 1, 1);
    if (!copy)
        return;
    memcpy(copy, bytes->p, bytes->n);
    size_t at = (size_t)value * 7919 % bytes->n;
    for (size_t i = at; i < bytes->n && i < at + 8; i++)
        copy[i] = value < 128 ? 0xff : value < 192 ? 0 : (uint8_t)(copy[i] ^ value);
    bytes->p = copy;
}

static void change_items(struct brn_items *items, uint8_t value, const struct brn_node *other)
{
    if (!items->count)
        return;
    size_t at = value % items->count;
    if (value < 64)
        items->count -= 1 + (items->count > 1);
    else if (value < 192)
        items->at[at] = other;
    else
        items->at[at] = items->at[items->count - 1 - at];
}

static void change_object(struct brn_object *object, uint8_t value, const struct brn_node *other,
                          struct brn_arena *arena)
{
    if (object->raw.n)
        change_bytes(&object->raw, value, arena);
    else if (object->states.count)
        change_items(&object->states, value, other);
    else
        object->args = other;
}

static void change_node(struct brn_node *n, uint8_t value, const struct brn_node *other,
                        struct brn_arena *arena)
{
    switch (n->kind) {
    case BRN_BOOL:
        n->as.boolean = !n->as.boolean;
        break;
    case BRN_INT:
        change_integer(n, value);
        break;
    case BRN_FLOAT:
        change_real(n, value);
        break;
    case BRN_TEXT: /* the reader lets nothing through but UTF-8 */
        n->as.bytes = other->kind == BRN_TEXT ? other->as.bytes : brn_slice_of("auto");
        break;
    case BRN_STRING:
    case BRN_BYTES:
        change_bytes(&n->as.bytes, value, arena);
        break;
    case BRN_TUPLE:
    case BRN_LIST:
    case BRN_DICT:
        change_items(&n->as.items, value, other);
        break;
    case BRN_OBJECT:
        change_object(n->as.object, value, other, arena);
        break;
    default:
        break;
    }
}

static void apply(struct brn_graph *graph, struct nodes *nodes, struct change change)
{
    if (nodes->count == 0)
        return;
    struct brn_node *n = nodes->at[change.where % nodes->count];
    const struct brn_node *other = nodes->at[(change.where / 3u + change.value) % nodes->count];
    switch (change.how % 4) {
    case 0:
    case 1:
        change_node(n, change.value, other, &graph->arena);
        break;
    case 2: /* becomes another one's twin */
        if (n->kind == other->kind && n->kind != BRN_OBJECT)
            n->as = other->as;
        break;
    default:
        n->kind = BRN_NONE;
    }
}

/* ---- predicting ---- */

static void make_column(struct brn_column *column, const char *name, size_t shift)
{
    static struct brn_slice texts[3 * ROWS];
    static const uint8_t all[] = {0xff, 0xff}, none[] = {0, 0};
    static const char *const words[] = {"0", "1.5", "Paris", "-3", "1e300"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        texts[i] = brn_slice_of(words[i % ROWS]);
    *column = (struct brn_column){.name = name,
                                  .type = BRN_TYPE_LITERAL,
                                  .length = ROWS,
                                  .validity = all,
                                  .slices = texts + shift % ROWS,
                                  .quoted = none};
}

static void predict(const struct brine_model *model, struct brn_arena *arena)
{
    size_t count;
    brine_error err;
    const struct brn_feature *features = brn_model_features(model, &count);
    struct brn_table table = {ROWS, count, BRN_NEW(arena, struct brn_column, count)}, answers;
    if (count > MOST_FEATURES || !table.columns)
        return;
    for (size_t i = 0; i < count; i++)
        make_column(&table.columns[i], features[i].name, i);
    struct brn_work work;
    brn_work_init(&work, 256 << 20);
    for (brine_method m = 0; m < BRINE_METHOD_COUNT; m++)
        if (brn_model_outputs(model, m))
            (void)brn_model_predict(model, m, &table, 0, true, &work, arena, &answers, &err);
    brn_work_free(&work);
}

static void decode(const struct brn_graph *graph)
{
    brine_model_options options = {.size = sizeof options, .allow_unproved = true};
    struct brine_model *model;
    brine_error err;
    if (brn_model_decode(graph, &brn_registry, &options, &model, &err) != BRINE_OK)
        return;
    struct brn_arena arena;
    brn_arena_init(&arena, 256 << 20);
    predict(model, &arena);
    brn_arena_free(&arena);
    brn_model_release(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    brine_file *file;
    brine_error err;
    uint16_t which;
    if (size < sizeof which || model_count == 0)
        return 0;
    memcpy(&which, data, sizeof which);
    if (brn_file_open(models[which % model_count], NULL, false, &file, &err) != BRINE_OK)
        return 0;
    struct nodes *nodes = calloc(1, sizeof *nodes);
    uint8_t *seen = calloc(file->graph.node_count + 1, 1);
    if (nodes && seen) {
        nodes->seen = seen;
        nodes->index_count = file->graph.node_count;
        find_nodes(&file->graph, nodes);
        for (size_t at = sizeof which; at + sizeof(struct change) <= size && at < 64;
             at += sizeof(struct change)) {
            struct change change;
            memcpy(&change, data + at, sizeof change);
            apply(&file->graph, nodes, change);
        }
        decode(&file->graph);
    }
    free(seen);
    free(nodes);
    brn_file_close(file);
    return 0;
}
