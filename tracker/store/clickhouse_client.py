"""A connection to ClickHouse that speaks SQLAlchemy and this house's errors."""

import importlib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, ClauseElement, Select

from tracker.errors import FootfallError
from tracker.store.base import Answer, BatchRefusedError, QueryMemoryError, QueryTimeoutError, StoreDownError
from tracker.store.clickhouse_dialect import Spelled, spell

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Settings = Mapping[str, str | int | float]

# So that ClickHouse answers as SQL does: null, not 0 or NaN, where nothing is.
_SETTINGS: Settings = {
    "join_use_nulls": 1,
    "cast_keep_nullable": 1,
    "aggregate_functions_null_for_empty": 1,
    "session_timezone": "UTC",
    "async_insert": 0,
}
# What a batch's row lacks is null, and a null where none may be is refused.
_STRICT: Settings = {
    "input_format_skip_unknown_fields": 1,
    "input_format_null_as_default": 0,
    "input_format_force_null_for_omitted_fields": 1,
    "input_format_allow_errors_num": 0,
}
FINAL: Settings = {"final": 1}
"""Read derived tables as they are now, without the rows that newer versions replace."""

AS_PARQUET: Settings = {
    "output_format_parquet_compression_method": "zstd",
    "output_format_parquet_row_group_size": 20_480,
    "output_format_parquet_string_as_string": 1,
}

_PARQUET_ENDS = b"PAR1"
_LONGEST_PROBLEM = 1 << 14
_TIMED_OUT = {159, 160}  # TIMEOUT_EXCEEDED, TOO_SLOW
_OUT_OF_MEMORY = 241  # MEMORY_LIMIT_EXCEEDED
_WRONG_SETTING = {81, 192, 193, 194, 497, 516}  # no such database, user or right, wrong password

_MISFITS = {"INCORRECT_DATA", "TYPE_MISMATCH", "ARGUMENT_OUT_OF_BOUND", "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE"}


class ClickHouseClient:
    """Connects when first used, and may be used by several threads at once.

    Raises StoreDownError while the server cannot be reached or cannot write, FootfallError when
    its address, user or database is wrong, QueryTimeoutError when it took too long.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._client: Client | None = None

    def execute(self, statement: str | ClauseElement, prefix: str = "", settings: Settings | None = None) -> None:
        """Run a statement that gives no rows; `prefix` goes before a compiled one, as in INSERT … SELECT."""
        spelled = Spelled(statement, {}, (), ()) if isinstance(statement, str) else spell(statement)
        with self._connected(writing=True) as client:
            client.command(prefix + spelled.text, parameters=spelled.parameters or None, settings=dict(settings or {}))

    def rows(self, statement: Select[Any], settings: Settings | None = None) -> Answer:
        """Run a query."""
        spelled = spell(statement)
        with self._connected() as client:
            result = client.query(spelled.text, parameters=spelled.parameters or None, settings=dict(settings or {}))
        return Answer(spelled.columns, _typed(spelled, result.result_rows))

    def blocks(self, statement: Select[Any], settings: Settings | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query and yield its rows as they come, block by block of the server's."""
        spelled = spell(statement)
        parameters, settings = spelled.parameters or None, dict(settings or {})
        with (
            self._connected() as client,
            client.query_row_block_stream(spelled.text, parameters=parameters, settings=settings) as blocks,
        ):
            for block in blocks:
                yield _typed(spelled, block)

    def parquet(self, statement: Select[Any], settings: Settings | None = None) -> Iterator[bytes]:
        """Run a query and yield pieces of the Parquet file that the server makes of its rows.

        A failure in the middle of it is raised at its end: the server has said by then that all is well.
        """
        spelled = spell(statement)
        with self._connected() as client:
            answer: Any = client.raw_stream(
                spelled.text, parameters=spelled.parameters or None, settings=dict(settings or {}), fmt="Parquet"
            )
            tail = b""
            with closing(answer):
                while piece := answer.read(1 << 20):
                    tail = (tail + piece)[-_LONGEST_PROBLEM:]
                    yield piece
            if not tail.endswith(_PARQUET_ENDS):
                raise _cut_short(tail)

    def insert_file(self, table: str, file: Path) -> None:
        """Insert the rows of a file, one JSON object a line; BatchRefusedError when one of them cannot be."""
        with self._connected(writing=True) as client, file.open("rb") as lines:
            client.raw_insert(table, insert_block=lines, fmt="JSONEachRow", settings=dict(_STRICT))

    def insert_lines(self, table: str, lines: Sequence[bytes]) -> None:
        """Insert JSON objects, one a line."""
        with self._connected(writing=True) as client:
            client.raw_insert(table, insert_block=b"".join(lines), fmt="JSONEachRow", settings=dict(_STRICT))

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    @contextmanager
    def _connected(self, writing: bool = False) -> Iterator["Client"]:
        errors = _driver().driver.exceptions
        broken = importlib.import_module("urllib3.exceptions").HTTPError
        try:
            yield self._open()
        except broken as error:
            raise StoreDownError(str(error).splitlines()[0][:300]) from error
        except errors.DatabaseError as error:
            problem = str(error).splitlines()[0][:300]
            if error.code in _TIMED_OUT:
                raise QueryTimeoutError(problem) from error
            if error.code == _OUT_OF_MEMORY and not writing:
                raise QueryMemoryError(problem) from error
            if error.code in _WRONG_SETTING:
                raise FootfallError(f"FOOTFALL_EVENTS_URL: {problem}") from error
            if writing and error.code is not None and _is_of_the_rows(error.name):
                raise BatchRefusedError(error.name.lower()) from error
            if writing or error.code is None:
                raise StoreDownError(problem) from error
            raise

    def _open(self) -> "Client":
        with self._lock:
            if self._client is None:
                self._client = _driver().get_client(
                    dsn=self._url,
                    autogenerate_session_id=False,  # a session serves one query at a time
                    settings=dict(_SETTINGS),
                    dedicated_pool=True,
                )
            return self._client


def _driver() -> Any:
    try:
        return importlib.import_module("clickhouse_connect")
    except ImportError as error:
        raise FootfallError(
            "FOOTFALL_EVENTS_URL names a ClickHouse server, and its driver is not installed: "
            "pip install footfall[clickhouse]"
        ) from error


def _cut_short(tail: bytes) -> Exception:
    """Return the error that a server wrote into its answer, where it had begun one."""
    said = re.search(r"Code: (\d+)\. [^\n]*", tail.decode(errors="replace"))
    found: Exception = _driver().driver.exceptions.DatabaseError(
        said[0] if said else "the server's answer was cut short", code=int(said[1]) if said else None
    )
    return found


def _is_of_the_rows(error: str) -> bool:
    """Tell a value that does not fit from a server in need, by the names of ClickHouse's errors."""
    return (
        error.startswith(("CANNOT_PARSE", "CANNOT_READ", "CANNOT_INSERT_NULL", "CANNOT_CONVERT")) or error in _MISFITS
    )


def _typed(spelled: Spelled, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return the rows with true and false where the statement says so: ClickHouse's comparisons give 1 and 0."""
    truths = [place for place, type_ in enumerate(spelled.types) if isinstance(type_, Boolean)]
    if not truths:
        return [tuple(row) for row in rows]
    answer = []
    for row in rows:
        values = list(row)
        for place in truths:
            values[place] = None if values[place] is None else bool(values[place])
        answer.append(tuple(values))
    return answer
