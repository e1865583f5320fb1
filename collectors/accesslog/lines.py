"""Cuts what comes in pieces into lines."""

_MOST_HELD = 64 * 1024  # of a line that has no end yet; no line of a log is as long


class Lines:
    """Lines of a growing text, in bounded memory.

    `unfinished` counts the bytes since the last line's end. Of a line that is longer than any
    of a log only the beginning is kept, which is still too long for one.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.unfinished = 0

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the lines that end in this piece, without their ends."""
        *whole, rest = (self._rest + piece).split(b"\n")
        self.unfinished = len(rest) if whole else self.unfinished + len(piece)
        self._rest = rest[:_MOST_HELD]
        return [line.rstrip(b"\r") for line in whole]

    def finish(self) -> list[bytes]:
        """Return the last line if it never got its end, as nothing more will come."""
        rest, self._rest, self.unfinished = self._rest, b"", 0
        return [rest.rstrip(b"\r")] if rest else []
