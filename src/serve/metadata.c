/* SPDX-License-Identifier: Apache-2.0
 *
 * The routes that tell about the server and the model. */
#include "serve/routes.h"

static void flag(struct brn_json_writer *w, const char *key, bool value)
{
    brn_json_key(w, key);
    brn_json_bool(w, value);
}

static void text(struct brn_json_writer *w, const char *key, const char *value)
{
    brn_json_key(w, key);
    brn_json_string(w, value);
}

void brn_handle_live(struct brn_exchange *x)
{
    struct brn_json_writer w = brn_reply_json(x, 200);
    brn_json_begin_object(&w);
    flag(&w, "live", true);
    brn_json_end_object(&w);
}

/* The specification writes {"live": …} for readiness too, KServe's client reads "ready": both are
 * told. */
void brn_handle_ready(struct brn_exchange *x)
{
    bool ready = atomic_load(&x->service->is_ready);
    struct brn_json_writer w = brn_reply_json(x, ready ? 200 : 503);
    brn_json_begin_object(&w);
    flag(&w, "live", true);
    flag(&w, "ready", ready);
    brn_json_end_object(&w);
}

void brn_handle_model_ready(struct brn_exchange *x)
{
    bool ready = atomic_load(&x->service->is_ready);
    struct brn_json_writer w = brn_reply_json(x, ready ? 200 : 503);
    brn_json_begin_object(&w);
    text(&w, "name", x->service->served->name);
    flag(&w, "ready", ready);
    brn_json_end_object(&w);
}

void brn_handle_server(struct brn_exchange *x)
{
    struct brn_json_writer w = brn_reply_json(x, 200);
    brn_json_begin_object(&w);
    text(&w, "name", "brine");
    text(&w, "version", brine_version());
    brn_json_key(&w, "extensions");
    brn_json_begin_array(&w);
    brn_json_string(&w, "binary_tensor_data");
    brn_json_end_array(&w);
    brn_json_end_object(&w);
}

/* ---- the model ---- */

/* width 0: one dimension. */
static void tensor(struct brn_json_writer *w, const char *name, const char *datatype, size_t width)
{
    brn_json_begin_object(w);
    text(w, "name", name);
    text(w, "datatype", datatype);
    brn_json_key(w, "shape");
    brn_json_begin_array(w);
    brn_json_int(w, -1);
    if (width)
        brn_json_uint(w, width);
    brn_json_end_array(w);
    brn_json_end_object(w);
}

static void inputs(struct brn_json_writer *w, const struct brn_served *s)
{
    brn_json_key(w, "inputs");
    brn_json_begin_array(w);
    if (!s->has_names)
        tensor(w, "input", "FP64", s->feature_count);
    for (size_t i = 0; s->has_names && i < s->feature_count; i++)
        tensor(w, s->names[i], brn_feature_datatype(&s->features[i]), 0);
    brn_json_end_array(w);
}

static void outputs(struct brn_json_writer *w, const struct brn_served *s)
{
    brn_json_key(w, "outputs");
    brn_json_begin_array(w);
    for (size_t i = 0; i < s->output_count; i++) {
        const struct brn_served_output *o = &s->outputs[i];
        tensor(w, o->name, o->datatype->name, o->is_vector ? 0 : o->width);
    }
    brn_json_end_array(w);
}

void brn_handle_model(struct brn_exchange *x)
{
    const struct brn_served *s = x->service->served;
    const struct brn_instance *root = brn_model_root(s->model);
    struct brn_json_writer w = brn_reply_json(x, 200);
    brn_json_begin_object(&w);
    text(&w, "name", s->name);
    brn_json_key(&w, "versions");
    brn_json_begin_array(&w);
    brn_json_string(&w, s->version);
    brn_json_end_array(&w);
    text(&w, "platform", "scikit-learn");
    inputs(&w, s);
    outputs(&w, s);
    brn_json_key(&w, "parameters");
    brn_json_begin_object(&w);
    text(&w, "sha256", s->digest);
    text(&w, "estimator", root->estimator->name);
    text(&w, "sklearn_version", root->version_text ? root->version_text : "");
    if (s->contract)
        text(&w, "contract", s->contract);
    brn_json_end_object(&w);
    brn_json_end_object(&w);
}

/* ---- MLflow, SageMaker, Prometheus ---- */

void brn_handle_ping(struct brn_exchange *x)
{
    bool ready = atomic_load(&x->service->is_ready);
    brn_reply_json(x, ready ? 200 : 503);
    brn_buffer_byte(&x->reply->body, '\n');
}

void brn_handle_version(struct brn_exchange *x)
{
    brn_reply_json(x, 200);
    x->reply->content_type = "text/plain";
    brn_buffer_text(&x->reply->body, brine_version());
}

void brn_handle_metrics(struct brn_exchange *x)
{
    brn_reply_json(x, 200);
    x->reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    brn_metrics_write(x->service->metrics, &x->reply->body);
}
