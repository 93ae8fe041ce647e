"""Other languages: every word of a page comes out of a catalogue, and a catalogue is checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask

from drafter.core.errors import BadInput, Refused
from drafter.core.saying import say
from drafter.services import admitting, amending, deciding, mailing, voting
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.languages import new_catalogue, read_languages, untranslated
from drafter.web import phrases, problems, tongue
from drafter.web.app import create_app

from .conftest import CHAPTER, SETTINGS
from .test_words import drafts, pages
from .visitor import CLAUSE, START, Visitor, send_comment

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
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
    catalogue = new_catalogue(code)
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
        "administrator": signed_in(ADMINISTRATOR),
    }
    homes = (("seat", "/panel/"), ("clerk", "/clerk/"), ("administrator", "/admin/"))
    for role, home in homes:
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
    asked = {**pages(instance, number), "administrator": ("/admin/", "/admin/seats/1")}
    for role, addresses in asked.items():
        for address in (*addresses, *more.get(role, ())):
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


def test_the_list_of_messages_is_that_of_the_program(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.pot"
    command = re.search(r"^\t\$\(BIN\)/pybabel (.*?)^$", MAKEFILE, re.M | re.S)
    marks = re.search(r"^MARKS := (.*?)^$", MAKEFILE, re.M | re.S)
    assert command is not None
    assert marks is not None
    words = [part for part in marks[1].split() if part != "\\"]
    said = command[1].replace(
        "$(addprefix --keyword ,$(MARKS))", " ".join(f"--keyword {word}" for word in words)
    )
    told = [part for part in said.split() if part != "\\"]
    told[told.index("drafter/translations/messages.pot")] = str(fresh)
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *told], cwd=ROOT, check=True)
    assert fresh.read_text(encoding="utf-8") == POT.read_text(encoding="utf-8"), "make messages"


WELSH = ("dim sylwadau", "un sylw", "dau sylw", "tri sylw", "chwe sylw", "{n} sylw")
"""One form each for 0, 1, 2, 3, 6 and all other numbers."""


def _in(app: Flask, language: str) -> AbstractContextManager[object]:
    return app.test_request_context(f"/?lang={language}")


def test_welsh_has_its_six_plural_forms(instance: Instance) -> None:
    write(instance.path, "cy", {("one comment", "{n} comments"): WELSH})
    with _in(create_app(instance), "cy"):
        said = [phrases.count(number, "comment") for number in (0, 1, 2, 3, 6, 12)]
        assert said == ["dim sylwadau", "un sylw", "dau sylw", "tri sylw", "chwe sylw", "12 sylw"]
        assert phrases.date(START.date()) == "2 Tachwedd 2026"


def test_a_sentence_of_the_services_is_told_with_what_was_put_into_it(instance: Instance) -> None:
    inner = {"The clerk": "Y clerc", "{who} has {number}.": "Mae {number} gan {who}."}
    write(instance.path, "cy", inner)
    error = Refused(say("{who} has {number}.", who=say("The clerk"), number=3))
    assert str(error) == "The clerk has 3."
    with _in(create_app(instance), "cy"):
        assert tongue.in_words(error.sentence) == "Mae 3 gan Y clerc."
    assert tongue.in_words(error.sentence) == "The clerk has 3."


def test_what_is_put_into_a_sentence_is_escaped_in_every_language(instance: Instance) -> None:
    message = 'Taken up in <a href="%(url)s">amendment %(number)s, %(title)s</a>.'
    write(instance.path, "cy", {message: message.replace("Taken up in", "Cynhwyswyd yn")})
    app = create_app(instance)
    for language in ("cy", "en"):
        with _in(app, language):
            page = app.jinja_env.from_string(
                '{% trans url=u, number=1, title=t %}Taken up in <a href="{{ url }}">'
                "amendment {{ number }}, {{ title }}</a>.{% endtrans %}{{ said }}"
            ).render(u='"x', t="<b>", said=say("{name} is here.", name="<i>"))
        assert "&lt;b&gt;</a>." in page
        assert 'href="&#34;x"' in page
        assert "&lt;i&gt; is here." in page
        assert ("Cynhwyswyd yn" in page) == (language == "cy")


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("{who} has {number}.", "Mae {number}."),
        ("{who} has {number}.", "{who.__class__} {number}"),
        ("Seat %(number)s", "Sedd %(seat)s"),
        ("Sign in", "<script>alert(1)</script>"),
        ("Sign in", 'Mewn" onclick="x'),
        ("{who} is here.", "Mae {who}} yma."),
        ("{who} is here.", "Mae {who} { yma."),
        ("{who} is here.", "Mae {who} ac {n} yma."),
        ("Seat %(number)s", "Sedd %(number)s %"),
        ("Seat %(number)s", "Sedd %(number)s %(number)d"),
    ],
)
def test_a_translation_with_other_places_or_tags_is_refused(
    tmp_path: Path, message: str, translation: str
) -> None:
    write(tmp_path, "cy", {message: translation})
    with pytest.raises(BadInput, match=r"must hold the same places"):
        read_languages(tmp_path / "translations")


def test_a_page_is_in_the_language_chosen_then_asked_for_then_of_the_report(
    instance: Instance,
) -> None:
    write(instance.path, "cy", {"Sign in": "Mewngofnodi"})
    app = create_app(instance)
    visitor = Visitor(app.test_client())
    welsh, english = '<html lang="cy">', '<html lang="en">'
    assert english in visitor.get("/sign-in").text
    assert english in visitor.get("/sign-in", headers={"Accept-Language": "de"}).text
    page = visitor.get("/sign-in", headers={"Accept-Language": "cy, en;q=0.5"})
    assert welsh in page.text
    assert "Mewngofnodi" in page.text
    assert 'href="/sign-in?lang=en" lang="en" hreflang="en">English</a>' in page.text
    assert {"Accept-Language", "Cookie"} <= set(page.vary)
    assert welsh in visitor.get("/sign-in?lang=cy").text
    assert welsh in visitor.get("/sign-in").text, "the choice is remembered"
    assert welsh in visitor.get("/sign-in?lang=xx").text
    assert english in visitor.get("/sign-in?lang=en").text


def test_mails_are_in_the_language_of_the_report(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    welsh = {
        "Please confirm your comment {number}": "Cadarnhewch sylw {number}",
        "Amendment {number} is {outcome}": "Mae gwelliant {number} {outcome}",
        "accepted": "wedi ei dderbyn",
    }
    write(instance.path, "cy", welsh)
    monkeypatch.setattr(Instance, "config", {"theme": {"language": "cy"}})
    send_comment(instance, CLAUSE, "Why.", "Every citizen aged fifteen or over may vote.")
    admitting.admit(instance, CLERK_ACTOR, (1,), "Vote at fifteen")
    motion = amending.put(instance, CLERK_ACTOR, 1)
    for seat in (1, 2, 3):
        voting.cast(instance, Actor("seat", seat), 1, "for", motion.ballot_hash)
    voting.close(instance, CLERK_ACTOR, 1)
    deciding.decide(instance, CLERK_ACTOR, 1, "It is right.")
    mailing.deliver(instance)
    subjects = [mail.subject for mail in mailing.mailbox(instance, OPERATOR)]
    assert subjects == ["Mae gwelliant 1 wedi ei dderbyn", "Cadarnhewch sylw 1"]


def test_the_choice_of_a_language_never_leads_to_another_site(instance: Instance) -> None:
    write(instance.path, "cy", {"Sign in": "Mewngofnodi"})
    visitor = Visitor(create_app(instance).test_client())
    page = visitor.get("/%5Celsewhere.example/%3Fa").text
    assert 'href="/%5Celsewhere.example/%3Fa?lang=cy"' in page


def test_a_page_that_is_kept_is_kept_in_each_language(instance: Instance) -> None:
    write(instance.path, "cy", {"Sign in": "Mewngofnodi"})
    app = create_app(instance)
    address = f"/take-part/clause/{CLAUSE}"
    for code in ("en", "cy", "en", "cy"):
        page = Visitor(app.test_client()).get(address, headers={"Accept-Language": code})
        assert f'<html lang="{code}">' in page.text
        assert {"Accept-Language", "Cookie"} <= set(page.vary)


def test_one_language_shows_no_choice(visitor: Visitor) -> None:
    page = visitor.get("/sign-in?lang=cy")
    assert '<html lang="en">' in page.text
    assert "hreflang" not in page.text
    assert "language=" not in page.headers.get("Set-Cookie", "")


def test_each_thing_that_pages_count_is_known() -> None:
    asked = set()
    for path in sorted((ROOT / "drafter/web").rglob("*.html")):
        asked |= set(re.findall(r'\| count\("([^"]+)"', path.read_text(encoding="utf-8")))
    assert asked <= set(phrases.THINGS)


@pytest.mark.parametrize(("code", "forms"), [("cy", 6), ("ga", 5), ("gd", 4), ("de", 2)])
def test_a_new_catalogue_holds_every_message_with_the_forms_of_its_language(
    tmp_path: Path, code: str, forms: int
) -> None:
    path = tmp_path / f"{code}.po"
    path.write_bytes(untranslated(code))
    with path.open("rb") as file:
        made = read_po(file)
    assert made.num_plurals == forms
    assert {message.id for message in made} == {message.id for message in pot()} | {""}
    assert set(read_languages(tmp_path)) == {"en", code}


OPERATORS = ("importing", "verifying", "import_source", "seeing")
"""Modules whose errors nobody reads on a page: they are the command's alone."""
ERRORS = frozenset(kind.__name__ for kind in problems.STATUS)
SAYING = frozenset({"say", "tell", "say_many", "tell_many"})


def told_by(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Give each call in a module that makes a sentence: its name, and what it says first."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield node.func.id, node.args[0]


def test_sentences_stand_in_the_program_as_literals() -> None:
    seen = 0
    wrong = []
    for package in ("core", "people", "services", "store", "web"):
        for path in sorted((ROOT / "drafter" / package).rglob("*.py")):
            if path.stem.startswith(OPERATORS):
                continue
            for name, said in told_by(path):
                made = isinstance(said, ast.JoinedStr | ast.BinOp)
                given = name in SAYING and not isinstance(said, ast.Constant)
                seen += name in SAYING
                if (name in ERRORS and made) or (given and (path.stem, name) not in PASSED_ON):
                    wrong.append(f"{path.name}:{said.lineno}")
    assert seen > 500
    assert not wrong, wrong


PASSED_ON = frozenset(
    {
        ("errors", "say"),  # an error's own literal
        ("limits", "say"),  # `require_length` is a mark of its own
        ("tongue", "say"),
        ("tongue", "say_many"),
        ("phrases", "tell_many"),  # THINGS
    }
)
