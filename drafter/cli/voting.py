"""`drafter put`, `vote`, `close`, `decide` and what else happens to a vote, as the pages do it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.acting import acting, actor_of, reason_of, reasoned
from drafter.cli.changewords import visible
from drafter.cli.frame import DONE, EXPECTED
from drafter.cli.instances import opened_instance
from drafter.core.errors import BadInput, Refused

if TYPE_CHECKING:
    from drafter.services.amending import MotionView
    from drafter.services.authority import Actor
    from drafter.services.deciding import Decided, Stale
    from drafter.services.instance import Instance

report_argument = click.argument("report", type=click.Path(path_type=Path))
number_argument = click.argument("number", type=click.IntRange(min=1))
together_option = click.option(
    "--together", is_flag=True, help="With all that it was put together with."
)
_CALLED = re.compile(r"(?:seat-)?0*([1-9][0-9]{0,3})=([a-z]+)")


@click.command("put")
@report_argument
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True, metavar="NUMBER…")
@click.option("--closes", metavar="TIME", help="When voting closes: 2026-11-26T18:00Z.")
@click.option("--question", default="", metavar="TEXT", help="Another question than the usual one.")
@acting
def put_command(
    report: Path, numbers: tuple[int, ...], closes: str | None, question: str, who: str
) -> int:
    """Put an amendment to the vote, or several that nobody contests as one question.

    The vote is on the exact words: what accepting it would do to the draft as it now is. One whose
    words have moved since it was put last is put in its next round.

    \b
    Examples:
      drafter put my-report 12
      drafter put my-report 12 15 21 --closes 2026-11-26T18:00Z

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.amending import put
    from drafter.services.batching import put_together

    with opened_instance(report) as instance:
        actor, until = actor_of(who), _moment(closes)
        if len(numbers) > 1:
            batch = put_together(instance, actor, numbers, until, question)
            click.echo(visible(f"Put together: {batch.question}"))
            return DONE
        motion = put(instance, actor, numbers[0], until, question)
    click.echo(visible(f"Put, round {motion.round}: {motion.question}"))
    click.echo(f"words  {motion.ballot_hash}")
    return DONE


@click.command("vote")
@report_argument
@number_argument
@click.argument("choices", nargs=-1, metavar="CHOICE | SEAT=CHOICE…")
@click.option("--interest", default="", metavar="TEXT", help="With recused: which interest.")
@click.option("--words", metavar="HASH", help="The words that were read, as put prints them.")
@click.option("--replace", multiple=True, metavar="SEAT", help="Replace a seat's own ballot.")
@click.option("--take-back", is_flag=True, help="Take the seat's recusal back.")
@acting
def vote_command(
    report: Path,
    number: int,
    choices: tuple[str, ...],
    interest: str,
    words: str | None,
    replace: tuple[str, ...],
    take_back: bool,
    who: str,
) -> int:
    """Cast a seat's vote, or as the clerk enter a roll call taken in the room.

    A CHOICE is for, against, abstaining or recused; in a roll call also absent. A ballot can be
    changed until the vote closes. A seat that has cast its own ballot keeps it in a roll call,
    unless --replace names it.

    \b
    Examples:
      drafter vote my-report 12 for --as seat-07
      drafter vote my-report 12 recused --interest "I keep a register." --as seat-07
      drafter vote my-report 12 seat-01=for seat-02=against seat-03=absent

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services import voting

    with opened_instance(report) as instance:
        actor = actor_of(who)
        if take_back:
            voting.take_back(instance, actor, number)
            click.echo("Taken back.")
            return DONE
        bound = words or _motion(instance, number, actor).motion.ballot_hash
        if actor.role == "seat":
            if len(choices) != 1:
                raise BadInput("Write one choice: for, against, abstaining or recused.")
            cast = voting.cast(instance, actor, number, choices[0], bound, interest=interest)  # type: ignore[arg-type]
            click.echo(f"seat-{cast.seat:02d}  {cast.choice}")
            return DONE
        called = _roll_call(choices)
        voting.enter_roll_call(
            instance,
            actor,
            number,
            called,  # type: ignore[arg-type]
            bound,
            interests={seat: interest for seat, said in called.items() if said == "recused"},
            replacing=[_seat_number(seat) for seat in replace],
        )
    for seat, said in sorted(called.items()):
        click.echo(f"seat-{seat:02d}  {said}")
    return DONE


@click.command("close")
@report_argument
@number_argument
@together_option
@acting
def close_command(report: Path, number: int, together: bool, who: str) -> int:
    """Close the vote on an amendment, and print what it comes to.

    No ballot is taken after that, and everybody may see how each seat voted; so it cannot be
    undone. Without a quorum the vote stays open.

    \b
    Examples:
      drafter close my-report 12
      drafter close my-report 12 --together

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services import batching, voting

    with opened_instance(report) as instance:
        actor = actor_of(who)
        if together:
            closed = batching.close_together(instance, actor, _batch(instance, number, actor))
            numbers = [motion.amendment for motion in closed]
        else:
            numbers = [voting.close(instance, actor, number).amendment]
        for each in numbers:
            result = _motion(instance, each, actor).result
            click.echo(f"{each:04d}  {result.sentence if result else ''}")
    return DONE


@click.command("decide")
@report_argument
@number_argument
@reasoned
@together_option
@click.option(
    "--statements-read",
    is_flag=True,
    help="The seats' own statements were read; they name no private person.",
)
@acting
def decide_command(
    report: Path,
    number: int,
    reason: str,
    reason_file: Path | None,
    together: bool,
    statements_read: bool,
    who: str,
) -> int:
    """Record the decision that a closed vote comes to, with the panel's reason.

    Dissents and declared interests come into the record with it, for good: they are printed first,
    and nothing is recorded until --statements-read says that they were read.

    \b
    Examples:
      drafter decide my-report 12 --reason "Those who pay tax should vote."
      drafter decide my-report 12 --together --reason-file reason.md

    Exit codes: 0 decided; 1 refused, or the draft has changed and it is put again; 2 an error.
    """
    from drafter.services import batching, deciding
    from drafter.services.mailing import write_outbox

    said = reason_of(reason, reason_file)
    with opened_instance(report) as instance:
        actor = actor_of(who)
        numbers = (number,)
        if together:
            batch = _batch(instance, number, actor)
            members = batching.view_batch(instance, batch, actor).members
            numbers = tuple(each.motion.amendment for each in members)
        seen = {each: _show_statements(instance, each, actor) for each in numbers}
        read = seen if statements_read else {}
        if together:
            found = batching.decide_together(instance, actor, batch, said, read)
        else:
            one = deciding.decide(instance, actor, number, said, seen=read.get(number, ""))
            found = (one,)
        write_outbox(instance)
    return _told(found)


@click.command("lapse")
@report_argument
@number_argument
@reasoned
@acting
def lapse_command(
    report: Path, number: int, reason: str, reason_file: Path | None, who: str
) -> int:
    """Close an amendment that asks for nothing any more: all is so already, or what it was about
    is gone.

    \b
    Example:
      drafter lapse my-report 12 --reason "Amendment 9 made the same change."

    Exit codes: 0 done; 1 refused: it still asks for something; 2 an error.
    """
    from drafter.services.deciding import lapse_amendment

    with opened_instance(report) as instance:
        said = reason_of(reason, reason_file)
        return _told((lapse_amendment(instance, actor_of(who), number, said),))


@click.command("withdraw")
@report_argument
@number_argument
@reasoned
@acting
def withdraw_command(
    report: Path, number: int, reason: str, reason_file: Path | None, who: str
) -> int:
    """Close an amendment as withdrawn: for the clerk, or the seat that asked for it.

    \b
    Example:
      drafter withdraw my-report 12 --reason "Its authors ask for it." --as seat-07

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.deciding import withdraw_amendment

    with opened_instance(report) as instance:
        said = reason_of(reason, reason_file)
        return _told((withdraw_amendment(instance, actor_of(who), number, said),))


@click.command("reopen")
@report_argument
@number_argument
@acting
def reopen_command(report: Path, number: int, who: str) -> int:
    """Begin the next round of an amendment whose vote ended without a quorum, or went stale.

    \b
    Example:
      drafter reopen my-report 12

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.amending import reopen

    with opened_instance(report) as instance:
        click.echo(f"Round {reopen(instance, actor_of(who), number)}.")
    return DONE


@click.command("dissent")
@report_argument
@number_argument
@click.option("--text", default="", metavar="TEXT", help="Markdown; without it, take it back.")
@acting
def dissent_command(report: Path, number: int, text: str, who: str) -> int:
    """Put a seat's dissent on record, between the closing of the vote and the decision.

    \b
    Example:
      drafter dissent my-report 12 --text "It comes too early." --as seat-07

    Exit codes: 0 done; 1 refused: it is in the majority, or too late; 2 an error.
    """
    from drafter.services.statements import file_dissent

    with opened_instance(report) as instance:
        file_dissent(instance, actor_of(who), number, text)
    click.echo("On record with the decision." if text.strip() else "Nothing is on record.")
    return DONE


def _motion(instance: Instance, number: int, actor: Actor) -> MotionView:
    from drafter.services.amending import view_amendment

    view = view_amendment(instance, number, actor=actor)
    if view.motion is None:
        raise Refused(f"Amendment {number} is not put to the vote.", number=number)
    return view.motion


def _batch(instance: Instance, number: int, actor: Actor) -> int:
    batch = _motion(instance, number, actor).motion.batch
    if batch is None:
        raise Refused(f"Amendment {number} was not put together with others.", number=number)
    return batch


def _show_statements(instance: Instance, number: int, actor: Actor) -> str:
    """Print what seats want on record, and give what names it for whoever has read it."""
    from drafter.services.amending import view_amendment

    said = view_amendment(instance, number, actor=actor).statements
    for seat, interest in said.interests:
        click.echo(visible(f"{number:04d}  interest of {seat}: {interest}"))
    for each in said.dissents:
        click.echo(f"{number:04d}  dissent of {each.seat}:")
        click.echo("\n".join(f"    {visible(line)}" for line in each.text.split("\n")))
    return said.digest


def _told(found: tuple[Decided | Stale, ...]) -> int:
    from drafter.services.deciding import Decided

    for each in found:
        outcome = each.outcome if isinstance(each, Decided) else "stale"
        click.echo(f"{each.number:04d}  {outcome}  {each.sentence}")
    return DONE if all(isinstance(each, Decided) for each in found) else EXPECTED


def _roll_call(choices: tuple[str, ...]) -> dict[int, str]:
    found = [_CALLED.fullmatch(each) for each in choices]
    if not found or not all(found):
        raise BadInput("Write each seat with its vote: seat-01=for seat-02=against.")
    return {int(each[1]): each[2] for each in found if each}


def _seat_number(text: str) -> int:
    actor = actor_of(text)
    if actor.seat is None:
        raise BadInput(f"{text[:40]!r} is no seat; write seat-07.")
    return actor.seat


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput("Write the time as 2026-11-26T18:00Z.", field="closes_at") from error
    return given.replace(tzinfo=given.tzinfo or UTC)
