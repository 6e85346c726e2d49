/* SPDX-License-Identifier: Apache-2.0
 *
 * Streams that no unpickler may take: the cases of CPython's Lib/test/pickletester.py
 * (test_bad_stack, test_bad_mark, test_truncated_data, test_badly_quoted_string and others), and
 * our own. */
#include "pickles.h"

static const struct brn_slice bad_stacks[] = {
    BYTES("."),           BYTES("0"),      BYTES("1"),
    BYTES("2"),           BYTES("(2"),     BYTES("R"),
    BYTES(")R"),          BYTES("a"),      BYTES("Na"),
    BYTES("b"),           BYTES("Nb"),     BYTES("d"),
    BYTES("e"),           BYTES("(e"),     BYTES("ibuiltins\nlist\n"),
    BYTES("l"),           BYTES("o"),      BYTES("(o"),
    BYTES("p1\n"),        BYTES("q\000"),  BYTES("r\000\000\000\000"),
    BYTES("s"),           BYTES("Ns"),     BYTES("NNs"),
    BYTES("t"),           BYTES("u"),      BYTES("(u"),
    BYTES("}(Nu"),        BYTES("\201"),   BYTES(")\201"),
    BYTES("\205"),        BYTES("\206"),   BYTES("N\206"),
    BYTES("\207"),        BYTES("N\207"),  BYTES("NN\207"),
    BYTES("\220"),        BYTES("(\220"),  BYTES("\221"),
    BYTES("\222"),        BYTES(")}\222"), BYTES("\223"),
    BYTES("Vlist\n\223"), BYTES("\224"),
};

static const struct brn_slice bad_marks[] = {
    BYTES("N(."),
    BYTES("N(2"),
    BYTES("cbuiltins\nlist\n)(R"),
    BYTES("cbuiltins\nlist\n()R"),
    BYTES("]N(a"),
    BYTES("cbuiltins\nValueError\n)R}(b"),
    BYTES("cbuiltins\nValueError\n)R(}b"),
    BYTES("(Nd"),
    BYTES("N(p1\n"),
    BYTES("N(q\000"),
    BYTES("N(r\000\000\000\000"),
    BYTES("}NN(s"),
    BYTES("}N(Ns"),
    BYTES("}(NNs"),
    BYTES("}((u"),
    BYTES("cbuiltins\nlist\n)(\201"),
    BYTES("cbuiltins\nlist\n()\201"),
    BYTES("N(\205"),
    BYTES("NN(\206"),
    BYTES("N(N\206"),
    BYTES("NNN(\207"),
    BYTES("NN(N\207"),
    BYTES("N(NN\207"),
    BYTES("]((\220"),
    BYTES("cbuiltins\nlist\n)}(\222"),
    BYTES("cbuiltins\nlist\n)(}\222"),
    BYTES("cbuiltins\nlist\n()}\222"),
    BYTES("Vbuiltins\n(Vlist\n\223"),
    BYTES("Vbuiltins\nVlist\n(\223"),
    BYTES("N(\224"),
};

static const struct brn_slice truncated[] = {
    BYTES(""),
    BYTES("N"),
    BYTES("B"),
    BYTES("B\003\000\000"),
    BYTES("B\003\000\000\000"),
    BYTES("B\003\000\000\000ab"),
    BYTES("C"),
    BYTES("C\003"),
    BYTES("C\003ab"),
    BYTES("F"),
    BYTES("F0.0"),
    BYTES("F0.00"),
    BYTES("G"),
    BYTES("G\000\000\000\000\000\000\000"),
    BYTES("I"),
    BYTES("I0"),
    BYTES("J"),
    BYTES("J\000\000\000"),
    BYTES("K"),
    BYTES("L"),
    BYTES("L0"),
    BYTES("L10"),
    BYTES("L0L"),
    BYTES("L10L"),
    BYTES("M"),
    BYTES("M\000"),
    BYTES("S"),
    BYTES("S'abc'"),
    BYTES("T"),
    BYTES("T\003\000\000"),
    BYTES("T\003\000\000\000"),
    BYTES("T\003\000\000\000ab"),
    BYTES("U"),
    BYTES("U\003"),
    BYTES("U\003ab"),
    BYTES("V"),
    BYTES("Vabc"),
    BYTES("X"),
    BYTES("X\003\000\000"),
    BYTES("X\003\000\000\000"),
    BYTES("X\003\000\000\000ab"),
    BYTES("(c"),
    BYTES("(cbuiltins"),
    BYTES("(cbuiltins\n"),
    BYTES("(cbuiltins\nlist"),
    BYTES("Ng"),
    BYTES("Ng0"),
    BYTES("(i"),
    BYTES("(ibuiltins"),
    BYTES("(ibuiltins\n"),
    BYTES("(ibuiltins\nlist"),
    BYTES("Nh"),
    BYTES("Nj"),
    BYTES("Nj\000\000\000"),
    BYTES("Np"),
    BYTES("Np0"),
    BYTES("Nq"),
    BYTES("Nr"),
    BYTES("Nr\000\000\000"),
    BYTES("\200"),
    BYTES("\202"),
    BYTES("\203"),
    BYTES("\204\001"),
    BYTES("\204"),
    BYTES("\204\001\000\000"),
    BYTES("\212"),
    BYTES("\213"),
    BYTES("\213\000\000\000"),
    BYTES("\214"),
    BYTES("\214\003"),
    BYTES("\214\003ab"),
    BYTES("\215"),
    BYTES("\215\003\000\000\000\000\000\000"),
    BYTES("\215\003\000\000\000\000\000\000\000"),
    BYTES("\215\003\000\000\000\000\000\000\000ab"),
    BYTES("\216"),
    BYTES("\216\003\000\000\000\000\000\000"),
    BYTES("\216\003\000\000\000\000\000\000\000"),
    BYTES("\216\003\000\000\000\000\000\000\000ab"),
    BYTES("\226"),
    BYTES("\226\003\000\000\000\000\000\000"),
    BYTES("\226\003\000\000\000\000\000\000\000"),
    BYTES("\226\003\000\000\000\000\000\000\000ab"),
    BYTES("\225"),
    BYTES("\225\002\000\000\000\000\000\000"),
    BYTES("\225\002\000\000\000\000\000\000\000"),
    BYTES("\225\002\000\000\000\000\000\000\000N"),
};

static const struct brn_slice bad_strings[] = {
    BYTES("S'\n."),
    BYTES("S\042\n."),
    BYTES("S' \n."),
    BYTES("S\042 \n."),
    BYTES("S'\042\n."),
    BYTES("S\042'\n."),
    BYTES("S' ' \n."),
    BYTES("S\042 \042 \n."),
    BYTES("S ''\n."),
    BYTES("S \042\042\n."),
    BYTES("S \n."),
    BYTES("S\n."),
    BYTES("S."),
    BYTES("S'\134'\n."),
    BYTES("S'\134x4'\n."),
    BYTES("V\134u123\n."),
    BYTES("V\134U00110000\n."),
    BYTES("\214\002\377\376."),
    BYTES("X\001\000\000\000\303."),
};

static const struct brn_slice bad_others[] = {
    BYTES("Va\np-1\n."),
    BYTES("g0\np0"),
    BYTES("jens:"),
    BYTES("hens:"),
    BYTES("cbuiltins\nint\n)N\222."),
    BYTES("\200\006N."),
    BYTES("\377."),
    BYTES("\000"),
    BYTES("T\377\377\377\377."),
    BYTES("\213\377\377\377\377."),
    BYTES("\216\377\377\377\377\377\377\377\377."),
    BYTES("\215\000\000\000\000\000\001\000\000."),
    BYTES("\226\000\000\000\000\000\000\000\200."),
    BYTES("}(Nu."),
    BYTES("(Nd."),
    BYTES("}]Ns."),
    BYTES("\217(}\220."),
    BYTES("(]\221."),
    BYTES("](NNNdb."),
    BYTES("b."),
    BYTES("K\001Na."),
    BYTES("}Na."),
    BYTES("]NNs."),
    BYTES("K\001K\002\223."),
    BYTES("\202\000."),
    BYTES("\204\377\377\377\377."),
    BYTES("P\377\n."),
    BYTES("c\377\nx\n."),
    BYTES("I\n."),
    BYTES("Ione\n."),
    BYTES("I1 2\n."),
    BYTES("L08L\n."),
    BYTES("L1LL\n."),
    BYTES("L--1\n."),
    BYTES("F\n."),
    BYTES("Fx\n."),
    BYTES("K\001\230."),
    BYTES("I1_\n."),
    BYTES("I0x\n."),
};

static void check_refused(const struct brn_slice *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct brn_graph g;
        brine_error err = {.status = BRINE_OK};
        brine_status status = test_read(cases[i], &g, &err);
        brn_test_check(status == BRINE_FORMAT, __FILE__, __LINE__, "case %zu: %s", i,
                       brine_status_text(status));
        brn_test_check(err.offset <= cases[i].n && err.message[0], __FILE__, __LINE__,
                       "case %zu: offset %llu, \"%s\"", i, (unsigned long long)err.offset,
                       err.message);
        brn_graph_free(&g);
    }
}

#define CHECK_REFUSED(cases) check_refused(cases, sizeof(cases) / sizeof(cases)[0])

TEST(pickle_refuses_bad_stacks)
{
    CHECK_REFUSED(bad_stacks);
}

TEST(pickle_refuses_bad_marks)
{
    CHECK_REFUSED(bad_marks);
}

TEST(pickle_refuses_truncated_data)
{
    CHECK_REFUSED(truncated);
}

TEST(pickle_refuses_bad_text)
{
    CHECK_REFUSED(bad_strings);
}

TEST(pickle_refuses_what_no_unpickler_takes)
{
    CHECK_REFUSED(bad_others);
}

TEST(pickle_says_where_and_what)
{
    struct brn_graph g;
    brine_error err;
    CHECK_STATUS(test_read(BYTES("\200\002]K\001h\007."), &g, &err), BRINE_FORMAT, &err);
    CHECK(err.offset == 5);
    CHECK_TEXT(err.message, "BINGET of memo entry 7, which was never stored");
    brn_graph_free(&g);
}

/* A message goes to terminals and logs: no control characters of the file's. */
TEST(pickle_messages_escape_the_files_text)
{
    struct brn_graph g;
    brine_error err;
    CHECK_STATUS(test_read(BYTES("I\033[2J\n."), &g, &err), BRINE_FORMAT, &err);
    CHECK_TEXT(err.message, "INT with \"\\x1b[2J\", which is no whole number");
    brn_graph_free(&g);
}

TEST(pickle_says_where_in_the_object)
{
    static const struct {
        struct brn_slice pickle;
        const char *path;
    } cases[] = {
        {BYTES("}(S'a'\nh\007u."), "['a']"},
        {BYTES("}(S'a'\nNS'b'\n](Nh\007eu."), "['b'][\342\200\246]"},
        {BYTES(
             "cm\nC\n)\201}(S'steps'\n](S'x'\ncm\nD\n)\201}(S'n'\nK\001S'coef_'\nh\007ub\206eub."),
         "steps[\342\200\246].coef_"},
        {BYTES("h\007."), ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_graph g;
        brine_error err;
        CHECK_STATUS(test_read(cases[i].pickle, &g, &err), BRINE_FORMAT, &err);
        CHECK_TEXT(err.path, cases[i].path);
        brn_graph_free(&g);
    }
}
