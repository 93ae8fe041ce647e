"""The work behind the pages: mails, and versions whose pages are still to be built."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from drafter.core.errors import DrafterError
from drafter.people.jobs import Job, add_job, fail_job, find_job, finish_job, lease_job
from drafter.people.jobs import report_progress as note_progress
from drafter.services.authority import OPERATOR, Actor, authorize
from drafter.services.lapsing import look_for_lapsable
from drafter.services.mailing import deliver, forget_sent
from drafter.services.publishing import build_missing
from drafter.services.supporting import forget_unconfirmed

if TYPE_CHECKING:
    from drafter.services.instance import Instance


BUILD = "build"
"""The kind of job that builds the pages of versions that have none."""

LEASE = timedelta(minutes=10)
AGAIN = timedelta(minutes=1)


def ask_to_build(instance: Instance, actor: Actor) -> Job:
    """Queue the building of versions without pages, for the worker."""
    authorize(actor, "build")
    with instance.database.writing() as session:
        return add_job(session, BUILD, {}, instance.clock())


def job(instance: Instance, actor: Actor, id: int) -> Job | None:
    """Return how far a job is, or None."""
    authorize(actor, "build", id)
    with instance.database.reading() as session:
        return find_job(session, id)


def work(instance: Instance, worker: str) -> bool:
    """Do what waits: one leased job, and the mail. Return whether there was anything."""
    sent = deliver(instance)
    forget_sent(instance)
    forget_unconfirmed(instance)
    now = instance.clock()
    with instance.database.writing() as session:
        leased = lease_job(session, worker, now, now + LEASE)
    if leased is None:
        return sent > 0
    try:
        _run(instance, worker, leased)
    except DrafterError as error:
        now = instance.clock()
        with instance.database.writing() as session:
            fail_job(session, leased.id, worker, error.sentence, now, again_at=now + AGAIN)
    return True


def work_until(instance: Instance, stop: threading.Event, *, pause: float = 1.0) -> None:
    """Do what waits, again and again, until `stop` is set: the body of the server's worker."""
    worker = f"worker-{threading.get_ident()}"
    while not stop.is_set():
        try:
            busy = work(instance, worker)
            if not busy:
                look_for_lapsable(instance)
                instance.repository.settle(timeout=0)
        except (DrafterError, OSError) as error:
            logging.getLogger(__name__).warning("%s", error)
            busy = False
        if not busy:
            stop.wait(pause)


def _run(instance: Instance, worker: str, leased: Job) -> None:
    def progress(done: int, total: int, sentence: str) -> None:
        until = instance.clock() + LEASE
        with instance.database.writing() as session:
            percent = 100 * done // max(total, 1)
            note_progress(session, leased.id, worker, percent, sentence, until)

    built = build_missing(instance, OPERATOR, (), progress)
    sentence = f"Built {', '.join(built)}." if built else "Nothing was left to build."
    with instance.database.writing() as session:
        finish_job(session, leased.id, worker, sentence, instance.clock())
