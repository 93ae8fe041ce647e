"""`drafter merge`: two texts made from one base, put together; also git's merge driver."""

from __future__ import annotations

from typing import Final, Literal

import click

from drafter.cli.files import put, read_text, to_json
from drafter.cli.frame import DONE, EXPECTED, say
from drafter.core.merge import Competing, Merge, merge_text

REASONS: Final = {
    "overlap": "both sides changed the same words",
    "delete-edit": "one side removed what the other changed",
    "rival-insertion": "both sides inserted something at the same place",
    "order": "both sides moved it, to different places",
}
_MOST_NAMED = 5


@click.command("merge")
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.option("-o", "--output", metavar="OUT", help="Write to this file instead of stdout.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="text: the merged text. json: the text and what competes.",
)
@click.option("--markers", is_flag=True, help="Mark competing places as git does (diff3 style).")
def merge_command(
    base: str,
    ours: str,
    theirs: str,
    output: str | None,
    form: Literal["text", "json"],
    markers: bool,
) -> int:
    """Put together two texts, OURS and THEIRS, that were both made from BASE.

    Different clauses never compete; inside one clause words merge where an unchanged word stands
    between them. Where the two compete, the text keeps the wording of BASE, so that it is the same
    whichever side comes first; with --markers it shows all three wordings.

    \b
    Examples:
      drafter merge base.md ours.md theirs.md
      drafter merge base.md ours.md theirs.md -o merged.md --markers
      drafter merge base.md ours.md theirs.md --format json

    \b
    As git's merge driver, in a repository with Markdown files:
      git config merge.drafter.name "clauses"
      git config merge.drafter.driver "drafter merge %O %A %B -o %A --markers"
      echo '*.md merge=drafter' >> .gitattributes

    Exit codes: 0 clean; 1 something competes; 2 an error, and then nothing is written.
    """
    if markers and form == "json":
        raise click.UsageError("The JSON names what competes; leave out --markers, or --format")
    found = merge_text(read_text(base), read_text(ours), read_text(theirs))
    put(_write(found, form, markers=markers), output)
    if found.clean:
        return DONE
    if form == "text":
        say(_what_competes(found, markers=markers))
    return EXPECTED


def _write(found: Merge, form: str, *, markers: bool) -> str:
    if form == "json":
        return to_json(found.to_dict())
    return found.with_markers() if markers else found.text


def _what_competes(found: Merge, *, markers: bool) -> str:
    count = len(found.competing)
    named = [_name(place) for place in found.competing[:_MOST_NAMED]]
    more = [f"and {count - _MOST_NAMED} more"] if count > _MOST_NAMED else []
    places = "One place competes" if count == 1 else f"{count} places compete"
    todo = "settle what stands between the marks" if markers else "--markers shows all wordings"
    return f"{places} ({'; '.join([*named, *more])}): {todo}."


def _name(place: Competing) -> str:
    return f"{place.clause or 'a clause without id'}: {REASONS[place.why]}"
