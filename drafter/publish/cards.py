"""The pictures that stand for a page where somebody shares its address: 1200 × 630, as PNG.

Drawn in the report's own typefaces. The same words give the same bytes on every machine: letters
are set without the libraries that a machine may lack, and the file is written by ourselves, in the
one way of zlib that does not depend on the processor.
"""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont

from drafter import face
from drafter.core.errors import Unreadable
from drafter.publish.edition import Edition, chapter_title
from drafter.store import names

WIDTH, HEIGHT = 1200, 630
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 1104, 78, 558

_PAPER = (0xFB, 0xFA, 0xF6)
_COLOURS = {"ink": (0x1D, 0x1B, 0x18), "muted": (0x57, 0x52, 0x4A), "accent": (0x0A, 0x55, 0x66)}
"""As tokens.css has them."""
_SHADES = 15
_SERIF, _SANS = "source-serif-4", "inter"
_EXTENDED = ((0x0100, 0x02BA), (0x02BD, 0x02C5), (0x02C7, 0x02CC), (0x1D00, 0x1EFF))
"""Letters that stand in the second file of a typeface, such as the Welsh ŵ: see fonts.css."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, from top to bottom."""

    report: str
    """The report's name."""
    over: str
    """What kind of page it is: "Chapter 4"; empty for the report itself, as is its name then."""
    title: str
    foot: str
    """The version, with its day."""


VERSION_CARD = "cards/version.png"


def card_path(src: str) -> str:
    """Name the card of a page of a version, by the file that MkDocs takes the page for.

    >>> card_path("04-voting.md"), card_path("amendments/0017.md")
    ('cards/04-voting.png', 'cards/amendments/0017.png')
    """
    return VERSION_CARD if src == "index.md" else f"cards/{src.removesuffix('.md')}.png"


def cards(edition: Edition) -> Iterator[tuple[str, Card]]:
    """Say what the cards of a version show: its own, its chapters', its new amendments'."""
    version, name, foot = edition.version, edition.settings.name, edition.edition_line
    yield VERSION_CARD, Card("", "", name, foot)
    for position, chapter in enumerate(edition.report.chapters, 1):
        over = f"Chapter {position}" if edition.settings.numbering != "none" else "Chapter"
        src = chapter.path.removeprefix(f"{names.CHAPTERS}/")
        yield card_path(src), Card(name, over, chapter_title(chapter), foot)
    for number, amendment in sorted(edition.amendments.items()):
        if version is not None and edition.closed_in.get(number) == version.number:
            over = f"Amendment {number}, {amendment.status}"
            yield card_path(f"amendments/{number:04}.md"), Card(name, over, amendment.title, foot)


def draw_card(card: Card) -> bytes:
    """Draw a card; return the PNG. Raises Unreadable where Pillow cannot read the typefaces."""
    picture = Image.new("L", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 23, HEIGHT), fill=_shade("accent", _SHADES))
    pen.line((_LEFT, _BOTTOM - 50, _RIGHT, _BOTTOM - 50), fill=_shade("muted", 4), width=2)
    for text, top, size in _title(card.title):
        _write(picture, text, (_LEFT, top), _SERIF, size, 600, "ink")
    _write(
        picture, _cut(card.report, _SERIF, 34, 600, 1000), (_LEFT, _TOP), _SERIF, 34, 600, "muted"
    )
    _write(picture, _cut(card.over, _SANS, 30, 500, 1000), (_LEFT, 156), _SANS, 30, 500, "accent")
    _write(
        picture,
        _cut(card.foot, _SANS, 28, 400, 1000),
        (_LEFT, _BOTTOM - 28),
        _SANS,
        28,
        400,
        "muted",
    )
    return _png(picture)


def _title(text: str) -> Iterator[tuple[str, int, int]]:
    """Set the title as large as it fits into the room: line, top and size of each line."""
    for size in (84, 72, 62, 54):
        lines, step = _wrap(text, size), round(size * 1.16)
        if len(lines) * step <= _BOTTOM - 70 - 214:
            break
    most = (_BOTTOM - 70 - 214) // step
    if len(lines) > most:
        lines = [
            *lines[: most - 1],
            _cut(f"{lines[most - 1]} …", _SERIF, size, 600, 1008, end=" …"),
        ]
    for position, line in enumerate(lines):
        yield line, 214 + position * step, size


def _wrap(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, _SERIF, size, 600) <= _RIGHT - _LEFT:
            lines[-1] = longer
        else:
            lines.append(_cut(word, _SERIF, size, 600, _RIGHT - _LEFT))
    return lines


def _cut(text: str, family: str, size: int, weight: int, most: int, end: str = "…") -> str:
    """Shorten a line to `most` pixels."""
    if _width(text, family, size, weight) <= most:
        return text
    kept = text.removesuffix(end)
    while kept and _width(kept.rstrip() + end, family, size, weight) > most:
        kept = kept[:-1]
    return kept.rstrip() + end


def _width(text: str, family: str, size: int, weight: int) -> float:
    runs = _runs(text)
    return sum(_font(family, more, size, weight).getlength(run) for run, more in runs)


def _write(
    picture: Image.Image,
    text: str,
    place: tuple[int, int],
    family: str,
    size: int,
    weight: int,
    colour: str,
) -> None:
    """Write one line; `place` is where its tallest letters begin."""
    mask = Image.new("L", (WIDTH - place[0], round(size * 1.5)), 0)
    pen, x = ImageDraw.Draw(mask), 0.0
    for run, more in _runs(text):
        font = _font(family, more, size, weight)
        pen.text((round(x), size), run, fill=255, font=font, anchor="ls")
        x += font.getlength(run)
    shades = mask.point([round(value * _SHADES / 255) for value in range(256)])
    table = [_shade(colour, level) if level else 0 for level in range(_SHADES + 1)]
    inked = shades.point([*table, *([0] * (255 - _SHADES))])
    picture.paste(inked, (place[0], place[1] - size // 4), inked.point([0] + [255] * 255))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text where letters of the second file begin or end: (letters, whether they are)."""
    run, more = "", False
    for letter in text:
        now = any(low <= ord(letter) <= high for low, high in _EXTENDED)
        if run and now != more:
            yield run, more
            run = ""
        run, more = run + letter, now
    if run:
        yield run, more


@functools.cache
def _font(family: str, extended: bool, size: int, weight: int) -> ImageFont.FreeTypeFont:
    name = f"{family}-latin{'-ext' if extended else ''}-wght-normal.woff2"
    path = face.folder() / "fonts" / name
    try:
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        font.set_variation_by_axes([weight])
    except (OSError, NotImplementedError) as error:
        sentence = f"{name} could not be read: {error}. Install Pillow from PyPI: 'make .venv'."
        raise Unreadable(sentence) from error
    return font


def _shade(colour: str, level: int) -> int:
    """Give the place of a shade in the palette: 0 is the paper, then each colour's shades."""
    return 1 + list(_COLOURS).index(colour) * _SHADES + level - 1


def _palette() -> bytes:
    found = [_PAPER]
    for colour in _COLOURS.values():
        for level in range(1, _SHADES + 1):
            pairs = zip(_PAPER, colour, strict=True)
            mixed = [round(paper + (ink - paper) * level / _SHADES) for paper, ink in pairs]
            found.append((mixed[0], mixed[1], mixed[2]))
    return bytes(value for shade in found for value in shade)


def _png(picture: Image.Image) -> bytes:
    """Write a picture of places in the palette as PNG (W3C, PNG 3rd edition, 5 and 9).

    Each row is the difference to the one above; runs are the only matches that are looked for.
    """
    above = ImageChops.offset(picture, 0, 1)
    above.paste(0, (0, 0, WIDTH, 1))
    rows = ImageChops.subtract_modulo(picture, above).tobytes()
    lines = b"".join(b"\x02" + rows[at : at + WIDTH] for at in range(0, len(rows), WIDTH))
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", _palette()),
        (b"IDAT", packer.compress(lines) + packer.flush()),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
