/* SPDX-License-Identifier: Apache-2.0
 *
 * results_junit.c - the checks as JUnit's XML, for the pages of CI systems. */
#include "evidence/evidence.h"

/* XML 1.0 has no control characters but three, not even escaped. */
static void escaped(struct brn_buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        const char *entity = c == '&'   ? "&amp;"
                             : c == '<' ? "&lt;"
                             : c == '>' ? "&gt;"
                             : c == '"' ? "&quot;"
                                        : NULL;
        if (entity)
            brn_buffer_text(out, entity);
        else
            brn_buffer_byte(out, c < 0x20 || c == 0x7f ? ' ' : (char)c);
    }
}

static void element(struct brn_buffer *out, const char *name, const struct brn_check *c)
{
    brn_buffer_printf(out, "<%s message=\"", name);
    escaped(out, c->finding);
    brn_buffer_text(out, "\"/>");
}

static void test_case(struct brn_buffer *out, const struct brn_check *c)
{
    brn_buffer_text(out, "  <testcase classname=\"");
    escaped(out, c->id);
    brn_buffer_text(out, "\" name=\"");
    escaped(out, c->detail[0] ? c->detail : c->id);
    brn_buffer_text(out, "\">");
    if (c->status == BRN_FAIL) {
        element(out, "failure", c);
    } else if (c->status == BRN_NOT_RUN || c->status == BRN_NOT_APPLICABLE) {
        element(out, "skipped", c);
    } else {
        brn_buffer_text(out, "<system-out>");
        brn_buffer_text(out, c->status == BRN_WARN ? "warning: " : "");
        escaped(out, c->finding);
        brn_buffer_text(out, "</system-out>");
    }
    brn_buffer_text(out, "</testcase>\n");
}

static size_t count(const struct brn_evidence *e, enum brn_check_status status)
{
    size_t n = 0;
    for (size_t i = 0; i < e->checks.count; i++)
        n += e->checks.at[i].status == status;
    return n;
}

void brn_results_junit(const struct brn_evidence *e, struct brn_buffer *out)
{
    brn_buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    brn_buffer_printf(out,
                      "<testsuite name=\"brine validate\" tests=\"%zu\" failures=\"%zu\" "
                      "errors=\"0\" skipped=\"%zu\">\n",
                      e->checks.count, count(e, BRN_FAIL),
                      count(e, BRN_NOT_RUN) + count(e, BRN_NOT_APPLICABLE));
    for (size_t i = 0; i < e->checks.count; i++)
        test_case(out, &e->checks.at[i]);
    brn_buffer_text(out, "</testsuite>\n");
}
