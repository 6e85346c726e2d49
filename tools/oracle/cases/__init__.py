# SPDX-License-Identifier: Apache-2.0
"""One module a family; importing them registers their cases."""
from . import boosting, compose, demo, encoders, forests, hist, imputers, linear, scalers, trees  # noqa: F401
