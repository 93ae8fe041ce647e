"""Who a verb acts for: `--as clerk` or `--as seat-07`, and how a command is given a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drafter.core.errors import BadInput

if TYPE_CHECKING:
    from drafter.services.authority import Actor

_SEAT = re.compile(r"(?:seat-)?0*([1-9][0-9]{0,3})")
Command = Callable[..., Any]


def acting(command: Command) -> Command:
    """Add `--as`: the clerk unless it says otherwise."""
    return click.option(
        "--as", "who", metavar="WHO", default="clerk", help="clerk, or a seat: seat-07."
    )(command)


def reasoned(command: Command) -> Command:
    """Add `--reason` and `--reason-file`."""
    path = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
    command = click.option(
        "--reason-file", type=path, metavar="FILE", help="Read the reason from a file, or -."
    )(command)
    return click.option("--reason", default="", metavar="TEXT", help="Why; Markdown.")(command)


def reason_of(reason: str, file: Path | None) -> str:
    """Give the reason that was written on the command line, or in a file."""
    if file is None:
        return reason
    with click.open_file(str(file), encoding="utf-8") as opened:
        return opened.read()


def actor_of(who: str) -> Actor:
    """Read who acts. Raises BadInput."""
    from drafter.services.authority import CLERK_ACTOR, Actor

    if who == "clerk":
        return CLERK_ACTOR
    seat = seat_number(who)
    if seat is None:
        raise BadInput(f"{who[:40]!r} is neither a seat nor the clerk; write 7, seat-07 or clerk.")
    return Actor("seat", seat)


def seat_number(given: str) -> int | None:
    """Read a seat as somebody writes it, `7` or `seat-07`; None where it is none."""
    found = _SEAT.fullmatch(given)
    return int(found[1]) if found else None
