"""What only the extra `dev` of setup.cfg installs."""

from typing import Any

import pytest


def needed(module: str) -> Any:
    """Return a module of another project's; where it is not installed, the test is skipped and says what to install."""
    return pytest.importorskip(module, reason=f"no {module} here: pip install -e '.[dev]'")
