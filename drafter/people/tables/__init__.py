"""The tables. Constraints here are the last guard; the functions beside explain refusals."""

from drafter.people.tables.access import (
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
    DecisionRow,
    MotionRow,
    SeatRow,
)
from drafter.people.tables.public import CommentAmendmentRow, CommentRow, ContributorRow
from drafter.people.tables.reach import PlaceRow, ReachRow
from drafter.people.tables.work import AuditRow, CounterRow, JobRow, OutgoingMailRow, SettingRow

__all__ = [
    "AmendmentRow",
    "AuditRow",
    "BallotRow",
    "Base",
    "BucketRow",
    "CommentAmendmentRow",
    "CommentRow",
    "ContributorRow",
    "CounterRow",
    "DecisionRow",
    "JobRow",
    "MotionRow",
    "OfficeRow",
    "OutgoingMailRow",
    "PasskeyRow",
    "PersonRow",
    "PlaceRow",
    "ReachRow",
    "RecoveryCodeRow",
    "SeatRow",
    "SessionRow",
    "SettingRow",
    "SignInLinkRow",
    "TenureRow",
    "UtcTime",
]
