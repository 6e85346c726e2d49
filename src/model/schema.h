/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.h - what a step sees and what it makes: columns as slots of a row tile.
 *
 * Two shapes of the plan were weighed.  (1) Each step turns a table into a table, as scikit-learn
 * does: simple, but every step allocates, copies what it selects and switches on dtypes.  (2) Each
 * step is bound once, at load, to the slots of a tile where its inputs lie, and writes the slots of
 * the next tile: selecting columns costs nothing, estimators know two physical forms only (float64
 * and integer codes), and the steady state allocates nothing.  (2) was chosen because 180
 * estimators will live here and each then is a loop over numbers; the tree of estimators stays as
 * it is in the file, so that errors and proofs keep their paths.
 *
 * A column of the input has no form until a step asks for one: an encoder with text categories
 * makes it text, a scaler makes it a number.  Asked for both, it is lowered twice. */
#ifndef BRN_MODEL_SCHEMA_H
#define BRN_MODEL_SCHEMA_H

#include "base/map.h"
#include "brine.h"

/* ---- values that codes stand for ---- */

enum brn_value_kind {
    BRN_VALUE_NONE,
    BRN_VALUE_BOOL,
    BRN_VALUE_INT,
    BRN_VALUE_FLOAT,
    BRN_VALUE_TEXT
};

struct brn_value {
    enum brn_value_kind kind;
    union {
        bool boolean;
        int64_t integer;
        double real; /* NaN is scikit-learn's missing */
        struct brn_slice text;
    } as;
    bool single; /* a FLOAT that numpy holds as float32: its text has fewer digits */
};

/* Codes of rows that have no entry. */
enum { BRN_CODE_UNKNOWN = -1, BRN_CODE_MISSING = -2 };

/* Categories or class labels by code 0, 1, 2…; all are found by hash. */
struct brn_dictionary {
    bool
        nan_imputed; /* a step fills in NaN, but leaves None; a table file cannot tell them apart */
    struct brn_arena *arena;
    struct brn_map texts, numbers; /* text, or bytes of a number -> place in the codes */
    int32_t *text_codes, *number_codes;
    size_t text_capacity, number_capacity;
    struct brn_value *values; /* by code */
    size_t count, capacity;
};

void brn_dictionary_init(struct brn_dictionary *d, struct brn_arena *arena);

/* The value's code, new or old; BRN_CODE_MISSING for None and NaN.  BRN_CODE_UNKNOWN: memory is
 * out. A text is borrowed. */
int32_t brn_dictionary_add(struct brn_dictionary *d, struct brn_value value);

/* The code of a text, or BRN_CODE_UNKNOWN. */
int32_t brn_dictionary_text(const struct brn_dictionary *d, struct brn_slice text);

/* The code of a value that is there, or UNKNOWN. */
int32_t brn_dictionary_value(const struct brn_dictionary *d, struct brn_value value);

/* The code of a number among INT, FLOAT and BOOL values (Python: 1 == 1.0 == True), or UNKNOWN. */
int32_t brn_dictionary_number(const struct brn_dictionary *d, double value);

bool brn_value_equal(struct brn_value a, struct brn_value b);
bool brn_value_is_missing(struct brn_value v);                 /* None or NaN */
bool brn_value_number(struct brn_value v, double *ret_number); /* BOOL, INT and FLOAT */

/* As a name: a text itself, otherwise as Python's str() writes it.  NULL: memory is out. */
char *brn_value_text(struct brn_value v, struct brn_arena *arena);

/* ---- slots ---- */

/* Of the tile that slots lie in; it may grow while steps ask. */
struct brn_tile_layout {
    int32_t numbers, codes, documents;
    bool records;             /* of the model's input: rows are wanted as dicts, of any columns */
    struct brn_slot *derived; /* what brn_run_child works out after the step: a list */
    struct brn_arena *arena;
};

/* A step writes its outputs in one form.  Text that it made may be wanted in the other as well. */
enum brn_derived {
    BRN_NOT_DERIVED,
    BRN_DERIVED_CODE,     /* documents, looked up in the dictionary */
    BRN_DERIVED_DOCUMENT, /* codes, spelled out; a row with a code that has no text is refused */
};

/* What Python would hold where a slot has a number, as far as the step that wrote it knows: their
 * text differs. */
enum brn_numbers {
    BRN_NUMBERS_UNKNOWN,
    BRN_NUMBERS_WHOLE,
    BRN_NUMBERS_FLOAT,
    BRN_NUMBERS_BOOL,
    BRN_NUMBERS_TIME, /* seconds since 1970-01-01, without a time zone */
};

struct brn_slot {
    const char *name;                  /* of the feature, or NULL */
    int32_t number;                    /* its place among the tile's numbers, or -1 */
    int32_t code;                      /* its place among the tile's codes, or -1 */
    struct brn_dictionary *dictionary; /* what the codes stand for */
    int32_t document;                  /* its place among the tile's documents, or -1 */
    struct brn_tile_layout *layout;
    bool is_input;    /* a column of the model's input: may still be given a form */
    uint32_t feature; /* which, when is_input */
    bool is_raw; /* a step reads the input itself as numpy holds it: the dtype decides the answer */

    /* A column that a step passes on as it is (ColumnTransformer's passthrough): it takes the form
     * that is asked for, and asks its origin, in the tile before, for the same.  Its places are
     * kept free from the start, so that columns stay in order and the tile keeps its size. */
    struct brn_slot *origin;
    int32_t reserved_number, reserved_code, reserved_document;

    enum brn_derived derived;
    struct brn_slot *next_derived;
    enum brn_numbers numbers_are;
};

/* Rows are slots of a tile, or, from vectorizers on, compressed: then they are as wide as a
 * vocabulary and nearly all 0, there are no slots, and is_sparse holds.  A step that does not say
 * takes_compressed gets them as numbers all the same, from brn_run_child. */
struct brn_schema {
    size_t count;
    struct brn_slot **slots; /* shared between schemas that select from the same tile; NULL when
                                compressed */
    bool is_compressed;
    const char *const *names; /* when compressed: of the columns, or NULL */
    struct brn_tile_layout *layout;
    bool is_vector; /* of a transform: scikit-learn's array has one dimension */
    bool is_matrix; /* of a prediction of one column: scikit-learn's array has two dimensions all
                       the same */
    bool
        is_sparse; /* of a transform: scikit-learn's result is a sparse matrix, which keeps no -0 */
    uint8_t integer_bytes; /* of a transform: scikit-learn's array is of integers this wide; 0:
                              floats */
};

/* All of these return NULL when memory is out. */

/* A schema of count fresh slots, all numbers.  names may be NULL, or hold NULLs. */
struct brn_schema *brn_schema_numbers(struct brn_arena *arena, size_t count,
                                      const char *const *names);

/* The same, but column i is codes of dictionaries[i] where that is not NULL. */
struct brn_schema *brn_schema_mixed(struct brn_arena *arena, size_t count, const char *const *names,
                                    struct brn_dictionary *const *dictionaries);

/* The forms in which a step writes its columns. */
enum brn_form { BRN_FORM_NUMBER, BRN_FORM_CODE, BRN_FORM_DOCUMENT };

/* The same, but column i has forms[i]; dictionaries may be NULL when no column is codes. */
struct brn_schema *brn_schema_formed(struct brn_arena *arena, size_t count,
                                     const char *const *names, const enum brn_form *forms,
                                     struct brn_dictionary *const *dictionaries);

/* Makes column i of a fresh schema of numbers pass on origin. */
void brn_schema_pass(struct brn_schema *schema, size_t i, struct brn_slot *origin);

/* Column i is a text that a step wrote as a document. */
bool brn_schema_is_written_text(const struct brn_schema *schema, size_t i);

/* Compressed rows of count columns; names may be NULL, and are borrowed. */
struct brn_schema *brn_schema_compressed(struct brn_arena *arena, size_t count,
                                         const char *const *names);

/* The same columns as numbers, for a step that takes no compressed rows. */
struct brn_schema *brn_schema_expanded(struct brn_arena *arena,
                                       const struct brn_schema *compressed);

/* The name of column i, or NULL. */
const char *brn_schema_name(const struct brn_schema *schema, size_t i);

/* count slots of codes: class labels of count outputs. */
struct brn_schema *brn_schema_labels(struct brn_arena *arena, struct brn_dictionary *const *labels,
                                     size_t count);

/* A model's input: count columns without form. */
struct brn_schema *brn_schema_inputs(struct brn_arena *arena, size_t count,
                                     const char *const *names);

/* Columns of another schema, in the same tile. */
struct brn_schema *brn_schema_select(struct brn_arena *arena, const struct brn_schema *from,
                                     const size_t *columns, size_t count);

/* Column i as a number (text): its place in the tile's numbers (codes), or -1 when an earlier step
 * gave it the other form only.  *ret_dictionary may be added to: binding happens before any row.
 * -2: memory. */
int32_t brn_schema_number(const struct brn_schema *schema, size_t i);

/* Column i, when the input's, is read without scikit-learn's conversion to float. */
void brn_schema_mark_raw(const struct brn_schema *schema, size_t i);

/* The input's column that column i passes on untouched and that nobody has given a form, or NULL.
 */
const struct brn_slot *brn_schema_untouched(const struct brn_schema *schema, size_t i);

int32_t brn_schema_code(const struct brn_schema *schema, size_t i,
                        struct brn_dictionary **ret_dictionary);

/* Column i as a document, a text of its own that no dictionary need know: its place in the tile's
 * documents, or -1 when it is numbers. */
int32_t brn_schema_document(const struct brn_schema *schema, size_t i);

/* The rows of the table themselves, whatever columns they have (tile.h: table): false when the
 * schema is not the model's input. */
bool brn_schema_record(const struct brn_schema *schema);

/* Column i has been given the form of text, and not that of a number. */
static inline bool brn_schema_is_code(const struct brn_schema *schema, size_t i)
{
    return schema->slots[i]->code >= 0 && schema->slots[i]->number < 0;
}

#endif
