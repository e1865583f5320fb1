"""One clock for all bodies that are being read: a timer each would cost a tenth of a request."""

import asyncio

_SWEEPS = 10  # looks in the length of the deadline, so that a body may take a tenth longer


class Deadline:
    """Cancels tasks that stay longer than `seconds` between `enter` and `leave`. For one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[asyncio.Task[object], float] = {}
        self._expired: set[asyncio.Task[object]] = set()
        self._sweeping = False

    def enter(self) -> "asyncio.Task[object]":
        """Start the clock for the running task and return the task."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"
        loop = asyncio.get_running_loop()
        self._since[task] = loop.time()
        if not self._sweeping:
            self._sweeping = True
            loop.call_later(self._seconds / _SWEEPS, self._sweep, loop)
        return task

    def leave(self, task: "asyncio.Task[object]") -> None:
        """Stop the clock."""
        self._since.pop(task, None)

    def passed(self, task: "asyncio.Task[object]") -> bool:
        """Tell whether it was this clock that cancelled the task, and if so take that back."""
        if task not in self._expired:
            return False
        self._expired.discard(task)
        task.uncancel()
        return True

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        latest = loop.time() - self._seconds
        for task in [task for task, since in self._since.items() if since <= latest]:
            del self._since[task]
            self._expired.add(task)
            task.cancel()
        self._sweeping = bool(self._since)
        if self._sweeping:
            loop.call_later(self._seconds / _SWEEPS, self._sweep, loop)
