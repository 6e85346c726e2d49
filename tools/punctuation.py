#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints src/estimators/pmml_punctuation.inc: the characters of Unicode's category P, as sklearn2pmml's Splitter finds them.

    python3.13 tools/punctuation.py > src/estimators/pmml_punctuation.inc

Unicode must be the version of src/kernel/unicode.inc (15.1.0: Python 3.13).
"""
import sys
import unicodedata

assert unicodedata.unidata_version == "15.1.0", unicodedata.unidata_version
found = [c for c in range(sys.maxunicode) if unicodedata.category(chr(c)).startswith("P")]
ranges = []
for c in found:
    if ranges and ranges[-1][1] == c - 1:
        ranges[-1][1] = c
    else:
        ranges.append([c, c])
print("/* SPDX-License-Identifier: Apache-2.0")
print(" *")
print(" * Made by tools/punctuation.py: Unicode 15.1.0's category P, inside a class of PCRE2. */")
for first, last in ranges:
    print(f'"\\\\x{{{first:x}}}"' if first == last else f'"\\\\x{{{first:x}}}-\\\\x{{{last:x}}}"')
