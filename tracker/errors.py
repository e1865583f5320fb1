"""The errors that a person is meant to read."""


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
