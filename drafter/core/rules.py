"""The rules of the process: the one table of an amendment's states, and how a vote is counted.

Knows states, quorum and majority. Does not know who may act (the services' `authorize`), nor what
an amendment says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, cast, get_args

from drafter.core.errors import BadInput, Refused
from drafter.core.frontmatter import Fields
from drafter.core.saying import Sentence, say

State = Literal["open", "put", "stale", "accepted", "rejected", "withdrawn", "lapsed"]
Event = Literal["put", "accept", "reject", "withdraw", "lapse", "go_stale", "reopen", "redraft"]
Majority = Literal["simple", "absolute", "two-thirds"]
Vote = Literal["for", "against", "abstaining", "absent", "recused"]
EditorialKind = Literal["formatting", "origins", "moved"]

TABLE: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        ("open", "put"): "put",
        ("open", "redraft"): "open",
        ("open", "withdraw"): "withdrawn",
        ("open", "lapse"): "lapsed",
        ("put", "accept"): "accepted",
        ("put", "reject"): "rejected",
        ("put", "withdraw"): "withdrawn",
        ("put", "lapse"): "lapsed",
        ("put", "go_stale"): "stale",
        ("stale", "reopen"): "open",
    }
)
"""Every change of state that there is; what is not here is refused."""

_WISHES: Mapping[Event, str] = MappingProxyType(
    {
        "put": say("put to the vote"),
        "accept": say("accepted"),
        "reject": say("rejected"),
        "withdraw": say("withdrawn"),
        "lapse": say("closed as lapsed"),
        "go_stale": say("set aside as stale"),
        "reopen": say("opened for its next round"),
        "redraft": say("redrafted"),
    }
)
_BECAUSE: Mapping[State, str] = MappingProxyType(
    {
        "open": say("it is open and has not been put to the vote"),
        "put": say("it is being voted on; close the vote first"),
        "stale": say("the draft has changed since it was put; open its next round first"),
        "accepted": say("it was accepted, and that is final; a carried motion can reconsider it"),
        "rejected": say("it was rejected, and that is final; a carried motion can reconsider it"),
        "withdrawn": say("it was withdrawn; a new amendment can ask for the same"),
        "lapsed": say("it has lapsed; a new amendment can ask for the same"),
    }
)


def next_state(state: State, event: Event) -> State:
    """Give the state that `event` leads to; raises Refused where the table has none.

    >>> next_state("put", "go_stale"), next_state("stale", "reopen")
    ('stale', 'open')
    >>> next_state("accepted", "withdraw")
    Traceback (most recent call last):
    drafter.core.errors.Refused: The amendment cannot be withdrawn: it was accepted, and that is
    final; a carried motion can reconsider it.
    """
    after = TABLE.get((state, event))
    if after is None:
        sentence = say(
            "The amendment cannot be {what}: {because}.",
            what=_WISHES[event],
            because=_BECAUSE[state],
        )
        raise Refused(sentence, state=state, event=event)
    return after


def is_final(state: State) -> bool:
    """Tell whether nothing leads out of `state`: a decision closed the amendment."""
    return not any(before == state for before, _event in TABLE)


def next_round(round_: int, event: Event) -> int:
    """Give the round after `event`: opening again and redrafting each begin another."""
    return round_ + 1 if event in ("reopen", "redraft") else round_


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one report, as `mkdocs.yml` holds them under `extra: drafter: rules:`."""

    quorum: Fraction = Fraction(1, 2)
    """The share of the filled seats, without the recused, that must vote."""
    quorum_floor: int = 3
    """The least number of seats that must vote, whatever the share gives."""
    majority: Majority = "simple"
    """What carries a motion, once the quorum is there."""
    editorial: tuple[EditorialKind, ...] = ("formatting",)
    """The kinds of change that reach an amending chapter without a vote; sorted."""
    clerk_may_publish_own: bool = False
    """Whether who closed a vote may publish the version with it, as where there is one clerk."""

    def to_dict(self) -> dict[str, object]:
        """Give every rule as plain values, those left at their default too."""
        return {
            "clerk_may_publish_own": self.clerk_may_publish_own,
            "editorial": list(self.editorial),
            "majority": self.majority,
            "quorum": f"{self.quorum.numerator}/{self.quorum.denominator}",
            "quorum_floor": self.quorum_floor,
        }

    @property
    def canonical(self) -> str:
        """The rules as JSON: every rule, keys sorted, no spaces.

        >>> Rules().canonical == (
        ...     '{"clerk_may_publish_own":false,"editorial":["formatting"],'
        ...     '"majority":"simple","quorum":"1/2","quorum_floor":3}')
        True
        """
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @property
    def identity(self) -> str:
        """The SHA-256, in hex, of the canonical JSON in UTF-8."""
        return hashlib.sha256(self.canonical.encode("utf-8")).hexdigest()

    def sentence(self, seats: int, recused: int = 0) -> str:
        """Say in plain words what carries a motion of `seats` filled seats, `recused` of them out.

        >>> Rules(quorum=Fraction(11, 20)).sentence(20)
        'More for than against, with at least 11 of the 20 seats voting. A tie fails.'
        """
        needed = quorum_needed(self, seats, recused)
        entitled = seats - recused
        majority = _carries(self.majority, entitled)
        if recused:
            return say(
                "{majority}, with at least {needed} of the {entitled} seats that are not recused "
                "voting. A tie fails.",
                majority=majority,
                needed=needed,
                entitled=entitled,
            )
        return say(
            "{majority}, with at least {needed} of the {entitled} seats voting. A tie fails.",
            majority=majority,
            needed=needed,
            entitled=entitled,
        )


def _carries(majority: Majority, entitled: int) -> Sentence:
    if majority == "simple":
        return say("More for than against")
    if majority == "absolute":
        return say(
            "More than half of all {entitled} seats for, {least} or more",
            entitled=entitled,
            least=entitled // 2 + 1,
        )
    return say("At least twice as many for as against")


def read_rules(config: Mapping[str, object]) -> Rules:
    """Read the rules from a parsed `mkdocs.yml`; what it leaves out has its default.

    Raises BadInput that names the field and says what may stand there.
    """
    inner: object = config
    path = "mkdocs.yml"
    for key in ("extra", "drafter", "rules"):
        inner = Fields.of(path, inner).values.get(key)
        path = f"{path}, {key}" if path == "mkdocs.yml" else f"{path}: {key}"
        if inner is None:
            return Rules()
    return rules_from(inner, path)


def rules_from(mapping: object, name: str) -> Rules:
    """Read the rules from their own mapping, as `Rules.to_dict` gives it; `name` says where."""
    given = Fields.of(name, mapping)
    given.allow(*sorted(field.name for field in fields(Rules)))
    usual = Rules()
    choose = get_args(Majority)
    return Rules(
        quorum=_share(given) if "quorum" in given else usual.quorum,
        quorum_floor=given.integer("quorum_floor", 1) if "quorum_floor" in given else 3,
        majority=cast(
            Majority, given.choice("majority", choose) if "majority" in given else "simple"
        ),
        editorial=_editorial(given) if "editorial" in given else usual.editorial,
        clerk_may_publish_own="clerk_may_publish_own" in given
        and given.flag("clerk_may_publish_own"),
    )


def _share(given: Fields) -> Fraction:
    value = given.values["quorum"]
    found = re.fullmatch(r"([0-9]{1,6})(?:/([0-9]{1,6})|( ?%))?", str(value))
    below = int(found[2] or (100 if found[3] else 1)) if found else 0
    if found is None or below == 0 or int(found[1]) > below:
        raise given.bad("quorum", "must be a share of the seats, such as 1/2, 11/20 or 60%")
    return Fraction(int(found[1]), below)


def _editorial(given: Fields) -> tuple[EditorialKind, ...]:
    kinds = given.texts("editorial")
    known = get_args(EditorialKind)
    if not set(kinds) <= set(known):
        raise given.bad("editorial", f"may list {', '.join(known)}; changes of words need a vote")
    return tuple(cast(EditorialKind, kind) for kind in sorted(set(kinds)))


@dataclass(frozen=True, slots=True)
class Tally:
    """How the filled seats voted; the five counts add up to the seats."""

    in_favour: int = 0
    against: int = 0
    abstaining: int = 0
    absent: int = 0
    recused: int = 0

    def __post_init__(self) -> None:
        if min(self.in_favour, self.against, self.abstaining, self.absent, self.recused) < 0:
            raise BadInput("A tally cannot hold a number below zero.")

    @classmethod
    def of(cls, votes: Iterable[Vote]) -> Tally:
        """Count one vote for each filled seat.

        >>> Tally.of(["for", "for", "against", "absent"])
        Tally(in_favour=2, against=1, abstaining=0, absent=1, recused=0)
        """
        count = Counter(votes)
        return cls(
            count["for"], count["against"], count["abstaining"], count["absent"], count["recused"]
        )

    @property
    def seats(self) -> int:
        """The filled seats."""
        return self.in_favour + self.against + self.abstaining + self.absent + self.recused

    @property
    def voting(self) -> int:
        """The seats that count towards the quorum: for, against and abstaining."""
        return self.in_favour + self.against + self.abstaining


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tally comes to under the rules."""

    quorum_needed: int
    """How many seats must vote."""
    quorum_met: bool
    carried: bool
    """Whether the motion is carried: never without its quorum."""
    rule: str
    """What carries this motion, in plain words."""
    sentence: str
    """What came of it, in plain words and with the figures."""


def quorum_needed(rules: Rules, seats: int, recused: int) -> int:
    """Give the ceiling of share x (filled seats - recused), never below the floor.

    >>> quorum_needed(Rules(quorum=Fraction(1, 2), quorum_floor=3), seats=20, recused=1)
    10
    """
    if not 0 <= recused <= seats:
        raise BadInput("More seats are recused than are filled.", seats=seats, recused=recused)
    needed = rules.quorum * (seats - recused)
    return max(-(-needed.numerator // needed.denominator), rules.quorum_floor)


def decide(tally: Tally, rules: Rules) -> Outcome:
    """Count `tally` by `rules`; abstentions count towards the quorum only, and ties fail.

    >>> decide(Tally(in_favour=6, against=6, abstaining=1, absent=7), Rules()).sentence
    'Not carried: 6 for, 6 against, 1 abstaining; 13 of 20 seats voted, and 10 had to.'
    """
    needed = quorum_needed(rules, tally.seats, tally.recused)
    met = tally.voting >= needed
    carried = met and _has_majority(tally, rules.majority)
    sentence = say(
        "{result}: {for_it} for, {against} against, {abstaining} abstaining; {voting} of {seats} "
        "seats voted, and {needed} had to.",
        result=say("Carried") if carried else say("Not carried") if met else say("No quorum"),
        for_it=tally.in_favour,
        against=tally.against,
        abstaining=tally.abstaining,
        voting=tally.voting,
        seats=tally.seats - tally.recused,
        needed=needed,
    )
    return Outcome(needed, met, carried, rules.sentence(tally.seats, tally.recused), sentence)


def _has_majority(tally: Tally, majority: Majority) -> bool:
    if majority == "simple":
        return tally.in_favour > tally.against
    if majority == "absolute":
        return 2 * tally.in_favour > tally.seats - tally.recused
    decided = tally.in_favour + tally.against
    return decided > 0 and 3 * tally.in_favour >= 2 * decided
