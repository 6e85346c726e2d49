/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include "base/msan.h"

#include <nettle/sha2.h>

struct brn_digest brn_sha256(struct brn_slice bytes)
{
    struct brn_digest digest;
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.n, bytes.p);
    sha256_digest(&context, sizeof digest.bytes, digest.bytes);
    BRN_WRITTEN(digest.bytes, sizeof digest.bytes); /* by nettle's assembler */
    return digest;
}

void brn_digest_hex(struct brn_digest digest, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof digest.bytes; i++) {
        out[2 * i] = digits[digest.bytes[i] >> 4];
        out[2 * i + 1] = digits[digest.bytes[i] & 15];
    }
    out[64] = '\0';
}
