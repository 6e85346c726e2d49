/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

static void optional(struct brn_json_writer *w, const char *key, struct brn_optional value)
{
    brn_json_key(w, key);
    if (value.given)
        brn_json_double(w, value.value);
    else
        brn_json_null(w);
}

static void text(struct brn_json_writer *w, const char *key, const char *value)
{
    brn_json_key(w, key);
    if (value)
        brn_json_string(w, value);
    else
        brn_json_null(w);
}

static void whole(struct brn_json_writer *w, const char *key, uint64_t value)
{
    brn_json_key(w, key);
    brn_json_uint(w, value);
}

static void number(struct brn_json_writer *w, const char *key, double value)
{
    brn_json_key(w, key);
    brn_json_double(w, value);
}

static void digest(struct brn_json_writer *w, struct brn_digest value)
{
    char hex[65];
    brn_digest_hex(value, hex);
    text(w, "sha256", hex);
}

static void interval(struct brn_json_writer *w, const struct brn_check *c)
{
    brn_json_key(w, "interval");
    if (!c->lower.given) {
        brn_json_null(w);
        return;
    }
    brn_json_begin_array(w);
    brn_json_double(w, c->lower.value);
    brn_json_double(w, c->upper.value);
    brn_json_end_array(w);
}

static void check(struct brn_json_writer *w, const struct brn_check *c)
{
    brn_json_begin_object(w);
    text(w, "id", c->id);
    text(w, "detail", c->detail);
    text(w, "status", brn_check_status_name(c->status));
    optional(w, "value", c->value);
    interval(w, c);
    optional(w, "n", c->n);
    optional(w, "threshold", c->threshold);
    text(w, "definition", c->definition);
    text(w, "finding", c->finding);
    text(w, "advice", c->advice);
    brn_json_end_object(w);
}

static void checks(struct brn_json_writer *w, const struct brn_evidence *e)
{
    brn_json_key(w, "checks");
    brn_json_begin_array(w);
    for (size_t i = 0; i < e->checks.count; i++)
        check(w, &e->checks.at[i]);
    brn_json_end_array(w);
}

static void model(struct brn_json_writer *w, const struct brn_evidence *e)
{
    static const char *const tasks[] = {"", "binary", "multiclass", "regression"};
    size_t count;
    const struct brn_instance *const *all = brn_model_instances(e->subject.model, &count);
    brn_json_key(w, "model");
    brn_json_begin_object(w);
    text(w, "path", e->subject.path);
    digest(w, e->model_digest);
    text(w, "scikit-learn", count ? all[0]->version_text : NULL);
    text(w, "task", tasks[e->subject.task]);
    number(w, "decision-threshold", e->subject.threshold);
    brn_json_key(w, "features");
    brn_json_begin_array(w);
    for (size_t i = 0; i < e->subject.feature_count; i++)
        brn_json_string(w, e->subject.features[i].name);
    brn_json_end_array(w);
    brn_json_end_object(w);
}

static void contract(struct brn_json_writer *w, const struct brn_evidence *e)
{
    brn_json_key(w, "contract");
    brn_json_begin_object(w);
    text(w, "path", e->contract->path);
    digest(w, e->contract->digest);
    text(w, "id", e->contract->id);
    text(w, "name", e->contract->name);
    text(w, "version", e->contract->version);
    brn_json_end_object(w);
}

static void fingerprint(struct brn_json_writer *w, const char *key, struct brn_fingerprint value)
{
    char hex[33];
    brn_fingerprint_hex(value, hex);
    text(w, key, hex);
}

static void partition(struct brn_json_writer *w, const struct brn_partition *p)
{
    brn_json_key(w, p->name);
    brn_json_begin_object(w);
    text(w, "path", p->path);
    digest(w, p->digest);
    whole(w, "rows", p->rows);
    whole(w, "columns", p->table.column_count);
    fingerprint(w, "fingerprint", p->fingerprint);
    brn_json_end_object(w);
}

static void data(struct brn_json_writer *w, const struct brn_evidence *e)
{
    brn_json_key(w, "data");
    brn_json_begin_object(w);
    partition(w, &e->train);
    partition(w, &e->test);
    fingerprint(w, "fingerprint-of-both",
                brn_fingerprint_add(e->train.fingerprint, e->test.fingerprint));
    brn_json_end_object(w);
}

static void evaluation(struct brn_json_writer *w, const struct brn_evidence *e)
{
    const struct brn_resampling *plan = &e->performance.plan;
    brn_json_key(w, "evaluation");
    brn_json_begin_object(w);
    text(w, "metric", e->performance.metric ? e->performance.metric->name : NULL);
    text(w, "interval", "bootstrap, percentiles");
    whole(w, "seed", plan->seed);
    whole(w, "resamples", plan->resamples);
    number(w, "level", plan->level);
    text(w, "unit", e->performance.unit);
    whole(w, "units", plan->clusters);
    brn_json_end_object(w);
}

static void component(struct brn_json_writer *w, const struct brn_fit_component *c)
{
    brn_json_begin_object(w);
    text(w, "name", c->name);
    text(w, "path", c->path);
    text(w, "estimator", c->estimator);
    text(w, "fitted-on", brn_fit_verdict_name(c->verdict));
    whole(w, "statistics", c->statistics);
    if (c->statistics) {
        number(w, "error-under-train", c->error[BRN_ON_TRAIN]);
        number(w, "error-under-train+test", c->error[BRN_ON_UNION]);
        number(w, "error-under-test", c->error[BRN_ON_TEST]);
        number(w, "power", c->power);
    }
    text(w, "why", c->why);
    brn_json_end_object(w);
}

static void fit(struct brn_json_writer *w, const struct brn_evidence *e)
{
    brn_json_key(w, "fit");
    brn_json_begin_array(w);
    for (size_t i = 0; i < e->fit.count; i++)
        component(w, &e->fit.at[i]);
    brn_json_end_array(w);
}

/* The only part that two runs on the same files do not share. */
static void timings(struct brn_json_writer *w, const struct brn_evidence_timings *t)
{
    brn_json_key(w, "timings");
    brn_json_begin_object(w);
    number(w, "load-seconds", t->load);
    number(w, "checks-seconds", t->checks);
    number(w, "fit-seconds", t->fit);
    number(w, "performance-seconds", t->performance);
    number(w, "total-seconds", t->total);
    brn_json_end_object(w);
}

void brn_results_json(const struct brn_evidence *e, struct brn_buffer *out)
{
    struct brn_json_writer w = {.out = out, .indent = 1};
    brn_json_begin_object(&w);
    text(&w, "format", "brine-evidence/1");
    text(&w, "decision", e->ships ? "ship" : "hold");
    checks(&w, e);
    model(&w, e);
    contract(&w, e);
    data(&w, e);
    evaluation(&w, e);
    fit(&w, e);
    text(&w, "brine", brine_version());
    timings(&w, &e->timings);
    brn_json_end_object(&w);
    brn_buffer_byte(out, '\n');
}
