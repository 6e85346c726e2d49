# SPDX-License-Identifier: Apache-2.0
"""The program under test, and the seed of this run."""
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import secrets
import subprocess

BRINE = os.path.abspath(os.environ.get("BRINE", "build/release/brine"))
SEED = int(os.environ.get("BRINE_SEED") or secrets.randbelow(2 ** 31))


class Failure(Exception):
    """brine ended with a code other than 0."""


def brine(*arguments):
    """Its standard output, as bytes."""
    done = subprocess.run([BRINE, *map(str, arguments)], capture_output=True)
    if done.returncode:
        raise Failure(f"exit code {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
