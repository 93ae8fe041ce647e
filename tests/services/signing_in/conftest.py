"""An instance where Ada holds seat 2 and Ben is the clerk, and each signed in by a mailed link."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.services import seating, signing_in
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA, BEN, Clock, link_in, mails_to
from tests.services.reports import make_instance, write_source


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance where Ada holds seat 2 and Ben is the clerk; each test has its own copy."""
    folder = tmp_path_factory.mktemp("made")
    made = make_instance(folder / "instance", write_source(folder / "source"), clock=Clock())
    seating.seat_person(made, OPERATOR, 2, ADA)
    seating.add_clerk(made, OPERATOR, BEN)
    made.close()
    return made.path


@pytest.fixture
def instance(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Instance]:
    shutil.copytree(template, tmp_path / "instance")
    opened = Instance.open(tmp_path / "instance", clock=clock)
    opened.base_url = "http://localhost:8000"
    yield opened
    opened.close()


@pytest.fixture
def ada(instance: Instance) -> SignedIn:
    return signing_in.redeem(instance, link_in(mails_to(instance, ADA)[0]))


@pytest.fixture
def ben(instance: Instance) -> SignedIn:
    """The clerk, by the mailed link alone."""
    return signing_in.redeem(instance, link_in(mails_to(instance, BEN)[0]))
