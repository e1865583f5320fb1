"""Events, visits and profiles as iterators that go on where they were when an answer breaks off."""

from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from tracker.client.errors import BrokenOffError, ClientError
from tracker.client.reports import Row
from tracker.client.tables import to_pandas, to_polars
from tracker.client.wire import PASSING, Wire

if TYPE_CHECKING:
    import pandas
    import polars

CURSOR = "Footfall-Cursor"
_values = msgspec.json.Decoder(Row)


class Rows(Iterator[Row]):
    """Rows in the order of loading, each once, however often the answer breaks off meanwhile.

    `cursor` stands after the row that was given out last: keep it, and ask with it for what was loaded since. After an
    error that was raised to you, going on with the same iterator tries again from there. A row says only what is known.
    """

    def __init__(
        self, wire: Wire, path: str, *, range_: str | None = None, cursor: str | None = None, limit: int | None = None
    ) -> None:
        self.cursor = cursor
        self._wire = wire
        self._path = path
        self._range = range_
        self._left = limit
        self._rows = self._follow()

    def __next__(self) -> Row:
        try:
            return next(self._rows)
        except ClientError:
            self._rows = self._follow()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; the cursor stays."""
        self._rows.close()

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows that are left as a frame, times in UTC; NoTableError where pandas is not installed."""
        return to_pandas(*self._collected())

    def to_polars(self) -> "polars.DataFrame":
        """Return the rows that are left as a frame, times in UTC; NoTableError where polars is not installed."""
        return to_polars(*self._collected())

    def _collected(self) -> tuple[list[Row], list[str], list[str]]:
        rows = list(self)
        names = list(dict.fromkeys(name for row in rows for name in row))
        return rows, names, [name for name in names if name.endswith("_at")]

    def _follow(self) -> Generator[Row, None, None]:
        """Yield rows until the last is the one that the server said it would be.

        Not every answer tells that it was cut: some proxies just end it. Where nothing more comes twice, as when the
        last rows were erased meanwhile, that is the end, too.
        """
        patience, empty = self._wire.patience(), None
        while self._left is None or self._left > 0:
            came = False
            try:
                with closing(self._wire.stream(self._path, self._words())) as stream:
                    end = stream.headers.get(CURSOR)
                    if end is None:
                        raise BrokenOffError(f"the answer has no {CURSOR}; is this Footfall's address?")
                    for line in stream.lines():
                        row = self._taken(line)
                        patience.worked()
                        came = True
                        yield row
                        if self.cursor == end:  # some servers keep the connection, and the end never comes
                            break
            except PASSING as error:
                patience.failed(error)
                continue
            if self.cursor == end or (not came and empty == end):
                break
            empty = None if came else end
        self.cursor = self.cursor or empty

    def _words(self) -> dict[str, str | int | None]:
        return {"range": self._range, "cursor": self.cursor, "limit": self._left}

    def _taken(self, line: bytes) -> Row:
        try:
            row = _values.decode(line)
            self.cursor = str(row.pop("cursor"))
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError) as error:
            raise BrokenOffError("a line of the answer is no row") from error
        if self._left is not None:
            self._left -= 1
        return row
