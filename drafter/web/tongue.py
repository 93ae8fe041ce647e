"""The language of a page: which one, and how its sentences, dates and numbers are said in it.

The page is in the language chosen by the link in its foot, else the one of those there are that
the browser asks for, else the report's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from datetime import datetime
from typing import Any, Literal, cast

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, Domain
from markupsafe import Markup

from drafter.core.errors import DrafterError
from drafter.core.saying import Sentence, say, say_many, told
from drafter.services.instance import Instance
from drafter.services.languages import (
    ENGLISH,
    FOLDER,
    SOURCE,
    Language,
    read_languages,
    report_language,
)
from drafter.web.current import instance

KEY = "drafter.languages"
COOKIE = "language"
CHOICE = "lang"
LASTS = 365 * 24 * 3600
"""Seconds that a chosen language is remembered."""


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues that the app has read, in place of compiled files."""

    def get_translations(self) -> NullTranslations:
        """Give the catalogue of the language at hand."""
        return language().catalogue


def configure(app: Flask, served: Instance) -> None:
    """Read the catalogues, and let pages speak through them. Raises BadInput, Unreadable."""
    app.extensions[KEY] = read_languages(served.path / FOLDER)
    babel = Babel(app, configure_jinja=False, locale_selector=lambda: language().locale)
    babel.domain_instance = Catalogues()
    app.after_request(_remember)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.finalize = in_words
    env.globals.update(
        _=_in_page, gettext=_in_page, ngettext=_counted_in_page, language=lambda: language().code
    )


def languages() -> Mapping[str, Language]:
    """Give every language that there is a catalogue for, English first."""
    return cast(Mapping[str, Language], current_app.extensions[KEY])


def language() -> Language:
    """Give the language of this page, or of the report outside a request."""
    found = languages()
    if not has_request_context():
        return found[SOURCE]
    if "language" not in g:
        g.language = found[_chosen(found)]
    return cast(Language, g.language)


def _chosen(found: Mapping[str, Language]) -> str:
    for wish in (request.args.get(CHOICE), request.cookies.get(COOKIE)):
        if wish in found:
            return cast(str, wish)
    try:
        usual = report_language(instance(), found).code
    except DrafterError:  # the page that says so is in English
        usual = SOURCE
    offered = [usual, *(code for code in found if code != usual)]
    return request.accept_languages.best_match(offered, default=usual)


def _remember(response: Response) -> Response:
    if len(languages()) > 1:
        response.vary.update(("Accept-Language", "Cookie"))
        if request.args.get(CHOICE) in languages():
            response.set_cookie(
                COOKIE,
                request.args[CHOICE],
                max_age=LASTS,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
    return response


def _catalogue() -> NullTranslations:
    return language().catalogue if has_request_context() else _NONE


_NONE = NullTranslations()


def tell(template: str, /, **data: object) -> str:
    """Say a sentence in the language of the page. Its template must be a literal."""
    return say(template, **data).told(_catalogue())


def tell_many(one: str, many: str, number: int, /, **data: object) -> str:
    """Say a sentence that counts in the language of the page; `{n}` is the number."""
    data.setdefault("n", numeral(number))
    return say_many(one, many, number, **data).told(_catalogue())


def in_words(value: Any) -> Any:
    """Tell a sentence in the language of the page; anything else is given back as it is."""
    return value.told(_catalogue()) if isinstance(value, Sentence) else value


def numeral(number: int) -> str:
    """Write a number as the language of the page does.

    >>> numeral(12345)
    '12,345'
    """
    return str(format_decimal(number, locale=_locale()))


def date(when: Date, length: Literal["long", "full"]) -> str:
    """Write a day as the language of the page does; `full` has the weekday."""
    locale = _locale()
    pattern = "EEEE d MMMM y" if length == "full" and locale == ENGLISH else length
    return str(format_date(when, pattern, locale=locale))


def time(when: datetime) -> str:
    """Write the time of day as the language of the page does; `when` is in the report's zone."""
    return str(format_time(when, "short", tzinfo=when.tzinfo, locale=_locale()))


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence of the page does."""
    return str(format_list(words, locale=_locale())) if words else ""


def _locale() -> Locale:
    return language().locale if has_request_context() else ENGLISH


def _in_page(template: str, /, **data: object) -> Markup:
    """Say a template's sentence: itself markup, as it stands in ours; what is put in is escaped."""
    return _filled(_catalogue().gettext(template), data)


def _counted_in_page(one: str, many: str, num: int, /, **data: object) -> Markup:
    data.setdefault("num", numeral(num))
    return _filled(_catalogue().ngettext(one, many, num), data)


def _filled(template: str, data: Mapping[str, object]) -> Markup:
    said = {name: told(value, _catalogue()) for name, value in data.items()}
    return Markup(template) % said
