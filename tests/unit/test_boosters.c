/* SPDX-License-Identifier: Apache-2.0
 *
 * test_boosters.c - models of XGBoost, LightGBM and CatBoost that no such library wrote: each
 * reader says what is wrong, and where. */
#include "base/buffer.h"
#include "estimators/boosters/shared_catboost.h"
#include "estimators/boosters/shared_lightgbm_predict.h"
#include "estimators/boosters/shared_ubjson.h"
#include "estimators/boosters/shared_xgboost_predict.h"
#include "fuzz/fuzz_booster.h"
#include "io/file.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES(text) ((struct brn_slice){(const uint8_t *)(text), sizeof(text) - 1})

static bool says(const brine_error *err, const char *what)
{
    return strstr(err->message, what) || strstr(err->path, what);
}

/* ---- UBJSON ---- */

static const struct {
    struct brn_slice bytes;
    const char *what;
    uint64_t offset;
} bad_ubjson[] = {
    {{NULL, 0}, "ends early", 0},
    {BYTES("{L\0\0\0\0\0\0\0\1a"), "ends early", 11},
    {BYTES("{L\0\0\0\0\0\0\0\1ai\1"), "ends early", 13},
    {BYTES("SL\0\0\0\0\0\0\0\5ab"), "5 bytes are needed", 10},
    {BYTES("SL\xff\0\0\0\0\0\0\5ab"), "negative", 10},
    {BYTES("[$d#L\0\0\0\0\0\0\0\2\0\0\0\0"), "2 bytes are needed", 13},
    {BYTES("[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff"), "are needed", 13},
    {BYTES("[$x#L\0\0\0\0\0\0\0\0"), "unknown type", 3},
    {BYTES("[#L\0\0\0\0\0\0\0\2i\1"), "ends early", 13},
    {BYTES("{K\0\0\0\0\0\0\0\1ai\1}"), "no 'L'", 2},
    {BYTES("i\1i\1"), "stand behind", 2},
    {BYTES("?"), "mark 0x3f", 1},
};

TEST(booster_ubjson_refuses)
{
    for (size_t i = 0; i < sizeof bad_ubjson / sizeof bad_ubjson[0]; i++) {
        struct brn_arena arena;
        const struct brn_ubjson *value;
        brine_error err = {0};
        brn_arena_init(&arena, 0);
        brine_status status = brn_ubjson_read(bad_ubjson[i].bytes, &arena, &value, &err);
        bool placed = err.offset == bad_ubjson[i].offset;
        brn_test_check(status == BRINE_FORMAT && says(&err, bad_ubjson[i].what) && placed, __FILE__,
                       __LINE__, "%zu: %d %s at %llu", i, (int)status, err.message,
                       (unsigned long long)err.offset);
        brn_arena_free(&arena);
    }
}

TEST(booster_ubjson_is_not_recursive)
{
    struct brn_buffer deep = {0};
    struct brn_arena arena;
    const struct brn_ubjson *value;
    brine_error err;
    brn_arena_init(&arena, 0);
    for (int i = 0; i < 100000; i++)
        brn_buffer_text(&deep, "[");
    CHECK_STATUS(brn_ubjson_read(brn_buffer_view(&deep), &arena, &value, &err), BRINE_LIMIT, &err);
    brn_buffer_free(&deep);
    brn_arena_free(&arena);
}

TEST(booster_ubjson_values)
{
    static const char text[] = "{L\0\0\0\0\0\0\0\1a[$l#L\0\0\0\0\0\0\0\2\xff\xff\xff\xff\0\0\1\0"
                               "L\0\0\0\0\0\0\0\1b[i\x80U\xffZ]L\0\0\0\0\0\0\0\1cd\x3f\x80\0\0}";
    struct brn_arena arena;
    const struct brn_ubjson *root;
    brine_error err;
    int64_t *values;
    double *reals;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_ubjson_read(BYTES(text), &arena, &root, &err), &err);
    REQUIRE_OK(brn_ubjson_integers(brn_ubjson_get(root, "a"), 2, &arena, &values, &err), &err);
    CHECK(values[0] == -1 && values[1] == 256);
    CHECK(brn_ubjson_get(root, "b")->count == 3);
    CHECK(brn_ubjson_get(root, "b")->first->integer == -128);
    CHECK(brn_ubjson_get(root, "b")->first->next->integer == 255);
    CHECK(brn_ubjson_get(root, "c")->real >= 1 && brn_ubjson_get(root, "c")->real <= 1);
    CHECK(brn_ubjson_integers(brn_ubjson_get(root, "a"), 3, &arena, &values, &err) == BRINE_MODEL);
    CHECK(brn_ubjson_integers(brn_ubjson_get(root, "b"), 3, &arena, &values, &err) == BRINE_MODEL);
    CHECK(brn_ubjson_reals(brn_ubjson_get(root, "a"), 2, &arena, &reals, &err) == BRINE_MODEL);
    CHECK(!brn_ubjson_get(root, "d") && !brn_ubjson_get(NULL, "a"));
    brn_arena_free(&arena);
}

/* ---- variants of a good text ---- */

struct variant {
    const char *from, *to; /* one replaced by the other */
    const char *what;      /* NULL: it is good */
};

static void put_variant(struct brn_buffer *b, const char *text, const struct variant *v)
{
    const char *at = v->from ? strstr(text, v->from) : NULL;
    size_t before = at ? (size_t)(at - text) : 0;
    brn_buffer_printf(b, "%.*s%s%s", (int)before, text, at ? v->to : "",
                      at ? at + strlen(v->from) : text);
}

/* ---- XGBoost ---- */

static const char xgboost_text[] =
    "{\"version\":[1,7,6],\"learner\":{\"learner_model_param\":{\"base_score\":\"5E-1\","
    "\"num_class\":\"0\",\"num_feature\":\"2\",\"num_target\":\"1\"},"
    "\"objective\":{\"name\":\"reg:squarederror\"},\"attributes\":{},\"feature_names\":[],"
    "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"tree_info\":[0],\"trees\":[{"
    "\"left_children\":[1,-1,-1,-1],\"right_children\":[2,-1,-1,-1],"
    "\"split_indices\":[1,0,0,0],\"default_left\":[1,0,0,0],"
    "\"split_conditions\":[5E-1,1E0,2E0,9E0]}]}}}}";

static const struct variant xgboost_variants[] = {
    {NULL, NULL, NULL},
    {"[1,-1,-1,-1]", "[0,-1,-1,-1]", "reached twice"},
    {"[1,-1,-1,-1]", "[2,-1,-1,-1]", "reached twice"},
    {"[1,-1,-1,-1]", "[4,-1,-1,-1]", "node 0 links to node 4 of 4"},
    {"[1,-1,-1,-1]", "[-2,-1,-1,-1]", "node 0 links to node -2 of 4"},
    {"[1,-1,-1,-1]", "[1,-1,-1]", "right_children"},
    {"[1,-1,-1,-1]", "[]", "left_children"},
    {"[1,0,0,0],\"default", "[2,0,0,0],\"default", "node 0 asks for feature 2 of 2"},
    {"[5E-1,1E0", "[-Infinity,1E0", "threshold of -inf"},
    {"[5E-1,1E0", "[NaN,1E0", "threshold of"},
    {"[5E-1,1E0", "[5E-1,Infinity", "impossible values"},
    {"\"tree_info\":[0]", "\"tree_info\":[1]", "tree 0 is of group 1 of 1"},
    {"\"tree_info\":[0]", "\"tree_info\":[-1]", "group -1"},
    {"\"num_feature\":\"2\"", "\"num_feature\":\"-1\"", "num_feature"},
    {"\"num_feature\":\"2\"", "\"num_feature\":\"4294967296\"", "num_feature"},
    {"\"num_class\":\"0\"", "\"num_class\":\"99999999\"", "99999999 classes"},
    {"\"5E-1\"", "\"[1E0,2E0]\"", "base_score"},
    {"\"5E-1\"", "\"nonsense\"", "base_score"},
    {"[1,7,6]", "[1,7,600]", "version"},
    {"[1,7,6]", "[1,7]", "version"},
    {"reg:squarederror", "reg:unheard", "no objective that brine knows"},
    {"gbtree", "gbforest", "no booster that brine knows"},
    {"\"trees\":[{", "\"trees\":[7,{", "left_children"},
    {"\"trees\":[{", "\"trees\":[{\"categories\":[3],", NULL},
    {"\"trees\":[{", "\"trees\":[{\"split_type\":[1,0,0,0],", "names 0 of 1 nodes"},
    {"\"trees\":[{",
     "\"trees\":[{\"split_type\":[1,0,0,0],\"categories_nodes\":[0],\"categories_segments\":[0],"
     "\"categories_sizes\":[2],\"categories\":[3],",
     "node 0 has 2 categories"},
    {"\"trees\":[{",
     "\"trees\":[{\"split_type\":[1,0,0,0],\"categories_nodes\":[0],\"categories_segments\":[0],"
     "\"categories_sizes\":[1],\"categories\":[-3],",
     "negative category"},
    {"\"trees\":[{",
     "\"trees\":[{\"split_type\":[1,0,0,0],\"categories_nodes\":[1],\"categories_segments\":[0],"
     "\"categories_sizes\":[1],\"categories\":[3],",
     "node 1 has categories, but asks for none"},
    {"\"trees\":[{",
     "\"trees\":[{\"split_type\":[1,0,0,0],\"categories_nodes\":[0],\"categories_segments\":[0],"
     "\"categories_sizes\":[1],\"categories\":[99999],",
     "category 99999"},
    {"\"learner\":", "\"teacher\":", "learner"},
};

/* Margins of the rows; their number is that of the groups. */
static brine_status xgboost_margins(struct fuzz_booster *f, struct brn_slice text, double *margins)
{
    const struct brn_xgboost_use use = {.missing = (double)NAN};
    struct brn_xgboost *model;
    struct brn_xgboost_predictor *p;
    BRN_TRY(brn_xgboost_read(&f->build, text, &model));
    struct brn_schema *in = fuzz_booster_rows(f, (size_t)model->feature_count);
    BRN_TRY(brn_xgboost_bind(&f->build, &f->me, model, &use, in, &p));
    f->tile.rows = 4;
    return brn_xgboost_margins(p, &f->tile, &f->work, margins, 1);
}

TEST(booster_xgboost_variants)
{
    static struct fuzz_booster f;
    for (size_t i = 0; i < sizeof xgboost_variants / sizeof xgboost_variants[0]; i++) {
        const struct variant *v = &xgboost_variants[i];
        double margins[FUZZ_ROWS] = {0};
        struct brn_buffer text = {0};
        put_variant(&text, xgboost_text, v);
        fuzz_booster_begin(&f);
        brine_status status = xgboost_margins(&f, brn_buffer_view(&text), margins);
        brn_test_check(v->what ? status != BRINE_OK && says(&f.err, v->what) : status == BRINE_OK,
                       __FILE__, __LINE__, "%zu: %d %s (%s)", i, (int)status, f.err.message,
                       f.err.path);
        fuzz_booster_end(&f);
        brn_buffer_free(&text);
    }
}

/* Left is what is below the threshold; a pruned node behind the others does not matter. */
TEST(booster_xgboost_threshold)
{
    static struct fuzz_booster f;
    double margins[4];
    const double half = 0.5, below = (double)nextafterf(0.5f, 0);
    struct brn_xgboost *model;
    struct brn_xgboost_predictor *p;
    const struct brn_xgboost_use use = {.missing = 7};
    fuzz_booster_begin(&f);
    REQUIRE_OK(brn_xgboost_read(&f.build, BYTES(xgboost_text), &model), &f.err);
    struct brn_schema *in = fuzz_booster_rows(&f, 2);
    REQUIRE_OK(brn_xgboost_bind(&f.build, &f.me, model, &use, in, &p), &f.err);
    f.tile.rows = 4;
    f.numbers[1] = half;
    f.numbers[3] = below;
    f.numbers[5] = (double)NAN;
    f.numbers[7] = 7;
    REQUIRE_OK(brn_xgboost_margins(p, &f.tile, &f.work, margins, 1), &f.err);
    CHECK(margins[0] > 2.4 && margins[0] < 2.6);
    CHECK(margins[1] > 1.4 && margins[1] < 1.6);
    CHECK(margins[2] > 1.4 && margins[2] < 1.6);
    CHECK(margins[3] > 1.4 && margins[3] < 1.6);
    fuzz_booster_end(&f);
}

/* ---- LightGBM ---- */

static const char lightgbm_text[] =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n"
    "objective=regression\nfeature_names=a b\nfeature_infos=none none\n\n"
    "Tree=0\nnum_leaves=3\nnum_cat=1\nsplit_feature=0 1\nthreshold=0.5 0\ndecision_type=2 1\n"
    "left_child=-1 -2\nright_child=1 -3\nleaf_value=1 2 3\ncat_boundaries=0 1\ncat_threshold=6\n"
    "is_linear=0\n\nend of trees\n";

static const struct variant lightgbm_variants[] = {
    {NULL, NULL, NULL},
    {"tree\n", "forest\n", "does not begin with"},
    {"version=v4", "version=v9", "model format v9"},
    {"num_class=1", "num_class=0", "num_class"},
    {"num_class=1\n", "", "num_class"},
    {"max_feature_idx=1", "max_feature_idx=99999999999", "max_feature_idx"},
    {"max_feature_idx=1", "max_feature_idx=5", "feature_names"},
    {"num_tree_per_iteration=1", "num_tree_per_iteration=2", "num_tree_per_iteration"},
    {"objective=regression", "objective=unheard", "no objective that brine knows"},
    {"objective=regression", "objective=binary", "sigmoid"},
    {"num_leaves=3", "num_leaves=200000000", "leaf_value"},
    {"num_leaves=3", "num_leaves=0", "num_leaves"},
    {"split_feature=0 1", "split_feature=0 2", "split_feature"},
    {"split_feature=0 1", "split_feature=0", "split_feature"},
    {"split_feature=0 1", "split_feature=0 1 1", "split_feature"},
    {"decision_type=2 1", "decision_type=2 14", "decision_type"},
    {"left_child=-1 -2", "left_child=0 -2", "reached twice"},
    {"left_child=-1 -2", "left_child=-1 -1", "reached twice"},
    {"left_child=-1 -2", "left_child=-1 -9", "of 5"},
    {"left_child=-1 -2", "left_child=-1 9", "of 5"},
    {"threshold=0.5 0", "threshold=nan 0", "threshold of NaN"},
    {"threshold=0.5 0", "threshold=0.5 1", "categories 1 of 1"},
    {"threshold=0.5 0", "threshold=0.5 -1", "categories -1 of 1"},
    {"leaf_value=1 2 3", "leaf_value=1 2 inf", "impossible values"},
    {"cat_boundaries=0 1", "cat_boundaries=0 999999999", "cat_threshold"},
    {"cat_boundaries=0 1", "cat_boundaries=1 0", "cat_boundaries"},
    {"cat_boundaries=0 1", "cat_boundaries=-1 1", "cat_boundaries"},
    {"cat_threshold=6", "cat_threshold=-6", "cat_threshold"},
    {"num_cat=1", "num_cat=99999999", "cat_boundaries"},
    {"is_linear=0", "is_linear=1", "leaf_const"},
};

static brine_status lightgbm_values(struct fuzz_booster *f, struct brn_slice text, double *values)
{
    struct brn_lightgbm *model;
    struct brn_lightgbm_predictor *p;
    BRN_TRY(brn_lightgbm_read(&f->build, text, &model));
    struct brn_schema *in = fuzz_booster_rows(f, (size_t)model->feature_count);
    BRN_TRY(brn_lightgbm_bind(&f->build, &f->me, model, 0, in, &p));
    f->tile.rows = 6;
    f->numbers[0] = 0.5; /* left: <= */
    for (size_t r = 1; r < 6; r++)
        f->numbers[2 * r] = 1;
    f->numbers[3] = 1;           /* in the set */
    f->numbers[5] = 0;           /* not */
    f->numbers[7] = 2.9;         /* 2 is */
    f->numbers[9] = (double)NAN; /* nothing is right */
    f->numbers[11] = 1e300;
    return brn_lightgbm_run(p, &f->tile, &f->work, values, 1);
}

TEST(booster_lightgbm_variants)
{
    static struct fuzz_booster f;
    static const double expected[] = {1, 2, 3, 2, 3, 3};
    for (size_t i = 0; i < sizeof lightgbm_variants / sizeof lightgbm_variants[0]; i++) {
        const struct variant *v = &lightgbm_variants[i];
        double values[FUZZ_ROWS] = {0};
        struct brn_buffer text = {0};
        put_variant(&text, lightgbm_text, v);
        fuzz_booster_begin(&f);
        brine_status status = lightgbm_values(&f, brn_buffer_view(&text), values);
        brn_test_check(v->what ? status != BRINE_OK && says(&f.err, v->what) : status == BRINE_OK,
                       __FILE__, __LINE__, "%zu: %d %s (%s)", i, (int)status, f.err.message,
                       f.err.path);
        if (!v->what)
            CHECK(memcmp(values, expected, sizeof expected) == 0);
        fuzz_booster_end(&f);
        brn_buffer_free(&text);
    }
}

/* ---- what the fuzzers begin with ---- */

typedef brine_status reading(struct brn_build *build, struct brn_slice bytes);

static brine_status read_xgboost(struct brn_build *build, struct brn_slice bytes)
{
    struct brn_xgboost *model;
    return brn_xgboost_read(build, bytes, &model);
}

static brine_status read_catboost(struct brn_build *build, struct brn_slice bytes)
{
    struct brn_catboost *model;
    return brn_catboost_read(build, bytes, &model);
}

static brine_status read_lightgbm(struct brn_build *build, struct brn_slice bytes)
{
    struct brn_lightgbm *model;
    return brn_lightgbm_read(build, bytes, &model);
}

static brine_status read_once(reading *read, struct brn_slice bytes)
{
    static struct fuzz_booster f;
    fuzz_booster_begin(&f);
    brine_status status = read(&f.build, bytes);
    fuzz_booster_end(&f);
    return status;
}

/* Whole it is read; cut short it is no crash, and no whole model of the formats that say their
 * length. */
static void check_seed(const char *path, reading *read, bool says_length)
{
    struct brn_bytes file;
    brine_error err;
    if (!CHECK(brn_file_read(path, 1 << 20, false, &file, &err) == BRINE_OK))
        return;
    brn_test_check(read_once(read, file.view) == BRINE_OK, path, 0, "it cannot be read");
    for (size_t n = 0; n < file.view.n; n += file.view.n / 400 + 1) {
        brine_status status = read_once(read, (struct brn_slice){file.view.p, n});
        if (says_length)
            brn_test_check(status != BRINE_OK, path, 0, "%zu bytes of it are read", n);
    }
    brn_bytes_free(&file);
}

static void check_seeds(const char *library, reading *read, bool says_length)
{
    char folder[512], path[1024];
    struct dirent **entries;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", BRINE_SOURCE_DIR, library);
    int count = scandir(folder, &entries, NULL, alphasort);
    CHECK(count > 2);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%.200s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            check_seed(path, read, says_length);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

TEST(booster_files_cut_short)
{
    check_seeds("catboost", read_catboost, true);
    check_seeds("lightgbm", read_lightgbm, false);
    check_seeds("xgboost", read_xgboost, false);
}
