"""Makes `land.json`, the outlines of all land, from Natural Earth as the npm package world-atlas
hands it on. Run by hand, where a newer edition is wanted:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m drafter.publish.land.making package/land-50m.json "Natural Earth 4.1.0, 1:50m"

Both licences are in `LICENCE.txt`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from drafter.publish.land import FILE, SCALE

Point = tuple[int, int]

TOLERANCE = 0.01
"""How far an outline may be off, in degrees: less than a pixel on the smallest map drawn."""


def make(topology: dict[str, Any], source: str) -> str:
    """Write the file: one outline a line, as the first point and the steps to each other one."""
    rings = [thinned(ring, TOLERANCE * SCALE) for ring in _rings(topology)]
    lines = (json.dumps(_steps(ring), separators=(",", ":")) for ring in rings if len(ring) > 3)
    outlines = ",\n".join(lines)
    return f'{{"source": {json.dumps(source)}, "scale": {SCALE}, "outlines": [\n{outlines}\n]}}\n'


def _rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Decode TopoJSON: arcs of quantized steps, of which polygons are put together."""
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        columns = zip(*arc, strict=True)
        xs, ys = (list(accumulate(column)) for column in columns)
        arcs.append(
            [
                (round((x * wide + left) * SCALE), round((y * high + low) * SCALE))
                for x, y in zip(xs, ys, strict=True)
            ]
        )
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            for ring in polygon:
                points: list[Point] = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points.extend(arc[bool(points) :])
                yield points


def thinned(ring: list[Point], tolerance: float) -> list[Point]:
    """Leave out the points of a closed ring that are nearer than `tolerance` to the line without
    them (Douglas and Peucker)."""
    keep = {0, len(ring) - 1}
    spans = [(0, len(ring) // 2), (len(ring) // 2, len(ring) - 1)]
    keep.add(len(ring) // 2)
    while spans:
        start, end = spans.pop()
        far, at = max(
            ((_off(ring[i], ring[start], ring[end]), i) for i in range(start + 1, end)),
            default=(0.0, start),
        )
        if far > tolerance:
            keep.add(at)
            spans += [(start, at), (at, end)]
    return [ring[i] for i in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = math.hypot(bx - ax, by - ay)
    if not length:
        return math.hypot(x - ax, y - ay)
    return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length


def _steps(ring: list[Point]) -> list[int]:
    """Give the first point and then the steps; a closed ring's last point is its first."""
    flat = list(ring[0])
    for (ax, ay), (bx, by) in pairwise(ring[:-1]):
        flat += [bx - ax, by - ay]
    return flat


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    FILE.write_text(make(given, sys.argv[2]), encoding="utf-8")
