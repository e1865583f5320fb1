"""Where the real data lies that tests and benches are tried on: beside the checkout, never in it."""

from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared"
