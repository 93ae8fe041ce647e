"""A mail that cannot leave keeps no other from leaving, and no address is more than one."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from drafter.core.errors import BadInput, Unreadable
from drafter.people.mail import queue_mail, unsent_mail
from drafter.services import mailing
from drafter.services.instance import Instance
from drafter.services.limits import check_email
from drafter.services.settings import Smtp
from tests.services.reports import START


class Server:
    """Takes mail for everybody but some."""

    taken: ClassVar[list[str]]
    codes: ClassVar = {"never@example.org": 550}
    while_sending: ClassVar[Callable[[], object] | None]

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send_message(self, message: dict[str, str]) -> None:
        to = str(message["To"])
        meanwhile, Server.while_sending = Server.while_sending, None
        if meanwhile is not None:
            meanwhile()
        code = 450 if to.startswith("later") else self.codes.get(to)
        if code is not None:
            raise smtplib.SMTPRecipientsRefused({to: (code, b"No.")})
        if not to.isascii():
            raise smtplib.SMTPNotSupportedError("SMTPUTF8")
        self.taken.append(to)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(instance: Instance) -> Clock:
    """The mails of the beginning have left, and the clock stands."""
    mailing.deliver(instance)
    clock = Clock()
    clock.now = instance.clock()
    instance.clock = clock
    return clock


@pytest.fixture
def smtp(instance: Instance, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    Server.taken, Server.while_sending = [], None
    monkeypatch.setattr(smtplib, "SMTP", Server)
    smtp = Smtp("mail.example.org", 25, "drafter@example.org")
    instance.settings = replace(instance.settings, smtp=smtp)


def queue(instance: Instance, *addresses: str) -> None:
    with instance.database.writing() as session:
        for to in addresses:
            queue_mail(session, to_address=to, subject="A", body="B", now=instance.clock())


def waiting(instance: Instance) -> list[str]:
    with instance.database.reading() as session:
        return [mail.to_address for mail in unsent_mail(session, limit=1000)]


@pytest.mark.usefixtures("smtp")
def test_one_that_the_server_refuses_is_given_up_or_tried_again_and_the_others_leave(
    instance: Instance,
) -> None:
    queue(instance, "never@example.org", "later@example.org", "ü@example.org", "ada@example.org")
    assert mailing.deliver(instance) == 3
    assert Server.taken == ["ada@example.org"]
    assert waiting(instance) == ["later@example.org"]
    assert mailing.deliver(instance) == 0


@pytest.mark.usefixtures("smtp")
def test_however_many_are_to_come_later_the_others_leave(instance: Instance, clock: Clock) -> None:
    queue(instance, *(f"later-{number}@example.org" for number in range(120)), "ada@example.org")
    for _ in range(3):
        mailing.deliver(instance)
    assert Server.taken == ["ada@example.org"]
    assert len(waiting(instance)) == 120
    clock.now += timedelta(days=6)
    for _ in range(2):
        mailing.deliver(instance)
    assert waiting(instance) == [], "given up after days"


@pytest.mark.usefixtures("smtp")
def test_two_servers_send_a_mail_once(instance: Instance, clock: Clock) -> None:
    other = Instance.open(instance.path, clock=clock)
    other.settings = instance.settings
    queue(instance, "ada@example.org", "bob@example.org")
    Server.while_sending = lambda: mailing.deliver(other)
    mailing.deliver(instance)
    other.close()
    assert sorted(Server.taken) == ["ada@example.org", "bob@example.org"]


@pytest.mark.usefixtures("smtp")
def test_the_lease_of_a_sender_that_was_killed_runs_out(instance: Instance, clock: Clock) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    queue(instance, "ada@example.org")
    Server.while_sending = die
    with pytest.raises(KeyboardInterrupt):
        mailing.deliver(instance)
    assert mailing.deliver(instance) == 0
    clock.now += mailing.LEASE
    assert mailing.deliver(instance) == 1
    assert Server.taken == ["ada@example.org"]


@pytest.mark.usefixtures("smtp")
def test_a_server_that_failed_is_asked_again_at_once(instance: Instance) -> None:
    def fail() -> None:
        raise OSError("gone")

    queue(instance, "ada@example.org")
    Server.while_sending = fail
    with pytest.raises(Unreadable):
        mailing.deliver(instance)
    assert mailing.deliver(instance) == 1


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("address", ["=?utf-8?q?a=0aBcc=3ax=40y.org?=@example.org", "a@[", "", "<"])
def test_one_that_no_head_can_name_is_given_up_and_the_others_are_written(
    instance: Instance, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue(instance, address, "ada@example.org")
    before = len(list(instance.outbox.iterdir()))
    mailing.write_outbox(instance)
    assert waiting(instance) == []
    assert len(list(instance.outbox.iterdir())) == before + 1
    assert "cannot be written as a mail" in caplog.text


@pytest.mark.parametrize(
    "email",
    [
        "=?utf-8?q?a=0aBcc=3ax=40y.org?=@example.org",
        "=?utf-8?q?a=40b.org=2cc?=@example.org",
        "a@=?utf-8?q?b?=.org",
    ],
)
def test_an_address_that_the_head_of_a_mail_would_read_otherwise_is_none(email: str) -> None:
    with pytest.raises(BadInput):
        check_email(email)
