"""What the interface gives: the shapes of its answers. They say no more than the pages show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from drafter.core.clauses import ClauseType
from drafter.core.decisions import Closed
from drafter.core.frontmatter import Phase
from drafter.core.instructions import Verb
from drafter.core.rules import State, Vote
from drafter.core.standing import Relation
from drafter.people.ballots import Choice
from drafter.people.motions import MotionState
from drafter.web.api.operation import Shape


class Commenting(Shape):
    """When comments are taken."""

    open: bool
    """They are taken now."""
    opens_at: datetime | None
    closes_at: datetime | None


class Version(Shape):
    """A published version."""

    name: str
    """As in addresses: `v3`."""
    number: int
    title: str
    published_at: datetime
    imported: bool
    """It was taken over from elsewhere, and was not published here."""


class Chapter(Shape):
    """A chapter of the working draft."""

    path: str
    title: str
    phase: Phase
    """`drafting`: seats edit it freely; `amending`: only decisions change its words."""
    clauses: int
    """How many clauses it has."""


class Report(Shape):
    """The report: its versions, and the chapters of the working draft in reading order."""

    name: str
    commenting: Commenting
    chapters: tuple[Chapter, ...]
    versions: tuple[Version, ...]
    """Oldest first."""


class ClauseWords(Shape):
    """A clause, as it stands in the working draft."""

    id: str
    """Permanent: it never changes, and never becomes another clause's."""
    number: str
    """What readers see; it may change. Empty where it has none."""
    chapter: str
    """The path of its chapter."""
    parent: str | None
    """The item that it is nested in."""
    type: ClauseType
    level: int | None
    """Of a heading, 1 to 6."""
    wording: str
    """Its words in Markdown, as a ballot binds them."""
    wording_hash: str
    """The SHA-256 of the wording: a comment names it."""
    origins: tuple[str, ...]
    """The proposals it came from, as `leeds-2018/4`."""


class Clauses(Shape):
    """The clauses of a chapter, in reading order."""

    clauses: tuple[ClauseWords, ...]


class Gone(Shape):
    """What took a clause out of the text."""

    sentence: str
    amendment: int | None
    """The amendment that did it."""
    version: str | None
    """The first version without it; null while none is published."""
    became: tuple[str, ...]
    """The clauses that it went into."""


class Clause(ClauseWords):
    """A clause, with what stands around it. One that is gone is given as it stood last."""

    gone: Gone | None
    """Null while it stands in the draft."""
    remarks: int
    """Shown comments without other wording."""
    suggestions: int
    """Shown comments with other wording."""
    amendments: tuple[int, ...]
    """Undecided amendments that take up one of its first fifty comments."""


class Comment(Shape):
    """A comment in its clause's row. One held or taken back keeps its place without its words."""

    number: int
    clause: str
    at: datetime
    state: Literal["shown", "held", "withdrawn", "erased"]
    text: str | None
    suggested_wording: str | None
    words_seen: str | None
    """The words that its author saw."""
    held_because: str | None
    """The reason of the published policy, and the clerk's sentence."""
    said: str
    """Where it was said or written; empty for one sent here."""
    clause_now: Relation
    """How its clause stands to the words that its author saw."""
    reads_so_now: bool
    """The clause reads by now as the comment suggested."""
    answer: str | None
    """The panel's public answer."""
    supports: int
    amendments: tuple[int, ...]
    """The amendments that take it up."""


class Comments(Shape):
    """One page of a clause's comments, oldest first."""

    comments: tuple[Comment, ...]
    page: int
    pages: int
    total: int


class AmendmentLine(Shape):
    """An amendment in a list."""

    number: int
    title: str
    state: State
    round: int
    motion: MotionState | None
    """Of the vote in this round; null where it was not put."""
    closes_at: datetime | None
    voted: int | None
    """How many seats have voted; null unless it is being voted on."""
    updated_at: datetime


class Amendments(Shape):
    """A part of the list of amendments, by number."""

    amendments: tuple[AmendmentLine, ...]
    next: int | None
    """Ask again with `after` at this number; null at the end."""


class Instruction(Shape):
    """One operation in an amendment, by clause, place and hashes."""

    verb: Verb
    clause: str | None
    chapter: str | None
    amendment: int | None
    type: str | None
    ordered: bool
    level: int | None
    before: str | None
    after: str | None
    parent: str | None
    preceding: str | None


class Consequence(Shape):
    """What accepting an amendment would do to another open one."""

    number: int
    effect: Literal["merges", "competes", "lapses"]
    clauses: tuple[str, ...]


class RollCallLine(Shape):
    """How a seat voted."""

    seat: int
    vote: Vote
    interest: str | None
    """What a recused seat declared."""
    in_the_room: bool
    """The clerk entered it."""


class Dissent(Shape):
    """What a seat put on record against a decision."""

    seat: int
    text: str


class Tally(Shape):
    """How the filled seats voted."""

    in_favour: int = Field(serialization_alias="for")
    against: int
    abstaining: int
    absent: int
    recused: int


class OwnBallot(Shape):
    """How the seat that asks has voted."""

    choice: Choice
    interest: str | None


class Interest(Shape):
    """An interest that a recused seat declared."""

    seat: int
    text: str


class Statements(Shape):
    """What a decision would bring into the record in the seats' own words."""

    digest: str
    """Name it when you decide, once you have read them: `statements_read`."""
    interests: tuple[Interest, ...]
    dissents: tuple[Dissent, ...]


class Motion(Shape):
    """The vote that runs, or is closed and not decided."""

    state: MotionState
    rule: str
    """What carries it, in words."""
    closes_at: datetime | None
    voted: int
    seats: int
    """Filled seats."""
    voted_seats: tuple[int, ...]
    """Which; how they voted is told once the vote is closed."""
    outcome: str | None
    """What the closed vote comes to, in words."""
    roll_call: tuple[RollCallLine, ...]
    """Once the vote is closed."""


class Panel(Shape):
    """What only the panel's seats and the clerk are shown of a vote."""

    question: str
    ballot_hash: str | None
    """What a ballot must name; null while none is taken."""
    batch: int | None
    """What it is put together with others in."""
    own: OwnBallot | None
    statements: Statements | None
    """For the clerk, where there are any."""


class Decision(Shape):
    """How, when and why an amendment was closed."""

    outcome: Closed
    date: date
    question: str | None
    """As it was put; null where there was no vote."""
    tally: Tally | None
    sentence: str | None
    """The count in words."""
    rule: str | None
    reason: str
    """The panel's reason, in Markdown."""
    roll_call: tuple[RollCallLine, ...]
    dissents: tuple[Dissent, ...]


class Amendment(Shape):
    """An amendment: what it would change, what follows, how the vote stands, what was decided."""

    number: int
    title: str
    state: State
    round: int
    comments: tuple[int, ...]
    """The comments that it takes up."""
    origins: tuple[str, ...]
    """The assemblies and proposals that it goes back to."""
    combines: tuple[int, ...]
    reconsiders: int | None
    instructions: tuple[Instruction, ...]
    changes: tuple[Annotated[dict[str, Any], Field(json_schema_extra={"type": "object"})], ...]
    """Clause by clause and word by word, in the form of `drafter diff --format json`."""
    competes: bool
    """The draft has changed the same words since; it must be drafted anew."""
    asks_nothing: bool
    """Nothing is left that it asks for."""
    consequences: tuple[Consequence, ...]
    unchanged: int
    """How many other open amendments it would leave alone."""
    motion: Motion | None
    panel: Panel | None
    """Null for who is not of the panel, and where no vote runs."""
    decision: Decision | None


class Outcome(Shape):
    """What became of an amendment that took a comment up."""

    number: int
    title: str
    state: State
    put: bool
    decided_on: str | None
    reason: str
    tally: str
    version: str | None
    """The first version that contains the decision."""


class Receipt(Shape):
    """A comment, followed to the end by whoever holds its receipt."""

    number: int
    clause: str
    at: datetime
    state: Literal["received", "confirmed", "shown", "held", "withdrawn"]
    sentence: str
    """How it stands, in words."""
    to_confirm: bool
    """The link in the mail is not opened yet: until then it does not count."""
    needs_address: bool
    """No address was given, so that it cannot be confirmed."""
    text: str
    suggested_wording: str | None
    held_because: str | None
    clause_now: Relation
    answer: str | None
    supports: int
    outcomes: tuple[Outcome, ...]


class Sent(Shape):
    """What a citizen holds after sending a comment. Keep the receipt: nobody can find it again."""

    number: int
    receipt: str
    """The secret that opens the receipt: `/api/v1/receipts/…`."""
    receipt_url: str
    """The page for people."""
    confirm_by_mail: bool
    """A mail was sent: the comment counts once its link is opened."""


class Who(Shape):
    """As whom one asks."""

    role: Literal["public", "seat", "clerk", "administrator", "operator"]
    seat: int | None
    expires_at: datetime | None
    """Of the token."""


class Numbered(Shape):
    """The amendment that was made."""

    number: int


class Cast(Shape):
    """The ballot as it now counts."""

    amendment: int
    round: int
    seat: int
    choice: Choice
    interest: str | None
    ballot_hash: str
    cast_at: datetime


class Entered(Shape):
    """For how many seats votes were entered."""

    entered: int


class Standing(Shape):
    """How an amendment stands after what was done."""

    number: int
    state: State
    round: int
    sentence: str
