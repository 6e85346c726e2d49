/* SPDX-License-Identifier: Apache-2.0
 *
 * reading.h - what the word tables of odcs.c, checks.c and brine_part.c share. */
#ifndef BRN_CONTRACT_READING_H
#define BRN_CONTRACT_READING_H

#include "contract/contract.h"

#define BRN_ROW(type, member, text, form, is_required, meaning)                            \
    {                                                                                      \
        .word = text, .kind = BRN_WORD_##form, .offset = (uint16_t)offsetof(type, member), \
        .required = is_required, .doc = meaning                                            \
    }
#define BRN_CHOICES(type, member, text, list, meaning)                                     \
    {                                                                                      \
        .word = text, .kind = BRN_WORD_CHOICE, .offset = (uint16_t)offsetof(type, member), \
        .choices = list, .doc = meaning                                                    \
    }
#define BRN_OBJECT(type, member, text, words, meaning)                                     \
    {                                                                                      \
        .word = text, .kind = BRN_WORD_OBJECT, .offset = (uint16_t)offsetof(type, member), \
        .inside = &words, .doc = meaning                                                   \
    }
#define BRN_LISTED(type, member, text, words, meaning)                                   \
    {                                                                                    \
        .word = text, .kind = BRN_WORD_LIST, .offset = (uint16_t)offsetof(type, member), \
        .inside = &words, .doc = meaning                                                 \
    }
#define BRN_SPECIAL(type, member, text, function, meaning)                                  \
    {                                                                                       \
        .word = text, .kind = BRN_WORD_SPECIAL, .offset = (uint16_t)offsetof(type, member), \
        .read = function, .doc = meaning                                                    \
    }
#define BRN_IGNORED(text)                      \
    {                                          \
        .word = text, .kind = BRN_WORD_IGNORED \
    }

/* customProperties [{property, value}…] as one OBJECT; a property that stands there twice is an
 * error. */
brine_status brn_properties_object(const struct brn_reading *reading,
                                   const struct brn_json_value *list,
                                   struct brn_json_value *ret_object);

/* implementation of a rule with engine brine. */
brine_status brn_read_check(const struct brn_reading *reading, const struct brn_json_value *value,
                            struct brn_check_spec *ret_check);

#endif
