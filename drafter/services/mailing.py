"""Outgoing mail: what is told to whom, and the queue that it leaves by.

Knows the words of the mails; they quote no comment and no name. How one leaves is in `sending`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from drafter.core.errors import DrafterError, Unreadable
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people.amendments import comments_of_amendment
from drafter.people.contributors import Commenter, address_of, whom_to_tell
from drafter.people.decisions import Decision, take_untold, untold_decisions
from drafter.people.followings import Followed, Following, followers, is_followed
from drafter.people.mail import (
    Mail,
    erase_sent_mail,
    hold_mail,
    lease_mail,
    mail_sent_before,
    mark_sent,
    queue_mail,
    recent_mail,
    unsent_mail,
)
from drafter.people.mailed_links import new_link
from drafter.people.supports import supporters
from drafter.services.addresses import AMENDMENT, CONFIRM, END, RECEIPT, TAKE_BACK, address
from drafter.services.authority import Actor, authorize
from drafter.services.languages import in_report_language
from drafter.services.limits import MAIL_KEPT
from drafter.services.links import may_mail, secret_for
from drafter.services.proposals import record_at
from drafter.services.sending import erase_from_outbox as erase_from_outbox
from drafter.services.sending import hand_over

if TYPE_CHECKING:
    from collections.abc import Collection

    from drafter.core.amendments import Amendment
    from drafter.people.comments import Comment
    from drafter.people.database import Session
    from drafter.services.instance import Instance
    from drafter.store.history import Version

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": say("accepted"),
        "rejected": say("rejected"),
        "withdrawn": say("withdrawn"),
        "lapsed": say("lapsed"),
    }
)
LEASE = timedelta(minutes=10)
"""How long a sender has for one mail: longer than all that it says to the server may take."""
SOONEST_AGAIN, LATEST = timedelta(minutes=5), timedelta(hours=4)
"""When a mail is tried again that its server did not take yet: after as long as it has waited."""
TRIED_FOR = timedelta(days=5)
"""How long (RFC 5321, section 4.5.4.1)."""


def deliver(instance: Instance) -> int:
    """Tell of what was decided, deliver the mail that waits, and return how many mails that were.

    Each is leased first, so that of several servers one sends it, and marked as sent after it left:
    after a crash one may leave twice, once its lease has run out, and none is lost. One that the
    server refuses keeps no other from leaving: refused for good it is given up, else it waits and
    is tried again for days. Raises Unreadable where the server, or the outbox's disk, fails.
    """
    tell_of_decisions(instance)
    with instance.database.reading() as session:
        waiting = unsent_mail(session, now=instance.clock())
    return sum(_deliver(instance, mail) for mail in waiting)


def _deliver(instance: Instance, mail: Mail) -> bool:
    """Deliver a mail, unless somebody else does; tell whether it needs nothing any more."""
    leased = _lease(instance, mail)
    if leased is None:
        return False
    try:
        outcome = hand_over(instance, mail)
    except Unreadable:
        _hold(instance, mail, leased, instance.clock())
        raise
    now = instance.clock()
    if outcome == "later" and now - mail.created_at < TRIED_FOR:
        _hold(instance, mail, leased, now + min(max(now - mail.created_at, SOONEST_AGAIN), LATEST))
        return False
    with instance.database.writing() as session:
        kept = mark_sent(session, mail.id, now)
    if not kept:
        # Its person was erased while it was being written.
        erase_from_outbox(instance, (mail.id,))
    return True


def _lease(instance: Instance, mail: Mail) -> datetime | None:
    """Lease a mail, and return until when; None where somebody else sends it."""
    now = instance.clock()
    if instance.settings.smtp is None:
        return now  # a file that is written twice is the same file
    with instance.database.passing() as session:
        until = now + LEASE
        return until if lease_mail(session, mail.id, now, until) else None


def _hold(instance: Instance, mail: Mail, leased: datetime, until: datetime) -> None:
    with instance.database.passing() as session:
        hold_mail(session, mail.id, leased, until)


def forget_sent(instance: Instance) -> None:
    """Erase the mail that left more than `MAIL_KEPT` ago, from the queue and from the outbox."""
    before = instance.clock() - MAIL_KEPT
    with instance.database.reading() as session:
        old = mail_sent_before(session, before)
    if old:
        erase_from_outbox(instance, old)
        with instance.database.writing() as session:
            erase_sent_mail(session, before)


def write_outbox(instance: Instance) -> None:
    """Write the waiting mail to the outbox, where no SMTP server is set; else the worker sends.

    A verb calls it once what it does is recorded. So a disk that refuses is noted and not raised:
    the mail waits in the queue, and the worker, or the next verb, tries again.
    """
    if instance.settings.smtp is not None:
        return
    try:
        deliver(instance)
    except (DrafterError, OSError) as error:
        kind = type(error).__name__
        logging.getLogger(__name__).warning("Mail waits and is tried again (%s).", kind)


def mailbox(instance: Instance, actor: Actor, *, limit: int = 100) -> tuple[Mail, ...]:
    """Return the newest mail, for the mailbox page of the demo."""
    authorize(actor, "read the mail")
    with instance.database.reading() as session:
        return recent_mail(session, limit=limit)


def ask_to_confirm(
    session: Session, instance: Instance, comment: Comment, email: str, confirm_token: str
) -> bool:
    """Queue the mail that asks a citizen to confirm a comment.

    False, and nothing queued, where the address had its share of mails for this day.
    """
    body = say(
        "Thank you for your comment, number {number}.\n\n"
        "Confirm it by opening this page and pressing its button, within seven days:\n{confirm}\n\n"
        "Nobody sees the comment before that, and it does not count. If you did not write it, do "
        "nothing.\n\n"
        "Follow what becomes of it here:\n{receipt}\n",
        number=comment.number,
        confirm=address(instance.base_url, CONFIRM, token=confirm_token),
        receipt=receipt_address(instance, comment.contributor),
    )
    subject = say("Please confirm your comment {number}", number=comment.number)
    return ask(session, instance, comment.contributor, email, subject, body)


def ask(
    session: Session, instance: Instance, contributor: str, email: str, subject: str, body: str
) -> bool:
    """Queue a mail that somebody has asked for, within the share of the address for this day."""
    if not may_mail(session, instance, email):
        return False
    queue_mail(
        session,
        to_address=email,
        subject=in_report_language(instance, subject),
        body=in_report_language(instance, body),
        now=instance.clock(),
        contributor=contributor,
    )
    return True


def new_confirmation(session: Session, instance: Instance, contributor: str) -> str:
    """Make one more link that confirms a contribution, and return its token."""
    token = instance.tokens()
    new_link(session, contributor, token, instance.clock())
    return token


def receipt_address(instance: Instance, contributor: str) -> str:
    """Give the address of a contribution's receipt."""
    token = secret_for(instance, "receipt", contributor)
    return address(instance.base_url, RECEIPT, token=token)


def tell_of_answer(session: Session, instance: Instance, comment: Comment) -> None:
    """Queue a mail to the author of a comment that the panel has answered."""
    to = address_of(session, comment.contributor)
    if to is None or comment.state == "withdrawn" or comment.answered_at is None:
        return
    queue_mail(
        session,
        to_address=to,
        subject=in_report_language(
            instance, say("The panel has answered your comment {number}", number=comment.number)
        ),
        body=in_report_language(
            instance,
            say(
                "The panel has answered your comment {number}. Read the answer on your receipt:\n"
                "{receipt}\n",
                number=comment.number,
                receipt=receipt_address(instance, comment.contributor),
            ),
        ),
        now=instance.clock(),
        contributor=comment.contributor,
        once=f"answered comment {comment.number} at {comment.answered_at.isoformat()}",
    )


def tell_of_decisions(instance: Instance) -> None:
    """Queue the mails about the decisions that hold and that nobody was told of yet."""
    with instance.database.reading() as session:
        untold = untold_decisions(session)
    for decision in untold:
        # Git is read before the transaction: whoever writes waits for no disk but its own.
        record = record_at(instance.repository, decision.new_commit, decision.amendment)
        with instance.database.writing() as session:
            if take_untold(session, decision, instance.clock()):
                _tell_of_decision(session, instance, decision, record)


def _tell_of_decision(
    session: Session, instance: Instance, decision: Decision, record: Amendment
) -> None:
    """Queue a mail to each citizen whose comment the decided amendment took up, once; to whoever
    supported one of them, and whoever follows the amendment, its clauses or the report.
    """
    event = f"decided {decision.amendment} round {decision.round}"
    number, outcome = decision.amendment, OUTCOMES[decision.outcome]
    subject = in_report_language(
        instance, say("Amendment {number} is {outcome}", number=number, outcome=outcome)
    )
    for who in whom_to_tell(session, decision.amendment):
        queue_mail(
            session,
            to_address=who.email,
            subject=subject,
            body=in_report_language(
                instance,
                say(
                    "The panel has decided amendment {number}, which takes up your comment "
                    "{comment}: it is {outcome}.\n\nThe reason:\n\n{reason}\n\nYour receipt "
                    "shows all of it:\n{receipt}\n",
                    number=number,
                    comment=who.comment,
                    outcome=outcome,
                    reason=decision.reason,
                    receipt=receipt_address(instance, who.contributor),
                ),
            ),
            now=instance.clock(),
            contributor=who.contributor,
            once=f"{event} comment {who.comment}",
        )
    where = address(instance.base_url, AMENDMENT, number=str(decision.amendment))
    body = say(
        "The panel has decided amendment {number}: it is {outcome}. How each seat voted, and the "
        "reason, stand here:\n{where}\n",
        number=number,
        outcome=outcome,
        where=where,
    )
    numbers = comments_of_amendment(session, decision.amendment)
    _tell_supporters(session, instance, numbers, subject, body, event)
    if is_followed(session):
        about: list[tuple[Followed, str]] = [("amendment", str(decision.amendment))]
        about += [("clause", each.clause) for each in record.instructions if each.clause]
        about.append(("report", ""))
        tell_followers(session, instance, about, subject, body, event)


def tell_of_version(instance: Instance, version: Version, touched: Collection[ClauseId]) -> None:
    """Tell whoever follows the report, or a clause that the version changed, that it is out."""
    number = version.number
    subject = say("Version {number} of the report is published", number=number)
    body = say(
        "Version {number}, “{title}”, is published. What changed:\n{where}\n",
        number=number,
        title=version.title,
        where=f"{instance.base_url}/{version.name}/changes/",
    )
    about: list[tuple[Followed, str]] = [("report", "")]
    about += [("clause", clause) for clause in touched]
    with instance.database.writing() as session:
        tell_followers(session, instance, about, subject, body, f"published {version.name}")


def tell_followers(
    session: Session,
    instance: Instance,
    about: Collection[tuple[Followed, str]],
    subject: str,
    body: str,
    event: str,
) -> None:
    """Queue a mail to whoever follows one of these, once for each event and address."""
    told: set[str] = set()
    for following, email in followers(session, about):
        if email in told:
            continue
        told.add(email)
        end = end_address(instance, following)
        queue_mail(
            session,
            to_address=email,
            subject=in_report_language(instance, subject),
            body=in_report_language(
                instance,
                say(
                    "{body}\nYou asked to be told. To end it, open this page:\n{end}\n",
                    body=body,
                    end=end,
                ),
            ),
            now=instance.clock(),
            contributor=following.contributor,
            once=f"{event} to {following.contributor}",
            unsubscribe=end,
        )


def end_address(instance: Instance, following: Following) -> str:
    """Give the address of the page that ends a following."""
    token = secret_for(instance, "end", following.contributor)
    return address(instance.base_url, END, token=token)


def _tell_supporters(
    session: Session,
    instance: Instance,
    comments: Collection[int],
    subject: str,
    body: str,
    event: str,
) -> None:
    for support, email in supporters(session, comments):
        back = secret_for(instance, "take back", support.contributor)
        where = address(instance.base_url, TAKE_BACK, token=back)
        queue_mail(
            session,
            to_address=email,
            subject=in_report_language(instance, subject),
            body=in_report_language(
                instance,
                say(
                    "{body}\nTo take your support back, open this page:\n{where}\n",
                    body=body,
                    where=where,
                ),
            ),
            now=instance.clock(),
            contributor=support.contributor,
            once=f"{event} to {support.contributor}",
            unsubscribe=where,
        )


def tell_of_redraft(
    session: Session, instance: Instance, number: int, round: int, asked: Collection[Commenter]
) -> None:
    """Queue a mail to each of those who asked for the earlier words of an amendment, or supported
    them, once.

    `asked`: whom its comments came from before it was drafted anew.
    """
    where = address(instance.base_url, AMENDMENT, number=str(number))
    subject = say("The words of amendment {number} have changed", number=number)
    for who in asked:
        queue_mail(
            session,
            to_address=who.email,
            subject=in_report_language(instance, subject),
            body=in_report_language(
                instance,
                say(
                    "Amendment {number} takes up your comment {comment}. It has been drafted anew, "
                    "and its words are not those that you may have read.\n\nRead them here:\n"
                    "{where}\n\nIf you do not want them, you can withdraw your support, or take "
                    "your comment back, on your receipt.\n",
                    number=number,
                    comment=who.comment,
                    where=where,
                ),
            ),
            now=instance.clock(),
            contributor=who.contributor,
            once=f"redraft {number} round {round} comment {who.comment}",
        )
    body = say(
        "You supported a suggestion that led to amendment {number}. Its words have changed. Read "
        "what it says now:\n{where}\n",
        number=number,
        where=where,
    )
    numbers = comments_of_amendment(session, number)
    event = f"redrafted {number} round {round}"
    _tell_supporters(session, instance, numbers, subject, body, event)
