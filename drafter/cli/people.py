"""`drafter seats` and `drafter link`: the panel's seats, and how they and the clerk sign in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.core.errors import BadInput

if TYPE_CHECKING:
    from drafter.services.authority import Actor

_SEAT = re.compile(r"(?:seat-)?0*([1-9][0-9]{0,3})")


@click.command("seats")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--add", type=click.IntRange(min=1), metavar="N", help="Add N filled seats.")
def seats_command(path: Path, add: int | None) -> int:
    """List the seats of the panel; with --add, add some first.

    A seat is a number, never a name: who holds it is known outside the record.

    \b
    Examples:
      drafter seats my-report
      drafter seats my-report --add 20

    Exit codes: 0 done; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.signing_in import add_seats, list_seats

    with opened_instance(path) as instance:
        if add is not None:
            add_seats(instance, OPERATOR, add)
        seats = list_seats(instance, OPERATOR)
    for seat in seats:
        click.echo(f"{seat.label}  {'filled' if seat.filled else 'vacant'}")
    if not seats:
        click.echo(f"There are no seats yet. Add some: drafter seats {path} --add 7", err=True)
    return DONE


@click.command("link")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("who", metavar="SEAT|clerk")
def link_command(path: Path, who: str) -> int:
    """Print a link that signs a seat, or the clerk, in once.

    Give it to that person alone: whoever opens it first is signed in, and then it is used up.

    \b
    Examples:
      drafter link my-report 7
      drafter link my-report clerk

    Exit codes: 0 done; 1 the seat is vacant; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.signing_in import mint_link

    actor = actor_named(who)
    with opened_instance(path) as instance:
        click.echo(mint_link(instance, OPERATOR, actor))
    return DONE


def actor_named(who: str) -> Actor:
    """Give who acts: `clerk`, or a seat. Raises BadInput."""
    from drafter.services.authority import CLERK_ACTOR, Actor

    if who == "clerk":
        return CLERK_ACTOR
    seat = _SEAT.fullmatch(who)
    if seat is None:
        raise BadInput(f"{who[:40]!r} is neither a seat nor the clerk; write 7, seat-07 or clerk.")
    return Actor("seat", int(seat[1]))
