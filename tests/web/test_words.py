"""The words on every page: none of git's, none that the house does not use."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from drafter.core.ids import ClauseId
from drafter.core.steps import Remove, Reword
from drafter.services import competing, proposing, receiving
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.web.phrases import first_words

from .visitor import CLAUSE, Visitor

GIT = ("commit", "branch", "merge", "repository", "git", "diff", "tag", "push", "head", "rebase")
UNUSED = ("post", "ticket", "pr", "patch", "node", "approve", "approved", "user", "users")
WORDS = re.compile(rf"\b(?!headings?\b)({'|'.join((*GIT, *UNUSED))})(e?s|ed|ing)?\b", re.I)

TEMPLATES = sorted((Path(__file__).parents[2] / "drafter/web/templates").rglob("*.html"))


def seen(markup: str) -> str:
    """Give what a person reads or hears of a page: text, titles, labels."""
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', markup)
    text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|\{#.*?#\}", " ", markup, flags=re.S)
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", text), *spoken]))


def templated(source: str) -> str:
    """Give a template's own words: without expressions, but with the strings in them."""
    strings = re.findall(r'"([^"{}<>]*\s[^"{}<>]*)"', source)
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)
    return seen(bare) + " " + " ".join(strings)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_word_that_nobody_should_read(path: Path) -> None:
    found = WORDS.search(templated(path.read_text(encoding="utf-8")))
    assert found is None, found


def pages(instance: Instance, number: int) -> dict[str, tuple[str, ...]]:
    return {
        "public": (
            "/",
            "/take-part/",
            "/take-part/draft/",
            f"/take-part/clause/{CLAUSE}",
            f"/take-part/amendments/{number}",
            "/take-part/confirm/x",
            "/sign-in/x",
            "/nowhere",
            "/panel/",
            "/clerk/",
        ),
        "seat": (
            "/panel/",
            f"/panel/amendments/{number}",
            f"/panel/amendments/{number}?view=side",
            "/panel/motions",
            "/panel/together/1",
            "/clerk/",
            f"/take-part/competing/{number}",
            "/panel/drafts/",
            "/panel/drafts/1",
            "/panel/drafts/9",
            "/panel/drafts/3/combine",
            "/panel/text/",
            "/panel/text/chapter?path=drafts/01-voting.md&draft=1",
            *(
                f"/panel/text/{what}?clause={CLAUSE}"
                for what in ("reword", "add", "remove", "move", "new-chapter")
            ),
            "/panel/text/remove?clause=c-7k3m9q&draft=1",
        ),
        "clerk": (
            "/clerk/",
            "/clerk/comments/1",
            "/clerk/drafts/from-comments",
            "/clerk/drafts/4",
            f"/clerk/amendments/{number}",
            f"/clerk/amendments/{number}/roll-call",
            "/clerk/together",
            "/clerk/together/1",
            "/clerk/motions",
            "/clerk/publication",
            "/clerk/publication/9",
        ),
    }


def drafts(instance: Instance, number: int) -> None:
    """Make a draft, one that combines, and one that is with the clerk."""
    seat, clause = Actor("seat", 1), ClauseId(CLAUSE)
    proposing.start(instance, seat, steps=[Reword(clause, "Everyone may vote.")])
    handed_in = proposing.start(instance, seat, title="Out", steps=[Remove(clause)])
    proposing.submit(instance, seat, handed_in.id)
    other = receiving.admit_proposal(instance, CLERK_ACTOR, handed_in.id)
    competing.start_combined(instance, seat, (number, other))
    again = proposing.start(instance, seat, title="Again", steps=[Remove(clause)])
    proposing.submit(instance, seat, again.id)


@pytest.mark.parametrize("stage", ["put", "closed"])
def test_no_page_holds_a_word_that_nobody_should_read(
    app: Flask,
    instance: Instance,
    signed_in: Callable[[Actor], Visitor],
    request: pytest.FixtureRequest,
    stage: str,
) -> None:
    number: int = request.getfixturevalue(stage)
    drafts(instance, number)
    who = {
        "public": Visitor(app.test_client()),
        "seat": signed_in(Actor("seat", 1)),
        "clerk": signed_in(CLERK_ACTOR),
    }
    for role, addresses in pages(instance, number).items():
        for address in addresses:
            found = WORDS.search(seen(who[role].get(address).text))
            assert found is None, (role, address, found)


def test_each_page_has_one_heading_and_a_title_of_its_own(visitor: Visitor, put: int) -> None:
    titles = set()
    for address in ("/", "/take-part/", f"/take-part/clause/{CLAUSE}", "/nowhere", "/sign-in/x"):
        page = visitor.get(address).text
        assert page.count("<h1") == 1, address
        titles.add(re.search(r"<title>(.*?)</title>", page)[1])  # type: ignore[index]
    assert len(titles) == 5


def test_each_name_of_a_field_stands_once_on_a_page(clerk: Visitor, suggested: int) -> None:
    for address in (f"/take-part/clause/{CLAUSE}", f"/clerk/comments/{suggested}"):
        ids = re.findall(r'\sid="([^"]+)"', clerk.get(address).text)
        assert len(ids) == len(set(ids)), address


def test_the_beginning_of_a_long_text_is_cut_between_words() -> None:
    long = "Every citizen who has reached the age of seventeen may vote in every election and all."
    assert first_words(long).endswith(" may vote in every …")
    assert first_words("Short,\n  and whole.") == "Short, and whole."
