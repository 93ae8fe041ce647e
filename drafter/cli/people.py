"""`drafter seats`, `clerks` and `link`: who holds which seat and office, and how they come in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.acting import seat_number
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.core.errors import BadInput

if TYPE_CHECKING:
    from drafter.services.authority import Actor
    from drafter.services.instance import Instance
    from drafter.services.seating import Holder


@click.command("seats")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--add", type=click.IntRange(min=1), metavar="N", help="Add N filled seats.")
@click.option(
    "--assign", nargs=2, metavar="SEAT EMAIL", help="Give a seat to a person, and invite them."
)
@click.option("--vacate", metavar="SEAT", help="End the tenure of whoever holds a seat.")
@click.option("--holders", is_flag=True, help="Say who holds each: addresses are for you alone.")
def seats_command(
    path: Path, add: int | None, assign: tuple[str, str] | None, vacate: str | None, holders: bool
) -> int:
    """List the seats of the panel; add some, give one to a person, vacate one.

    A seat is a number, never a name: who holds it is known outside the record. A person who is
    given a seat gets a mail with a link to sign in; whoever held it before is a visitor at once.

    \b
    Examples:
      drafter seats my-report --add 20
      drafter seats my-report --assign 7 ada@example.org
      drafter seats my-report --vacate 7
      drafter seats my-report --holders

    Exit codes: 0 done; 2 an error.
    """
    from drafter.services import seating
    from drafter.services.authority import OPERATOR

    with opened_instance(path) as instance:
        if add is not None:
            seating.add_seats(instance, OPERATOR, add)
        if vacate is not None:
            seating.vacate(instance, OPERATOR, _seat(vacate))
        if assign is not None:
            _assign(instance, _seat(assign[0]), assign[1])
        found = seating.holders(instance, OPERATOR).seats
        filled = {seat.label for seat in seating.list_seats(instance, OPERATOR) if seat.filled}
    for each in found:
        state = "filled" if each.name in filled else "vacant"
        click.echo(f"{each.name}  {state}" + (_holder(each) if holders else ""))
    if not found:
        click.echo(f"There are no seats yet. Add some: drafter seats {path} --add 7", err=True)
    return DONE


@click.command("clerks")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--add", metavar="EMAIL", help="Make somebody a clerk, and invite them.")
@click.option("--remove", metavar="EMAIL", help="End the office of a clerk.")
@click.option("--add-administrator", metavar="EMAIL", help="Make somebody an administrator.")
@click.option("--remove-administrator", metavar="EMAIL", help="End an administrator's office.")
def clerks_command(
    path: Path,
    add: str | None,
    remove: str | None,
    add_administrator: str | None,
    remove_administrator: str | None,
) -> int:
    """List the clerks and the administrators; appoint or dismiss them.

    A clerk moderates, puts amendments to the vote and publishes. An administrator says who holds
    which seat and office. Both need a second factor, which they set up when they first sign in.

    \b
    Examples:
      drafter clerks my-report --add ben@example.org
      drafter clerks my-report --add-administrator cleo@example.org
      drafter clerks my-report --remove ben@example.org

    Exit codes: 0 done; 2 an error.
    """
    from drafter.services import seating
    from drafter.services.authority import OPERATOR

    with opened_instance(path) as instance:
        for change, email in (
            (seating.remove_clerk, remove),
            (seating.remove_administrator, remove_administrator),
            (seating.add_clerk, add),
            (seating.add_administrator, add_administrator),
        ):
            if email is not None:
                change(instance, OPERATOR, email)
        found = seating.holders(instance, OPERATOR)
    for each in (*found.clerks, *found.administrators):
        click.echo(f"{each.name}{_holder(each)}")
    if not (found.clerks or found.administrators):
        click.echo(f"There is nobody yet. Begin: drafter link {path} admin", err=True)
    return DONE


@click.command("link")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("who", metavar="SEAT|clerk|admin|EMAIL")
def link_command(path: Path, who: str) -> int:
    """Print a link that signs somebody in once: the holder of a seat, a clerk, an administrator.

    Give it to that person alone: whoever opens it first is signed in, and then it is used up.
    'clerk' and 'admin' are whoever has held the office longest; where nobody holds it yet, whoever
    opens the link does from then on.

    \b
    Examples:
      drafter link my-report 7
      drafter link my-report admin
      drafter link my-report ada@example.org

    Exit codes: 0 done; 1 the seat is vacant; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.signing_in import mint_link, mint_link_for

    with opened_instance(path) as instance:
        if "@" in who:
            click.echo(mint_link_for(instance, OPERATOR, who))
        else:
            click.echo(mint_link(instance, OPERATOR, actor_named(who)))
    return DONE


def _assign(instance: Instance, seat: int, email: str) -> None:
    from drafter.services import seating
    from drafter.services.authority import OPERATOR

    held = next(
        (each for each in seating.holders(instance, OPERATOR).seats if each.seat == seat), None
    )
    give = seating.reseat if held and held.email else seating.seat_person
    give(instance, OPERATOR, seat, email)


def _holder(each: Holder) -> str:
    if each.since is None:
        return ""
    return f"  {each.email or 'no address known'}  since {each.since:%Y-%m-%d}"


def _seat(given: str) -> int:
    seat = seat_number(given)
    if seat is None:
        raise BadInput(f"{given[:40]!r} is no seat; write 7 or seat-07.")
    return seat


def actor_named(who: str) -> Actor:
    """Give who acts: a seat, `clerk` or `admin`. Raises BadInput."""
    from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, Actor

    if who in ("clerk", "admin"):
        return CLERK_ACTOR if who == "clerk" else ADMINISTRATOR
    seat = seat_number(who)
    if seat is None:
        raise BadInput(
            f"{who[:40]!r} is neither a seat nor the clerk; write 7, seat-07, clerk, admin or an "
            "e-mail address."
        )
    return Actor("seat", seat)
