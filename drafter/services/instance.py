"""An instance: one folder with a report, its database, its mails and its published pages.

report.git/         the report
drafter.sqlite3     comments, seats, ballots, decisions (unless the settings name a database)
outbox/             mails, where no SMTP server is set
public/             the published site
settings.toml       the operator's, may be left out: base_url, database, [smtp]
translations/       the operator's catalogues of further languages, may be left out
secret-key          for the sessions of the app, readable by the owner only
"""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from drafter.core.clauses import Report
from drafter.core.errors import Corrupt, NotFound, Refused
from drafter.core.frontmatter import Value, load_yaml
from drafter.core.rules import Rules, read_rules
from drafter.core.saying import say
from drafter.people.database import Database, Session
from drafter.people.tokens import new_token
from drafter.services.authority import Actor
from drafter.services.deciding import finish_decisions, finish_unapplied
from drafter.services.noting import finish_notes
from drafter.services.rebuilding import adopt_branches, finish_removals
from drafter.services.refreshing import Compared, refresh
from drafter.services.settings import Settings, read_settings, write_database, write_private
from drafter.services.signing import sign
from drafter.services.standing import require_standing
from drafter.services.starting import first_files
from drafter.services.touching import fill_names
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.reports import read_report
from drafter.store.repository import Repository
from drafter.store.writer import Writer

Clock = Callable[[], datetime]
TokenSource = Callable[[], str]
Fault = Callable[[str], None]

REPORT = "report.git"
DATABASE = "drafter.sqlite3"
SECRET = "secret-key"
SETTINGS = "settings.toml"


class Instance:
    """One open instance. Safe to share between threads, not across a fork.

    `clock` gives the present moment in UTC, to the second; `tokens` draws secrets; `fault` is
    called with the name of each step of a decision, and does nothing outside tests. `base_url` is
    where the app is reached, from the settings; whoever serves elsewhere may set it.
    """

    def __init__(
        self,
        path: Path,
        repository: Repository,
        database: Database,
        settings: Settings,
        *,
        clock: Clock | None = None,
        tokens: TokenSource | None = None,
        fault: Fault | None = None,
    ) -> None:
        self.path = path
        self.repository = repository
        self.database = database
        self.settings = settings
        self.base_url = settings.base_url.rstrip("/")
        self.clock = clock or present
        self.tokens = tokens or new_token
        self.fault = fault or pass_by
        self.compared = Compared()
        self.set_aside: dict[str, str] = {}
        """Branches that could not be read when it was opened, with a sentence each."""

    @classmethod
    def create(
        cls,
        path: Path,
        source: Path | None = None,
        *,
        salt: str = "",
        database: str | None = None,
        clock: Clock | None = None,
        tokens: TokenSource | None = None,
    ) -> Instance:
        """Make an instance from `source` (`mkdocs.yml`, `drafts/`, `site/`); without one, empty.

        Clauses without an id are given one; `salt` makes them other ones than another report's.
        `database` is the URL of one that no report uses yet; without it a file is made. All is
        made beside `path` and renamed, so that a half-made one is never opened. Raises Refused
        where something stands there, NotFound and BadInput for a source without a report.
        """
        path = Path(path).absolute()
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Refused(
                say("Something stands at {path} already; choose another folder.", path=path)
            )
        files = first_files(source, salt)
        if database is not None:
            _require_unused(database)
        making = path.with_name(f".{path.name}.{os.getpid()}.new")
        making.mkdir(parents=True, mode=0o700)
        repository = Repository.create(making / REPORT)
        with repository.writing() as writer:
            message = write_message("first", "First draft")
            first = writer.write_commit(files, None, (), message, (clock or present)())
            writer.move_ref(names.MAIN, None, first)
        _make_secret(making / SECRET)
        for folder in ("outbox", "public"):
            (making / folder).mkdir()
        if database is not None:
            write_database(making / SETTINGS, database)
        opened = Database.open(database or making / DATABASE)
        opened.migrate()
        opened.close()
        making.rename(path)
        return cls.open(path, clock=clock, tokens=tokens)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock | None = None,
        tokens: TokenSource | None = None,
        fault: Fault | None = None,
        finish: bool = True,
    ) -> Instance:
        """Open an instance, and finish what a crash left undone: decisions, admissions.

        Without `finish` it is left as it is, to be looked at. Raises NotFound where there is none,
        Unreadable, BadInput on settings that say nothing.
        """
        path = Path(path).absolute()
        if not (path / REPORT).is_dir():
            raise NotFound(
                say("There is no instance at {path}. Make one with 'drafter init'.", path=path)
            )
        settings = read_settings(path / SETTINGS)
        where = settings.database or path / DATABASE
        database = Database.open(where, must_exist=settings.database is None)
        database.migrate()
        repository = Repository.open(path / REPORT)
        instance = cls(
            path, repository, database, settings, clock=clock, tokens=tokens, fault=fault
        )
        if finish:
            finish_decisions(instance)
            finish_notes(instance)
            adopt_branches(instance)
            finish_removals(instance)
            fill_names(instance)
            refresh(instance)
        return instance

    @property
    def outbox(self) -> Path:
        return self.path / "outbox"

    @property
    def public(self) -> Path:
        return self.path / "public"

    @property
    def secret_key(self) -> bytes:
        """What the app signs its sessions with."""
        return (self.path / SECRET).read_bytes()

    @property
    def sign(self) -> Callable[[bytes], str] | None:
        """Sign a version's tag with the key in the settings; None where they name none."""
        key = self.settings.signing_key
        return functools.partial(sign, self.path / key) if key else None

    def require_key(self) -> None:
        """Try the key, before anything is written that is to be signed. Raises Unreadable."""
        if self.sign is not None:
            self.sign(b"")

    @property
    def tip(self) -> str:
        """Main's commit now. Raises Corrupt where the report has lost it."""
        tip = self.repository.tip(names.MAIN)
        if tip is None:
            raise Corrupt("The report has no main branch. Restore a backup.")
        return tip

    @property
    def report(self) -> Report:
        """The working draft."""
        return read_report(self.repository, self.tip)

    @property
    def config(self) -> Mapping[str, Value]:
        """`mkdocs.yml` at main, read by the safe loader; empty where there is none."""
        return config_at(self.repository, self.tip)

    @property
    def rules(self) -> Rules:
        """The rules in force now."""
        return read_rules(self.config)

    @property
    def numbering(self) -> str:
        """The style of numbers: `extra: drafter: numbering` in `mkdocs.yml`."""
        return numbering_of(self.config)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the writer lock, with what an earlier decision left unapplied finished first.

        Afterwards the motions whose words have moved by what was written are set aside.
        """
        with self.repository.writing() as writer:
            finish_unapplied(self, writer)
            yield writer
            refresh(self)

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Session]:
        """Give a session of the database that writes for `actor`, who still holds what they act as.

        Raises NotAllowed once they do not.
        """
        with self.database.writing() as session:
            require_standing(session, actor)
            yield session

    def close(self) -> None:
        """Close the database, with nothing left in the journal unless somebody else writes."""
        with suppress(OSError):  # then the next start tries again
            self.repository.settle(timeout=0)
        self.database.close()


def present() -> datetime:
    """Tell the time, in UTC and to the second, as git keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


def pass_by(step: str) -> None:
    """Do nothing at a step where a test might stop the process."""


def config_at(repository: Repository, commit: str) -> Mapping[str, Value]:
    """Read `mkdocs.yml` of a commit by the safe loader; empty where there is none."""
    entry = repository.find(commit, names.SITE_CONFIGURATION)
    return {} if entry is None else _parsed(repository.read_entry(entry))


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> Mapping[str, Value]:
    loaded = load_yaml(text, names.SITE_CONFIGURATION)
    return MappingProxyType(loaded) if isinstance(loaded, dict) else {}


def numbering_of(config: Mapping[str, Value]) -> str:
    """Find the style of numbers in a parsed `mkdocs.yml`; `clauses` where it names none."""
    inner: Value = dict(config)
    for key in ("extra", "drafter", "numbering"):
        inner = inner.get(key) if isinstance(inner, dict) else None
    return inner if isinstance(inner, str) else "clauses"


def _make_secret(path: Path) -> None:
    write_private(path, secrets.token_hex(32))


def _require_unused(where: str) -> None:
    database = Database.open(where)
    try:
        if not database.is_unused():
            raise Refused("Another report keeps its data in this database. Make one of its own.")
    finally:
        database.close()
