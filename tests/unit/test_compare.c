/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/content.h"
#include "compare/measure.h"
#include "compare/predictions.h"
#include "estimators/registry.h"
#include "pickles.h"

#include <stdio.h>

/* ---- content ---- */

static void compare_bytes(struct brn_slice a, struct brn_slice b, bool equal, const char *path)
{
    struct brine_file *files[2];
    struct brn_arena arena;
    struct brn_content content = {0};
    brine_error err = {0};
    REQUIRE_OK(brn_file_open_bytes(a, "a", NULL, false, &files[0], &err), &err);
    REQUIRE_OK(brn_file_open_bytes(b, "b", NULL, false, &files[1], &err), &err);
    brn_arena_init(&arena, 0);
    CHECK_STATUS(brn_content_compare(&files[0]->graph, &files[1]->graph, &arena, &content, &err),
                 BRINE_OK, &err);
    brn_test_check(content.is_equal == equal, __FILE__, __LINE__, "%.*s: %s", BRN_S(a),
                   content.is_equal ? "equal" : content.first.what);
    if (!content.is_equal && path)
        CHECK_TEXT(content.first.path, path);
    brn_arena_free(&arena);
    brn_file_close(files[0]);
    brn_file_close(files[1]);
}

TEST(compare_content_looks_through_spelling)
{
    /* protocol 0 and 4 of one dict, memo and frames apart */
    compare_bytes(BYTES("(dp0\nVa\np1\nI1\ns."), BYTES("\x80\x04}\x94\x8c\x01\x61\x94K\x01s."),
                  true, NULL);
    /* bytes as text in latin-1 */
    compare_bytes(BYTES("c_codecs\nencode\n(V\\u00ffa\nVlatin1\ntR."), BYTES("C\x02\xff\x61."),
                  true, NULL);
    compare_bytes(BYTES("c_codecs\nencode\n(V\\u00ffa\nVlatin1\ntR."), BYTES("C\x02\xff\x62."),
                  false, "");
    /* a set, and an instance made by copyreg */
    compare_bytes(BYTES("c__builtin__\nset\n((lI1\natR."), BYTES("\x80\x04\x8f(K\x01\x90."), true,
                  NULL);
    compare_bytes(BYTES("ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR."),
                  BYTES("\x80\x02\x63m\nC\n)\x81."), true, NULL);
    /* one object twice, or two equal ones */
    compare_bytes(BYTES("((lp0\nI1\nag0\nt."), BYTES("((lI1\na(lI1\nat."), true, NULL);
    /* a codec that brine does not know: the same call all the same */
    compare_bytes(BYTES("c_codecs\nencode\n(Va\nVlatIn1\ntR."),
                  BYTES("c_codecs\nencode\n(Va\nVlatIn1\ntR."), true, NULL);
    compare_bytes(BYTES("c_codecs\nencode\n(Va\nVlatIn1\ntR."),
                  BYTES("c_codecs\nencode\n(Vb\nVlatIn1\ntR."), false, NULL);
    /* names that moved */
    compare_bytes(BYTES("cnumpy.core.multiarray\nscalar\n."),
                  BYTES("cnumpy._core.multiarray\nscalar\n."), true, NULL);
}

TEST(compare_content_says_what_differs_and_where)
{
    compare_bytes(BYTES("I1\n."), BYTES("I2\n."), false, "");
    compare_bytes(BYTES("I1\n."), BYTES("I01\n."), false, "");
    compare_bytes(BYTES("F0.0\n."), BYTES("F-0.0\n."), false, "");
    compare_bytes(BYTES("(dS'a'\n(lI1\naI2\nas."), BYTES("(dS'a'\n(lI1\naI3\nas."), false,
                  "['a'][1]");
    compare_bytes(BYTES("(lI1\na."), BYTES("(lI1\naI1\na."), false, "");
    compare_bytes(BYTES("cm\nA\n."), BYTES("cm\nB\n."), false, "");
    compare_bytes(BYTES("cm\nA\n)\x81}S'x'\nI1\nsb."), BYTES("cm\nA\n)\x81}S'x'\nI2\nsb."), false,
                  "x");
}

TEST(compare_content_ends_on_cycles)
{
    compare_bytes(BYTES("(lp0\ng0\na."), BYTES("(lp0\ng0\na."), true, NULL);
    /* a list that holds itself, and a list that holds one that does: equal as far as anyone can see
     */
    compare_bytes(BYTES("(lp0\ng0\na."), BYTES("(l(lp0\ng0\naa."), true, NULL);
}

static brine_file *open_demo(const char *name)
{
    char path[1200];
    brine_file *file = NULL;
    brine_error err = {0};
    snprintf(path, sizeof path, "%s/demo/models/%s", BRINE_SOURCE_DIR, name);
    CHECK_STATUS(brn_file_open(path, NULL, false, &file, &err), BRINE_OK, &err);
    return file;
}

TEST(compare_content_of_a_model_in_three_containers)
{
    static const char *const names[] = {"clean-boosted.pkl", "clean-boosted.joblib",
                                        "clean-boosted.joblib.z"};
    brine_file *files[3];
    struct brn_arena arena;
    brine_error err = {0};
    brn_arena_init(&arena, 0);
    for (int i = 0; i < 3; i++)
        REQUIRE((files[i] = open_demo(names[i])) != NULL);
    for (int i = 0; i < 3; i++) {
        struct brn_content content = {0};
        CHECK_STATUS(brn_content_compare(&files[i]->graph, &files[(i + 1) % 3]->graph, &arena,
                                         &content, &err),
                     BRINE_OK, &err);
        CHECK(content.is_equal && content.arrays > 400 && content.array_bytes > 300000);
    }
    for (int i = 0; i < 3; i++)
        brn_file_close(files[i]);
    brn_arena_free(&arena);
}

/* ---- measures ---- */

TEST(compare_measures_sharing_and_what_can_be_mapped)
{
    struct brn_measure m[3] = {0};
    static const char *const names[] = {"clean-boosted.pkl", "clean-boosted.joblib",
                                        "clean-boosted.joblib.z"};
    brine_error err = {0};
    for (int i = 0; i < 3; i++) {
        brine_file *file = open_demo(names[i]);
        REQUIRE(file != NULL);
        CHECK_STATUS(brn_measure_file(file, &m[i], &err), BRINE_OK, &err);
        CHECK(m[i].disk_bytes == file->bytes.view.n && m[i].expanded_bytes == file->content.n);
        brn_file_close(file);
    }
    /* only joblib's arrays, and only uncompressed, can be mapped; the same arrays are referenced */
    CHECK(m[0].mapped_arrays == 0 && m[2].mapped_arrays == 0);
    CHECK(m[1].mapped_arrays > 400 && m[1].mapped_bytes == m[1].array_bytes);
    CHECK(m[0].array_uses == m[1].array_uses && m[1].array_uses == m[2].array_uses);
    /* joblib writes an array once for each reference: what was shared is duplicated */
    CHECK(m[0].arrays < m[0].array_uses && m[1].arrays > m[0].arrays);
    CHECK(m[1].duplicate_bytes > m[0].duplicate_bytes);
}

/* ---- predictions ---- */

static brine_model *decode_demo(const char *name)
{
    brine_model *model = NULL;
    brine_error err = {0};
    brine_file *file = open_demo(name);
    if (file)
        CHECK_STATUS(brn_model_decode(&file->graph, &brn_registry, NULL, &model, &err), BRINE_OK,
                     &err);
    brn_file_close(file);
    return model;
}

static uint64_t differing(const char *a, const char *b)
{
    struct brn_arena arena;
    struct brn_table rows;
    struct brn_parities p = {0};
    brine_error err = {0};
    uint64_t sum = 0;
    brine_model *models[2] = {decode_demo(a), decode_demo(b)};
    brn_arena_init(&arena, 0);
    if (CHECK(models[0] && models[1])) {
        CHECK_STATUS(brn_rows_generate(models[0], 300, &arena, &rows, &err), BRINE_OK, &err);
        CHECK_STATUS(brn_predictions_compare(models[0], models[1], &rows, &p, &err), BRINE_OK,
                     &err);
    }
    CHECK(p.count >= 3);
    for (size_t i = 0; i < p.count; i++) {
        CHECK(p.of[i].rows == 300 && p.of[i].refused == 0);
        sum += p.of[i].differing;
    }
    brn_arena_free(&arena);
    brine_model_unref(models[0]);
    brine_model_unref(models[1]);
    return sum;
}

TEST(compare_predictions_sees_the_quiet_leak)
{
    CHECK(differing("clean-linear.pkl", "clean-linear.joblib.z") == 0);
    CHECK(differing("clean-linear.pkl", "leak-prepare.pkl") > 300);
}

static uint64_t outside(double x, double y, double bound)
{
    struct brn_column columns[3] = {
        {.type = BRN_TYPE_FLOAT64, .length = 1, .values = &x},
        {.type = BRN_TYPE_FLOAT64, .length = 1, .values = &y},
        {.type = BRN_TYPE_FLOAT64, .length = 1, .values = &bound},
    };
    const struct brn_table tables[3] = {
        {1, 1, &columns[0]}, {1, 1, &columns[1]}, {1, 1, &columns[2]}};
    struct brn_parity p = {0};
    brine_error err = {0};
    CHECK_STATUS(brn_tables_compare(&tables[0], &tables[1], &tables[2], &p, &err), BRINE_OK, &err);
    return p.outside;
}

TEST(compare_tables_within_their_bound)
{
    const double nan = __builtin_nan(""), infinity = __builtin_inf();
    CHECK(outside(1, 1, 0) == 0 && outside(0.0, -0.0, 0) == 0);
    CHECK(outside(1, 1.5, 0.5) == 0 && outside(1, 1.5, 0.25) == 1);
    CHECK(outside(nan, nan, 0) == 0 && outside(nan, 1, 1e300) == 1);
    CHECK(outside(infinity, infinity, 0) == 0 && outside(infinity, -infinity, 1) == 1);
}
