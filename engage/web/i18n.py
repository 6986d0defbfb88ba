"""Translations, read straight from the .po files, so nothing is compiled."""

import io
from functools import cached_property
from pathlib import Path

import flask_babel
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g
from markupsafe import Markup

from engage import paths

DEFAULT = "en_GB"


class Babel(flask_babel.Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> "PoDomain":
        return PoDomain()


class PoDomain(flask_babel.Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        # By the locale itself: to spell its name for every message takes longer.
        locale = flask_babel.get_locale()
        if locale not in self.cache:
            self.cache[locale] = self._read(str(locale or DEFAULT))
        return self.cache[locale]  # type: ignore[no-any-return]

    def _read(self, locale: str) -> NullTranslations:
        folder = Path(self.translation_directories[0], locale, "LC_MESSAGES")
        po = folder / "messages.po"
        return _read(po) if po.exists() else NullTranslations()


def configure(app: Flask) -> None:
    default = Locale.parse(DEFAULT)
    Babel(
        app,
        # Parsed once: it looks for a file each time.
        locale_selector=lambda: default,
        default_locale=DEFAULT,
        default_timezone="Europe/London",
        default_translation_directories=str(paths.TRANSLATIONS),
    )
    app.jinja_env.globals.update({"gettext": _in_page, "_": _in_page})


def catalogue() -> NullTranslations:
    """The messages of whoever asks. Looked up once a request."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_domain().get_translations()
    return found


def _in_page(message: str, **values: object) -> Markup:
    """As Jinja's own does it, but without asking for the language each time."""
    said = Markup(catalogue().ugettext(message))  # noqa: S704 - translators' words
    return said % values if values else said


def _read(po: Path) -> Translations:
    """One catalogue. A thousand messages take about 20 ms, once per process."""
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(po.read_bytes())))
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: object) -> str:
    """Words in the reader's language, as Flask-Babel's own; see `catalogue`."""
    said: str = catalogue().ugettext(message)
    return said % values if values else said
