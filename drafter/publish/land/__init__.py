"""The outlines of all land on earth, for maps. A data file and how it is read.

Source: Natural Earth (public domain), 1:50m, by way of the npm package world-atlas; `making.py`
makes the file.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

FILE = Path(__file__).parent / "land.json"
SCALE = 100
"""Points are whole numbers of so many to a degree."""

Outline = tuple[tuple[float, float], ...]
"""A closed line: longitude and latitude of each point, in degrees."""


@functools.cache
def outlines() -> tuple[Outline, ...]:
    """Read the outlines of all land."""
    return tuple(_outline(steps) for steps in json.loads(FILE.read_text("utf-8"))["outlines"])


def _outline(steps: list[int]) -> Outline:
    x, y = steps[0], steps[1]
    points = [(x / SCALE, y / SCALE)]
    for dx, dy in zip(steps[2::2], steps[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / SCALE, y / SCALE))
    return tuple(points)
