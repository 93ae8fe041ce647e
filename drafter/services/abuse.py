"""Limits against abuse: how much may come from one network, to one address, for one person.

Each limit has two steps. Past the first a comment is not refused: it waits for the clerk, since a
school, a library or a day on the news looks like a flood and is not one. Past the second the answer
is "later". What is counted is kept in the database, so it holds for every process and after a
restart; networks and addresses are kept as hashes with a key of the day, and are forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from drafter.core.errors import TooMany
from drafter.core.saying import say
from drafter.people import buckets

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many at once, and so many again in each such time."""

    most: int
    again: timedelta
    """How long an empty one takes to be full."""

    @property
    def per_second(self) -> float:
        return self.most / self.again.total_seconds()


@dataclass(frozen=True, slots=True)
class Limit:
    """Two steps: past `hold` what comes in waits for a person; past `refuse` it comes later."""

    refuse: Bucket
    hold: Bucket | None = None


LIMITS: Final[Mapping[str, Limit]] = MappingProxyType(
    {
        "comment": Limit(refuse=Bucket(600, HOUR), hold=Bucket(20, HOUR)),
        "preview": Limit(refuse=Bucket(600, HOUR)),
        "confirm": Limit(refuse=Bucket(300, HOUR)),
        "sign-in": Limit(refuse=Bucket(60, HOUR)),
        "sign-in mail": Limit(refuse=Bucket(4, HOUR)),
        "second factor": Limit(refuse=Bucket(8, timedelta(minutes=20))),
    }
)
"""For each kind, how many. "comment", "preview", "confirm" and "sign-in" are counted for each
network; "sign-in mail" for each address; "second factor" for each person. The other mails that
strangers can ask for have a budget for each address and day (`links.may_mail`).
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may come in, and whether a person looks at it first."""

    allowed: bool
    hold: bool = False
    """It comes in, and waits for the clerk."""
    retry_after: int = 0
    """Seconds, where it is not allowed."""


def check(instance: Instance, kind: str, key: str) -> Verdict:
    """Count one more of a kind for a key (of `network_key`, `address_key`), on its own."""
    with instance.database.passing() as session:
        return count(session, instance, kind, key)


def count(session: Session, instance: Instance, kind: str, key: str) -> Verdict:
    """Count one more of a kind, in the session of what it lets in."""
    now, limit = instance.clock(), LIMITS[kind]
    buckets.forget(session, now)
    lacking = _take(session, instance, kind, key, limit.refuse)
    if lacking > 0:
        return Verdict(False, retry_after=lacking)
    if limit.hold is None:
        return Verdict(True)
    return Verdict(True, hold=_take(session, instance, f"{kind}, held", key, limit.hold) > 0)


def require_few(instance: Instance, kind: str, key: str) -> Verdict:
    """Count one more of a kind. Raises TooMany with the seconds to wait."""
    verdict = check(instance, kind, key)
    if not verdict.allowed:
        raise too_many(verdict)
    return verdict


def too_many(verdict: Verdict) -> TooMany:
    """Give the error for a verdict that does not allow it."""
    minutes = math.ceil(verdict.retry_after / 60)
    wait = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return TooMany(
        say(
            "More has come from here than people usually send. Nothing of it is lost; wait {wait}, "
            "then send this once more.",
            wait=wait,
        ),
        retry_after=verdict.retry_after,
    )


def network_key(instance: Instance, address: str | None) -> str:
    """Hash the network of an address (IPv4: itself; IPv6: the first 64 bits) with today's key.

    What is no address counts as one network.
    """
    return _keyed(instance, "network", _network(address or ""))


def address_key(instance: Instance, email: str) -> str:
    """Hash an e-mail address with today's key."""
    return _keyed(instance, "address", email.strip().casefold())


def person_key(instance: Instance, person: str) -> str:
    """Hash a person's id with today's key."""
    return _keyed(instance, "person", person)


def _network(address: str) -> str:
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Address(int(found) >> 64 << 64))


def _keyed(instance: Instance, what: str, value: str) -> str:
    day = instance.clock().date().isoformat()
    message = f"abuse\n{day}\n{what}\n{value}".encode("utf-8", "surrogatepass")
    return hmac.new(instance.secret_key, message, hashlib.sha256).hexdigest()


def _take(session: Session, instance: Instance, kind: str, key: str, bucket: Bucket) -> int:
    """Take one; return the seconds until there is one to take, 0 where there was."""
    left = buckets.take(
        session,
        kind,
        key,
        most=bucket.most,
        per_second=bucket.per_second,
        now=instance.clock(),
    )
    return 0 if left >= 0 else max(1, math.ceil(-left / bucket.per_second))
