/* SPDX-License-Identifier: Apache-2.0
 *
 * estimator.h - what one file under estimators/ provides: a family of classes.
 *
 * A class is one const struct brn_estimator: names, a field table that decodes the pickled object
 * (and tells what is missing, prints in inspect and in the documents), prepare() that checks
 * everything the kernels rely on, bind() that finds the inputs' places and says the outputs, and a
 * run function a method. */
#ifndef BRN_MODEL_ESTIMATOR_H
#define BRN_MODEL_ESTIMATOR_H

#include "model/tile.h"
#include "model/version.h"
#include "pickle/numpy.h"

struct brn_build;
struct brn_instance;
struct brn_estimator;

/* ---- fields ---- */

/* A numeric array as float64 in C order.  One dimension is one row; none is 1 x 1. */
struct brn_matrix {
    double *values;
    size_t rows, columns;
    uint32_t dimensions;
    char kind; /* numpy's, of the stored array: b i u f */
    uint8_t itemsize;
    bool present;
};

/* One dimension of anything: strings, numbers, bools, None (object arrays, lists, numpy arrays). */
struct brn_values {
    struct brn_value *at;
    size_t count;
    bool present;
    char kind; /* of a numpy array: U S O i u f b; 'l' for a list */
};

struct brn_instances {
    struct brn_instance **at;
    size_t count;
};

enum brn_field_kind {
    BRN_FIELD_IGNORED,  /* known not to matter for prediction; doc says why */
    BRN_FIELD_BOOL,     /* bool */
    BRN_FIELD_INT,      /* int64_t; Python or numpy integer */
    BRN_FIELD_NUMBER,   /* double; Python or numpy number */
    BRN_FIELD_TEXT,     /* const char * (NUL-terminated); NULL when the value is None */
    BRN_FIELD_MATRIX,   /* struct brn_matrix */
    BRN_FIELD_VALUES,   /* struct brn_values */
    BRN_FIELD_CHILD,    /* struct brn_instance *: an estimator; NULL when the value is None */
    BRN_FIELD_CHILDREN, /* struct brn_instances: a list, or an object array of any shape, of
                           estimators */
    BRN_FIELD_NODE,     /* const struct brn_node *: for prepare() to read */
};

struct brn_field {
    const char *attribute; /* scikit-learn's name */
    enum brn_field_kind kind;
    uint16_t offset;          /* in the struct that the estimator's size is of */
    bool optional;            /* absent: the member stays zero */
    brn_version since, until; /* writers that have it, as brn_version_within */
    const char *doc;
};

#define BRN_FIELD(type, member, attribute, kind, doc)                                   \
    {                                                                                   \
        attribute, BRN_FIELD_##kind, (uint16_t)offsetof(type, member), false, 0, 0, doc \
    }
#define BRN_FIELD_OPTIONAL(type, member, attribute, kind, doc)                         \
    {                                                                                  \
        attribute, BRN_FIELD_##kind, (uint16_t)offsetof(type, member), true, 0, 0, doc \
    }
#define BRN_FIELD_WINDOW(type, member, attribute, kind, since, until, doc)                      \
    {                                                                                           \
        attribute, BRN_FIELD_##kind, (uint16_t)offsetof(type, member), false, since, until, doc \
    }
#define BRN_FIELD_OPTIONAL_WINDOW(type, member, attribute, kind, since, until, doc)            \
    {                                                                                          \
        attribute, BRN_FIELD_##kind, (uint16_t)offsetof(type, member), true, since, until, doc \
    }
#define BRN_FIELD_IGNORE(attribute, doc)                 \
    {                                                    \
        attribute, BRN_FIELD_IGNORED, 0, true, 0, 0, doc \
    }
#define BRN_FIELD_END                                \
    {                                                \
        NULL, BRN_FIELD_IGNORED, 0, true, 0, 0, NULL \
    }

/* Attributes that every estimator may have (_sklearn_version, n_features_in_, feature_names_in_,
 * _sklearn_output_config…) are in decode.c and need no rows. */

/* ---- classes ---- */

/* How close an output is to the writer's: DESIGN "Every number has a class". */
enum brn_equality {
    BRN_EXACT,   /* A: bit-equal */
    BRN_BOUNDED, /* B: within 4 n eps sum |a_i b_i| */
    BRN_ULPS,    /* C: within 4 ulp of exp, log or pow */
    BRN_JUMPS, /* C, but a value known so far only went into a step with jumps, and may have fallen
                  on the other side of a threshold */
};

/* in holds the slots that bind() saw; out is a tile of the schema that bind() gave for the method,
 * or the part of a wider one: places count from out->numbers, rows are out->number_stride apart.  A
 * transformer says in out->single whether scikit-learn's result would be float32, on either way; it
 * comes set as in->single is.  A predictor's comes cleared, and is set where it answers in float32.
 * What it takes of work is given back by brn_run_child, its only caller.  Returns BRINE_OK,
 * BRINE_INPUT (by brn_refuse) or BRINE_NOMEM. */
typedef brine_status brn_run(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work);

/* The same for a composite, which runs every method in one way. */
typedef brine_status brn_run_any(const struct brn_instance *me, brine_method method,
                                 const struct brn_tile *in, struct brn_tile *out,
                                 struct brn_work *work);

struct brn_method {
    brn_run *run;
    enum brn_equality equality;
};

struct brn_estimator {
    const char *name;           /* "LogisticRegression" */
    const char *const *modules; /* dotted modules that have held it, ended by NULL */

    /* Not of scikit-learn but of this package ("xgboost"): objects do not say their version in
     * _sklearn_version; prepare() finds it and calls brn_written_by.  Fields have no windows. */
    const char *library;

    /* Of a library whose objects do not say their version at all: that of the scikit-learn beside
     * it counts (brn_decode_version), and proofs are for that. */
    bool is_beside;

    size_t size; /* of the struct that fields fill */
    const struct brn_field *fields;
    const struct brn_field *more_fields; /* a second table, shared by a family; or NULL */

    /* After decoding, before any binding: check structure, lower to the layout that kernels want.
     * me->self is filled.  May be NULL. */
    brine_status (*prepare)(struct brn_instance *me, struct brn_build *build);

    /* Find the places of the inputs, fill me->out[method] for each method that this object offers.
     * in->count is me->feature_count, unless takes_any_width. */
    brine_status (*bind)(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build);

    /* Two shapes of inverse_transform for a step that is used backwards
     * (TransformedTargetRegressor, a Pipeline's own) were weighed: bind() for both ways, which
     * serves all whose inverse has the columns of their input; and this hook, where the inverse has
     * others, or the steps come in another order.  NULL: the former.  me->out[INVERSE_TRANSFORM] is
     * what it fills. */
    brine_status (*bind_backwards)(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build);

    /* One row a method; or, of a composite whose methods are those of its parts (Pipeline,
     * GridSearchCV), one function for all that bind() offered. */
    struct brn_method methods[BRINE_METHOD_COUNT];
    brn_run_any *run;

    /* Of a composite: what follows from the parts that the method asks (brn_equality_of).  NULL:
     * the row's own. */
    enum brn_equality (*equality)(const struct brn_instance *me, brine_method method);

    /* Where its input changes by an ulp its answer may change by much: thresholds, categories, the
     * nearest rows (brn_equality_of).  Labels of a class that are chosen by its scores do not
     * count. */
    bool jumps;

    /* A composite whose input is that of another object (Pipeline: its first step); or NULL. */
    const struct brn_instance *(*input_of)(const struct brn_instance *me);

    /* Nothing that it decodes has a width of its own: it may lack n_features_in_. */
    bool takes_any_width;

    /* Its transform gives as many columns as it gets: where it has no width, that of the next step
     * is its own. */
    bool keeps_width;

    /* bind() looks for the columns that it wants by their names, in whatever comes: feature_names
     * and feature_count are those of a model of which it is the root. */
    bool selects_by_name;

    /* bind() and run() know compressed rows: in->is_compressed, in->compressed.  Others get them
     * expanded. */
    bool takes_compressed;

    /* The first release that has the class, and the first that has it no more; 0 is open.  The
     * releases between want goldens (tests/golden/test_proofs.c). */
    brn_version since, until;
};

/* A decoded object. */
struct brn_instance {
    const struct brn_estimator *estimator;
    void *self;
    const struct brn_node *node; /* only while building */
    brn_version version;         /* of the scikit-learn, or library, that wrote this object */
    const char *version_text;
    const char *path;                                 /* "steps[1][1].transformers_[0][1]" */
    const char *place;                                /* in its parent: "transformers_[0][1]" */
    size_t feature_count;                             /* n_features_in_; 0 when it has none */
    bool ignores_rows;                                /* it takes any columns, looks at none */
    const char *const *feature_names;                 /* feature_names_in_, or NULL */
    enum brn_equality given;                          /* how close its input is to the writer's */
    const struct brn_schema *out[BRINE_METHOD_COUNT]; /* NULL: not offered */
    const struct brn_schema *expanded;                /* its compressed input as numbers, or NULL */
};

/* One file under estimators/: "const struct brn_family brn_family_NAME". */
struct brn_family {
    const struct brn_estimator *const *estimators; /* ended by NULL */
};

/* Which class was proved equal to which scikit-learn (major * 100 + minor), by a golden.  A class
 * of another library is named "xgboost.XGBClassifier", its releases are that library's. */
struct brn_proof {
    const char *estimator;
    uint16_t release;
    const char *version; /* that wrote the golden */
};

struct brn_registry {
    const struct brn_family *const *families;
    size_t family_count;
    const struct brn_proof *proofs; /* ascending by class, then release */
    size_t proof_count;
};

/* NULL when the GLOBAL is no estimator that is known. */
const struct brn_estimator *brn_registry_find(const struct brn_registry *registry,
                                              struct brn_slice module, struct brn_slice name);

const struct brn_proof *brn_registry_proof(const struct brn_registry *registry,
                                           const char *estimator, brn_version version);

/* The name of a class among the proofs. */
void brn_proof_name(const struct brn_estimator *estimator, char *out, size_t size);

/* "scikit-learn", or the library. */
static inline const char *brn_library_of(const struct brn_estimator *estimator)
{
    return estimator->library ? estimator->library : "scikit-learn";
}

/* Every object decoded into a model, in the order in which they were met. */
struct brn_instance_list {
    struct brn_instance **at;
    size_t count, capacity;
};

/* ---- building ---- */

struct brn_build {
    struct brn_arena *arena;   /* of the model: what is decoded lives there, not in the file */
    struct brn_arena *scratch; /* gone after loading */
    const struct brn_registry *registry;
    brine_model_options options;
    brine_error *err;
    struct brn_instance_list *instances;
    const struct brn_graph *graph;
    const char *around;         /* version text of the object around the one that is decoded */
    enum brn_equality given;    /* of what is bound: how close its input is to the writer's */
    uint32_t depth;             /* of nested estimators; limited */
    bool unproved;              /* something was decoded that no golden proves */
    brine_error first_unproved; /* what and where */
};

/* Decodes an estimator that is part of another.  path is printf-like, e.g. "steps[%zu][1]"; it is
 * put in front of errors and into (*ret)->path. */
brine_status brn_decode_child(struct brn_build *build, const struct brn_instance *parent,
                              const struct brn_node *node, struct brn_instance **ret_child,
                              const char *path, ...) __attribute__((format(printf, 5, 6)));

/* Binds a child to its input, whose width must be the child's; errors get the child's place. */
brine_status brn_bind_child(struct brn_build *build, struct brn_instance *child,
                            const struct brn_schema *in);

/* The same for a child whose inverse_transform alone is run, with brn_run_child: in is what its
 * transform gave.  Fails by name where it has none. */
brine_status brn_bind_backwards(struct brn_build *build, struct brn_instance *child,
                                const struct brn_schema *in);

/* out is compressed where child->out[method] is. */
brine_status brn_run_child(const struct brn_instance *child, brine_method method,
                           const struct brn_tile *in, struct brn_tile *out, struct brn_work *work);

/* The same, but out holds numbers also where child->out[method] is compressed. */
brine_status brn_run_expanded(const struct brn_instance *child, brine_method method,
                              const struct brn_tile *in, struct brn_tile *out,
                              struct brn_work *work);

/* A tile for the child's method, taken from work, and the child run on in. */
brine_status brn_run_into(const struct brn_instance *child, brine_method method,
                          const struct brn_tile *in, struct brn_work *work,
                          struct brn_tile *ret_out);

/* The same for a part whose input is what other parts answered, given as close as that to the
 * writer's. */
brine_status brn_bind_given(struct brn_build *build, struct brn_instance *child,
                            const struct brn_schema *in, enum brn_equality given);

/* How close a method is to the writer's, all steps on its way considered. */
enum brn_equality brn_equality_of(const struct brn_instance *me, brine_method method);

static inline enum brn_equality brn_weaker(enum brn_equality a, enum brn_equality b)
{
    return a > b ? a : b;
}

/* Of what has jumps where its input is as close as given. */
static inline enum brn_equality brn_jumping(enum brn_equality given)
{
    return given > BRN_EXACT ? BRN_JUMPS : BRN_EXACT;
}

/* For prepare() of a class of another library: its release that wrote the object, "1.7.6". */
brine_status brn_written_by(struct brn_build *build, struct brn_instance *me, const char *version);

/* The file holds arrays for count features.  Older files have no n_features_in_: then it becomes
 * count; otherwise it must agree.  attribute is the one that says count. */
brine_status brn_expect_features(struct brn_build *build, struct brn_instance *me, size_t count,
                                 const char *attribute);

/* The model contradicts itself at an attribute of me. */
brine_status brn_ill_formed(const struct brn_build *build, const char *attribute,
                            const char *format, ...) __attribute__((format(printf, 3, 4), cold));

/* Well-formed, but not run: refused by name. */
brine_status brn_unsupported(const struct brn_build *build, const char *attribute,
                             const char *format, ...) __attribute__((format(printf, 3, 4), cold));

/* Reading of nodes that no field kind covers. */
brine_status brn_decode_matrix(struct brn_build *build, const struct brn_node *node,
                               struct brn_matrix *ret_matrix);
brine_status brn_decode_values(struct brn_build *build, const struct brn_node *node,
                               struct brn_values *ret_values);
brine_status brn_decode_value(struct brn_build *build, const struct brn_node *node,
                              struct brn_value *ret_value);
brine_status brn_decode_int(struct brn_build *build, const struct brn_node *node,
                            int64_t *ret_value);
brine_status brn_decode_number(struct brn_build *build, const struct brn_node *node,
                               double *ret_value);
brine_status brn_decode_text(struct brn_build *build, const struct brn_node *node,
                             const char **ret_text);

/* Labels (classes_) as a dictionary in their order. */
brine_status brn_labels(struct brn_build *build, const struct brn_values *classes,
                        struct brn_dictionary **ret_labels);

/* Every input as a number: their places (in->count), in the arena.  What most estimators bind. */
brine_status brn_bind_numbers(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_schema *in, int32_t **ret_columns);

/* me->out[TRANSFORM] of a transformer that gives a number for each of its inputs, under their
 * names; integer_bytes as in the schema. */
brine_status brn_bind_one_to_one(struct brn_build *build, struct brn_instance *me,
                                 const struct brn_schema *in, uint8_t integer_bytes);

/* Names of predict_proba's or decision_function's columns: "predict_proba[CLASS]". */
const char *const *brn_label_names(struct brn_build *build, brine_method method,
                                   const struct brn_dictionary *labels);

/* predict_log_proba as the logarithm of the same object's predict_proba, for method tables. */
brn_run brn_run_log_proba;

/* out->codes[r] = index of the first maximum among each row's columns: predict from scores of all
 * classes. values is rows x count. */
void brn_argmax(const double *values, size_t rows, size_t count, int32_t *codes, size_t stride);

/* Of a TEXT field, which is NULL where the file has None. */
static inline bool brn_text_is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

/* A NULL-checked arena allocation in a build. */
#define BRN_BUILD_NEW(build, type, count) BRN_NEW((build)->arena, type, count)

#endif
