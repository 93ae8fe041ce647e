"""The tables. Constraints here are the last guard; the functions beside explain refusals."""

from drafter.people.tables.base import Base, UtcTime
from drafter.people.tables.panel import (
    AmendmentRow,
    BallotRow,
    DecisionRow,
    MotionRow,
    SeatRow,
    SignInLinkRow,
)
from drafter.people.tables.public import (
    CommentAmendmentRow,
    CommentRow,
    ContributorRow,
    FollowingRow,
    MailBudgetRow,
    MailedLinkRow,
    ModerationLogRow,
    SupportRow,
)
from drafter.people.tables.work import AuditRow, CounterRow, JobRow, OutgoingMailRow, SettingRow

__all__ = [
    "AmendmentRow",
    "AuditRow",
    "BallotRow",
    "Base",
    "CommentAmendmentRow",
    "CommentRow",
    "ContributorRow",
    "CounterRow",
    "DecisionRow",
    "FollowingRow",
    "JobRow",
    "MailBudgetRow",
    "MailedLinkRow",
    "ModerationLogRow",
    "MotionRow",
    "OutgoingMailRow",
    "SeatRow",
    "SettingRow",
    "SignInLinkRow",
    "SupportRow",
    "UtcTime",
]
