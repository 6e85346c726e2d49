/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/metrics.h"

#include "base/number.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* Finer below 5 ms than OpenTelemetry's default, because a request takes microseconds here. */
static const uint64_t bounds_ns[] = {25000,    50000,     100000,    250000,     500000,
                                     1000000,  2500000,   5000000,   10000000,   25000000,
                                     50000000, 100000000, 250000000, 1000000000, 10000000000};
static const unsigned statuses[] = {200, 400, 404, 405, 408, 413, 415, 422, 500, 501, 503, 504, 0};

enum {
    ROUTES = BRN_MAX_ROUTES + 1, /* the last: no route matched */
    BOUNDS = sizeof bounds_ns / sizeof bounds_ns[0],
    STATUSES = sizeof statuses / sizeof statuses[0], /* the last: any other */
};

typedef atomic_uint_fast64_t counter;

struct brn_metrics {
    const struct brn_served *served;
    const char *const *routes;
    size_t route_count;
    double start_time; /* seconds since the epoch */
    counter requests[ROUTES][STATUSES];
    counter buckets[ROUTES][BOUNDS + 1];
    counter duration_ns[ROUTES];
    counter rows, refusals, timed_out;
    counter predictions[BRN_SERVED_OUTPUTS];
    atomic_int_fast64_t in_flight, connections;
    atomic_bool ready;
    const struct brn_rules *rules;
    counter violations[]; /* by rule */
};

struct brn_metrics *brn_metrics_new(const struct brn_served *served, const struct brn_rules *rules,
                                    const char *const *routes, size_t route_count)
{
    struct brn_metrics *m;
    size_t rule_count = rules ? brn_rules_count(rules) : 0;
    m = calloc(1, sizeof *m + rule_count * sizeof m->violations[0]);
    if (!m)
        return NULL;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    m->served = served;
    m->rules = rules;
    m->routes = routes;
    m->route_count = route_count < ROUTES ? route_count : ROUTES - 1;
    m->start_time = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    return m;
}

void brn_metrics_free(struct brn_metrics *metrics)
{
    free(metrics);
}

/* ---- counting ---- */

static void add(counter *c, uint64_t n)
{
    atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static size_t status_place(unsigned status)
{
    size_t i = 0;
    while (statuses[i] && statuses[i] != status)
        i++;
    return i;
}

void brn_metrics_request(struct brn_metrics *metrics, int route, unsigned status,
                         uint64_t duration_ns)
{
    size_t r = route < 0 || route >= ROUTES ? ROUTES - 1 : (size_t)route, b = 0;
    while (b < BOUNDS && duration_ns > bounds_ns[b])
        b++;
    add(&metrics->requests[r][status_place(status)], 1);
    add(&metrics->buckets[r][b], 1);
    add(&metrics->duration_ns[r], duration_ns);
}

void brn_metrics_rows(struct brn_metrics *metrics, uint64_t rows)
{
    add(&metrics->rows, rows);
}

void brn_metrics_prediction(struct brn_metrics *metrics, const struct brn_served_output *output,
                            uint64_t rows)
{
    add(&metrics->predictions[output - metrics->served->outputs], rows);
}

void brn_metrics_refusal(struct brn_metrics *metrics)
{
    add(&metrics->refusals, 1);
}

void brn_metrics_timed_out(struct brn_metrics *metrics)
{
    add(&metrics->timed_out, 1);
}

int64_t brn_metrics_in_flight(struct brn_metrics *metrics, int change)
{
    return atomic_fetch_add(&metrics->in_flight, change) + change;
}

int64_t brn_metrics_connections(struct brn_metrics *metrics, int change)
{
    return atomic_fetch_add(&metrics->connections, change) + change;
}

void brn_metrics_ready(struct brn_metrics *metrics, bool is_ready)
{
    atomic_store(&metrics->ready, is_ready);
}

void brn_metrics_violations(struct brn_metrics *metrics, const uint64_t *counts)
{
    for (size_t i = 0; i < brn_rules_count(metrics->rules); i++)
        if (counts[i])
            add(&metrics->violations[i], counts[i]);
}

/* ---- text ---- */

static uint64_t value_of(counter *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

static void add_double(struct brn_buffer *out, double v)
{
    char text[BRN_NUMBER_TEXT];
    brn_buffer_add(out, text, brn_format_double(v, text));
}

/* {name="value"; the caller closes. */
static void add_label(struct brn_buffer *out, char open, const char *name, const char *value)
{
    brn_buffer_byte(out, open);
    brn_buffer_text(out, name);
    brn_buffer_text(out, "=\"");
    for (const char *p = value; *p; p++) {
        if (*p == '\\' || *p == '"' || *p == '\n')
            brn_buffer_byte(out, '\\');
        brn_buffer_byte(out, *p == '\n' ? 'n' : *p);
    }
    brn_buffer_byte(out, '"');
}

static const char *route_label(const struct brn_metrics *m, size_t r)
{
    return r < m->route_count ? m->routes[r] : "(none)";
}

static void write_requests(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    for (size_t r = 0; r < ROUTES; r++)
        for (size_t s = 0; s < STATUSES; s++) {
            uint64_t n = value_of(&m->requests[r][s]);
            if (n == 0)
                continue;
            brn_buffer_text(out, name);
            add_label(out, '{', "http_route", route_label(m, r));
            brn_buffer_printf(out, ",http_response_status_code=\"%u\"} %" PRIu64 "\n", statuses[s],
                              n);
        }
}

static void write_route_histogram(struct brn_metrics *m, size_t r, const char *name,
                                  struct brn_buffer *out)
{
    uint64_t total = 0;
    for (size_t b = 0; b <= BOUNDS; b++) {
        total += value_of(&m->buckets[r][b]);
        brn_buffer_printf(out, "%s_bucket", name);
        add_label(out, '{', "http_route", route_label(m, r));
        brn_buffer_text(out, ",le=\"");
        if (b < BOUNDS)
            add_double(out, (double)bounds_ns[b] / 1e9);
        else
            brn_buffer_text(out, "+Inf");
        brn_buffer_printf(out, "\"} %" PRIu64 "\n", total);
    }
    brn_buffer_printf(out, "%s_sum", name);
    add_label(out, '{', "http_route", route_label(m, r));
    brn_buffer_text(out, "} ");
    add_double(out, (double)value_of(&m->duration_ns[r]) / 1e9);
    brn_buffer_printf(out, "\n%s_count", name);
    add_label(out, '{', "http_route", route_label(m, r));
    brn_buffer_printf(out, "} %" PRIu64 "\n", total);
}

static void write_durations(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    for (size_t r = 0; r < ROUTES; r++) {
        bool any = false;
        for (size_t b = 0; b <= BOUNDS; b++)
            any = any || value_of(&m->buckets[r][b]) > 0;
        if (any)
            write_route_histogram(m, r, name, out);
    }
}

static void write_plain(struct brn_buffer *out, const char *name, int64_t value)
{
    brn_buffer_printf(out, "%s %" PRId64 "\n", name, value);
}

static void write_in_flight(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, atomic_load(&m->in_flight));
}

static void write_connections(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, atomic_load(&m->connections));
}

static void write_timed_out(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, (int64_t)value_of(&m->timed_out));
}

static void write_ready(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, atomic_load(&m->ready));
}

static void write_rows(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, (int64_t)value_of(&m->rows));
}

static void write_refusals(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    write_plain(out, name, (int64_t)value_of(&m->refusals));
}

static void write_predictions(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    for (size_t i = 0; i < m->served->output_count; i++) {
        brn_buffer_text(out, name);
        add_label(out, '{', "output", m->served->outputs[i].name);
        brn_buffer_printf(out, "} %" PRIu64 "\n", value_of(&m->predictions[i]));
    }
}

static void write_violations(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    for (size_t i = 0; m->rules && i < brn_rules_count(m->rules); i++) {
        const struct brn_rule *rule = brn_rules_at(m->rules, i);
        brn_buffer_text(out, name);
        add_label(out, '{', "column", rule->column ? rule->column : "");
        add_label(out, ',', "rule", rule->id);
        brn_buffer_printf(out, "} %" PRIu64 "\n", value_of(&m->violations[i]));
    }
}

static void write_model(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    const struct brn_instance *root = brn_model_root(m->served->model);
    brn_buffer_text(out, name);
    add_label(out, '{', "model", m->served->name);
    add_label(out, ',', "version", m->served->version);
    add_label(out, ',', "sha256", m->served->digest);
    add_label(out, ',', "estimator", root->estimator->name);
    add_label(out, ',', "scikit_learn", root->version_text ? root->version_text : "");
    add_label(out, ',', "contract", m->served->contract ? m->served->contract : "");
    brn_buffer_text(out, "} 1\n");
}

static void write_build(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    (void)m;
    brn_buffer_text(out, name);
    add_label(out, '{', "version", brine_version());
    brn_buffer_text(out, "} 1\n");
}

static void write_start(struct brn_metrics *m, const char *name, struct brn_buffer *out)
{
    brn_buffer_printf(out, "%s ", name);
    add_double(out, m->start_time);
    brn_buffer_byte(out, '\n');
}

static const struct metric {
    const char *name, *type, *help;
    void (*write)(struct brn_metrics *m, const char *name, struct brn_buffer *out);
} metrics_table[] = {
    {"brine_http_requests_total", "counter", "Answered requests by route and status.",
     write_requests},
    {"http_server_request_duration_seconds", "histogram",
     "From the last byte of a request to the last byte of its answer.", write_durations},
    {"brine_requests_in_flight", "gauge", "Requests being received, at work or being answered.",
     write_in_flight},
    {"brine_connections", "gauge", "Open connections.", write_connections},
    {"brine_connections_cut_off_total", "counter",
     "Connections closed because the client was too slow.", write_timed_out},
    {"brine_ready", "gauge", "1 when requests are admitted, 0 while draining.", write_ready},
    {"brine_rows_total", "counter", "Rows received that the contract, if any, let pass.",
     write_rows},
    {"brine_predictions_total", "counter", "Predictions given, by output.", write_predictions},
    {"brine_requests_refused_by_model_total", "counter",
     "Requests ended by a row that the model refuses.", write_refusals},
    {"brine_contract_violations_total", "counter",
     "Values that broke the data contract, by column and rule.", write_violations},
    {"brine_model_info", "gauge", "The served model, always 1.", write_model},
    {"brine_build_info", "gauge", "The serving program, always 1.", write_build},
    {"process_start_time_seconds", "gauge", "Start of the process, in seconds since 1970.",
     write_start},
};

enum { METRICS = sizeof metrics_table / sizeof metrics_table[0] };

void brn_metrics_write(struct brn_metrics *metrics, struct brn_buffer *out)
{
    for (size_t i = 0; i < METRICS; i++) {
        const struct metric *t = &metrics_table[i];
        brn_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", t->name, t->help, t->name, t->type);
        t->write(metrics, t->name, out);
    }
}

void brn_metrics_document(struct brn_buffer *out)
{
    brn_buffer_text(out, "| metric | type | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < METRICS; i++)
        brn_buffer_printf(out, "| `%s` | %s | %s |\n", metrics_table[i].name, metrics_table[i].type,
                          metrics_table[i].help);
}
