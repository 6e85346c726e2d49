/* SPDX-License-Identifier: Apache-2.0
 *
 * brine inspect: what it says of a file of tests/golden/mutate, and that its numbers add up. */
#include "cli/inspect.h"
#include "pickle/outline.h"
#include "pickles.h"

#include <stdio.h>

static struct brine_file *open_golden(const char *name)
{
    char path[512];
    struct brine_file *file;
    brine_error err;
    snprintf(path, sizeof path, "%s/tests/golden/mutate/%s", BRINE_SOURCE_DIR, name);
    if (!brn_test_check(brn_file_open(path, NULL, false, &file, &err) == BRINE_OK, __FILE__,
                        __LINE__, "%s: %s", name, err.message))
        return NULL;
    return file;
}

static struct brn_inspection inspection_of(const struct brine_file *file, struct brn_arena *arena)
{
    struct brn_inspection v = {
        .path = "model", .file = file, .traits = brn_file_traits(file), .max_depth = 4};
    brine_error err;
    brn_arena_init(arena, 0);
    CHECK_STATUS(brn_graph_survey(&file->graph, brn_pickle_end(file), arena, &v.survey, &err),
                 BRINE_OK, &err);
    return v;
}

static uint64_t number(const struct brn_json_value *object, const char *key)
{
    const struct brn_json_value *v = brn_json_get(object, key);
    return CHECK(v && v->is_integer) ? v->integer : 0;
}

TEST(inspect_json_adds_up)
{
    static const char *const names[] = {"aligned.joblib",   "unaligned.joblib", "protocol5.pkl",
                                        "legacy-zf.joblib", "xz.joblib",        "two-streams.pkl"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct brine_file *file = open_golden(names[i]);
        struct brn_arena arena, parsed;
        struct brn_buffer out = {0};
        struct brn_json_value *report;
        brine_error err;
        REQUIRE(file);
        struct brn_inspection v = inspection_of(file, &arena);
        brn_inspect_json(&v, &out);
        brn_arena_init(&parsed, 0);
        REQUIRE_OK(brn_json_parse(brn_buffer_view(&out), 64, &parsed, &report, &err), &err);
        const struct brn_json_value *map = brn_json_get(report, "byte_map");
        const struct brn_json_value *sizes = brn_json_get(report, "sizes");
        uint64_t mapped = 0, sized = 0;
        REQUIRE(map && sizes);
        for (size_t k = 0; k < map->count; k++)
            mapped += map->items[k].integer;
        for (size_t k = 0; k < sizes->count; k++)
            sized += number(&sizes->items[k], "bytes");
        CHECK(mapped == number(report, "expanded_bytes") && mapped == file->content.n);
        CHECK(sized == mapped && number(&sizes->items[0], "bytes_below") == mapped);
        brn_buffer_free(&out);
        brn_arena_free(&parsed);
        brn_arena_free(&arena);
        brn_file_close(file);
    }
}

TEST(inspect_finds_arrays_and_classes)
{
    struct brine_file *file = open_golden("aligned.joblib");
    struct brn_arena arena;
    REQUIRE(file);
    struct brn_inspection v = inspection_of(file, &arena);
    CHECK(v.survey.array_count == 7);
    const struct brn_survey_array *a = v.survey.arrays;
    CHECK_TEXT(a[0].path, "coef_");
    CHECK_TEXT(a[0].description, "float64 (2, 3)");
    CHECK(a[0].bytes == 48 && a[0].in_stream && !a[0].of_objects);
    CHECK_TEXT(a[6].description, "record of 2 fields (2,)");
    CHECK(v.survey.class_count >= 1 && v.survey.classes[0].is_estimator);
    CHECK(brn_node_is_global(v.survey.classes[0].class, "sklearn.seed", "Estimator"));
    brn_arena_free(&arena);
    brn_file_close(file);
}

static void check_contains(const struct brn_buffer *text, const char *part)
{
    brn_test_check(strstr((const char *)text->data, part) != NULL, __FILE__, __LINE__,
                   "no \"%s\" in the report", part);
}

TEST(inspect_text_shows_the_tree)
{
    struct brine_file *file = open_golden("aligned.joblib");
    struct brn_arena arena;
    struct brn_buffer out = {0};
    REQUIRE(file);
    struct brn_inspection v = inspection_of(file, &arena);
    brn_inspect_text(&v, &out);
    brn_buffer_byte(&out, '\0');
    REQUIRE(!out.failed);
    check_contains(&out, "Estimator  sklearn.seed");
    check_contains(&out, "├─ coef_: float64 (2, 3)\n");
    check_contains(&out, "├─ big_: >float64 (4,) [0.0, 1.0, 2.0, 3.0]\n");
    check_contains(&out, "├─ names_: object (4,) ['a', 'é', None, 1.5]\n");
    check_contains(&out, "├─ text_: <U5 (2,) ['left', 'right']\n");
    check_contains(&out, "├─ scalar_: 0.25 (float64)\n");
    check_contains(&out, "joblib 1.2 or later");
    brn_buffer_free(&out);
    brn_arena_free(&arena);
    brn_file_close(file);
}

/* The tree stops where it is told to, whatever the file's depth, and shows what is shared once. */
TEST(inspect_tree_is_bounded)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_buffer out = {0};
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(BYTES("]q\000(h\000]](]]]ee."), "m", NULL, false, &file, &err),
               &err);
    struct brn_inspection v = inspection_of(file, &arena);
    v.max_depth = 1;
    brn_inspect_tree(&v, &out);
    brn_buffer_byte(&out, '\0');
    CHECK_TEXT((const char *)out.data, "list of 3\n"
                                       "├─ [0]: list of 3  (shown above)\n"
                                       "├─ [1]: []\n"
                                       "└─ [2]: list of 3  …\n");
    brn_buffer_free(&out);
    brn_arena_free(&arena);
    brn_file_close(file);
}

static void inspect_bytes(struct brn_slice bytes, const char *part)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_buffer out = {0};
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(bytes, "m", NULL, true, &file, &err), &err);
    struct brn_inspection v = inspection_of(file, &arena);
    brn_inspect_text(&v, &out);
    brn_inspect_json(&v, &out);
    brn_buffer_byte(&out, '\0');
    REQUIRE(!out.failed);
    check_contains(&out, part);
    brn_buffer_free(&out);
    brn_arena_free(&arena);
    brn_file_close(file);
}

/* Inputs on which earlier versions failed; found by fuzzing. */
TEST(inspect_what_fuzzing_found)
{
    inspect_bytes(BYTES(""), "\"expanded_bytes\": 0");
    /* an array of bytes that are no UTF-8, longer than any number */
    inspect_bytes(
        BYTES(
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\000tU\001btR(K\001(K\001t"
            "cnumpy\ndtype\n(U\002S9K\000K\001tRI00\nU\011\377\377\377\377\377\377\377\377\377tb."),
        "S9 (1,) [b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff']");
    /* an import whose name holds a NUL is shown whole */
    inspect_bytes(BYTES("cos\000x\nsystem\n."), "os\\u0000x.system");
}
