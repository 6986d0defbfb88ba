"""The one place where text becomes markup, and times become words."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import bleach
import flask_babel
from flask import Flask
from markupsafe import Markup, escape

from engage import paths

LONDON = ZoneInfo("Europe/London")
_STRONG = re.compile(r"\*([^*\n]+)\*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*")


def words(text: str) -> Markup:
    """The small markup of scripts: `*strong*`. Everything else is shown as it is."""
    escaped = str(escape(text))
    return _strong(escaped) if "*" in escaped else Markup(escaped)  # noqa: S704


@lru_cache(maxsize=1024)
def _strong(escaped: str) -> Markup:
    """Kept, since scripts say the same things to everybody."""
    marked = _STRONG.sub(r"<strong>\1</strong>", escaped)
    return Markup(bleach.clean(marked, tags={"strong"}, attributes={}))  # noqa: S704


def when(moment: datetime) -> str:
    """A moment as a person at a desk in Scotland says it: Tue 25 Nov, 14:05."""
    local = moment.astimezone(LONDON)
    return str(flask_babel.format_datetime(local, "EEE d MMM, HH:mm", rebase=False))


def inline_css(*names: str) -> Markup:
    """Style sheets as one, without what only people need, to go inside a page."""
    sheets = [(paths.STATIC / "css" / name).read_text("utf-8") for name in names]
    bare = _SPACE.sub(" ", _COMMENT.sub("", "".join(sheets)))
    return Markup(_AROUND.sub(r"\1", bare).strip())  # noqa: S704 - our own files


def configure(app: Flask) -> Markup:
    """Give templates their filters. Returns the style that is inside child pages."""
    young_css = inline_css("tokens.css", "base.css", "young.css")
    app.jinja_env.filters.update(words=words, when=when)
    app.jinja_env.globals.update(young_css=young_css)
    return young_css
