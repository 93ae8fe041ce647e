"""Other languages: every word of a page comes out of a catalogue, and a catalogue is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask

from drafter.core.errors import BadInput, Refused
from drafter.core.saying import say
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.services.languages import read_languages
from drafter.web import phrases, tongue
from drafter.web.app import create_app

from .conftest import CHAPTER, SETTINGS
from .test_words import drafts, pages
from .visitor import CLAUSE, Visitor

ROOT = Path(__file__).parents[2]
POT = ROOT / "drafter/translations/messages.pot"
PSEUDO = "el"
"""The language that the pseudo-catalogue stands under: its dates are in other letters too."""

LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áḃćḋéḟǵħíĵḱĺḿńóṕɋŕśţúṽẃẋýźÁḂĆḊÉḞǴĦÍĴḰĹḾŃÓṔɊŔŚŢÚṼẂẊÝŹ",
)
KEPT = re.compile(r"%\(\w+\)s|%%|\{[^}]*\}|<[^>]*>")
"""What a translation keeps: the places of data, and tags."""


def strange(message: str) -> str:
    """Write a message in letters that no English page has, half as long again."""
    kept = KEPT.findall(message)
    words = [part.translate(LETTERS) for part in KEPT.split(message)]
    said = "".join(a + b for a, b in zip(words, [*kept, ""], strict=True))
    return said + "~" * (len(message) // 2)


def pot() -> Catalog:
    with POT.open("rb") as file:
        return read_po(file)


def write(
    folder: Path, code: str, said: Mapping[str | tuple[str, str], str | tuple[str, ...]]
) -> None:
    """Write a catalogue of an instance."""
    catalogue = Catalog(locale=code)
    for message, translation in said.items():
        catalogue.add(message, translation)
    (folder / "translations").mkdir(exist_ok=True)
    with (folder / "translations" / f"{code}.po").open("wb") as file:
        write_po(file, catalogue)


def write_pseudo(folder: Path) -> None:
    """Write the pseudo-catalogue: every message there is, in strange letters."""
    said: dict[str | tuple[str, str], str | tuple[str, ...]] = {}
    for message in pot():
        if isinstance(message.id, tuple):
            said[message.id[0], message.id[1]] = tuple(map(strange, message.id))
        elif message.id:
            said[message.id] = strange(message.id)
    write(folder, PSEUDO, said)


class Spoken(HTMLParser):
    """What a person reads or hears of a page, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code", "textarea")
        for name, value in attrs:
            if name in ("aria-label", "title", "alt", "placeholder") and value:
                self.pieces.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code", "textarea")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


ENGLISH = re.compile(r"[A-Za-z][A-Za-z’'-]+(?:[ ,]+[A-Za-z][A-Za-z’'-]+)*")
"""A run of English words."""


def english(markup: str, content: str) -> Iterator[str]:
    """Give each run of English words on a page that is not content."""
    reader = Spoken()
    reader.feed(markup)
    for piece in reader.pieces:
        for run in ENGLISH.findall(piece):
            if run.casefold() not in content:
                yield run


EXCEPTIONS = frozenset(
    {
        # What was put to the vote is in the record, in the words in which it was put.
        "Shall amendment",
        "Let people vote at sixteen, be made",
        # So is what the public log says of a comment.
        "Amendment",
        # The names of actions, for whoever runs the server.
        "cast",
        "read the queue",
        # The name of a language, in that language.
        "English",
    }
)


@pytest.mark.parametrize("stage", ["put", "closed"])
def test_every_word_of_every_page_comes_from_a_catalogue_or_is_content(
    app: Flask,
    instance: Instance,
    signed_in: Callable[[Actor], Visitor],
    request: pytest.FixtureRequest,
    stage: str,
) -> None:
    number: int = request.getfixturevalue(stage)
    drafts(instance, number)
    write_pseudo(instance.path)
    app.extensions[tongue.KEY] = read_languages(instance.path / "translations")
    who = {
        "public": Visitor(app.test_client()),
        "seat": signed_in(Actor("seat", 1)),
        "clerk": signed_in(CLERK_ACTOR),
    }
    for role, home in (("seat", "/panel/"), ("clerk", "/clerk/")):
        who[role].get(home)  # what was said at signing in was said in English
    content = _content(instance)
    more = {
        "public": (
            "/take-part/privacy",
            "/take-part/policy",
            "/take-part/log",
            "/sign-in",
            "/take-part/follow",
            "/take-part/send-again",
            "/take-part/receipt",
        ),
        "seat": ("/you/", "/you/app"),
        "clerk": (
            "/you/",
            "/clerk/comments",
            "/clerk/comments?list=all",
            "/clerk/until",
            "/clerk/comments/enter",
        ),
    }
    left: dict[str, set[str]] = {}
    for role, addresses in pages(instance, number).items():
        for address in (*addresses, *more[role]):
            chosen = address + ("&" if "?" in address else "?") + f"lang={PSEUDO}"
            page = who[role].get(chosen).text
            assert f'<html lang="{PSEUDO}"' in page, address
            for run in english(page, content):
                left.setdefault(run, set()).add(f"{role} {address}")
    left = {run: where for run, where in left.items() if run not in EXCEPTIONS}
    assert not left, "\n".join(f"{run}: {sorted(where)[0]}" for run, where in left.items())


def _content(instance: Instance) -> str:
    """Give everything that people have written, and the report: none of it is translated."""
    typed = (
        "They pay taxes too. Every citizen aged sixteen or over may vote in every election.",
        "Let people vote at sixteen",
        "Everyone may vote.",
        "Out",
        "Again",
        "Europe/London",
        "leeds-2018",
    )
    bare = re.sub(r"\{:.*?\}", " ", CHAPTER)
    return " ".join(" ".join((bare, SETTINGS, *typed)).split()).casefold()
