"""Who may do what: one table, one question. What the table does not list, nobody may do.

Knows roles and actions. The state of an amendment, closing times and quorums are the rules' part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from drafter.core.errors import BadInput, NotAllowed

Role = Literal["public", "seat", "clerk", "operator"]
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
    "edit",
    "publish",
    "build",
    "import",
    "configure",
    "record assemblies",
    "add seats",
    "link",
    "sign in",
    "verify",
    "propose",
]

EVERYBODY: Final[frozenset[Role]] = frozenset({"public", "seat", "clerk", "operator"})
CLERK: Final[frozenset[Role]] = frozenset({"clerk"})
OFFICE: Final[frozenset[Role]] = frozenset({"clerk", "operator"})
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
        "withdraw amendment": frozenset({"seat", "clerk"}),
        "edit": frozenset({"seat"}),
        "publish": OFFICE,
        "build": OFFICE,
        "import": frozenset({"operator"}),
        "configure": frozenset({"operator"}),
        "record assemblies": OFFICE,
        "add seats": frozenset({"operator"}),
        "link": frozenset({"operator"}),
        "propose": frozenset({"seat", "clerk"}),
    }
)
"""Every action and the roles that may do it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as far as the report knows: a role, and for a seat its number."""

    role: Role
    seat: int | None = None

    def __post_init__(self) -> None:
        if (self.role == "seat") != (self.seat is not None):
            raise BadInput("A seat acts under its number, and nobody else has one.")

    @property
    def name(self) -> str:
        """How the record and the log name the actor: `seat-07`, or the role."""
        return f"seat-{self.seat:02d}" if self.seat is not None else self.role


PUBLIC: Final = Actor("public")
CLERK_ACTOR: Final = Actor("clerk")
OPERATOR: Final = Actor("operator")


def may(actor: Actor, action: str) -> bool:
    """Tell whether `actor` may do `action`; an action that the table lacks nobody may do."""
    return actor.role in TABLE.get(action, frozenset())


def authorize(actor: Actor, action: Action | str, object: object = None) -> None:
    """Let the actor through, or raise NotAllowed; `object` is what it would be done to."""
    if not may(actor, action):
        raise NotAllowed(
            f"As {_WHO[actor.role]} you may not do this ({action}). Sign in as somebody who may.",
            actor=actor.name,
            action=action,
            object=object,
        )


_WHO: Mapping[Role, str] = MappingProxyType(
    {
        "public": "a visitor",
        "seat": "a member of the panel",
        "clerk": "the clerk",
        "operator": "the operator",
    }
)
