"""What the operator may set for one instance, in its `settings.toml`. Knows no default server.

base_url = "https://take-part.example.org"
database = "postgresql+psycopg://…"        # only where it is not the instance's own file
proxies = 1                                # web servers in front of this one
signing_key = "/etc/drafter/report-key"    # signs each version

[sign_in]
second_factor = true                       # clerks and administrators need one
contact = "office@example.org"             # whom to write to when somebody else signs in as you

[smtp]
host = "mail.example.org"
port = 587
sender = "report@example.org"
starttls = true
username = "report"
password = "…"
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from drafter.core.errors import BadInput, Unreadable
from drafter.core.saying import say


@dataclass(frozen=True, slots=True, repr=False)
class Smtp:
    """Where mail leaves. It has no readable form, so that no log can quote the password."""

    host: str = ""
    port: int = 25
    sender: str = "drafter@localhost"
    starttls: bool = False
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people prove who they are."""

    second_factor: bool = True
    """Clerks and administrators give a second factor. Only an example goes without."""
    contact: str = ""
    """Whom somebody writes to who cannot sign in, or whose address another one has changed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `settings.toml` says."""

    base_url: str = "http://127.0.0.1:8000"
    database: str | None = None
    """A database's address, where it is not the file in the instance's folder."""
    proxies: int = 0
    """How many proxies stand in front, whose word about a visitor's address is believed."""
    smtp: Smtp | None = None
    sign_in: SignIn = SignIn()
    signing_key: str | None = None
    """The file of the private SSH key that signs each version; None signs none."""


def read_settings(path: Path) -> Settings:
    """Read the settings; a file that is not there sets nothing. Raises BadInput, Unreadable."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            say("{path} could not be read: {why}.", path=path, why=error), path=str(path)
        ) from error
    except OSError as error:
        raise Unreadable(
            say("{path} could not be read: {why}.", path=path, why=error.strerror), path=str(path)
        ) from error
    smtp, sign_in = (_table(given, name, path) for name in ("smtp", "sign_in"))
    if smtp is not None and not smtp.get("host"):
        raise BadInput(say("{path}: [smtp] needs a host.", path=path), path=str(path))
    settings: Settings = _filled(Settings, given, path)
    return replace(
        settings,
        smtp=None if smtp is None else _filled(Smtp, smtp, path),
        sign_in=_filled(SignIn, sign_in or {}, path),
    )


def _table(given: dict[str, Any], name: str, path: Path) -> dict[str, Any] | None:
    table = given.pop(name, None)
    if table is not None and not isinstance(table, dict):
        raise BadInput(
            say("{path}: [{name}] is a group of settings.", path=path, name=name), path=str(path)
        )
    return table


def write_database(path: Path, database: str) -> None:
    """Begin the settings of a new instance that keeps its data elsewhere than in its folder."""
    quoted = json.dumps(database, ensure_ascii=False)  # a JSON string is a basic string of TOML
    write_private(path, f"database = {quoted}\n")


def write_private(path: Path, text: str) -> None:
    """Write a new file that its owner alone can read, durably."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _filled(kind: Any, given: Mapping[str, Any], path: Path) -> Any:
    usual = kind()
    known = {field.name: getattr(usual, field.name) for field in fields(kind)}
    for key, value in given.items():
        if key not in known:
            raise BadInput(
                say("{path}: there is no setting {key!r}.", path=path, key=key), path=str(path)
            )
        wanted = str if known[key] is None else type(known[key])
        if value is not None and type(value) is not wanted:
            raise BadInput(
                say("{path}: {key} must be a {name}.", path=path, key=key, name=wanted.__name__),
                path=str(path),
            )
    return kind(**given)
