"""The events of the story, read from `story/*.toml`: what happens, when, and in whose words.

Each table is named by what is done. Knows the order of events, not how they are made to happen.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

STORY = Path(__file__).parent / "story"
FIRST_DRAFT = STORY / "first-draft"
"""The chapters and assemblies that the story begins with."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens."""

    at: datetime
    """When, in UTC."""
    do: str
    """The verb, as in `replay.VERBS`."""
    facts: Mapping[str, Any]
    """Who, on what, and in which words; each verb says which it takes."""


def read_events(folder: Path = STORY) -> tuple[Event, ...]:
    """Read all events, in the order of time. No two may happen at the same moment."""
    found: list[Event] = []
    for path in sorted(folder.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for verb, rows in tables.items():
            found += [_event(verb, dict(row)) for row in rows]
    found.sort(key=lambda event: event.at)
    for before, after in itertools.pairwise(found):
        if before.at == after.at:
            raise ValueError(f"Two events of the story are at {before.at:%Y-%m-%d %H:%M:%S}.")
    return tuple(found)


def _event(verb: str, row: dict[str, Any]) -> Event:
    return Event(row.pop("at").replace(tzinfo=UTC), verb, row)
