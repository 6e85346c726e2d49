/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of every container and era, and what joblib's readers must not be talked into.  The files
 * of tests/golden/mutate are made by tools/make_mutation_seeds.py; each estimator holds the same
 * values. */
#include "faults.h"
#include "joblib/joblib.h"
#include "joblib/traits.h"
#include "pickle/numpy.h"
#include "pickles.h"

#include <stdio.h>

static const char *golden(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/mutate/%s", BRINE_SOURCE_DIR, name);
    return path;
}

static void check_doubles(const struct brn_node *n, const double *expected, size_t count)
{
    struct brn_arena arena;
    struct brn_array array;
    double *values;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_node_array(n, &arena, &array, &err), &err);
    REQUIRE_OK(brn_array_doubles(&array, &arena, &values, &err), &err);
    CHECK(array.count == count);
    for (size_t i = 0; i < count && i < array.count; i++)
        CHECK(values[i] == expected[i]);
    brn_arena_free(&arena);
}

static void check_objects(const struct brn_node *names)
{
    struct brn_arena arena;
    struct brn_array array;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_node_array(names, &arena, &array, &err), &err);
    CHECK(array.count == 4 && array.dtype.kind == 'O');
    CHECK(array.count == 4 && brn_node_is_text(array.objects[0], "a"));
    CHECK(array.count == 4 && brn_is(array.objects[2], BRN_NONE));
    CHECK(array.count == 4 && brn_is(array.objects[3], BRN_FLOAT) &&
          array.objects[3]->as.real == 1.5);
    brn_arena_free(&arena);
}

static void check_text(const struct brn_node *text)
{
    struct brn_arena arena;
    struct brn_array array;
    struct brn_slice s;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_node_array(text, &arena, &array, &err), &err);
    CHECK(array.count == 2 && array.dtype.kind == 'U' && array.dtype.itemsize == 20);
    REQUIRE_OK(brn_dtype_text(&array.dtype, brn_array_element(&array, 1), &arena, &s, &err), &err);
    CHECK(brn_slice_is(s, "right"));
    brn_arena_free(&arena);
}

static void check_records(const struct brn_node *nodes)
{
    struct brn_arena arena;
    struct brn_array array;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_node_array(nodes, &arena, &array, &err), &err);
    REQUIRE(array.count == 2 && array.dtype.field_count == 2 && array.dtype.itemsize == 16);
    const struct brn_dtype_field *child = &array.dtype.fields[0], *threshold = child + 1;
    CHECK(brn_slice_is(child->name, "child") && brn_slice_is(threshold->name, "threshold"));
    const uint8_t *second = brn_array_element(&array, 1);
    CHECK(brn_dtype_integer(&child->type, second + child->offset) == -1);
    CHECK(brn_dtype_number(&threshold->type, second + threshold->offset) == -2.0);
    brn_arena_free(&arena);
}

/* numpy.random.RandomState(7).normal(size=6) */
static const double coef[] = {1.690525703800356,   -0.4659373705408328, 0.0328201636785844,
                              0.40751628299650783, -0.7889230286257386, 0.00206557290594813};

static void check_estimator(const struct brn_node *e)
{
    static const double columns[] = {0, 1, 2, 3, 4, 5}, big[] = {0, 1, 2, 3};
    check_doubles(brn_node_attribute(e, "coef_"), coef, 6);
    check_doubles(brn_node_attribute(e, "columns_"), columns, 6);
    check_doubles(brn_node_attribute(e, "big_"), big, 4);
    check_doubles(brn_node_attribute(e, "empty_"), NULL, 0);
    check_objects(brn_node_attribute(e, "names_"));
    check_text(brn_node_attribute(e, "text_"));
    check_records(brn_node_attribute(e, "nodes_"));
    const struct brn_node *numbers = brn_node_attribute(e, "numbers_");
    CHECK(brn_node_count(numbers) == 10 && brn_is(brn_node_item(numbers, 5), BRN_LONG));
    const struct brn_node *same = brn_node_attribute(e, "same_");
    CHECK(brn_node_item(same, 0) == brn_node_item(same, 1));
    CHECK(brn_node_get(brn_node_item(same, 0), "wort")->as.integer == 2);
}

static void check_scalar(const struct brn_node *n)
{
    struct brn_arena arena;
    struct brn_array array;
    brine_error err;
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_node_scalar(n, &arena, &array, &err), &err);
    CHECK(brn_dtype_number(&array.dtype, array.data.p) == 0.25);
    brn_arena_free(&arena);
}

TEST(joblib_estimators_of_every_era)
{
    static const struct {
        const char *name, *codec, *joblib;
        uint8_t protocol;
        enum brn_array_storage storage;
    } files[] = {
        {"protocol0.pkl", NULL, NULL, 0, BRN_ARRAYS_IN_PICKLE},
        {"protocol1.pkl", NULL, NULL, 0, BRN_ARRAYS_IN_PICKLE},
        {"protocol4.pkl", NULL, NULL, 4, BRN_ARRAYS_IN_PICKLE},
        {"protocol5.pkl", NULL, NULL, 5, BRN_ARRAYS_IN_PICKLE},
        {"python2-protocol0.pkl", NULL, NULL, 0, BRN_ARRAYS_IN_PICKLE},
        {"python2-protocol2.pkl", NULL, NULL, 2, BRN_ARRAYS_IN_PICKLE},
        {"legacy-zf.joblib", "zf", "joblib 0.9 or earlier", 2, BRN_ARRAYS_IN_PICKLE},
        {"unaligned.joblib", NULL, "joblib 0.10 to 1.1 (arrays are not aligned)", 4,
         BRN_ARRAYS_IN_STREAM},
        {"aligned.joblib", NULL, "joblib 1.2 or later (arrays are aligned)", 4,
         BRN_ARRAYS_IN_STREAM},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct brine_file *file;
        brine_error err;
        REQUIRE_OK(brn_file_open(golden(files[i].name), NULL, false, &file, &err), &err);
        struct brn_traits traits = brn_file_traits(file);
        CHECK_TEXT(file->codec ? file->codec : "none", files[i].codec ? files[i].codec : "none");
        CHECK_TEXT(traits.joblib ? traits.joblib : "", files[i].joblib ? files[i].joblib : "");
        CHECK(file->storage == files[i].storage && file->graph.protocol == files[i].protocol);
        CHECK(file->graph.oddity_count == 0);
        CHECK(file->graph.python2 == (strstr(files[i].name, "python2") != NULL ||
                                      strstr(files[i].name, "legacy") != NULL));
        check_estimator(file->graph.root);
        check_scalar(brn_node_attribute(file->graph.root, "scalar_"));
        brn_file_close(file);
    }
}

TEST(joblib_codecs)
{
    static const char *const codecs[] = {"zlib", "gzip", "bz2", "lzma", "xz", "lz4", "zstd"};
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        struct brine_file *file;
        brine_error err;
        char name[32];
        snprintf(name, sizeof name, "%s.joblib", codecs[i]);
        REQUIRE_OK(brn_file_open(golden(name), NULL, false, &file, &err), &err);
        CHECK(file->codec && strncmp(file->codec, codecs[i], 2) == 0);
        check_doubles(brn_node_get(file->graph.root, "coef_"), coef, 6);
        check_objects(brn_node_get(file->graph.root, "names_"));
        brn_file_close(file);
    }
}

TEST(joblib_companion_file)
{
    struct brine_file *file;
    brine_error err;
    REQUIRE_OK(brn_file_open(golden("legacy-companions.joblib"), NULL, false, &file, &err), &err);
    CHECK(file->storage == BRN_ARRAYS_BESIDE && file->graph.oddity_count == 0);
    check_doubles(file->graph.root, coef, 6);
    brn_file_close(file);
}

/* From memory there is nothing beside: the pickle is read, and the array is told to be missing. */
TEST(joblib_companion_missing)
{
    struct brn_bytes bytes;
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_array array;
    brine_error err;
    REQUIRE_OK(brn_file_read(golden("legacy-companions.joblib"), 1 << 20, false, &bytes, &err),
               &err);
    REQUIRE_OK(brn_file_open_bytes(bytes.view, "m", NULL, false, &file, &err), &err);
    CHECK(file->graph.oddity_count == 1 &&
          strcmp(file->graph.oddities[0].rule, "companion-missing") == 0);
    brn_arena_init(&arena, 0);
    CHECK_STATUS(brn_node_array(file->graph.root, &arena, &array, &err), BRINE_FORMAT, &err);
    brn_arena_free(&arena);
    brn_file_close(file);
    brn_bytes_free(&bytes);
}

#define WRAPPER "cjoblib.numpy_pickle\nNDArrayWrapper\n)\201}(S'filename'\n"

TEST(joblib_companion_names_stay_in_the_folder)
{
    static const struct brn_slice cases[] = {
        BYTES("\200\002" WRAPPER "S'../x.npy'\nub."),
        BYTES("\200\002" WRAPPER "S'/etc/passwd'\nub."),
        BYTES("\200\002" WRAPPER "S''\nub."),
        BYTES("\200\002" WRAPPER "S'..'\nub."),
        BYTES("\200\002" WRAPPER "S'a\\0b'\nub."),
        BYTES("\200\002" WRAPPER "S'a\\\\b'\nub."),
        BYTES("\200\002" WRAPPER "Nub."),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brine_file *file;
        brine_error err;
        CHECK_STATUS(brn_file_open_bytes(cases[i], "m", NULL, false, &file, &err), BRINE_FORMAT,
                     &err);
        CHECK(strstr(err.message, "plain name") != NULL);
    }
}

#define STREAM(module, name) "\200\002c" module "\n" name "\n)\201}("
#define DTYPE "S'dtype'\ncnumpy\ndtype\n(S'u1'\nK\000K\001tRS'order'\nS'C'\n"

#define STATED(type, state) \
    "S'dtype'\ncnumpy\ndtype\n(" type "K\000K\001tR" state "bS'order'\nS'C'\n"

/* What joblib would take for array bytes must never be taken for opcodes, nor the other way round.
 */
TEST(joblib_wrappers_that_are_not_understood)
{
    static const struct brn_slice cases[] = {
        /* another attribute; a missing order; an unknown order; a text shape */
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE
              "S'shape'\n(K\001tS'more'\nNub\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") "S'shape'\n(K\001tub\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE
              "S'order'\nS'A'\nS'shape'\n(K\001tub\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE "S'shape'\nS'1'\nub\000."),
        /* more than there is; more than can be counted; less than nothing */
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE "S'shape'\n(K\011tub\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE
              "S'shape'\n(I4294967296\nI4294967296\nK\002tub\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE "S'shape'\n(I-1\ntub\000."),
        /* flags by which joblib would unpickle the bytes, or not; no flags; no item size; a version
           of its own */
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") STATED(
            "S'f8'\n", "(K\003S'<'\nNNNI-1\nI-1\nK\001t") "S'shape'\n(K\001tubcos\nabort\n)R..."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper")
                  STATED("S'O8'\n", "(K\003S'|'\nNNNI-1\nI-1\nK\000t") "S'shape'\n(K\000tubN.."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper")
                  STATED("S'O8'\n", "(K\003S'|'\nNNNI-1\nI-1\nt") "S'shape'\n(K\000tubN.."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") STATED(
            "S'S4'\n", "(K\003S'|'\nNNNI-1\nI-1\nK\000t") "S'shape'\n(K\001tub\000\000\000\000."),
        BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper")
                  STATED("S'u1'\n", "(K\005S'|'\nNNNI-1\nI-1\nK\000t") "S'shape'\n(K\001tub\000."),
        /* the same class under another name */
        BYTES(STREAM("joblib", "numpy_pickle.NumpyArrayWrapper") DTYPE "S'shape'\n(K\001tub\000."),
        BYTES(STREAM("other.module", "NumpyArrayWrapper") DTYPE "S'shape'\n(K\001tub\000."),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brine_file *file;
        brine_error err;
        brine_status status = brn_file_open_bytes(cases[i], "m", NULL, false, &file, &err);
        brn_test_check(status == BRINE_FORMAT, __FILE__, __LINE__, "case %zu: %s", i,
                       brine_status_text(status));
        if (status == BRINE_OK)
            brn_file_close(file);
    }
}

/* The bytes of the array would be opcodes: they are not run through the machine. */
TEST(joblib_array_bytes_are_no_opcodes)
{
    struct brn_slice bytes = BYTES(STREAM("joblib.numpy_pickle", "NumpyArrayWrapper") DTYPE
                                   "S'shape'\n(K\010tubcos\nx\nN..");
    struct brine_file *file;
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(bytes, "m", NULL, false, &file, &err), &err);
    const struct brn_graph *g = &file->graph;
    CHECK(g->segment_count == 3 && g->segments[1].kind == BRN_SEGMENT_ARRAY);
    CHECK(g->segments[1].end - g->segments[1].begin == 8 && g->segments[2].end == bytes.n);
    for (size_t i = 0; i < g->event_count; i++)
        CHECK(!brn_node_is_global(g->events[i].node, "os", "x"));
    brn_file_close(file);
}

/* CPython has read the whole frame before: joblib would find the array behind it. */
TEST(joblib_array_inside_a_frame)
{
    struct brn_slice bytes =
        BYTES("\200\004\225\000\001\000\000\000\000\000\000cjoblib.numpy_"
              "pickle\nNumpyArrayWrapper\n)\201}(" DTYPE "S'shape'\n(K\001tubx.");
    struct brine_file *file;
    brine_error err;
    CHECK_STATUS(brn_file_open_bytes(bytes, "m", NULL, false, &file, &err), BRINE_FORMAT, &err);
    CHECK(strstr(err.message, "inside a frame") != NULL);
}

TEST(joblib_streams_behind_the_first)
{
    struct brine_file *file;
    brine_error err;
    REQUIRE_OK(brn_file_open(golden("two-streams.pkl"), NULL, false, &file, &err), &err);
    CHECK(file->graph.root_count == 2 && brn_is(file->graph.root, BRN_LIST));
    check_doubles(brn_node_get(file->graph.roots[1], "a"), coef, 6);
    brn_file_close(file);
}

TEST(joblib_trailing_bytes_are_told)
{
    struct brine_file *file;
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(BYTES("N.\n\nrest"), "m", NULL, false, &file, &err), &err);
    const struct brn_graph *g = &file->graph;
    CHECK(g->root_count == 1 && brn_is(g->root, BRN_NONE));
    CHECK(g->segment_count == 2 && g->segments[1].kind == BRN_SEGMENT_TRAILING);
    CHECK(g->segments[1].begin == 2 && g->segments[1].end == 8);
    brn_file_close(file);
}

TEST(joblib_names_what_is_no_pickle)
{
    struct brine_file *file;
    brine_error err;
    CHECK_STATUS(brn_file_open_bytes(BYTES("PK\003\004\024\000"), "m", NULL, false, &file, &err),
                 BRINE_FORMAT, &err);
    CHECK(strstr(err.message, "zip archive") != NULL);
}

TEST(joblib_keeps_what_was_understood)
{
    struct brine_file *file;
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(BYTES("cos\nsystem\n\377."), "m", NULL, true, &file, &err),
               &err);
    CHECK(file->failure.status == BRINE_FORMAT && file->failure.offset == 11);
    CHECK(file->graph.event_count == 1);
    const struct brn_segment *last = &file->graph.segments[file->graph.segment_count - 1];
    CHECK(last->kind == BRN_SEGMENT_UNREAD && last->begin == 11 && last->end == 13);
    brn_file_close(file);
}

/* Every allocation of one load fails in turn: out of memory is said, and nothing leaks (ASan). */
static void fail_each_allocation(const char *name)
{
    brine_error err;
    for (long n = 1; n < 100000; n++) {
        struct brine_file *file = NULL;
        err.status = BRINE_OK;
        brn_faults_after(n);
        brine_status status = brn_file_open(golden(name), NULL, n % 2, &file, &err);
        bool hit = brn_faults_hit();
        brn_faults_after(0);
        if (status == BRINE_OK)
            brn_file_close(file);
        else
            CHECK(status == BRINE_NOMEM && err.status == BRINE_NOMEM && hit);
        if (!hit)
            return;
        CHECK(status != BRINE_OK);
    }
}

static const char *const every_kind[] = {
    "aligned.joblib",
    "unaligned.joblib",
    "zlib.joblib",
    "gzip.joblib",
    "bz2.joblib",
    "lzma.joblib",
    "xz.joblib",
    "lz4.joblib",
    "zstd.joblib",
    "legacy-zf.joblib",
    "legacy-companions.joblib",
    "two-streams.pkl",
    "protocol0.pkl",
    "protocol1.pkl",
    "protocol4.pkl",
    "protocol5.pkl",
    "python2-protocol0.pkl",
    "python2-protocol2.pkl",
};

enum { KINDS = sizeof every_kind / sizeof every_kind[0] };

TEST(joblib_every_allocation_fails)
{
    for (size_t i = 0; i < KINDS; i++)
        fail_each_allocation(every_kind[i]);
}

/* Every read of one load fails in turn, those of companions too: it is told. */
static void fail_each_read(const char *name)
{
    for (long n = 1; n < 1000; n++) {
        struct brine_file *file = NULL;
        brine_error err = {.status = BRINE_OK};
        brn_faults_read_after(n);
        brine_status status = brn_file_open(golden(name), NULL, false, &file, &err);
        bool hit = brn_faults_hit();
        brn_faults_read_after(0);
        brn_test_check(status == (hit ? BRINE_IO : BRINE_OK), __FILE__, __LINE__,
                       "%s, read %ld: %s, %s", name, n, brine_status_text(status), err.message);
        brn_file_close(file);
        if (!hit)
            return;
    }
}

TEST(joblib_every_read_fails)
{
    for (size_t i = 0; i < KINDS; i++)
        fail_each_read(every_kind[i]);
}
