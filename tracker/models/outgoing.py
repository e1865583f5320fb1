"""What all has in common that is on its way to an address outside."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class Outgoing:
    """The columns of something in the outbox until its `state` is `sent` or `failed`; before that it is `waiting`.

    `key` names it to those who get it, for ever; `taken_until` is set while it is being sent. `next_try_at`
    of what failed is when it was given up.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    taken_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))
