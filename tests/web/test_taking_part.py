"""What a citizen does: read a clause, comment, suggest other words, confirm, follow, take back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from drafter.services import admitting
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance

from .visitor import CLAUSE, Visitor

PAGE = f"/take-part/clause/{CLAUSE}"
WORDS = "Every citizen aged eighteen or over may vote in every election."
OTHER = "Every citizen aged sixteen or over may vote in every election."


def send(visitor: Visitor, **fields: str) -> TestResponse:
    visitor.get(PAGE)
    typed = {
        "comment": "",
        "wording": WORDS,
        "email": "ada@e.org",
        "seen": visitor.field("seen"),
        "form": visitor.field("form"),
        "consent": "yes",
    }
    return visitor.send(PAGE, **(typed | {"do": "send"} | fields))


def send_and_confirm(visitor: Visitor, instance: Instance, **fields: str) -> str:
    """Send a comment and confirm it by its mail; return the receipt's address."""
    receipt = send(visitor, **fields).headers["Location"]
    visitor.send(links(instance.outbox, "confirm")[-1])
    return receipt


def test_the_clause_page_shows_number_words_origin_and_comments(
    visitor: Visitor, instance: Instance, suggested: int
) -> None:
    admitting.show(instance, CLERK_ACTOR, suggested)
    page = visitor.get(PAGE).text
    assert "Clause 1.2" in page
    assert WORDS in page
    assert "/assemblies/leeds-2018/" in page
    assert "They pay taxes too." in page
    assert re.search(r"<del>.*eighteen.*</del>", page)


def test_a_comment_leads_to_a_receipt(visitor: Visitor) -> None:
    response = send(visitor, comment="Why not earlier?")
    assert response.status_code == 303
    page = visitor.get(response.headers["Location"]).text
    assert "Comment 1" in page
    assert "Why not earlier?" in page
    assert "please confirm it by the link in our mail" in page


def test_words_left_as_they_are_make_a_comment_and_no_suggestion(
    visitor: Visitor, instance: Instance
) -> None:
    send_and_confirm(visitor, instance, comment="Good.", wording=WORDS + "\r\n")
    queue = admitting.queue(instance, CLERK_ACTOR)
    assert [one.kind for one in queue.to_moderate] == ["remark"]
    assert queue.to_admit == ()


def test_the_change_is_shown_before_it_is_sent_and_nothing_is_lost(
    visitor: Visitor, instance: Instance
) -> None:
    response = send(visitor, comment="Because.", wording=OTHER, email="a@e.org", do="preview")
    assert response.status_code == 200
    assert re.search(r"<del>.*eighteen.*</del>.*<ins>.*sixteen.*</ins>", response.text)
    assert "Because." in response.text
    assert OTHER in response.text
    assert 'value="a@e.org"' in response.text
    assert '<details class="fold" id="change" open>' in response.text
    assert admitting.queue(instance, CLERK_ACTOR).to_moderate == ()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"comment": " ", "email": "kept@e.org"}, "Write what you want to say"),
        ({"comment": "Kept.", "wording": ""}, "The wording is empty"),
        ({"comment": "Kept.", "wording": "# A heading\n\nand two paragraphs"}, "one "),
        ({"comment": "Kept.", "email": "not an address"}, "e-mail address"),
        ({"comment": "Kept." * 2000}, "Shorten it"),
    ],
)
def test_a_mistake_is_said_in_a_sentence_and_the_form_keeps_its_text(
    visitor: Visitor, instance: Instance, fields: dict[str, str], sentence: str
) -> None:
    response = send(visitor, **fields)
    assert response.status_code == 400
    assert sentence in response.text
    for value in fields.values():
        assert value.strip().split("\n")[0] in response.text
    assert admitting.queue(instance, CLERK_ACTOR).to_moderate == ()


def test_a_clause_that_has_changed_since_is_shown_anew_and_the_text_kept(visitor: Visitor) -> None:
    response = send(visitor, comment="About the old words.", seen="0" * 64)
    assert response.status_code == 400
    assert "has changed since you opened the page" in response.text
    assert "About the old words." in response.text
    assert visitor.field("seen") != "0" * 64


def test_what_is_typed_is_never_markup_nor_a_template(visitor: Visitor, instance: Instance) -> None:
    evil = '<script>alert(1)</script> {{ 7*7 }} "><img src=x onerror=alert(1)>'
    where = send_and_confirm(visitor, instance, comment=evil, wording=f"{OTHER} {evil}")
    admitting.show(instance, CLERK_ACTOR, 1)
    for page in (visitor.get(where).text, visitor.get(PAGE).text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{ 7*7 }}" in page


def links(outbox: Path, kind: str) -> list[str]:
    mails = [path.read_text(encoding="utf-8") for path in sorted(outbox.iterdir())]
    found = re.findall(rf"/take-part/{kind}/[\w-]+", "".join(mails).replace("=\n", ""))
    return list(dict.fromkeys(found))


def test_the_link_in_the_mail_asks_and_only_the_button_confirms(
    visitor: Visitor, instance: Instance
) -> None:
    send(visitor, comment="Mine.", email="ada@example.org")
    (link,) = links(instance.outbox, "confirm")
    assert "Yes, it was me" in visitor.get(link).text
    assert admitting.queue(instance, CLERK_ACTOR).to_moderate == ()
    assert visitor.send(link).status_code == 200
    assert [one.number for one in admitting.queue(instance, CLERK_ACTOR).to_moderate] == [1]


def test_a_comment_can_be_taken_back_by_its_receipt(visitor: Visitor, instance: Instance) -> None:
    receipt = send_and_confirm(visitor, instance, comment="Too hasty.")
    admitting.show(instance, CLERK_ACTOR, 1)
    visitor.get(receipt)
    assert visitor.send(receipt).status_code == 303
    assert "You took it back" in visitor.get(receipt).text
    page = visitor.get(PAGE).text
    assert "Too hasty." not in page
    assert "Comment 1 was taken back by its author." in page


def test_a_held_comment_keeps_its_place_and_tells_everybody_why(
    visitor: Visitor, instance: Instance
) -> None:
    receipt = send_and_confirm(visitor, instance, comment="Rude.")
    admitting.hold(instance, CLERK_ACTOR, 1, "It insults a person.", reason="threat")
    assert "It insults a person." in visitor.get(receipt).text
    page = visitor.get(PAGE).text
    assert "Rude." not in page
    assert "Comment 1 is held back. It threatens or insults somebody. It insults a person." in page
    where = visitor.get("/take-part/comments/1").headers["Location"]
    assert where == f"{PAGE}#comment-1"
    log = visitor.get("/take-part/log").text
    assert "Comment 1 was held by the clerk." in log
    assert "Reason 2" in log


def test_a_number_leads_to_its_comment(
    visitor: Visitor, instance: Instance, suggested: int
) -> None:
    admitting.show(instance, CLERK_ACTOR, suggested)
    response = visitor.get(f"/take-part/comments/{suggested}")
    assert response.headers["Location"] == f"{PAGE}#comment-{suggested}"


@pytest.mark.parametrize("where", ["receipt/none", "clause/c-000000", "amendments/9", "comments/9"])
def test_what_does_not_exist_is_said_so(visitor: Visitor, where: str) -> None:
    response = visitor.get(f"/take-part/{where}")
    assert response.status_code == 404
    assert "There is no such page" in response.text


def test_the_list_names_every_clause_and_what_is_voted_on(visitor: Visitor, put: int) -> None:
    page = visitor.get("/take-part/").text
    for clause in ("c-7k3m9q", CLAUSE, "c-9w2t5v"):
        assert f"/take-part/clause/{clause}" in page
    assert "Let people vote at sixteen" in page
    assert "One comment" in page


def test_an_amendment_is_open_to_everyone_and_shows_no_ballot(visitor: Visitor, put: int) -> None:
    page = visitor.get(f"/take-part/amendments/{put}").text
    assert "Let people vote at sixteen" in page
    assert "Changes clause 1.2" in page
    assert "0 of 3 seats have voted" in page
    assert "Record my vote" not in page
