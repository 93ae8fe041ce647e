"""A small report to work on, and short ways through the process, for the tests of the services."""

from __future__ import annotations

import itertools
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drafter.core.ids import ClauseId
from drafter.services import admitting, amending, commenting, signing_in, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

CONFIGURATION = """\
site_name: A report
docs_dir: drafts
site_dir: build/site
nav: [values.md, voting.md, blank.md]
theme: {name: material, font: false}
plugins: [search, drafter]
markdown_extensions: [drafter.publish.markdown_extension]
extra:
  drafter:
    numbering: decimal
    rules: {quorum: 1/2, quorum_floor: 3, clerk_may_publish_own: true}
"""

VALUES = """\
# Values {: #c-va1ves }

Power belongs to the people who live here.
{: #c-pe0p1e origin="leeds-2018/1" }

- Truth in public life. {: #c-trvth1 }
- Fairness between the nations. {: #c-fa1r00 }
"""

VOTING = """\
# Voting {: #c-v0t1ng }

Every citizen aged sixteen or over may vote in every election.
{: #c-s1xteen }

The register is kept by an independent office and corrected every year.
{: #c-reg1ster }
"""

BLANK = """\
---
phase: drafting
---
# What comes next {: #c-next00 }

Something will have to be done.
{: #c-d0ne00 }
"""

LEEDS = """\
---
id: leeds-2018
title: Leeds citizens' assembly
model: random-selection
organisers: [Open Leeds]
place: Leeds
level: regional
dates: [2018-03-10]
participants: 96
selection: By a stratified lot.
---

# Leeds citizens' assembly {: #c-1eeds1 }

## Questions {: #c-1eeds2 }

- Who holds power? {: #c-1eeds3 }

## Proposals {: #c-1eeds4 }

1. Power should belong to the people. {: #c-1eeds5 }

    Votes: 71 for, 14 against, 11 abstaining.
"""

PEOPLE = ClauseId("c-pe0p1e")
SIXTEEN = ClauseId("c-s1xteen")
REGISTER = ClauseId("c-reg1ster")
DONE = ClauseId("c-d0ne00")


class Ticking:
    """A clock that is one minute on at each look. Safe to share between threads."""

    def __init__(self) -> None:
        self._minutes = itertools.count()
        self._guard = threading.Lock()

    def __call__(self) -> datetime:
        with self._guard:
            return START + timedelta(minutes=next(self._minutes))


def write_source(folder: Path) -> Path:
    """Write a folder laid out like a report."""
    files = {
        "mkdocs.yml": CONFIGURATION,
        "drafts/values.md": VALUES,
        "drafts/voting.md": VOTING,
        "drafts/blank.md": BLANK,
        "drafts/assemblies/leeds-2018.md": LEEDS,
        "site/overrides/main.html": '{% extends "base.html" %}\n',
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def make_instance(
    path: Path,
    source: Path,
    *,
    seats: int = 5,
    clock: Ticking | None = None,
    database: str | None = None,
) -> Instance:
    """Make an instance with a panel."""
    instance = Instance.create(path, source, clock=clock, database=database)
    signing_in.add_seats(instance, OPERATOR, seats)
    return instance


def suggest(
    instance: Instance, clause: ClauseId, wording: str, email: str | None = "ada@example.org"
) -> int:
    """Send and confirm a suggestion; return its number."""
    return send(instance, clause, "Because.", wording, email).number


def send(
    instance: Instance,
    clause: ClauseId,
    text: str = "Because.",
    wording: str | None = None,
    email: str | None = "ada@example.org",
) -> commenting.Receipt:
    """Send a comment and confirm it; return its receipt."""
    sent = commenting.comment(instance, clause, text, wording, email)
    assert sent.confirm_token is not None
    commenting.confirm(instance, sent.confirm_token)
    return sent


def admit(instance: Instance, clause: ClauseId, wording: str, title: str = "A change") -> int:
    """Take a suggestion through to an open amendment; return its number."""
    return admitting.admit(instance, CLERK_ACTOR, [suggest(instance, clause, wording)], title)


def vote(instance: Instance, number: int, choices: str = "fff--") -> None:
    """Put an amendment and cast ballots: f for, a against, - none, r recused, b abstaining."""
    motion = amending.put(instance, CLERK_ACTOR, number)
    names = {"f": "for", "a": "against", "b": "abstaining", "r": "recused"}
    for seat, letter in enumerate(choices, 1):
        if letter in names:
            choice = names[letter]
            interest = "I keep a register." if letter == "r" else None
            voting.cast(
                instance,
                Actor("seat", seat),
                number,
                choice,  # type: ignore[arg-type]
                motion.ballot_hash,
                interest=interest,
            )


def closed(instance: Instance, number: int, choices: str = "fff--") -> None:
    """Put an amendment, vote, and close the vote."""
    vote(instance, number, choices)
    voting.close(instance, CLERK_ACTOR, number)


def mailed(instance: Instance, kind: str) -> list[str]:
    """Return the tokens of links that lie in the outbox, by their kind (`confirm`), in order."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(instance.outbox.glob("*.eml")))
    return [token for text in texts for token in re.findall(rf"/{kind}/([\w-]+)", text)]
