/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "test.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* xorshift64*: the same sequence everywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1du;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static double parse(const char *text)
{
    double value = -12345;
    CHECK(brn_parse_double(brn_slice_of(text), &value));
    return value;
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void check_double_case(uint64_t bits, const char *expected)
{
    char text[BRN_NUMBER_TEXT];
    double value = from_bits(bits);
    CHECK(brn_format_double(value, text) == strlen(text));
    CHECK_TEXT(text, expected);
    CHECK(same_bits(parse(expected), value));
}

/* numpy's text has its own layout: the digits decide. */
static void check_float_case(uint32_t bits, const char *expected)
{
    char text[BRN_NUMBER_TEXT];
    float value;
    memcpy(&value, &bits, sizeof value);
    CHECK(brn_format_float(value, text) == strlen(text));
    brn_test_check(same_bits(parse(text), parse(expected)), __FILE__, __LINE__, "%s is not %s",
                   text, expected);
}

TEST(number_texts_are_those_of_python_and_numpy)
{
    char line[128], expected[64];
    FILE *f = fopen(BRINE_SOURCE_DIR "/tests/golden/numbers/cases.txt", "r");
    REQUIRE(f != NULL);
    int cases = 0;
    uint64_t bits;
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line + 1, "%" SCNx64 " %63s", &bits, expected) != 2)
            continue;
        if (line[0] == 'd')
            check_double_case(bits, expected);
        else
            check_float_case((uint32_t)bits, expected);
        cases++;
    }
    fclose(f);
    CHECK(cases > 300);
}

TEST(number_texts_read_back_bit_equal)
{
    char text[BRN_NUMBER_TEXT];
    uint64_t state = 1;
    for (int i = 0; i < 100000; i++) {
        double value = from_bits(next_random(&state));
        brn_format_double(value, text);
        CHECK(same_bits(parse(text), value));
    }
}

/* Against the C library, whose strtod() is correctly rounded; the tests run in the C locale. */
TEST(number_parse_rounds_correctly)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0e5",
        ".5",
        "5.",
        "1e5",
        "1E+05",
        "1e-400",
        "1e400",
        "-1e400",
        "1e999999999999",
        "1e-999999999999",
        "9007199254740993",
        "9007199254740992.99999999999999999999",
        "9007199254740993.00000000000000000000000000000000001",
        "2.2250738585072011e-308",
        "2.4703282292062327208e-324",
        "2.4703282292062327209e-324",
        "4.9406564584124654e-324",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793e289",
        "0.000000000000000000000000000000000000000000000000000123456789012345678901234567890",
        "123456789012345678901234567890",
        "100000000000000000000000000000000000000000",
        "0.1000000000000000055511151231257827021181583404541015625",
        "0.1000000000000000055511151231257827021181583404541015624999999999999999",
        "8.5e-324",
        "6250000000000000e-1",
        "1e22",
        "1e23",
        "3.518437208883201171875e13"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        brn_test_check(same_bits(parse(texts[i]), strtod(texts[i], NULL)), __FILE__, __LINE__,
                       "%s gave %.17g", texts[i], parse(texts[i]));
}

static void random_decimal(uint64_t *state, char *out)
{
    unsigned digits = 1 + (unsigned)(next_random(state) % 30);
    unsigned point = (unsigned)(next_random(state) % (digits + 1));
    for (unsigned i = 0; i < digits; i++) {
        if (i == point)
            *out++ = '.';
        *out++ = (char)('0' + next_random(state) % 10);
    }
    sprintf(out, "e%d", (int)(next_random(state) % 660) - 340);
}

TEST(number_parse_rounds_random_decimals_correctly)
{
    char text[64];
    uint64_t state = 7;
    for (int i = 0; i < 50000; i++) {
        random_decimal(&state, text);
        brn_test_check(same_bits(parse(text), strtod(text, NULL)), __FILE__, __LINE__, "%s", text);
    }
}

/* Halfway between two doubles, exactly, and a little above: hundreds of digits decide. */
TEST(number_parse_decides_ties_by_the_last_digit)
{
    char text[1200];
    uint64_t state = 3;
    for (int i = 0; i < 500; i++) {
        double value = fabs(from_bits(next_random(&state))),
               above = nextafter(value, (double)INFINITY);
        if (!(value > 1e-300 && above < 1e300))
            continue;
        /* x87 long double holds the middle exactly; elsewhere the row still has to agree with
         * strtod */
        snprintf(text, sizeof text, "%.900Le", ((long double)value + (long double)above) / 2);
        CHECK(same_bits(parse(text), strtod(text, NULL)));
        char *exponent = strchr(text, 'e');
        exponent[-1] = '1';
        CHECK(same_bits(parse(text), strtod(text, NULL)));
    }
}

TEST(number_parse_takes_nothing_else)
{
    static const char *const texts[] = {"",     " ",  "1 ",  " 1",    "+",    "-",     ".",
                                        "e5",   "1e", "1e+", "1.2.3", "0x10", "1_000", "1,5",
                                        "nanx", "in", "--1", "+-1",   "١",    "1e5.",  "infinit"};
    double value = 7;
    int64_t integer = 7;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK(!brn_parse_double(brn_slice_of(texts[i]), &value) && same_bits(value, 7));
        CHECK(!brn_parse_int64(brn_slice_of(texts[i]), &integer) && integer == 7);
    }
    CHECK(!brn_parse_double((struct brn_slice){NULL, 0}, &value));
}

TEST(number_parse_knows_the_special_ones)
{
    CHECK(isnan(parse("nan")) && isnan(parse("-NaN")));
    CHECK(same_bits(parse("INF"), (double)INFINITY));
    CHECK(same_bits(parse("-infinity"), -(double)INFINITY));
    CHECK(same_bits(parse("+Inf"), (double)INFINITY));
}

TEST(number_integers_go_both_ways_to_their_limits)
{
    static const int64_t values[] = {0, 9, 10, 99, 100, -1, 12345678901, INT64_MAX, INT64_MIN};
    char text[BRN_NUMBER_TEXT], expected[BRN_NUMBER_TEXT];
    int64_t back;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        snprintf(expected, sizeof expected, "%" PRId64, values[i]);
        CHECK(brn_format_int64(values[i], text) == strlen(expected));
        CHECK_TEXT(text, expected);
        CHECK(brn_parse_int64(brn_slice_of(text), &back) && back == values[i]);
    }
    CHECK(!brn_parse_int64(brn_slice_of("9223372036854775808"), &back));
    CHECK(!brn_parse_int64(brn_slice_of("-9223372036854775809"), &back));
    CHECK(brn_parse_int64(brn_slice_of("+5"), &back) && back == 5);
    brn_format_uint64(UINT64_MAX, text);
    CHECK_TEXT(text, "18446744073709551615");
}
