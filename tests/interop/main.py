# SPDX-License-Identifier: Apache-2.0
"""Runs the tests beside this file and closes with "N passed, N failed".  Arguments select tests by a part of their name.

BRINE is the program; BRINE_SEED repeats a run (every run prints its own).
"""
import pathlib
import sys
import unittest
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools" / "oracle")]

import program  # noqa: E402  the program and the seed; sets the number of threads before numpy is loaded


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(patterns):
    warnings.simplefilter("ignore")
    print(f"interop: BRINE_SEED={program.SEED}", flush=True)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{p}*" for p in patterns] or None
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=Result, warnings="ignore")
    result = runner.run(loader.discover(str(HERE), "test_*.py"))
    failed = result.testsRun - result.passed - len(result.skipped)
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"{result.passed} passed, {failed} failed{skipped}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
