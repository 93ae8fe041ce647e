"""The tables. Constraints here are the last guard; the functions beside explain refusals."""

from drafter.people.tables.base import Base, UtcTime
from drafter.people.tables.panel import (
    AmendmentRow,
    BallotRow,
    BatchRow,
    DecisionRow,
    DissentRow,
    MotionRow,
    SeatRow,
    SignInLinkRow,
)
from drafter.people.tables.public import CommentAmendmentRow, CommentRow, ContributorRow
from drafter.people.tables.work import AuditRow, CounterRow, JobRow, OutgoingMailRow, SettingRow

__all__ = [
    "AmendmentRow",
    "AuditRow",
    "BallotRow",
    "Base",
    "BatchRow",
    "CommentAmendmentRow",
    "CommentRow",
    "ContributorRow",
    "CounterRow",
    "DecisionRow",
    "DissentRow",
    "JobRow",
    "MotionRow",
    "OutgoingMailRow",
    "SeatRow",
    "SettingRow",
    "SignInLinkRow",
    "UtcTime",
]
