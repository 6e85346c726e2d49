/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "pickle/integer.h"
#include "pickle/machine_internal.h"
#include "pickle/text.h"

#include <math.h>

/* None, False, and the empty containers. */
brine_status brn_op_empty(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_node *node;
    return brn_machine_make(m, m->op->makes, &node);
}

static brine_status push_bool(struct brn_machine *m, bool value)
{
    struct brn_node *node;
    BRN_TRY(brn_machine_make(m, BRN_BOOL, &node));
    node->as.boolean = value;
    return BRINE_OK;
}

brine_status brn_op_true(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return push_bool(m, true);
}

/* ---- whole numbers ---- */

static brine_status push_int(struct brn_machine *m, int64_t value)
{
    struct brn_node *node;
    BRN_TRY(brn_machine_make(m, BRN_INT, &node));
    node->as.integer = value;
    return BRINE_OK;
}

brine_status brn_op_int(struct brn_machine *m, const struct brn_argument *a)
{
    return push_int(m, (int64_t)a->number);
}

static brine_status push_bytes(struct brn_machine *m, enum brn_node_kind kind,
                               struct brn_slice bytes)
{
    struct brn_node *node;
    BRN_TRY(brn_machine_make(m, kind, &node));
    node->as.bytes = bytes;
    return BRINE_OK;
}

/* Two's complement of any length; the digits have been limited. */
static brine_status push_long(struct brn_machine *m, struct brn_slice bytes)
{
    bytes = brn_integer_shortest(bytes);
    return bytes.n <= 8 ? push_int(m, brn_integer_small(bytes)) : push_bytes(m, BRN_LONG, bytes);
}

static brine_status check_digits(struct brn_machine *m, uint64_t digits)
{
    if (digits <= m->options->limits.max_digits)
        return BRINE_OK;
    return brn_machine_fail(m, BRINE_LIMIT,
                            "an integer of about %llu digits, more than %u; --max-digits raises "
                            "the limit",
                            (unsigned long long)digits, m->options->limits.max_digits);
}

brine_status brn_op_long(struct brn_machine *m, const struct brn_argument *a)
{
    /* 5 bytes hold 12 decimal digits; LONG1's 255 bytes are always fine. */
    if (a->bytes.n > UINT8_MAX)
        BRN_TRY(check_digits(m, a->bytes.n / 5 * 12));
    return push_long(m, a->bytes);
}

static brine_status push_integer_text(struct brn_machine *m, const struct brn_integer *integer)
{
    BRN_TRY(check_digits(m, integer->digits.n));
    struct brn_slice bytes = brn_integer_bytes(integer, &m->graph->arena);
    if (!bytes.p)
        return brn_machine_no_memory(m, &m->graph->arena);
    return push_long(m, bytes);
}

static brine_status bad_line(struct brn_machine *m, struct brn_slice line, const char *why)
{
    char excerpt[48];
    brn_text_escape(line, excerpt, sizeof excerpt);
    return brn_machine_fail(m, BRINE_FORMAT, "%s with \"%s\", which is %s", m->op->name, excerpt,
                            why);
}

static brine_status note_python_integer(struct brn_machine *m)
{
    return brn_machine_oddity(m, "integer-text",
                              "a whole number in a form that Python reads, but no pickler writes");
}

/* strtol(text, base 0) comes first in the C unpickler, int(text, 0) in pickle.py. */
static brine_status note_octal(struct brn_machine *m)
{
    return brn_machine_oddity(m, "integer-octal",
                              "a whole number with leading zeros: CPython's C unpickler reads it "
                              "as octal, pickle.py refuses it");
}

/* Two characters with the value 0 or 1 are a bool to the C unpickler, which looks at the length
 * only. */
static brine_status note_bool(struct brn_machine *m)
{
    return brn_machine_oddity(m, "integer-or-bool",
                              "CPython's C unpickler reads a bool here, pickle.py a whole number");
}

brine_status brn_op_int_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_integer integer;
    int64_t value;
    if (brn_slice_is(a->bytes, "00") || brn_slice_is(a->bytes, "01"))
        return push_bool(m, a->bytes.p[1] == '1');
    struct brn_slice text = brn_integer_trim(a->bytes);
    enum brn_integer_form form = brn_integer_scan(text, &integer);
    if (form == BRN_INTEGER_BAD)
        return bad_line(m, a->bytes, "no whole number");
    if (form == BRN_INTEGER_PYTHON)
        BRN_TRY(note_python_integer(m));
    if (form == BRN_INTEGER_C_OCTAL)
        BRN_TRY(note_octal(m));
    if (brn_integer_value(&integer, &value)) {
        if (a->bytes.n == 2 && (value == 0 || value == 1))
            BRN_TRY(note_bool(m));
        return push_int(m, value);
    }
    return push_integer_text(m, &integer);
}

brine_status brn_op_long_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_slice text = a->bytes;
    struct brn_integer integer;
    if (text.n && text.p[text.n - 1] == 'L')
        text.n--;
    text = brn_integer_trim(text);
    enum brn_integer_form form = brn_integer_scan(text, &integer);
    if (form == BRN_INTEGER_PYTHON)
        BRN_TRY(note_python_integer(m));
    else if (form != BRN_INTEGER_PLAIN)
        return bad_line(m, a->bytes, "no whole number");
    return push_integer_text(m, &integer);
}

/* ---- floats ---- */

static brine_status push_float(struct brn_machine *m, double value)
{
    struct brn_node *node;
    BRN_TRY(brn_machine_make(m, BRN_FLOAT, &node));
    node->as.real = value;
    return BRINE_OK;
}

brine_status brn_op_float(struct brn_machine *m, const struct brn_argument *a)
{
    uint64_t bits = __builtin_bswap64(brn_load_le(a->bytes.p, 8));
    double value;
    memcpy(&value, &bits, sizeof value);
    return push_float(m, value);
}

static bool is_infinity_spelt(struct brn_slice text)
{
    return memchr(text.p, 'n', text.n) || memchr(text.p, 'N', text.n);
}

brine_status brn_op_float_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_slice text = brn_integer_trim(a->bytes);
    double value;
    if (!brn_parse_double(text, &value))
        return bad_line(m, a->bytes, "no number");
    if (text.n != a->bytes.n)
        BRN_TRY(brn_machine_oddity(m, "float-space",
                                   "white space around a number: pickle.py reads it, CPython's C "
                                   "unpickler does not"));
    if (isinf(value) && !is_infinity_spelt(text))
        BRN_TRY(brn_machine_oddity(m, "float-overflow",
                                   "a number beyond the largest float: infinity to pickle.py, an "
                                   "error to CPython's C unpickler"));
    return push_float(m, value);
}

/* ---- bytes and text ---- */

brine_status brn_op_bytes(struct brn_machine *m, const struct brn_argument *a)
{
    return push_bytes(m, m->op->makes, a->bytes);
}

brine_status brn_op_string(struct brn_machine *m, const struct brn_argument *a)
{
    m->graph->python2 = true;
    return push_bytes(m, BRN_STRING, a->bytes);
}

brine_status brn_op_unicode(struct brn_machine *m, const struct brn_argument *a)
{
    size_t valid = brn_text_valid(a->bytes);
    if (valid < a->bytes.n)
        return brn_machine_fail(m, BRINE_FORMAT, "text whose byte %zu is no UTF-8", valid);
    return push_bytes(m, BRN_TEXT, a->bytes);
}

static brine_status text_status(struct brn_machine *m, enum brn_text_result result)
{
    if (result == BRN_TEXT_NO_MEMORY)
        return brn_machine_no_memory(m, &m->graph->arena);
    if (result == BRN_TEXT_BAD)
        return brn_machine_fail(m, BRINE_FORMAT, "%s with a malformed escape", m->op->name);
    return BRINE_OK;
}

brine_status brn_op_unicode_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_slice text;
    BRN_TRY(text_status(m, brn_text_raw_unicode(a->bytes, &m->graph->arena, &text)));
    return push_bytes(m, BRN_TEXT, text);
}

brine_status brn_op_string_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_slice s = a->bytes, bytes;
    bool quoted = s.n >= 2 && s.p[0] == s.p[s.n - 1] && (s.p[0] == '\'' || s.p[0] == '"');
    if (!quoted)
        return bad_line(m, s, "not quoted");
    m->graph->python2 = true;
    s = (struct brn_slice){s.p + 1, s.n - 2};
    BRN_TRY(text_status(m, brn_text_unescape(s, &m->graph->arena, &bytes)));
    return push_bytes(m, BRN_STRING, bytes);
}

/* ---- out-of-band buffers ---- */

brine_status brn_op_next_buffer(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    BRN_TRY(brn_machine_oddity(m, "out-of-band-buffer",
                               "the data of a buffer is not in this file: pickle.load() alone "
                               "refuses it"));
    struct brn_node *node;
    BRN_TRY(brn_machine_make(m, BRN_BUFFER, &node));
    node->as.integer = (int64_t)m->s.buffer_count++;
    return BRINE_OK;
}

/* memoryview(top).toreadonly(): the bytes stay the same. */
brine_status brn_op_readonly_buffer(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    enum brn_node_kind kind = brn_machine_top(m)->kind;
    if (kind == BRN_BUFFER || kind == BRN_BYTES || kind == BRN_BYTEARRAY || kind == BRN_OBJECT)
        return BRINE_OK;
    return brn_machine_fail(m, BRINE_FORMAT, "READONLY_BUFFER on what is no buffer");
}
