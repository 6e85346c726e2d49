/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_parts.h - what meta-estimators ask of the estimators that they are made of.
 *
 * A part is a child that gets columns of its parent's input.  Its classes are the labels of its
 * predict, so that parts may be composites themselves. */
#ifndef BRN_ESTIMATORS_SHARED_PARTS_H
#define BRN_ESTIMATORS_SHARED_PARTS_H

#include "estimators/shared_class_outputs.h"

/* There is at least one part, and none is None. */
brine_status brn_parts_check(struct brn_build *build, const struct brn_instances *parts,
                             const char *attribute);

/* Binds all of them to the same input. */
brine_status brn_parts_bind(struct brn_build *build, const struct brn_instances *parts,
                            const struct brn_schema *in);

/* The first part that may know its width: what a composite without n_features_in_ has for its
 * input.
 */
const struct brn_instance *brn_parts_first(const struct brn_instances *parts);

/* Whether a part that is bound gives numbers for the method, side by side. */
bool brn_part_gives_numbers(const struct brn_instance *part, brine_method method);

/* Whether every part does, in width columns (0: any number, but all the same). */
bool brn_parts_offer(const struct brn_instances *parts, brine_method method, size_t width);

/* The part must offer the method. */
brine_status brn_part_needs(const struct brn_build *build, const struct brn_instance *part,
                            brine_method method);

/* The classes of a part that is bound; NULL when it is no classifier of one output. */
const struct brn_dictionary *brn_part_classes(const struct brn_instance *part);

/* By class of the part: which of the labels it is.  Fails where it is none of them. */
brine_status brn_part_codes(struct brn_build *build, const struct brn_instance *part,
                            const struct brn_dictionary *labels, int32_t **ret_codes);

/* The same where a part was fitted on 0, 1… for the labels: its classes are places. */
brine_status brn_part_places(struct brn_build *build, const struct brn_instance *part, size_t count,
                             int32_t **ret_places);

/* A label in an array of floats: numpy takes a text that is a number for one. */
bool brn_label_number(struct brn_value label, double *ret_number);

/* The part's predict as a number: a regressor's answer, or the class, which must be one. */
struct brn_part_number {
    double *classes; /* values by code; NULL: the part answers in numbers */
};
brine_status brn_part_number(struct brn_build *build, const struct brn_instance *part,
                             struct brn_part_number *ret_number);

/* Of row r of its predict. */
static inline double brn_part_value(const struct brn_part_number *number,
                                    const struct brn_tile *tile, size_t r)
{
    return number->classes ? number->classes[tile->codes[r * tile->code_stride]]
                           : tile->numbers[r * tile->number_stride];
}

/* ---- one score of a binary part ---- */

/* How a part says how sure it is of its second class. */
struct brn_part_score {
    brine_method method; /* predict of a regressor, decision_function or predict_proba */
    size_t column;       /* of what the method gives */
};

/* scikit-learn's multiclass.py _predict_binary: predict of a regressor, else decision_function,
 * else the second column of predict_proba. */
brine_status brn_part_score(const struct brn_build *build, const struct brn_instance *part,
                            struct brn_part_score *ret_score);

/* values[r * stride] = the score of row r; *ret_single: all are float32. */
brine_status brn_part_run_score(const struct brn_instance *part, const struct brn_part_score *score,
                                const struct brn_tile *in, double *values, size_t stride,
                                bool *ret_single, struct brn_work *work);

/* One score a part: values[r * stride + i]; *ret_single: all of them are float32. */
brine_status brn_parts_run_scores(const struct brn_instances *parts,
                                  const struct brn_part_score *scores, const struct brn_tile *in,
                                  double *values, size_t stride, bool *ret_single,
                                  struct brn_work *work);

/* As numpy rounds what it computes in float32. */
static inline double brn_rounded(double value, bool single)
{
    return single ? (double)(float)value : value;
}

/* ---- input that the whole checks before its parts do ---- */

struct brn_input_check {
    bool is_on;
    int32_t *columns; /* of an input of numbers */
    size_t count;
};

/* is_on: scikit-learn's check_array refuses NaN and infinities. */
brine_status brn_input_check_bind(struct brn_build *build, const struct brn_instance *me,
                                  const struct brn_schema *in, bool is_on,
                                  struct brn_input_check *ret_check);
brine_status brn_input_check_run(const struct brn_input_check *check, const struct brn_tile *in,
                                 const struct brn_work *work);

/* ---- sums over parts ---- */

/* out = what the parts give for the method (in the same columns), added in their order; then
 * divided by divisor.  In float32 where all of them answer so, as numpy adds. */
brine_status brn_parts_sum(const struct brn_instances *parts, brine_method method, double divisor,
                           const struct brn_tile *in, struct brn_tile *out, struct brn_work *work);

/* The weakest equality of the parts. */
enum brn_equality brn_parts_equality(const struct brn_instances *parts, brine_method method);

/* ---- outputs ---- */

/* me->out[method] of the labels: classes for predict, one column a class for probabilities and
 * scores, but one column alone for the scores of two classes. */
brine_status brn_parts_offer_classes(struct brn_build *build, struct brn_instance *me,
                                     brine_method method, struct brn_dictionary *labels);

/* me->out[method] of count numbers, with their names or NULL. */
brine_status brn_parts_offer_numbers(struct brn_build *build, struct brn_instance *me,
                                     brine_method method, size_t count, const char *const *names);

/* The labels of a classes_ that is given as a node. */
brine_status brn_labels_of_node(struct brn_build *build, const struct brn_node *classes,
                                const char *attribute, struct brn_dictionary **ret_labels);

#endif
