/* SPDX-License-Identifier: Apache-2.0
 *
 * subject.h - a model under judgement: its file, its task, and its predictions for a partition. */
#ifndef BRN_EVIDENCE_SUBJECT_H
#define BRN_EVIDENCE_SUBJECT_H

#include "contract/rows.h"
#include "evidence/metric.h"
#include "evidence/partition.h"
#include "joblib/joblib.h"

struct brn_loading {
    const struct brn_registry *registry;
    const brine_options *limits;        /* or NULL */
    const brine_model_options *options; /* or NULL */
};

struct brn_subject {
    const char *path;
    struct brine_file *file;
    struct brine_model *model;
    const struct brn_feature *features;
    size_t feature_count;
    enum brn_task task;
    const struct brn_dictionary *classes; /* NULL: regression */
    size_t positive;                      /* of two classes: the one whose probability counts */
    double threshold;                     /* of the decision */
    struct brn_rules *online; /* what is done to a row before it is predicted; or NULL */
};

/* Opens, decodes and asks the model for its task; part is the contract's word on it.  End:
 * brn_subject_close(). */
brine_status brn_subject_open(const struct brn_loading *loading, const char *path,
                              const struct brn_contract *contract, struct brn_arena *arena,
                              struct brn_subject *ret_subject, brine_error *err);
void brn_subject_close(struct brn_subject *subject);

/* Predictions for all rows as a sample without truth (and without order for regression). */
brine_status brn_subject_predict(const struct brn_subject *subject, const struct brn_table *table,
                                 struct brn_arena *arena, struct brn_sample *ret_sample,
                                 brine_error *err);

/* The label column as the sample's truth: class numbers, or numbers. */
brine_status brn_subject_truth(const struct brn_subject *subject,
                               const struct brn_partition *partition, const char *label,
                               struct brn_arena *arena, double **ret_truth, brine_error *err);

#endif
