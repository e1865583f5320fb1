"""Slows down guessing of passwords; kept in memory, since a restart is no way to guess faster."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Tried in this order: an address against one account, an address against all, everybody against one account.
LIMITS: tuple[tuple[str, RateLimitItem], ...] = (
    ("{address} {email}", parse("10 per 15 minutes")),
    ("{address}", parse("50 per 15 minutes")),
    ("{email}", parse("100 per hour")),
)


class SignInThrottle:
    """Counts tries to sign in; those that succeed count too, so that nobody learns from the count."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, address: str, email: str) -> bool:
        """Count a try, and tell whether its password may be looked at."""
        email = email.strip().lower()[:320]
        return all(self._limiter.hit(limit, name.format(address=address, email=email)) for name, limit in LIMITS)
