"""How SQLAlchemy Core is spelled for ClickHouse.

A dialect of our own, because the driver's keeps values in the statement's text and cannot
compile array slices, `regexp_match` or an escaped `icontains`. Here a value never becomes
part of the text: each is a typed parameter, `{p0:String}`, that the server binds after it
has parsed the statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ClauseElement, types
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import CompileError
from sqlalchemy.sql import elements
from sqlalchemy.sql.compiler import GenericTypeCompiler, SQLCompiler
from sqlalchemy.sql.selectable import CompoundSelect

Parameter = str | bytes | int | float | bool | None | list["Parameter"] | tuple["Parameter", ...]

_COLUMN_TYPES: tuple[tuple[type[types.TypeEngine[Any]], str], ...] = (
    (types.Boolean, "Bool"),
    (types.SmallInteger, "Int16"),
    (types.BigInteger, "Int64"),
    (types.Integer, "Int32"),
    (types.Float, "Float64"),
    (types.Numeric, "Float64"),
    (types.String, "String"),
    (types.DateTime, "DateTime64(3, 'UTC')"),  # whatever the server's zone is
    (types.Date, "Date32"),
)

# Wider than the columns', so that any number can be compared with any column.
_PARAMETER_TYPES: tuple[tuple[type[types.TypeEngine[Any]], type, str], ...] = (
    (types.Boolean, bool, "Bool"),
    (types.Integer, int, "Int64"),
    (types.Float, float, "Float64"),
    (types.Numeric, float, "Float64"),
    (types.String, str, "String"),
    (types.DateTime, datetime, "DateTime64(3, 'UTC')"),
    (types.Date, date, "Date32"),
)


def type_of(type_: types.TypeEngine[Any]) -> str:
    """Return the ClickHouse type of a logical one, as in a column's definition or a cast."""
    if isinstance(type_, types.ARRAY):
        return f"Array({type_of(type_.item_type)})"
    for logical, name in _COLUMN_TYPES:
        if isinstance(type_, logical):
            return name
    raise CompileError(f"no ClickHouse type for {type_!r}")


def _parameter_type(type_: types.TypeEngine[Any], value: object) -> str:
    """Return a parameter's type, by the value's own where the logical one is not known."""
    if isinstance(type_, types.TupleType):
        return f"Tuple({', '.join(_parameter_type(item, None) for item in type_.types)})"
    if isinstance(type_, types.ARRAY):
        return f"Array({_parameter_type(type_.item_type, None)})"
    for logical, python, name in _PARAMETER_TYPES:
        if isinstance(type_, logical) or (isinstance(type_, types.NullType) and isinstance(value, python)):
            return name
    if value is None:
        return "Nothing"
    raise CompileError(f"no ClickHouse type for {value!r} as {type_!r}")


def _encoded(value: Any) -> Parameter:
    """Return what reaches the server whole: the driver writes bytes in hex, but a NUL in a str as it is."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, datetime):
        aware = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return aware.isoformat(" ", "milliseconds")
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_encoded(item) for item in value)
    return value  # type: ignore[no-any-return]


def _as_function(name: str) -> Callable[..., str]:
    """Return a visitor that writes a binary operator as a function."""

    def visit(self: SQLCompiler, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{name}({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    return visit


class ClickHouseTypes(GenericTypeCompiler):
    """Spells the types of casts."""

    def process(self, type_: types.TypeEngine[Any], **kw: Any) -> str:
        """Return the type's name."""
        return type_of(type_)


class ClickHouseCompiler(SQLCompiler):
    """Compiles a statement; its values end up in `server_parameters`, by name."""

    compound_keywords = {  # noqa: RUF012
        **SQLCompiler.compound_keywords,
        CompoundSelect.UNION: "UNION DISTINCT",  # type: ignore[attr-defined]
        CompoundSelect.INTERSECT: "INTERSECT DISTINCT",  # type: ignore[attr-defined]
        CompoundSelect.EXCEPT: "EXCEPT DISTINCT",  # type: ignore[attr-defined]
    }
    visit_bitwise_and_op_binary = _as_function("bitAnd")
    visit_bitwise_or_op_binary = _as_function("bitOr")
    visit_bitwise_xor_op_binary = _as_function("bitXor")
    visit_regexp_match_op_binary = _as_function("match")
    visit_not_regexp_match_op_binary = _as_function("NOT match")

    @property
    def server_parameters(self) -> dict[str, Parameter]:
        """The statement's values, as the driver wants them for the types given in the text."""
        values: dict[str, Parameter] = self.__dict__.setdefault("_server_parameters", {})
        return values

    def visit_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> str:
        """Write a value as a parameter; a list as one array, a length of time as a function of its ms."""
        value = bindparam.effective_value
        if isinstance(value, timedelta):
            return f"toIntervalMillisecond({self._bind('Int64', value // timedelta(milliseconds=1))})"
        if bindparam.expanding:
            return self._bind(f"Array({_parameter_type(bindparam.type, next(iter(value), None))})", list(value))
        name = _parameter_type(bindparam.type, value)
        return self._bind(f"Nullable({name})" if value is None else name, value)

    def _bind(self, type_name: str, value: Any) -> str:
        name = f"p{len(self.server_parameters)}"
        self.server_parameters[name] = _encoded(value)
        return f"{{{name}:{type_name}}}"

    def _label_select_column(self, select: Any, column: Any, *args: Any, **kw: Any) -> str:
        """Name every selected column: ClickHouse would call it `event.path` where two tables are joined."""
        text: str = super()._label_select_column(select, column, *args, **kw)  # type: ignore[no-untyped-call]
        name = self.preparer.quote(column.name) if isinstance(column, elements.ColumnClause) else ""
        return f"{text} AS {name}" if name and text.endswith(f".{name}") else text

    def visit_getitem_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """Index or slice an array, from 1, both ends included; null outside of it."""
        array = self.process(binary.left, **kw)
        if not isinstance(binary.right, elements.Slice):
            return f"arrayElementOrNull({array}, {self.process(binary.right, **kw)})"
        start, stop = self.process(binary.right.start, **kw), self.process(binary.right.stop, **kw)
        return f"arraySlice({array}, {start}, {stop} - {start} + 1)"

    def visit_update(self, update_stmt: Any, *args: Any, **kw: Any) -> str:
        """Write an update as the mutation of the table's parts that it is."""
        values = ", ".join(
            f"{self.preparer.quote(name)} = {self.process(value, include_table=False, **kw)}"
            for name, value in update_stmt._values.items()
        )
        where = self.process(update_stmt.whereclause, include_table=False, **kw)
        return f"ALTER TABLE {self.preparer.format_table(update_stmt.table)} UPDATE {values} WHERE {where}"

    def visit_delete(self, delete_stmt: Any, *args: Any, **kw: Any) -> str:
        """Write a delete as the mutation that takes the rows from the disk, not as the one that hides them."""
        where = self.process(delete_stmt.whereclause, include_table=False, **kw)
        return f"ALTER TABLE {self.preparer.format_table(delete_stmt.table)} DELETE WHERE {where}"

    def visit_ilike_case_insensitive_operand(self, element: Any, **kw: Any) -> str:
        """Ignore the case of more than ASCII, as DuckDB does."""
        return f"lowerUTF8({element.element._compiler_dispatch(self, **kw)})"

    def visit_lower_func(self, function: Any, **kw: Any) -> str:
        """Lower more than ASCII, as DuckDB does."""
        return f"lowerUTF8{self.function_argspec(function, **kw)}"

    def visit_lag_func(self, function: Any, **kw: Any) -> str:
        """Look back; null, not 0, where there is no row."""
        return f"lag({self._nullable_first(function, **kw)})"

    def visit_lead_func(self, function: Any, **kw: Any) -> str:
        """Look ahead; null, not 0, where there is no row."""
        return f"lead({self._nullable_first(function, **kw)})"

    def _nullable_first(self, function: Any, **kw: Any) -> str:
        first, *rest = (self.process(clause, **kw) for clause in function.clauses)
        return ", ".join((f"toNullable({first})", *rest))


class ClickHouseDialect(DefaultDialect):
    """ClickHouse as SQLAlchemy sees it: only for compiling, statements are run by the store."""

    name = "clickhouse"
    default_paramstyle = "named"
    statement_compiler = ClickHouseCompiler
    type_compiler_cls = ClickHouseTypes
    supports_native_boolean = True
    supports_statement_cache = True
    div_is_floordiv = False


@dataclass(frozen=True)
class Spelled:
    """A statement for the server: its text, its parameters, and what its columns are called and hold."""

    text: str
    parameters: dict[str, Parameter]
    columns: tuple[str, ...]
    types: tuple[types.TypeEngine[Any], ...]


_dialect = ClickHouseDialect()


def spell(statement: ClauseElement) -> Spelled:
    """Return how `statement` is run on ClickHouse."""
    compiled = statement.compile(dialect=_dialect)
    assert isinstance(compiled, ClickHouseCompiler)
    columns = compiled._result_columns
    return Spelled(
        text=str(compiled),
        parameters=compiled.server_parameters,
        columns=tuple(column.keyname for column in columns),
        types=tuple(column.type for column in columns),
    )
