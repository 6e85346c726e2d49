/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_stop_words.h - stop_words="english". */
#ifndef BRN_ESTIMATORS_SHARED_STOP_WORDS_H
#define BRN_ESTIMATORS_SHARED_STOP_WORDS_H

enum { BRN_ENGLISH_STOP_WORDS = 318 };
extern const char *const brn_english_stop_words[BRN_ENGLISH_STOP_WORDS];

#endif
