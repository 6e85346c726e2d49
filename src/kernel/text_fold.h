/* SPDX-License-Identifier: Apache-2.0
 *
 * text_fold.h - what a vectorizer does to a whole document first: str.lower(), strip_accents.
 * sklearn/feature_extraction/text.py, _preprocess and strip_accents_*. */
#ifndef BRN_KERNEL_TEXT_FOLD_H
#define BRN_KERNEL_TEXT_FOLD_H

#include "base/slice.h"

enum brn_lower {
    BRN_LOWER_NOT,
    BRN_LOWER_FULL,   /* Python 3: a final sigma, and U+0130 becomes two characters */
    BRN_LOWER_SIMPLE, /* Python 2: one character for one */
};

enum brn_accents {
    BRN_ACCENTS_KEPT,
    BRN_ACCENTS_ASCII,    /* NFKD, and only ASCII of it */
    BRN_ACCENTS_UNICODE,  /* NFKD without combining characters */
    BRN_ACCENTS_COMPOSED, /* the same before 0.22: a text that NFKD does not change keeps all */
};

struct brn_fold {
    enum brn_lower lower;
    enum brn_accents accents;
};

bool brn_is_ascii(struct brn_slice text);

/* Of ASCII: as many bytes as text has. */
void brn_fold_ascii(struct brn_fold fold, struct brn_slice text, uint8_t *out);

/* Of any UTF-8: bytes that brn_fold_text needs at out, at most. */
size_t brn_fold_room(struct brn_fold fold, struct brn_slice text);

/* The folded text's length. */
size_t brn_fold_text(struct brn_fold fold, struct brn_slice text, uint8_t *out);

#endif
