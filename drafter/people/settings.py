"""Named values of this instance, kept with its data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from drafter.people.rows import require_storable
from drafter.people.tables import SettingRow


def read_setting(session: Session, name: str) -> str | None:
    """Return the value of a setting, or None where it was never written."""
    row = session.get(SettingRow, name)
    return row.value if row else None


def write_setting(session: Session, name: str, value: str) -> None:
    """Write a setting, new or known. Raises BadInput."""
    require_storable(value)
    session.merge(SettingRow(name=name, value=value))
    session.flush()
