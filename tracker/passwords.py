"""Passwords: argon2id, checked by few at a time, and in the same time for nobody as for somebody."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.errors import InvalidInputError
from tracker.languages import counted

SHORTEST, LONGEST = 10, 1024
_MIB = 1024
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * _MIB, parallelism=1)  # OWASP's least for argon2id
_seats = threading.BoundedSemaphore(2)  # a flood of sign-ins must not take the machine's memory
# Some password's hash, with the hasher's own costs, to be checked when there is no such user.
_nobody = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Return what to keep of a password; InvalidInputError when it is too short or too long."""
    if len(password) < SHORTEST:
        problem = counted("must have at least %(n)s character", "must have at least %(n)s characters", SHORTEST)
        raise InvalidInputError("password", problem)
    if len(password) > LONGEST:
        problem = counted("must have at most %(n)s character", "must have at most %(n)s characters", LONGEST)
        raise InvalidInputError("password", problem)
    with _seats:
        return _hasher.hash(password)


def password_fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; None, for an unknown user, takes as long and never fits."""
    if len(password) > LONGEST:
        return False
    with _seats:
        try:
            return _hasher.verify(kept or _nobody, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)
