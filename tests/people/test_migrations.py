"""The migrations arrive at what the tables say, from nothing, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from drafter.core.errors import Unreadable
from drafter.people import schema
from drafter.people.amendments import amendments_of_comment
from drafter.people.comments import confirm, find_comment
from drafter.people.database import Database
from drafter.people.tables import Base
from drafter.people.tokens import token_hash


def anatomy(engine: Engine) -> dict[str, Any]:
    """Describe every table: columns, keys, constraints, indexes, all with their names."""
    found = inspect(engine)
    names = [name for name in found.get_table_names() if name != "alembic_version"]
    return {
        name: {
            "columns": [describe(column) for column in found.get_columns(name)],
            "key": found.get_pk_constraint(name),
            "foreign": by_name(found.get_foreign_keys(name)),
            "unique": by_name(found.get_unique_constraints(name)),
            "checks": by_name(found.get_check_constraints(name)),
            "indexes": [describe(index) for index in by_name(found.get_indexes(name))],
        }
        for name in sorted(names)
    }


def describe(part: Any) -> str:
    """Spell a column or an index out, with the text of what its options hold."""
    options = {key: str(value) for key, value in part.get("dialect_options", {}).items()}
    return str({**part, "dialect_options": options, "type": str(part.get("type"))})


def by_name(parts: Any) -> list[Any]:
    return sorted(parts, key=lambda part: str(part["name"]))


def test_migrating_from_empty_gives_exactly_the_tables_of_the_models(
    database: Database, where: str
) -> None:
    migrated = anatomy(database._engine)
    with database._writers.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert migrated == anatomy(database._engine)
    assert "ck_ballots_choice_known" in str(migrated["ballots"]["checks"])


def test_alembic_itself_finds_no_difference(database: Database) -> None:
    with database._readers.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_is_current_after_migrating_and_migrating_again_changes_nothing(
    where: str,
) -> None:
    database = Database.open(where)
    assert not database.is_current()
    database.migrate()
    database.migrate()
    assert database.is_current()
    database.close()


def test_a_migration_that_fails_leaves_nothing_behind(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(where)
    upgrade = schema.upgrade

    def fail_at_the_end(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "upgrade", fail_at_the_end)
    with pytest.raises(RuntimeError):
        database.migrate()
    assert inspect(database._engine).get_table_names() == []
    database.close()


def test_a_database_of_a_newer_drafter_is_refused(database: Database) -> None:
    with database._writers.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not database.is_current()
    with pytest.raises(Unreadable, match="another version"):
        database.migrate()


def test_a_folder_with_a_percent_sign_can_hold_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(schema, "__file__", str(tmp_path / "100%" / "schema.py"))
    location = schema._config().get_main_option("script_location")
    assert location == str(tmp_path / "100%" / "migrations")


def test_comments_and_their_links_go_through_the_migration_whole(where: str) -> None:
    database = Database.open(where)
    config = schema._config()
    with database._writers.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO amendments (number, title, state, round, submitter, updated_at) "
                "VALUES (1, 't', 'open', 1, 'p-1', '2026-11-02 12:00:00')"
            )
        )
        for number, state, held, confirmed in (
            (1, "received", None, None),
            (2, "held", "rude", "2026-11-02 12:00:00"),
        ):
            row = {
                "number": number,
                "clause_id": "c-4d8x2n",
                "wording_hash": "a" * 64,
                "words_seen": "w",
                "kind": "remark",
                "text": "Kept words.",
                "contributor": f"p-{number}",
                "state": state,
                "held_reason": held,
                "created_at": "2026-11-02 12:00:00",
                "confirmed_at": confirmed,
                "receipt_hash": token_hash(f"receipt-{number}"),
                "confirm_hash": token_hash(f"confirm-{number}"),
            }
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO comments ({names}) VALUES ({values})"), row)
        connection.execute(
            text(
                "INSERT INTO comment_amendments (comment, amendment, linked_at) "
                "VALUES (2, 1, '2026-11-02 12:00:00')"
            )
        )
    database.migrate()
    with database.writing() as session:
        held = find_comment(session, 2)
        assert held is not None
        assert (held.held_for, held.held_reason, held.source) == ("other", "rude", "online")
        assert [one.number for one in amendments_of_comment(session, 2)] == [1]
        found = confirm(session, "confirm-1", datetime(2026, 11, 3, tzinfo=UTC))
        assert (found.number, found.state, found.text) == (1, "confirmed", "Kept words.")
    database.close()
