/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/calendar.h"

#include <math.h>

enum { SECONDS_A_DAY = 86400 };

/* Days since 1970-01-01 in the Gregorian calendar; years are counted from March, so that the leap
 * day is the last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

static int days_in_month(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly n digits at text[at]. */
static bool digits(struct brn_slice text, size_t at, size_t n, int64_t *ret_value)
{
    int64_t value = 0;
    if (at + n > text.n)
        return false;
    for (size_t i = at; i < at + n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = value * 10 + (text.p[i] - '0');
    }
    *ret_value = value;
    return true;
}

static bool is_at(struct brn_slice text, size_t at, char c)
{
    return at < text.n && text.p[at] == (uint8_t)c;
}

bool brn_parse_date(struct brn_slice text, double *ret_seconds)
{
    int64_t year, month, day;
    if (text.n != 10 || !digits(text, 0, 4, &year) || !is_at(text, 4, '-') ||
        !digits(text, 5, 2, &month) || !is_at(text, 7, '-') || !digits(text, 8, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *ret_seconds = (double)(days_of(year, month, day) * SECONDS_A_DAY);
    return true;
}

/* ".5" at *at: passed over and added. */
static void fraction(struct brn_slice text, size_t *at, double *seconds)
{
    double unit = 1;
    if (!is_at(text, *at, '.'))
        return;
    for (++*at; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9'; ++*at) {
        unit /= 10;
        *seconds += unit * (text.p[*at] - '0');
    }
}

/* "", "Z", "+01:00" up to the end. */
static bool zone(struct brn_slice text, size_t at, double *seconds)
{
    int64_t hours, minutes;
    if (at == text.n || (is_at(text, at, 'Z') && at + 1 == text.n))
        return true;
    if (!is_at(text, at, '+') && !is_at(text, at, '-'))
        return false;
    if (at + 6 != text.n || !digits(text, at + 1, 2, &hours) || !is_at(text, at + 3, ':') ||
        !digits(text, at + 4, 2, &minutes) || hours > 14 || minutes > 59)
        return false;
    double offset = (double)(hours * 3600 + minutes * 60);
    *seconds += text.p[at] == '+' ? -offset : offset;
    return true;
}

bool brn_parse_time(struct brn_slice text, double *ret_seconds)
{
    double seconds;
    int64_t hour, minute, second;
    size_t at = 19;
    if (!brn_parse_date((struct brn_slice){text.p, text.n < 10 ? text.n : 10}, &seconds))
        return false;
    if (text.n > 10) {
        if ((!is_at(text, 10, 'T') && !is_at(text, 10, ' ')) || !digits(text, 11, 2, &hour) ||
            !is_at(text, 13, ':') || !digits(text, 14, 2, &minute) || !is_at(text, 16, ':') ||
            !digits(text, 17, 2, &second) || hour > 23 || minute > 59 || second > 60)
            return false;
        seconds += (double)(hour * 3600 + minute * 60 + second);
        fraction(text, &at, &seconds);
        if (!zone(text, at, &seconds))
            return false;
    }
    *ret_seconds = seconds;
    return true;
}

int brn_time_month(double seconds)
{
    int64_t days = (int64_t)floor(seconds / SECONDS_A_DAY) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t day_of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    return (int)(month < 10 ? month + 3 : month - 9);
}
