/* SPDX-License-Identifier: Apache-2.0
 *
 * Against the standard's own schema it is held by tests/interop/test_sarif.py. */
#include "api/known_classes.h"
#include "faults.h"
#include "pickles.h"
#include "scan/sarif.h"

static const struct brn_json_value *item(const struct brn_json_value *list, size_t i)
{
    return list && list->kind == BRN_JSON_ARRAY && i < list->count ? &list->items[i] : NULL;
}

static void add_pickle(struct brn_sarif *sarif, struct brn_slice bytes, const char *name)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_scan scan;
    brine_error err = {0};
    CHECK_STATUS(brn_file_open_bytes(bytes, name, NULL, true, &file, &err), BRINE_OK, &err);
    brn_arena_init(&arena, 0);
    CHECK_STATUS(brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err), BRINE_OK, &err);
    brn_sarif_add(sarif, file, &scan, name);
    brn_arena_free(&arena);
    brn_file_close(file);
}

TEST(sarif_has_rules_files_and_places)
{
    struct brn_sarif sarif;
    struct brn_buffer out = {0};
    struct brn_arena arena;
    struct brn_json_value *log = NULL;
    brine_error err = {0};
    brn_arena_init(&arena, 0);
    brn_sarif_begin(&sarif);
    add_pickle(&sarif, BYTES("(dS'a'\n(lNacposix\nsystem\n(S'id\\x1b'\ntRas."), "a b/%c.pkl");
    add_pickle(&sarif, BYTES("\x80\x04}."), "/clean");
    brn_sarif_add_unreadable(&sarif, "none", "no such file");
    brn_sarif_end(&sarif, &out);
    REQUIRE_OK(brn_json_parse(brn_buffer_view(&out), 20, &arena, &log, &err), &err);
    const struct brn_json_value *run = item(brn_json_get(log, "runs"), 0);
    const struct brn_json_value *driver = brn_json_get(brn_json_get(run, "tool"), "driver");
    const struct brn_json_value *results = brn_json_get(run, "results");
    const struct brn_json_value *files = brn_json_get(run, "artifacts");
    CHECK(brn_json_get(driver, "rules")->count == BRN_RULE_COUNT);
    CHECK(files->count == 3 && results->count == 2);
    const struct brn_json_value *result = item(results, 0);
    const struct brn_json_value *place = item(brn_json_get(result, "locations"), 0);
    const struct brn_json_value *physical = brn_json_get(place, "physicalLocation");
    CHECK(brn_slice_is(brn_json_text(brn_json_get(result, "ruleId"), ""), "dangerous-name"));
    CHECK(brn_slice_is(
        brn_json_text(brn_json_get(brn_json_get(physical, "artifactLocation"), "uri"), ""),
        "a%20b/%25c.pkl"));
    CHECK(brn_json_get(brn_json_get(physical, "region"), "byteOffset")->integer == 37);
    CHECK(brn_slice_is(brn_json_text(brn_json_get(item(brn_json_get(place, "logicalLocations"), 0),
                                                  "fullyQualifiedName"),
                                     ""),
                       "['a'][1]"));
    CHECK(brn_slice_is(
        brn_json_text(brn_json_get(brn_json_get(item(files, 1), "location"), "uri"), ""),
        "file:///clean"));
    brn_buffer_free(&out);
    brn_arena_free(&arena);
}

TEST(sarif_survives_every_allocation_failing)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_scan scan;
    brine_error err = {0};
    REQUIRE_OK(
        brn_file_open_bytes(BYTES("cposix\nsystem\n(S'id'\ntR."), "x", NULL, true, &file, &err),
        &err);
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err), &err);
    bool hit = true;
    for (long n = 1; hit && n < 200; n++) {
        struct brn_sarif sarif;
        struct brn_buffer out = {0};
        brn_faults_after(n);
        brn_sarif_begin(&sarif);
        brn_sarif_add(&sarif, file, &scan, "x");
        brn_sarif_end(&sarif, &out);
        hit = brn_faults_hit();
        brn_faults_after(0);
        CHECK(out.failed == hit);
        brn_buffer_free(&out);
    }
    CHECK(!hit);
    brn_arena_free(&arena);
    brn_file_close(file);
}
