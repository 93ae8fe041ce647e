"""Where a chapter departs from the dialect, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.core.blocks import split_lines
from drafter.core.clauses import Chapter, Clause, duplicate_ids
from drafter.core.markdown import MARKER, block_tokens, normalise
from drafter.core.reading import read_chapter


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure: the file, the line (from 1), and a sentence that says what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def lint(path: str, text: str) -> list[Finding]:
    """List the departures of one file, by line."""
    return lint_chapters([read_chapter(path, text)])


def lint_chapters(chapters: Sequence[Chapter]) -> list[Finding]:
    """List the departures of several files of one report, ids that stand twice among them."""
    found = [finding for chapter in chapters for finding in _chapter(chapter)]
    for chapter, clause in duplicate_ids(chapters):
        message = (
            f"The id {clause.id} stands at another clause already. Remove the marker here; "
            "`drafter ids` gives the clause one of its own."
        )
        found.append(Finding(chapter.path, clause.line, message))
    order = {chapter.path: number for number, chapter in enumerate(chapters)}
    return sorted(found, key=lambda finding: (order[finding.path], finding.line))


def _chapter(chapter: Chapter) -> Iterator[Finding]:
    for index, clause in enumerate(chapter.clauses):
        raw = chapter.raw_of(index)[0].raw
        if clause.type == "opaque":
            message = _opaque(clause, raw)
            if message:
                yield Finding(chapter.path, clause.line, message)
        else:
            yield from _stray_markers(chapter.path, clause)
        if clause.id and clause.id in clause.was:
            message = "The clause names itself in `was`. Take its own id out of that list."
            yield Finding(chapter.path, clause.line, message)
    yield from _encoding(chapter)


def _opaque(clause: Clause, raw: str) -> str | None:
    """Say why a block has no id, and what to do. Front matter is as it should be."""
    text = normalise(raw)
    if clause.line == 1 and text.startswith("---\n"):
        return None
    first = text.lstrip(" \t>")
    if MARKER.fullmatch(text.strip()):
        return (
            "A marker stands alone, away from a table, quote or code block. Put it directly after "
            "its block, or remove it."
        )
    tokens = block_tokens(text)
    kinds = {token.type for token in tokens}
    kind = tokens[0].type if tokens else ""
    if "html_block" in kinds:
        return "Raw HTML is shown as text, not as markup. Write it in Markdown."
    if kind == "hr":
        return "A line drawn across the page cannot be commented on. Use a heading, or remove it."
    if kind == "fence":
        return "The code block is not closed. Add a line with the same marks behind it."
    if kind == "heading_open":
        return "A heading with closing hashes takes no id. Remove the hashes at its end."
    if kind in ("bullet_list_open", "ordered_list_open"):
        return "A list entry must begin with a line of text. Put one before what stands in it."
    if first.startswith("[^"):
        return "A footnote must begin with a line of text. Put one before what stands in it."
    if first.startswith("["):
        return (
            "A link definition takes no id. Write the address where it is used: [words](address)."
        )
    return "This block takes no id. Write it as a heading, paragraph, list, quote, code or table."


def _stray_markers(path: str, clause: Clause) -> Iterator[Finding]:
    line = clause.line
    for part in clause.parts:
        for offset, text in enumerate(part.split("\n")):
            if "{:" in text and clause.type != "code":
                message = (
                    "Something like a marker stands inside the clause and is shown as text. A "
                    "marker is written {: #c-7k3m9q } at the end of the first paragraph."
                )
                yield Finding(path, line + offset, message)
        line += part.count("\n") + 1


def _encoding(chapter: Chapter) -> Iterator[Finding]:
    if chapter.text.startswith("\ufeff"):
        yield Finding(chapter.path, 1, "The file begins with a byte order mark. Save it without.")
    for number, line in enumerate(split_lines(chapter.text), 1):
        if "\0" in line:
            yield Finding(chapter.path, number, "The line holds a NUL character. Remove it.")
        if any("\udc80" <= char <= "\udcff" for char in line):
            yield Finding(chapter.path, number, "The line is not UTF-8. Save the file as UTF-8.")
