"""`drafter history`, `amendments` and `verify`: what the record of a report says, and whether."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from drafter.cli.changewords import visible
from drafter.cli.difftext import Paper, paper, pieces, styled, wrap
from drafter.cli.files import put
from drafter.cli.frame import DONE, EXPECTED
from drafter.cli.instances import opened_instance
from drafter.cli.progress import progress
from drafter.cli.sources import Opened, find_clause, open_report
from drafter.core.errors import BadInput, NotFound
from drafter.core.rules import State

STATES: Final[tuple[str, ...]] = get_args(State)

if TYPE_CHECKING:
    from drafter.core.amendments import Amendment
    from drafter.services.history import ClauseStory, Phrase, Step
    from drafter.services.seeing import Seen
    from drafter.services.verifying import Verification


@click.command("history")
@click.argument("report", metavar="REPORT[@VERSION]")
@click.argument("clause")
@click.option("--words", is_flag=True, help="Who brought its words, phrase by phrase.")
def history_command(report: str, clause: str, words: bool) -> int:
    """Print every wording that a clause ever had: when, by which decision, and its origins.

    CLAUSE is an id, also one that was removed, joined or split since, or a number of today (4.2).
    With --words its last wording is printed instead, each phrase under what brought it.

    \b
    Examples:
      drafter history my-report c-7k3m9q
      drafter history my-report@v2 4.2
      drafter history --words my-report 4.2

    Exit codes: 0 done; 2 an error, also where no clause ever had this id.
    """
    from drafter.services.history import clause_story, words_brought

    opened = open_report(report)
    found = find_clause(opened, clause)
    if words:
        lines = _phrases(found, words_brought(opened.repository, found, opened.commit), paper())
    else:
        lines = _story(clause_story(opened.repository, found, opened.commit), paper())
    put("".join(f"{line}\n" for line in lines), None)
    return DONE


@click.command("amendments")
@click.argument("report", metavar="REPORT[@VERSION]")
@click.option("--status", metavar="S", help=f"Only those that are: {', '.join(STATES)}.")
def amendments_command(report: str, status: str | None) -> int:
    """List the amendments of a report, each in one line: number, status, title, decision.

    Read from git alone: the decided ones from main (or VERSION), the others from their branches,
    where a motion that is put or stale counts as open. In an instance the panel's own list says
    which are put.

    \b
    Examples:
      drafter amendments my-report
      drafter amendments my-report --status accepted

    Exit codes: 0 done, also where there are none; 2 an error.
    """
    if status is not None and status not in STATES:
        raise BadInput(f"There is no status {status!r}: use {', '.join(STATES)}.")
    opened = open_report(report)
    states = _states_in_instance(opened)
    for record in _records(opened):
        state = states.get(record.number, record.status)
        if status in (None, state):
            click.echo(visible(_amendment_line(record, state)))
    return DONE


@click.command("verify")
@click.argument("report", metavar="REPORT[@VERSION]")
@click.option(
    "--seen",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Compare with where it stood last; remember where it stands now. Keep it elsewhere.",
)
@click.option(
    "--since", metavar="COMMIT", help="The whole id of a commit that its history must contain."
)
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Who may sign versions: lines of a name and a public SSH key.",
)
def verify_command(report: str, seen: Path | None, since: str | None, signers: Path | None) -> int:
    """Check a report's whole record against what is there, and name whatever fails.

    Ids, origins, what each commit on main was allowed to change, each decision against the words
    it bound, each version against its tag; in an instance also the built pages and the database.
    Says what it could not check. Writes nothing to the report.

    A record that somebody rewrote from its beginning is consistent in itself. With --seen the file
    remembers where it stood when everything held last, and a history that does not contain that is
    named; --since asks the same of one commit that you know. With --signers each version must be
    signed by one of them; an instance that has a key asks for its own.

    \b
    Examples:
      drafter verify my-report
      drafter verify report --seen last-seen.json --signers signers
      git clone https://example.org/report.git && drafter verify report

    Exit codes: 0 everything holds; 1 something does not; 2 an error.
    """
    from drafter.services.seeing import Seen, read_seen, see
    from drafter.services.signing import own_signers
    from drafter.services.verifying import verify
    from drafter.store.names import is_commit_id

    opened = open_report(report)
    before = read_seen(seen) if seen else None
    if since is not None:
        if not is_commit_id(since) or before is not None:
            raise BadInput("Give --since the whole id of a commit, and not together with --seen.")
        before = Seen(since, {})
    allowed = _read_signers(signers) if signers else None
    if opened.is_instance and opened.version is None:
        with opened_instance(opened.path, finish=False) as instance, progress() as draw:
            if allowed is None and instance.settings.signing_key:
                allowed = own_signers(instance.path / instance.settings.signing_key)
            found = verify(
                instance.repository,
                instance.database,
                instance.public,
                seen=before,
                signers=allowed,
                progress=draw,
            )
    else:
        with progress() as draw:
            found = verify(
                opened.repository, tip=opened.commit, seen=before, signers=allowed, progress=draw
            )
    _tell(found)
    if seen is not None:
        _remember(seen, see(opened.repository, opened.commit), first=before is None, found=found)
    return DONE if found.sound else EXPECTED


def _remember(path: Path, now: Seen, *, first: bool, found: Verification) -> None:
    """Keep where the report stands, unless something did not hold."""
    from drafter.services.seeing import write_seen

    if not found.sound:
        click.echo(f"{visible(str(path))} is left as it was.")
        return
    write_seen(path, now)
    if first:
        click.echo(f"{visible(str(path))} remembers where it stands, for the next time.")


def _read_signers(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"The list of signers {path} could not be read. Check the path.") from error


def _story(story: ClauseStory, on: Paper) -> Iterator[str]:
    yield styled(story.id, on, bold=True)
    for step in story.steps:
        yield ""
        yield visible(_step_line(step))
        if step.wording is None:
            yield "    Removed."
        elif step.pieces:
            yield from pieces(step.pieces, on)
        else:
            yield from wrap(step.wording, on)
    yield ""
    if story.came_from:
        yield f"Came from: {', '.join(story.came_from)}"
    if story.became:
        yield f"Became: {', '.join(story.became)}"
    yield from _origins(story)


def _step_line(step: Step) -> str:
    return _cause_line(step.time, step.kind, step.amendment, step.version, step.commit)


def _cause_line(
    time: datetime, kind: str, amendment: int | None, version: str | None, commit: str
) -> str:
    said = [f"{time:%Y-%m-%d}", _CAUSES.get(kind, kind)]
    if amendment is not None:
        said[1] = f"amendment {amendment}"
    said.append(f"in {version}" if version else "in no version yet")
    return f"{', '.join(said)} ({commit[:10]})"


def _phrases(clause: str, phrases: Sequence[Phrase], on: Paper) -> Iterator[str]:
    yield styled(clause, on, bold=True)
    for phrase in phrases:
        at = phrase.moment
        version = at.version.name if at.version else None
        line = _cause_line(at.time, at.kind, at.amendment, version, at.commit)
        yield ""
        yield visible(line if phrase.came_with == clause else f"{line} with {phrase.came_with}")
        yield from wrap(phrase.text, on)


_CAUSES = {
    "first": "first text",
    "import": "imported",
    "decision": "decision",
    "edit": "recorded edit",
}


def _origins(story: ClauseStory) -> Iterator[str]:
    if not story.origins:
        yield "Origins: none recorded"
    for origin in story.origins:
        if origin.assembly is None or origin.proposal is None:
            yield visible(f"Origin: {origin.name} (no record of it)")
        else:
            proposal = " ".join(origin.proposal.text.split())
            yield visible(f"Origin: {origin.name}, {origin.assembly.title}: {proposal}")


def _records(opened: Opened) -> list[Amendment]:
    from drafter.core.amendments import read_record
    from drafter.store.names import amendment_number, amendment_path
    from drafter.store.reports import read_amendment_records

    repository = opened.repository
    texts = dict(read_amendment_records(repository, opened.commit))
    branches = repository.branches() if opened.version is None else ()
    for branch, tip in branches:
        number = amendment_number(branch)
        if number is not None and number not in texts:
            texts[number] = repository.read_text(tip, amendment_path(number))
    return [read_record(text, amendment_path(n)) for n, text in sorted(texts.items())]


def _states_in_instance(opened: Opened) -> dict[int, str]:
    if not opened.is_instance or opened.version is not None:
        return {}
    from drafter.services.amending import list_amendments

    with opened_instance(opened.path, finish=False) as instance:
        return {int(found.number): found.state for found in list_amendments(instance)}


def _amendment_line(record: Amendment, state: str) -> str:
    line = f"{record.number:04d}  {state:<9}  {record.title}"
    decision = record.decision
    if decision is None:
        return line
    if decision.count is None:
        return f"{line}  ({decision.date})"
    votes = [choice for _, choice in decision.count.roll_call.votes]
    return f"{line}  ({decision.date}: {votes.count('for')} for, {votes.count('against')} against)"


def _tell(found: Verification) -> None:
    for sentence in found.checked:
        click.echo(f"checked      {visible(sentence)}")
    for sentence in found.not_checked:
        click.echo(f"not checked  {visible(sentence)}")
    for finding in found.findings:
        click.echo(f"FAILS        {visible(f'{finding.where}: {finding.sentence}')}")
    count = len(found.findings)
    ends = "Everything that was checked holds." if found.sound else f"{count} did not hold."
    click.echo(ends)
