"""The languages that pages and mails can be in: English, and each that there is a catalogue for.

A catalogue is one file of messages, `cy.po`, among the program's own or in the instance's folder
`translations/`. It is read as it is: nothing has to be compiled.
"""

from __future__ import annotations

import functools
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.plural import to_gettext
from babel.support import NullTranslations, Translations

from drafter.core.errors import BadInput, Unreadable
from drafter.core.saying import Sentence, say

if TYPE_CHECKING:
    from drafter.services.instance import Instance

SOURCE: Final = "en"
"""The language of the program's own sentences."""
ENGLISH: Final = Locale("en", "GB")
"""How dates and numbers stand among them."""
FOLDER: Final = "translations"
"""In the instance's folder: the operator's own catalogues."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that there is a catalogue for."""

    code: str
    """As `cy` or `pt-BR`."""
    locale: Locale
    catalogue: NullTranslations

    @property
    def name(self) -> str:
        """What it calls itself."""
        shown = Locale.parse(self.code, sep="-")
        return shown.get_display_name(shown) or self.code


def read_languages(folder: Path | None) -> Mapping[str, Language]:
    """Read all catalogues; the operator's stand before the program's. Raises BadInput, Unreadable.

    English comes first and needs none.
    """
    found = {SOURCE: Language(SOURCE, ENGLISH, NullTranslations())}
    for place in (_own(), folder):
        if place is not None and place.is_dir():
            for path in sorted(place.glob("*.po")):
                language = _read(path)
                found[language.code] = language
    return found


def report_language(instance: Instance, languages: Mapping[str, Language]) -> Language:
    """Give the language that the report is written in (`theme: language`), English if unknown."""
    theme = instance.config.get("theme")
    named = theme.get("language") if isinstance(theme, Mapping) else None
    return languages.get(str(named), languages[SOURCE])


def in_report_language(instance: Instance, sentence: str) -> str:
    """Say a sentence as mails say it: in the report's language; other text as it is.

    The catalogues are read once a process. Raises BadInput, Unreadable.
    """
    if not isinstance(sentence, Sentence):
        return sentence
    found = report_language(instance, _languages_of(instance.path / FOLDER))
    return sentence.told(found.catalogue)


@functools.cache
def _languages_of(folder: Path) -> Mapping[str, Language]:
    return read_languages(folder)


def new_catalogue(code: str) -> Catalog:
    """Begin a catalogue of a language, with the plural forms that CLDR gives it.

    Babel's own table is older: it has five forms of Welsh, and none of Scottish Gaelic.
    Raises BadInput.
    """
    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise BadInput(say("There is no language {code!r}.", code=code)) from error
    made = Catalog(locale=str(locale), project="Drafter", fuzzy=False)
    made.mime_headers = [("Plural-Forms", to_gettext(locale.plural_form).rstrip(";"))]
    return made


def untranslated(code: str) -> bytes:
    """Give the file of a new catalogue that holds every message. Raises BadInput."""
    made = new_catalogue(code)
    with (_own() / "messages.pot").open("rb") as file:
        for message in read_po(file):
            if message.id:
                made.add(message.id, flags=message.flags)
    written = io.BytesIO()
    write_po(written, made, sort_output=True, width=0)
    return written.getvalue()


def _own() -> Path:
    return Path(str(files("drafter") / FOLDER))


def _read(path: Path) -> Language:
    code = path.stem.replace("_", "-")
    try:
        locale = Locale.parse(code, sep="-")
        with path.open("rb") as file:
            messages = read_po(file, locale=str(locale), abort_invalid=True)
    except (ValueError, UnknownLocaleError, PoFileError) as error:
        raise BadInput(
            say("{path} is not a catalogue of messages: {why}.", path=path, why=error)
        ) from error
    except OSError as error:
        raise Unreadable(
            say("{path} could not be read: {why}.", path=path, why=error.strerror)
        ) from error
    _require_sound(messages, path)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Language(code, locale, Translations(compiled))


_KEPT = re.compile(r"%\(\w+\)s|%%|%|\{[^}]*\}|[{}]|</?\w[^>]*>|[<>\"]")
"""What stands in a translation as often as in the message: places of data, tags, quotes, and signs
that begin a place: one too many would fail where the sentence is said."""


def _require_sound(messages: Catalog, path: Path) -> None:
    """Refuse a translation that lacks a place of its message, or brings another or a tag in."""
    for message in messages:
        ours = message.id if isinstance(message.id, tuple | list) else (message.id,)
        theirs = message.string if isinstance(message.string, tuple | list) else (message.string,)
        allowed = [Counter(_KEPT.findall(one)) for one in ours]
        # A form for one thing alone may say so in words, and any form may count in digits.
        fits = _fits if message.pluralizable else Counter.__eq__
        for said in theirs if message.id else ():
            if said and not any(fits(Counter(_KEPT.findall(said)), one) for one in allowed):
                raise BadInput(
                    say(
                        "{path}: the translation of “{message}” must hold the same places in "
                        "braces or percent signs, and the same tags.",
                        path=path,
                        message=ours[0],
                    ),
                    path=str(path),
                )


_NUMBERS = ("{n}", "%(num)s")


def _fits(said: Counter[str], allowed: Counter[str]) -> bool:
    for number in _NUMBERS:
        said.pop(number, None)
        allowed = Counter({key: count for key, count in allowed.items() if key != number})
    return said == allowed
