"""Putting clause markers into a text: adding ids, and changing what a marker says.

Only markers and the line breaks that a marker paragraph needs are ever added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from drafter.core.blocks import split_lines
from drafter.core.clauses import Chapter, Clause, Report, Segment
from drafter.core.ids import derive_id
from drafter.core.markdown import TRIMMED, Marker, split_marker
from drafter.core.reading import read_chapter

_SET_APART = ("table", "quote")
_MARKED_AFTER = ("table", "quote", "code")


def takes_id(clause: Clause) -> bool:
    """Tell whether the clause can carry an id: every clause can, no opaque block does."""
    return clause.type != "opaque"


def add_ids(chapter: Chapter, taken: Iterable[str] = (), salt: str = "") -> Chapter:
    """Give each clause without an id a new one; a chapter that has them all is returned as it is.

    `taken`: every id that ever was, which the new ones stay clear of.
    """
    used = set(taken) | {clause.id for clause in chapter.clauses if clause.id}
    seen: Counter[str] = Counter()
    names: dict[int, Marker] = {}
    for index, clause in enumerate(chapter.clauses):
        if not takes_id(clause):
            continue
        seen[clause.hash] += 1
        if clause.id is None:
            new = derive_id(chapter.path, clause.hash, seen[clause.hash] - 1, salt, used)
            used.add(new)
            names[index] = Marker(new, clause.origin, clause.was)
    return set_markers(chapter, names)


def add_ids_to_report(report: Report, taken: Iterable[str] = (), salt: str = "") -> Report:
    """Give each clause of a whole report an id; see `add_ids`."""
    used = set(taken) | report.ids
    chapters = []
    for chapter in report.chapters:
        done = add_ids(chapter, used, salt)
        used |= {clause.id for clause in done.clauses if clause.id}
        chapters.append(done)
    return Report(tuple(chapters))


def set_markers(chapter: Chapter, markers: dict[int, Marker]) -> Chapter:
    """Write the given markers at their clauses (index in the chapter), in place of older ones."""
    if not markers:
        return chapter
    segments = [
        _set(segment, chapter, markers[segment.clause])
        if segment.part == 0 and segment.clause in markers
        else segment
        for segment in chapter.segments
    ]
    text = chapter.lead + "".join(segment.raw + segment.gap for segment in segments)
    return read_chapter(chapter.path, text)


def _set(segment: Segment, chapter: Chapter, marker: Marker) -> Segment:
    clause = chapter.clauses[segment.clause]
    raw = mark(segment.raw, clause, marker, chapter.newline)
    alone = clause.own_line and segment.gap and not _has_blank_line(segment.gap)
    behind = clause.type in _MARKED_AFTER and alone and not clause.id
    is_last = segment is chapter.segments[-1]
    gap = segment.gap * 2 if behind and not is_last else segment.gap
    return replace(segment, raw=raw, gap=gap)


def _has_blank_line(gap: str) -> bool:
    return len(split_lines(gap)) > 1


def mark(raw: str, clause: Clause, marker: Marker, newline: str) -> str:
    """Give the first segment of `clause`, `raw`, with `marker` where the clause's form puts it."""
    lines = split_lines(raw)
    if clause.id is not None:
        return "".join(_replaced(lines, clause, marker))
    if clause.type in _MARKED_AFTER:
        between = newline * (2 if clause.type in _SET_APART else 1)
        return f"{raw}{between}{marker}"
    text = lines[clause.head]
    bare = text.rstrip("\r\n")
    if clause.own_line:
        ending = text[len(bare) :]
        lines[clause.head] = f"{bare}{ending or newline}{marker}{ending}"
    else:
        space = "" if bare.endswith((" ", "\t")) else " "
        lines[clause.head] = f"{bare}{space}{marker}{text[len(bare) :]}"
    return "".join(lines)


def _replaced(lines: list[str], clause: Clause, marker: Marker) -> list[str]:
    """Give the lines with the marker that stands in them exchanged, white space kept."""
    for index in range(clause.head, len(lines)):
        bare = lines[index].rstrip("\r\n")
        _, found = split_marker(bare)
        if found is not None and found.id == clause.id:
            start = bare.rindex("{:")
            end = bare.rindex("}") + 1
            ending = bare[end:] + lines[index][len(bare) :]
            return [*lines[:index], f"{bare[:start]}{marker}{ending}", *lines[index + 1 :]]
    return lines


def unmarked(raw: str, clause: Clause) -> str:
    """Give the first segment of `clause` without its marker."""
    if clause.id is None:
        return raw
    lines = split_lines(raw)
    for index in range(clause.head, len(lines)):
        bare = lines[index].rstrip("\r\n")
        text, found = split_marker(bare)
        if found is None or found.id != clause.id:
            continue
        if text.strip(TRIMMED):
            lines[index] = text + lines[index][len(bare) :]
        elif clause.type in _MARKED_AFTER:
            lines = lines[: clause.head + 1]
            lines[-1] = lines[-1].rstrip("\r\n")
        else:
            lines.pop(index)
            if index == len(lines) and lines:
                lines[-1] = lines[-1].rstrip("\r\n")
        break
    return "".join(lines)
