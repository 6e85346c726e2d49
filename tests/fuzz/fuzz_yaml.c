/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as YAML and as a contract: no crash, no leak, bounded work. */
#include "contract/contract.h"
#include "contract/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct brn_slice document = {data, size};
    struct brn_arena arena;
    struct brn_json_value *root;
    struct brn_contract *contract;
    brine_error err;
    brn_arena_init(&arena, 0);
    brine_status status = brn_yaml_parse(document, NULL, &arena, &root, &err);
    brn_arena_free(&arena);
    if (status == BRINE_OK &&
        brn_contract_parse(document, "fuzz/contract.yaml", &contract, &err) == BRINE_OK)
        brn_contract_free(contract);
    return 0;
}
