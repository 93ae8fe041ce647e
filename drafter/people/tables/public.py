"""Tables of what citizens send in. Personal data stands apart, so that it can be erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Commit, Digest, UtcTime, digest, one_of, together

COMMENT_KINDS = ("remark", "suggestion")
COMMENT_STATES = ("received", "confirmed", "held", "shown", "withdrawn")
COMMENT_SOURCES = ("online", "paper", "spoken")
FOLLOWED = ("clause", "amendment", "report")

ANSWERED = sql("answered_at IS NOT NULL")


class CommentRow(Base):
    """A citizen's remark on a clause, or a suggestion of other wording.

    `contributor` is a random id of this one contribution and deliberately no foreign key:
    the person behind it can be erased while the comment and its place in the record stay.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        one_of("kind", COMMENT_KINDS),
        one_of("state", COMMENT_STATES),
        one_of("source", COMMENT_SOURCES),
        digest("wording_hash"),
        digest("receipt_hash"),
        CheckConstraint(
            "(kind = 'suggestion') = (suggested_wording IS NOT NULL)", name="suggestion_has_wording"
        ),
        CheckConstraint(
            "kind = 'suggestion' OR length(text) > 0 OR erased_at IS NOT NULL",
            name="remark_has_text",
        ),
        CheckConstraint("state <> 'held' OR held_reason IS NOT NULL", name="held_has_reason"),
        CheckConstraint("erased_at IS NULL OR state = 'withdrawn'", name="erased_withdrawn"),
        CheckConstraint("source = 'online' OR place IS NOT NULL", name="meeting_has_place"),
        CheckConstraint("state <> 'received' OR confirmed_at IS NULL", name="received_unconfirmed"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'held', 'shown') OR confirmed_at IS NOT NULL",
            name="later_states_confirmed",
        ),
        together("place", "taken_on"),
        together("held_for", "held_reason"),
        together("answer", "answered_at"),
        together("answer", "answered_by"),
        Index("ix_comments_clause_id_state", "clause_id", "state", "number", "kind"),
        Index("ix_comments_state", "state", "number"),
        Index("ix_comments_state_kind", "state", "kind", "number"),
        Index(
            "ix_comments_answered",
            "number",
            "state",
            sqlite_where=ANSWERED,
            postgresql_where=ANSWERED,
        ),
        Index("ix_comments_copy_key", "copy_key", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clause_id: Mapped[str]
    wording_hash: Mapped[str] = mapped_column(Digest)
    words_seen: Mapped[str] = mapped_column(Text)
    version_seen: Mapped[str | None]
    commit_seen: Mapped[str | None] = mapped_column(Commit)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    suggested_wording: Mapped[str | None] = mapped_column(Text)
    contributor: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    held_for: Mapped[str | None]
    held_reason: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(default="online")
    place: Mapped[str | None]
    taken_on: Mapped[date | None] = mapped_column(Date)
    suspected: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[str | None]
    copy_key: Mapped[str | None] = mapped_column(Digest)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    receipt_hash: Mapped[str] = mapped_column(Digest, unique=True)
    form_hash: Mapped[str | None] = mapped_column(Digest, unique=True)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str | None]


class ContributorRow(Base):
    """The person behind one contribution. Erasing this row is erasing the person.

    No UNIQUE on the address: one person may contribute often, under a new id each time.
    """

    __tablename__ = "contributors"
    __table_args__ = (Index("ix_contributors_email", "email"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class CommentAmendmentRow(Base):
    """A comment that an amendment takes up; one may serve several, and several one."""

    __tablename__ = "comment_amendments"

    comment: Mapped[int] = mapped_column(ForeignKey("comments.number"), primary_key=True)
    amendment: Mapped[int] = mapped_column(
        ForeignKey("amendments.number"), primary_key=True, index=True
    )
    linked_at: Mapped[datetime] = mapped_column(UtcTime)


class MailedLinkRow(Base):
    """A link that was mailed to confirm a contribution: single use, and for a time."""

    __tablename__ = "mailed_links"
    __table_args__ = (
        digest("token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    token_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    contributor: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class MailBudgetRow(Base):
    """How many mails asked for by strangers went to one address on one day.

    The address stands here as a keyed hash, and for two days only.
    """

    __tablename__ = "mail_budget"
    __table_args__ = (
        digest("address_hash"),
        CheckConstraint("sent > 0", name="sent_counted"),
    )

    address_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sent: Mapped[int]


class SupportRow(Base):
    """One person's support for a suggestion; it counts once confirmed, and once per address."""

    __tablename__ = "supports"
    __table_args__ = (
        digest("wording_digest"),
        digest("back_hash"),
        Index("ix_supports_comment", "comment", "confirmed_at"),
    )

    contributor: Mapped[str] = mapped_column(primary_key=True)
    comment: Mapped[int] = mapped_column(ForeignKey("comments.number"))
    wording_digest: Mapped[str] = mapped_column(Digest)
    back_hash: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class FollowingRow(Base):
    """One person's wish to be told of a clause, an amendment or the whole report by mail."""

    __tablename__ = "followings"
    __table_args__ = (
        one_of("what", FOLLOWED),
        digest("end_hash"),
        Index("ix_followings_what", "what", "about"),
    )

    contributor: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    about: Mapped[str]
    end_hash: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ModerationLogRow(Base):
    """One act of moderation, for everybody to read. Each row holds the hash of the one before."""

    __tablename__ = "moderation_log"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        digest("previous"),
        digest("hash"),
        Index("ix_moderation_log_comment", "comment", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str]
    action: Mapped[str]
    comment: Mapped[int | None]
    reason: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Digest)
    hash: Mapped[str] = mapped_column(Digest)
