"""The process as the state machine knows it: four kinds of amendment, and what each does to others.

It knows nothing of git, texts or hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drafter.services import admitting, commenting
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance
from tests.services.reports import REGISTER, SIXTEEN

BLANK = "drafts/blank.md"
SEATS = 5
FLOOR = 3

# One clause in three separate places, and another; an amendment changes one word of one of them.
CLAUSES = {
    "age": (SIXTEEN, ("sixteen", "seventeen", "eighteen")),
    "who": (SIXTEEN, ("citizen", "resident", "adult")),
    "office": (REGISTER, ("independent", "public", "learned")),
    "often": (REGISTER, ("year", "month", "week")),
}
TEXTS = {
    SIXTEEN: "Every {who} aged {age} or over may vote in every election.",
    REGISTER: "The register is kept by an {office} office and corrected every {often}.",
}


@dataclass
class Asked:
    """An amendment as the model knows it."""

    kind: str
    """`word`, `adopt` or `reconsider`."""
    slot: str = ""
    word: str = ""
    base: str = ""
    """The word that stood there when it was made."""
    about: int = 0
    state: str = "open"
    round: int = 1
    closed: bool = False
    ballots: dict[int, str] = field(default_factory=dict)
    voters: frozenset[int] = frozenset()
    bound: object = None
    """What its vote is on."""
    used: bool = False
    """A carried motion that has opened its amendment."""


@dataclass
class Model:
    """What is so, as far as the process is concerned."""

    words: dict[str, str] = field(
        default_factory=lambda: {slot: words[0] for slot, (_, words) in CLAUSES.items()}
    )
    drafting: bool = True
    chapter: int = 0
    """How often the drafting chapter was edited."""
    filled: set[int] = field(default_factory=lambda: set(range(1, SEATS + 1)))
    asked: dict[int, Asked] = field(default_factory=dict)

    def effect(self, one: Asked) -> object:
        """What accepting it would do now; None where nothing, `competes` where it cannot."""
        if one.kind == "reconsider":
            return ("reconsider", one.about)
        if one.kind == "adopt":
            return ("adopt", self.chapter) if self.drafting else None
        now = self.words[one.slot]
        if now == one.word:
            return None
        if now != one.base:
            return "competes"
        clause = CLAUSES[one.slot][0]
        whole = {slot: w for slot, w in self.words.items() if CLAUSES[slot][0] == clause}
        return tuple(sorted({**whole, one.slot: one.word}.items())), tuple(sorted(whole.items()))

    def refresh(self) -> None:
        for one in self.asked.values():
            if one.state == "put" and self.effect(one) != one.bound:
                one.state = "stale"

    def may_lapse(self, one: Asked) -> bool:
        return self.effect(one) is None

    def needed(self, recused: int, seats: int) -> int:
        return max(FLOOR, -(-(seats - recused) // 2))

    def carried(self, one: Asked) -> bool | None:
        """Whether a closed vote carries it; None without a quorum."""
        votes = list(one.ballots.values())
        recused = votes.count("recused")
        if len(votes) - recused < self.needed(recused, len(one.voters)):
            return None
        return votes.count("for") > votes.count("against")


BEGUN = (
    ("age", "seventeen"),
    ("age", "eighteen"),
    ("who", "resident"),
    ("office", "public"),
    ("often", "month"),
    ("office", "learned"),
)
"""What is asked for when a row of steps begins: slot and word."""


def ask(instance: Instance, words: Mapping[str, str], slot: str, word: str) -> int:
    """Have somebody suggest a word, and admit it; return the amendment's number."""
    clause = CLAUSES[slot][0]
    text = TEXTS[clause].format(**{**words, slot: word})
    sent = commenting.comment(instance, clause, "", text, "somebody@example.org")
    assert sent.confirm_token is not None
    commenting.confirm(instance, sent.confirm_token)
    return admitting.admit(instance, CLERK_ACTOR, [sent.number], f"{slot}: {word}")
