/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/opcode.h"
#include "pickle/handlers.h"

static void read_none(struct brn_reader *r, const struct brn_argument_kind *kind,
                      struct brn_argument *ret)
{
    (void)r, (void)kind, (void)ret;
}

/* Little-endian, of 1 to 8 bytes: in one load where eight bytes are left, which is nearly always.
 */
static uint64_t read_number(struct brn_reader *r, uint8_t width)
{
    uint64_t value;
    if (brn_reader_left(r) < sizeof value) {
        struct brn_slice s = brn_read(r, width);
        return brn_load_le(s.p, s.n);
    }
    memcpy(&value, r->at, sizeof value);
    r->at += width;
    return value & UINT64_MAX >> (64 - 8 * width);
}

static void read_unsigned(struct brn_reader *r, const struct brn_argument_kind *kind,
                          struct brn_argument *ret)
{
    ret->number = read_number(r, kind->width);
}

static void read_int4(struct brn_reader *r, const struct brn_argument_kind *kind,
                      struct brn_argument *ret)
{
    (void)kind;
    ret->number = (uint64_t)(int64_t)(int32_t)brn_read_u32le(r);
}

static void read_fixed(struct brn_reader *r, const struct brn_argument_kind *kind,
                       struct brn_argument *ret)
{
    ret->bytes = brn_read(r, kind->width);
}

static void read_counted(struct brn_reader *r, const struct brn_argument_kind *kind,
                         struct brn_argument *ret)
{
    ret->number = read_number(r, kind->width);
    if (kind->signed_count && ret->number > INT32_MAX)
        brn_reader_fail(r, BRINE_FORMAT, "a %s with a negative length", kind->name);
    ret->bytes = brn_read(r, ret->number);
}

static void read_line(struct brn_reader *r, const struct brn_argument_kind *kind,
                      struct brn_argument *ret)
{
    (void)kind;
    ret->bytes = brn_read_line(r);
}

static void read_two_lines(struct brn_reader *r, const struct brn_argument_kind *kind,
                           struct brn_argument *ret)
{
    (void)kind;
    ret->bytes = brn_read_line(r);
    ret->second = brn_read_line(r);
}

static const struct brn_argument_kind
    none = {"none", BRN_FORM_NONE, 0, false, read_none},
    uint1 = {"uint1", BRN_FORM_UNSIGNED, 1, false, read_unsigned},
    uint2 = {"uint2", BRN_FORM_UNSIGNED, 2, false, read_unsigned},
    uint4 = {"uint4", BRN_FORM_UNSIGNED, 4, false, read_unsigned},
    uint8 = {"uint8", BRN_FORM_UNSIGNED, 8, false, read_unsigned},
    int4 = {"int4", BRN_FORM_SIGNED, 4, false, read_int4},
    float8 = {"float8", BRN_FORM_FLOAT, 8, false, read_fixed},
    long1 = {"long1", BRN_FORM_LONG, 1, false, read_counted},
    long4 = {"long4", BRN_FORM_LONG, 4, true, read_counted},
    string1 = {"string1", BRN_FORM_LATIN1, 1, false, read_counted},
    string4 = {"string4", BRN_FORM_LATIN1, 4, true, read_counted},
    bytes1 = {"bytes1", BRN_FORM_BYTES, 1, false, read_counted},
    bytes4 = {"bytes4", BRN_FORM_BYTES, 4, false, read_counted},
    bytes8 = {"bytes8", BRN_FORM_BYTES, 8, false, read_counted},
    bytearray8 = {"bytearray8", BRN_FORM_BYTEARRAY, 8, false, read_counted},
    unicode1 = {"unicodestring1", BRN_FORM_UTF8, 1, false, read_counted},
    unicode4 = {"unicodestring4", BRN_FORM_UTF8, 4, false, read_counted},
    unicode8 = {"unicodestring8", BRN_FORM_UTF8, 8, false, read_counted},
    int_line = {"decimalnl_short", BRN_FORM_INT_LINE, 0, false, read_line},
    long_line = {"decimalnl_long", BRN_FORM_LONG_LINE, 0, false, read_line},
    float_line = {"floatnl", BRN_FORM_FLOAT_LINE, 0, false, read_line},
    quoted = {"stringnl", BRN_FORM_QUOTED_LINE, 0, false, read_line},
    unicode_line = {"unicodestringnl", BRN_FORM_UNICODE_LINE, 0, false, read_line},
    plain_line = {"stringnl_noescape", BRN_FORM_PLAIN_LINE, 0, false, read_line},
    line_pair = {"stringnl_noescape_pair", BRN_FORM_LINE_PAIR, 0, false, read_two_lines};

/* clang-format off */
const struct brn_opcode brn_opcodes[256] = {
    /*         name, code, protocol, argument, before, after, marked, needs, makes, run */
    ['I']  = {"INT", 'I', 0, &int_line, "", "b", false, 0, 0, brn_op_int_line},
    ['J']  = {"BININT", 'J', 1, &int4, "", "i", false, 0, 0, brn_op_int},
    ['K']  = {"BININT1", 'K', 1, &uint1, "", "i", false, 0, 0, brn_op_int},
    ['M']  = {"BININT2", 'M', 1, &uint2, "", "i", false, 0, 0, brn_op_int},
    ['L']  = {"LONG", 'L', 0, &long_line, "", "i", false, 0, 0, brn_op_long_line},
    [0x8a] = {"LONG1", 0x8a, 2, &long1, "", "i", false, 0, 0, brn_op_long},
    [0x8b] = {"LONG4", 0x8b, 2, &long4, "", "i", false, 0, 0, brn_op_long},
    ['S']  = {"STRING", 'S', 0, &quoted, "", "S", false, 0, 0, brn_op_string_line},
    ['T']  = {"BINSTRING", 'T', 1, &string4, "", "S", false, 0, 0, brn_op_string},
    ['U']  = {"SHORT_BINSTRING", 'U', 1, &string1, "", "S", false, 0, 0, brn_op_string},
    ['B']  = {"BINBYTES", 'B', 3, &bytes4, "", "B", false, 0, BRN_BYTES, brn_op_bytes},
    ['C']  = {"SHORT_BINBYTES", 'C', 3, &bytes1, "", "B", false, 0, BRN_BYTES, brn_op_bytes},
    [0x8e] = {"BINBYTES8", 0x8e, 4, &bytes8, "", "B", false, 0, BRN_BYTES, brn_op_bytes},
    [0x96] = {"BYTEARRAY8", 0x96, 5, &bytearray8, "", "y", false, 0, BRN_BYTEARRAY, brn_op_bytes},
    [0x97] = {"NEXT_BUFFER", 0x97, 5, &none, "", "u", false, 0, 0, brn_op_next_buffer},
    [0x98] = {"READONLY_BUFFER", 0x98, 5, &none, "u", "u", false, 1, 0, brn_op_readonly_buffer},
    ['N']  = {"NONE", 'N', 0, &none, "", "n", false, 0, BRN_NONE, brn_op_empty},
    [0x88] = {"NEWTRUE", 0x88, 2, &none, "", "o", false, 0, 0, brn_op_true},
    [0x89] = {"NEWFALSE", 0x89, 2, &none, "", "o", false, 0, BRN_BOOL, brn_op_empty},
    ['V']  = {"UNICODE", 'V', 0, &unicode_line, "", "s", false, 0, 0, brn_op_unicode_line},
    [0x8c] = {"SHORT_BINUNICODE", 0x8c, 4, &unicode1, "", "s", false, 0, 0, brn_op_unicode},
    ['X']  = {"BINUNICODE", 'X', 1, &unicode4, "", "s", false, 0, 0, brn_op_unicode},
    [0x8d] = {"BINUNICODE8", 0x8d, 4, &unicode8, "", "s", false, 0, 0, brn_op_unicode},
    ['F']  = {"FLOAT", 'F', 0, &float_line, "", "f", false, 0, 0, brn_op_float_line},
    ['G']  = {"BINFLOAT", 'G', 1, &float8, "", "f", false, 0, 0, brn_op_float},
    [']']  = {"EMPTY_LIST", ']', 1, &none, "", "l", false, 0, BRN_LIST, brn_op_empty},
    ['a']  = {"APPEND", 'a', 0, &none, "la", "l", false, 2, 0, brn_op_append},
    ['e']  = {"APPENDS", 'e', 1, &none, "lm*", "l", true, 1, 0, brn_op_appends},
    ['l']  = {"LIST", 'l', 0, &none, "m*", "l", true, 0, BRN_LIST, brn_op_collect},
    [')']  = {"EMPTY_TUPLE", ')', 1, &none, "", "t", false, 0, BRN_TUPLE, brn_op_empty},
    ['t']  = {"TUPLE", 't', 0, &none, "m*", "t", true, 0, BRN_TUPLE, brn_op_collect},
    [0x85] = {"TUPLE1", 0x85, 2, &none, "a", "t", false, 1, 0, brn_op_tuple},
    [0x86] = {"TUPLE2", 0x86, 2, &none, "aa", "t", false, 2, 0, brn_op_tuple},
    [0x87] = {"TUPLE3", 0x87, 2, &none, "aaa", "t", false, 3, 0, brn_op_tuple},
    ['}']  = {"EMPTY_DICT", '}', 1, &none, "", "d", false, 0, BRN_DICT, brn_op_empty},
    ['d']  = {"DICT", 'd', 0, &none, "m*", "d", true, 0, BRN_DICT, brn_op_collect},
    ['s']  = {"SETITEM", 's', 0, &none, "daa", "d", false, 3, 0, brn_op_setitem},
    ['u']  = {"SETITEMS", 'u', 1, &none, "dm*", "d", true, 1, 0, brn_op_setitems},
    [0x8f] = {"EMPTY_SET", 0x8f, 4, &none, "", "e", false, 0, BRN_SET, brn_op_empty},
    [0x90] = {"ADDITEMS", 0x90, 4, &none, "em*", "e", true, 1, 0, brn_op_additems},
    [0x91] = {"FROZENSET", 0x91, 4, &none, "m*", "z", true, 0, BRN_FROZENSET, brn_op_collect},
    ['0']  = {"POP", '0', 0, &none, "a", "", false, 0, 0, brn_op_pop},
    ['2']  = {"DUP", '2', 0, &none, "a", "aa", false, 1, 0, brn_op_dup},
    ['(']  = {"MARK", '(', 0, &none, "", "m", false, 0, 0, brn_op_mark},
    ['1']  = {"POP_MARK", '1', 1, &none, "m*", "", true, 0, 0, brn_op_pop_mark},
    ['g']  = {"GET", 'g', 0, &int_line, "", "a", false, 0, 0, brn_op_get_line},
    ['h']  = {"BINGET", 'h', 1, &uint1, "", "a", false, 0, 0, brn_op_get},
    ['j']  = {"LONG_BINGET", 'j', 1, &uint4, "", "a", false, 0, 0, brn_op_get},
    ['p']  = {"PUT", 'p', 0, &int_line, "", "", false, 1, 0, brn_op_put_line},
    ['q']  = {"BINPUT", 'q', 1, &uint1, "", "", false, 1, 0, brn_op_put},
    ['r']  = {"LONG_BINPUT", 'r', 1, &uint4, "", "", false, 1, 0, brn_op_put},
    [0x94] = {"MEMOIZE", 0x94, 4, &none, "a", "a", false, 1, 0, brn_op_memoize},
    [0x82] = {"EXT1", 0x82, 2, &uint1, "", "a", false, 0, 0, brn_op_extension},
    [0x83] = {"EXT2", 0x83, 2, &uint2, "", "a", false, 0, 0, brn_op_extension},
    [0x84] = {"EXT4", 0x84, 2, &int4, "", "a", false, 0, 0, brn_op_extension},
    ['c']  = {"GLOBAL", 'c', 0, &line_pair, "", "a", false, 0, 0, brn_op_global},
    [0x93] = {"STACK_GLOBAL", 0x93, 4, &none, "ss", "a", false, 2, 0, brn_op_stack_global},
    ['R']  = {"REDUCE", 'R', 0, &none, "aa", "a", false, 2, BRN_BY_REDUCE, brn_op_call},
    ['b']  = {"BUILD", 'b', 0, &none, "aa", "a", false, 2, 0, brn_op_build},
    ['i']  = {"INST", 'i', 0, &line_pair, "m*", "a", true, 0, 0, brn_op_inst},
    ['o']  = {"OBJ", 'o', 1, &none, "ma*", "a", true, 0, 0, brn_op_obj},
    [0x81] = {"NEWOBJ", 0x81, 2, &none, "aa", "a", false, 2, BRN_BY_NEWOBJ, brn_op_call},
    [0x92] = {"NEWOBJ_EX", 0x92, 4, &none, "aaa", "a", false, 3, 0, brn_op_newobj_ex},
    [0x80] = {"PROTO", 0x80, 2, &uint1, "", "", false, 0, 0, brn_op_proto},
    ['.']  = {"STOP", '.', 0, &none, "a", "", false, 1, 0, brn_op_stop},
    [0x95] = {"FRAME", 0x95, 4, &uint8, "", "", false, 0, 0, brn_op_frame},
    ['P']  = {"PERSID", 'P', 0, &plain_line, "", "a", false, 0, 0, brn_op_persid_line},
    ['Q']  = {"BINPERSID", 'Q', 1, &none, "a", "a", false, 1, 0, brn_op_persid},
};
/* clang-format on */

/* Why there is no opcode at the reader's place. */
static void fail_opcode(struct brn_reader *r)
{
    if (brn_reader_left(r) == 0)
        brn_reader_fail(r, BRINE_FORMAT, "the data ends early: no STOP opcode was seen");
    else
        brn_reader_fail(r, BRINE_FORMAT, "byte 0x%02x is no pickle opcode", *r->at);
}

const struct brn_opcode *brn_opcode_read(struct brn_reader *reader,
                                         struct brn_argument *ret_argument)
{
    if (brn_reader_left(reader) == 0 || !brn_opcodes[*reader->at].name) {
        fail_opcode(reader);
        return NULL;
    }
    const struct brn_opcode *op = &brn_opcodes[*reader->at++];
    op->argument->read(reader, op->argument, ret_argument);
    return __builtin_expect(brn_reader_ok(reader), 1) ? op : NULL;
}
