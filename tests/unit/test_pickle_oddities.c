/* SPDX-License-Identifier: Apache-2.0
 *
 * Where CPython's two unpicklers disagree, or a pickler's rule is broken: read on, and told. */
#include "pickles.h"

static const struct {
    struct brn_slice pickle;
    const char *rule; /* of the first oddity; NULL: none */
} cases[] = {
    {BYTES("\200\004\225\003\000\000\000\000\000\000\000]\224."), NULL},
    {BYTES("\200\004\225\005\000\000\000\000\000\000\000I42\n."), NULL},
    {BYTES("\200\004\225\377\000\000\000\000\000\000\000N."), "frame-too-long"},
    {BYTES(
         "\200\004\225\014\000\000\000\000\000\000\000\225\001\000\000\000\000\000\000\000N\060N."),
     "frame-in-frame"},
    {BYTES("\200\002N\200\004\060N."), "proto-inside"},
    {BYTES("\214\001a."), "opcode-newer-than-protocol"},
    {BYTES("N2\060."), "dup"},
    {BYTES("NN."), "stack-left-over"},
    {BYTES("(N."), "stack-left-over"},
    {BYTES("I 1\n."), "integer-or-bool"},
    {BYTES("I+1\n."), "integer-or-bool"},
    {BYTES("I010\n."), "integer-octal"},
    {BYTES("I0x10\n."), "integer-text"},
    {BYTES("F1e400\n."), "float-overflow"},
    {BYTES("F 1.5\n."), "float-space"},
    {BYTES("Pid\n."), "persistent-id"},
    {BYTES("\200\002\202\001."), "extension-code"},
    {BYTES("\200\005\227."), "out-of-band-buffer"},
    {BYTES("cm\nf\n]R."), "arguments-no-tuple"},
    {BYTES("]}b."), "build-of-nothing"},
    {BYTES("Nr\377\377\377\000."), NULL},
    {BYTES("Nr\000\000\000\001r\000\000\000\002."), "memo-index-far"},
    {BYTES("Np99999999999\n."), "memo-index-far"},
    {BYTES("cm\nf\n}b."), "imported-object-changed"},
    {BYTES("cm\nf\nNNs."), "imported-object-changed"},
    {BYTES("\200\004cm\nf\n)R\214\001x\223."), "computed-name"},
};

TEST(pickle_oddities)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brn_graph g;
        brine_error err;
        brine_status status = test_read(cases[i].pickle, &g, &err);
        const char *rule = g.oddity_count ? g.oddities[0].rule : NULL;
        if (cases[i].rule)
            brn_test_check(status == BRINE_OK && rule && strcmp(rule, cases[i].rule) == 0, __FILE__,
                           __LINE__, "case %zu: %s instead of %s; %s", i, rule ? rule : "nothing",
                           cases[i].rule, status == BRINE_OK ? "" : err.message);
        else if (status == BRINE_OK)
            brn_test_check(!rule, __FILE__, __LINE__, "case %zu: %s", i, rule ? rule : "");
        brn_graph_free(&g);
    }
}

/* Old unpicklers read on across the end of a frame, new ones stop: all is read, and then refused.
 */
TEST(pickle_straddled_frame_is_read_and_refused)
{
    struct brn_graph g;
    brine_error err;
    struct brn_slice pickle = BYTES("\200\004\225\003\000\000\000\000\000\000\000cos\nsystem\n.");
    CHECK_STATUS(test_read(pickle, &g, &err), BRINE_FORMAT, &err);
    CHECK(err.offset == 11);
    CHECK(g.event_count == 1 && brn_node_is_global(g.events[0].node, "os", "system"));
    CHECK(g.oddity_count == 1 && strcmp(g.oddities[0].rule, "frame-straddled") == 0);
    brn_graph_free(&g);
}

/* sys.modules and os.environ can be changed so, without any call. */
TEST(pickle_tells_changes_of_imported_things)
{
    struct brn_graph g;
    brine_error err;
    REQUIRE_OK(test_read(BYTES("cos\nenviron\n(S'A'\nS'B'\nu."), &g, &err), &err);
    CHECK(g.event_count == 2 && g.events[1].kind == BRN_EVENT_BUILD);
    CHECK(brn_node_is_global(g.events[1].node, "os", "environ"));
    brn_graph_free(&g);
}
