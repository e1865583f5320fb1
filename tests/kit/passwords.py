"""Passwords are kept cheaply here: what makes them dear to guess makes a test that signs in slow."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from tracker import passwords


@pytest.fixture(scope="session", autouse=True)
def usual_hasher() -> Iterator[PasswordHasher]:
    """Yield the product's own hasher, in whose place a cheap one stands for the whole run."""
    usual, cheap = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "_nobody", cheap.hash("a password that nobody has"))
        yield usual
