"""Puts a question to the house: to the running server when there is one, else to one opened here."""

import time
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tracker.claim import FolderTakenError
from tracker.control import Item, ask, is_served
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.house import House

_PATIENCE_S = 10  # a server that has claimed the folder but does not listen yet is starting or stopping


def ask_house(settings: Settings, operation: str, /, **arguments: Any) -> Iterator[Item]:
    """Yield the pieces of an operation's answer; FootfallError says what to do when there is none."""
    house = house_or_none(settings)
    if house is None:
        yield from ask(settings.socket_file, operation, arguments)
        return
    try:
        yield from import_module("tracker.commands.operations").answer(house, operation, arguments)
    finally:
        house.close()


def ask_once(settings: Settings, operation: str, /, **arguments: Any) -> Item:
    """Return the only piece of an operation's answer."""
    (item,) = ask_house(settings, operation, **arguments)
    return item


def house_or_none(settings: Settings) -> "House | None":
    """Open the house, or return None when a running server has it open and answers.

    What opens it is imported only then, for it takes a second. FolderTakenError when
    somebody else works on the data folder for longer than a start or stop takes.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not is_served(settings.socket_file):
        try:
            house: House = import_module("tracker.house").open_house(settings)
        except FolderTakenError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return house
    return None
