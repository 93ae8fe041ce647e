"""Limits: a flood is told to wait, many people are not, and nobody's address is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from drafter.people.tables import BucketRow
from drafter.services import abuse
from drafter.services.abuse import LIMITS, Verdict, check, network_key
from drafter.services.instance import Instance

from .people import Clock
from .reports import make_instance


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def instance(tmp_path: Path, source: Path, clock: Clock) -> Iterator[Instance]:
    made = make_instance(tmp_path / "instance", source, clock=clock)
    yield made
    made.close()


def test_past_the_first_step_comments_wait_for_the_clerk_and_are_not_refused(
    instance: Instance,
) -> None:
    key = network_key(instance, "192.0.2.7")
    limit = LIMITS["comment"]
    assert limit.hold is not None
    verdicts = [check(instance, "comment", key) for _ in range(limit.hold.most + 40)]
    assert all(verdict.allowed for verdict in verdicts)
    held = [verdict.hold for verdict in verdicts]
    assert held == [False] * limit.hold.most + [True] * 40


def test_past_the_second_step_the_answer_is_later_and_after_that_time_yes(
    instance: Instance, clock: Clock
) -> None:
    key = network_key(instance, "192.0.2.7")
    for _ in range(LIMITS["confirm"].refuse.most):
        assert check(instance, "confirm", key).allowed
    refused = check(instance, "confirm", key)
    assert not refused.allowed
    assert refused.retry_after == 12
    clock.pass_time(seconds=11)
    assert not check(instance, "confirm", key).allowed
    clock.pass_time(seconds=1)
    assert check(instance, "confirm", key) == Verdict(True)


def test_a_surge_of_people_is_no_attack(instance: Instance) -> None:
    keys = [network_key(instance, f"198.51.100.{number}") for number in range(200)]
    assert all(check(instance, "comment", key) == Verdict(True) for key in keys)


def test_what_is_counted_outlasts_a_restart(instance: Instance, clock: Clock) -> None:
    key = network_key(instance, "192.0.2.7")
    for _ in range(LIMITS["sign-in"].refuse.most):
        check(instance, "sign-in", key)
    again = Instance.open(instance.path, clock=clock)
    try:
        assert not check(again, "sign-in", network_key(again, "192.0.2.7")).allowed
    finally:
        again.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        (None, "no address", True),
    ],
)
def test_a_network_is_one_address_or_sixty_four_bits(
    instance: Instance, one: str | None, other: str, same: bool
) -> None:
    assert (network_key(instance, one) == network_key(instance, other)) is same


def test_keys_are_of_the_day_and_of_the_instance_and_say_nothing(
    instance: Instance, clock: Clock
) -> None:
    first = network_key(instance, "192.0.2.7")
    assert first != abuse.address_key(instance, "192.0.2.7")
    clock.pass_time(days=1)
    second = network_key(instance, "192.0.2.7")
    (instance.path / "secret-key").write_bytes(b"another")
    assert len({first, second, network_key(instance, "192.0.2.7")}) == 3
    check(instance, "comment", second)
    with instance.database.reading() as session:
        kept = session.execute(select(BucketRow.kind, BucketRow.key)).all()
    assert "192.0.2" not in str(kept)


def test_the_sentence_says_how_long(instance: Instance) -> None:
    assert "wait a minute," in abuse.too_many(Verdict(False, retry_after=30)).sentence
    error = abuse.too_many(Verdict(False, retry_after=300))
    assert "wait 5 minutes," in error.sentence
    assert error.data == {"retry_after": 300}
