# SPDX-License-Identifier: Apache-2.0
"""Writes src/kernel/unicode.inc: what Python's str.lower(), re's \\w \\s \\d and unicodedata.normalize("NFKD") say of every
code point.  Everything is asked of the Python that runs this; UNICODE is the version that brine states.

    python3.13 tools/unicode.py            writes src/kernel/unicode.inc
    python3.13 tools/unicode.py --check    exits with 1 when it would write something else
    python3    tools/unicode.py --compare  says whether another Python has the same answers

The digest at the end of the file is of all 1,114,112 answers; tests/unit/test_unicode.c forms the same from brine's lookups.
"""
import hashlib
import pathlib
import re
import struct
import sys
import unicodedata

UNICODE = "15.1.0"
TARGET = pathlib.Path(__file__).resolve().parents[1] / "src" / "kernel" / "unicode.inc"
COUNT, KIND_SHIFT, NFKD_SHIFT = 0x110000, 8, 8  # the blocks that make the tables smallest
WORD, SPACE, DIGIT, SKIPPED, CASED, LOWERS, DECOMPOSES = (1 << i for i in range(7))
HANGUL = range(0xAC00, 0xAC00 + 11172)  # decomposed by rule


def is_surrogate(code):
    return 0xD800 <= code < 0xE000


def ends_as_final(text):
    return text.lower().endswith("\u03c2")


def flags_of(char, lower, nfkd):
    """CASED: a sigma behind it is final; SKIPPED: one looks past it ("case-ignorable")."""
    cased = ends_as_final(char + "\u03a3")
    skipped = ends_as_final("A" + char + "\u03a3") and not cased
    return (WORD * bool(re.match(r"\w", char)) | SPACE * bool(re.match(r"\s", char)) | DIGIT * bool(re.match(r"\d", char)) |
            SKIPPED * skipped | CASED * cased | LOWERS * (lower != char) | DECOMPOSES * (nfkd != char))


def answers():
    """(flags, lower case as text, combining class, NFKD) by code point."""
    for code in range(COUNT):
        char = chr(code)
        if is_surrogate(code):
            yield 0, char, 0, char
            continue
        lower, nfkd = char.lower(), unicodedata.normalize("NFKD", char)
        if bool(re.match(r"\s", char)) != char.isspace():
            sys.exit(f"U+{code:04X}: \\s is not isspace()")
        yield flags_of(char, lower, nfkd), lower, unicodedata.combining(char), nfkd


def digest(all_answers):
    """Of every answer as text: flags, class, lower case and NFKD in UTF-8."""
    h = hashlib.sha256()
    for code, (flags, lower, combining, nfkd) in enumerate(all_answers):
        texts = [b"", b""] if is_surrogate(code) else [lower.encode(), nfkd.encode()]
        h.update(struct.pack("<BB", flags, combining) + texts[0] + b"\0" + texts[1] + b"\0")
    return h.hexdigest()


# ---- tables ----

def two_level(values, shift):
    """Blocks that are equal are kept once: (number of the block by code >> shift, values of the blocks)."""
    blocks, first, size = {}, [], 1 << shift
    for at in range(0, len(values), size):
        first.append(blocks.setdefault(tuple(values[at:at + size]), len(blocks)))
    return first, [value for block in blocks for value in block]


def rows(values, width=118):
    lines, line = [], ""
    for item in (f"{v}," for v in values):
        if len(line) + len(item) > width:
            lines.append(line + "\n")
            line = ""
        line += item
    return "".join(lines) + line + "\n"


def array(type_name, name, values):
    return f"static const {type_name} {name}[{len(values)}] = {{\n{rows(values)}}};\n"


def tables(all_answers):
    records, kinds, pool, places = {}, [], bytearray(b"\0"), []
    for code, (flags, lower, combining, nfkd) in enumerate(all_answers):
        shift = ord(lower[0]) - code if len(lower) == 1 else ord("i") - code  # of U+0130; its dot is a rule in unicode.h
        if len(lower) != 1 and code != 0x130:
            sys.exit(f"U+{code:04X}: its lower case is {len(lower)} characters")
        kinds.append(records.setdefault((shift, flags, combining), len(records)))
        place = 0
        if flags & DECOMPOSES and code not in HANGUL:
            text = nfkd.encode()
            place = len(pool)
            pool += bytes([len(text)]) + text
        places.append(place)
    if len(pool) > 0xFFFF or len(records) > 0xFF:
        sys.exit("a table does not fit its type")
    return list(records), kinds, places, pool


def text():
    all_answers = list(answers())
    records, kinds, places, pool = tables(all_answers)
    kind_first, kind_blocks = two_level(kinds, KIND_SHIFT)
    place_first, place_blocks = two_level(places, NFKD_SHIFT)
    size = 8 * len(records) + len(kind_blocks) + 2 * (len(place_blocks) + len(kind_first) + len(place_first)) + len(pool)
    lines = "".join(f"    {{{shift}, {flags}, {combining}}},\n" for shift, flags, combining in records)
    return (f"/* SPDX-License-Identifier: Apache-2.0 */\n"
            f"/* Made by tools/unicode.py from Python {sys.version_info[0]}.{sys.version_info[1]}, Unicode {UNICODE}: do not edit.\n"
            f" * {size} bytes of tables. */\n"
            f'#define UNICODE_VERSION "{UNICODE}"\n'
            f"enum {{ KIND_SHIFT = {KIND_SHIFT}, NFKD_SHIFT = {NFKD_SHIFT} }};\n"
            f"/* lower case (what is added), flags, combining class */\n"
            f'#define UNICODE_DIGEST "{digest(all_answers)}"\n'
            f"static const struct record records[{len(records)}] = {{\n{lines}}};\n" +
            array("uint16_t", "record_blocks", kind_first) + array("uint8_t", "record_of", kind_blocks) +
            array("uint16_t", "nfkd_blocks", place_first) + array("uint16_t", "nfkd_of", place_blocks) +
            array("uint8_t", "nfkd_texts", list(pool)))


def compare():
    """Whether this Python, of another Unicode version, gives the same answers."""
    stated = re.search(r'UNICODE_DIGEST "(\w+)"', TARGET.read_text()).group(1)
    same = digest(answers()) == stated
    print(f"Python {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}: {'the same' if same else 'other'} answers")


def main():
    if "--compare" in sys.argv:
        return compare()
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, not {UNICODE}")
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text() != text())
    TARGET.write_text(text())


if __name__ == "__main__":
    main()
