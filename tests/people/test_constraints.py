"""The last guard: what the tables refuse even when a function forgets to ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict
from drafter.core.rules import State, Vote
from drafter.people.database import Database
from drafter.people.tables import (
    AddressChangeRow,
    AmendmentRow,
    ApiTokenRow,
    BallotRow,
    Base,
    BatchRow,
    BucketRow,
    CommentAmendmentRow,
    CommentRow,
    CounterRow,
    DecisionRow,
    DissentRow,
    FollowingRow,
    JobRow,
    MailBudgetRow,
    MailedLinkRow,
    ModerationLogRow,
    MotionRow,
    OfficeRow,
    OutgoingMailRow,
    PasskeyRow,
    PersonRow,
    ProposalRow,
    RecoveryCodeRow,
    SeatRow,
    SessionRow,
    SignInLinkRow,
    SupportRow,
    TenureRow,
)
from drafter.people.tables.panel import AMENDMENT_STATES, CHOICES

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

GOOD: dict[type[Base], dict[str, Any]] = {
    SeatRow: {"number": 8, "filled": True, "label": "seat-08"},
    AmendmentRow: {
        "number": 8,
        "title": "t",
        "state": "open",
        "round": 1,
        "submitter": "p-1",
        "updated_at": NOW,
    },
    CommentRow: {
        "number": 8,
        "clause_id": "c-4d8x2n",
        "wording_hash": "a" * 64,
        "words_seen": "w",
        "kind": "remark",
        "text": "t",
        "contributor": "p-8",
        "state": "confirmed",
        "created_at": NOW,
        "confirmed_at": NOW,
        "receipt_hash": "8" * 64,
    },
    CommentAmendmentRow: {"comment": 1, "amendment": 1, "linked_at": NOW},
    ProposalRow: {
        "kind": "new",
        "author": "seat-08",
        "title": "t",
        "note": "",
        "steps": "[]",
        "comments": "",
        "sources": "",
        "base_commit": "1" * 40,
        "state": "drafting",
        "reason": "",
        "revision": 1,
        "created_at": NOW,
        "updated_at": NOW,
    },
    PersonRow: {"id": "person-8", "email": "eight@example.org", "created_at": NOW},
    TenureRow: {"seat": 2, "person": "person-1", "since": NOW},
    OfficeRow: {"role": "administrator", "number": 8, "person": "person-1", "since": NOW},
    SessionRow: {
        "token_hash": "8" * 64,
        "person": "person-1",
        "role": "seat",
        "seat": 1,
        "created_at": NOW,
        "seen_at": NOW,
    },
    AddressChangeRow: {
        "person": "person-1",
        "email": "new@example.org",
        "token_hash": "8" * 64,
        "created_at": NOW,
        "expires_at": LATER,
    },
    ApiTokenRow: {
        "token_hash": "8" * 64,
        "person": "person-1",
        "role": "seat",
        "seat": 1,
        "label": "A screen",
        "second_factor": False,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    },
    PasskeyRow: {
        "id": "key-8",
        "person": "person-1",
        "public_key": "k",
        "sign_count": 0,
        "label": "A phone",
        "created_at": NOW,
    },
    RecoveryCodeRow: {"code_hash": "8" * 64, "person": "person-1", "created_at": NOW},
    BucketRow: {"kind": "comment", "key": "8" * 64, "remaining": 3.5, "at": NOW},
    SignInLinkRow: {
        "token_hash": "8" * 64,
        "person": "person-1",
        "role": "seat",
        "seat": 1,
        "created_at": NOW,
        "expires_at": LATER,
    },
    MotionRow: {
        "amendment": 2,
        "round": 1,
        "question": "q",
        "ballot_hash": "d" * 64,
        "rules_id": "e" * 64,
        "rules_json": "{}",
        "base_commit": "f" * 40,
        "state": "open",
        "put_at": NOW,
        "opened_by": "clerk",
    },
    BallotRow: {
        "amendment": 1,
        "round": 1,
        "seat": 2,
        "choice": "for",
        "ballot_hash": "d" * 64,
        "cast_at": NOW,
    },
    DecisionRow: {
        "amendment": 2,
        "round": 1,
        "outcome": "accepted",
        "expected_tip": "3" * 40,
        "new_commit": "4" * 40,
        "reason": "",
        "decided_by": "clerk",
        "decided_at": NOW,
    },
    BatchRow: {"question": "q", "put_at": NOW, "put_by": "clerk"},
    DissentRow: {"amendment": 1, "round": 1, "seat": 2, "text": "t", "filed_at": NOW},
    JobRow: {
        "kind": "publish",
        "payload": {},
        "state": "waiting",
        "created_at": NOW,
        "not_before": NOW,
        "attempts": 0,
        "progress": 0,
        "message": "",
    },
    OutgoingMailRow: {
        "to_address": "a",
        "subject": "s",
        "body": "b",
        "once": "other event",
        "created_at": NOW,
    },
    CounterRow: {"name": "other", "last": 0},
    MailedLinkRow: {
        "token_hash": "8" * 64,
        "contributor": "p-1",
        "created_at": NOW,
        "expires_at": LATER,
    },
    MailBudgetRow: {"address_hash": "8" * 64, "day": NOW.date(), "sent": 1},
    SupportRow: {
        "contributor": "p-8",
        "comment": 1,
        "wording_digest": "a" * 64,
        "back_hash": "8" * 64,
        "created_at": NOW,
    },
    FollowingRow: {
        "contributor": "p-8",
        "what": "report",
        "about": "",
        "end_hash": "8" * 64,
        "created_at": NOW,
    },
    ModerationLogRow: {
        "number": 8,
        "at": NOW,
        "actor": "clerk",
        "action": "held",
        "reason": "",
        "sentence": "",
        "previous": "0" * 64,
        "hash": "8" * 64,
    },
}

CLOSED = {"state": "closed", "closed_at": NOW, "closed_by": "clerk", "voters": "1"}

REFUSED: list[tuple[type[Base], dict[str, Any]]] = [
    (DissentRow, {"text": ""}),
    (DissentRow, {"round": 2}),
    (DissentRow, {"seat": 9}),
    (AmendmentRow, {"by_motion": 7}),
    (SeatRow, {"number": 0}),
    (SeatRow, {"number": 1}),
    (AmendmentRow, {"state": "approved"}),
    (AmendmentRow, {"round": 0}),
    (AmendmentRow, {"number": -1}),
    (AmendmentRow, {"number": 1}),
    (CommentRow, {"number": 1}),
    (CommentRow, {"number": 0}),
    (CommentRow, {"kind": "rant"}),
    (CommentRow, {"kind": "suggestion"}),
    (CommentRow, {"suggested_wording": "words"}),
    (CommentRow, {"text": ""}),
    (CommentRow, {"state": "lost"}),
    (CommentRow, {"state": "held"}),
    (CommentRow, {"state": "received"}),
    (CommentRow, {"state": "shown", "confirmed_at": None}),
    (CommentRow, {"wording_hash": "a"}),
    (CommentRow, {"receipt_hash": "plain token"}),
    (CommentRow, {"receipt_hash": "1" * 64}),
    (CommentRow, {"form_hash": "2" * 64}),
    (CommentRow, {"source": "overheard", "place": "Leeds", "taken_on": NOW.date()}),
    (CommentRow, {"source": "paper"}),
    (CommentRow, {"source": "paper", "place": "Leeds"}),
    (CommentRow, {"held_reason": "rude"}),
    (CommentRow, {"text": "", "erased_at": NOW}),
    (CommentRow, {"contributor": "p-1"}),
    (CommentRow, {"answer": "because"}),
    (CommentRow, {"answer": "because", "answered_at": NOW}),
    (CommentAmendmentRow, {"comment": 77}),
    (CommentAmendmentRow, {"amendment": 77}),
    (SignInLinkRow, {"token_hash": "plain token"}),
    (SignInLinkRow, {"token_hash": "1" * 64}),
    (SignInLinkRow, {"role": "king", "seat": None}),
    (SignInLinkRow, {"seat": None}),
    (SignInLinkRow, {"role": "clerk"}),
    (SignInLinkRow, {"seat": 77}),
    (SignInLinkRow, {"expires_at": NOW}),
    (SignInLinkRow, {"person": "person-77"}),
    (PersonRow, {"id": "ada@example.org"}),
    (PersonRow, {"email": "one@example.org"}),
    (PersonRow, {"erased_at": NOW}),
    (PersonRow, {"email": None, "totp_secret": "s", "erased_at": NOW}),
    (PersonRow, {"totp_confirmed_at": NOW}),
    (TenureRow, {"seat": 1}),
    (TenureRow, {"seat": 77}),
    (TenureRow, {"person": "person-77"}),
    (TenureRow, {"until": NOW - timedelta(hours=1)}),
    (OfficeRow, {"role": "king"}),
    (OfficeRow, {"role": "clerk"}),
    (OfficeRow, {"role": "clerk", "number": 1, "person": "person-8"}),
    (OfficeRow, {"number": 0}),
    (OfficeRow, {"until": NOW - timedelta(hours=1)}),
    (SessionRow, {"token_hash": "plain token"}),
    (SessionRow, {"role": "king", "seat": None}),
    (SessionRow, {"seat": None}),
    (SessionRow, {"person": "person-77"}),
    (AddressChangeRow, {"token_hash": "plain token"}),
    (AddressChangeRow, {"expires_at": NOW}),
    (AddressChangeRow, {"person": "person-77"}),
    (ApiTokenRow, {"token_hash": "plain token"}),
    (ApiTokenRow, {"token_hash": "1" * 64}),
    (ApiTokenRow, {"role": "king", "seat": None}),
    (ApiTokenRow, {"seat": None}),
    (ApiTokenRow, {"expires_at": NOW}),
    (ApiTokenRow, {"person": "person-77"}),
    (PasskeyRow, {"sign_count": -1}),
    (PasskeyRow, {"id": "key-1"}),
    (PasskeyRow, {"person": "person-77"}),
    (RecoveryCodeRow, {"code_hash": "plain code"}),
    (RecoveryCodeRow, {"code_hash": "1" * 64}),
    (BucketRow, {"key": "192.0.2.7"}),
    (BucketRow, {"key": "1" * 64}),
    (MotionRow, {"amendment": 1}),
    (MotionRow, {"amendment": 1, "round": 2}),
    (MotionRow, {"amendment": 77}),
    (MotionRow, {"round": 0}),
    (MotionRow, {"state": "won"}),
    (MotionRow, {"state": "closed"}),
    (MotionRow, {**CLOSED, "state": "open"}),
    (MotionRow, {**CLOSED, "closed_by": None}),
    (MotionRow, {**CLOSED, "voters": None}),
    (MotionRow, {"ballot_hash": "short"}),
    (MotionRow, {"rules_id": "short"}),
    (BallotRow, {"seat": 1}),
    (BallotRow, {"seat": 77}),
    (BallotRow, {"round": 2}),
    (BallotRow, {"choice": "maybe"}),
    (BallotRow, {"ballot_hash": "0" * 64}),
    (DecisionRow, {"amendment": 1}),
    (DecisionRow, {"amendment": 77}),
    (DecisionRow, {"round": 0}),
    (DecisionRow, {"outcome": "stale"}),
    (DecisionRow, {"expected_tip": "1" * 40}),
    (DecisionRow, {"new_commit": "2" * 40}),
    (DecisionRow, {"new_commit": "3" * 40}),
    (JobRow, {"state": "lost"}),
    (JobRow, {"state": "running"}),
    (JobRow, {"leased_by": "w"}),
    (JobRow, {"lease_until": NOW}),
    (JobRow, {"state": "running", "leased_by": "w"}),
    (JobRow, {"attempts": -1}),
    (JobRow, {"progress": 101}),
    (OutgoingMailRow, {"once": "event"}),
    (ProposalRow, {"kind": "old"}),
    (ProposalRow, {"state": "lost"}),
    (ProposalRow, {"state": "returned"}),
    (ProposalRow, {"state": "admitted"}),
    (ProposalRow, {"state": "submitted"}),
    (ProposalRow, {"amendment": 1}),
    (ProposalRow, {"state": "admitted", "amendment": 77}),
    (ProposalRow, {"kind": "redraft"}),
    (ProposalRow, {"revision": 0}),
    (CounterRow, {"name": "comment"}),
    (CounterRow, {"last": -1}),
    (MailedLinkRow, {"token_hash": "plain token"}),
    (MailedLinkRow, {"expires_at": NOW}),
    (MailBudgetRow, {"address_hash": "ada@example.org"}),
    (MailBudgetRow, {"sent": 0}),
    (SupportRow, {"comment": 77}),
    (SupportRow, {"wording_digest": "words"}),
    (SupportRow, {"back_hash": "plain token"}),
    (SupportRow, {"contributor": "p-1"}),
    (FollowingRow, {"what": "person"}),
    (FollowingRow, {"end_hash": "plain token"}),
    (FollowingRow, {"contributor": "p-1"}),
    (ModerationLogRow, {"number": 0}),
    (ModerationLogRow, {"previous": ""}),
    (ModerationLogRow, {"hash": "short"}),
    (ModerationLogRow, {"number": 1}),
]


@pytest.fixture
def planted(database: Database) -> Database:
    """A database that holds one row of each table already."""
    rows = {table: dict(values) for table, values in GOOD.items()}
    rows[SeatRow] |= {"number": 1}
    rows[AmendmentRow] |= {"number": 1}
    rows[CommentRow] |= {
        "number": 1,
        "contributor": "p-1",
        "receipt_hash": "1" * 64,
        "form_hash": "2" * 64,
    }
    rows[PersonRow] |= {"id": "person-1", "email": "one@example.org"}
    rows[TenureRow] |= {"seat": 1}
    rows[OfficeRow] |= {"role": "clerk", "number": 1}
    rows[PasskeyRow] |= {"id": "key-1"}
    for hashed in (SignInLinkRow, SessionRow, ApiTokenRow):
        rows[hashed] |= {"token_hash": "1" * 64}
    rows[RecoveryCodeRow] |= {"code_hash": "1" * 64}
    rows[BucketRow] |= {"key": "1" * 64}
    rows[MotionRow] |= {"amendment": 1}
    rows[BallotRow] |= {"seat": 1}
    rows[DissentRow] |= {"seat": 1}
    rows[AmendmentRow] |= {"by_motion": 7}
    rows[DecisionRow] |= {"amendment": 1, "expected_tip": "1" * 40, "new_commit": "2" * 40}
    rows[OutgoingMailRow] |= {"once": "event"}
    rows[MailedLinkRow] |= {"token_hash": "1" * 64}
    rows[MailBudgetRow] |= {"address_hash": "1" * 64}
    rows[SupportRow] |= {"contributor": "p-1", "back_hash": "1" * 64}
    rows[FollowingRow] |= {"contributor": "p-1", "end_hash": "1" * 64}
    rows[ModerationLogRow] |= {"number": 1, "hash": "1" * 64}
    del rows[CounterRow], rows[CommentAmendmentRow], rows[AddressChangeRow]
    with database.writing() as session:
        session.add(SeatRow(number=2, filled=True, label="seat-02"))
        session.add(AmendmentRow(**GOOD[AmendmentRow] | {"number": 2}))
        for table, values in rows.items():
            session.add(table(**values))
            session.flush()
    return database


@pytest.mark.parametrize("table", GOOD, ids=lambda table: table.__tablename__)
def test_a_good_row_is_taken(planted: Database, table: type[Base]) -> None:
    with planted.writing() as session:
        session.add(table(**GOOD[table]))


@pytest.mark.parametrize(
    ("table", "change"), REFUSED, ids=lambda part: getattr(part, "__tablename__", str(part))
)
def test_a_row_that_breaks_a_rule_is_refused(
    planted: Database, table: type[Base], change: dict[str, Any]
) -> None:
    with pytest.raises(Conflict), planted.writing() as session:
        session.add(table(**GOOD[table] | change))


def test_the_tables_know_the_states_and_votes_of_the_rules() -> None:
    assert set(AMENDMENT_STATES) == set(get_args(State))
    assert set(CHOICES) == set(get_args(Vote)) - {"absent"}


def test_every_check_was_seen_to_refuse_a_row(planted: Database) -> None:
    seen = {name for table, row in REFUSED for name in complaint(planted, table, row)}
    checks = {
        str(check.name)
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert len(checks) > 30
    assert checks - seen == set()


def complaint(database: Database, table: type[Base], change: dict[str, Any]) -> list[str]:
    """Name the checks that the database itself complains of."""
    with Session(database._writers) as session:
        session.add(table(**GOOD[table] | change))
        with pytest.raises(IntegrityError) as caught:
            session.flush()
        return re.findall(r"\bck_\w+", str(caught.value.orig))
