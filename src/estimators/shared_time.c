/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_time.h"

#include "base/number.h"

#include <ctype.h>

int64_t brn_time_days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2; /* years begin in March: a leap day is their last */
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* count digits at *p, which moves behind them; -1: there are not so many. */
static int take_digits(const uint8_t **p, const uint8_t *end, int count)
{
    int value = 0;
    for (; count > 0; count--, (*p)++) {
        if (*p == end || !isdigit(**p))
            return -1;
        value = 10 * value + (**p - '0');
    }
    return value;
}

static bool take_sign(const uint8_t **p, const uint8_t *end, char sign)
{
    if (*p == end || **p != (uint8_t)sign)
        return false;
    (*p)++;
    return true;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static bool parse_date(const uint8_t **p, const uint8_t *end, double *seconds)
{
    enum { FIRST_YEAR = 1678, LAST_YEAR = 2261, DAY = 86400 };
    int year = take_digits(p, end, 4), month, day;
    if (year < FIRST_YEAR || year > LAST_YEAR || !take_sign(p, end, '-'))
        return false;
    month = take_digits(p, end, 2);
    if (month < 1 || month > 12 || !take_sign(p, end, '-'))
        return false;
    day = take_digits(p, end, 2);
    if (day < 1 || day > days_in(year, month))
        return false;
    *seconds = (double)(brn_time_days(year, month, day) * DAY);
    return true;
}

/* Of the second fractions are read and left out: all that asks floors to seconds. */
static bool parse_clock(const uint8_t **p, const uint8_t *end, double *seconds)
{
    int hour = take_digits(p, end, 2), minute, second = 0;
    if (hour < 0 || hour > 23 || !take_sign(p, end, ':'))
        return false;
    minute = take_digits(p, end, 2);
    if (minute < 0 || minute > 59)
        return false;
    if (take_sign(p, end, ':')) {
        second = take_digits(p, end, 2);
        if (second < 0 || second > 59)
            return false;
        if (take_sign(p, end, '.')) {
            const uint8_t *begin = *p;
            while (*p < end && isdigit(**p))
                (*p)++;
            if (*p == begin || *p - begin > 9)
                return false;
        }
    }
    *seconds += hour * 3600 + minute * 60 + second;
    return true;
}

bool brn_time_parse(struct brn_slice text, double *ret_seconds)
{
    double seconds;
    if (!text.p)
        return false;
    const uint8_t *p = text.p, *end = text.p + text.n;
    if (!parse_date(&p, end, &seconds))
        return false;
    if (p < end && !take_sign(&p, end, 'T') && !take_sign(&p, end, ' '))
        return false;
    if (p < end && !parse_clock(&p, end, &seconds))
        return false;
    *ret_seconds = seconds;
    return p == end && text.p[text.n - 1] != 'T' && text.p[text.n - 1] != ' ';
}
