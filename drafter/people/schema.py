"""Brings the tables to the newest form with Alembic, and tells whether they are. No file of
settings is needed: the migrations are found beside this module.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, inspect, select

from drafter.core.errors import Unreadable
from drafter.people.tables import AmendmentRow, CommentRow, SeatRow

MIGRATION_LOCK = 0x64726166
"""Any number that no other program takes as its advisory lock in this database."""


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the transaction that is already begun.

    Raises Unreadable when a newer version of Drafter has written the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Unreadable(
            "The database was written by another version of Drafter. Install the newest version."
        ) from error


def is_current(connection: Connection) -> bool:
    """Tell whether the newest migration has been run."""
    current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def is_unused(connection: Connection) -> bool:
    """Tell whether no report has put a seat, a comment or an amendment here."""
    there = set(inspect(connection).get_table_names())
    return not any(
        connection.execute(select(row.number).limit(1)).first()
        for row in (SeatRow, CommentRow, AmendmentRow)
        if row.__tablename__ in there
    )


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
