"""`drafter comments`, `comment` and `erase`: what the clerk and the operator do with comments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

import click

from drafter.cli.changewords import visible
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId

if TYPE_CHECKING:
    from drafter.people.comments import Comment

Source = Literal["paper", "spoken"]

REASONS: Final = ("person", "threat", "hatred", "law", "advertising", "elsewhere", "other")


@click.command("comments")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--waiting", "which", flag_value="waiting", help="Only those to be read.")
@click.option("--held", "which", flag_value="held", help="Only those held back.")
@click.option("--unanswered", "which", flag_value="unanswered", help="Shown, and not answered.")
@click.option("--shown", "which", flag_value="shown", help="Only those shown.")
@click.option("--after", type=click.IntRange(min=0), default=0, metavar="N", help="Past number N.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=1000, show_default=True)
@click.option("--until", metavar="MOMENT", help="First set until when comments are taken.")
def comments_command(
    path: Path, which: str | None, after: int, limit: int, until: str | None
) -> int:
    """List comments, one a line: number, state, clause, first words.

    --until sets the end of the time for comments: a moment with its zone, such as
    2026-11-30T18:00+00:00, or "never".

    \b
    Examples:
      drafter comments my-report --waiting
      drafter comments my-report --unanswered --after 400
      drafter comments my-report --until 2026-11-30T18:00+00:00

    Exit codes: 0 done, also where there are none; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.moderating import list_comments
    from drafter.services.phases import commenting_phase, set_phase

    with opened_instance(path) as instance:
        if until is not None:
            opens = commenting_phase(instance).opens_at
            set_phase(instance, OPERATOR, opens, _moment(until))
        found = list_comments(instance, OPERATOR, which or "all", after=after, limit=limit)  # type: ignore[arg-type]
    for one in found:
        click.echo(visible(_line(one)))
    return DONE


@click.command("comment")
@click.argument("action", type=click.Choice(["show", "hold", "answer", "enter"]))
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("which", metavar="NUMBER…|CLAUSE", nargs=-1, required=True)
@click.option("--reason", type=click.Choice(REASONS), help="For hold: the policy's reason.")
@click.option("--text", default="", help="The sentence, the answer, or what was said.")
@click.option("--wording", help="For enter: other wording for the clause.")
@click.option("--source", type=click.Choice(get_args(Source)), help="For enter: how it came.")
@click.option("--place", default="", help="For enter: where it was said or handed in.")
@click.option("--on", metavar="DAY", help="For enter: the day, as 2026-11-26.")
def comment_command(
    action: str,
    path: Path,
    which: tuple[str, ...],
    reason: str | None,
    text: str,
    wording: str | None,
    source: Source | None,
    place: str,
    on: str | None,
) -> int:
    """Do with comments, as the clerk, what the pages do: show, hold, answer, enter.

    Each act stands in the public log. One answer may go to several comments. `enter` takes down
    what was said at a meeting or came on paper, about a clause by its id, and prints the number
    and the code of the receipt.

    \b
    Examples:
      drafter comment show my-report 12 13
      drafter comment hold my-report 14 --reason person --text "It names a neighbour."
      drafter comment answer my-report 12 13 --text "The panel has taken this up."
      drafter comment enter my-report c-7k3m9q --source spoken --place Leeds --on 2026-11-26 \\
        --text "Too young."

    Exit codes: 0 done; 1 a refusal; 2 an error.
    """
    from drafter.services import moderating
    from drafter.services.authority import CLERK_ACTOR

    with opened_instance(path) as instance:
        if action == "enter":
            if source is None or on is None or len(which) != 1:
                raise BadInput("Say --source, --place, --on, and one clause by its id.")
            clause, day = ClauseId(which[0]), _day(on)
            made = moderating.enter(
                instance,
                CLERK_ACTOR,
                clause,
                text,
                wording,
                source=source,
                place=place,
                taken_on=day,
            )
            click.echo(f"Comment {made.number}, code {made.code}")
            return DONE
        numbers = [_number(one) for one in which]
        if action == "answer":
            moderating.answer_many(instance, CLERK_ACTOR, numbers, text)
            return DONE
        for number in numbers:
            if action == "show":
                moderating.show(instance, CLERK_ACTOR, number)
            else:
                moderating.hold(instance, CLERK_ACTOR, number, text, reason=reason or "")
    return DONE


@click.command("erase")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("address")
@click.option("--words", is_flag=True, help="Erase what they wrote too.")
def erase_command(path: Path, address: str, words: bool) -> int:
    """Erase whoever stands behind an e-mail address: comments, support, mails, all of it.

    For somebody who asks by letter; from the receipt's page everybody does it alone. Numbers of
    comments stay, and what became of them. Backups are yours to replace.

    \b
    Examples:
      drafter erase my-report ada@example.org
      drafter erase my-report ada@example.org --words

    Exit codes: 0 done; 2 an error, also where nothing is kept under the address.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.erasing import erase_address

    with opened_instance(path) as instance:
        done = erase_address(instance, OPERATOR, address, words=words)
    numbers = ", ".join(map(str, done.comments)) or "none"
    click.echo(f"Erased: the author of comments {numbers}; {done.others} other wishes ended.")
    return DONE


def _line(one: Comment) -> str:
    said = " ".join((one.text or one.suggested_wording or "").split())
    return f"{one.number}  {one.state}  {one.clause_id}  {said[:60]}"


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise BadInput(f"{text[:40]!r} is no comment's number.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("Write the day as 2026-11-26.") from error


def _moment(text: str) -> datetime | None:
    if text == "never":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput("Write the moment as 2026-11-30T18:00+00:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
