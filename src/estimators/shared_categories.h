/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_categories.h - finding a value among an encoder's categories.
 * sklearn/utils/_encode.py: sorted numbers by search, everything else by equality. */
#ifndef BRN_ESTIMATORS_SHARED_CATEGORIES_H
#define BRN_ESTIMATORS_SHARED_CATEGORIES_H

#include "model/estimator.h"

enum { BRN_CATEGORY_UNKNOWN = -1 };

/* The categories of one feature. */
struct brn_categories {
    struct brn_values values; /* as the encoder holds them */
    bool is_text;             /* found by code, else by number */
    int32_t place;            /* of the feature in the tile's codes or numbers */
    int32_t missing;          /* the category that is NaN or None, or BRN_CATEGORY_UNKNOWN */
    bool missing_is_nan;
    double *numbers; /* ascending, without the missing one */
    size_t number_count;
    int32_t *of_code; /* category of a code of the feature's dictionary */
    size_t code_count;
};

/* Decodes categories_, a list of arrays. */
brine_status brn_categories_decode(struct brn_build *build, const struct brn_node *list,
                                   size_t features, struct brn_categories **ret_categories);

/* One array of them, as classes_ is. */
brine_status brn_categories_decode_one(struct brn_build *build, const struct brn_node *node,
                                       struct brn_categories *ret_categories);

brine_status brn_categories_bind(struct brn_build *build, const struct brn_schema *in,
                                 struct brn_categories *categories);

/* The same for column i alone. */
brine_status brn_categories_bind_column(struct brn_build *build, const struct brn_schema *in,
                                        size_t i, struct brn_categories *c);

/* The category of row r, or BRN_CATEGORY_UNKNOWN. */
int32_t brn_category_of(const struct brn_categories *c, const struct brn_tile *tile, size_t r);

/* What transform() refuses beside infinities. */
struct brn_category_rule {
    bool refuse_unknown; /* a value that is no category */
    bool refuse_missing; /* NaN, whether a category or not: check_array before 0.24 */
};

brine_status brn_categories_check(const struct brn_categories *categories, size_t count,
                                  const struct brn_tile *tile, struct brn_category_rule rule,
                                  const struct brn_work *work);

/* Infrequent categories, of encoders that group them. */
struct brn_grouping {
    bool present;
    int64_t *mapping; /* from category to group; the last group is the infrequent ones */
    int64_t largest;
    int64_t first_infrequent; /* category number of an infrequent one */
};

/* _default_to_infrequent_mappings[i] and _infrequent_indices[i]; absent when those are None.
 * OrdinalEncoder leaves the missing category, the last one, out of the mapping. */
brine_status brn_grouping_decode(struct brn_build *build, const struct brn_node *mappings,
                                 const struct brn_node *indices, size_t feature,
                                 const struct brn_categories *categories,
                                 struct brn_grouping *ret_grouping);

#endif
