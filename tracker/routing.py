"""Routes that learn to write their addresses only when one is asked for."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Written = tuple[str, str]


class LateRule(Rule):
    """A route as Werkzeug's, which compiles two functions for each as it is added: most of what an app takes."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., _Written]:
        written: Callable[..., _Written] | None = None

        def build(rule: Rule, /, *parts: Any, **named: Any) -> _Written:
            nonlocal written
            if written is None:  # two threads may both do it: with the same result
                written = super(LateRule, self)._compile_builder(append_unknown)
            return written(rule, *parts, **named)

        return build
