"""Jobs, outgoing mail, audit and settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from drafter.core.errors import BadInput, Conflict
from drafter.people.audit import entries_about, note, recent_entries
from drafter.people.database import Database
from drafter.people.jobs import (
    MAX_ATTEMPTS,
    Job,
    add_job,
    fail_job,
    find_job,
    finish_job,
    lease_job,
    report_progress,
)
from drafter.people.mail import (
    erase_sent_mail,
    hold_mail,
    lease_mail,
    mark_sent,
    queue_mail,
    recent_mail,
    unsent_mail,
)
from drafter.people.mailed_links import forget_budget, spend_mail
from drafter.people.settings import read_setting, write_setting

MINUTE = timedelta(minutes=1)


def lease(database: Database, worker: str, now: datetime) -> Job | None:
    with database.writing() as session:
        return lease_job(session, worker, now, now + MINUTE)


@pytest.fixture
def job(database: Database, now: datetime) -> Job:
    with database.writing() as session:
        return add_job(session, "publish", {"version": 2, "title": "Zweite"}, now)


def test_the_oldest_job_is_leased_first_and_once(
    database: Database, job: Job, now: datetime
) -> None:
    with database.writing() as session:
        second = add_job(session, "import", {}, now)
    leased = lease(database, "a", now)
    assert leased is not None
    assert (leased.id, leased.attempts, leased.payload) == (job.id, 1, job.payload)
    other = lease(database, "b", now)
    assert other is not None
    assert other.id == second.id
    assert lease(database, "c", now) is None


def test_two_workers_never_lease_the_same_job(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    with database.writing() as session:
        for _ in range(4):
            add_job(session, "publish", {}, now)
    leased = [job for job in at_once(6, lambda n: lease(database, f"w{n}", now)) if job]
    assert len({job.id for job in leased}) == len(leased)  # type: ignore[attr-defined]
    while (job := lease(database, "late", now)) is not None:
        leased.append(job)
    assert len({job.id for job in leased}) == len(leased) == 4  # type: ignore[attr-defined]


def test_a_lease_that_runs_out_is_taken_over_and_lost_to_the_first(
    database: Database, job: Job, now: datetime
) -> None:
    lease(database, "a", now)
    assert lease(database, "b", now + MINUTE - timedelta(microseconds=1)) is None
    taken = lease(database, "b", now + MINUTE)
    assert taken is not None
    assert (taken.leased_by, taken.attempts) == ("b", 2)
    for late in (
        lambda s: finish_job(s, job.id, "a", "done", now),
        lambda s: fail_job(s, job.id, "a", "no", now, again_at=None),
        lambda s: report_progress(s, job.id, "a", 50, "", now),
    ):
        with pytest.raises(Conflict), database.writing() as session:
            late(session)
    with database.writing() as session:
        assert finish_job(session, job.id, "b", "Version 2 is out.", now).state == "done"


def test_progress_is_seen_and_renews_the_lease(database: Database, job: Job, now: datetime) -> None:
    lease(database, "a", now)
    with database.writing() as session:
        report_progress(session, job.id, "a", 40, "12 of 30 pages", now + 3 * MINUTE)
    assert lease(database, "b", now + 2 * MINUTE) is None
    with database.reading() as session:
        seen = find_job(session, job.id)
        assert find_job(session, 77) is None
    assert seen is not None
    assert (seen.progress, seen.message) == (40, "12 of 30 pages")


def test_a_failed_job_is_tried_again_later_but_not_for_ever(
    database: Database, job: Job, now: datetime
) -> None:
    state = "waiting"
    for attempt in range(MAX_ATTEMPTS):
        assert state == "waiting"
        leased = lease(database, "a", now + attempt * MINUTE)
        assert leased is not None
        assert lease(database, "b", now + attempt * MINUTE) is None
        with database.writing() as session:
            again = now + (attempt + 1) * MINUTE
            state = fail_job(session, job.id, "a", "No room.", now, again_at=again).state
        assert lease(database, "b", now + attempt * MINUTE) is None
    assert state == "failed"


def test_a_job_that_always_kills_its_worker_ends_as_failed(
    database: Database, job: Job, now: datetime
) -> None:
    for attempt in range(MAX_ATTEMPTS):
        assert lease(database, f"w{attempt}", now + attempt * MINUTE) is not None
    with database.writing() as session:
        waiting = add_job(session, "publish", {}, now)
    taken = lease(database, "w", now + MAX_ATTEMPTS * MINUTE)
    assert taken is not None
    assert taken.id == waiting.id
    with database.reading() as session:
        ended = find_job(session, job.id)
    assert ended is not None
    assert (ended.state, ended.leased_by) == ("failed", None)


def queue(database: Database, now: datetime, subject: str, once: str | None = None) -> None:
    with database.writing() as session:
        queue_mail(
            session, to_address="ada@example.org", subject=subject, body="b", now=now, once=once
        )


def test_mail_waits_until_it_is_sent(database: Database, now: datetime) -> None:
    queue(database, now, "first")
    queue(database, now, "second")
    with database.writing() as session:
        first, second = unsent_mail(session)
        mark_sent(session, first.id, now)
        mark_sent(session, first.id, now + MINUTE)
    with database.reading() as session:
        assert [mail.id for mail in unsent_mail(session)] == [second.id]
        assert [mail.sent_at for mail in recent_mail(session)] == [None, now]


def test_of_many_senders_one_gets_a_mail_until_its_lease_runs_out(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    queue(database, now, "one")
    with database.reading() as session:
        (mail,) = unsent_mail(session, now=now)

    def lease(at: datetime) -> bool:
        with database.passing() as session:
            return lease_mail(session, mail.id, at, at + MINUTE)

    assert sorted(at_once(6, lambda _: lease(now)), key=str) == [False] * 5 + [True]
    with database.reading() as session:
        assert unsent_mail(session, now=now) == ()
        assert unsent_mail(session) == (mail,)
    assert at_once(3, lambda _: lease(now + MINUTE)).count(True) == 1
    with database.writing() as session:
        mark_sent(session, mail.id, now)
    assert not lease(now + 5 * MINUTE)


def test_a_lease_that_ran_out_holds_nothing_back(database: Database, now: datetime) -> None:
    queue(database, now, "one")
    with database.writing() as session:
        (mail,) = unsent_mail(session)
        lease_mail(session, mail.id, now, now + MINUTE)
        lease_mail(session, mail.id, now + MINUTE, now + 2 * MINUTE)
        assert not hold_mail(session, mail.id, now + MINUTE, now)
        assert unsent_mail(session, now=now + MINUTE) == ()
        assert hold_mail(session, mail.id, now + 2 * MINUTE, now)
        assert unsent_mail(session, now=now) == (mail,)


def test_an_event_is_told_once(database: Database, now: datetime) -> None:
    queue(database, now, "decided", once="decision 1/1 to p-1")
    queue(database, now, "decided", once="decision 1/1 to p-1")
    queue(database, now, "decided", once="decision 1/1 to p-2")
    with database.reading() as session:
        assert len(unsent_mail(session)) == 2


def test_sent_mail_is_erased_but_what_was_told_once_stays_told(
    database: Database, now: datetime
) -> None:
    queue(database, now, "plain")
    queue(database, now, "event", once="event")
    queue(database, now, "waiting")
    with database.writing() as session:
        for mail in unsent_mail(session)[:2]:
            mark_sent(session, mail.id, now)
        erase_sent_mail(session, now)
        assert len(recent_mail(session)) == 3, "not before the moment named"
        erase_sent_mail(session, now + MINUTE)
    queue(database, now, "event", once="event")
    with database.reading() as session:
        left = [(mail.subject, mail.to_address) for mail in recent_mail(session)]
    assert left == [("waiting", "ada@example.org")], "nothing is shown of what was erased"


def test_a_mail_has_no_readable_form_for_logs(database: Database, now: datetime) -> None:
    queue(database, now, "SECRET")
    with database.reading() as session:
        assert "SECRET" not in repr(unsent_mail(session))
        assert "ada@" not in repr(unsent_mail(session))


def test_the_audit_lists_what_was_done_to_an_object(database: Database, now: datetime) -> None:
    with database.writing() as session:
        note(session, "clerk", "hold", "comment 1", now)
        note(session, "clerk", "hold", "comment 12", now)
        note(session, "clerk", "show", "comment 1", now)
    with database.reading() as session:
        assert [e.action for e in entries_about(session, "comment 1")] == ["hold", "show"]
        assert [e.object for e in recent_entries(session, limit=2)] == ["comment 1", "comment 12"]


def test_settings_are_written_over(database: Database) -> None:
    with database.writing() as session:
        write_setting(session, "clerks", "1")
        write_setting(session, "clerks", "2")
        assert read_setting(session, "clerks") == "2"
        assert read_setting(session, "other") is None
    with pytest.raises(BadInput), database.writing() as session:
        write_setting(session, "clerks", "\0")


def spend(database: Database, day: date, address: str = "a" * 64) -> bool:
    with database.writing() as session:
        return spend_mail(session, address, day, most=3)


def test_an_address_has_its_mails_of_a_day_and_on_the_next_day_again(
    database: Database, now: datetime
) -> None:
    day = now.date()
    assert [spend(database, day) for _ in range(5)] == [True, True, True, False, False]
    assert spend(database, day, "b" * 64)
    assert spend(database, day + timedelta(days=1))
    assert not spend(database, day)
    with database.writing() as session:
        forget_budget(session, "a" * 64)
    assert spend(database, day)


def test_the_first_mails_to_an_address_at_one_moment_are_each_counted_and_none_is_refused_amiss(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    for turn in range(5):
        address = f"{turn:064d}"
        spent = at_once(6, lambda _, to=address: spend(database, now.date(), to))  # type: ignore[misc]
        assert sorted(map(str, spent)) == ["False"] * 3 + ["True"] * 3
