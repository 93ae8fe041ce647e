"""A mail that cannot leave keeps no other from leaving, and no address is more than one."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from typing import ClassVar

import pytest

from drafter.core.errors import BadInput
from drafter.people.mail import queue_mail, unsent_mail
from drafter.services import mailing
from drafter.services.instance import Instance
from drafter.services.limits import check_email
from drafter.services.settings import Smtp


class Server:
    """Takes mail for everybody but some."""

    taken: ClassVar[list[str]]
    codes: ClassVar = {"never@example.org": 550, "later@example.org": 450}

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send_message(self, message: dict[str, str]) -> None:
        to = str(message["To"])
        if to in self.codes:
            raise smtplib.SMTPRecipientsRefused({to: (self.codes[to], b"No.")})
        if not to.isascii():
            raise smtplib.SMTPNotSupportedError("SMTPUTF8")
        self.taken.append(to)


def test_one_that_the_server_refuses_is_given_up_or_tried_again_and_the_others_leave(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    Server.taken = []
    monkeypatch.setattr(smtplib, "SMTP", Server)
    smtp = Smtp("mail.example.org", 25, "drafter@example.org")
    instance.settings = replace(instance.settings, smtp=smtp)
    with instance.database.writing() as session:
        for to in ("never@example.org", "later@example.org", "ü@example.org", "ada@example.org"):
            queue_mail(session, to_address=to, subject="A", body="B", now=instance.clock())
    assert mailing.deliver(instance) == 3
    assert Server.taken == ["ada@example.org"]
    with instance.database.reading() as session:
        assert [mail.to_address for mail in unsent_mail(session)] == ["later@example.org"]
    assert mailing.deliver(instance) == 0


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
