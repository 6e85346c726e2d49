/* SPDX-License-Identifier: Apache-2.0
 *
 * test_proofs.c - the table of what is proved says what the goldens show, and nothing else. */
#include "base/json.h"
#include "estimators/registry.h"
#include "io/file.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

static const struct brn_json_value *read_manifest(struct brn_bytes *bytes, struct brn_arena *arena)
{
    brine_error err;
    struct brn_json_value *manifest;
    if (brn_file_read(BRINE_SOURCE_DIR "/tests/golden/MANIFEST.json", 1 << 26, false, bytes, &err))
        return NULL;
    if (brn_json_parse(bytes->view, 50, arena, &manifest, &err))
        return NULL;
    return manifest;
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

static bool names(const struct brn_json_value *cases, const char *estimator)
{
    for (size_t i = 0; i < cases->count; i++) {
        const struct brn_json_value *list = brn_json_get(&cases->items[i], "estimators");
        for (size_t k = 0; list && k < list->count; k++)
            if (brn_slice_is(list->items[k].text, estimator))
                return true;
    }
    return false;
}

static bool is_proved_by(const struct brn_json_value *versions, const struct brn_proof *proof)
{
    for (size_t i = 0; i < versions->count; i++)
        if (release_of(versions->keys[i]) == proof->release &&
            brn_slice_is(versions->keys[i], proof->version))
            return names(brn_json_get(&versions->items[i], "cases"), proof->estimator);
    return false;
}

TEST(proofs_have_goldens)
{
    struct brn_arena arena;
    struct brn_bytes bytes = {0};
    brn_arena_init(&arena, 0);
    const struct brn_json_value *manifest = read_manifest(&bytes, &arena);
    const struct brn_json_value *versions = brn_json_get(manifest, "versions");
    CHECK(versions && versions->count >= 3);
    CHECK(brn_registry.proof_count > 0);
    for (size_t i = 0; versions && i < brn_registry.proof_count; i++) {
        const struct brn_proof *proof = &brn_registry.proofs[i];
        brn_test_check(is_proved_by(versions, proof), __FILE__, __LINE__, "%s of %s has no golden",
                       proof->estimator, proof->version);
    }
    brn_bytes_free(&bytes);
    brn_arena_free(&arena);
}

TEST(proofs_cover_every_class_and_version)
{
    static const brn_version versions[] = {10202, 10502, 10901};
    for (size_t f = 0; f < brn_registry.family_count; f++)
        for (const struct brn_estimator *const *e = brn_registry.families[f]->estimators; *e; e++)
            for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
                brn_test_check(brn_registry_proof(&brn_registry, (*e)->name, versions[i]), __FILE__,
                               __LINE__, "%s is not proved for %u", (*e)->name, versions[i]);
}
