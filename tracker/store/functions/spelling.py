"""How a function gets its spelling on each engine."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Function = TypeVar("Function", bound=type[FunctionElement[Any]])


def spelled(*, duckdb: str, clickhouse: str) -> Callable[[Function], Function]:
    """Register how each engine writes a function: `{0}`, `{1}` … are its arguments, `{all}` all of them."""

    def write(template: str, element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
        arguments = [compiler.process(clause, **options) for clause in element.clauses]
        return template.format(*arguments, all=", ".join(arguments))

    def register(function: Function) -> Function:
        for dialect, template in (("duckdb", duckdb), ("clickhousedb", clickhouse), ("clickhouse", clickhouse)):
            compiles(function, dialect)(lambda e, c, t=template, **o: write(t, e, c, **o))
        return function

    return register
