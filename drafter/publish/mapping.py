"""The map of the assemblies: which part of the earth, its land, where points and names go.

Works out positions; `templates/map.html` draws them. The same assemblies give the same map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drafter.core.assemblies import Assembly
from drafter.publish.edition import short_name
from drafter.publish.land import Outline, outlines

WIDTH = 560
"""Of the map, in its own units: a unit is about a pixel where there is room."""
_LOWEST, _HIGHEST = 0.62, 1.3
"""The least and the greatest height, as parts of the width."""
_LEAST_SPAN = 4.0
"""Degrees across where the assemblies met all but at one place."""
_MARGIN = 0.13
_FARTHEST_NORTH = 84.0
_FINEST = 0.8
"""Points of an outline nearer than this are drawn as one; so small an island is not drawn."""
_LARGEST, _SMALLEST = 11.0, 4.0
_LETTER, _LINE = 7.3, 15.0
"""The width of a letter and the height of a line of a name, rather too much than too little."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, from its upper left."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether the two share any part."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Box) -> bool:
        """Tell whether the other lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True, slots=True)
class Name:
    """Where an assembly's name stands."""

    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Point:
    """An assembly on the map."""

    assembly: Assembly
    label: str
    x: float
    y: float
    shape: str
    """The path of its sign: one form for each model, in proportion to the participants."""
    name: Name | None
    """None where there is no room for its name."""


@dataclass(frozen=True, slots=True)
class Map:
    """The map, ready to be drawn."""

    width: int
    height: int
    land: str
    """The path of all land in it."""
    points: tuple[Point, ...]
    elsewhere: tuple[Assembly, ...]
    """The assemblies whose records name no coordinates."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Mercator's projection onto a part of the earth: `west` in degrees, `north` on its scale."""

    west: float
    north: float
    scale: float
    height: int

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.scale, (self.north - _high(latitude)) * self.scale


def draw_map(assemblies: Iterable[Assembly]) -> Map | None:
    """Work out the map of the assemblies that have coordinates; None where none has."""
    ordered = sorted(assemblies, key=lambda each: (-each.participants, each.id))
    there = [(each, each.coordinates) for each in ordered if each.coordinates is not None]
    if not there:
        return None
    longitudes = _unrolled([longitude for _, (_, longitude) in there])
    spots = [(x, latitude) for x, (_, (latitude, _)) in zip(longitudes, there, strict=True)]
    frame = _frame(spots)
    placed = _spread([frame.place(*spot) for spot in spots])
    return Map(
        width=WIDTH,
        height=frame.height,
        land=_land(frame),
        points=tuple(_points([each for each, _ in there], placed, frame.height)),
        elsewhere=tuple(each for each in ordered if each.coordinates is None),
    )


def _high(latitude: float) -> float:
    bounded = max(-_FARTHEST_NORTH, min(_FARTHEST_NORTH, latitude))
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(bounded) / 2)))


def _unrolled(longitudes: Sequence[float]) -> list[float]:
    """Turn the earth so that the widest gap between the points lies at the map's edge.

    >>> _unrolled([179.0, -179.0])
    [179.0, 181.0]
    """
    ordered = sorted(set(longitudes))
    gaps = [(ordered[0] + 360 - ordered[-1], ordered[0])]
    gaps += [(after - before, after) for before, after in pairwise(ordered)]
    start = max(gaps)[1]
    return [x + 360 if x < start else x for x in longitudes]


def _frame(spots: Sequence[tuple[float, float]]) -> _Frame:
    """Choose the part of the earth: all points, room around them, and no strip of a map."""
    xs, ys = [x for x, _ in spots], [_high(y) for _, y in spots]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    across = max(max(xs) - min(xs), _LEAST_SPAN) * (1 + 2 * _MARGIN)
    along = (max(ys) - min(ys)) * (1 + 2 * _MARGIN)
    across = max(across, along / _HIGHEST)
    along = max(along, across * _LOWEST)
    across = min(across, 360.0)
    scale = WIDTH / across
    height = round(along * scale)
    return _Frame(middle_x - across / 2, middle_y + along / 2, scale, height)


# Land


def _land(frame: _Frame) -> str:
    """Give the path of all land in the frame; it is cut a little outside, where no edge is seen."""
    box = Box(-4.0, -4.0, WIDTH + 4.0, frame.height + 4.0)
    parts = []
    for outline in outlines():
        for turn in (-360.0, 0.0, 360.0):
            drawn = _outline(outline, turn, frame, box)
            if drawn:
                parts.append(drawn)
    return "".join(parts)


def _outline(outline: Outline, turn: float, frame: _Frame, box: Box) -> str:
    west, east = frame.west - 1, frame.west + WIDTH / frame.scale + 1
    longitudes = [x for x, _ in outline]
    if max(longitudes) + turn < west or min(longitudes) + turn > east:
        return ""
    cut = _cut([frame.place(x + turn, y) for x, y in outline], box)
    points: list[tuple[float, float]] = []
    for point in cut:
        if not points or math.dist(point, points[-1]) >= _FINEST:
            points.append(point)
    if len(points) < 3:
        return ""
    steps = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return f"M{steps}Z"


def _cut(points: list[tuple[float, float]], box: Box) -> list[tuple[float, float]]:
    """Keep what of a closed line lies in the box (Sutherland and Hodgman)."""
    for axis, bound, sign in (
        (0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1),
    ):  # fmt: skip
        kept: list[tuple[float, float]] = []
        for at, point in enumerate(points):
            before = points[at - 1]
            inside = sign * (point[axis] - bound) >= 0
            if inside != (sign * (before[axis] - bound) >= 0):
                part = (bound - before[axis]) / (point[axis] - before[axis])
                kept.append(
                    (
                        before[0] + part * (point[0] - before[0]),
                        before[1] + part * (point[1] - before[1]),
                    )
                )
            if inside:
                kept.append(point)
        points = kept
    return points


# Points and names


def _spread(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Put what met at one place in a ring around it, so that each can be seen."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, (x, y) in enumerate(spots):
        groups.setdefault((round(x / 6), round(y / 6)), []).append(index)
    placed = list(spots)
    for members in groups.values():
        if len(members) > 1:
            around = 4.0 + 3.0 * len(members)
            for turn, index in enumerate(members):
                angle = 2 * math.pi * turn / len(members)
                x, y = spots[index]
                placed[index] = (x + around * math.cos(angle), y + around * math.sin(angle))
    return placed


def _points(
    assemblies: Sequence[Assembly], placed: Sequence[tuple[float, float]], height: int
) -> Iterable[Point]:
    most = max(each.participants for each in assemblies)
    radii = [_radius(each.participants, most) for each in assemblies]
    taken = [
        Box(x - r, y - r, x + r, y + r) for (x, y), r in zip(placed, radii, strict=True)
    ]  # fmt: skip
    whole = Box(2.0, 2.0, WIDTH - 2.0, height - 2.0)
    for assembly, (x, y), radius in zip(assemblies, placed, radii, strict=True):
        label = short_name(assembly)
        own = Box(x - radius, y - radius, x + radius, y + radius)
        name = None
        for candidate, box in _candidates(x, y, radius, _LETTER * len(label)):
            if whole.holds(box) and not any(box.meets(each) for each in taken if each != own):
                name = candidate
                taken.append(box)
                break
        yield Point(assembly, label, round(x, 1), round(y, 1), _shape(assembly, radius), name)


def _radius(participants: int, most: int) -> float:
    return max(_SMALLEST, _LARGEST * math.sqrt(participants / most))


def _candidates(x: float, y: float, radius: float, width: float) -> Iterable[tuple[Name, Box]]:
    """Give the places where a name may stand, the best first."""
    off = radius + 4
    for side, rise in ((1, 0.0), (-1, 0.0), (1, -0.7), (1, 0.7), (-1, -0.7), (-1, 0.7)):
        at, baseline = x + side * off * (0.8 if rise else 1), y + rise * off + 4.5
        left = at if side > 0 else at - width
        name = Name(round(at, 1), round(baseline, 1), "start" if side > 0 else "end")
        yield name, Box(left, baseline - 11, left + width, baseline - 11 + _LINE)
    for baseline in (y - off, y + off + 10):
        box = Box(x - width / 2, baseline - 11, x + width / 2, baseline - 11 + _LINE)
        yield Name(round(x, 1), round(baseline, 1), "middle"), box


def _shape(assembly: Assembly, radius: float) -> str:
    """Give the path of a sign around 0,0. All models have signs of one area at one size."""
    r = radius
    if assembly.model == "random-selection":
        n = _number(r)
        return f"M-{n},0a{n},{n} 0 1,0 {_number(2 * r)},0a{n},{n} 0 1,0 -{_number(2 * r)},0Z"
    corners = {
        "community": ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
        "elected": ((0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)),
        "civil-society": ((0.0, -1.4), (1.35, 0.93), (-1.35, 0.93)),
    }[assembly.model]
    return f"M{' '.join(f'{_number(x * r)},{_number(y * r)}' for x, y in corners)}Z"


def _number(value: float) -> str:
    """Write a number without a zero at its end.

    >>> _number(12.0), _number(0.25), _number(-0.04)
    ('12', '0.2', '0')
    """
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
