"""A real instance for each test, the app on it, and a browser's part of a conversation with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from drafter.services import admitting, amending, commenting, signing_in, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.web.app import create_app
from tests.postgres import Server

from .programs import Program, token_of
from .visitor import CLAUSE, Clock, Visitor

CHAPTER = """\
# Voting {: #c-aaaaaa }

## Who may vote {: #c-7k3m9q }

Every citizen aged eighteen or over may vote in every election.
{: #c-4d8x2n origin="leeds-2018/4" }

1. The register is kept by an independent office. {: #c-9w2t5v }
2. Anyone may look up their own entry. {: #c-9w2t5w }
"""

SETTINGS = """\
site_name: A Citizens’ Constitution
copyright: An example report.
docs_dir: drafts
extra:
  drafter:
    numbering: decimal
    rules: {quorum: 1/2, quorum_floor: 2, majority: simple, clerk_may_publish_own: true}
"""


@dataclass(frozen=True, slots=True)
class Template:
    """An instance with three seats to be copied, and the database that belongs to it."""

    path: Path
    database: str | None


ONE_FACTOR = "[sign_in]\nsecond_factor = false\n"
"""Most tests are about something else; `test_second_factor` has it as it is usually."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An instance on SQLite, made once; every test works on its own copy."""
    return _make_template(tmp_path_factory, None)


@pytest.fixture(scope="session")
def template_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres: Server, migrated: str
) -> Template:
    """The same on PostgreSQL."""
    return _make_template(tmp_path_factory, postgres.make(migrated))


def _make_template(folders: pytest.TempPathFactory, database: str | None) -> Template:
    source = folders.mktemp("source")
    (source / "drafts").mkdir()
    (source / "drafts" / "01-voting.md").write_text(CHAPTER, encoding="utf-8")
    (source / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    path = folders.mktemp("made") / "instance"
    made = Instance.create(path, source, clock=Clock(), database=database)
    signing_in.add_seats(made, OPERATOR, 3)
    made.close()
    (path / "settings.toml").write_text(ONE_FACTOR, encoding="utf-8")
    return Template(path, database)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def instance(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, database_kind: str
) -> Iterator[Instance]:
    path = tmp_path / "instance"
    if database_kind == "sqlite":
        shutil.copytree(request.getfixturevalue("template").path, path)
        with closing(Instance.open(path, clock=clock)) as opened:
            yield opened
        return
    server: Server = request.getfixturevalue("postgres")
    template: Template = request.getfixturevalue("template_on_postgresql")
    shutil.copytree(template.path, path)
    url = server.make(template.database)
    (path / "settings.toml").write_text(f'database = "{url}"\n{ONE_FACTOR}', encoding="utf-8")
    with closing(Instance.open(path, clock=clock)) as opened:
        yield opened
    server.drop(url)


@pytest.fixture
def app(instance: Instance) -> Flask:
    return create_app(instance)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def signed_in(app: Flask, instance: Instance) -> Callable[[Actor], Visitor]:
    """Sign somebody in by a fresh link, as they would do it."""

    def sign_in(who: Actor) -> Visitor:
        visitor = Visitor(app.test_client())
        link = urlsplit(signing_in.mint_link(instance, OPERATOR, who)).path
        visitor.get(link)
        assert visitor.send(link).status_code == 303
        return visitor

    return sign_in


@pytest.fixture
def clerk(signed_in: Callable[[Actor], Visitor]) -> Visitor:
    return signed_in(CLERK_ACTOR)


@pytest.fixture
def seat(signed_in: Callable[[Actor], Visitor]) -> Visitor:
    return signed_in(Actor("seat", 1))


@pytest.fixture
def program(app: Flask) -> Program:
    """A program without a token."""
    return Program(app)


@pytest.fixture
def seat_program(app: Flask, instance: Instance) -> Program:
    return Program(app, token_of(instance, Actor("seat", 1)))


@pytest.fixture
def clerk_program(app: Flask, instance: Instance) -> Program:
    return Program(app, token_of(instance, CLERK_ACTOR))


@pytest.fixture
def suggested(instance: Instance) -> int:
    """A confirmed suggestion of other words for the clause; returns its number."""
    wording = "Every citizen aged sixteen or over may vote in every election."
    sent = commenting.comment(instance, CLAUSE, "They pay taxes too.", wording, "ada@e.org")  # type: ignore[arg-type]
    assert sent.confirm_token is not None
    return commenting.confirm(instance, sent.confirm_token).number


@pytest.fixture
def admitted(instance: Instance, suggested: int) -> int:
    """An open amendment; returns its number."""
    admitting.show(instance, CLERK_ACTOR, suggested)
    return admitting.admit(instance, CLERK_ACTOR, (suggested,), "Let people vote at sixteen")


@pytest.fixture
def put(instance: Instance, admitted: int) -> int:
    """An amendment that the panel votes on; returns its number."""
    amending.put(instance, CLERK_ACTOR, admitted)
    return admitted


@pytest.fixture
def closed(instance: Instance, put: int) -> int:
    """An amendment with a closed vote that carries it; returns its number."""
    view = amending.view_amendment(instance, put)
    assert view.motion is not None
    for number in (1, 2):
        voting.cast(instance, Actor("seat", number), put, "for", view.motion.motion.ballot_hash)
    voting.close(instance, CLERK_ACTOR, put)
    return put
