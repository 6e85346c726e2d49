/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect.h"
#include "pickle/repr.h"

#include <stdlib.h>

enum { MOST_ROWS = 12 };

static void put_title(const struct brn_inspection *v, const char *title, struct brn_buffer *out)
{
    brn_buffer_printf(out, "\n%s%s%s\n", v->color ? "\033[1m" : "", title,
                      v->color ? "\033[0m" : "");
}

static size_t rows(const struct brn_inspection *v, size_t count)
{
    return v->all || count <= MOST_ROWS + 1 ? count : MOST_ROWS;
}

static void put_rest(size_t shown, size_t count, const char *what, struct brn_buffer *out)
{
    if (shown == count)
        return;
    brn_buffer_text(out, "  … ");
    brn_put_count(count - shown, out);
    brn_buffer_printf(out, " more %s (--all)\n", what);
}

/* Bytes, right-aligned. */
static void put_size(uint64_t bytes, struct brn_buffer *out)
{
    struct brn_buffer text = {0};
    brn_put_bytes(bytes, &text);
    brn_buffer_printf(out, "%10.*s", BRN_S(brn_buffer_view(&text)));
    brn_buffer_free(&text);
}

static void put_share(uint64_t part, uint64_t whole, struct brn_buffer *out)
{
    brn_buffer_printf(out, "  %5.1f %%  ", whole ? 100 * (double)part / (double)whole : 0.0);
    put_size(part, out);
}

/* ---- the head ---- */

static void put_container(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brine_file *f = v->file;
    brn_put_bytes(f->bytes.view.n, out);
    brn_buffer_printf(out, ", %s, ", v->traits.container);
    if (!f->codec) {
        brn_buffer_text(out, "not compressed");
        return;
    }
    brn_buffer_printf(out, "compressed (%s): ", f->codec);
    brn_put_bytes(f->content.n, out);
    double ratio = f->bytes.view.n ? (double)f->content.n / (double)f->bytes.view.n : 0;
    brn_buffer_printf(out, " expanded, %.1f times as much", ratio);
}

static void put_head(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_graph *g = &v->file->graph;
    char digest[65];
    brn_digest_hex(brn_file_digest(v->file), digest);
    brn_repr_name(brn_slice_of(v->path), out);
    brn_buffer_text(out, "\n  ");
    put_container(v, out);
    brn_buffer_printf(out, "\n  pickle protocol %u; ", g->protocol);
    brn_put_count(v->survey.values, out);
    brn_buffer_printf(out, " values, nested %u deep\n  sha256 %s\n", g->max_depth, digest);
}

/* ---- versions ---- */

static bool same_version(struct brn_slice a, struct brn_slice b)
{
    return a.p && b.p ? brn_slice_equal(a, b) : !a.p && !b.p;
}

static bool is_new_version(const struct brn_survey *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (s->classes[k].is_estimator &&
            same_version(s->classes[k].version, s->classes[i].version))
            return false;
    return s->classes[i].is_estimator;
}

static uint64_t objects_of_version(const struct brn_survey *s, struct brn_slice version)
{
    uint64_t count = 0;
    for (size_t i = 0; i < s->class_count; i++)
        if (s->classes[i].is_estimator && same_version(s->classes[i].version, version))
            count += s->classes[i].count;
    return count;
}

static void put_versions(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_survey *s = &v->survey;
    const char *const eras[] = {v->traits.joblib, v->traits.numpy, v->traits.python};
    put_title(v, "WRITTEN BY", out);
    for (size_t i = 0; i < s->class_count; i++) {
        if (!is_new_version(s, i))
            continue;
        brn_buffer_text(out, s->classes[i].version.p ? "  scikit-learn " : "  no version named");
        brn_repr_name(s->classes[i].version, out);
        brn_buffer_text(out, " (");
        uint64_t count = objects_of_version(s, s->classes[i].version);
        brn_put_count(count, out);
        brn_buffer_text(out, count == 1 ? " object)\n" : " objects)\n");
    }
    for (size_t i = 0; i < 3; i++)
        if (eras[i])
            brn_buffer_printf(out, "  %s\n", eras[i]);
}

/* ---- estimators, arrays, places ---- */

static void put_estimators(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_survey *s = &v->survey;
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < s->class_count; i++)
        count += s->classes[i].is_estimator;
    if (count == 0)
        return;
    put_title(v, "ESTIMATORS AND OTHER LIBRARY OBJECTS", out);
    for (size_t i = 0; i < s->class_count && shown < rows(v, count); i++) {
        if (!s->classes[i].is_estimator)
            continue;
        shown++;
        brn_buffer_printf(out, "  %5llu  ", (unsigned long long)s->classes[i].count);
        brn_repr_atom(s->classes[i].class, 0, out);
        brn_buffer_printf(out, "%s%s\n", s->classes[i].path[0] ? "  at " : "", s->classes[i].path);
    }
    put_rest(shown, count, "classes", out);
}

static int by_array_bytes(const void *a, const void *b)
{
    uint64_t x = (*(const struct brn_survey_array *const *)a)->bytes;
    uint64_t y = (*(const struct brn_survey_array *const *)b)->bytes;
    return (x < y) - (x > y);
}

static const char *storage(const struct brn_survey_array *a)
{
    return a->beside ? "in a file beside" : a->in_stream ? "raw" : "in the pickle";
}

static void put_array_rows(const struct brn_inspection *v, const struct brn_survey_array **sorted,
                           struct brn_buffer *out)
{
    size_t count = v->survey.array_count, shown = rows(v, count);
    qsort(sorted, count, sizeof *sorted, by_array_bytes);
    for (size_t i = 0; i < shown; i++) {
        put_size(sorted[i]->bytes, out);
        brn_buffer_printf(out, "  %-28s %s  (%s)\n", sorted[i]->description,
                          sorted[i]->path[0] ? sorted[i]->path : "the whole content",
                          storage(sorted[i]));
    }
    put_rest(shown, count, "arrays", out);
}

static void put_arrays(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_survey *s = &v->survey;
    uint64_t bytes = 0;
    if (s->array_count == 0)
        return;
    const struct brn_survey_array **sorted = calloc(s->array_count, sizeof *sorted);
    out->failed |= !sorted;
    for (size_t i = 0; i < s->array_count && sorted; i++) {
        sorted[i] = &s->arrays[i];
        bytes += s->arrays[i].bytes;
    }
    put_title(v, "ARRAYS, LARGEST FIRST", out);
    if (sorted)
        put_array_rows(v, sorted, out);
    brn_buffer_text(out, "  ");
    brn_put_count(s->array_count, out);
    brn_buffer_text(out, s->array_count == 1 ? " array, " : " arrays, ");
    brn_put_bytes(bytes, out);
    brn_buffer_text(out, " in all\n");
    free(sorted);
}

static int by_place_bytes(const void *a, const void *b)
{
    uint64_t x = (*(const struct brn_survey_place *const *)a)->bytes;
    uint64_t y = (*(const struct brn_survey_place *const *)b)->bytes;
    return (x < y) - (x > y);
}

static void put_place_rows(const struct brn_inspection *v, const struct brn_survey_place **sorted,
                           struct brn_buffer *out)
{
    size_t count = v->survey.place_count, shown = rows(v, count);
    qsort(sorted, count, sizeof *sorted, by_place_bytes);
    for (size_t i = 0; i < shown; i++) {
        put_share(sorted[i]->bytes, v->survey.pickle_bytes, out);
        brn_buffer_text(out, "  ");
        size_t place = (size_t)(sorted[i] - v->survey.places);
        brn_survey_path(&v->survey, place, out);
        brn_buffer_text(out, place ? "" : "(the object itself)");
        if (sorted[i]->values > 1) {
            brn_buffer_text(out, "  × ");
            brn_put_count(sorted[i]->values, out);
        }
        brn_buffer_byte(out, '\n');
    }
    put_rest(shown, count, "places", out);
}

static void put_places(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_survey_place **sorted = calloc(v->survey.place_count, sizeof *sorted);
    out->failed |= !sorted;
    for (size_t i = 0; i < v->survey.place_count && sorted; i++)
        sorted[i] = &v->survey.places[i];
    put_title(v, "SIZES BY ATTRIBUTE, LARGEST FIRST", out);
    if (sorted)
        put_place_rows(v, sorted, out);
    free(sorted);
}

/* ---- bytes and oddities ---- */

/* Opcodes carry arrays inside where joblib did not take them out. */
static uint64_t bytes_in_opcodes(const struct brn_survey *s)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < s->array_count; i++)
        if (!s->arrays[i].beside && !s->arrays[i].in_stream && !s->arrays[i].of_objects)
            bytes += s->arrays[i].bytes;
    return bytes;
}

static void put_byte_map(const struct brn_inspection *v, struct brn_buffer *out)
{
    uint64_t whole = v->file->content.n;
    put_title(v, "BYTE MAP", out);
    for (int kind = BRN_SEGMENT_OPCODES; kind <= BRN_SEGMENT_UNREAD; kind++) {
        uint64_t bytes = brn_segment_bytes(&v->file->graph, (enum brn_segment_kind)kind);
        if (!bytes)
            continue;
        put_share(bytes, whole, out);
        brn_buffer_printf(out, "  %s", brn_segment_name((enum brn_segment_kind)kind));
        uint64_t inside = kind == BRN_SEGMENT_OPCODES ? bytes_in_opcodes(&v->survey) : 0;
        if (inside) {
            brn_buffer_text(out, ", of which array data ");
            brn_put_bytes(inside, out);
        }
        brn_buffer_byte(out, '\n');
    }
    put_share(whole, whole, out);
    brn_buffer_printf(out, "  = %llu bytes%s\n", (unsigned long long)whole,
                      v->file->codec ? " expanded" : "");
    if (v->file->codec_trailing)
        brn_buffer_printf(out, "  and %llu bytes behind the compressed stream, not read\n",
                          (unsigned long long)v->file->codec_trailing);
}

static void put_oddities(const struct brn_inspection *v, struct brn_buffer *out)
{
    const struct brn_graph *g = &v->file->graph;
    size_t shown = rows(v, g->oddity_count);
    if (g->oddity_count == 0)
        return;
    put_title(v, "ODDITIES", out);
    for (size_t i = 0; i < shown; i++)
        brn_buffer_printf(out, "  %s at byte %llu: %s\n", g->oddities[i].rule,
                          (unsigned long long)g->oddities[i].offset, g->oddities[i].detail);
    put_rest(shown, g->oddity_count, "oddities", out);
}

void brn_inspect_text(const struct brn_inspection *v, struct brn_buffer *out)
{
    put_head(v, out);
    put_versions(v, out);
    put_title(v, "CONTENT", out);
    brn_inspect_tree(v, out);
    put_estimators(v, out);
    put_arrays(v, out);
    put_places(v, out);
    put_byte_map(v, out);
    put_oddities(v, out);
}
