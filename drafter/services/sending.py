"""Handing a mail over: to an SMTP server as the settings say, else to a file in the outbox.

Knows nothing of what a mail is about, and of the queue only what it is given.
"""

from __future__ import annotations

import logging
import os
import smtplib
from collections.abc import Collection
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from drafter.core.errors import BadInput, Unreadable
from drafter.core.saying import say
from drafter.services.limits import check_email

if TYPE_CHECKING:
    from drafter.people.mail import Mail
    from drafter.services.instance import Instance
    from drafter.services.settings import Smtp

LONGEST_LINE = 998
"""Characters of a line of a mail (RFC 5322, section 2.1.1)."""
PATIENCE = 20.0
"""Seconds that an SMTP server may take to answer."""

Outcome = Literal["taken", "refused", "later"]
"""The server has it; nobody will ever take it; it may be taken later."""


def hand_over(instance: Instance, mail: Mail) -> Outcome:
    """Send a mail, or write it to the outbox. Raises Unreadable if the server or the disk fails."""
    smtp = instance.settings.smtp
    message = _message(mail, smtp.sender if smtp else "drafter@localhost")
    if message is None:
        logging.getLogger(__name__).warning("Mail %s cannot be written as a mail.", mail.id)
        return "refused"
    if smtp is not None:
        return _send(smtp, mail, message)
    _write(instance, mail, message)
    return "taken"


def erase_from_outbox(instance: Instance, mails: Collection[int]) -> None:
    """Remove mails from the outbox, by their numbers in the queue."""
    for number in mails:
        (instance.outbox / f"{number:06d}.eml").unlink(missing_ok=True)


def _message(mail: Mail, sender: str) -> EmailMessage | None:
    """Write a mail; None for one that has no address, or none that its head would say as it is."""
    # Lines as long as a server takes (RFC 5321): a link in the head must not be cut or encoded.
    message = EmailMessage(policy=default.clone(max_line_length=LONGEST_LINE))
    try:
        if check_email(mail.to_address) is None:
            return None
        message["From"] = sender
        message["To"] = mail.to_address
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Auto-Submitted"] = "auto-generated"
        if mail.unsubscribe:
            # RFC 8058: the mail program sends the form by itself, at one press.
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        # Never quoted-printable: it would cut an address in two for whoever reads the file itself.
        message.set_content(mail.body, cte="7bit" if mail.body.isascii() else "8bit")
        message.as_bytes()
    except (BadInput, ValueError, LookupError):
        return None
    return message


def _write(instance: Instance, mail: Mail, message: EmailMessage) -> None:
    path = instance.outbox / f"{mail.id:06d}.eml"
    making = path.with_suffix(f".{os.getpid()}.new")
    try:
        instance.outbox.mkdir(exist_ok=True, mode=0o700)
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        making.replace(path)
    except OSError as error:
        sentence = f"A mail cannot be written to {instance.outbox}: {error.strerror}."
        raise Unreadable(sentence, path=str(instance.outbox)) from error


def _send(smtp: Smtp, mail: Mail, message: EmailMessage) -> Outcome:
    try:
        with smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE) as server:
            if smtp.starttls:
                server.starttls()
            if smtp.username:
                server.login(smtp.username, smtp.password)
            return _given(server, mail, message)
    except (OSError, smtplib.SMTPException) as error:
        kind = type(error).__name__
        raise Unreadable(
            say("The mail server {host} did not take a mail ({kind}).", host=smtp.host, kind=kind)
        ) from error


def _given(server: smtplib.SMTP, mail: Mail, message: EmailMessage) -> Outcome:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
    except smtplib.SMTPDataError as error:
        codes = [error.smtp_code]
    except (smtplib.SMTPNotSupportedError, ValueError):  # an address that it cannot write
        codes = [553]
    else:
        return "taken"
    logging.getLogger(__name__).warning("Mail %s was refused (%s).", mail.id, codes)
    return "refused" if min(codes, default=450) >= 500 else "later"
