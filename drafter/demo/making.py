"""Making the example: the story replayed, its versions built, and where a visitor begins."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drafter.core.errors import Refused
from drafter.core.ids import ClauseId
from drafter.demo.replay import replay
from drafter.people.seats import Seat
from drafter.services.addresses import CLAUSE, address
from drafter.services.amending import list_amendments, view_amendment
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.commenting import comment, confirm
from drafter.services.instance import Instance
from drafter.services.progress import Progress
from drafter.services.publishing import build_missing
from drafter.services.signing_in import list_seats, mint_link

CITIZENS_CLAUSE = ClauseId("c-tdzamb")
"""Votes at sixteen: the clause that the demo shows to a citizen."""
PUT_CLAUSE = ClauseId("c-rxtb8y")
"""Votes of residents: the clause that the panel is voting on."""
REMARK_CLAUSE = ClauseId("c-mk1sh6")
WAITING_CLAUSE = ClauseId("c-ewnpq4")
"""The clause with the comment that the clerk has not read yet."""
WAITING = "How large may such a place be? Where I live it would take two hours to cross it."
CITIZEN = "citizen@example.org"
MAILBOX = "/demo/mailbox"
EXAMPLE_SETTINGS = """\
# An example, for this machine alone: its clerk signs in by a link. A real report leaves this out.
[sign_in]
second_factor = false
"""


@dataclass(frozen=True, slots=True)
class Tour:
    """The addresses that a visitor of the demo begins with."""

    site: str
    citizen: str
    """A clause's page."""
    mailbox: str
    member: str
    """A one-time link that signs in a seat."""
    seat: str
    """Its label, `seat-04`."""
    waiting: str
    """What waits for that seat, in a sentence."""
    clerk: str
    """A one-time link that signs in the clerk."""


MARK = "demo"
"""The file that tells an example from a report that is somebody's, with its mails and its clerk."""


def make_demo(
    path: Path,
    base_url: str,
    *,
    clock: Callable[[], datetime] | None = None,
    tokens: Callable[[], str] | None = None,
    progress: Progress | None = None,
) -> Tour:
    """Make the example at `path`, or open the one that stands there, and give its addresses.

    `clock` and `tokens` are those of the visit: the story has its own. Raises Refused where
    something else stands there.
    """
    if not (path / MARK).is_file():
        _make(path, base_url, clock, tokens, progress)
    instance = Instance.open(path, clock=clock, tokens=tokens)
    instance.base_url = base_url
    try:
        return _tour(instance)
    finally:
        instance.close()


def _make(
    path: Path,
    base_url: str,
    clock: Callable[[], datetime] | None,
    tokens: Callable[[], str] | None,
    progress: Progress | None,
) -> None:
    """Make it beside `path` and move it there, so that nobody ever opens half of it."""
    path = path.absolute()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused(f"Something stands at {path} already; choose another folder.")
    making = path.with_name(f".{path.name}.{os.getpid()}.demo")
    try:
        replay(making, base_url, progress).close()
        instance = Instance.open(making, clock=clock, tokens=tokens)
        instance.base_url = base_url
        try:
            build_missing(instance, OPERATOR, (), progress)
            _comment_today(instance)
        finally:
            instance.close()
        (making / "settings.toml").write_text(EXAMPLE_SETTINGS, encoding="utf-8")
        (making / MARK).touch()
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _comment_today(instance: Instance) -> None:
    """Have somebody comment at the time of the visit: it waits for the clerk, its mail lies there.

    The mails of the story are years old, and mails are not kept for so long.
    """
    sent = comment(instance, WAITING_CLAUSE, WAITING, email=CITIZEN, version_seen="v3")
    assert sent.confirm_token is not None  # an address was given
    confirm(instance, sent.confirm_token)


def _tour(instance: Instance) -> Tour:
    seat, waiting = _who_may_vote(instance)
    return Tour(
        site=f"{instance.base_url}/",
        citizen=address(instance.base_url, CLAUSE, clause=CITIZENS_CLAUSE),
        mailbox=instance.base_url + MAILBOX,
        member=mint_link(instance, OPERATOR, Actor("seat", seat.number)),
        seat=seat.label,
        waiting=waiting,
        clerk=mint_link(instance, OPERATOR, CLERK_ACTOR),
    )


def _who_may_vote(instance: Instance) -> tuple[Seat, str]:
    """Find a seat that has not voted on an open motion; without one, the first that is filled."""
    filled = [seat for seat in list_seats(instance, OPERATOR) if seat.filled]
    for amendment in list_amendments(instance, ["put"]):
        for seat in filled:
            who = Actor("seat", seat.number)
            motion = view_amendment(instance, amendment.number, actor=who).motion
            if motion is not None and motion.motion.state == "open" and not motion.ballots:
                return seat, _what_waits(amendment.number, motion.quorum_needed - motion.voted)
    return filled[0], "No vote waits for you."


def _what_waits(number: int, lacking: int) -> str:
    if lacking <= 0:
        return f"The vote on amendment {number} is open."
    ballots = "one ballot" if lacking == 1 else f"{lacking} ballots"
    return f"The vote on amendment {number} lacks {ballots} of its quorum."
