"""The languages that pages and mails can be in: English, and each that there is a catalogue for.

A catalogue is one file of messages, `cy.po`, among the program's own or in the instance's folder
`translations/`. It is read as it is: nothing has to be compiled.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from drafter.core.errors import BadInput, Unreadable
from drafter.core.saying import say

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
    own = Path(str(files("drafter") / FOLDER))
    for place in (own, folder):
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
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Language(code, locale, Translations(compiled))
