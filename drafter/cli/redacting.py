"""`drafter redact`: removing an amendment's wording that should never have been published."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.acting import reason_of, reasoned
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance


@click.command("redact")
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("number", type=click.IntRange(min=1))
@reasoned
def redact_command(report: Path, number: int, reason: str, reason_file: Path | None) -> int:
    """Remove the wording of an amendment that was not accepted, for good.

    For words that name a private person, or that a court forbids. Number, clause ids and hashes
    stay, and so does everything that main records: that the amendment was there, its vote, its
    reason. The words leave git altogether. One that is still open is withdrawn by it.

    The reason is published; name nobody in it. Clones and backups made before still hold the
    words: the command tells what else to do.

    \b
    Example:
      drafter redact my-report 12 --reason "It named a private person."

    Exit codes: 0 done; 1 refused: it is accepted, or being voted on; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.redacting import redact

    with opened_instance(report) as instance:
        done = redact(instance, OPERATOR, number, reason_of(reason, reason_file))
    click.echo(f"The wording of amendment {number} is removed.")
    if done.closed:
        click.echo("It was open, and is now withdrawn.")
    for comment in done.comments:
        click.echo(f"Comment {comment} still has its own words: hold it, or have them erased.")
    for other in done.same:
        click.echo(f"Amendment {other} gives a clause the same wording.")
    click.echo("Clones, mirrors and backups made before still hold it: see docs/operating.md.")
    return DONE
