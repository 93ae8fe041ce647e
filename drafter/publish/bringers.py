"""Who brought a clause's words, as its page names them: the marked text, and the list under it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.assemblies import resolve_origin
from drafter.core.clauses import Report
from drafter.core.ids import ClauseId
from drafter.core.wording import Token
from drafter.core.wordorigins import Span, word_origins
from drafter.publish.edition import Edition, short_name
from drafter.publish.links import Links
from drafter.publish.marks import labelled_words
from drafter.store.history import Version
from drafter.store.moments import Moment

STYLES = 5
"""How many ways there are to underline a phrase; after these they begin again."""

LONGEST_QUOTE = 12
"""Words of a phrase that the list repeats."""

_PAUSES = (",", ";", ":", ".")

_LINK = re.compile(r'<a href="[^"]*">|</a>')


@dataclass(frozen=True, eq=False)
class Bringer:
    """A step that brought words: the first version, an import, a recorded edit or a decision."""

    kind: Literal["first", "import", "edit", "decision"]
    position: int
    """Of its moment; of the first version, which may have several, the last."""
    moment: Moment
    before: Report
    """The text before it; empty for the first version."""
    amendment: Amendment | None

    @property
    def version(self) -> Version:
        """The first version that contains it."""
        assert self.moment.version is not None
        return self.moment.version

    @property
    def day(self) -> date:
        """When it was decided, published or made."""
        if self.amendment is not None and self.amendment.decision is not None:
            return self.amendment.decision.date
        return (self.moment if self.kind == "edit" else self.version).time.date()

    @property
    def seat(self) -> str:
        """Who made an edit, as "seat 7"; empty where that is not recorded."""
        name, _, number = (self.moment.seat or "").partition("-")
        return f"{name} {number.lstrip('0')}".strip()


@dataclass(frozen=True, slots=True)
class Brought:
    """What one step brought of a clause's words: an entry of the list, with its number there."""

    number: int
    style: str
    """How its phrases are underlined."""
    by: Bringer
    came_with: ClauseId
    """The clause with which its words came: another where that was split or joined since."""
    sources: list[tuple[str, str]]
    """The proposals behind it: label and address."""
    phrases: list[str]
    """As plain words, long ones cut short."""


@dataclass(frozen=True, slots=True)
class Words:
    """A clause's last wording, each phrase marked, and who brought which."""

    passage: Markup
    brought: list[Brought]


class Bringers:
    """Who brought the words of an edition's clauses, and of those that it no longer has."""

    def __init__(self, edition: Edition, moments: Sequence[Moment]) -> None:
        self.edition = edition
        self.moments = moments
        self.line = list(_named(edition, moments))

    @functools.cached_property
    def _spans(self) -> dict[ClauseId, tuple[Span[Bringer], ...]]:
        reports = (moment.report for moment in self.moments)
        return word_origins(zip(self.line, reports, strict=True))

    def words(self, clause: ClauseId, clause_type: str, links: Links) -> Words:
        """Draw a clause's last wording and list who brought it, in the order of time."""
        spans = self._spans[clause]
        keys = dict.fromkeys((span.step, span.clause) for span in spans)
        ordered = sorted(keys, key=lambda key: key[0].position)
        numbers = {key: number for number, key in enumerate(ordered, 1)}
        brought: list[Brought] = []
        for (by, came_with), number in numbers.items():
            mine = [span.tokens for span in spans if (span.step, span.clause) == (by, came_with)]
            plain = sum(each.by.kind == "first" for each in brought)
            style = "first" if by.kind == "first" else str((number - plain - 1) % STYLES + 1)
            sources = list(self._sources(by, came_with, links))
            quoted = [_quoted(each) for each in mine]
            brought.append(Brought(number, style, by, came_with, sources, quoted))
        labelled = [(str(numbers[span.step, span.clause]), span.tokens) for span in spans]
        styles = {str(each.number): each.style for each in brought}
        plain = sum(style == "first" for style in styles.values())

        def wrap(label: str, markup: str) -> str:
            numbered = plain > 1 or styles[label] != "first"
            return _phrase(label, styles[label], markup, numbered=numbered and len(brought) > 1)

        return Words(Markup(labelled_words(labelled, clause_type, wrap)), brought)

    def _sources(self, by: Bringer, clause: ClauseId, links: Links) -> Iterator[tuple[str, str]]:
        """Name the proposals: those of the amendment, and those that the clause then began to name.

        What the clause named before is behind other words of it.
        """
        known = set(_origins(by.before, clause))
        new = [name for name in _origins(by.moment.report, clause) if name not in known]
        asked = by.amendment.assemblies if by.amendment else ()
        for name in dict.fromkeys((*asked, *new)):
            found = resolve_origin(name, self.edition.assemblies)
            if found is not None:
                assembly, proposal = found
                place = f"#{proposal.clause}" if proposal.clause else ""
                label = f"{short_name(assembly)}, proposal {proposal.number}"
                yield label, links.assembly(assembly.id) + place
            elif name in self.edition.assemblies:
                yield short_name(self.edition.assemblies[name]), links.assembly(name)


def _named(edition: Edition, moments: Sequence[Moment]) -> Iterator[Bringer]:
    """Name for each moment what brought its words; all drafting up to the first version is one."""
    first = moments[0].version if moments else None
    start = [
        at
        for at, moment in enumerate(moments)
        if moment.version == first and moment.amendment is None
    ]
    beginning = Bringer("first", start[-1], moments[start[-1]], Report(()), None) if start else None
    for at, moment in enumerate(moments):
        before = moments[at - 1].report if at else Report(())
        if beginning is not None and at in start:
            yield beginning
        elif moment.amendment is not None:
            amendment = edition.amendments.get(moment.amendment)
            yield Bringer("decision", at, moment, before, amendment)
        else:
            kind: Literal["import", "edit"] = "import" if moment.kind == "import" else "edit"
            yield Bringer(kind, at, moment, before, None)


def _origins(report: Report, clause: ClauseId) -> tuple[str, ...]:
    place = report.locate(clause)
    return place.clause.origin if place else ()


def _quoted(tokens: Sequence[Token]) -> str:
    said = [token for token in tokens if token.kind not in ("bar", "mark")]
    while len(said) > 1 and said[0].kind == "punctuation" and said[0].shown in _PAUSES:
        del said[0]
    shown = "".join([token.space + token.shown for token in said])
    words = shown.split()
    short = " ".join(words[:LONGEST_QUOTE])
    return f"{short} …" if len(words) > LONGEST_QUOTE else short


def _phrase(label: str, style: str, markup: str, *, numbered: bool) -> str:
    """Mark a phrase as a link to its entry in the list; links within it are left out."""
    if not markup.replace("<br>", "").strip():
        return markup
    number = f'<sup aria-hidden="true">{label}</sup>' if numbered else ""
    inside = _LINK.sub(lambda tag: "</span>" if tag[0] == "</a>" else "<span>", markup)
    return (
        f'<a class="brought by-{style}" href="#by-{label}" aria-describedby="who-{label}">'
        f"{inside}{number}</a>"
    )
