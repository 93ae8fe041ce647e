"""`drafter show`: a report, or one clause of it, as text."""

from __future__ import annotations

from collections.abc import Iterator

import click

from drafter.cli.changewords import TYPES, visible
from drafter.cli.difftext import Paper, paper, styled, wrap
from drafter.cli.files import put
from drafter.cli.sources import Source, place_of_number, read_source
from drafter.core.clauses import Chapter, Place
from drafter.core.errors import NotFound
from drafter.core.ids import is_clause_id
from drafter.core.numbering import Numbers, number_report


@click.command("show")
@click.argument("report", metavar="REPORT[@VERSION]")
@click.argument("clause", required=False)
def show_command(report: str, clause: str | None) -> int:
    """Print a report, or one clause of it with its place, origins and ancestors.

    CLAUSE is an id (c-7k3m9q) or a number as readers see it (4.2). Without a version an instance
    or a bare repository shows its working draft (main), a checkout its files. A single Markdown
    file will do as well.

    \b
    Examples:
      drafter show my-report
      drafter show my-report@v2 4.2
      drafter show my-report c-7k3m9q

    Exit codes: 0 done; 2 an error, also where there is no such clause.
    """
    source = read_source(report)
    numbers = number_report(source.report, source.style)
    on = paper()
    if clause is None:
        lines = [line for part in source.report.chapters for line in _chapter(part, numbers, on)]
        lines = lines or [f"{source.name} has no clause yet. Give it a text: drafter import"]
    else:
        lines = list(_clause(_locate(source, numbers, clause), numbers, on))
    put("".join(f"{line}\n" for line in lines), None)
    return 0


def _chapter(chapter: Chapter, numbers: Numbers, on: Paper) -> Iterator[str]:
    yield styled(visible(chapter.path), on, bold=True, underline=True)
    yield ""
    for index, clause in enumerate(chapter.clauses):
        if clause.type == "opaque":
            continue
        number = numbers.get((chapter.path, index), "")
        name = styled(clause.id or "no id", on, dim=True)
        yield "  ".join([part for part in (styled(number, on, bold=True), name) if part])
        yield from wrap(_words(clause.wording, clause.type, clause.level), on)
        yield ""


def _words(wording: str, clause_type: str, level: int | None) -> str:
    return f"{'#' * (level or 1)} {wording}" if clause_type == "heading" else wording


def _clause(place: Place, numbers: Numbers, on: Paper) -> Iterator[str]:
    clause = place.clause
    number = numbers.get((place.chapter.path, place.index), "")
    name = styled(clause.id or "no id", on, dim=True)
    title = [styled(number, on, bold=True), TYPES[clause.type], name]
    yield "  ".join(part for part in title if part)
    yield from wrap(clause.wording, on)
    yield ""
    yield f"File: {visible(place.chapter.path)}, line {clause.line}"
    if place.parent:
        yield f"Part of: {place.parent}"
    yield f"Origins: {', '.join(clause.origin) or 'none recorded'}"
    if clause.was:
        yield f"Came from: {', '.join(clause.was)}"
    yield f"Wording hash: {clause.hash}"


def _locate(source: Source, numbers: Numbers, clause: str) -> Place:
    if is_clause_id(clause):
        found = source.report.locate(clause) or _descendant(source, clause)
    else:
        found = place_of_number(source.report, numbers, clause)
    if found is None:
        raise NotFound(
            f"There is no clause {clause[:80]} in {source.name}. "
            "drafter show without a clause lists all; drafter history knows those removed.",
            clause=clause,
        )
    return found


def _descendant(source: Source, clause: str) -> Place | None:
    """Find the clause that came of a joined or split one."""
    return next((place for place in source.report.places() if clause in place.clause.was), None)
