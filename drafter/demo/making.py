"""Making the example: a report with a panel, version 1, and a vote that lacks one ballot."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drafter.core.errors import Refused
from drafter.core.ids import ClauseId
from drafter.core.rules import quorum_needed
from drafter.demo.starter import starter
from drafter.people.ballots import Choice
from drafter.people.seats import Seat
from drafter.services.addresses import CLAUSE, address
from drafter.services.admitting import admit, show
from drafter.services.amending import list_amendments, put, view_amendment
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.commenting import Receipt, comment, confirm
from drafter.services.instance import Instance
from drafter.services.progress import Progress
from drafter.services.publishing import publish
from drafter.services.signing_in import add_seats, list_seats, mint_link
from drafter.services.voting import cast

SEATS = 7
CITIZENS_CLAUSE = ClauseId("c-tdzamb")
"""Votes at sixteen: the clause that the demo shows to a citizen."""
PUT_CLAUSE = ClauseId("c-rxtb8y")
"""Votes of residents: the clause that the panel is voting on."""
PUT_WORDING = (
    "A citizen of another country who has lived here for three years may vote in local and "
    "regional elections."
)
PUT_TITLE = "Residents vote after three years"
PUT_REASON = (
    "Five years is longer than most councils sit. Somebody who has paid for the buses and the "
    "schools through a whole term should have a say in the next one."
)
REMARK_CLAUSE = ClauseId("c-mk1sh6")
REMARK = "Good. When I moved house I was off the register for a year and never knew."
WAITING_CLAUSE = ClauseId("c-ewnpq4")
WAITING = "How large may such a place be? Where I live it would take two hours to cross it."
MAILBOX = "/demo/mailbox"
CITIZEN = "citizen@example.org"
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

    With the same clock and tokens the same report comes out, commit ids included. Raises Refused
    where something else stands there.
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
        instance = Instance.create(making, starter(), clock=clock, tokens=tokens)
        (making / "settings.toml").write_text(EXAMPLE_SETTINGS, encoding="utf-8")
        instance.base_url = base_url
        _live_a_day(instance, progress)
        instance.close()
        (making / MARK).touch()
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _live_a_day(instance: Instance, progress: Progress | None) -> None:
    seats = add_seats(instance, OPERATOR, SEATS)
    publish(instance, OPERATOR, "First draft", progress)
    _say(instance, REMARK_CLAUSE, REMARK, shown=True)
    _say(instance, WAITING_CLAUSE, WAITING, shown=False)
    number = _suggest(instance)
    _vote(instance, number, seats)


def _say(instance: Instance, clause: ClauseId, text: str, *, shown: bool) -> None:
    receipt = comment(instance, clause, text, email=CITIZEN, version_seen="v1")
    _confirm(instance, receipt)
    if shown:
        show(instance, CLERK_ACTOR, receipt.number)


def _suggest(instance: Instance) -> int:
    receipt = comment(
        instance, PUT_CLAUSE, PUT_REASON, PUT_WORDING, email=CITIZEN, version_seen="v1"
    )
    _confirm(instance, receipt)
    show(instance, CLERK_ACTOR, receipt.number)
    return admit(instance, CLERK_ACTOR, [receipt.number], PUT_TITLE)


def _confirm(instance: Instance, receipt: Receipt) -> None:
    assert receipt.confirm_token is not None  # an address was given
    confirm(instance, receipt.confirm_token)


def _vote(instance: Instance, number: int, seats: tuple[Seat, ...]) -> None:
    """Put the amendment, and let so many seats vote that one ballot is lacking."""
    motion = put(instance, CLERK_ACTOR, number)
    lacking_one = quorum_needed(instance.rules, len(seats), 0) - 1
    for index, seat in enumerate(seats[:lacking_one]):
        choice: Choice = "against" if index % 2 else "for"
        cast(instance, Actor("seat", seat.number), number, choice, motion.ballot_hash)


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
