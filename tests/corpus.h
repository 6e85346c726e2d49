/* SPDX-License-Identifier: Apache-2.0
 *
 * corpus.h - real files to test on, which are no part of the repository.
 *
 * BRINE_CORPUS (default ../shared/corpus) names a folder that holds NAME/ or NAME.tar.zst. */
#ifndef BRN_TEST_CORPUS_H
#define BRN_TEST_CORPUS_H

#include <stdbool.h>

/* The folder of that corpus, unpacked under the build directory when need be (once); NULL when
 * there is none: SKIP then.  Static storage, until the next call. */
const char *brn_test_corpus(const char *name);

#endif
