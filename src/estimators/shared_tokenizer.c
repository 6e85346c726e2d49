/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tokenizer.c - Matcher: re.findall; Splitter: re.split at blanks, punctuation stripped from
 * the ends of each part.  sklearn2pmml/feature_extraction/text/__init__.py. */
#include "estimators/shared_tokenizer.h"

#include "estimators/shared_pattern_text.h"

static const char punctuation[] =
#include "estimators/pmml_punctuation.inc"
    ;

static const char *const module = "sklearn2pmml.feature_extraction.text";

bool brn_is_known_tokenizer(const struct brn_node *tokenizer)
{
    const struct brn_node *class = brn_node_class(tokenizer);
    return brn_is(tokenizer, BRN_OBJECT) && (brn_node_is_global(class, module, "Matcher") ||
                                             brn_node_is_global(class, module, "Splitter"));
}

/* __getstate__ gives the expression alone. */
static struct brn_slice expression_of(const struct brn_node *tokenizer)
{
    const struct brn_items *states = &tokenizer->as.object->states;
    return states->count == 1 ? brn_node_text(states->at[0]) : (struct brn_slice){NULL, 0};
}

static brine_status read_matcher(struct brn_build *build, struct brn_slice expression, bool python2,
                                 struct brn_token_pattern *ret_pattern)
{
    BRN_TRY(brn_token_pattern_read(build, expression, python2, ret_pattern));
    return ret_pattern->is_grouped
               ? brn_unsupported(build, "tokenizer", "its expression has a capturing group")
               : BRINE_OK;
}

/* From the first character of a part that is no punctuation to the last one. */
static brine_status read_splitter(struct brn_build *build, struct brn_slice expression,
                                  bool python2, struct brn_token_pattern *ret_pattern)
{
    const char *solid;
    size_t groups;
    if (!brn_slice_is(expression, "\\s+"))
        return brn_unsupported(build, "tokenizer", "Splitter is run with \\s+ alone");
    BRN_TRY(brn_pattern_text(build, brn_slice_of("\\S"), python2, &solid, &groups));
    char *whole = brn_arena_printf(build->scratch, "(?![%s])%s(?:%s*(?![%s])%s)?", punctuation,
                                   solid, solid, punctuation, solid);
    return whole ? brn_token_pattern_compile_pcre(build, whole, ret_pattern)
                 : brn_fail_memory(build->err);
}

brine_status brn_tokenizer_read(struct brn_build *build, const struct brn_node *tokenizer,
                                bool python2, struct brn_token_pattern *ret_pattern)
{
    struct brn_slice expression = expression_of(tokenizer);
    bool is_matcher = brn_node_is_global(brn_node_class(tokenizer), module, "Matcher");
    if (!expression.p)
        return brn_ill_formed(build, "tokenizer", "has no expression");
    return is_matcher ? read_matcher(build, expression, python2, ret_pattern)
                      : read_splitter(build, expression, python2, ret_pattern);
}
