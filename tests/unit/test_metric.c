/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected values: scikit-learn 1.9.1 with numpy 2.4.6, sklearn.metrics of the same name on these
 * tables, without and with sample_weight; ece as the mean over numpy.array_split(argsort(p,
 * stable), 5) of |rate - mean p| by rows, weights as repeated rows. */
#include "evidence/bootstrap.h"
#include "test.h"

#include <math.h>

enum { N = 12 };
static const double weights[N] = {1, 2, 0, 3, 1, 1, 2, 1, 0, 1, 4, 1};

static bool near(double a, double b)
{
    return fabs(a - b) <= 4e-15;
}

static const struct expected {
    const char *name;
    double plain, weighted;
} binary[] =
    {
        {"average_precision", 0.7753968253968253, 0.8673659673659673},
        {"roc_auc", 0.8142857142857143, 0.8181818181818182},
        {"brier", 0.16979166666666667, 0.19088235294117648},
        {"log_loss", 0.5036155432559895, 0.5566183573757901},
        {"accuracy", 0.75, 0.7058823529411765},
        {"f1", 0.6666666666666666, 0.7368421052631579},
        {"ece", 0.09583333333333333, 0.22941176470588237},
},
  numbers[] =
      {
          {"rmse", 0.7216878364870323, 0.7071067811865476},
          {"mae", 0.625, 0.5882352941176471},
          {"r2", 0.9015748031496063, 0.9177809388335705},
},
  several[] = {
      {"log_loss", 0.5557229490307979, 0.5236382958818502},
      {"accuracy", 0.75, 0.8235294117647058},
      {"f1", 0.7579365079365079, 0.8222222222222223},
};

static void compare(const struct brn_sample *sample, const struct expected *e, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct brn_metric *m = brn_metric_find(brn_slice_of(e[i].name));
        REQUIRE(m != NULL && brn_metric_fits(m, sample, NULL));
        double plain = m->compute(sample, NULL), weighted = m->compute(sample, weights);
        brn_test_check(near(plain, e[i].plain), __FILE__, __LINE__, "%s %.17g, expected %.17g",
                       m->name, plain, e[i].plain);
        brn_test_check(near(weighted, e[i].weighted), __FILE__, __LINE__,
                       "weighted %s %.17g, expected %.17g", m->name, weighted, e[i].weighted);
    }
}

static const double truth[N] = {0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0};
static const double score[N] = {.1, .9, .4, .4, .75, .3, .4, .2, .05, .6, .6, .15};

TEST(metric_of_two_classes_equals_scikit_learn)
{
    struct brn_arena arena;
    double decision[N];
    brn_arena_init(&arena, 0);
    for (int i = 0; i < N; i++)
        decision[i] = score[i] >= 0.5;
    struct brn_sample s = {N,    truth, score, decision, NULL, 2, brn_sort_scores(score, N, &arena),
                           true, 5,     false};
    compare(&s, binary, sizeof binary / sizeof binary[0]);
    s.equal_width = true; /* by hand: bins of 0.2 */
    const struct brn_metric *ece = brn_metric_find(brn_slice_of("ece"));
    CHECK(near(ece->compute(&s, NULL), 0.09583333333333333));
    CHECK(near(ece->compute(&s, weights), 0.18823529411764703));
    CHECK(!brn_metric_fits(brn_metric_find(brn_slice_of("rmse")), &s, NULL));
    brn_arena_free(&arena);
}

TEST(metric_of_numbers_equals_scikit_learn)
{
    static const double t[N] = {1.5, -2, 3, 4, 0, 7, 2.5, 1, 1, 1, -1, 0};
    static const double p[N] = {1, -1.5, 3.5, 4, 1, 6, 2, 0, 2, 1, -2, .5};
    struct brn_sample s = {.rows = N, .truth = t, .score = p};
    compare(&s, numbers, sizeof numbers / sizeof numbers[0]);
    const char *why;
    CHECK(!brn_metric_fits(brn_metric_find(brn_slice_of("roc_auc")), &s, &why));
    CHECK_TEXT(why, "it needs two classes");
}

TEST(metric_of_several_classes_equals_scikit_learn)
{
    static const double t[N] = {0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2};
    static const double d[N] = {0, 2, 2, 0, 1, 1, 2, 1, 1, 0, 1, 2};
    static const double p[N * 3] = {.7, .2, .1, .1, .3, .6, .2, .2, .6, .5,  .3,  .2,
                                    .1, .8, .1, .3, .4, .3, 0,  0,  1,  .2,  .6,  .2,
                                    .4, .5, .1, 1,  0,  0,  .1, .7, .2, .25, .25, .5};
    struct brn_sample s = {
        .rows = N, .truth = t, .decision = d, .proba = p, .classes = 3, .is_probability = true};
    compare(&s, several, sizeof several / sizeof several[0]);
}

TEST(metric_without_both_classes_is_not_defined)
{
    static const double none[3] = {0, 0, 0}, p[3] = {.1, .2, .3};
    static const uint32_t order[3] = {0, 1, 2};
    struct brn_sample s = {.rows = 3, .truth = none, .score = p, .classes = 2, .order = order};
    CHECK(isnan(brn_metric_find(brn_slice_of("average_precision"))->compute(&s, NULL)));
    CHECK(isnan(brn_metric_find(brn_slice_of("roc_auc"))->compute(&s, NULL)));
}

TEST(bootstrap_draws_depend_on_nothing_but_their_number)
{
    uint32_t counts[10] = {0};
    CHECK(brn_draw(7, 3, 5, 1000) == brn_draw(7, 3, 5, 1000));
    int same = 0;
    for (uint32_t d = 0; d < 1000; d++) {
        same += brn_draw(7, 3, d, 1000) == brn_draw(7, 4, d, 1000);
        same += brn_draw(7, 3, d, 1000) == brn_draw(8, 3, d, 1000);
    }
    CHECK(same < 20); /* 2 are expected */
    for (uint32_t d = 0; d < 100000; d++)
        counts[brn_draw(20131001, 1, d, 10)]++;
    for (int i = 0; i < 10; i++) /* 10000 each, standard deviation 95 */
        CHECK(counts[i] > 9600 && counts[i] < 10400);
}

TEST(bootstrap_keeps_clusters_together)
{
    static const uint32_t cluster[6] = {0, 0, 1, 1, 1, 2};
    struct brn_resampling plan = {.seed = 1, .rows = 6, .cluster = cluster, .clusters = 3};
    uint32_t counts[3];
    double w[6];
    for (uint32_t r = 0; r < 50; r++) {
        brn_resample_weights(&plan, r, counts, w);
        CHECK(w[0] == w[1] && w[2] == w[3] && w[3] == w[4]);
        CHECK(w[0] + w[2] + w[5] == 3);
    }
}

TEST(bootstrap_interval_of_a_mean_is_the_known_one)
{
    /* brier of truth 0 is the mean of p^2; its standard error is known */
    enum { ROWS = 400 };
    static double p[ROWS], zero[ROWS];
    struct brn_arena arena;
    brine_error err;
    double mean = 0, variance = 0;
    for (int i = 0; i < ROWS; i++)
        p[i] = sqrt((double)brn_draw(5, 0, (uint64_t)i, 1000) / 1000);
    for (int i = 0; i < ROWS; i++)
        mean += p[i] * p[i] / ROWS;
    for (int i = 0; i < ROWS; i++)
        variance += (p[i] * p[i] - mean) * (p[i] * p[i] - mean) / ROWS;
    struct brn_sample s = {
        .rows = ROWS, .truth = zero, .score = p, .classes = 2, .is_probability = true};
    struct brn_statistic stat[2] = {
        {.metric = brn_metric_find(brn_slice_of("brier")), .sample = &s}};
    struct brn_resampling plan = {
        .seed = 9, .rows = ROWS, .clusters = ROWS, .resamples = 4000, .level = 0.95};
    struct brn_interval i, zero_width;
    stat[1] = stat[0];
    brn_arena_init(&arena, 0);
    REQUIRE_OK(brn_bootstrap(&plan, stat, 2, &arena, &err), &err);
    REQUIRE_OK(brn_interval_of(&plan, &stat[0], NULL, &i, &err), &err);
    double half = 1.96 * sqrt(variance / ROWS);
    CHECK(fabs(i.lower - (mean - half)) < 0.1 * half && fabs(i.upper - (mean + half)) < 0.1 * half);
    REQUIRE_OK(brn_interval_of(&plan, &stat[0], &stat[1], &zero_width, &err), &err);
    CHECK(zero_width.lower == 0 && zero_width.upper == 0); /* paired: the same resamples */
    brn_arena_free(&arena);
}

TEST(bootstrap_percentiles_are_numpys)
{
    static const double v[5] = {1, 2, 4, 8, 16}; /* numpy.percentile(v, [2.5, 50, 97.5]) */
    CHECK(near(brn_percentile(v, 5, 0.025), 1.1));
    CHECK(brn_percentile(v, 5, 0.5) == 4);
    CHECK(near(brn_percentile(v, 5, 0.975), 15.2));
    CHECK(brn_percentile(v, 1, 0.5) == 1);
}
