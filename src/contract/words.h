/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h - documents read by tables: one row a word, with its type, its place in a struct and its
 * meaning.
 *
 * The same rows read the contract, word its errors and make docs/contract.md.  A word that no row
 * has is an error with its line and column. */
#ifndef BRN_CONTRACT_WORDS_H
#define BRN_CONTRACT_WORDS_H

#include "base/json.h"

enum brn_word_kind {
    BRN_WORD_IGNORED, /* of the standard; nothing that brine does depends on it */
    BRN_WORD_TEXT,    /* const char *; a number or bool as it was written */
    BRN_WORD_NUMBER,  /* struct brn_optional */
    BRN_WORD_COUNT,   /* struct brn_optional, a whole number of 0 or more */
    BRN_WORD_BOOL,    /* bool */
    BRN_WORD_CHOICE,  /* int: the place in choices, from 1; 0 when absent */
    BRN_WORD_TEXTS,   /* struct brn_texts: a list, or one text */
    BRN_WORD_VALUES,  /* struct brn_value_list: a list of texts, numbers and bools */
    BRN_WORD_SCALAR,  /* const struct brn_json_value *: text, number or bool */
    BRN_WORD_OBJECT,  /* a struct, read by the words inside */
    BRN_WORD_LIST,    /* struct brn_list of such structs */
    BRN_WORD_SPECIAL, /* read by a function */
};

struct brn_optional {
    bool given;
    double value;
};

struct brn_texts {
    const char **at;
    size_t count;
};

struct brn_value_list {
    const struct brn_json_value *at;
    size_t count;
};

struct brn_list {
    void *at;
    size_t count;
};

struct brn_words;

struct brn_reading {
    struct brn_arena *arena;
    brine_error *err;
};

typedef brine_status brn_word_reader(const struct brn_reading *reading,
                                     const struct brn_json_value *value, void *member);

struct brn_word {
    const char *word;
    enum brn_word_kind kind;
    uint16_t offset;
    bool required;
    const char *doc;            /* meaning, unit, default */
    const char *const *choices; /* ended by NULL */
    const struct brn_words *inside;
    brn_word_reader *read; /* of SPECIAL */
};

/* The first member of every struct that is read so is "const struct brn_json_value *source". */
struct brn_words {
    const char *title; /* "a column" */
    size_t size;
    const struct brn_word *rows; /* ended by a word of NULL */
    brn_word_reader *finish;     /* checks the whole struct; or NULL */
};

/* Fills *self (zeroed, words->size bytes) from an OBJECT. */
brine_status brn_words_read(const struct brn_reading *reading, const struct brn_words *words,
                            const struct brn_json_value *value, void *self);

/* The place of text in choices, from 1, or an error that lists them. */
brine_status brn_words_choice(const struct brn_reading *reading, const struct brn_json_value *value,
                              const char *const *choices, int *ret_choice);

/* The text of a scalar as it was written, NUL-terminated; an error for lists and objects. */
brine_status brn_words_text(const struct brn_reading *reading, const struct brn_json_value *value,
                            const char **ret_text);

/* BRINE_FORMAT about the place of value. */
brine_status brn_words_fail(const struct brn_reading *reading, const struct brn_json_value *value,
                            const char *format, ...) BRN_PRINTF(3, 4);

#endif
