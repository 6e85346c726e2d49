/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"
#include "contract/rows.h"
#include "serve/routes.h"
#include "serve/server.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* ---- options ---- */

struct settings {
    uint64_t port, threads, work, answer, deadline_ms, body, buffered, header, in_flight,
        connections, idle, request, drain;
};

/* One row a number: its option, default, bounds and place. */
static const struct setting {
    const char *option;
    uint64_t value, least, most;
    size_t offset;
} setting_rows[] = {
    {"--port", 8080, 0, 65535, offsetof(struct settings, port)},
    {"--threads", 0, 0, 256, offsetof(struct settings, threads)},
    {"--max-work", 1 << 30, 1 << 20, UINT64_MAX, offsetof(struct settings, work)},
    {"--max-answer", 256 << 20, 1 << 10, UINT64_MAX, offsetof(struct settings, answer)},
    {"--deadline-ms", 10000, 0, 86400000, offsetof(struct settings, deadline_ms)},
    {"--max-body", 64 << 20, 1, UINT32_MAX, offsetof(struct settings, body)},
    {"--max-buffered", 512 << 20, 1, UINT64_MAX, offsetof(struct settings, buffered)},
    {"--max-header", 32 << 10, 1 << 10, 1 << 24, offsetof(struct settings, header)},
    {"--max-in-flight", 256, 1, 100000, offsetof(struct settings, in_flight)},
    {"--max-connections", 1000, 1, 100000, offsetof(struct settings, connections)},
    {"--idle-seconds", 60, 1, 86400, offsetof(struct settings, idle)},
    {"--request-seconds", 30, 1, 86400, offsetof(struct settings, request)},
    {"--drain-seconds", 20, 0, 86400, offsetof(struct settings, drain)},
};

static const struct brn_option options[] = {
    {"--contract", "FILE", "check rows by this data contract before predicting"},
    {"--host", "HOST", "address to listen on (default 127.0.0.1: this machine only)"},
    {"--port", "N", "port (default 8080; 0: a free one, told on standard error)"},
    {"--threads", "N", "event loops (default: one a core)"},
    {"--model-name", "NAME", "name to serve it under (default: the file's stem)"},
    {"--model-version", "V", "version to serve it under (default 1)"},
    {"--log", NULL, "one line of JSON a request on standard error; never rows"},
    {"--deadline-ms", "N", "longest work on one request, then 504 (default 10,000; 0: no limit)"},
    {"--max-body", "BYTES", "largest body, else 413 (default 64M)"},
    {"--max-answer", "BYTES", "largest answer (default 256M)"},
    {"--max-header", "BYTES", "largest header (default 32k)"},
    {"--max-work", "BYTES", "memory that requests may take, each thread (default 1G)"},
    {"--max-buffered", "BYTES", "all bodies being received, else 503 (default 512M)"},
    {"--max-in-flight", "N", "requests at once, else 503 (default 256)"},
    {"--max-connections", "N", "connections of one thread; more wait (default 1000)"},
    {"--idle-seconds", "N", "time for a client to send a header (default 60)"},
    {"--request-seconds", "N", "time to send a body, and to take an answer (default 30)"},
    {"--drain-seconds", "N", "time for requests in flight after SIGTERM (default 20)"},
    {"--document", NULL, "print the tables of routes and metrics as Markdown, and stop"},
    BRN_MODEL_OPTIONS,
    BRN_LIMIT_OPTIONS,
    {NULL, NULL, NULL},
};

static bool read_setting(const struct brn_invocation *v, const struct setting *row,
                         struct settings *settings)
{
    uint64_t value = row->value;
    if (!brn_given_uint(v, row->option, &value))
        return false;
    if (value < row->least || value > row->most) {
        fprintf(stderr, "brine serve: %s must be from %" PRIu64 " to %" PRIu64 "\n", row->option,
                row->least, row->most);
        return false;
    }
    memcpy((char *)settings + row->offset, &value, sizeof value);
    return true;
}

static bool read_settings(const struct brn_invocation *v, struct settings *settings)
{
    for (size_t i = 0; i < sizeof setting_rows / sizeof setting_rows[0]; i++)
        if (!read_setting(v, &setting_rows[i], settings))
            return false;
    return true;
}

static struct brn_http_limits http_limits(const struct settings *s)
{
    const uint64_t second = 1000000000U;
    return (struct brn_http_limits){
        .max_body = s->body,
        .max_buffered = s->buffered,
        .max_header = s->header,
        .max_in_flight = (uint32_t)s->in_flight,
        .max_connections = (uint32_t)s->connections,
        .idle_ns = s->idle * second,
        .request_ns = s->request * second,
        .drain_ns = s->drain * second,
    };
}

/* ---- what the loops tell ---- */

static void on_listening(void *closure, const char *host, uint16_t port)
{
    const struct brn_served *served = closure;
    bool is_v6 = strchr(host, ':') != NULL;
    fprintf(stderr, "brine: serving %s at http://%s%s%s:%u/\n", served->name, is_v6 ? "[" : "",
            host, is_v6 ? "]" : "", port);
    bool is_local =
        strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
    if (!is_local)
        fprintf(stderr, "brine: whoever reaches this address may use it: there is no "
                        "authentication here\n");
}

/* UTC with milliseconds. */
static void write_time(struct brn_json_writer *w)
{
    struct timespec now;
    struct tm parts;
    char text[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + n, sizeof text - n, ".%03dZ", (int)(now.tv_nsec / 1000000));
    brn_json_key(w, "time");
    brn_json_string(w, text);
}

static void write_number(struct brn_json_writer *w, const char *key, uint64_t value)
{
    brn_json_key(w, key);
    brn_json_uint(w, value);
}

/* The route's pattern, not the path: a path may hold what is not ours to keep. */
static void write_record(const struct brn_http_record *record, struct brn_buffer *line)
{
    struct brn_json_writer w = {.out = line};
    int route = record->reply->route;
    brn_json_begin_object(&w);
    write_time(&w);
    brn_json_key(&w, "route");
    brn_json_string(&w, route < 0 ? "(none)" : brn_route_patterns[route]);
    write_number(&w, "status", record->reply->status);
    write_number(&w, "rows", record->reply->rows);
    write_number(&w, "bytes_in", record->request->body.n);
    write_number(&w, "bytes_out", record->reply->body.size);
    write_number(&w, "duration_us", record->duration_ns / 1000);
    brn_json_key(&w, "complete");
    brn_json_bool(&w, record->is_complete);
    brn_json_end_object(&w);
    brn_buffer_byte(line, '\n');
}

static void log_request(void *closure, const struct brn_http_record *record)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct brn_buffer line; /* kept between requests */
    (void)closure;
    pthread_mutex_lock(&lock);
    line.size = 0;
    line.failed = false;
    write_record(record, &line);
    fwrite(line.data, 1, line.size, stderr);
    pthread_mutex_unlock(&lock);
}

/* ---- what is served ---- */

struct offer {
    struct brn_arena arena;
    brine_model *model;
    struct brn_contract *contract;
    struct brn_rules *rules;
    struct brn_served served;
    bool is_served;
    char digest[65];
};

static void free_offer(struct offer *o)
{
    if (o->is_served)
        brn_served_free(&o->served);
    brn_rules_free(o->rules);
    brn_contract_free(o->contract);
    brine_model_unref(o->model);
    brn_arena_free(&o->arena);
}

/* "models/churn.joblib" is "churn"; "model.pkl.gz" is "model". */
static const char *stem(const char *path, struct brn_arena *arena)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = *name == '.' ? strlen(name) : strcspn(name, ".");
    const char *text = brn_arena_text(arena, (struct brn_slice){(const uint8_t *)name, n});
    return text ? text : "model";
}

/* A value of the contract as Python's str() writes a label. */
static struct brn_slice label_text(const struct brn_json_value *value)
{
    if (!value)
        return (struct brn_slice){NULL, 0};
    if (value->kind == BRN_JSON_BOOL)
        return brn_slice_of(value->boolean ? "True" : "False");
    return value->text;
}

static struct brn_served_terms terms_of(const struct brn_contract *contract,
                                        struct brn_arena *arena)
{
    const struct brn_model_part *m = &contract->brine.model;
    const char *name = contract->name ? contract->name : contract->id;
    return (struct brn_served_terms){
        .contract = brn_arena_printf(arena, "%s %s", name ? name : "",
                                     contract->version ? contract->version : ""),
        .features = m->features.count ? (const char *const *)m->features.at : NULL,
        .feature_count = m->features.count,
        .positive = label_text(m->positive),
        .threshold = m->decision_threshold.given ? m->decision_threshold.value : (double)NAN,
    };
}

static int load_contract(const char *path, struct offer *o)
{
    brine_error err;
    size_t count;
    const struct brn_feature *features = brn_model_features(o->model, &count);
    brine_status status = brn_contract_load(path, &o->contract, &err);
    if (status == BRINE_OK)
        status = brn_rows_compile(o->contract, features, count, BRN_ROWS_ONLINE, &o->rules, &err);
    if (status == BRINE_OK)
        return 0;
    brn_report_error(path, &err);
    return 2;
}

static int load_model(const struct brn_invocation *v, struct offer *o)
{
    brine_file *file;
    int code = brn_load_file_and_model(v, v->arguments[0], &file, &o->model);
    if (code)
        return code;
    brn_digest_hex(brn_file_digest(file), o->digest);
    brn_file_close(file);
    return 0;
}

/* A contract may name the file that it is about by digest; another one is not served under it. */
static int check_digest(const struct brn_contract *contract, const struct offer *o)
{
    const char *wanted = contract->brine.model.sha256;
    if (!wanted || strcmp(wanted, o->digest) == 0)
        return 0;
    fprintf(stderr, "brine: the contract is about a model with SHA-256 %s, this one has %s\n",
            wanted, o->digest);
    return 1;
}

static int make_served(const struct brn_invocation *v, struct offer *o)
{
    brine_error err;
    struct brn_served_terms terms;
    if (o->contract)
        terms = terms_of(o->contract, &o->arena);
    const char *name = brn_given_text(v, "--model-name", stem(v->arguments[0], &o->arena));
    const char *version = brn_given_text(v, "--model-version", "1");
    if (brn_served_init(&o->served, o->model, name, version, o->contract ? &terms : NULL, &err) !=
        BRINE_OK) {
        brn_report_error(v->arguments[0], &err);
        return 1;
    }
    o->is_served = true;
    memcpy(o->served.digest, o->digest, sizeof o->digest);
    return 0;
}

static int make_offer(const struct brn_invocation *v, struct offer *o)
{
    const char *contract = brn_given_text(v, "--contract", NULL);
    int code = load_model(v, o);
    if (!code && contract)
        code = load_contract(contract, o);
    if (!code && contract)
        code = check_digest(o->contract, o);
    return code ? code : make_served(v, o);
}

/* ---- the whole ---- */

static int serve(const struct brn_invocation *v, const struct settings *s, struct offer *o)
{
    brine_error err;
    struct brn_service service = {
        .served = &o->served,
        .rules = o->rules,
        .metrics = brn_metrics_new(&o->served, o->rules, brn_route_patterns, brn_route_count()),
        .max_answer = s->answer,
        .deadline_ns = s->deadline_ms * 1000000U,
    };
    struct brn_server_options server = {
        .host = brn_given_text(v, "--host", "127.0.0.1"),
        .port = (uint16_t)s->port,
        .threads = (unsigned)s->threads,
        .work_limit = s->work,
        .limits = http_limits(s),
        .on_listening = on_listening,
        .observe = brn_given_switch(v, "--log") ? log_request : NULL,
        .closure = &o->served,
    };
    brine_status status =
        service.metrics ? brn_server_run(&service, &server, &err) : brn_fail_memory(&err);
    brn_metrics_free(service.metrics);
    if (status == BRINE_OK)
        return BRN_EXIT_OK;
    brn_report_error("serve", &err);
    return 2;
}

static int print_document(void)
{
    struct brn_buffer out = {.data = NULL};
    brn_routes_document(&out);
    brn_buffer_byte(&out, '\n');
    brn_metrics_document(&out);
    fwrite(out.data, 1, out.size, stdout);
    brn_buffer_free(&out);
    return BRN_EXIT_OK;
}

static int run(const struct brn_invocation *invocation)
{
    struct settings settings;
    struct offer offer = {.model = NULL};
    if (brn_given_switch(invocation, "--document"))
        return print_document();
    if (invocation->argument_count == 0) {
        fprintf(stderr, "brine serve: which model? \"brine serve --help\" tells more\n");
        return BRN_EXIT_USAGE;
    }
    if (!read_settings(invocation, &settings))
        return BRN_EXIT_USAGE;
    brn_arena_init(&offer.arena, 0);
    int code = make_offer(invocation, &offer);
    if (!code)
        code = serve(invocation, &settings, &offer);
    free_offer(&offer);
    return code;
}

const struct brn_command brn_command_serve = {
    .name = "serve",
    .arguments = "MODEL",
    .min_arguments = 0,
    .max_arguments = 1,
    .summary = "answer requests for predictions over HTTP",
    .description =
        "Serves one model: the Open Inference Protocol v2 (REST, JSON and binary tensors), "
        "MLflow's\n"
        "/invocations, Prometheus's /metrics, and a page at /.  With a contract, rows are checked\n"
        "before they are predicted, and answered 422 with every violation when they break it.\n"
        "SIGTERM and SIGINT: readiness goes false, what is in flight is finished.\n"
        "Exit codes: 0 ended by a signal, 1 the model or its contract is refused, 2 unreadable or "
        "the\n"
        "address cannot be listened on, 64 usage.",
    .example = "brine serve demo/models/clean-boosted.joblib --contract demo/contract.odcs.yaml",
    .options = options,
    .run = run,
};
