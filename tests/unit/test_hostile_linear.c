/* SPDX-License-Identifier: Apache-2.0
 *
 * Linear models, naive Bayes, discriminants, networks whose arrays do not fit one another. */
#include "base/buffer.h"
#include "estimators/registry.h"
#include "model/model.h"
#include "pickles.h"

static const brine_model_options unproved = {.size = sizeof unproved, .allow_unproved = true};

/* An array of zeros; columns 0: one dimension. */
static void put_zeros(struct brn_buffer *b, int rows, int columns)
{
    int count = columns ? rows * columns : rows;
    brn_buffer_printf(b,
                      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
                      "(I1\n(I%d\n",
                      rows);
    if (columns)
        brn_buffer_printf(b, "I%d\n", columns);
    brn_buffer_text(b, "tcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'");
    for (int i = 0; i < count * 8; i++)
        brn_buffer_text(b, "\\x00");
    brn_buffer_text(b, "'\ntb");
}

static brine_status decode(const struct brn_buffer *b, brine_error *err)
{
    struct brn_graph graph;
    struct brine_model *model = NULL;
    brine_status status = test_read(brn_buffer_view(b), &graph, err);
    if (status == BRINE_OK)
        status = brn_model_decode(&graph, &brn_registry, &unproved, &model, err);
    brn_graph_free(&graph);
    brn_model_release(model);
    return status;
}

/* An attribute: an array ('a'), a list of one array ('l'), or pickled text ('t'). */
struct shape {
    const char *attribute;
    char kind;
    int rows, columns;
    const char *text;
};

static brine_status decode_shapes(const char *class, const struct shape *shapes, brine_error *err)
{
    struct brn_buffer b = {0};
    brn_buffer_printf(&b, "c%s\n)\x81}(", class);
    for (; shapes->attribute; shapes++) {
        brn_buffer_printf(&b, "V%s\n", shapes->attribute);
        if (shapes->kind == 't') {
            brn_buffer_printf(&b, "%s", shapes->text);
            continue;
        }
        if (shapes->kind == 'l')
            brn_buffer_text(&b, "](");
        put_zeros(&b, shapes->rows, shapes->columns);
        if (shapes->kind == 'l')
            brn_buffer_text(&b, "e");
    }
    brn_buffer_text(&b, "V_sklearn_version\nV1.5.2\nub.");
    brine_status status = decode(&b, err);
    brn_buffer_free(&b);
    return status;
}

#define ARRAY(attribute, rows, columns)     \
    {                                       \
        attribute, 'a', rows, columns, NULL \
    }
#define LIST(attribute, rows, columns)      \
    {                                       \
        attribute, 'l', rows, columns, NULL \
    }
#define TEXT(attribute, text)      \
    {                              \
        attribute, 't', 0, 0, text \
    }
#define TWO_CLASSES TEXT("classes_", "](I0\nI1\ne")
#define END                 \
    {                       \
        NULL, 0, 0, 0, NULL \
    }

struct hostile {
    const char *name, *class, *path; /* path NULL: it fits */
    struct shape shapes[8];
};

static const struct hostile cases[] = {
    {"regressor",
     "sklearn.linear_model._coordinate_descent\nLasso",
     NULL,
     {ARRAY("coef_", 3, 0), ARRAY("intercept_", 1, 0), END}},
    {"two biases for one output",
     "sklearn.linear_model._coordinate_descent\nLasso",
     "intercept_",
     {ARRAY("coef_", 1, 0), ARRAY("intercept_", 2, 0), END}},
    {"more biases than outputs",
     "sklearn.linear_model._coordinate_descent\nMultiTaskLasso",
     "intercept_",
     {ARRAY("coef_", 3, 2), ARRAY("intercept_", 2, 0), END}},
    {"classifier of three rows",
     "sklearn.svm._classes\nLinearSVC",
     "coef_",
     {ARRAY("coef_", 3, 2), ARRAY("intercept_", 3, 0), TWO_CLASSES, END}},
    {"plane with two offsets",
     "sklearn.linear_model._stochastic_gradient\nSGDOneClassSVM",
     "offset_",
     {ARRAY("coef_", 3, 0), ARRAY("offset_", 2, 0), END}},
    {"ransac of nothing",
     "sklearn.linear_model._ransac\nRANSACRegressor",
     "estimator_",
     {TEXT("estimator_", "N"), END}},
    {"variances of other classes",
     "sklearn.naive_bayes\nGaussianNB",
     "var_",
     {TWO_CLASSES, ARRAY("theta_", 2, 3), ARRAY("var_", 2, 2), ARRAY("class_prior_", 2, 0), END}},
    {"priors of other classes",
     "sklearn.naive_bayes\nMultinomialNB",
     "class_log_prior_",
     {TWO_CLASSES, ARRAY("feature_log_prob_", 2, 3), ARRAY("class_log_prior_", 3, 0), END}},
    {"bits",
     "sklearn.naive_bayes\nBernoulliNB",
     NULL,
     {TWO_CLASSES, ARRAY("feature_log_prob_", 2, 3), ARRAY("class_log_prior_", 2, 0),
      TEXT("binarize", "F0\n"), END}},
    {"categories of other classes",
     "sklearn.naive_bayes\nCategoricalNB",
     "feature_log_prob_[0]",
     {TWO_CLASSES, LIST("feature_log_prob_", 3, 4), ARRAY("class_log_prior_", 2, 0), END}},
    {"a network",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     NULL,
     {LIST("coefs_", 3, 1), LIST("intercepts_", 1, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I2\n"), END}},
    {"a layer with too many biases",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     "coefs_[0]",
     {LIST("coefs_", 3, 1), LIST("intercepts_", 2, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I2\n"), END}},
    {"a layer of one dimension",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     "coefs_[0]",
     {LIST("coefs_", 3, 0), LIST("intercepts_", 1, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I2\n"), END}},
    {"more layers than there are",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     "n_layers_",
     {LIST("coefs_", 3, 1), LIST("intercepts_", 1, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I3\n"), END}},
    {"no layer",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     "n_layers_",
     {LIST("coefs_", 3, 1), LIST("intercepts_", 1, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I1\n"), END}},
    {"less than no layer",
     "sklearn.neural_network._multilayer_perceptron\nMLPRegressor",
     "n_layers_",
     {LIST("coefs_", 3, 1), LIST("intercepts_", 1, 0), TEXT("activation", "Vrelu\n"),
      TEXT("out_activation_", "Videntity\n"), TEXT("n_layers_", "I-5\n"), END}},
    {"axes without scalings",
     "sklearn.discriminant_analysis\nQuadraticDiscriminantAnalysis",
     "rotations_",
     {TWO_CLASSES, ARRAY("means_", 2, 3), ARRAY("priors_", 2, 0), LIST("rotations_", 3, 3),
      LIST("scalings_", 3, 0), END}},
    {"a projection of other features",
     "sklearn.discriminant_analysis\nLinearDiscriminantAnalysis",
     "scalings_",
     {TWO_CLASSES, ARRAY("coef_", 1, 3), ARRAY("intercept_", 1, 0), TEXT("solver", "Veigen\n"),
      ARRAY("scalings_", 2, 1), TEXT("_max_components", "I1\n"), END}},
    {"less than no component",
     "sklearn.discriminant_analysis\nLinearDiscriminantAnalysis",
     "_max_components",
     {TWO_CLASSES, ARRAY("coef_", 1, 3), ARRAY("intercept_", 1, 0), TEXT("solver", "Veigen\n"),
      ARRAY("scalings_", 3, 1), TEXT("_max_components", "I-1\n"), END}},
    {"coefficients the other way round",
     "sklearn.cross_decomposition._pls\nPLSRegression",
     "coef_",
     {ARRAY("_x_mean", 3, 0), ARRAY("_x_std", 3, 0), ARRAY("x_rotations_", 3, 2),
      ARRAY("coef_", 3, 2), ARRAY("intercept_", 2, 0), TEXT("_predict_1d", "I00\n"), END}},
    {"answers without thresholds",
     "sklearn.isotonic\nIsotonicRegression",
     "X_thresholds_",
     {ARRAY("X_thresholds_", 2, 0), ARRAY("y_thresholds_", 3, 0), TEXT("X_min_", "F0\n"),
      TEXT("X_max_", "F1\n"), TEXT("out_of_bounds", "Vnan\n"), END}},
};

TEST(hostile_linear_shapes)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct hostile *c = &cases[i];
        brine_error err;
        brine_status status = decode_shapes(c->class, c->shapes, &err);
        brn_test_check(status == (c->path ? BRINE_MODEL : BRINE_OK), __FILE__, __LINE__,
                       "%s: %d (%s: %s)", c->name, (int)status, err.path, err.message);
        if (c->path && status == BRINE_MODEL)
            brn_test_check(strcmp(err.path, c->path) == 0, __FILE__, __LINE__, "%s: at %s", c->name,
                           err.path);
    }
}
