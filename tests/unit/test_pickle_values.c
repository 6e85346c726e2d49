/* SPDX-License-Identifier: Apache-2.0
 *
 * One opcode after another: what each leaves on the stack. */
#include "pickles.h"

#include <math.h>

static void check_int(struct brn_slice bytes, int64_t expected)
{
    struct brn_graph g;
    brine_error err;
    if (brn_test_check(test_read(bytes, &g, &err) == BRINE_OK, __FILE__, __LINE__, "%s",
                       err.message))
        CHECK(brn_is(g.root, BRN_INT) && g.root->as.integer == expected);
    brn_graph_free(&g);
}

TEST(pickle_whole_numbers)
{
    check_int(BYTES("I42\n."), 42);
    check_int(BYTES("I-7\r\n."), -7);
    check_int(BYTES("I0x1f\n."), 31);
    check_int(BYTES("I010\n."), 8);
    check_int(BYTES("J\xfe\xff\xff\xff."), -2);
    check_int(BYTES("K\xff."), 255);
    check_int(BYTES("M\x01\x02."), 0x201);
    check_int(BYTES("L-12L\n."), -12);
    check_int(BYTES("L1_000\n."), 1000);
    check_int(BYTES("\x8a\x00."), 0);
    check_int(BYTES("\x8a\x01\xff."), -1);
    check_int(BYTES("\x8a\x0a\x01\0\0\0\0\0\0\0\0\0."), 1);
    check_int(BYTES("\x8b\x02\0\0\0\xff\x7f."), 32767);
}

TEST(pickle_long_numbers)
{
    static const struct {
        struct brn_slice pickle, value;
    } cases[] = {
        {BYTES("\x8a\x09\0\0\0\0\0\0\0\0\x01."), BYTES("\0\0\0\0\0\0\0\0\x01")},
        {BYTES("L18446744073709551616L\n."), BYTES("\0\0\0\0\0\0\0\0\x01")},
        {BYTES("L-18446744073709551616L\n."), BYTES("\0\0\0\0\0\0\0\0\xff")},
        {BYTES("I9223372036854775808\n."), BYTES("\0\0\0\0\0\0\0\x80\0")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_graph g;
        brine_error err;
        if (CHECK(test_read(cases[i].pickle, &g, &err) == BRINE_OK))
            CHECK(brn_is(g.root, BRN_LONG) && brn_slice_equal(g.root->as.bytes, cases[i].value));
        brn_graph_free(&g);
    }
}

static void check_float(struct brn_slice bytes, double expected)
{
    struct brn_graph g;
    brine_error err;
    if (CHECK(test_read(bytes, &g, &err) == BRINE_OK))
        CHECK(brn_is(g.root, BRN_FLOAT) && g.root->as.real == expected);
    brn_graph_free(&g);
}

TEST(pickle_floats)
{
    check_float(BYTES("F1.5\n."), 1.5);
    check_float(BYTES("F-1e-3\n."), -1e-3);
    check_float(BYTES("Finf\n."), INFINITY);
    check_float(BYTES("G\x3f\xf8\0\0\0\0\0\0."), 1.5);
}

static void check_bytes(struct brn_slice pickle, enum brn_node_kind kind, struct brn_slice value)
{
    struct brn_graph g;
    brine_error err;
    if (brn_test_check(test_read(pickle, &g, &err) == BRINE_OK, __FILE__, __LINE__, "%s",
                       err.message))
        CHECK(brn_is(g.root, kind) && brn_slice_equal(g.root->as.bytes, value));
    brn_graph_free(&g);
}

TEST(pickle_text_and_bytes)
{
    check_bytes(BYTES("S'a\\n\\x41\\101\\q\\''\n."), BRN_STRING, BYTES("a\nAA\\q'"));
    check_bytes(BYTES("S\"\"\n."), BRN_STRING, BYTES(""));
    check_bytes(BYTES("U\x03"
                      "a\0b."),
                BRN_STRING, BYTES("a\0b"));
    check_bytes(BYTES("T\x02\0\0\0\xff\xfe."), BRN_STRING, BYTES("\xff\xfe"));
    check_bytes(BYTES("Vcaf\xe9\\u20ac\\U0001f600\\q\n."), BRN_TEXT,
                BYTES("caf\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\\q"));
    check_bytes(BYTES("V\\\\u0041\\u0041\n."), BRN_TEXT, BYTES("\\\\u0041A"));
    check_bytes(BYTES("V\\ud800\n."), BRN_TEXT, BYTES("\xed\xa0\x80"));
    check_bytes(BYTES("\x8c\x03\xed\xa0\x80."), BRN_TEXT, BYTES("\xed\xa0\x80"));
    check_bytes(BYTES("X\x02\0\0\0\xc3\xa9."), BRN_TEXT, BYTES("\xc3\xa9"));
    check_bytes(BYTES("\x8d\x01\0\0\0\0\0\0\0z."), BRN_TEXT, BYTES("z"));
    check_bytes(BYTES("C\x01\x80."), BRN_BYTES, BYTES("\x80"));
    check_bytes(BYTES("B\x01\0\0\0\x80."), BRN_BYTES, BYTES("\x80"));
    check_bytes(BYTES("\x8e\x01\0\0\0\0\0\0\0\x80."), BRN_BYTES, BYTES("\x80"));
    check_bytes(BYTES("\x96\x01\0\0\0\0\0\0\0\x80."), BRN_BYTEARRAY, BYTES("\x80"));
}

TEST(pickle_containers)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("}(K\x01K\x02U\x01"
                               "a](K\x03K\x04"
                               "eNK\x05\x85u."),
                         &g, &err),
               &err);
    CHECK(brn_is(g.root, BRN_DICT) && brn_node_count(g.root) == 3);
    const struct brn_node *list = brn_node_get(g.root, "a");
    CHECK(brn_is(list, BRN_LIST) && brn_node_count(list) == 2);
    CHECK(brn_node_item(list, 1)->as.integer == 4);
    CHECK(brn_node_item(list, 2) == &brn_nil);
    CHECK(brn_node_get(g.root, "b") == &brn_nil);
    CHECK(g.max_depth == 2);
    brn_graph_free(&g);
}

TEST(pickle_last_of_equal_keys_counts)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("}U\x01"
                               "aK\x01sU\x01"
                               "aK\x02s."),
                         &g, &err),
               &err);
    CHECK(brn_node_get(g.root, "a")->as.integer == 2);
    brn_graph_free(&g);
}

TEST(pickle_memo_shares_nodes)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("(]q\x00g0\nj\0\0\0\0l."), &g, &err), &err);
    CHECK(brn_node_count(g.root) == 3);
    CHECK(brn_node_item(g.root, 0) == brn_node_item(g.root, 2));
    brn_graph_free(&g);
}

TEST(pickle_far_memo_index_costs_nothing)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(
        test_read(BYTES("(]r\xff\xff\xff\x7fNr\xff\xff\xff\xff\x30j\xff\xff\xff\x7fl."), &g, &err),
        &err);
    CHECK(brn_node_count(g.root) == 2 && brn_node_item(g.root, 0) == brn_node_item(g.root, 1));
    CHECK(g.arena.used < 65536);
    brn_graph_free(&g);
}

TEST(pickle_memoize_counts_entries)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("\x80\x04(Nq\x05\x88\x94h\x01l."), &g, &err), &err);
    CHECK(brn_node_count(g.root) == 3 && brn_is(brn_node_item(g.root, 2), BRN_BOOL));
    brn_graph_free(&g);
}

TEST(pickle_objects)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("cpkg.mod\nThing\n)\x81}U\x01xK\x07sb."), &g, &err), &err);
    char what[64];
    brn_node_describe(g.root, what, sizeof what);
    CHECK_TEXT(what, "pkg.mod.Thing");
    CHECK(g.root->as.object->construct == BRN_BY_NEWOBJ);
    CHECK(brn_node_attribute(g.root, "x")->as.integer == 7);
    CHECK(g.event_count == 3 && g.events[0].kind == BRN_EVENT_IMPORT &&
          g.events[1].kind == BRN_EVENT_CALL && g.events[2].kind == BRN_EVENT_BUILD);
    brn_graph_free(&g);
}

TEST(pickle_reconstructor_names_its_class)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(
        test_read(BYTES("ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR."), &g, &err),
        &err);
    CHECK(brn_node_is_global(brn_node_class(g.root), "m", "C"));
    brn_graph_free(&g);
}

TEST(pickle_cycle_and_late_depth)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("]q\x00h\x00"
                               "a."),
                         &g, &err),
               &err);
    CHECK(brn_node_item(g.root, 0) == g.root);
    brn_graph_free(&g);
    /* [a] holds [b] before [b] is filled: [[[]]] */
    REQUIRE_OK(test_read(BYTES("]q\x00]q\x01"
                               "ah\x01]a0."),
                         &g, &err),
               &err);
    CHECK(g.max_depth == 2);
    brn_graph_free(&g);
}
