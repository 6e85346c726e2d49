/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.h - whether a file would be safe to unpickle in Python.
 *
 * It looks at what the machine recorded, the imports, calls and BUILDs in the order in which an
 * unpickler would do them, and at which byte is what.  Clean means: every byte of the file was
 * read, every name is in the policy and used as the policy says, and state is set only on objects
 * that this stream made.
 *
 * Whether brine itself may read the file is no question: brine runs nothing. */
#ifndef BRN_SCAN_SCAN_H
#define BRN_SCAN_SCAN_H

#include "base/buffer.h"
#include "base/json.h"
#include "joblib/joblib.h"
#include "scan/policy.h"

/* In rising order: a file's verdict is the highest severity of its findings. */
enum brn_severity {
    BRN_NOTE,       /* clean all the same */
    BRN_OUTSIDE,    /* names that the policy does not know */
    BRN_INCOMPLETE, /* could not be fully read */
    BRN_DANGEROUS,
};

enum brn_rule_number {
#define RULE(identifier, id, severity, text) BRN_RULE_##identifier,
#include "scan/rules.inc"
#undef RULE
    BRN_RULE_COUNT
};

struct brn_rule {
    const char *id;
    enum brn_severity severity;
    const char *text; /* what it means and what to do */
};

extern const struct brn_rule brn_rules[BRN_RULE_COUNT];

struct brn_finding {
    const struct brn_rule *rule;
    uint64_t offset;      /* of the expanded bytes, or BRINE_NOWHERE */
    uint64_t count;       /* how often */
    const char *subject;  /* "posix.system, called", or what was met */
    const char *why;      /* of the table that named it, or "" */
    const char *path;     /* where in the object; "" when nowhere or everywhere */
    const char *opcode;   /* that stands at offset, or "" */
    uint64_t length;      /* of the opcode with its argument; 0 without one */
    const char *argument; /* of the call, or of the opcode; escaped; "" when there is none */
};

/* One imported name, and all that the stream does with it. */
struct brn_scanned_name {
    struct brn_slice module, name;
    unsigned uses;    /* that were seen */
    unsigned allowed; /* by the policy; 0: not listed */
    uint64_t count;   /* imports and calls */
};

enum { BRN_SEGMENT_KINDS = BRN_SEGMENT_UNREAD + 1 };

struct brn_scan {
    enum brn_severity verdict;
    const struct brn_finding *findings; /* worst first, then by rule and offset */
    size_t finding_count;
    const struct brn_scanned_name *names; /* in order of their first import */
    size_t name_count;
    uint64_t total_bytes;              /* after decompression */
    uint64_t bytes[BRN_SEGMENT_KINDS]; /* by enum brn_segment_kind */
    uint64_t unread_bytes;             /* no opcode, array or header reached them */
};

/* Judges a file that was opened with keep_partial.  classes may be NULL.  Everything is in the
 * arena, or points into the file. */
brine_status brn_scan_file(const struct brine_file *file, const struct brn_known_classes *classes,
                           struct brn_arena *arena, struct brn_scan *ret_scan, brine_error *err);

const char *brn_severity_text(enum brn_severity severity); /* "clean", "dangerous"… */

/* One file's result as text for people, and as one JSON object. */
void brn_scan_text(const struct brn_scan *scan, const char *path, bool color,
                   struct brn_buffer *out);
void brn_scan_json(const struct brn_scan *scan, const char *path, struct brn_json_writer *w);

/* What the file says, for a terminal: control characters, bidi controls and bytes that are no text
 * are escaped as repr() does; backslashes stay, so that showing twice changes nothing. */
void brn_scan_show(struct brn_slice text, struct brn_buffer *out);

#endif
