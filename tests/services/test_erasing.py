"""After "delete my data" nothing of the person is anywhere, and the record still verifies."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage

import pytest

from drafter.core.errors import NotFound
from drafter.people.mail import Mail
from drafter.services import (
    admitting,
    commenting,
    erasing,
    moderating,
    publishing,
    sending,
    supporting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import REGISTER, SIXTEEN, closed, mailed, send

ADDRESS = "canary.person@example.org"
WORDS = "I write this as a canary that sings in the mine."
WORDING = "The register is kept by canaries and corrected every year."


@pytest.fixture(autouse=True)
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_build", lambda *_: None)


def traces(instance: Instance, *canaries: str) -> set[tuple[str, str]]:
    """Find canaries in every byte of every file of the instance, and in every object of git."""
    found = set()
    for path in instance.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            found |= {(path.name, one) for one in canaries if one.lower().encode() in data}
    git = instance.repository.git
    for oid in git.odb:
        data = git[oid].read_raw().lower()
        found |= {("git", one) for one in canaries if one.lower().encode() in data}
    return found


def live(instance: Instance) -> commenting.Receipt:
    """Let a person send, confirm, change, be shown, answered, decided on and published."""
    sent = commenting.comment(instance, SIXTEEN, f"{WORDS} At first.", email=ADDRESS)
    commenting.rewrite(instance, sent.receipt_token, WORDS)
    assert sent.confirm_token is not None
    commenting.confirm(instance, sent.confirm_token)
    moderating.show(instance, CLERK_ACTOR, sent.number)
    moderating.answer(instance, CLERK_ACTOR, sent.number, "We have heard it.")
    other = send(instance, SIXTEEN, "Because.", "Nobody may vote.", "else@example.org")
    admitting.admit(instance, CLERK_ACTOR, [sent.number, other.number], "Nobody")
    closed(instance, 1)
    decide(instance, CLERK_ACTOR, 1, "No.")
    publishing.publish(instance, CLERK_ACTOR)
    return sent


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_after_erasing_person_and_words_no_file_holds_a_trace(
    instance: Instance, logged: pytest.LogCaptureFixture
) -> None:
    sent = live(instance)
    places = {name for name, _ in traces(instance, ADDRESS, WORDS)}
    assert any(name.endswith(".eml") for name in places)
    assert any(name.startswith("drafter.sqlite3") for name in places)
    erasing.erase(instance, sent.receipt_token, words=True)
    assert traces(instance, ADDRESS, WORDS, "At first") == set()
    assert ADDRESS not in logged.text
    assert verify(instance.repository, instance.database).findings == ()
    view = commenting.receipt(instance, sent.receipt_token)
    assert (view.comment.number, view.comment.text, view.has_address) == (1, "", False)
    assert view.comment.erased_at is not None
    assert [one.state for one in view.outcomes] == ["accepted"]


def test_erasing_the_person_alone_keeps_the_words(instance: Instance) -> None:
    sent = live(instance)
    erasing.erase(instance, sent.receipt_token)
    assert {one for _, one in traces(instance, ADDRESS, WORDS)} == {WORDS}
    assert commenting.receipt(instance, sent.receipt_token).comment.state == "shown"
    assert erasing.erase(instance, sent.receipt_token).comments == (1,)
    assert verify(instance.repository, instance.database).findings == ()


def test_words_that_became_an_amendment_stay_in_the_record_without_their_author(
    instance: Instance,
) -> None:
    sent = send(instance, REGISTER, WORDS, WORDING, ADDRESS)
    admitting.admit(instance, CLERK_ACTOR, [sent.number], "Canaries")
    erasing.erase(instance, sent.receipt_token, words=True)
    assert traces(instance, ADDRESS, WORDS, WORDING) == {("git", WORDING)}
    assert verify(instance.repository, instance.database).findings == ()


def test_everything_under_an_address_is_erased_at_once(instance: Instance) -> None:
    one = send(instance, SIXTEEN, WORDS, "Nobody at all may vote.", ADDRESS)
    moderating.show(instance, CLERK_ACTOR, one.number)
    two = send(instance, REGISTER, "Another.", email=ADDRESS.upper())
    supporting.support(instance, one.number, ADDRESS)
    supporting.follow(instance, "report", "", ADDRESS)
    supporting.confirm_any(instance, mailed(instance, "confirm")[-1])
    kept = send(instance, REGISTER, "Mine stays.", email="else@example.org")
    entered = moderating.enter(
        instance,
        CLERK_ACTOR,
        SIXTEEN,
        "Spoken.",
        source="spoken",
        place="Leeds",
        taken_on=date(2026, 2, 1),
        email=ADDRESS,
    )
    erased = erasing.erase_address(instance, OPERATOR, ADDRESS, words=True)
    assert erased.comments == (one.number, two.number, entered.number)
    assert erased.others == 2
    assert traces(instance, ADDRESS, WORDS, "Spoken.") == set()
    assert commenting.receipt(instance, kept.receipt_token).has_address
    assert verify(instance.repository, instance.database).findings == ()
    with pytest.raises(NotFound):
        erasing.erase_address(instance, OPERATOR, ADDRESS)


def test_a_mail_that_was_being_written_while_its_person_was_erased_is_gone(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = sending._write, []

    def erase_meanwhile(on: Instance, mail: Mail, message: EmailMessage) -> None:
        erasing.erase(on, re.findall(r"/receipt/([\w-]+)", mail.body)[0])
        write(on, mail, message)
        written.append(on.outbox / f"{mail.id:06d}.eml")

    monkeypatch.setattr(sending, "_write", erase_meanwhile)
    commenting.comment(instance, SIXTEEN, WORDS, email=ADDRESS)
    assert [path.exists() for path in written] == [False]


def test_erasing_needs_the_receipt(instance: Instance) -> None:
    live(instance)
    with pytest.raises(NotFound):
        erasing.erase(instance, "guess", words=True)
    assert {one for _, one in traces(instance, ADDRESS, WORDS)} == {ADDRESS, WORDS}
