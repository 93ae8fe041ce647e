"""Opening, transactions, and what an error may say."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import StatementError

from drafter.core.errors import BadInput, Busy, Conflict, DrafterError, NotFound, Unreadable
from drafter.people import sqlite
from drafter.people.audit import note, recent_entries
from drafter.people.comments import NewComment, add_comment, find_comment
from drafter.people.database import Database
from drafter.people.seats import add_seats
from drafter.people.settings import read_setting, write_setting
from drafter.people.tables import SettingRow


def pragma(database: Database, name: str) -> object:
    with database.reading() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.usefixtures("sqlite_only")
def test_sqlite_runs_with_a_durable_log_foreign_keys_and_patience(database: Database) -> None:
    assert sqlite.driver().sqlite_version_info >= sqlite.WAL_IS_SOUND_FROM
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == 10_000


@pytest.mark.usefixtures("sqlite_only")
def test_an_old_sqlite_gets_a_rollback_journal(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(where).close()
    monkeypatch.setattr(sqlite, "WAL_IS_SOUND_FROM", (99, 0, 0))
    database = Database.open(where)
    database.migrate()
    assert pragma(database, "journal_mode") == "delete"
    assert pragma(database, "synchronous") == 3
    database.close()


def begins(database: Database) -> list[str]:
    said: list[str] = []

    def listen(*arguments: object) -> None:
        if str(arguments[2]).startswith("BEGIN"):
            said.append(str(arguments[2]))

    event.listen(database._engine, "before_cursor_execute", listen)
    return said


@pytest.mark.usefixtures("sqlite_only")
def test_only_writing_sessions_begin_immediate(database: Database) -> None:
    said = begins(database)
    with database.reading() as session:
        read_setting(session, "x")
    with database.writing() as session:
        read_setting(session, "x")
    assert said == ["BEGIN", "BEGIN IMMEDIATE"]


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(Unreadable), database.reading() as session:
        write_setting(session, "x", "1")
    with database.writing() as session:
        write_setting(session, "x", "2")
    with database.reading() as session:
        assert read_setting(session, "x") == "2"


def test_a_failed_session_leaves_nothing_behind(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as session:
            write_setting(session, "x", "1")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.reading() as session:
        assert read_setting(session, "x") is None


def test_a_reader_and_a_writer_do_not_wait_for_each_other(database: Database) -> None:
    with database.reading() as reader:
        assert read_setting(reader, "x") is None
        with database.writing() as writer:
            write_setting(writer, "x", "1")
            assert read_setting(reader, "x") is None
        assert read_setting(reader, "x") is None, "a reader sees one state throughout"
    with database.reading() as reader:
        assert read_setting(reader, "x") == "1"


def test_a_writer_that_waits_too_long_is_told_busy(database: Database, where: str) -> None:
    hasty = Database.open(where, busy_seconds=0.05)
    with database.writing() as session:
        write_setting(session, "x", "1")
        with pytest.raises(Busy), hasty.writing() as other:
            write_setting(other, "x", "2")
    hasty.close()


@pytest.mark.usefixtures("postgresql_only")
def test_on_postgresql_a_commit_waits_for_the_disk_whatever_the_server_says(
    database: Database,
) -> None:
    with database.reading() as session:
        assert session.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert session.execute(text("SHOW transaction_isolation")).scalar() == "repeatable read"
        assert session.execute(text("SHOW lock_timeout")).scalar() == "10s"


@pytest.mark.usefixtures("postgresql_only")
def test_two_who_wait_for_each_other_are_not_stuck(database: Database) -> None:
    with database.writing() as session:
        write_setting(session, "a", "1")
        write_setting(session, "b", "1")
    held = threading.Barrier(2)

    def cross(first: str, second: str) -> str:
        try:
            with database.writing() as session:
                write_setting(session, first, "2")
                held.wait(10)
                write_setting(session, second, "2")
        except Busy:
            return "busy"
        return "written"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(cross, ("a", "b"), ("b", "a")))
    assert ended == ["busy", "written"]


def test_text_comes_back_as_it_went_in_and_capitals_count(database: Database) -> None:
    texts = ("𝔇 🏴 ê e\u0302", "\r\n\t ", "'; DROP TABLE seats; --", "%s {} \\ %(x)s", "ẞ")
    with database.writing() as session:
        for number, kept in enumerate(texts):
            write_setting(session, f"{number}", kept)
        write_setting(session, "Name", "1")
    with database.reading() as session:
        assert tuple(read_setting(session, f"{n}") for n in range(len(texts))) == texts
        assert read_setting(session, "name") is None


@pytest.mark.parametrize("bad", ["a\0b", "\0", "a\ud800"])
def test_what_not_every_database_can_keep_is_refused_by_both_even_in_a_question(
    database: Database, bad: str
) -> None:
    with pytest.raises(BadInput) as caught, database.reading() as session:
        read_setting(session, bad)
    assert bad not in full_text(caught.value)
    with pytest.raises(BadInput), database.writing() as session:
        note(session, "clerk", bad, "comment 1", datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63, 10**40])
def test_a_number_beyond_every_column_finds_nothing_on_both(
    database: Database, number: int
) -> None:
    with database.reading() as session:
        try:
            assert find_comment(session, number) is None
        except NotFound:
            assert number > 2**31 - 1


def test_what_a_query_sorts_by_text_is_found_by_the_tests_themselves(database: Database) -> None:
    with pytest.raises(AssertionError, match="sorts by text"), database.reading() as session:
        session.scalars(select(SettingRow).order_by(SettingRow.name.desc())).all()
    with pytest.raises(AssertionError, match="LIKE"), database.reading() as session:
        session.scalars(select(SettingRow).where(SettingRow.name.like("a%"))).all()


def test_a_writer_that_waits_long_enough_succeeds(database: Database) -> None:
    holding, done = threading.Event(), threading.Event()

    def second() -> None:
        holding.wait()
        with database.writing() as session:
            write_setting(session, "y", "2")
        done.set()

    thread = threading.Thread(target=second)
    thread.start()
    with database.writing() as session:
        write_setting(session, "x", "1")
        holding.set()
        done.wait(0.1)
    thread.join()
    with database.reading() as session:
        assert (read_setting(session, "x"), read_setting(session, "y")) == ("1", "2")


OPEN_AND_WRITE = """
import sys
from drafter.people.database import Database
from drafter.people.settings import write_setting
database = Database.open(sys.argv[1])
database.migrate()
with database.writing() as session:
    write_setting(session, sys.argv[2], "here")
database.close()
"""


def test_processes_that_start_together_on_an_empty_database_all_succeed(where: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_WRITE, where, f"process {n}"])
        for n in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0] * 4
    database = Database.open(where)
    with database.reading() as session:
        assert [read_setting(session, f"process {n}") for n in range(4)] == ["here"] * 4
    database.close()


KILLED_AFTER_COMMIT = """
import os, signal, sys
from drafter.people.database import Database
from drafter.people.settings import write_setting
database = Database.open(sys.argv[1])
with database.writing() as session:
    write_setting(session, "acknowledged", "yes")
context = database.writing()
session = context.__enter__()
write_setting(session, "unfinished", "yes")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_a_kill(database: Database, where: str) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED_AFTER_COMMIT, where], check=False)
    assert process.returncode == -9
    with database.writing() as session:
        assert read_setting(session, "acknowledged") == "yes"
        assert read_setting(session, "unfinished") is None


@pytest.mark.usefixtures("sqlite_only")
def test_a_full_disk_is_an_error_and_leaves_what_was_there(database: Database) -> None:
    with database.writing() as session:
        write_setting(session, "x", "1")

    def fill() -> None:
        with database.writing() as session:
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            write_setting(session, "x", "2" * 1_000_000)

    with pytest.raises(Unreadable) as caught:
        fill()
    assert caught.value.data["code"] == "SQLITE_FULL"
    assert "full" in caught.value.sentence
    assert "222" not in full_text(caught.value)
    with database.reading() as session:
        assert read_setting(session, "x") == "1"


@pytest.mark.usefixtures("sqlite_only")
def test_a_new_file_is_readable_by_its_owner_only(database: Database, where: str) -> None:
    assert stat.S_IMODE(Path(where).stat().st_mode) == 0o600


def test_a_database_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Database.open(tmp_path / "none.db", must_exist=True)
    assert not (tmp_path / "none.db").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nowhere"):
        Database.open(tmp_path / "nowhere" / "people.db")


@pytest.mark.parametrize("where", ["mysql://name:SECRET@host/report", "nonsense://", "://"])
def test_another_kind_of_database_is_refused_without_quoting_its_password(where: str) -> None:
    with pytest.raises(BadInput) as caught:
        Database.open(where).migrate()
    assert "SECRET" not in full_text(caught.value)


def test_a_server_that_does_not_answer_is_unreadable_and_its_password_unsaid(
    tmp_path: Path,
) -> None:
    where = f"postgres://name:SECRET@/report?host={tmp_path}"
    with pytest.raises(Unreadable) as caught:
        Database.open(where).migrate()
    assert "SECRET" not in full_text(caught.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadInput, match=r"drafter\[postgresql\]"):
        Database.open("postgresql:///report")


def test_a_database_is_unused_until_a_report_keeps_something_in_it(where: str) -> None:
    database = Database.open(where)
    assert database.is_unused()
    database.migrate()
    assert database.is_unused()
    with database.writing() as session:
        add_seats(session, 1)
    assert not database.is_unused()
    database.close()


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(NotFound):
        Database.open("sqlite://")


def test_a_file_that_is_no_database_is_unreadable_not_empty(tmp_path: Path) -> None:
    (tmp_path / "people.db").write_bytes(b"not a database, but long enough to be read as one" * 9)
    database = Database.open(tmp_path / "people.db", must_exist=True)
    with pytest.raises(Unreadable):
        database.migrate()
    database.close()


def test_times_come_back_in_utc_and_need_a_zone(database: Database) -> None:
    summer = datetime(2026, 6, 1, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        note(session, "clerk", "hold", "comment 1", summer)
    with database.reading() as session:
        at = recent_entries(session)[0].at
    assert at == summer
    assert at.tzinfo is UTC
    with pytest.raises(StatementError, match="without a zone"), database.writing() as session:
        note(session, "clerk", "hold", "comment 1", datetime(2026, 6, 1))


def test_errors_quote_neither_texts_nor_addresses(
    database: Database, new_comment: Callable[..., NewComment], now: datetime
) -> None:
    secret = new_comment(text="SECRET-TEXT", email="SECRET@example.org")
    with database.writing() as session:
        add_comment(session, secret, now)
    with pytest.raises(Conflict) as caught, database.writing() as session:
        add_comment(session, secret, now)
    told = full_text(caught.value)
    assert "SECRET" not in told
    assert "receipt-1" not in told
    assert caught.value.__suppress_context__, "a driver's own message may quote the row"


def test_a_mistake_of_the_program_quotes_no_text_either(
    database: Database, new_comment: Callable[..., NewComment]
) -> None:
    secret = new_comment(text="SECRET-TEXT")
    with pytest.raises(StatementError) as caught, database.writing() as session:
        add_comment(session, secret, datetime(2026, 6, 1))
    assert "SECRET" not in full_text(caught.value)


def full_text(error: Exception) -> str:
    data = error.data if isinstance(error, DrafterError) else None
    return "".join(traceback.format_exception(error)) + repr(error) + repr(data)
