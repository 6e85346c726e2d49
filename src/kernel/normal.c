/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/normal.h"

#include <math.h>
#include <stddef.h>

double brn_normal_cdf(double x)
{
    static const double root_half = 0.70710678118654752440;
    double z = x * root_half;
    if (fabs(z) < 1)
        return 0.5 + 0.5 * erf(z);
    double tail = 0.5 * erfc(fabs(z));
    return z > 0 ? 1 - tail : tail;
}

/* A ratio of polynomials, coefficients from the highest power on; below is led by 1. */
struct ratio {
    size_t above_count, below_count;
    double above[9], below[8];
};

static const struct ratio middle = {
    5,
    8,
    {-5.99633501014107895267E1, 9.80010754185999661536E1, -5.66762857469070293439E1,
     1.39312609387279679503E1, -1.23916583867381258016E0},
    {1.95448858338141759834E0, 4.67627912898881538453E0, 8.63602421390890590575E1,
     -2.25462687854119370527E2, 2.00260212380060660359E2, -8.20372256168333339912E1,
     1.59056225126211695515E1, -1.18331621121330003142E0}};

/* Of 1 / sqrt(-2 log p), for p above exp(-32) and below. */
static const struct ratio tail = {
    9,
    8,
    {4.05544892305962419923E0, 3.15251094599893866154E1, 5.71628192246421288162E1,
     4.40805073893200834700E1, 1.46849561928858024014E1, 2.18663306850790267539E0,
     -1.40256079171354495875E-1, -3.50424626827848203418E-2, -8.57456785154685413611E-4},
    {1.57799883256466749731E1, 4.53907635128879210584E1, 4.13172038254672030440E1,
     1.50425385692907503408E1, 2.50464946208309415979E0, -1.42182922854787788574E-1,
     -3.80806407691578277194E-2, -9.33259480895457427372E-4}};

static const struct ratio far_tail = {
    9,
    8,
    {3.23774891776946035970E0, 6.91522889068984211695E0, 3.93881025292474443415E0,
     1.33303460815807542389E0, 2.01485389549179081538E-1, 1.23716634817820021358E-2,
     3.01581553508235416007E-4, 2.65806974686737550832E-6, 6.23974539184983293730E-9},
    {6.02427039364742014255E0, 3.67983563856160859403E0, 1.37702099489081330271E0,
     2.16236993594496635890E-1, 1.34204006088543189037E-2, 3.28014464682127739104E-4,
     2.89247864745380683936E-6, 6.79019408009981274425E-9}};

static double polynomial(double first, const double *more, size_t count, double x)
{
    for (size_t i = 0; i < count; i++)
        first = first * x + more[i];
    return first;
}

static double ratio_at(const struct ratio *r, double x)
{
    double above = polynomial(r->above[0], r->above + 1, r->above_count - 1, x);
    return above / polynomial(1, r->below, r->below_count, x);
}

static double quantile_of_tail(double p)
{
    double x = sqrt(-2 * log(p)), z = 1 / x;
    double correction = z * ratio_at(x < 8 ? &tail : &far_tail, z);
    return x - log(x) / x - correction;
}

double brn_normal_quantile(double p)
{
    static const double edge = 0.13533528323661269189; /* exp(-2) */
    static const double root_two_pi = 2.50662827463100050242;
    if (!(p >= 0 && p <= 1))
        return (double)NAN;
    if (p <= 0 || p >= 1)
        return p <= 0 ? (double)-INFINITY : (double)INFINITY;
    if (p > 1 - edge)
        return quantile_of_tail(1 - p);
    if (p <= edge)
        return -quantile_of_tail(p);
    double y = p - 0.5, square = y * y;
    return (y + y * (square * ratio_at(&middle, square))) * root_two_pi;
}
