"""What the verbs of the story share: acts, and where the story stands.

Everything that enters git follows from the events alone: the clock stands still within an act, and
what is drawn by chance elsewhere is made from the act's name here. So the same events make the
same commits, whatever else the services do with clock and chance meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from drafter.core.steps import Step, from_json
from drafter.services.authority import Actor
from drafter.services.instance import Instance

Facts = Mapping[str, Any]
"""What a table of the story says, but for its verb and its moment."""


@dataclass(frozen=True, slots=True)
class Act:
    """One call of a service, at one moment."""

    at: datetime
    name: str
    run: Callable[[], object]


@dataclass
class Stage:
    """Where the story stands: the moment, and what people hold in their hands."""

    moment: datetime
    name: str = "begin"
    """Of the act that is going on."""
    receipts: dict[int, str] = field(default_factory=dict)
    """By a comment's number."""
    hashes: dict[int, str] = field(default_factory=dict)
    """By an amendment's number: what a ballot on it names."""
    statements: set[int] = field(default_factory=set)
    """The amendments on which somebody has put an interest or a dissent on record."""
    _drawn: int = 0
    _instance: Instance | None = None

    @property
    def instance(self) -> Instance:
        """The report that lives through the story."""
        assert self._instance is not None
        return self._instance

    def enter(self, instance: Instance) -> None:
        """Take the report that was made with this clock and these tokens."""
        self._instance = instance

    def go_on(self, moment: datetime, name: str) -> None:
        """Begin the next act."""
        self.moment, self.name, self._drawn = moment, name, 0

    def clock(self) -> datetime:
        """Tell the time of the act."""
        return self.moment

    def token(self) -> str:
        """Draw what would be drawn by chance: the same for the same act of the same moment."""
        self._drawn += 1
        return self.drawn_last()

    def drawn_last(self) -> str:
        """Give what was drawn last: what the mail holds that was just written."""
        seed = f"{self.moment.isoformat()} {self.name} {self._drawn}"
        return hashlib.sha256(seed.encode("utf-8")).hexdigest()


Verb = Callable[[Stage, datetime, Facts], Iterator[Act]]
"""Gives the acts that one event consists of."""


def seat(number: int) -> Actor:
    """Name a seat."""
    return Actor("seat", number)


def steps_in(facts: Facts) -> tuple[Step, ...]:
    """Read the steps of a draft or an edit, as the services keep them."""
    return from_json(json.dumps(facts["steps"]))


def expect(what: str, said: object, found: object) -> None:
    """Stop where the services say otherwise than the story."""
    if said != found:
        raise ValueError(f"The story says {what} {said}, and the services say {found}.")
