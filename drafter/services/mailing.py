"""Outgoing mail: by SMTP as the settings say, else one file a mail in the outbox folder.

Knows the words of the mails. They quote no comment and no name.
"""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from drafter.core.errors import Unreadable
from drafter.people.contributors import whom_to_tell
from drafter.people.decisions import Decision
from drafter.people.mail import Mail, mark_sent, queue_mail, recent_mail, unsent_mail
from drafter.services.addresses import CONFIRM, RECEIPT, address
from drafter.services.authority import Actor, authorize
from drafter.services.settings import Smtp

if TYPE_CHECKING:
    from drafter.people.comments import Comment
    from drafter.people.database import Session
    from drafter.services.instance import Instance

PATIENCE = 20.0
"""Seconds that an SMTP server may take to answer."""


def deliver(instance: Instance) -> int:
    """Deliver the mail that waits and return how many were. Raises Unreadable on a failed server.

    Each is marked as sent after it left, so that after a crash one may leave twice, and none is
    lost.
    """
    with instance.database.reading() as session:
        waiting = unsent_mail(session)
    smtp = instance.settings.smtp
    for mail in waiting:
        if smtp is None:
            _write(instance, mail)
        else:
            _send(smtp, mail)
        with instance.database.writing() as session:
            mark_sent(session, mail.id, instance.clock())
    return len(waiting)


def write_outbox(instance: Instance) -> None:
    """Write the waiting mail to the outbox, where no SMTP server is set."""
    if instance.settings.smtp is None:
        deliver(instance)


def mailbox(instance: Instance, actor: Actor, *, limit: int = 100) -> tuple[Mail, ...]:
    """Return the newest mail, for the mailbox page of the demo."""
    authorize(actor, "read the mail")
    with instance.database.reading() as session:
        return recent_mail(session, limit=limit)


def ask_to_confirm(
    session: Session,
    instance: Instance,
    comment: Comment,
    email: str,
    receipt_token: str,
    confirm_token: str,
) -> None:
    """Queue the mail that asks a citizen to confirm a comment."""
    confirm = address(instance.base_url, CONFIRM, token=confirm_token)
    receipt = address(instance.base_url, RECEIPT, token=receipt_token)
    body = (
        f"Thank you for your comment, number {comment.number}.\n\n"
        f"Confirm it by opening this page:\n{confirm}\n\n"
        "Nobody sees the comment before that. If you did not write it, do nothing.\n\n"
        f"Follow what becomes of it here:\n{receipt}\n"
    )
    queue_mail(
        session,
        to_address=email,
        subject=f"Please confirm your comment {comment.number}",
        body=body,
        now=instance.clock(),
        contributor=comment.contributor,
        once=f"confirm comment {comment.number}",
    )


def tell_of_decision(session: Session, instance: Instance, decision: Decision) -> int:
    """Queue a mail to each citizen whose comment the decided amendment took up, once; return how
    many there are to tell.
    """
    commenters = whom_to_tell(session, decision.amendment)
    for who in commenters:
        queue_mail(
            session,
            to_address=who.email,
            subject=f"Amendment {decision.amendment} is {decision.outcome}",
            body=(
                f"The panel has decided amendment {decision.amendment}, which takes up your "
                f"comment {who.comment}: it is {decision.outcome}.\n\nThe reason:\n\n"
                f"{decision.reason}\n\nYour receipt shows all of it.\n"
            ),
            now=instance.clock(),
            contributor=who.contributor,
            once=f"decided {decision.amendment} round {decision.round} comment {who.comment}",
        )
    return len(commenters)


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Auto-Submitted"] = "auto-generated"
    # Never quoted-printable: it would cut an address in two for whoever reads the file itself.
    message.set_content(mail.body, cte="7bit" if mail.body.isascii() else "8bit")
    return message


def _write(instance: Instance, mail: Mail) -> None:
    instance.outbox.mkdir(exist_ok=True, mode=0o700)
    path = instance.outbox / f"{mail.id:06d}.eml"
    making = path.with_suffix(f".{os.getpid()}.new")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_message(mail, "drafter@localhost").as_bytes())
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)


def _send(smtp: Smtp, mail: Mail) -> None:
    try:
        with smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE) as server:
            if smtp.starttls:
                server.starttls()
            if smtp.username:
                server.login(smtp.username, smtp.password)
            server.send_message(_message(mail, smtp.sender))
    except (OSError, smtplib.SMTPException) as error:
        kind = type(error).__name__
        raise Unreadable(f"The mail server {smtp.host} did not take a mail ({kind}).") from error
