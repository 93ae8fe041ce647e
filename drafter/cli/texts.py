"""`drafter lint` and `drafter ids`: what Markdown files lack, and giving clauses their ids."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from drafter.cli.changewords import TYPES, visible
from drafter.cli.files import markdown_files, read_text, write_text
from drafter.cli.frame import DONE, EXPECTED
from drafter.core.clauses import Chapter, Clause, Report
from drafter.core.marking import add_ids_to_report, takes_id
from drafter.core.reading import read_chapter

_SHOWN = 60


@click.command("lint")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
def lint_command(files: tuple[str, ...]) -> int:
    """Name each place where Markdown files depart from the dialect of a report.

    Each finding is one line: file, line, what is the matter and what to do. What departs is never
    lost: it is kept byte for byte, but people cannot comment on it or amend it. A folder stands
    for the Markdown files in it.

    \b
    Examples:
      drafter lint drafts/02-values.md
      drafter lint drafts

    Exit codes: 0 nothing found; 1 findings; 2 an error.
    """
    from drafter.core.lint import lint_chapters

    paths = list(dict.fromkeys(markdown_files(files)))
    findings = lint_chapters([read_chapter(str(path), read_text(path)) for path in paths])
    for finding in findings:
        click.echo(visible(str(finding)))
    return EXPECTED if findings else DONE


@click.command("ids")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--check", is_flag=True, help="Write nothing; list the clauses that lack an id.")
def ids_command(files: tuple[str, ...], check: bool) -> int:
    """Give every clause of Markdown files that has no id a permanent one, in place.

    Markers are added and nothing else: every other byte stays, and no page looks different. Ids
    are kept apart across all files named, so name all files of a report at once; a folder stands
    for the Markdown files in it. The same files get the same ids each time.

    \b
    Examples:
      drafter ids drafts
      drafter ids drafts --check

    Exit codes: 0 done (with --check: nothing lacks an id); 1 with --check: some do; 2 an error.
    """
    paths = list(dict.fromkeys(markdown_files(files)))
    report = Report(tuple(read_chapter(name_in_report(path), read_text(path)) for path in paths))
    if check:
        return _check(paths, report)
    marked = add_ids_to_report(report)
    for path, before, after in zip(paths, report.chapters, marked.chapters, strict=True):
        if after.text != before.text:
            write_text(path, after.text)
            click.echo(f"{path}: {_count(len(_lacking(before)))}")
    return DONE


def name_in_report(path: Path) -> str:
    """Give the path that a report would have for a file: from `drafts` on, else its name alone.

    Ids are derived from it, so a file gets the same ids wherever its folder lies.

    >>> name_in_report(Path("/home/me/report/drafts/rights/votes.md"))
    'drafts/rights/votes.md'
    >>> name_in_report(Path("./votes.md"))
    'votes.md'
    """
    parts = path.absolute().parts
    if "drafts" not in parts[:-1]:
        return path.name
    first = len(parts) - 1 - parts[::-1].index("drafts")
    return "/".join(parts[first:])


def _check(paths: Sequence[Path], report: Report) -> int:
    lacking = 0
    for path, chapter in zip(paths, report.chapters, strict=True):
        for clause in _lacking(chapter):
            lacking += 1
            click.echo(visible(f"{path}:{clause.line}: {TYPES[clause.type]}: {_begin(clause)}"))
    if lacking:
        click.echo(f"{_count(lacking, 'lacking')} Run drafter ids without --check.", err=True)
    return EXPECTED if lacking else DONE


def _lacking(chapter: Chapter) -> list[Clause]:
    return [clause for clause in chapter.clauses if clause.id is None and takes_id(clause)]


def _begin(clause: Clause) -> str:
    words = " ".join(clause.wording.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"


def _count(number: int, what: str = "new") -> str:
    if what == "new":
        return "1 new id." if number == 1 else f"{number} new ids."
    return "1 clause lacks an id." if number == 1 else f"{number} clauses lack an id."
