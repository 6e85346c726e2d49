/* SPDX-License-Identifier: Apache-2.0 */
#include "api/known_classes.h"
#include "corpus.h"
#include "faults.h"
#include "pickles.h"
#include "scan/scan.h"

#include <stdio.h>

/* ---- the tables ---- */

TEST(scan_policy_names_no_estimator_of_the_registry)
{
    for (const struct brn_policy_name *n = brn_policy_names; n->module; n++)
        brn_test_check(!brn_registry_classes.knows(brn_registry_classes.context,
                                                   brn_slice_of(n->module), brn_slice_of(n->name)),
                       __FILE__, __LINE__, "%s.%s stands in two lists", n->module, n->name);
}

TEST(scan_policy_names_nothing_twice_and_nothing_dangerous)
{
    for (const struct brn_policy_name *n = brn_policy_names; n->module; n++) {
        brn_test_check(!brn_policy_danger(brn_slice_of(n->module), brn_slice_of(n->name)), __FILE__,
                       __LINE__, "%s.%s is dangerous", n->module, n->name);
        brn_test_check(n->why[0] && n->uses & BRN_USE_NAMED, __FILE__, __LINE__, "%s.%s: no reason",
                       n->module, n->name);
        for (const struct brn_policy_name *m = n + 1; m->module; m++)
            brn_test_check(strcmp(m->module, n->module) != 0 || strcmp(m->name, n->name) != 0,
                           __FILE__, __LINE__, "%s.%s twice", n->module, n->name);
    }
}

static bool is_dangerous(const char *module, const char *name)
{
    return brn_policy_danger(brn_slice_of(module), brn_slice_of(name)) != NULL;
}

TEST(scan_danger_reaches_through_dots_and_below_modules)
{
    CHECK(is_dangerous("posix", "system"));
    CHECK(is_dangerous("os.path", "anything"));
    CHECK(is_dangerous("pathlib", "os.system"));
    CHECK(is_dangerous("numpy", "__builtins__"));
    CHECK(is_dangerous("some.module", "f.__globals__.get"));
    CHECK(!is_dangerous("osmium", "system"));
    CHECK(!is_dangerous("collections", "OrderedDict.fromkeys"));
    CHECK(!is_dangerous("", ""));
}

/* ---- small streams ---- */

static enum brn_severity scan_bytes(struct brn_slice bytes, const char *rule, const char *subject)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_scan scan = {.verdict = BRN_NOTE};
    brine_error err = {0};
    CHECK_STATUS(brn_file_open_bytes(bytes, "test", NULL, true, &file, &err), BRINE_OK, &err);
    brn_arena_init(&arena, 0);
    CHECK_STATUS(brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err), BRINE_OK, &err);
    if (rule && CHECK(scan.finding_count > 0)) {
        CHECK_TEXT(scan.findings[0].rule->id, rule);
        CHECK_TEXT(scan.findings[0].subject, subject);
    }
    uint64_t total = 0;
    for (int i = 0; i < BRN_SEGMENT_KINDS; i++)
        total += scan.bytes[i];
    CHECK(total == scan.total_bytes);
    brn_arena_free(&arena);
    brn_file_close(file);
    return scan.verdict;
}

TEST(scan_finds_what_a_stream_would_do)
{
    CHECK(scan_bytes(BYTES("\x80\x04}."), NULL, NULL) == BRN_NOTE);
    CHECK(scan_bytes(BYTES("cposix\nsystem\n(S'id'\ntR."), "dangerous-name",
                     "posix.system, called") == BRN_DANGEROUS);
    /* the name through the memo, the call's result dropped */
    CHECK(scan_bytes(
              BYTES("\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93\x8c\x02id\x85R0N."),
              "dangerous-name", "os.system, called") == BRN_DANGEROUS);
    CHECK(scan_bytes(BYTES("cacme.models\nForest\n)\x81."), "unlisted-name",
                     "acme.models.Forest, called") == BRN_OUTSIDE);
    CHECK(scan_bytes(BYTES("cnumpy\nfloat64\n(tR."), "unlisted-use", "numpy.float64, called") ==
          BRN_OUTSIDE);
    CHECK(scan_bytes(BYTES("cbuiltins\nset\n(]tR(I1\ntR."), "computed-call",
                     "a call of builtins.set") == BRN_DANGEROUS);
    CHECK(scan_bytes(BYTES("cnumpy\ndtype\n}S'a'\nI1\nsb."), "build-on-global",
                     "imported-object-changed") == BRN_DANGEROUS);
    CHECK(scan_bytes(BYTES("cnumpy.core\n_ufunc_reconstruct\n(S'os'\nS'system'\ntR."),
                     "crafted-argument", "numpy.core._ufunc_reconstruct") == BRN_DANGEROUS);
    CHECK(
        scan_bytes(BYTES("cnumpy.core\n_ufunc_reconstruct\n(S'numpy.core.numeric'\nS'log10'\ntR."),
                   NULL, NULL) == BRN_NOTE);
}

TEST(scan_incomplete_is_never_clean)
{
    CHECK(scan_bytes(BYTES("\x80\x04}"), NULL, NULL) == BRN_INCOMPLETE);
    CHECK(scan_bytes(BYTES("\x80\x04}.junk"), "trailing-bytes", "4 bytes behind the end") ==
          BRN_INCOMPLETE);
    CHECK(scan_bytes(BYTES("not a pickle"), NULL, NULL) == BRN_INCOMPLETE);
    CHECK(scan_bytes(BYTES(""), NULL, NULL) == BRN_INCOMPLETE);
    /* a payload in front of the break counts for more than the break */
    CHECK(scan_bytes(BYTES("cos\nsystem\n(S'id'\ntR\xff"), "dangerous-name", "os.system, called") ==
          BRN_DANGEROUS);
    CHECK(scan_bytes(BYTES("\x80\x02\x82\x01."), "extension-code", "extension-code") ==
          BRN_OUTSIDE);
    CHECK(scan_bytes(BYTES("Pid\n."), "persistent-id", "persistent-id") == BRN_OUTSIDE);
    CHECK(scan_bytes(BYTES("\x80\x04}.cos\nsystem\n."), "dangerous-name", "os.system, named") ==
          BRN_DANGEROUS);
    CHECK(scan_bytes(BYTES("\x80\x04\x43\x05\x80\x04}0.."), "nested-pickle",
                     "bytes that are a pickle") == BRN_NOTE);
}

TEST(scan_says_where_in_the_object)
{
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_scan scan = {.verdict = BRN_NOTE};
    brine_error err = {0};
    /* {'a': [None, os.system]} */
    struct brn_slice bytes = BYTES("(dS'a'\n(lNacos\nsystem\nas.");
    REQUIRE_OK(brn_file_open_bytes(bytes, "test", NULL, true, &file, &err), &err);
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err), &err);
    if (CHECK(scan.finding_count == 1))
        CHECK_TEXT(scan.findings[0].path, "['a'][1]");
    brn_arena_free(&arena);
    brn_file_close(file);
}

TEST(scan_survives_every_allocation_failing)
{
    struct brine_file *file;
    brine_error err = {0};
    struct brn_slice bytes = BYTES("(cposix\nsystem\n(S'id'\ntRcacme\nb\n)\x81}bPx\nl.");
    REQUIRE_OK(brn_file_open_bytes(bytes, "test", NULL, true, &file, &err), &err);
    bool hit = true;
    for (long n = 1; hit && n < 200; n++) {
        struct brn_arena arena;
        struct brn_scan scan;
        brn_arena_init(&arena, 0);
        brn_faults_after(n);
        brine_status status = brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err);
        hit = brn_faults_hit();
        brn_faults_after(0);
        /* a path may be lost, but never a finding */
        CHECK(status == BRINE_NOMEM || (status == BRINE_OK && scan.verdict == BRN_DANGEROUS));
        brn_arena_free(&arena);
    }
    CHECK(!hit);
    brn_file_close(file);
}

/* ---- the scanner corpus ---- */

struct tally {
    int files[4]; /* by verdict */
};

static bool is_wrong(const char *label, const char *path, enum brn_severity verdict)
{
    bool is_model = strstr(path, "ours/benign/") != NULL;
    if (strcmp(label, "malicious") == 0)
        return verdict == BRN_NOTE;
    if (strcmp(label, "benign") == 0)
        return verdict == BRN_DANGEROUS || (is_model && verdict != BRN_NOTE);
    if (strcmp(label, "malformed") == 0 || strcmp(label, "not_pickle") == 0)
        return verdict == BRN_NOTE || verdict == BRN_OUTSIDE;
    return verdict == BRN_DANGEROUS; /* inert ones, and bombs that fit the limits */
}

static void scan_corpus_file(const char *folder, const char *name, const char *label,
                             struct tally *tally)
{
    char path[6000];
    struct brine_file *file;
    struct brn_arena arena;
    struct brn_scan scan = {.verdict = BRN_INCOMPLETE};
    brine_error err = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    brn_arena_init(&arena, 0);
    if (brn_file_open(path, NULL, true, &file, &err) == BRINE_OK) {
        CHECK_STATUS(brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err), BRINE_OK,
                     &err);
        brn_file_close(file);
    }
    tally->files[scan.verdict]++;
    brn_test_check(!is_wrong(label, name, scan.verdict), __FILE__, __LINE__, "%s is %s: %s", name,
                   label, brn_severity_text(scan.verdict));
    brn_arena_free(&arena);
}

static const char *const labels[] = {"malicious",    "benign",     "malformed", "dos",
                                     "inert_nested", "not_pickle", NULL};

/* path,bytes,sha256,origin,label,… */
static void scan_corpus_line(const char *folder, char *line, struct tally *tallies)
{
    char *fields[5] = {line};
    for (int i = 1; i < 5; i++) {
        char *comma = fields[i - 1] ? strchr(fields[i - 1], ',') : NULL;
        if (comma)
            *comma = '\0';
        fields[i] = comma ? comma + 1 : NULL;
    }
    char *end = fields[4] ? strchr(fields[4], ',') : NULL;
    if (!end)
        return;
    *end = '\0';
    for (int i = 0; labels[i]; i++)
        if (strcmp(fields[4], labels[i]) == 0)
            scan_corpus_file(folder, fields[0], labels[i], &tallies[i]);
}

TEST(scan_corpus_has_no_miss_and_no_false_alarm)
{
    char folder[1024], path[1100], line[4096];
    struct tally tallies[6] = {0};
    const char *found = brn_test_corpus("scanner");
    if (!found)
        SKIP("no scanner/ in the corpora (BRINE_CORPUS)");
    snprintf(folder, sizeof folder, "%s", found);
    snprintf(path, sizeof path, "%s/manifest.csv", folder);
    FILE *manifest = fopen(path, "r");
    REQUIRE(manifest != NULL);
    while (fgets(line, sizeof line, manifest))
        scan_corpus_line(folder, line, tallies);
    fclose(manifest);
    int total = 0;
    for (int i = 0; labels[i]; i++)
        for (int v = 0; v < 4; v++)
            total += tallies[i].files[v];
    CHECK(total > 150);
}
