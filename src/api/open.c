/* SPDX-License-Identifier: Apache-2.0 */
#include "joblib/joblib.h"

brine_status brine_open(const char *path, const brine_options *options, brine_file **ret_file,
                        brine_error *reterr)
{
    return brn_file_open(path, options, false, ret_file, reterr);
}

void brine_close(brine_file *file)
{
    brn_file_close(file);
}
