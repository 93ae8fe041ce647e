"""Who may do what: one table, one question. What the table does not list, nobody may do.

Knows roles, actions, and whose a thing is. Whether somebody still holds the seat or the office in
whose name they act is asked in the transaction that writes (`standing`); the state of an amendment,
closing times and quorums are the rules' part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from drafter.core.errors import BadInput, NotAllowed
from drafter.core.saying import say

Role = Literal["public", "seat", "clerk", "administrator", "operator"]
Action = Literal[
    "comment",
    "confirm",
    "follow",
    "withdraw comment",
    "read",
    "read the queue",
    "read the mail",
    "hold",
    "show",
    "answer",
    "admit",
    "put",
    "cast",
    "close",
    "reopen",
    "decide",
    "withdraw amendment",
    "lapse",
    "redact",
    "move",
    "open again",
    "take back",
    "take out",
    "dissent",
    "enter roll call",
    "edit",
    "publish",
    "preview",
    "build",
    "import",
    "configure",
    "record assemblies",
    "add seats",
    "link",
    "sign in",
    "verify",
    "support",
    "erase",
    "enter",
    "set phase",
    "erase an address",
    "propose",
    "seat a person",
    "vacate",
    "appoint",
    "see holders",
    "sign somebody out",
    "erase a person",
    "own sign-in",
]

EVERYBODY: Final[frozenset[Role]] = frozenset(
    {"public", "seat", "clerk", "administrator", "operator"}
)
CLERK: Final[frozenset[Role]] = frozenset({"clerk"})
SEAT: Final[frozenset[Role]] = frozenset({"seat"})
BOTH: Final[frozenset[Role]] = frozenset({"seat", "clerk"})
OFFICE: Final[frozenset[Role]] = frozenset({"clerk", "operator"})
ADMINISTRATION: Final[frozenset[Role]] = frozenset({"administrator", "operator"})
PANEL: Final[frozenset[Role]] = frozenset({"seat", "clerk", "operator"})

TABLE: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "comment": EVERYBODY,
        "confirm": EVERYBODY,
        "follow": EVERYBODY,
        "withdraw comment": EVERYBODY,
        "read": EVERYBODY,
        "sign in": EVERYBODY,
        "verify": EVERYBODY,
        "read the queue": OFFICE,
        "read the mail": frozenset({"operator"}),
        "hold": CLERK,
        "show": CLERK,
        "answer": CLERK,
        "admit": CLERK,
        "put": CLERK,
        "cast": frozenset({"seat"}),
        "close": CLERK,
        "reopen": CLERK,
        "decide": CLERK,
        "withdraw amendment": BOTH,
        "lapse": CLERK,
        "redact": OFFICE,
        "move": BOTH,
        "open again": CLERK,
        "take back": SEAT,
        "take out": BOTH,
        "dissent": SEAT,
        "enter roll call": CLERK,
        "edit": frozenset({"seat"}),
        "publish": OFFICE,
        "preview": PANEL,
        "build": OFFICE,
        "import": frozenset({"operator"}),
        "configure": frozenset({"operator"}),
        "record assemblies": OFFICE,
        "add seats": ADMINISTRATION,
        "link": frozenset({"operator"}),
        "support": EVERYBODY,
        "erase": EVERYBODY,
        "enter": CLERK,
        "set phase": OFFICE,
        "erase an address": frozenset({"operator"}),
        "propose": frozenset({"seat", "clerk"}),
        "seat a person": ADMINISTRATION,
        "vacate": ADMINISTRATION,
        "appoint": ADMINISTRATION,
        "see holders": ADMINISTRATION,
        "sign somebody out": ADMINISTRATION,
        "erase a person": ADMINISTRATION,
        "own sign-in": frozenset({"seat", "clerk", "administrator"}),
    }
)
"""Every action and the roles that may do it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as far as the report knows: a role, and for a seat its number.

    `person` is who holds it, where somebody signed in for it: then each verb asks again whether
    they still do. `office` tells several clerks apart. Neither makes two actors different.
    """

    role: Role
    seat: int | None = None
    person: str | None = field(default=None, compare=False, repr=False)
    office: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if (self.role == "seat") != (self.seat is not None):
            raise BadInput("A seat acts under its number, and nobody else has one.")

    @property
    def name(self) -> str:
        """How the record and the log name the actor: `seat-07`, the role, or `clerk-2`."""
        if self.seat is not None:
            return f"seat-{self.seat:02d}"
        return self.role if self.office in (None, 1) else f"{self.role}-{self.office}"


@dataclass(frozen=True, slots=True)
class Belongs:
    """An object that is somebody's own: only they may do to it what is asked about.

    `to` is how the record names them (`seat-07`), or a person's random id.
    """

    to: str | None

    def is_of(self, actor: Actor) -> bool:
        """Tell whether it is the actor's own. What is nobody's is not."""
        return self.to is not None and self.to in (actor.name, actor.person)


PUBLIC: Final = Actor("public")
CLERK_ACTOR: Final = Actor("clerk")
ADMINISTRATOR: Final = Actor("administrator")
OPERATOR: Final = Actor("operator")


def may(actor: Actor, action: str) -> bool:
    """Tell whether `actor` may do `action`; an action that the table lacks nobody may do."""
    return actor.role in TABLE.get(action, frozenset())


def authorize(actor: Actor, action: Action | str, object: object = None) -> None:
    """Let the actor through, or raise NotAllowed; `object` is what it would be done to.

    Where that `Belongs` to somebody, it must be the actor.
    """
    if not may(actor, action):
        raise NotAllowed(
            say(
                "As {who} you may not do this ({action}). Sign in as somebody who may.",
                who=_WHO[actor.role],
                action=action,
            ),
            actor=actor.name,
            action=action,
            object=object,
        )
    if isinstance(object, Belongs) and not object.is_of(actor):
        raise NotAllowed(
            say("This is not yours, so you may not do this ({action}).", action=action),
            actor=actor.name,
            action=action,
        )


_WHO: Mapping[Role, str] = MappingProxyType(
    {
        "public": say("a visitor"),
        "seat": say("a member of the panel"),
        "clerk": say("the clerk"),
        "administrator": say("an administrator"),
        "operator": say("the operator"),
    }
)
