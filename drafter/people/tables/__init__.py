"""The tables. Constraints here are the last guard; the functions beside explain refusals."""

from drafter.people.tables.access import (
    AddressChangeRow,
    ApiTokenRow,
    BucketRow,
    OfficeRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SessionRow,
    SignInLinkRow,
    TenureRow,
)
from drafter.people.tables.base import Base, UtcTime
from drafter.people.tables.panel import (
    AmendmentRow,
    BallotRow,
    BatchRow,
    DecisionRow,
    DissentRow,
    MotionRow,
    SeatRow,
    TouchRow,
)
from drafter.people.tables.proposals import ProposalRow
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
    "AddressChangeRow",
    "AmendmentRow",
    "ApiTokenRow",
    "AuditRow",
    "BallotRow",
    "Base",
    "BatchRow",
    "BucketRow",
    "CommentAmendmentRow",
    "CommentRow",
    "ContributorRow",
    "CounterRow",
    "DecisionRow",
    "DissentRow",
    "FollowingRow",
    "JobRow",
    "MailBudgetRow",
    "MailedLinkRow",
    "ModerationLogRow",
    "MotionRow",
    "OfficeRow",
    "OutgoingMailRow",
    "PasskeyRow",
    "PersonRow",
    "ProposalRow",
    "RecoveryCodeRow",
    "SeatRow",
    "SessionRow",
    "SettingRow",
    "SignInLinkRow",
    "SupportRow",
    "TenureRow",
    "TouchRow",
    "UtcTime",
]
