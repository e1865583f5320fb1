"""A letter's answers, and the same as programs read them: in English, whatever language the letter speaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reports import REPORTS
from reports.report import by_name
from reports.run import ReportAnswer, run_report
from tracker.languages import ENGLISH, Language, speaking
from tracker.store.base import EventStore

_BY_NAME = by_name(REPORTS)


@dataclass(frozen=True)
class Tables:
    """Answers in a language, as they were made from a store."""

    answers: Sequence[ReportAnswer]
    language: Language
    store: EventStore

    @cached_property
    def in_english(self) -> Sequence[ReportAnswer]:
        """The answers as the API has them; write them in English too.

        From another language they are asked once more: their notes and some cells are words too, and are made with
        them. That is done once, so that all files and webhooks of a letter tell the same.
        """
        if self.language is ENGLISH:
            return self.answers
        with speaking(ENGLISH):
            return [run_report(_BY_NAME[one.report.name], one.scope, self.store, seen=one.seen) for one in self.answers]
