"""The errors that a person is meant to read."""

import errno

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The numbers of an OSError of what finds no room where it is written."""


class FootfallError(Exception):
    """Something the operator can mend; its text says what is wrong and what to do.

    The command line prints it as one line and exits with 1.
    """


class InvalidInputError(FootfallError):
    """A value from outside that breaks a rule; `field` names it as its sender wrote it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class ConflictError(InvalidInputError):
    """What is asked could be, but not as things stand now; `field` names what is in the way."""


class UnreachableError(Exception):
    """Something could not be handed over now; trying again may help. Its text is for a site's people."""


class RefusedError(Exception):
    """Something will never be taken; trying again would not help. Its text is for a site's people."""
