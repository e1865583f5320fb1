"""Why the spool did not take a body."""

from typing import Literal

Reason = Literal["queue_full", "no_space", "spool_full", "closing", "commit_failed"]


class SpoolRefusedError(Exception):
    """The body is not kept and its sender should come again after `retry_after_s` seconds."""

    def __init__(self, reason: Reason, retry_after_s: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s
