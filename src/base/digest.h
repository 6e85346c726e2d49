/* SPDX-License-Identifier: Apache-2.0
 *
 * digest.h - SHA-256 (by nettle), and its hexadecimal text. */
#ifndef BRN_DIGEST_H
#define BRN_DIGEST_H

#include "base/slice.h"

struct brn_digest {
    uint8_t bytes[32];
};

struct brn_digest brn_sha256(struct brn_slice bytes);

/* 64 lower-case digits and a NUL. */
void brn_digest_hex(struct brn_digest digest, char out[65]);

#endif
