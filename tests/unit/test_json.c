/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "faults.h"
#include "io/codec.h"
#include "test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Reads all events; the status that the reader ended with. */
static brine_status read_through(struct brn_slice document, bool allow_nan, brine_error *err)
{
    uint8_t nesting[600];
    struct brn_json json;
    brn_json_init(&json, document, nesting, sizeof nesting);
    json.allow_nan = allow_nan;
    while (brn_json_next(&json) != BRN_JSON_END)
        continue;
    *err = json.error;
    brn_json_free(&json);
    return err->status;
}

/* The events as text: "{ k:1 k:[ ..." */
static void trace(const char *document, char *out, size_t room)
{
    static const char marks[] = " nbds[]{}";
    uint8_t nesting[8];
    struct brn_json json;
    size_t n = 0;
    brn_json_init(&json, brn_slice_of(document), nesting, sizeof nesting);
    out[0] = '\0';
    while (brn_json_next(&json) != BRN_JSON_END && n < room)
        n += (size_t)snprintf(out + n, room - n, "%.*s%c%.*s ", BRN_S(json.key), marks[json.kind],
                              BRN_S(json.text));
    CHECK(json.error.status == BRINE_OK);
    brn_json_free(&json);
}

TEST(json_events_carry_keys_and_texts)
{
    char out[256];
    trace(" {\"a\" : [1, -2.5e3 ,true,null], \"b\\n\":{\"\":\"x\\u00e9\\ud83d\\ude00\"}} ", out,
          sizeof out);
    CHECK_TEXT(out, "{ a[ d1 d-2.5e3 b n ] b\n{ sx\xc3\xa9\xf0\x9f\x98\x80 } } ");
    trace("[]", out, sizeof out);
    CHECK_TEXT(out, "[ ] ");
}

static struct brn_json number(const char *document)
{
    struct brn_json json;
    uint8_t nesting[1];
    brn_json_init(&json, brn_slice_of(document), nesting, 1);
    json.allow_nan = true;
    CHECK(brn_json_next(&json) == BRN_JSON_NUMBER);
    return json;
}

TEST(json_numbers_keep_their_integers)
{
    struct brn_json json = number("18446744073709551615");
    CHECK(json.is_integer && !json.is_negative && json.integer == UINT64_MAX);
    json = number("-9223372036854775808");
    CHECK(json.is_integer && json.is_negative && (int64_t)json.integer == INT64_MIN);
    CHECK(!number("18446744073709551616").is_integer && !number("-9223372036854775809").is_integer);
    CHECK(!number("1.0").is_integer && !number("1e2").is_integer);
    json = number("-0");
    CHECK(!json.is_integer && signbit(json.number));
    json = number("0");
    CHECK(json.is_integer && json.integer == 0 && json.number < 1);
    CHECK(isnan(number("NaN").number) && isinf(number("-Infinity").number));
    CHECK(isinf(number("1e999").number));
}

TEST(json_refusals_say_where)
{
    static const struct {
        const char *document;
        uint64_t offset;
        const char *words;
    } rows[] = {
        {"", 0, "ends early"},
        {"[1,]", 3, "value was expected"},
        {"[1 2]", 3, "',' or ']'"},
        {"{\"a\" 1}", 5, "':'"},
        {"{a:1}", 1, "member's name"},
        {"[01]", 1, "zeros"},
        {"[1.]", 1, "point"},
        {"[.5]", 1, "value was expected"},
        {"[+1]", 1, "value was expected"},
        {"[1e400]", 1, "out of the range"},
        {"[NaN]", 1, "value was expected"},
        {"[-Infinity]", 1, "not a JSON number"},
        {"\"\\x\"", 2, "escape"},
        {"\"\\ud800\"", 7, "surrogate"},
        {"\"a\nb\"", 2, "control character"},
        {"\"\xff\"", 1, "UTF-8"},
        {"\"\xed\xa0\x80\"", 1, "UTF-8"},
        {"1 1", 2, "behind the document"},
        {"[1", 2, "ends early"},
        {"tru", 0, "value was expected"},
    };
    brine_error err;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK(read_through(brn_slice_of(rows[i].document), false, &err) == BRINE_FORMAT);
        brn_test_check(err.offset == rows[i].offset && strstr(err.message, rows[i].words), __FILE__,
                       __LINE__, "%s: at %d: %s", rows[i].document, (int)err.offset, err.message);
    }
}

TEST(json_depth_is_limited_without_recursion)
{
    enum { DEEP = 1 << 20 };
    static uint8_t nesting[DEEP];
    char *document = malloc(DEEP);
    struct brn_json json;
    REQUIRE(document != NULL);
    memset(document, '[', DEEP);
    brn_json_init(&json, (struct brn_slice){(uint8_t *)document, DEEP}, nesting, 1000);
    while (brn_json_next(&json) != BRN_JSON_END)
        continue;
    CHECK(json.error.status == BRINE_LIMIT && json.error.offset == 1000);
    memset(document + DEEP / 2, ']', DEEP / 2);
    brn_json_init(&json, (struct brn_slice){(uint8_t *)document, DEEP}, nesting, DEEP);
    while (brn_json_next(&json) != BRN_JSON_END)
        continue;
    CHECK(json.error.status == BRINE_OK);
    free(document);
}

TEST(json_skip_passes_over_a_value)
{
    struct brn_json json;
    uint8_t nesting[8];
    brn_json_init(&json, brn_slice_of("{\"a\":[1,{\"x\":[]},3],\"b\":7}"), nesting, 8);
    brn_json_next(&json);
    brn_json_next(&json);
    CHECK(brn_slice_is(json.key, "a"));
    brn_json_skip(&json);
    CHECK(brn_json_next(&json) == BRN_JSON_NUMBER && brn_slice_is(json.key, "b"));
    brn_json_skip(&json);
    CHECK(brn_json_next(&json) == BRN_JSON_OBJECT_END);
    CHECK(brn_json_next(&json) == BRN_JSON_END);
    CHECK(json.error.status == BRINE_OK);
}

TEST(json_tree_has_places_and_members)
{
    struct brn_arena arena;
    struct brn_json_value *root = NULL;
    brine_error err;
    brn_arena_init(&arena, 1 << 20);
    REQUIRE_OK(brn_json_parse(brn_slice_of("{\n  \"a\": [1, \"two\"],\n  \"b\": {\"c\": null}}"),
                              10, &arena, &root, &err),
               &err);
    const struct brn_json_value *a = brn_json_get(root, "a"), *c;
    REQUIRE(a && a->kind == BRN_JSON_ARRAY && a->count == 2);
    CHECK(a->items[0].is_integer && a->items[0].integer == 1 && a->line == 2 && a->column == 8);
    CHECK(brn_slice_is(brn_json_text(&a->items[1], ""), "two") && a->items[1].column == 12);
    CHECK(a->items[1].offset == 13);
    c = brn_json_get(brn_json_get(root, "b"), "c");
    CHECK(c && c->kind == BRN_JSON_NULL && c->line == 3);
    CHECK(brn_json_get(root, "x") == NULL && brn_json_get(a, "x") == NULL);
    CHECK(brn_slice_is(brn_json_text(c, "otherwise"), "otherwise"));
    brn_arena_free(&arena);
}

TEST(json_tree_refuses_duplicates_in_small_and_large_objects)
{
    brine_error err;
    for (int members = 1; members < 60; members++) {
        struct brn_arena arena;
        struct brn_buffer text = {0};
        struct brn_json_value *root = NULL;
        brn_arena_init(&arena, 0);
        for (int i = 0; i < members; i++)
            brn_buffer_printf(&text, "%s\"k%d\":%d", i ? "," : "{", i, i);
        size_t unique = text.size;
        brn_buffer_text(&text, "}");
        CHECK_STATUS(brn_json_parse(brn_buffer_view(&text), 4, &arena, &root, &err), BRINE_OK,
                     &err);
        CHECK(root && root->count == (size_t)members);
        text.size = unique;
        brn_buffer_printf(&text, ",\"k%d\":0}", members / 2);
        CHECK_STATUS(brn_json_parse(brn_buffer_view(&text), 4, &arena, &root, &err), BRINE_FORMAT,
                     &err);
        brn_buffer_free(&text);
        brn_arena_free(&arena);
    }
}

TEST(json_survives_every_failing_allocation)
{
    static const char document[] =
        "{\"a\\n\":[1,2,3,4,5,6,{\"x\":\"\\u0041\"}],\"b\":[[[[[[[[]]]]]]]]}";
    brine_error err;
    bool hit = true;
    for (long n = 1; hit; n++) {
        struct brn_arena arena;
        struct brn_json_value *root;
        brn_arena_init(&arena, 0);
        brn_faults_after(n);
        brine_status status = brn_json_parse(brn_slice_of(document), 100, &arena, &root, &err);
        hit = brn_faults_hit();
        brn_faults_after(0);
        CHECK(status == (hit ? BRINE_NOMEM : BRINE_OK));
        brn_arena_free(&arena);
    }
    struct brn_arena arena;
    struct brn_json_value *root;
    brn_arena_init(&arena, 100);
    CHECK_STATUS(brn_json_parse(brn_slice_of(document), 100, &arena, &root, &err), BRINE_LIMIT,
                 &err);
    brn_arena_free(&arena);
}

static void write_sample(struct brn_json_writer *w)
{
    brn_json_begin_object(w);
    brn_json_key(w, "numbers");
    brn_json_begin_array(w);
    brn_json_int(w, INT64_MIN);
    brn_json_uint(w, UINT64_MAX);
    brn_json_double(w, 0.1);
    brn_json_double(w, (double)NAN);
    brn_json_end_array(w);
    brn_json_key(w, "text\"");
    brn_json_slice(w, brn_slice_of("\x01\n\\\xc3\xa9\xff\xc3"));
    brn_json_key(w, "none");
    brn_json_begin_object(w);
    brn_json_end_object(w);
    brn_json_key(w, "rest");
    brn_json_begin_array(w);
    brn_json_bool(w, true);
    brn_json_null(w);
    brn_json_printf(w, "%d of %s", 3, "4");
    brn_json_end_array(w);
    brn_json_end_object(w);
    brn_buffer_byte(w->out, '\0');
}

TEST(json_writer_places_commas_and_escapes)
{
    struct brn_buffer out = {0};
    write_sample(&(struct brn_json_writer){.out = &out});
    CHECK_TEXT((char *)out.data,
               "{\"numbers\":[-9223372036854775808,18446744073709551615,0.1,null],"
               "\"text\\\"\":\"\\u0001\\n\\\\\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\",\"none\":{},"
               "\"rest\":[true,null,\"3 of 4\"]}");
    brine_error err;
    CHECK(read_through((struct brn_slice){out.data, out.size - 1}, false, &err) == BRINE_OK);
    out.size = 0;
    write_sample(&(struct brn_json_writer){.out = &out, .indent = 2});
    CHECK(strncmp((char *)out.data, "{\n  \"numbers\": [\n    -922", 25) == 0);
    CHECK(strstr((char *)out.data, "\"none\": {},\n") != NULL);
    CHECK(read_through((struct brn_slice){out.data, out.size - 1}, false, &err) == BRINE_OK);
    brn_buffer_free(&out);
}

/* ---- JSONTestSuite (github.com/nst/JSONTestSuite) ---- */

/* tar alone may not know zstd; brine does. */
static bool unpack(const char *corpus, const char *folder)
{
    static const struct brn_io_limits limits = {.max_expanded_bytes = 64 << 20};
    char path[2048], command[5000];
    struct brn_bytes packed;
    struct brn_buffer tar = {0};
    brine_error err;
    size_t used;
    snprintf(path, sizeof path, "%s/json.tar.zst", corpus);
    if (brn_file_read(path, 0, false, &packed, &err) != BRINE_OK)
        return false;
    bool ok =
        brn_codec_expand(&brn_codec_zstd, packed.view, &limits, &tar, &used, &err) == BRINE_OK;
    snprintf(path, sizeof path, "%s/json.tar", folder);
    ok = ok && brn_file_write(path, brn_buffer_view(&tar), &err) == BRINE_OK;
    brn_bytes_free(&packed);
    brn_buffer_free(&tar);
    snprintf(command, sizeof command, "tar -xf '%s' -C '%s'", path, folder);
    return ok && system(command) == 0;
}

/* Unpacked in BRINE_CORPUS, or the archive there. */
static const char *suite_folder(void)
{
    static char folder[2048];
    char here[1024];
    struct stat st;
    const char *corpus = getenv("BRINE_CORPUS");
    if (!corpus)
        corpus = BRINE_SOURCE_DIR "/../shared/corpus";
    snprintf(folder, sizeof folder, "%s/json/test_parsing", corpus);
    if (stat(folder, &st) == 0)
        return folder;
    snprintf(here, sizeof here, "%s", brn_test_path("json"));
    snprintf(folder, sizeof folder, "%s/test_parsing", here);
    mkdir(here, 0777);
    return unpack(corpus, here) && stat(folder, &st) == 0 ? folder : NULL;
}

/* y_: must be taken, n_: must be refused, i_: free, but without harm. */
static void check_suite_file(const char *folder, const char *name)
{
    char path[2048];
    struct brn_bytes bytes;
    brine_error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    REQUIRE_OK(brn_file_read(path, 0, false, &bytes, &err), &err);
    brine_status status = read_through(bytes.view, false, &err);
    bool right = name[0] == 'y' ? status == BRINE_OK : name[0] == 'n' ? status != BRINE_OK : true;
    brn_test_check(right, __FILE__, __LINE__, "%s: %s %s", name, brine_status_text(status),
                   err.message);
    read_through(bytes.view, true, &err);
    brn_bytes_free(&bytes);
}

TEST(json_test_suite)
{
    const char *folder = suite_folder();
    if (!folder)
        SKIP("no json/ in the corpora (BRINE_CORPUS), or tar cannot read .tar.zst");
    DIR *d = opendir(folder);
    int files = 0;
    REQUIRE(d != NULL);
    for (struct dirent *e; (e = readdir(d));)
        if (strchr("yni", e->d_name[0])) {
            check_suite_file(folder, e->d_name);
            files++;
        }
    closedir(d);
    CHECK(files > 300);
}
