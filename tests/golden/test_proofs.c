/* SPDX-License-Identifier: Apache-2.0
 *
 * test_proofs.c - the table of what is proved says what the goldens show, and nothing else. */
#include "base/json.h"
#include "estimators/registry.h"
#include "io/file.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The manifests of all families: tests/golden/FAMILY.json. */
struct manifests {
    struct brn_arena arena;
    const struct brn_json_value *at[256];
    size_t count;
};

static void read_manifest(struct manifests *m, const char *name)
{
    char path[1024];
    brine_error err;
    struct brn_bytes bytes;
    struct brn_json_value *manifest = NULL;
    snprintf(path, sizeof path, "%s/tests/golden/%s", BRINE_SOURCE_DIR, name);
    if (!CHECK(brn_file_read(path, 1 << 26, false, &bytes, &err) == BRINE_OK))
        return;
    char *copy = brn_arena_text(&m->arena, bytes.view);
    struct brn_slice text = {(uint8_t *)copy, bytes.view.n};
    brn_bytes_free(&bytes);
    if (CHECK(copy && !brn_json_parse(text, 50, &m->arena, &manifest, &err)))
        m->at[m->count++] = manifest;
}

static void read_manifests(struct manifests *m)
{
    struct dirent **entries;
    int count = scandir(BRINE_SOURCE_DIR "/tests/golden", &entries, NULL, alphasort);
    brn_arena_init(&m->arena, 0);
    m->count = 0;
    for (int i = 0; i < count; i++) {
        size_t n = strlen(entries[i]->d_name);
        if (n > 5 && !strcmp(entries[i]->d_name + n - 5, ".json") && m->count < 256)
            read_manifest(m, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* "1.10.2" is 110. */
static unsigned release_of(struct brn_slice version)
{
    unsigned major = 0, minor = 0;
    char text[32];
    snprintf(text, sizeof text, "%.*s", BRN_S(version));
    sscanf(text, "%u.%u", &major, &minor);
    return major * 100 + minor;
}

static bool has_text(const struct brn_json_value *list, const char *text)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (brn_slice_is(list->items[i].text, text))
            return true;
    return false;
}

/* "0.20.4-py27" is a 0.20.4. */
/* "1.7.6" of "xgboost-1.7.6", "0.20.4" of "0.20.4-py27". */
static struct brn_slice plain_version(struct brn_slice text)
{
    const uint8_t *name_ends =
        text.n && (*text.p < '0' || *text.p > '9') ? memchr(text.p, '-', text.n) : NULL;
    if (name_ends)
        text = (struct brn_slice){name_ends + 1, text.n - (size_t)(name_ends + 1 - text.p)};
    const uint8_t *dash = text.n ? memchr(text.p, '-', text.n) : NULL;
    return (struct brn_slice){text.p, dash ? (size_t)(dash - text.p) : text.n};
}

/* What an environment proves: its own release, or the one that its files say ("proves"). */
static unsigned proved_release(const struct brn_json_value *manifest, struct brn_slice version)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", BRN_S(version));
    const struct brn_json_value *all = brn_json_get(manifest, "environments");
    const struct brn_json_value *said = brn_json_get(brn_json_get(all, key), "proves");
    return release_of(said ? said->text : plain_version(version));
}

static bool has_version(const struct brn_json_value *manifest, const struct brn_json_value *list,
                        const struct brn_proof *proof)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (brn_slice_is(plain_version(list->items[i].text), proof->version) &&
            proved_release(manifest, list->items[i].text) == proof->release)
            return true;
    return false;
}

static bool is_proved_by(const struct brn_json_value *manifest, const struct brn_proof *proof)
{
    const struct brn_json_value *cases = brn_json_get(manifest, "cases");
    for (size_t i = 0; cases && i < cases->count; i++)
        for (size_t k = 0; k < cases->items[i].count; k++) {
            const struct brn_json_value *row = &cases->items[i].items[k];
            if (has_text(brn_json_get(row, "estimators"), proof->estimator) &&
                has_version(manifest, brn_json_get(row, "versions"), proof))
                return true;
        }
    return false;
}

static bool has_golden(const struct manifests *m, const struct brn_proof *proof)
{
    for (size_t i = 0; i < m->count; i++)
        if (is_proved_by(m->at[i], proof))
            return true;
    return false;
}

TEST(proofs_have_goldens)
{
    struct manifests m;
    read_manifests(&m);
    CHECK(m.count >= 3);
    CHECK(brn_registry.proof_count > 0);
    for (size_t i = 0; i < brn_registry.proof_count; i++) {
        const struct brn_proof *proof = &brn_registry.proofs[i];
        brn_test_check(has_golden(&m, proof), __FILE__, __LINE__, "%s of %s has no golden",
                       proof->estimator, proof->version);
    }
    brn_arena_free(&m.arena);
}

TEST(proofs_are_found)
{
    for (size_t i = 0; i < brn_registry.proof_count; i++) {
        const struct brn_proof *proof = &brn_registry.proofs[i];
        brn_version version = proof->release * 100u;
        CHECK(brn_registry_proof(&brn_registry, proof->estimator, version) == proof);
        CHECK(!brn_registry_proof(&brn_registry, proof->estimator, version + 50 * 10000));
    }
    CHECK(!brn_registry_proof(&brn_registry, "NoSuchEstimator", 10202));
}

/* Releases that every class must be proved for. */
static const struct {
    const char *library;
    brn_version versions[3];
} wanted[] = {
    {"scikit-learn", {10202, 10502, 10901}},
    {"xgboost", {9000, 10706, 30200}},
    {"lightgbm", {20000, 30000, 40000}},
    {"catboost", {10000, 10000, 10000}},
};

static void check_covered(const struct brn_estimator *e, brn_version version)
{
    char name[128];
    brn_proof_name(e, name, sizeof name);
    if (brn_version_within(version, e->since, e->until))
        brn_test_check(brn_registry_proof(&brn_registry, name, version), __FILE__, __LINE__,
                       "%s is not proved for %u", name, version);
}

/* A class that came later, or is gone, says so in its struct brn_estimator. */
TEST(proofs_cover_every_class_and_version)
{
    for (size_t f = 0; f < brn_registry.family_count; f++)
        for (const struct brn_estimator *const *e = brn_registry.families[f]->estimators; *e; e++)
            for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++)
                for (size_t i = 0; i < 3 && !strcmp(wanted[k].library, brn_library_of(*e)); i++)
                    check_covered(*e, wanted[k].versions[i]);
}
