# SPDX-License-Identifier: Apache-2.0
"""One row of each data set of the peers' bench, for whole processes.  usage: peers_rows.py DIR"""
import sys
from pathlib import Path

for path in Path(sys.argv[1], "data").glob("*.csv"):
    if not path.name.endswith(".row.csv"):
        with open(path, encoding="utf-8") as table:
            path.with_suffix(".row.csv").write_text(table.readline() + table.readline(), encoding="utf-8")
