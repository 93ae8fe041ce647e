"""A sign of the state of the data: another one once anything is committed, by whomever."""

from __future__ import annotations

from drafter.people.database import Database
from drafter.people.settings import read_setting, write_setting


def test_it_is_the_same_until_something_is_committed(database: Database) -> None:
    before = database.state()
    with database.reading() as session:
        read_setting(session, "x")
    assert database.state() == before
    with database.writing() as session:
        write_setting(session, "x", "1")
    after = database.state()
    assert after != before
    assert database.state() == after


def test_what_need_not_wait_for_the_disk_is_written_and_seen_all_the_same(
    database: Database,
) -> None:
    before = database.state()
    with database.passing() as session:
        write_setting(session, "x", "2")
    assert database.state() != before
    with database.writing() as session:
        assert read_setting(session, "x") == "2"
        write_setting(session, "x", "3")
    with database.reading() as session:
        assert read_setting(session, "x") == "3"


def test_a_lost_connection_is_opened_again_and_gives_another_sign(database: Database) -> None:
    before = database.state()
    database._watch._connection.close()
    assert database.state() != before
