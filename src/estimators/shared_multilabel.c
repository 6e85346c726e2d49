/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_multilabel.h"

bool brn_is_multilabel(const struct brn_node *label_binarizer)
{
    struct brn_slice type = brn_node_text(brn_node_attribute(label_binarizer, "y_type_"));
    return type.n >= 10 && memcmp(type.p, "multilabel", 10) == 0;
}

struct brn_schema *brn_multilabel_schema(struct brn_build *build, size_t count)
{
    struct brn_dictionary *bits = BRN_BUILD_NEW(build, struct brn_dictionary, 1);
    struct brn_dictionary **labels = BRN_BUILD_NEW(build, struct brn_dictionary *, count);
    if (!bits || !labels)
        return NULL;
    brn_dictionary_init(bits, build->arena);
    for (int64_t bit = 0; bit < 2; bit++)
        if (brn_dictionary_add(bits,
                               (struct brn_value){.kind = BRN_VALUE_INT, .as.integer = bit}) != bit)
            return NULL;
    for (size_t i = 0; i < count; i++)
        labels[i] = bits;
    return brn_schema_labels(build->arena, labels, count);
}
