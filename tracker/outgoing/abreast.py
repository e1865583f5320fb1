"""Waits for several receivers at a time, so that those who answer slowly do not hold up the others."""

from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

from tracker.clock import utc_now

LASTS = timedelta(minutes=1)
"""For so long a turn begins to send; who hangs must not put off for hours what is done between turns."""
AT_ONCE = 8
"""So many are sent to at a time."""
AT_ONCE_OF_A_SITE = 2
"""So many of them are one site's, whose receivers may all be slow."""
LOOK_AGAIN_S = 1.0
"""While something is on its way, what came to wait meanwhile is looked for so often."""

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class _Whose(NamedTuple, Generic[K]):
    receiver: K
    site_id: int


class Abreast(Generic[K, T]):
    """What is on its way to receivers in one turn, each in a thread of its own; true while anything is.

    To be used in a `with`, whose end waits for all of it, by one thread. `may_go_on` may end the turn early.
    """

    def __init__(self, may_go_on: Callable[[], bool]) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "abreast")
        self._going: dict[Future[T], _Whose[K]] = {}
        self._sent_to: Counter[K] = Counter()
        self._began = utc_now()
        self._may_go_on = may_go_on

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()

    def __bool__(self) -> bool:
        return bool(self._going)

    def goes_on(self) -> bool:
        """Tell whether something may be begun yet; a clock that was set back ends the turn."""
        return timedelta() <= utc_now() - self._began < LASTS and self._may_go_on()

    def times_sent_to(self, receiver: K) -> int:
        """Return how often a receiver was sent to in this turn; whoever was least often comes first."""
        return self._sent_to[receiver]

    def has_room(self, receiver: K, site_id: int) -> bool:
        """Tell whether a receiver may be sent to: to nobody is sent twice at a time, and to few of a site."""
        whose = self._going.values()
        of_site = sum(one.site_id == site_id for one in whose)
        is_busy = any(one.receiver == receiver for one in whose)
        return not is_busy and len(whose) < AT_ONCE and of_site < AT_ONCE_OF_A_SITE

    def begin(self, receiver: K, site_id: int, send: Callable[[], T]) -> None:
        """Send to a receiver for whom there is room."""
        self._sent_to[receiver] += 1
        self._going[self._threads.submit(send)] = _Whose(receiver, site_id)

    def ended(self, within_s: float) -> list[tuple[K, T]]:
        """Return what has ended, to whom and how, once something has or the time is over; raises what it raised."""
        done = wait(self._going, within_s, FIRST_COMPLETED).done
        return [(self._going.pop(one).receiver, one.result()) for one in done]
