/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of docs/contract.md are those that the reader uses.  When they differ, the fresh text
 * is left under the build directory, to be put between the two marks of the document. */
#include "contract/contract.h"
#include "io/file.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

static const char begin_mark[] = "<!-- words: made from the tables of src/contract -->\n";
static const char end_mark[] = "<!-- end of words -->\n";

static const char *const kind_names[] = {
    [BRN_WORD_IGNORED] = "",         [BRN_WORD_TEXT] = "text",
    [BRN_WORD_NUMBER] = "number",    [BRN_WORD_COUNT] = "whole number",
    [BRN_WORD_BOOL] = "true, false", [BRN_WORD_CHOICE] = "",
    [BRN_WORD_TEXTS] = "texts",      [BRN_WORD_VALUES] = "values",
    [BRN_WORD_SCALAR] = "value",     [BRN_WORD_OBJECT] = "words",
    [BRN_WORD_LIST] = "list",        [BRN_WORD_SPECIAL] = "words",
};

static void type_of(const struct brn_word *w, struct brn_buffer *out)
{
    if (w->kind != BRN_WORD_CHOICE) {
        brn_buffer_text(out, kind_names[w->kind]);
        return;
    }
    for (const char *const *c = w->choices; *c; c++)
        brn_buffer_printf(out, "%s`%s`", c == w->choices ? "" : " ", *c);
}

/* A bar would end a cell. */
static void cell(const char *text, struct brn_buffer *out)
{
    for (; *text; text++) {
        if (*text == '|')
            brn_buffer_byte(out, '\\');
        brn_buffer_byte(out, *text);
    }
}

static void ignored(const struct brn_words *words, struct brn_buffer *out)
{
    bool any = false;
    for (const struct brn_word *w = words->rows; w->word; w++) {
        if (w->kind != BRN_WORD_IGNORED || strcmp(w->word, "check") == 0)
            continue;
        brn_buffer_printf(out, "%s`%s`", any ? " " : "\nTaken, and not used: ", w->word);
        any = true;
    }
    brn_buffer_text(out, any ? "\n" : "");
}

enum { MAX_SECTIONS = 64 };

struct document {
    const struct brn_words *sections[MAX_SECTIONS]; /* each is written once */
    size_t count;
    struct brn_buffer text;
};

static bool is_new(struct document *d, const struct brn_words *words)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->sections[i] == words)
            return false;
    if (d->count == MAX_SECTIONS)
        return false;
    d->sections[d->count++] = words;
    return true;
}

/* The tables nest a handful of levels, by design. */
static void section(struct document *d, const struct brn_words *words)
{
    if (!is_new(d, words))
        return;
    brn_buffer_printf(&d->text, "\n### %s\n\n| word | type | meaning |\n|---|---|---|\n",
                      words->title);
    for (const struct brn_word *w = words->rows; w->word; w++) {
        if (w->kind == BRN_WORD_IGNORED)
            continue;
        brn_buffer_printf(&d->text, "| `%s`%s | ", w->word, w->required ? " (needed)" : "");
        type_of(w, &d->text);
        brn_buffer_text(&d->text, " | ");
        cell(w->doc, &d->text);
        brn_buffer_text(&d->text, " |\n");
    }
    ignored(words, &d->text);
    for (const struct brn_word *w = words->rows; w->word; w++)
        if (w->inside)
            section(d, w->inside);
}

static void generate(struct document *d)
{
    section(d, &brn_words_document);
    section(d, &brn_words_column_custom);
    for (const struct brn_words *w = brn_words_checks; w->title; w++)
        section(d, w);
    section(d, &brn_words_brine);
}

TEST(contract_document_is_that_of_the_tables)
{
    struct document d = {.count = 0};
    struct brn_bytes file;
    brine_error err;
    generate(&d);
    brn_buffer_byte(&d.text, '\0');
    struct brn_buffer fresh = d.text;
    const char *path = brn_test_path("contract-words.md");
    brn_file_write(path, (struct brn_slice){fresh.data, fresh.size - 1}, NULL);
    REQUIRE_OK(brn_file_read(BRINE_SOURCE_DIR "/docs/contract.md", 1 << 20, false, &file, &err),
               &err);
    char *text = calloc(1, file.view.n + 1);
    REQUIRE(text != NULL);
    memcpy(text, file.view.p, file.view.n);
    char *from = strstr(text, begin_mark), *to = strstr(text, end_mark);
    if (CHECK(from && to)) {
        *to = '\0';
        brn_test_check(strcmp(from + sizeof begin_mark - 1, (const char *)fresh.data) == 0,
                       __FILE__, __LINE__,
                       "docs/contract.md is not that of the tables; fresh ones: %s", path);
    }
    free(text);
    brn_bytes_free(&file);
    brn_buffer_free(&fresh);
}
