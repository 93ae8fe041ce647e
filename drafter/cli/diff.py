"""`drafter diff`: two texts compared, as text, JSON or a page; also git's external diff."""

from __future__ import annotations

import os
from typing import Literal

import click

from drafter.cli.files import put, to_json
from drafter.cli.frame import DONE, EXPECTED
from drafter.cli.sources import USUAL_STYLE, Source, read_source
from drafter.core.diff import Diff, diff_reports

Format = Literal["text", "json", "html"]


class _Diff(click.Command):
    """Also takes the arguments that git hands to an external diff, whose answer git ignores.

    They are path, old file, its id and mode, new file, its id and mode, and for a renamed file its
    new name and a note; of an unmerged file only its path (git's manual, GIT_EXTERNAL_DIFF).
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "GIT_DIFF_PATH_COUNTER" in os.environ:
            options, given = _split_options(args)
            ctx.obj = given[7] if len(given) > 7 else given[0]
            args = [*options, "--", given[1], given[4]] if len(given) >= 7 else ["--", *given * 2]
        return super().parse_args(ctx, args)


@click.command("diff", cls=_Diff)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    help="text to read in a terminal, json for programs, html for a page of its own.",
)
@click.pass_context
def diff_command(ctx: click.Context, old: str, new: str, form: Format) -> int:
    """Say what changed between two texts, clause by clause.

    OLD and NEW are files, folders, or REPORT@VERSION. Clauses are paired by their ids, and by
    likeness where they have none; a moved clause is shown as moved, and white space alone is no
    change. Removed words are shown [-so-], added words {+so+}.

    \b
    Examples:
      drafter diff old.md new.md
      drafter diff my-report@v1 my-report@v2
      drafter diff my-report@v2 my-report              what changed since version 2
      drafter diff --format html a.md b.md > changes.html

    \b
    As git's diff driver, in a repository with Markdown files:
      git config diff.drafter.command "drafter diff"
      echo '*.md diff=drafter' >> .gitattributes
    Then git diff and git show --ext-diff print changes by clause.

    Exit codes: 0 nothing changed; 1 something changed; 2 an error. Run by git it answers 0.
    """
    sources = read_source(old, ctx.obj), read_source(new, ctx.obj)
    found = compare(*sources)
    put(_write(found, form, *sources), None)
    return EXPECTED if found.changes and ctx.obj is None else DONE


def compare(old: Source, new: Source) -> Diff:
    """Compare two texts; the clauses of both are numbered as the report of one of them says."""
    styles = [source.style for source in (new, old) if source.style != USUAL_STYLE]
    return diff_reports(old.report, new.report, style=(styles or [USUAL_STYLE])[0])


def _write(found: Diff, form: Format, old: Source, new: Source) -> str:
    if form == "json":
        return to_json(found.to_dict())
    if form == "html":
        from drafter.cli.diffpage import write_page

        return write_page(found, old.name, new.name)
    from drafter.cli.difftext import paper, write_diff

    return write_diff(found, paper())


def _split_options(args: list[str]) -> tuple[list[str], list[str]]:
    """Split `--format json path …`, as it comes from git's configuration."""
    count = 0
    while count < len(args) and args[count].startswith("--"):
        count += 1 if "=" in args[count] else 2
    return args[:count], args[count:]
