/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/oip.h"

brine_status brn_json_failure(const struct brn_json *json, brine_error *err)
{
    if (err && json->error.status != BRINE_OK)
        *err = json->error;
    if (json->error.status != BRINE_OK)
        return json->error.status;
    return brn_fail(err, BRINE_FORMAT, "the JSON ends too early");
}

brine_status brn_json_wrong(const struct brn_json *json, const char *what, brine_error *err)
{
    if (json->error.status != BRINE_OK)
        return brn_json_failure(json, err);
    return brn_fail_at(err, BRINE_FORMAT, (uint64_t)(json->at - json->begin), "%s", what);
}

static int find_member(const struct brn_member *members, struct brn_slice key)
{
    for (int i = 0; members[i].name; i++)
        if (brn_slice_is(key, members[i].name))
            return i;
    return -1;
}

static brine_status read_member(struct brn_json *json, const struct brn_member *members,
                                uint32_t *seen, void *into, brine_error *err)
{
    int i = find_member(members, json->key);
    if (i < 0) {
        brn_json_skip(json);
        return BRINE_OK;
    }
    if (*seen >> i & 1)
        return brn_fail_at(err, BRINE_FORMAT, (uint64_t)(json->at - json->begin),
                           "\"%s\" is there twice", members[i].name);
    *seen |= UINT32_C(1) << i;
    return members[i].read(json, into, err);
}

brine_status brn_members_read(struct brn_json *json, const struct brn_member *members, void *into,
                              brine_error *err)
{
    uint32_t seen = 0;
    for (;;) {
        enum brn_json_kind kind = brn_json_next(json);
        if (kind == BRN_JSON_OBJECT_END)
            return BRINE_OK;
        if (kind == BRN_JSON_END)
            return brn_json_failure(json, err);
        BRN_TRY(read_member(json, members, &seen, into, err));
    }
}
