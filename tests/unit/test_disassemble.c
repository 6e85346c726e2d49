/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected text is what CPython 3.11's pickletools prints; tests/interop/compare_dis.py compares on
 * thousands more. */
#include "joblib/joblib.h"
#include "pickle/disassemble.h"
#include "pickle/repr.h"
#include "pickles.h"

static brine_status take_line(void *context, struct brn_slice line)
{
    brn_buffer_slice(context, line);
    brn_buffer_byte(context, '\n');
    return BRINE_OK;
}

static void check_text(struct brn_slice pickle, const char *expected)
{
    struct brine_file *file;
    struct brn_buffer out = {0};
    brine_error err;
    REQUIRE_OK(brn_file_open_bytes(pickle, "m", NULL, true, &file, &err), &err);
    REQUIRE_OK(brn_disassemble(&file->graph, file->content, take_line, &out, &err), &err);
    brn_buffer_byte(&out, '\0');
    REQUIRE(!out.failed);
    CHECK_TEXT((const char *)out.data, expected);
    brn_buffer_free(&out);
    brn_file_close(file);
}

TEST(disassemble_marks_memo_and_arguments)
{
    check_text(BYTES("\200\004(I01\nL-5L\nF1e-7\n\214\003caf\224\220."),
               "    0: \\x80 PROTO      4\n"
               "    2: (    MARK\n"
               "    3: I        INT        True\n"
               "    7: L        LONG       -5\n"
               "   12: F        FLOAT      1e-07\n"
               "   18: \\x8c     SHORT_BINUNICODE 'caf'\n"
               "   23: \\x94     MEMOIZE    (as 0)\n"
               "   24: \\x90     ADDITEMS   (MARK at 2)\n");
    check_text(BYTES("((cos\nsystem\n10S'a\\'\\n'\np5\n."),
               "    0: (    MARK\n"
               "    1: (        MARK\n"
               "    2: c            GLOBAL     'os system'\n"
               "   13: 1            POP_MARK   (MARK at 1)\n"
               "   14: 0        POP        (MARK at 0)\n"
               "   15: S    STRING     \"a'\\n\"\n"
               "   24: p    PUT        5\n"
               "   27: .    STOP\n"
               "highest protocol among opcodes = 1\n");
}

TEST(disassemble_goes_on_behind_an_array)
{
    check_text(
        BYTES("\200\002cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\201}(S'dtype'\ncnumpy\ndtype\n"
              "U\002u1\205RU\005shapeK\003\205U\005orderU\001Cub...."),
        "    0: \\x80 PROTO      2\n"
        "    2: c    GLOBAL     'joblib.numpy_pickle NumpyArrayWrapper'\n"
        "   41: )    EMPTY_TUPLE\n"
        "   42: \\x81 NEWOBJ\n"
        "   43: }    EMPTY_DICT\n"
        "   44: (    MARK\n"
        "   45: S        STRING     'dtype'\n"
        "   54: c        GLOBAL     'numpy dtype'\n"
        "   67: U        SHORT_BINSTRING 'u1'\n"
        "   71: \\x85     TUPLE1\n"
        "   72: R        REDUCE\n"
        "   73: U        SHORT_BINSTRING 'shape'\n"
        "   80: K        BININT1    3\n"
        "   82: \\x85     TUPLE1\n"
        "   83: U        SHORT_BINSTRING 'order'\n"
        "   90: U        SHORT_BINSTRING 'C'\n"
        "   93: u        SETITEMS   (MARK at 44)\n"
        "   94: b    BUILD\n"
        "   95: --   3 bytes: uint8 (3,)\n"
        "   98: .    STOP\n"
        "highest protocol among opcodes = 2\n");
}

static void check_repr(struct brn_slice text, const char *expected)
{
    struct brn_buffer out = {0};
    brn_repr_text(text, &out);
    brn_buffer_byte(&out, '\0');
    REQUIRE(!out.failed);
    CHECK_TEXT((const char *)out.data, expected);
    brn_buffer_free(&out);
}

TEST(repr_of_text)
{
    check_repr(BYTES(""), "''");
    check_repr(BYTES("it's"), "\"it's\"");
    check_repr(BYTES("'\""), "'\\'\"'");
    check_repr(BYTES("\t\n\r\\\001\177"), "'\\t\\n\\r\\\\\\x01\\x7f'");
    check_repr(BYTES("\303\251\302\255\342\200\250\360\237\230\200\355\240\200"),
               "'\303\251\\xad\\u2028\360\237\230\200\\ud800'");
}
