"""The flow of proposals: from the assemblies, proposal by proposal, to the chapters they stand in.

Counts, and works out the bands; `templates/flow.html` draws them. What was not taken up has a
destination of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from drafter.publish.ends import End

REMOVED, NOT_TAKEN_UP = "removed", "not-taken-up"
MOST_SOURCES = 40
MOST_PROPOSALS = 250
"""Beyond these, assemblies are drawn together, by model, and their proposals in one band."""

WIDTH = 1000
_LEFT, _MIDDLE, _RIGHT = 140, 230, 700
"""Where the three rows of nodes stand; names are written outside the first and the last."""
_NODE = 8
_UNIT = 7.0
"""The height of one proposal."""
_GAP = 11.0
_NAME = 19.0
"""The least distance between the middles of two names."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where proposals come from: an assembly, or all of one model."""

    id: str
    name: str
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where they end: a chapter by its path, `REMOVED` or `NOT_TAKEN_UP`."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the picture."""

    to: int
    """Its destination's place in the list, from 1; 0 for a band that leads to a proposal."""
    path: str
    title: str
    end: End | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One node: what it stands for, its bar, the middle of its name, and how many proposals."""

    id: str
    name: str
    y: float
    height: float
    middle: float
    count: int
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow, ready to be drawn and to be read as a table."""

    width: int
    height: int
    sources: tuple[Node, ...]
    destinations: tuple[Node, ...]
    counts: Mapping[tuple[str, str], int]
    """By source and destination, how many proposals; one in two chapters counts in both."""
    each: bool
    """Whether each proposal has bands of its own."""
    left: int = _LEFT
    middle: int = _MIDDLE
    right: int = _RIGHT
    node: int = _NODE


def destinations_of(end: End) -> tuple[str, ...]:
    """Name where a proposal ended: its chapters, or that it was removed or not taken up."""
    if end.fate == "taken-up":
        return end.chapters
    return (REMOVED,) if end.fate == "removed" else (NOT_TAKEN_UP,)


def count(sources: Iterable[Source]) -> dict[tuple[str, str], int]:
    """Count the proposals by source and destination."""
    found: dict[tuple[str, str], int] = {}
    for source in sources:
        for end in source.ends:
            for destination in destinations_of(end):
                key = (source.id, destination)
                found[key] = found.get(key, 0) + 1
    return found


def is_large(sources: Sequence[Source]) -> bool:
    """Tell whether there are too many assemblies or proposals to draw each."""
    return len(sources) > MOST_SOURCES or sum(len(each.ends) for each in sources) > MOST_PROPOSALS


def draw_flow(
    sources: Sequence[Source], among: Sequence[Destination], *, each: bool
) -> Flow | None:
    """Work out the picture; None where there is no proposal. `among`: destinations in their order.

    Those where nothing ends are left out. With `each`, every proposal has bands of its own.
    """
    sources = [source for source in sources if source.ends]
    counts = count(sources)
    there = [one for one in among if any(key[1] == one.id for key in counts)]
    total = sum(len(source.ends) for source in sources)
    if not total:
        return None
    unit = _UNIT if each else min(_UNIT, 560.0 / total)
    tops, height = _stacked([len(source.ends) * unit for source in sources])
    shares = _shares(sources)
    sizes = [unit * sum(share for _, to, share in shares if to == one.id) for one in there]
    ends, other = _stacked(sizes)
    shift = (height - other) / 2
    drawing = _Drawing(unit, tops, [top + max(0.0, shift) for top in ends], there)
    if shift < 0:
        drawing.tops = [top - shift for top in tops]
    nodes = drawing.each(sources) if each else drawing.together(sources)
    return Flow(
        width=WIDTH,
        height=round(max(height, other) + 8),
        sources=tuple(nodes),
        destinations=tuple(
            Node(one.id, one.name, round(top, 1), round(size, 1), round(top + size / 2, 1), many)
            for one, top, size in zip(there, drawing.ends, sizes, strict=True)
            for many in [sum(n for (_, to), n in counts.items() if to == one.id)]
        ),
        counts=counts,
        each=each,
    )


def _shares(sources: Sequence[Source]) -> list[tuple[End, str, float]]:
    """Share each proposal out among its destinations, so that its bands keep its height."""
    return [
        (end, to, 1 / len(destinations_of(end)))
        for source in sources
        for end in source.ends
        for to in destinations_of(end)
    ]


def _stacked(sizes: Sequence[float]) -> tuple[list[float], float]:
    """Put bars below each other, far enough apart for their names; the tops, and the height."""
    tops, at, last = [], 8.0, -_NAME
    for size in sizes:
        at = max(at, last + _NAME - size / 2)
        tops.append(at)
        last = at + size / 2
        at += size + _GAP
    return tops, at - _GAP if sizes else 0.0


@dataclass
class _Drawing:
    """Keeps how far each destination is filled while the bands are drawn, from the top."""

    unit: float
    tops: list[float]
    ends: list[float]
    there: Sequence[Destination]

    def __post_init__(self) -> None:
        self._filled = list(self.ends)
        self._place = {one.id: at for at, one in enumerate(self.there)}

    def _ordered(self, end: End) -> list[int]:
        return sorted(self._place[to] for to in destinations_of(end))

    def each(self, sources: Sequence[Source]) -> list[Node]:
        """Draw a band from the source to each proposal, and on to each of its destinations."""
        self._filled = list(self.ends)
        nodes = []
        for source, top in zip(sources, self.tops, strict=True):
            bands, y = [], top
            for end in source.ends:
                about = f"{source.name}, proposal {end.proposal.number}"
                bands.append(
                    Band(0, _band(_LEFT + _NODE, y, _MIDDLE, y, self.unit - 1), about, end)
                )
                bands += self._onward(end, y, about)
                y += self.unit
            nodes.append(self._node(source, top, bands))
        return nodes

    def _onward(self, end: End, y: float, about: str) -> Iterable[Band]:
        places = self._ordered(end)
        high = self.unit / len(places)
        for part, place in enumerate(places):
            path = _band(
                _MIDDLE + _NODE, y + part * high, _RIGHT, self._filled[place],
                max(high - 1, high * 0.7),
            )  # fmt: skip
            self._filled[place] += high
            yield Band(place + 1, path, f"{about}: {self.there[place].name}", end)

    def together(self, sources: Sequence[Source]) -> list[Node]:
        """Draw one band for each source and destination."""
        nodes = []
        for source, top in zip(sources, self.tops, strict=True):
            sizes: dict[int, float] = {}
            many: dict[int, int] = {}
            for end in source.ends:
                places = self._ordered(end)
                for place in places:
                    sizes[place] = sizes.get(place, 0.0) + self.unit / len(places)
                    many[place] = many.get(place, 0) + 1
            bands, y = [], top
            for place in sorted(sizes):
                path = _band(_LEFT + _NODE, y, _RIGHT, self._filled[place], sizes[place])
                title = f"{source.name}: {many[place]} to {self.there[place].name}"
                bands.append(Band(place + 1, path, title))
                self._filled[place] += sizes[place]
                y += sizes[place]
            nodes.append(self._node(source, top, bands))
        return nodes

    def _node(self, source: Source, top: float, bands: list[Band]) -> Node:
        height = len(source.ends) * self.unit
        middle = round(top + height / 2, 1)
        return Node(
            source.id, source.name, round(top, 1), round(height, 1), middle, len(source.ends),
            tuple(bands),
        )  # fmt: skip


def _band(x: float, y: float, to_x: float, to_y: float, high: float) -> str:
    """Give the path of a band that leaves and arrives level."""
    half = (x + to_x) / 2
    upper = f"M{x},{y:.1f}C{half},{y:.1f} {half},{to_y:.1f} {to_x},{to_y:.1f}"
    lower = f"C{half},{to_y + high:.1f} {half},{y + high:.1f} {x},{y + high:.1f}"
    return f"{upper}V{to_y + high:.1f}{lower}Z"
