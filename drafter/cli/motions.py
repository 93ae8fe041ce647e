"""`drafter adopt`, `reconsider`, `separate`: motions, and what becomes of those put together."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.acting import acting, actor_of
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.cli.voting import number_argument, report_argument


@click.command("adopt")
@report_argument
@click.argument("chapter")
@acting
def adopt_command(report: Path, chapter: str, who: str) -> int:
    """Move to adopt a chapter's text and end its drafting; it is voted on like an amendment.

    CHAPTER is its path, as drafts/02-values.md.

    \b
    Example:
      drafter adopt my-report drafts/02-values.md --as seat-07

    Exit codes: 0 done, and the motion's number printed; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.moving import move_adoption

    with opened_instance(report) as instance:
        click.echo(f"Motion {move_adoption(instance, actor_of(who), chapter)}.")
    return DONE


@click.command("reconsider")
@report_argument
@number_argument
@click.option(
    "--open", "opens", is_flag=True, help="NUMBER is a carried motion: open what it allows."
)
@acting
def reconsider_command(report: Path, number: int, opens: bool, who: str) -> int:
    """Move to open the decision on an amendment again; it is voted on like an amendment.

    Once it is carried, --open with the motion's number opens one new amendment: after a rejection
    for the same words, after an acceptance for those before it.

    \b
    Examples:
      drafter reconsider my-report 12 --as seat-07
      drafter reconsider my-report 31 --open

    Exit codes: 0 done, and the new number printed; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.moving import move_reconsideration, open_again

    with opened_instance(report) as instance:
        if opens:
            click.echo(f"Amendment {open_again(instance, actor_of(who), number)}.")
        else:
            click.echo(f"Motion {move_reconsideration(instance, actor_of(who), number)}.")
    return DONE


@click.command("separate")
@report_argument
@number_argument
@acting
def separate_command(report: Path, number: int, who: str) -> int:
    """Take an amendment out of those that it was put together with, before the vote closes.

    It is put by itself at once, and everybody is asked anew.

    \b
    Example:
      drafter separate my-report 15 --as seat-07

    Exit codes: 0 done; 1 refused, with the reason; 2 an error.
    """
    from drafter.services.batching import take_out

    with opened_instance(report) as instance:
        motion = take_out(instance, actor_of(who), number)
    click.echo(f"Put by itself, round {motion.round}: {motion.question}")
    return DONE
