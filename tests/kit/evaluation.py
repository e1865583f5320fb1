"""Where the real data lies that tests and benches are tried on: beside the checkout, never in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
REAL = SHARED / "data"
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data here: put it into {REAL}")
"""Skips where there is none at all: where there is some, a path that leads nowhere is a fault of the test's."""
