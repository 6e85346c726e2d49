/* SPDX-License-Identifier: Apache-2.0
 *
 * diff.h - two bundles of evidence, before and after: the verdict, the metric, each check that
 * changed. */
#ifndef BRN_EVIDENCE_DIFF_H
#define BRN_EVIDENCE_DIFF_H

#include "base/json.h"

enum brn_change_kind {
    BRN_CHANGE_BROKEN, /* kept before, not kept now; or newly there and not kept */
    BRN_CHANGE_MENDED, /* not kept before, kept now; or not there any more */
    BRN_CHANGE_STATUS, /* another change of status, e.g. pass and warn */
    BRN_CHANGE_VALUE,  /* the same status, another number */
    BRN_CHANGE_NEW,    /* only after, and kept */
    BRN_CHANGE_GONE,   /* only before, and kept */
    BRN_CHANGE_KINDS
};

const char *brn_change_name(enum brn_change_kind kind);

struct brn_change {
    enum brn_change_kind kind;
    const struct brn_json_value *before, *after; /* rows of checks; one may be NULL */
};

struct brn_evidence_diff {
    struct brn_arena arena;
    const struct brn_json_value *before, *after; /* the results.json */
    struct brn_change *changes; /* by kind, and in each in the order of the files */
    size_t count, capacity;
};

/* Each path is a bundle's directory, or a results.json.  End: brn_evidence_diff_free(), after
 * failures too. */
brine_status brn_evidence_diff_read(const char *before, const char *after,
                                    struct brn_evidence_diff *ret_diff, brine_error *err);
void brn_evidence_diff_free(struct brn_evidence_diff *diff);

void brn_evidence_diff_text(const struct brn_evidence_diff *diff, struct brn_buffer *out);
void brn_evidence_diff_json(const struct brn_evidence_diff *diff, struct brn_buffer *out);

#endif
